"""What became of one case: an outcome and the evidence to judge it again."""

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from typing import Any, Literal, get_args

Outcome = Literal[
    "right",
    "wrong",
    "refused rightly",
    "refused wrongly",
    "clarified rightly",
    "clarified wrongly",
    "error",
]
OUTCOMES: tuple[Outcome, ...] = get_args(Outcome)
DANGEROUS: tuple[Outcome, ...] = ("wrong", "error")
"""What must never happen; a refusal too many is a pity, a wrong number is a lie."""


@dataclass(frozen=True, kw_only=True)
class Preview:
    """The first rows of a result, as text."""

    columns: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    row_count: int


@dataclass(frozen=True, kw_only=True)
class Record:
    """One case, asked and judged."""

    case: str
    question: str
    tags: tuple[str, ...]
    expect: tuple[str, ...]
    outcome: Outcome
    why: str
    kind: str | None = None
    """What the assistant gave; None where it broke."""
    text: str = ""
    sql: str | None = None
    answer: Preview | None = None
    golds: tuple[Preview, ...] = ()
    ms: float = 0.0
    """Wall clock of the question."""

    def to_dict(self) -> dict[str, Any]:
        """Return JSON types."""
        return asdict(self)


def count_outcomes(records: Sequence[Record]) -> dict[Outcome, int]:
    """Return how often each outcome happened, all of them listed."""
    found = [record.outcome for record in records]
    return {outcome: found.count(outcome) for outcome in OUTCOMES}
