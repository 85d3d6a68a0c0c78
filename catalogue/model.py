"""The nouns of the catalogue: plain frozen records, without behaviour beyond naming.

Everything here is engine-neutral and cheap to import.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Literal

Health = Literal["healthy", "caution", "unhealthy", "unknown"]
Classification = Literal["public", "internal", "personal", "restricted"]
CertificationStatus = Literal["none", "draft", "verified", "deprecated"]
Scalar = str | int | float | bool | None
FilterOp = Literal["=", "!=", "in", "not in", ">", ">=", "<", "<=", "between"]
HavingOp = Literal["=", "!=", ">", ">=", "<", "<="]
Aggregation = Literal["count", "count_distinct", "sum", "average", "min", "max"]


@dataclass(frozen=True, kw_only=True)
class Certification:
    """What people said of a table or metric, and until when it holds."""

    status: CertificationStatus = "none"
    by: str | None = None
    on: date | None = None
    expires: date | None = None


@dataclass(frozen=True, kw_only=True)
class ColumnProfile:
    """Statistics of one column over all rows, as text so that any type fits."""

    nulls: int
    distinct: int | None = None
    minimum: str | None = None
    maximum: str | None = None
    top_values: tuple[tuple[str, int], ...] = ()
    """The most frequent values with their row counts; empty for classified columns."""


@dataclass(frozen=True, kw_only=True)
class Suspicion:
    """Why a column likely holds personal data that nobody has confirmed; never a value of it."""

    kind: str
    """What it looks like, such as `email` or `iban`."""
    why: str
    """The evidence as half a sentence, such as `97 % of 400 values are e-mail addresses`."""
    confidence: float
    """From 0 to 1."""


@dataclass(frozen=True, kw_only=True)
class Column:
    """One column of a catalogued table."""

    name: str
    data_type: str
    """Type as the warehouse spells it."""
    description: str = ""
    label: str = ""
    unit: str | None = None
    synonyms: tuple[str, ...] = ()
    classification: Classification | None = None
    suspicion: Suspicion | None = None
    profile: ColumnProfile | None = None
    expression: str | None = None
    """What a generated column is computed from."""

    @property
    def is_suspected(self) -> bool:
        """True where it looks personal and nobody has said what it is."""
        return self.suspicion is not None and self.classification is None

    @property
    def is_sensitive(self) -> bool:
        """True where no value of it may be shown by anything but a checked query."""
        return self.classification in ("personal", "restricted") or self.is_suspected


@dataclass(frozen=True, kw_only=True)
class Table:
    """A table or view of the warehouse."""

    schema: str
    name: str
    kind: Literal["table", "view"] = "table"
    columns: tuple[Column, ...] = ()
    description: str = ""
    layer: str | None = None
    domain: str | None = None
    owner: str | None = None
    synonyms: tuple[str, ...] = ()
    certification: Certification = Certification()
    primary_key: tuple[str, ...] = ()
    event_time: str | None = None
    """Column whose latest value is the table's as-of."""
    loaded_at: str | None = None
    """Column whose latest value says when rows were last loaded."""
    row_count: int | None = None
    as_of: str | None = None
    """Latest value of `event_time`, ISO 8601, when profiled."""
    last_loaded: str | None = None
    upstream: tuple[str, ...] = ()
    """Full names of the tables and sources this one is built from."""
    definition: str | None = None
    """SQL of a view."""
    built_by: str | None = None
    """SQL that the build of the platform fills a table with."""
    unique_id: str | None = None
    """The node's id in the source it was read from."""

    @property
    def full_name(self) -> str:
        return f"{self.schema}.{self.name}"

    def column(self, name: str) -> Column | None:
        """Return the column of that name, compared without case."""
        wanted = name.lower()
        return next((column for column in self.columns if column.name.lower() == wanted), None)


