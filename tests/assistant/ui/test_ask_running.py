"""Questions under way: one of a conversation at a time, stopped for real, read from the journal."""

import threading
import time
from collections.abc import Iterator

import pytest

from assistant.answer import Answer, Event, Receipt
from assistant.conversations import PastQuestion
from assistant.errors import ModelUnreachable
from assistant.ui.conversation import conversation_of
from assistant.ui.running import Busy, Desk, Running

KEY = ("anna", "analyst", "c")
ANSWER = Answer(question="q", kind="metric", text="t", receipt=Receipt(id="r"), conversation="c")


class Streamed:
    """A stream that goes on until it is closed."""

    def __init__(self) -> None:
        self.closed = threading.Event()

    def __call__(self) -> Iterator[Event]:
        try:
            while True:
                yield Event(stage="run", status="progress", detail="Running the query")
                time.sleep(0.01)
        finally:
            self.closed.set()


def answers() -> Iterator[Event]:
    yield Event(stage="answer", status="finished", answer=ANSWER)


def test_an_answer_ends_the_question() -> None:
    running = Desk().begin(KEY, "q", answers)
    assert running.wait(5)
    assert running.outcome == "answered"


def test_stopping_closes_the_stream() -> None:
    stream = Streamed()
    running = Desk().begin(KEY, "q", stream)
    assert not running.wait(0.1)
    assert running.step == "Running the query"
    running.stop()
    assert running.wait(5)
    assert stream.closed.is_set()
    assert running.outcome == "stopped"


def test_a_second_question_of_the_conversation_is_refused_others_are_not() -> None:
    desk = Desk()
    running = desk.begin(KEY, "q", Streamed())
    with pytest.raises(Busy):
        desk.begin(KEY, "another", answers)
    assert desk.begin(("omar", "analyst", "c"), "q", answers).wait(5)
    running.stop()
    assert running.wait(5)
    assert desk.begin(KEY, "another", answers).wait(5)


@pytest.mark.parametrize(
    ("error", "said"),
    [
        (ModelUnreachable("No answer within 30 s."), "No answer within 30 s."),
        (ValueError("secret"), "Something broke here"),
    ],
)
def test_what_breaks_is_told_without_its_inside(error: Exception, said: str) -> None:
    def breaks() -> Iterator[Event]:
        yield Event(stage="draft", status="started")
        raise error

    running = Desk().begin(KEY, "q", breaks)
    assert running.wait(5)
    assert running.outcome == "failed"
    assert running.error.startswith(said)
    assert "secret" not in running.error


def _past(question: str, outcome: str) -> PastQuestion:
    return PastQuestion(id=question, question=question, outcome=outcome)  # type: ignore[arg-type]


def test_an_open_question_of_this_process_is_running_not_interrupted() -> None:
    running = Running(question="b")
    seen = conversation_of("c", [_past("a", "answered"), _past("b", "interrupted")], running)
    assert [turn.state for turn in seen.turns] == ["answered", "running"]
    assert seen.running is running


def test_an_open_question_of_an_ended_process_is_interrupted() -> None:
    seen = conversation_of("c", [_past("b", "interrupted")], None)
    assert [turn.state for turn in seen.turns] == ["interrupted"]


def test_a_question_shows_before_the_journal_has_it() -> None:
    seen = conversation_of("c", [_past("b", "stopped")], Running(question="b"))
    assert [turn.state for turn in seen.turns] == ["stopped", "running"]


def test_a_stop_is_known_before_the_journal_has_it() -> None:
    running = Running(question="b", is_stopping=True)
    running.follow(Streamed())
    seen = conversation_of("c", [_past("b", "interrupted")], running)
    assert [turn.state for turn in seen.turns] == ["stopped"]
    assert seen.running is None
