"""What became of one case: the question, all that came back, and the verdict.

A record holds all that is needed to judge it again, and survives a round trip through JSON lines.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, dataclass, field, fields
from typing import Any, Literal, NamedTuple, get_args

from assistant.answer import Usage
from evals.rows import Rows

RECORD_VERSION = 1

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
GOOD: tuple[Outcome, ...] = ("right", "refused rightly", "clarified rightly")
"""As the case wants it."""
DANGEROUS: tuple[Outcome, ...] = ("wrong", "error")
"""What must never happen; a refusal too many is a pity, a wrong number is a lie."""


@dataclass(frozen=True, kw_only=True)
class Score:
    """One figure of one record; None with a reason where it cannot be computed, never 0."""

    name: str
    value: float | bool | None
    reason: str = ""
    evidence: Mapping[str, Any] = field(default_factory=dict)
    """JSON types."""


@dataclass(frozen=True, kw_only=True)
class Expected:
    """What a right answer is, as the suite has it."""

    expect: tuple[str, ...]
    sql: tuple[str, ...] = ()
    metric_query: dict[str, Any] | None = None
    tables: tuple[str, ...] = ()
    columns: tuple[str, ...] = ()
    """`schema.table.column`."""
    order_matters: bool = False
    extra_columns: bool = True
    tolerance: float | None = None
    """Relative, between measured numbers; None means the judge's own."""


@dataclass(frozen=True, kw_only=True)
class Found:
    """One hit of the catalogue's search, best first."""

    kind: str
    name: str
    score: float


@dataclass(frozen=True, kw_only=True)
class Failure:
    """What broke, or what the guard rejected."""

    type: str
    message: str
    rule: str | None = None
    """The guard's rule, for a rejection."""


@dataclass(frozen=True, kw_only=True)
class Marks:
    """What order and limit of one gold leave open; see `evals.score.marked`."""

    ranks: tuple[int, ...] | None = None
    pool: Rows | None = None
    pool_ranks: tuple[int, ...] = ()

    @classmethod
    def from_dict(cls, written: Mapping[str, Any]) -> "Marks":
        """Read what `dataclasses.asdict` wrote, by way of JSON."""
        ranks = written["ranks"]
        return cls(
            ranks=None if ranks is None else tuple(ranks),
            pool=_rows(written["pool"]),
            pool_ranks=tuple(written["pool_ranks"]),
        )


class Key(NamedTuple):
    """What a run asks once."""

    suite: str
    configuration: str
    case: str
    repeat: int


@dataclass(frozen=True, kw_only=True)
class Record:
    """One case, asked once and judged."""

    case: str
    question: str
    """The last one, where the case is a conversation."""
    tags: tuple[str, ...]
    expect: tuple[str, ...]
    outcome: Outcome
    why: str
    kind: str | None = None
    """What the assistant gave; None where it broke."""
    text: str = ""
    sql: str | None = None
    answer: Rows | None = None
    golds: tuple[Rows, ...] = ()
    marks: tuple[Marks, ...] = ()
    """One for each of `golds`."""
    ms: float = 0.0
    """Wall clock of the question."""
    suite: str = ""
    configuration: str = "default"
    repeat: int = 0
    """0 for the first time a case is asked."""
    earlier: tuple[str, ...] = ()
    """Questions of the conversation before this one."""
    user: str | None = None
    role: str | None = None
    expected: Expected | None = None
    metric_query: dict[str, Any] | None = None
    tables: tuple[str, ...] = ()
    """Base tables behind the answer."""
    hits: tuple[Found, ...] | None = None
    """What search finds for the question; None where it was not asked."""
    receipt: dict[str, Any] | None = None
    usage: Usage = field(default_factory=Usage)
    stage_ms: dict[str, float] = field(default_factory=dict)
    error: Failure | None = None
    asked_at: str = ""
    """ISO 8601, UTC."""
    scores: tuple[Score, ...] = ()
    version: int = RECORD_VERSION

    @property
    def key(self) -> Key:
        return Key(self.suite, self.configuration, self.case, self.repeat)

    @property
    def full_case(self) -> str:
        """What tells a case apart within a run: suites may use the same ids."""
        return f"{self.suite}/{self.case}" if self.suite else self.case

    def to_dict(self) -> dict[str, Any]:
        """Return JSON types."""
        return asdict(self)

    @classmethod
    def from_dict(cls, written: Mapping[str, Any]) -> "Record":
        """Read what `to_dict` wrote, by way of JSON; raise ValueError for another version."""
        if written.get("version") != RECORD_VERSION:
            raise ValueError(
                f"a record of version {written.get('version')!r}; this reads {RECORD_VERSION}"
            )
        if odd := set(written) - {each.name for each in fields(cls)}:
            raise ValueError(f"{min(odd)!r} is no field of a record")
        try:
            return cls(**{name: _READ.get(name, _same)(value) for name, value in written.items()})
        except (KeyError, TypeError, AttributeError) as error:
            raise ValueError(f"not a record: {error}") from error


def _same(value: Any) -> Any:
    return value


def _rows(value: Any) -> Rows | None:
    return None if value is None else Rows.from_dict(value)


def _expected(value: Any) -> Expected | None:
    if value is None:
        return None
    lists = {"expect", "sql", "tables", "columns"}
    read: dict[str, Any] = {key: tuple(v) if key in lists else v for key, v in value.items()}
    return Expected(**read)


_READ: dict[str, Callable[[Any], Any]] = {
    "tags": tuple,
    "expect": tuple,
    "earlier": tuple,
    "tables": tuple,
    "answer": _rows,
    "golds": lambda value: tuple(Rows.from_dict(each) for each in value),
    "marks": lambda value: tuple(Marks.from_dict(each) for each in value),
    "expected": _expected,
    "hits": lambda value: None if value is None else tuple(Found(**each) for each in value),
    "usage": lambda value: Usage(**value),
    "error": lambda value: None if value is None else Failure(**value),
    "scores": lambda value: tuple(Score(**each) for each in value),
}


def count_outcomes(records: Sequence[Record]) -> dict[Outcome, int]:
    """Return how often each outcome happened, all of them listed."""
    found = [record.outcome for record in records]
    return {outcome: found.count(outcome) for outcome in OUTCOMES}
