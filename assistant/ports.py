"""The Protocols that the pipeline needs; `build.py` puts the real parts behind them.

Each port has a real implementation and a test double that ships with the package.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Protocol

from assistant.answer import Draft, Result, SafeQuery, Usage
from catalogue.access import Grant
from catalogue.catalogue import Catalogue
from catalogue.model import Hit, MetricQuery

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


class Guard(Protocol):
    """Turns SQL into a SafeQuery under a grant."""

    def __call__(
        self, sql: str, *, catalogue: Catalogue, grant: Grant, row_limit: int
    ) -> SafeQuery:
        """Check and rewrite, or raise QueryRejected."""
        ...


class Probe(Protocol):
    """Guard under the asker's grant, then engine: the only way for checks to read data."""

    def __call__(self, sql: str) -> Result: ...


class Search(Protocol):
    """Finds things in the catalogue."""

    def search(self, question: str, *, k: int, grant: Grant) -> list[Hit]: ...


class MetricCompiler(Protocol):
    """Compiles queries of the semantic layer to SQL."""

    def compile(self, query: MetricQuery) -> str:
        """Return SQL, or raise BadMetricQuery."""
        ...


class Drafter(Protocol):
    """Makes a draft of a question."""

    def draft(
        self,
        question: str,
        *,
        grant: Grant,
        hits: Sequence[Hit],
        stop: Stop = never_stops,
    ) -> Draft: ...
