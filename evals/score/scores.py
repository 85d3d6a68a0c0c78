"""Every score of one record, in the order that reports show."""

from collections.abc import Callable
from functools import partial

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

SHARES = ("exec_match", "soft_f1", "table_f1", "column_f1", "metric_use", "abstain", "safe")
"""Scores between 0 and 1, beside `retrieval@k`."""


def score(record: Record, *, denied: Denied | None = None) -> tuple[Score, ...]:
    """Return every score of a record; one that breaks is None with its error as the reason."""
    every: dict[str, Callable[[Record], Score]] = {
        "exec_match": judged,
        "soft_f1": soft_f1,
        "table_f1": table_f1,
        "column_f1": column_f1,
        "metric_use": metric_use,
        "retrieval@10": retrieval,
        "abstain": abstain,
        "safe": partial(safe, denied=denied),
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
