"""Did the answer refer to the columns that gold refers to? F1 of the two sets."""

from evals.record import Record, Score
from evals.score.references import columns_in, f1, last_segments

NAME = "column_f1"


def column_f1(record: Record) -> Score:
    """Compare with the columns the case names, else with those of its first gold SQL."""
    expected = record.expected
    wanted: set[str] | None = set()
    if expected is not None:
        named = set(expected.columns)
        wanted = named or (columns_in(expected.sql[0]) if expected.sql else set())
    if not wanted:
        return Score(name=NAME, value=None, reason="the case names no columns gold refers to")
    if not record.sql:
        return Score(name=NAME, value=None, reason="the answer has no SQL")
    found = columns_in(record.sql)
    if not found:
        return Score(name=NAME, value=None, reason="no column can be read from the answer's SQL")
    # Without a schema the table of a bare column in a join is not known: then names alone count.
    segments = 2 if all("." in name for name in {*wanted, *found}) else 1
    ours, golds = last_segments(found, segments), last_segments(wanted, segments)
    return Score(
        name=NAME,
        value=f1(ours, golds),
        evidence={"missing": sorted(golds - ours), "more": sorted(ours - golds)},
    )
