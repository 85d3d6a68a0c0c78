"""Execution accuracy: do two queries return the same result?

A result is a bag of rows. Every gold column must be found in the answer by its values, whatever its
name and place; further columns of the answer are allowed by setting. Order counts only where gold
orders; where gold's limit cuts through a tie, any of the tied rows will do, and so will all.
"""

from bisect import bisect_left
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from evals.record import Record, Score
from evals.score.bags import (
    Column,
    Row,
    assignments,
    columns_of,
    fits_ranks,
    same_bag,
    same_rows,
)
from evals.score.marked import Marked
from evals.score.values import FLOAT_TOLERANCE, Cell, exact, same

if TYPE_CHECKING:
    import pyarrow as pa

NAME = "exec_match"
_MAX_TRIES = 2_000
"""Ways of laying gold columns on answer columns that are tried before giving up."""


@dataclass(frozen=True, kw_only=True)
class Match:
    """Whether an answer's rows are the gold rows, and why."""

    is_equal: bool
    why: str
    columns: tuple[str, ...] = ()
    """Answer columns that stand for the gold columns, in gold's order."""


def exec_match(record: Record) -> Score:
    """Return the judge's verdict on a record's rows, as it was given when it was asked."""
    if not record.golds:
        return Score(name=NAME, value=None, reason="the case has no gold result")
    if record.answer is None or record.outcome not in ("right", "wrong"):
        return Score(name=NAME, value=None, reason=f"no rows to compare: {record.outcome}")
    evidence = {
        "rows": record.answer.row_count,
        "gold_rows": [gold.row_count for gold in record.golds],
    }
    is_right = record.outcome == "right"
    return Score(name=NAME, value=is_right, reason=record.why, evidence=evidence)


def best_match(
    answer: "pa.Table",
    golds: Sequence["pa.Table | Marked"],
    *,
    order_matters: bool = False,
    extra_columns: bool = True,
    tolerance: float = FLOAT_TOLERANCE,
) -> Match:
    """Compare with each gold result: equal if any is, else the reason against the first."""
    if not golds:
        raise ValueError("There is no gold result to compare with.")
    matches = [
        match(
            answer,
            gold,
            order_matters=order_matters,
            extra_columns=extra_columns,
            tolerance=tolerance,
        )
        for gold in golds
    ]
    return next((each for each in matches if each.is_equal), matches[0])


def match(
    answer: "pa.Table",
    gold: "pa.Table | Marked",
    *,
    order_matters: bool = False,
    extra_columns: bool = True,
    tolerance: float = FLOAT_TOLERANCE,
) -> Match:
    """Compare two results. A gold given as bare rows is taken to order strictly."""
    marked = gold if isinstance(gold, Marked) else Marked(table=gold)
    all_tied = marked.pool is not None and answer.num_rows == marked.pool.num_rows
    if marked.pool is not None and all_tied:
        # Naming every tied row is no worse than naming one of them.
        marked = Marked(table=marked.pool, ranks=marked.pool_ranks)
    if problem := _shape(answer, marked.table, extra_columns):
        return Match(is_equal=False, why=problem)
    if marked.pool is None:
        return _match_all(answer, marked, order_matters=order_matters, tolerance=tolerance)
    return _match_some(answer, marked, order_matters=order_matters, tolerance=tolerance)


def _shape(answer: "pa.Table", gold: "pa.Table", extra_columns: bool) -> str | None:
    if answer.num_rows != gold.num_rows:
        return f"{answer.num_rows} rows, gold has {gold.num_rows}"
    fits = answer.num_columns >= gold.num_columns
    if not fits or (answer.num_columns > gold.num_columns and not extra_columns):
        return f"{answer.num_columns} columns, gold has {gold.num_columns}"
    return None


