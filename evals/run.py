"""Asks every case of a suite and judges what comes back; knows the assistant by its contract only.

A case that breaks becomes a record, never the end of the run.
"""

from collections.abc import Callable
from time import perf_counter
from typing import TYPE_CHECKING, Protocol

from assistant.errors import QueryRejected
from evals.case import Case, Suite
from evals.errors import BadGold
from evals.record import Outcome, Record
from evals.rows import Rows
from evals.score.exec_match import best_match

if TYPE_CHECKING:
    import pyarrow as pa

_PAST: dict[str, tuple[Outcome, Outcome]] = {
    "refuse": ("refused rightly", "refused wrongly"),
    "clarify": ("clarified rightly", "clarified wrongly"),
}

Golds = Callable[[Case], "list[pa.Table]"]
Progress = Callable[[Record], None]


class Answered(Protocol):
    """As much of an Answer as judging needs."""

    @property
    def kind(self) -> str: ...
    @property
    def text(self) -> str: ...
    @property
    def sql(self) -> str | None: ...
    @property
    def table(self) -> "pa.Table | None": ...
    @property
    def error(self) -> Exception | None: ...


class Asked(Protocol):
    """As much of an Assistant as asking needs."""

    def ask(self, question: str) -> Answered: ...


def run(
    suite: Suite, assistant: Asked, golds: Golds, *, progress: Progress | None = None
) -> list[Record]:
    """Ask every case in order and return one record each; BadGold comes before any asking."""
    computed = {case.id: golds(case) for case in suite.cases}
    for case in suite.cases:
        if case.gold and not any(gold.num_rows for gold in computed[case.id]):
            raise BadGold(f"The gold of case {case.id!r} returns no rows: nothing to compare with.")
    records = []
    for case in suite.cases:
        record = run_case(case, assistant, computed[case.id])
        records.append(record)
        if progress:
            progress(record)
    return records


def run_case(case: Case, assistant: Asked, golds: "list[pa.Table]") -> Record:
    """Ask one case and judge it."""
    started = perf_counter()
    answer: Answered | None = None
    try:
        answer = assistant.ask(case.question)
        ms = (perf_counter() - started) * 1000
        outcome, why = judge(case, answer, golds)
    except Exception as error:  # Whatever breaks is that case's record.
        ms = (perf_counter() - started) * 1000
        outcome, why = "error", f"{type(error).__name__}: {error}"
    return Record(
        case=case.id,
        question=case.question,
        tags=case.tags,
        expect=case.expect,
        outcome=outcome,
        why=why,
        kind=answer.kind if answer else None,
        text=answer.text if answer else "",
        sql=answer.sql if answer else None,
        answer=Rows.of(answer.table) if answer and answer.table is not None else None,
        golds=tuple(Rows.of(gold) for gold in golds),
        ms=ms,
    )


def judge(case: Case, answer: Answered, golds: "list[pa.Table]") -> tuple[Outcome, str]:
    """Return the outcome of an answer and the reason for it."""
    is_rejected = isinstance(answer.error, QueryRejected)
    if answer.error is not None and not is_rejected:
        return "error", f"{type(answer.error).__name__}: {answer.error}"
    kind = "refused" if is_rejected else answer.kind
    done = {"refused": "refuse", "clarify": "clarify"}.get(kind, "answer")
    if done != "answer":
        rightly, wrongly = _PAST[done]
        return (rightly, "as expected") if done in case.expect else (wrongly, _expected(case))
    if "answer" not in case.expect:
        return "wrong", f"answered; {_expected(case)}"
    if answer.table is None:
        return "error", f"an answer of kind {answer.kind!r} without rows"
    found = best_match(answer.table, golds, order_matters=case.order_matters)
    return ("right" if found.is_equal else "wrong"), found.why


def _expected(case: Case) -> str:
    return f"expected: {' or '.join(case.expect)}"
