"""Rows as bags: do two lists of canonical rows pair up one to one, within a tolerance?"""

from collections import Counter, defaultdict
from collections.abc import Callable, Iterator, Sequence
from decimal import Decimal
from typing import TYPE_CHECKING

from evals.rows import python_values
from evals.score.values import Cell, canonical, exact, numbers, same

if TYPE_CHECKING:
    import pyarrow as pa

_MAX_PAIRING = 500
"""Rows equal but for their numbers, up to which pairings beyond the sorted one are tried."""

Column = Sequence[Cell]
Row = tuple[Cell, ...]


def columns_of(table: "pa.Table") -> list[list[Cell]]:
    """Return every column in canonical form."""
    return [[canonical(value) for value in python_values(column)] for column in table.columns]


def equal_rows(one: Row, two: Row, tolerance: float) -> bool:
    """Return whether two rows of the same width are equal, cell by cell."""
    return all(same(a, b, tolerance) for a, b in zip(one, two, strict=True))


def same_bag(left: Column, right: Column, tolerance: float) -> bool:
    """Return whether two columns hold the same values as often."""
    return same_rows([(cell,) for cell in left], [(cell,) for cell in right], tolerance=tolerance)


def same_rows(
    left: Sequence[Row],
    right: Sequence[Row],
    *,
    tolerance: float,
    order_matters: bool = False,
) -> bool:
    """Compare rows that all have the same width, as many on each side."""

    def equal(one: Row, two: Row) -> bool:
        return equal_rows(one, two, tolerance)

    if order_matters:
        return all(equal(one, two) for one, two in zip(left, right, strict=True))
    if Counter(left) == Counter(right):
        return True
    groups, others = by_exact_part(left), by_exact_part(right)
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


def fits_ranks(
    rows: Sequence[Row],
    pool: Sequence[Row],
    pool_ranks: Sequence[int],
    ranks: Sequence[int],
    *,
    tolerance: float,
    order_matters: bool,
) -> bool:
    """Return whether rows can be drawn from the pool, from each rank as many as `ranks` says.

    Where order matters the row at each place must come from the rank of that place.
    """
    left = Counter(ranks)
    places: dict[Row, list[int]] = defaultdict(list)
    for at, row in enumerate(pool):
        places[_exact(row)].append(at)
    for place, row in enumerate(rows):
        fitting = (
            at
            for at in places[_exact(row)]
            if (pool_ranks[at] == ranks[place] if order_matters else left[pool_ranks[at]])
            and equal_rows(row, pool[at], tolerance)
        )
        found = next(fitting, None)
        if found is None:
            return False
        places[_exact(row)].remove(found)
        left[pool_ranks[found]] -= 1
    return True


def assignments(
    candidates: Sequence[Sequence[int]],
    fits: Callable[[tuple[int, ...]], bool],
    chosen: tuple[int, ...] = (),
) -> Iterator[tuple[int, ...]]:
    """Yield every choice of different answer columns, one for each gold column, that fits.

    Where there is a choice its beginnings are tried too: of columns that hold the same values in
    other rows there are too many orders to try each to its end.
    """
    if len(chosen) == len(candidates):
        if fits(chosen):
            yield chosen
        return
    options = [at for at in candidates[len(chosen)] if at not in chosen]
    for at in options:
        longer = (*chosen, at)
        if len(options) == 1 or fits(longer):
            yield from assignments(candidates, fits, longer)


def by_exact_part(rows: Sequence[Row]) -> dict[Row, list[Row]]:
    """Group rows by what admits no tolerance: kinds, texts, times."""
    groups: dict[Row, list[Row]] = defaultdict(list)
    for row in rows:
        groups[_exact(row)].append(row)
    return groups


def _exact(row: Row) -> Row:
    return tuple(exact(cell) for cell in row)


def _numbers(row: Row) -> tuple[int | float | Decimal, ...]:
    return tuple(number for cell in row for number in numbers(cell))


def _pairs_up(left: Sequence[Row], right: Sequence[Row], equal: Callable[[Row, Row], bool]) -> bool:
    """Return whether rows can be paired one to one: float noise may have sorted them apart.

    Kuhn's bipartite matching. One number to a row is paired best by sorting, which has failed, and
    between whole numbers there is no noise.
    """
    is_whole = all(isinstance(number, int) for row in (*left, *right) for number in _numbers(row))
    if is_whole or len(left) > _MAX_PAIRING or len(_numbers(left[0])) < 2:
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