@dataclass(frozen=True, kw_only=True)
class Relationship:
    """A join that is known to hold: many rows on the left, one on the right, unless said."""

    from_table: str
    from_column: str
    to_table: str
    to_column: str
    many_to: Literal["one", "many"] = "one"
    origin: Literal["declared", "tested", "inferred"] = "declared"
    confidence: float | None = None
    """How sure an inferred join is, from 0 to 1; None where somebody declared it."""


@dataclass(frozen=True, kw_only=True)
class Dimension:
    """Something a metric can be grouped or filtered by."""

    name: str
    """Group-by name, such as `airline__name`."""
    entity: str
    kind: Literal["categorical", "time"]
    table: str
    """Full name of the table that holds it."""
    column: str
    """Column or expression in that table."""
    label: str = ""
    description: str = ""
    synonyms: tuple[str, ...] = ()
    data_type: str = ""


@dataclass(frozen=True, kw_only=True)
class Metric:
    """A governed number: one definition, an owner, and the dimensions it can be cut by."""

    name: str
    label: str
    description: str = ""
    kind: Literal["simple", "ratio", "derived", "cumulative", "conversion"] = "simple"
    unit: str | None = None
    synonyms: tuple[str, ...] = ()
    owner: str | None = None
    domain: str | None = None
    better: Literal["higher", "lower", "neutral"] = "neutral"
    basis: str | None = None
    """Name of the count metric that says how many rows stand behind a value."""
    dimensions: tuple[str, ...] = ()
    """Group-by names this metric accepts, without `metric_time`."""
    tables: tuple[str, ...] = ()
    """Full names of the tables its measures are read from."""
    columns: tuple[str, ...] = ()
    """`schema.table.column` of the columns its measures use."""
    time_column: str | None = None
    """`schema.table.column` of its aggregation time dimension."""
    needs_time: bool = False
    """True where the metric has a value only per period (offsets)."""
    period_grain: str | None = None
    """The one grain of `metric_time` it makes sense by, where only one does."""
    additive: bool = False
    """True where values of groups add up to the total (counts and sums)."""
    governed: bool = True
    """False where nobody declared it: inferred from names and data."""
    aggregation: Aggregation | None = None
    """How an inferred metric sums up its rows."""
    row_condition: str | None = None
    """SQL over its table's own columns that every row behind an inferred metric meets."""
    certification: Certification = Certification()


@dataclass(frozen=True, kw_only=True)
class Check:
    """A test or a freshness rule over a table or one of its columns."""

    id: str
    name: str
    kind: Literal["test", "freshness"]
    table: str
    column: str | None = None
    severity: Literal["error", "warn"] = "error"
    description: str = ""


@dataclass(frozen=True, kw_only=True)
class CheckResult:
    """One dated outcome of a check."""

    check_id: str
    status: Literal["pass", "warn", "fail", "error", "skipped"]
    at: datetime
    failures: int | None = None
    message: str = ""


@dataclass(frozen=True, kw_only=True)
class Entity:
    """A thing the business counts, and the table that speaks for it."""

    name: str
    description: str = ""
    key: str | None = None
    golden: str | None = None
    synonyms: tuple[str, ...] = ()


@dataclass(frozen=True, kw_only=True)
class Rival:
    """A table that holds an entity besides its golden table."""

    entity: str
    golden: str
    """Full name of the table that speaks for the entity."""
    golden_key: str
    table: str
    key: str
    overlap: float
    """Share of the rival's keys that the golden table knows."""


@dataclass(frozen=True, kw_only=True)
class Term:
    """A word of the business with its meaning."""

    name: str
    description: str


@dataclass(frozen=True, kw_only=True)
class Exposure:
    """A dashboard or model that already uses tables of the platform."""

    name: str
    kind: str
    label: str = ""
    owner: str | None = None
    description: str = ""
    tables: tuple[str, ...] = ()


