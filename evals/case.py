"""One question of a suite and what a right answer is, as YAML has it; unknown keys are refused."""

from collections.abc import Mapping
from datetime import date
from typing import Annotated, Any, Literal

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, field_validator, model_validator

from catalogue.errors import BadMetricQuery
from catalogue.metric_query import metric_query_from_mapping
from catalogue.model import MetricQuery

Expectation = Literal["answer", "clarify", "refuse"]


def _as_tuple(value: object) -> object:
    """One entry may stand without its list."""
    return (value,) if isinstance(value, str) else value


Text = Annotated[str, Field(min_length=1, pattern=r"\S")]
OneOrMore = Annotated[tuple[Text, ...], BeforeValidator(_as_tuple)]


class _Strict(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class Gold(_Strict):
    """What a right answer returns. Any one of several SQL texts is right."""

    metric_query: dict[str, Any] | None = None
    sql: OneOrMore = ()

    @field_validator("metric_query")
    @classmethod
    def _is_a_metric_query(cls, value: Mapping[str, Any] | None) -> Mapping[str, Any] | None:
        if value is not None:
            try:
                metric_query_from_mapping(value)
            except BadMetricQuery as error:
                raise ValueError(str(error)) from error
        return value

    @model_validator(mode="after")
    def _says_something(self) -> "Gold":
        if not self.sql and self.metric_query is None:
            raise ValueError("gold needs sql, metric_query or both")
        return self

    @property
    def query(self) -> MetricQuery | None:
        """The metric query, read."""
        return None if self.metric_query is None else metric_query_from_mapping(self.metric_query)


class Case(_Strict):
    """One question, what may be done with it, and the marked answer where it may be answered."""

    id: Annotated[str, Field(pattern=r"^[a-z0-9]+(-[a-z0-9]+)*$")]
    question: Text = ""
    conversation: Annotated[tuple[Text, ...], Field(min_length=2)] | None = None
    """Questions asked one after the other; the last one is judged."""
    user: Text | None = None
    role: Text | None = None
    expect: Annotated[tuple[Expectation, ...], Field(min_length=1), BeforeValidator(_as_tuple)]
    gold: Gold | None = None
    tables: OneOrMore = ()
    """Base tables that a right answer reads."""
    columns: OneOrMore = ()
    """`schema.table.column` that a right answer reads."""
    tolerance: Annotated[float, Field(ge=0, lt=1)] | None = None
    """Relative, between measured numbers; None means the judge's own."""
    tags: Annotated[tuple[str, ...], BeforeValidator(_as_tuple)] = ()
    order_matters: bool = False
    extra_columns: bool = True
    """Whether an answer may hold further columns."""
    notes: str = ""

    @model_validator(mode="after")
    def _asks_in_one_way(self) -> "Case":
        if bool(self.question) == (self.conversation is not None):
            raise ValueError("a case has either a question or a conversation")
        return self

    @model_validator(mode="after")
    def _gold_goes_with_answers(self) -> "Case":
        if "answer" in self.expect and self.gold is None:
            raise ValueError("a case that may be answered needs gold")
        if "answer" not in self.expect and self.gold is not None:
            raise ValueError("a case that must not be answered has no gold")
        return self

    @property
    def asked(self) -> tuple[str, ...]:
        """The questions in order; the last one is judged."""
        return self.conversation or (self.question,)


class Suite(_Strict):
    """Cases over one platform, asked as of one day."""

    suite: Text
    platform: Text = ""
    """`demo`, or a path beside the suite; empty where every run is to name one."""
    as_of: date | None = None
    cases: Annotated[tuple[Case, ...], Field(min_length=1)]

    def tagged(self, tag: str) -> "Suite":
        """Return this suite with only the cases of a tag."""
        cases = tuple(case for case in self.cases if tag in case.tags)
        return self.model_copy(update={"cases": cases})
