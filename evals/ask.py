"""Asks one case and makes its record; knows the assistant by its contract only.

A case that breaks becomes a record, never the end of the run.
"""

import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, dataclass, field
from datetime import UTC, datetime
from time import perf_counter
from typing import TYPE_CHECKING, Any, Protocol

from assistant.answer import Usage
from assistant.errors import ModelError, NotRecorded, QueryRejected
from evals.case import Case
from evals.judge import Judged, judge, marks_of
from evals.record import Expected, Failure, Found, Record
from evals.rows import Rows
from evals.score.marked import Marked

if TYPE_CHECKING:
    from catalogue.model import Hit, MetricQuery

HITS = 20
"""Hits kept of one search."""


class Answered(Judged, Protocol):
    """As much of an Answer as a record keeps."""

    @property
    def text(self) -> str: ...
    @property
    def sql(self) -> str | None: ...
    @property
    def metric_query(self) -> "MetricQuery | None": ...
    @property
    def receipt(self) -> Any: ...
    @property
    def usage(self) -> Usage: ...
    @property
    def ms(self) -> Mapping[str, float]: ...
    @property
    def conversation(self) -> str: ...


class Asked(Protocol):
    """As much of an Assistant as asking needs."""

    def ask(
        self,
        question: str,
        *,
        user: str | None = None,
        role: str | None = None,
        conversation: str | None = None,
    ) -> Answered: ...


Search = Callable[[Case], "Sequence[Hit]"]


@dataclass
class _Talk:
    """What came of a case's questions so far."""

    answer: Answered | None = None
    usage: Usage = field(default_factory=Usage)
    ms: float = 0.0


def ask_case(
    case: Case,
    assistant: Asked,
    golds: Sequence[Marked],
    *,
    suite: str = "",
    configuration: str = "default",
    repeat: int = 0,
    search: Search | None = None,
) -> Record:
    """Ask one case and judge it."""
    talk, broken, hits = _Talk(), None, None
    asked_at = datetime.now(UTC).isoformat(timespec="seconds")
    try:
        _ask(case, assistant, talk)
        assert talk.answer is not None
        outcome, why = judge(case, talk.answer, golds)
        broken = talk.answer.error
        hits = tuple(search(case)) if search is not None and case.tables else None
    except Exception as error:  # Whatever breaks is that case's record.
        outcome, why, broken = "error", f"{type(error).__name__}: {error}", error
        if isinstance(error, ModelError) and not isinstance(error, NotRecorded):
            talk.usage = talk.usage + Usage(calls=1)
    answer = talk.answer
    return Record(
        case=case.id,
        question=case.asked[-1],
        tags=case.tags,
        expect=case.expect,
        outcome=outcome,
        why=why,
        ms=talk.ms,
        suite=suite,
        configuration=configuration,
        repeat=repeat,
        earlier=case.asked[:-1],
        user=case.user,
        role=case.role,
        expected=_expected(case),
        golds=tuple(Rows.of(gold.table) for gold in golds),
        marks=tuple(marks_of(gold) for gold in golds),
        hits=None if hits is None else tuple(_found(each) for each in hits[:HITS]),
        usage=talk.usage,
        error=None if broken is None else _failure(broken),
        asked_at=asked_at,
        **(_kept(answer) if answer else {}),
    )


def _ask(case: Case, assistant: Asked, talk: _Talk) -> None:
    """Ask in order; the record keeps the last answer, and what all of them cost."""
    conversation: str | None = None
    for question in case.asked:
        talk.answer, began = None, perf_counter()
        try:
            answer = assistant.ask(
                question, user=case.user, role=case.role, conversation=conversation
            )
        finally:
            talk.ms = (perf_counter() - began) * 1000
        talk.answer, talk.usage = answer, talk.usage + answer.usage
        conversation = answer.conversation


def _kept(answer: Answered) -> dict[str, Any]:
    given = answer.receipt
    receipt = None if given is None else asdict(given)
    query = answer.metric_query
    return {
        "kind": answer.kind,
        "text": answer.text,
        "sql": answer.sql,
        "answer": None if answer.table is None else Rows.of(answer.table),
        "metric_query": _written(query) if query else None,
        "tables": tuple(table["name"] for table in receipt["tables"]) if receipt else (),
        "receipt": receipt,
        "stage_ms": dict(answer.ms),
    }


def _written(query: "MetricQuery") -> dict[str, Any]:
    """Return the mapping that suites write gold in."""
    from catalogue.metric_query import metric_query_to_mapping

    written: dict[str, Any] = json.loads(json.dumps(metric_query_to_mapping(query), default=str))
    return written


def _expected(case: Case) -> Expected:
    gold = case.gold
    return Expected(
        expect=case.expect,
        sql=gold.sql if gold else (),
        metric_query=dict(gold.metric_query) if gold and gold.metric_query else None,
        tables=case.tables,
        columns=case.columns,
        order_matters=case.order_matters,
        extra_columns=case.extra_columns,
        tolerance=case.tolerance,
    )


def _found(hit: "Hit") -> Found:
    return Found(kind=hit.kind, name=hit.name, score=round(float(hit.score), 6))


def _failure(error: Exception) -> Failure:
    rule = error.rule if isinstance(error, QueryRejected) else None
    return Failure(type=type(error).__name__, message=str(error), rule=rule)
