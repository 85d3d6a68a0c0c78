"""The verdict on one answer: right, wrong, refused or asked back rightly or wrongly, or broken."""

from collections.abc import Sequence
from typing import TYPE_CHECKING, Protocol

from assistant.errors import QueryRejected
from evals.case import Case
from evals.record import Marks, Outcome, Record
from evals.rows import Rows
from evals.score.exec_match import best_match
from evals.score.marked import Marked
from evals.score.values import FLOAT_TOLERANCE

if TYPE_CHECKING:
    import pyarrow as pa

_PAST: dict[str, tuple[Outcome, Outcome]] = {
    "refuse": ("refused rightly", "refused wrongly"),
    "clarify": ("clarified rightly", "clarified wrongly"),
}


class Judged(Protocol):
    """As much of an Answer as judging needs."""

    @property
    def kind(self) -> str: ...
    @property
    def table(self) -> "pa.Table | None": ...
    @property
    def error(self) -> Exception | None: ...


def judge(case: Case, answer: Judged, golds: Sequence[Marked]) -> tuple[Outcome, str]:
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
    found = best_match(
        answer.table,
        golds,
        order_matters=case.order_matters,
        extra_columns=case.extra_columns,
        tolerance=FLOAT_TOLERANCE if case.tolerance is None else case.tolerance,
    )
    return ("right" if found.is_equal else "wrong"), found.why


def marks_of(gold: Marked) -> Marks:
    """Return what a record keeps of a gold result beside its rows."""
    pool = None if gold.pool is None else Rows.of(gold.pool)
    return Marks(ranks=gold.ranks, pool=pool, pool_ranks=gold.pool_ranks)


def golds_of(record: Record) -> list[Marked]:
    """Return the gold results that a record was judged by."""
    marks = record.marks or tuple(Marks() for _ in record.golds)
    return [
        Marked(
            table=rows.to_table(),
            ranks=mark.ranks,
            pool=None if mark.pool is None else mark.pool.to_table(),
            pool_ranks=mark.pool_ranks,
        )
        for rows, mark in zip(record.golds, marks, strict=True)
    ]


def _expected(case: Case) -> str:
    return f"expected: {' or '.join(case.expect)}"