@dataclass(frozen=True, kw_only=True)
class Filter:
    """A condition on a dimension; values are data and are bound as literals."""

    dimension: str
    op: FilterOp
    values: tuple[Scalar, ...]


@dataclass(frozen=True, kw_only=True)
class Having:
    """A condition on a metric's value in the result."""

    metric: str
    op: HavingOp
    value: int | float


@dataclass(frozen=True, kw_only=True)
class Period:
    """Days from `start` to `end`, both included."""

    start: date
    end: date
    is_fiscal: bool = False
    """True where it was read on a platform whose quarters are not the calendar's."""

    @property
    def label(self) -> str:
        """As people say it: `2013`, `Q2 2013`, `June 2013`, `4 July 2013`, or a range.

        A quarter has a number only where everybody numbers it alike.
        """
        return _period_label(self.start, self.end, has_quarters=not self.is_fiscal)


def _period_label(start: date, end: date, *, has_quarters: bool) -> str:
    from calendar import monthrange

    def day(value: date) -> str:
        return f"{value.day} {value:%B} {value.year}"

    ends_month = end.day == monthrange(end.year, end.month)[1]
    if start == end:
        return day(start)
    if start.year == end.year and start.day == 1 and ends_month:
        if (start.month, end.month) == (1, 12):
            return str(start.year)
        if start.month == end.month:
            return f"{start:%B} {start.year}"
        if has_quarters and start.month % 3 == 1 and end.month == start.month + 2:
            return f"Q{end.month // 3} {start.year}"
        return f"{start:%B} to {end:%B} {start.year}"
    return f"{day(start)} to {day(end)}"


@dataclass(frozen=True, kw_only=True)
class MetricQuery:
    """A question in the terms of the semantic layer; `catalogue.metrics` compiles it to SQL."""

    metrics: tuple[str, ...]
    group_by: tuple[str, ...] = ()
    """Dimension names and `metric_time__<grain>`."""
    where: tuple[Filter, ...] = ()
    having: tuple[Having, ...] = ()
    period: Period | None = None
    order_by: tuple[str, ...] = ()
    """Metric or group-by names; a leading minus sorts descending."""
    limit: int | None = None


@dataclass(frozen=True, kw_only=True)
class Parameter:
    """A slot of a verified query: a period of one grain, or a value of a dimension."""

    name: str
    type: Literal["period", "value"]
    grain: Literal["day", "week", "month", "quarter", "year"] | None = None
    dimension: str | None = None


@dataclass(frozen=True, kw_only=True)
class VerifiedQuery:
    """A question with the query that a person approved for it."""

    id: str
    questions: tuple[str, ...]
    parameters: tuple[Parameter, ...] = ()
    metric_query: Mapping[str, object] | None = None
    """As written in YAML: `{parameter}` slots are still text."""
    sql: str | None = None
    verified_by: str | None = None
    verified_on: date | None = None


@dataclass(frozen=True, kw_only=True)
class Hit:
    """One thing the search found, and why."""

    kind: Literal["table", "metric", "entity", "query", "term"]
    name: str
    score: float
    why: tuple[str, ...] = ()


@dataclass(frozen=True, kw_only=True)
class Conventions:
    """The house rules that every answer follows and every receipt prints."""

    fiscal_year_start: int = 1
    week_start: Literal["monday", "sunday"] = "monday"
    currency: str | None = None
    timezone: str = "UTC"
    filters: Mapping[str, str] = field(default_factory=dict)
    """Table -> condition that its rows meet on every path: no deleted rows, no tests."""


@dataclass(frozen=True, kw_only=True)
class Evidence:
    """What is known of one table's health, and since when."""

    health: Health
    reasons: tuple[str, ...] = ()
    """One sentence per check that speaks against it, with its date."""
    checked_at: datetime | None = None
    tests: int = 0
    results: tuple[CheckResult, ...] = field(default=())
    inherited: Health = "healthy"
    """What the checks of the tables it is built from do to it, also where those are hidden."""
