"""Execution accuracy: do two queries return the same result?

A result is a bag of rows. Every gold column must be found in the answer by its values, whatever its
name and place; further columns of the answer are allowed. Order counts only where gold orders.
"""

from collections import defaultdict
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from itertools import islice
from typing import TYPE_CHECKING, Any

from evals.score.values import FLOAT_TOLERANCE, canonical, same

if TYPE_CHECKING:
    import pyarrow as pa

_MAX_ASSIGNMENTS = 2_000
"""Ways of laying gold columns on answer columns that are tried before giving up."""
_MAX_PAIRING = 500
"""Rows equal but for their numbers, up to which pairings beyond the sorted one are tried."""

Cell = tuple[str, Any]
Column = Sequence[Cell]
Row = tuple[Cell, ...]


@dataclass(frozen=True, kw_only=True)
class Match:
    """Whether an answer's rows are the gold rows, and why."""

    is_equal: bool
    why: str
    columns: tuple[str, ...] = ()
    """Answer columns that stand for the gold columns, in gold's order."""


def best_match(
    answer: "pa.Table",
    golds: Sequence["pa.Table"],
    *,
    order_matters: bool = False,
    tolerance: float = FLOAT_TOLERANCE,
) -> Match:
    """Compare with each gold result: equal if any is, else the reason against the first."""
    if not golds:
        raise ValueError("There is no gold result to compare with.")
    matches = [
        match(answer, gold, order_matters=order_matters, tolerance=tolerance) for gold in golds
    ]
    return next((each for each in matches if each.is_equal), matches[0])


def match(
    answer: "pa.Table",
    gold: "pa.Table",
    *,
    order_matters: bool = False,
    tolerance: float = FLOAT_TOLERANCE,
) -> Match:
    """Compare two results."""
    if answer.num_rows != gold.num_rows:
        return Match(is_equal=False, why=f"{answer.num_rows} rows, gold has {gold.num_rows}")
    if answer.num_columns < gold.num_columns:
        columns = f"{answer.num_columns} columns, gold has {gold.num_columns}"
        return Match(is_equal=False, why=columns)
    given, wanted = _columns(answer), _columns(gold)
    candidates = [
        [at for at, column in enumerate(given) if _same_bag(column, target, tolerance)]
        for target in wanted
    ]
    for name, found in zip(gold.column_names, candidates, strict=True):
        if not found:
            return Match(is_equal=False, why=f"no column holds the values of gold's {name!r}")
    rows = list(zip(*wanted, strict=True))
    for chosen in islice(_assignments(candidates), _MAX_ASSIGNMENTS):
        picked = list(zip(*(given[at] for at in chosen), strict=True))
        if _same_rows(picked, rows, tolerance=tolerance, order_matters=order_matters):
            names = tuple(answer.column_names[at] for at in chosen)
            return Match(is_equal=True, why="same rows", columns=names)
    ordered = " in gold's order" if order_matters else ""
    return Match(is_equal=False, why=f"the columns agree one by one, the rows do not{ordered}")


def _columns(table: "pa.Table") -> list[list[Cell]]:
    return [[canonical(value) for value in column.to_pylist()] for column in table.columns]


def _assignments(candidates: Sequence[Sequence[int]]) -> Iterator[tuple[int, ...]]:
    """Yield every choice of different answer columns, one for each gold column."""
    if not candidates:
        yield ()
        return
    for first in candidates[0]:
        rest = [[at for at in others if at != first] for others in candidates[1:]]
        for tail in _assignments(rest):
            yield (first, *tail)


def _same_bag(left: Column, right: Column, tolerance: float) -> bool:
    return _same_rows([(cell,) for cell in left], [(cell,) for cell in right], tolerance=tolerance)


def _same_rows(
    left: Sequence[Row],
    right: Sequence[Row],
    *,
    tolerance: float,
    order_matters: bool = False,
) -> bool:
    """Compare rows that all have the same width, as many on each side."""

    def equal(one: Row, two: Row) -> bool:
        return all(same(a, b, tolerance) for a, b in zip(one, two, strict=True))

    if order_matters:
        return all(equal(one, two) for one, two in zip(left, right, strict=True))
    groups, others = _by_exact_part(left), _by_exact_part(right)
    if {key: len(rows) for key, rows in groups.items()} != {
        key: len(rows) for key, rows in others.items()
    }:
        return False
    for key, group in groups.items():
        other = sorted(others[key], key=_numbers)
        pairs = zip(sorted(group, key=_numbers), other, strict=True)
        if not all(equal(one, two) for one, two in pairs) and not _pairs_up(group, other, equal):
            return False
    return True


def _by_exact_part(
    rows: Sequence[Row],
) -> dict[Row, list[Row]]:
    """Group rows by what admits no tolerance: kinds, texts, times."""
    groups: dict[Row, list[Row]] = defaultdict(list)
    for row in rows:
        groups[tuple((kind, None) if kind == "number" else (kind, v) for kind, v in row)].append(
            row
        )
    return groups


def _numbers(row: Row) -> tuple[float | int, ...]:
    return tuple(value for kind, value in row if kind == "number")


def _pairs_up(left: Sequence[Row], right: Sequence[Row], equal: Callable[[Row, Row], bool]) -> bool:
    """Return whether rows can be paired one to one: float noise may have sorted them apart.

    Kuhn's bipartite matching. One number to a row is paired best by sorting, which has failed.
    """
    if len(left) > _MAX_PAIRING or len(_numbers(left[0])) < 2:
        return False
    partner: dict[int, int] = {}

    def place(at: int, tried: set[int]) -> bool:
        for other, row in enumerate(right):
            if other in tried or not equal(left[at], row):
                continue
            tried.add(other)
            if other not in partner or place(partner[other], tried):
                partner[other] = at
                return True
        return False

    return all(place(at, set()) for at in range(len(left)))
