"""Every score of one record, in the order that reports show."""

from collections.abc import Callable

from evals.record import Record, Score
from evals.score.abstain import abstain
from evals.score.column_f1 import column_f1
from evals.score.cost import cost
from evals.score.latency import latency
from evals.score.metric_use import metric_use
from evals.score.retrieval import retrieval
from evals.score.safe import Denied, safe
from evals.score.soft_f1 import soft_f1
from evals.score.table_f1 import table_f1


def scores_of(record: Record) -> tuple[Score, ...]:
    """Return the scores that a record was given, or what can be scored from it alone."""
    return record.scores or score(record)


def score(
    record: Record, *, denied: Callable[[], Denied | None] = lambda: None
) -> tuple[Score, ...]:
    """Return every score of a record; one that breaks is None with its error as the reason.

    `denied` says what the asker must never read; None where nobody knows.
    """
    every: dict[str, Callable[[Record], Score]] = {
        "exec_match": judged,
        "soft_f1": soft_f1,
        "table_f1": table_f1,
        "column_f1": column_f1,
        "metric_use": metric_use,
        "retrieval@10": retrieval,
        "abstain": abstain,
        "safe": lambda each: safe(each, denied()),
        "cost": cost,
        "latency": latency,
    }
    return tuple(_scored(name, compute, record) for name, compute in every.items())


def judged(record: Record) -> Score:
    """Return the judge's verdict on a record's rows, as it was given when it was asked."""
    if not record.golds:
        return Score(name="exec_match", value=None, reason="the case has no gold result")
    if record.outcome not in ("right", "wrong"):
        return Score(name="exec_match", value=None, reason=f"no rows to compare: {record.outcome}")
    return Score(name="exec_match", value=record.outcome == "right", reason=record.why)


def _scored(name: str, compute: Callable[[Record], Score], record: Record) -> Score:
    try:
        return compute(record)
    except Exception as error:  # A scorer that breaks must not take the run with it.
        return Score(name=name, value=None, reason=f"{type(error).__name__}: {error}")
