"""Every score of one record, in the order that reports show."""

from collections.abc import Callable

from evals.record import Record, Score
from evals.score.abstain import abstain
from evals.score.column_f1 import column_f1
from evals.score.cost import cost
from evals.score.exec_match import exec_match
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
        "exec_match": exec_match,
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


def _scored(name: str, compute: Callable[[Record], Score], record: Record) -> Score:
    try:
        return compute(record)
    except Exception as error:  # A scorer that breaks must not take the run with it.
        return Score(name=name, value=None, reason=f"{type(error).__name__}: {error}")
