"""Steps of long work on stderr: one line that is replaced on a terminal, plain lines elsewhere."""

import sys
from collections.abc import Callable, Generator, Iterator
from contextlib import closing, contextmanager
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from assistant.answer import Answer, Event

_STEPS = {
    "search": "Looking through the catalogue",
    "draft": "Working out what is asked",
    "guard": "Checking the query",
    "run": "Running the query",
    "verify": "Checking the result",
    "answer": "Writing it down",
}


@contextmanager
def steps(first: str) -> Iterator[Callable[[str], None]]:
    """Yield what to call with each step."""
    if not sys.stderr.isatty():
        _line(first)
        yield _line
        return
    from rich.console import Console

    with Console(stderr=True).status(first) as status:
        yield lambda step: status.update(step.replace("[", "\\["))


def _line(step: str) -> None:
    print(step, file=sys.stderr, flush=True)


def answer_with_steps(events: "Generator[Event, None, None]") -> "Answer":
    """Show each step while it runs and return the answer that the last event carries."""
    answer: Answer | None = None
    with steps(_STEPS["search"]) as show, closing(events) as stream:
        for event in stream:
            if event.status != "finished":
                show(event.detail or _STEPS.get(event.stage, event.stage))
            answer = event.answer or answer
    if answer is None:
        raise RuntimeError("the stream ended without an answer")
    return answer
