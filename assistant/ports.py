"""The Protocols that the pipeline needs; `build.py` puts the real parts behind them.

Each port has a real implementation and a test double that ships with the package.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Protocol

from assistant.answer import Result, SafeQuery, Usage
from catalogue.access import Grant
from catalogue.model import Hit

Stop = Callable[[], bool]
"""Returns True once the asker has stopped the question; polled by whatever takes long."""


def never_stops() -> bool:
    """The Stop of a question that nobody can stop."""
    return False


@dataclass(frozen=True, kw_only=True)
class Message:
    """One message of a prompt."""

    role: str
    """`system`, `user` or `assistant`."""
    content: str


@dataclass(frozen=True, kw_only=True)
class Reply:
    """A structured reply of a chat model, as JSON text that fits the schema asked for."""

    content: str
    usage: Usage


class ChatModel(Protocol):
    """Anything that answers messages with JSON of a given schema."""

    @property
    def name(self) -> str: ...

    def reply(
        self,
        messages: Sequence[Message],
        schema: dict[str, object],
        *,
        stop: Stop = never_stops,
    ) -> Reply:
        """Answer, or raise a ModelError."""
        ...


class Engine(Protocol):
    """Runs checked queries, and nothing else."""

    def run(self, query: SafeQuery, *, stop: Stop = never_stops) -> Result:
        """Run, or raise QueryFailed, LimitHit or Cancelled."""
        ...

    def close(self) -> None: ...


class Search(Protocol):
    """Finds things in the catalogue."""

    def search(self, question: str, *, k: int, grant: Grant) -> list[Hit]: ...