def _match_all(
    answer: "pa.Table", marked: Marked, *, order_matters: bool, tolerance: float
) -> Match:
    """Compare with rows that are all wanted."""
    gold = marked.table
    given, wanted = columns_of(answer), columns_of(gold)
    candidates = [
        [at for at, column in enumerate(given) if same_bag(column, target, tolerance)]
        for target in wanted
    ]
    if (missing := _missing(gold, candidates)) is not None:
        return missing

    def fits(picked: Sequence[Row], rows: Sequence[Row]) -> bool:
        if not same_rows(picked, rows, tolerance=tolerance):
            return False
        return not order_matters or _in_order(picked, rows, marked.ranks, tolerance)

    if chosen := _laid(given, wanted, candidates, fits):
        return _equal(answer, chosen)
    ordered = " in gold's order" if order_matters else ""
    return Match(is_equal=False, why=f"the columns agree one by one, the rows do not{ordered}")


def _in_order(
    picked: Sequence[Row], rows: Sequence[Row], ranks: tuple[int, ...] | None, tolerance: float
) -> bool:
    if ranks is None:
        return same_rows(picked, rows, tolerance=tolerance, order_matters=True)
    return fits_ranks(picked, rows, ranks, ranks, tolerance=tolerance, order_matters=True)


def _match_some(
    answer: "pa.Table", marked: Marked, *, order_matters: bool, tolerance: float
) -> Match:
    """Compare with rows of which the limit takes some of the tied."""
    pool = marked.pool if marked.pool is not None else marked.table
    given, wanted = columns_of(answer), columns_of(pool)
    candidates = [
        [at for at, column in enumerate(given) if _within(column, target, tolerance)]
        for target in wanted
    ]
    if (missing := _missing(pool, candidates)) is not None:
        return missing

    def fits(picked: Sequence[Row], rows: Sequence[Row]) -> bool:
        return fits_ranks(
            picked,
            rows,
            marked.pool_ranks,
            marked.ranks or (),
            tolerance=tolerance,
            order_matters=order_matters,
        )

    if chosen := _laid(given, wanted, candidates, fits):
        return _equal(answer, chosen)
    return Match(is_equal=False, why="the rows are not gold's, ties at its limit allowed for")


def _laid(
    given: Sequence[Column],
    wanted: Sequence[Column],
    candidates: Sequence[Sequence[int]],
    fits: Callable[[Sequence[Row], Sequence[Row]], bool],
) -> tuple[int, ...] | None:
    """Return the answer columns whose rows fit gold's, or None."""
    tries = iter(range(_MAX_TRIES))

    def rows_fit(chosen: tuple[int, ...]) -> bool:
        if next(tries, None) is None:
            return False
        picked = list(zip(*(given[at] for at in chosen), strict=True))
        return fits(picked, list(zip(*wanted[: len(chosen)], strict=True)))

    return next(assignments(candidates, rows_fit), None)


def _missing(gold: "pa.Table", candidates: Sequence[Sequence[int]]) -> Match | None:
    for name, found in zip(gold.column_names, candidates, strict=True):
        if not found:
            return Match(is_equal=False, why=f"no column holds the values of gold's {name!r}")
    return None


def _equal(answer: "pa.Table", chosen: Sequence[int]) -> Match:
    names = tuple(answer.column_names[at] for at in chosen)
    return Match(is_equal=True, why="same rows", columns=names)


def _within(column: Column, pool: Column, tolerance: float) -> bool:
    """Return whether every value of a column may stand in the pool's column."""
    others = {exact(cell) for cell in pool if cell[0] != "number"}
    numbers = sorted(cell[1] for cell in pool if cell[0] == "number")
    return all(
        _near(cell, numbers, tolerance) if cell[0] == "number" else exact(cell) in others
        for cell in column
    )


def _near(cell: Cell, numbers: Sequence[float], tolerance: float) -> bool:
    at = bisect_left(numbers, cell[1])
    return any(same(cell, ("number", near), tolerance) for near in numbers[max(0, at - 1) : at + 1])
