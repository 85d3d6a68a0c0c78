"""Did the answer read the tables that gold reads? F1 of the two sets."""

from evals.record import Record, Score
from evals.score.references import f1, last_segments, tables_in

NAME = "table_f1"


def table_f1(record: Record) -> Score:
    """Compare with the tables the case names, else with those of its first gold SQL."""
    wanted = gold_tables(record)
    if not wanted:
        return Score(name=NAME, value=None, reason="the case names no tables and has no gold SQL")
    found = set(record.tables) or (tables_in(record.sql) if record.sql else set())
    if not found:
        return Score(name=NAME, value=None, reason="the answer reads no table")
    segments = 2 if all("." in name for name in {*wanted, *found}) else 1
    ours, golds = last_segments(found, segments), last_segments(wanted, segments)
    return Score(
        name=NAME,
        value=f1(ours, golds),
        evidence={"missing": sorted(golds - ours), "more": sorted(ours - golds)},
    )


def gold_tables(record: Record) -> set[str]:
    """Return the tables of a right answer, or an empty set where nobody says."""
    expected = record.expected
    if expected is None:
        return set()
    if expected.tables:
        return {name.lower() for name in expected.tables}
    return (tables_in(expected.sql[0]) or set()) if expected.sql else set()
