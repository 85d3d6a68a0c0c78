"""How near a result is to gold, cell by cell: partial credit where exec_match has none.

Rows are paired greedily by the cells they share, wherever these stand. Cells of paired rows that
agree are hits; the others count against precision (answer's) or recall (gold's).
"""

from collections import Counter
from typing import Any

from evals.record import Record, Score
from evals.rows import Rows
from evals.score.values import canonical

NAME = "soft_f1"
MOST_ROWS = 300
"""Pairing compares every row with every other."""
_DIGITS = 6


def soft_f1(record: Record) -> Score:
    """Return the best F1 against any gold."""
    if not record.golds:
        return Score(name=NAME, value=None, reason="the case has no gold result")
    if record.answer is None:
        return Score(name=NAME, value=None, reason="the answer has no rows to compare")
    most = max(record.answer.row_count, *(gold.row_count for gold in record.golds))
    if most > MOST_ROWS:
        reason = f"{most} rows, more than the {MOST_ROWS} that are compared"
        return Score(name=NAME, value=None, reason=reason)
    values = [_f1(record.answer, gold) for gold in record.golds]
    return Score(name=NAME, value=max(values), evidence={"by_gold": values})


def _f1(answer: Rows, gold: Rows) -> float:
    left, right = _bags(answer), _bags(gold)
    cells = sum(bag.total() for bag in left) + sum(bag.total() for bag in right)
    if not cells:
        return 1.0
    overlaps = sorted(
        (
            (-(one & two).total(), at, other)
            for at, one in enumerate(left)
            for other, two in enumerate(right)
        ),
    )
    hits, used_left, used_right = 0, set(), set()
    for overlap, at, other in overlaps:
        if overlap and at not in used_left and other not in used_right:
            hits -= overlap
            used_left.add(at)
            used_right.add(other)
    return 2 * hits / cells


def _bags(rows: Rows) -> list["Counter[tuple[str, Any]]"]:
    columns = [[_rough(value) for value in each.to_pylist()] for each in rows.to_table().columns]
    return [Counter(row) for row in zip(*columns, strict=True)]


def _rough(value: Any) -> tuple[str, Any]:
    """Return a form in which float noise mostly vanishes."""
    kind, form = canonical(value)
    if kind == "number" and isinstance(form, float):
        return kind, float(f"{form:.{_DIGITS}g}")
    return kind, form
