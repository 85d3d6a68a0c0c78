"""What travels through the pipeline: drafts, checked queries, results, findings, receipts, answers.

`Answer.to_dict` is the contract of `ask --json`; everything here is data and cheap to import.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Literal

from catalogue.model import (
    CertificationStatus,
    Conventions,
    Health,
    MetricQuery,
    Scalar,
)

if TYPE_CHECKING:
    import pandas as pd
    import pyarrow as pa

Kind = Literal["verified", "metric", "generated", "clarify", "refused"]
Level = Literal["info", "warning", "error"]
Sent = Literal["nothing", "schema", "samples", "rows"]
Stage = Literal["search", "draft", "guard", "run", "verify"]


@dataclass(frozen=True, kw_only=True)
class Finding:
    """Something worth saying about a draft, a query or a result."""

    level: Level
    code: str
    message: str


@dataclass(frozen=True, kw_only=True)
class Option:
    """One reading of an ambiguous question."""

    label: str
    metric_query: MetricQuery | None = None
    question: str = ""
    """The question that asks for this reading."""
    value: Scalar = None
    """The number this reading gives, when it was computed."""


@dataclass(frozen=True, kw_only=True)
class Clarification:
    """A question back, when plausible readings give different numbers."""

    question: str
    options: tuple[Option, ...] = ()


@dataclass(frozen=True, kw_only=True)
class Refusal:
    """Why there is no answer, and what would be needed for one."""

    reason: str
    missing: tuple[str, ...] = ()
    suggestions: tuple[str, ...] = ()
    """Questions near to this one that can be answered."""
    contact: str | None = None


@dataclass(frozen=True, kw_only=True)
class Confidence:
    """How sure the assistant is of this SQL: a band for people, a number for machines."""

    band: Literal["high", "medium", "low"]
    why: str
    value: float | None = None


@dataclass(frozen=True, kw_only=True)
class Usage:
    """What the chat model cost."""

    model: str | None = None
    calls: int = 0
    input_tokens: int = 0
    output_tokens: int = 0
    cost_usd: float | None = None
    """None where the price of the model is not known."""

    def __add__(self, other: "Usage") -> "Usage":
        costs = [cost for cost in (self.cost_usd, other.cost_usd) if cost is not None]
        return Usage(
            model=other.model or self.model,
            calls=self.calls + other.calls,
            input_tokens=self.input_tokens + other.input_tokens,
            output_tokens=self.output_tokens + other.output_tokens,
            cost_usd=sum(costs) if costs else None,
        )


@dataclass(frozen=True, kw_only=True)
class Draft:
    """What the drafter makes of a question, before anything runs."""

    kind: Kind
    sql: str | None = None
    metric_query: MetricQuery | None = None
    verified_id: str | None = None
    tables: tuple[str, ...] = ()
    findings: tuple[Finding, ...] = ()
    confidence: Confidence | None = None
    clarification: Clarification | None = None
    refusal: Refusal | None = None
    usage: Usage = Usage()
    sent: Sent = "nothing"
    error: Exception | None = None
    """What stopped the draft where something broke; the asker's question is kept."""


@dataclass(frozen=True, kw_only=True)
class SafeQuery:
    """SQL that the guard produced. Only such text ever runs for a question."""

    sql: str
    role: str
    tables: tuple[str, ...] = ()
    """Full names of the base tables it reads."""
    columns: tuple[str, ...] = ()
    """`schema.table.column` of the columns it refers to."""
    masked: tuple[str, ...] = ()
    """`schema.table.column` of the columns it reads through a mask."""
    filtered: tuple[str, ...] = ()
    """Full names of the tables that a row filter narrows."""
    house_filtered: tuple[str, ...] = ()
    """Full names of the tables that a declared filter of the platform narrows."""
    grouped: Mapping[str, int] = field(default_factory=dict)
    """Full name of each table whose rows are shown in groups only -> fewest rows of a group."""
    row_limit: int = 10_000
    asker: str = ""
    """Whose share of the workers it takes; empty where nobody signed in."""


@dataclass(frozen=True, kw_only=True)
class Result:
    """Rows of a query that ran."""

    table: "pa.Table"
    sql: str
    truncated: bool = False
    duckdb_types: tuple[str, ...] = ()
    ms: float = 0.0
    as_of: str | None = None
    """When the snapshot that was read was taken, ISO 8601."""


@dataclass(frozen=True, kw_only=True)
class TableReceipt:
    """What is known of one table behind an answer."""

    name: str
    layer: str | None = None
    domain: str | None = None
    owner: str | None = None
    health: Health = "unknown"
    as_of: str | None = None
    loaded_at: str | None = None


@dataclass(frozen=True, kw_only=True)
class MetricReceipt:
    """The definition behind a number."""

    name: str
    definition: str
    owner: str | None = None
    label: str = ""
    unit: str | None = None


@dataclass(frozen=True, kw_only=True)
class Receipt:
    """Why an answer can be believed, assembled by code from evidence."""

    id: str
    governed: bool = False
    health: Health = "unknown"
    certification: CertificationStatus = "none"
    confidence: Confidence = Confidence(band="low", why="nothing was checked")
    tables: tuple[TableReceipt, ...] = ()
    metrics: tuple[MetricReceipt, ...] = ()
    findings: tuple[Finding, ...] = ()
    role: str = "reader"
    masked: tuple[str, ...] = ()
    lineage: tuple[str, ...] = ()
    conventions: Conventions = Conventions()
    sent_to_model: Sent = "nothing"


@dataclass(frozen=True, kw_only=True)
class Answer:
    """The number, and why it can be believed."""

    question: str
    kind: Kind
    text: str
    receipt: Receipt
    conversation: str
    headline: str = ""
    """The beginning of `text` that carries the number, where one does."""
    sql: str | None = None
    drafted_sql: str | None = None
    """The SQL before the guard narrowed it, laid out for reading; what an editor starts from."""
    result: Result | None = None
    chart: Mapping[str, Any] | None = None
    """A Vega-Lite specification."""
    clarification: Clarification | None = None
    refusal: Refusal | None = None
    metric_query: MetricQuery | None = None
    labels: Mapping[str, str] = field(default_factory=dict)
    """Column name -> what a reader calls it."""
    units: Mapping[str, str] = field(default_factory=dict)
    """Column name -> unit, where one is declared."""
    usage: Usage = Usage()
    ms: Mapping[str, float] = field(default_factory=dict)
    """Milliseconds per stage."""
    error: Exception | None = None
    """What broke on the way, for exit codes and for the log; None where nothing did."""

    @property
    def table(self) -> "pa.Table | None":
        """The rows as Arrow, or None when nothing ran."""
        return self.result.table if self.result else None

    def to_pandas(self) -> "pd.DataFrame":
        """Return the rows as a pandas DataFrame, empty when nothing ran."""
        import pandas as pd

        if self.table is None:
            return pd.DataFrame()
        frame: pd.DataFrame = self.table.to_pandas()
        return frame

    def to_dict(self) -> dict[str, Any]:
        """Return the contract of `ask --json`: JSON types only."""
        from assistant.present.encode import answer_to_dict

        return answer_to_dict(self)


@dataclass(frozen=True, kw_only=True)
class Event:
    """One step of a question on its way; the last one carries the answer."""

    stage: Stage | Literal["answer"]
    status: Literal["started", "progress", "finished"]
    detail: str = ""
    answer: Answer | None = None
