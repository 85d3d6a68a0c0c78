"""How long an answer took: milliseconds of the wall clock, with each stage as evidence."""

from evals.record import Record, Score

NAME = "latency"


def latency(record: Record) -> Score:
    """Return milliseconds, or None where nothing was timed."""
    if record.ms <= 0:
        return Score(name=NAME, value=None, reason="the question was not timed")
    return Score(name=NAME, value=record.ms, evidence=dict(record.stage_ms))
