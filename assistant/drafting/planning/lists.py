"""Lists: `list the customers in Paris`, `which makes are there`: rows, or values of a column.

Only over one table that nobody has defined metrics for, filtered by its own columns, and only where
every word has its place; what else a question says makes it another question.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from assistant.drafting.planning.board import Board, Unread
from assistant.drafting.planning.conditions import find_filters
from assistant.drafting.planning.leftovers import connectors
from assistant.drafting.planning.ungoverned import way_of
from catalogue.model import Column, Dimension, Filter, Metric, Period, Table

MOST_COLUMNS = 12
_MOSTLY_UNIQUE = 0.9
_STARTS = ("list", "show", "display", "name", "enumerate")
_GIVES = (("give", "me"), ("give", "us"), ("show", "me"), ("tell", "me"))
_USED = frozenset(["all", "which", "distinct", "and", "or", "polite", "only"])


@dataclass(frozen=True, kw_only=True)
class Listing:
    """Rows of one table, or the values of one of its columns."""

    table: Table
    columns: tuple[Column, ...]
    where: tuple[Filter, ...] = ()
    """On dimensions of the table itself."""
    period: Period | None = None
    row_condition: str | None = None
    """What every row of the table must meet, as SQL."""
    is_distinct: bool = False


def find_listing(board: Board, question: str) -> Listing | None:
    """Return what a question wants listed, or None where it asks for something else."""
    if not _wants_list(board, question):
        return None
    nouns = [at for at, item in enumerate(board.items) if _counts(board, at)]
    listed = [at for at in board.of_role("group") if at not in nouns]
    if len(nouns) > 1 or len(listed) > 1 or not (nouns or listed):
        return None
    subject = _metric(board, nouns[0]) if nouns else None
    column = _column(board, listed[0], subject) if listed else None
    if listed and column is None:
        return None
    count = subject or _count_of(board, column)
    if count is None:
        return None
    board.used.update([*nouns, *listed])
    try:
        return _filled(board, count, column, is_distinct=subject is None)
    except Unread:
        return None


def _wants_list(board: Board, question: str) -> bool:
    words = tuple(question.lower().replace(",", " ").split())
    return words[0] in _STARTS or words[:2] in _GIVES or _asks_which(board, words)


def _asks_which(board: Board, words: Sequence[str]) -> bool:
    """`Which makes are there?`: with nothing but a noun and its conditions behind it."""
    ends = " ".join(words).rstrip("?. ")
    exists = ends.endswith((" are there", " exist", " do we have", " are available", " is there"))
    first = board.items[0].operator if board.items else None
    return first == "which" and (exists or words[:3] == ("what", "are", "the"))


def _counts(board: Board, at: int) -> bool:
    metric = _metric(board, at)
    return metric is not None and metric.aggregation == "count"


def _metric(board: Board, at: int) -> Metric | None:
    names = board.items[at].metrics
    return board.vocabulary.metric(names[0]) if len(names) == 1 else None


def _column(board: Board, at: int, subject: Metric | None) -> Dimension | None:
    """The one column of its own table that a word names; of the table listed where one is."""
    catalogue = board.vocabulary.catalogue
    found: dict[tuple[str, str], Dimension] = {}
    for name in board.items[at].dimensions:
        each = catalogue.dimension(name)
        if "__" not in way_of(name) and (subject is None or (each.table,) == subject.tables):
            found.setdefault((each.table, each.column), each)
    return next(iter(found.values())) if len(found) == 1 else None


def _count_of(board: Board, column: Dimension | None) -> Metric | None:
    """The metric that counts the rows of a column's table, for what they must meet."""
    counts = (
        metric
        for metric in board.vocabulary.catalogue.metrics
        if metric.aggregation == "count" and column is not None
        if metric.tables == (column.table,)
    )
    return next(counts, None)


def _filled(board: Board, count: Metric, column: Dimension | None, *, is_distinct: bool) -> Listing:
    catalogue = board.vocabulary.catalogue
    table = catalogue.tables_by_name[count.tables[0].lower()]
    filters, _ = find_filters(board, [count.name])
    periods = [item.period.period for item in board.items if item.period]
    if len(periods) > 1 or (periods and count.time_column is None):
        raise Unread(board.texts("period"))
    for each in filters:
        if catalogue.dimension(each.dimension).table != table.full_name:
            raise Unread([str(value) for value in each.values])
    connectors(board)
    _check_used(board)
    named = table.column(column.column) if column is not None else None
    return Listing(
        table=table,
        columns=(named,) if named is not None else _shown(table),
        where=tuple(filters),
        period=periods[0] if periods else None,
        row_condition=count.row_condition,
        is_distinct=is_distinct or (named is not None and _repeats(named, table)),
    )


def _check_used(board: Board) -> None:
    roles = ("period", "noun", "separator")
    left = [
        item.text
        for at, item in enumerate(board.items)
        if at not in board.used
        and board.roles[at] not in roles
        and (item.operator not in _USED or item.metrics or item.dimensions)
    ]
    if left:
        raise Unread(left)


def _repeats(column: Column, table: Table) -> bool:
    """`the reasons for returns` are few; `the names of customers` are one of each customer."""
    distinct = column.profile.distinct if column.profile else None
    return distinct is not None and distinct < _MOSTLY_UNIQUE * (table.row_count or 0)


def _shown(table: Table) -> tuple[Column, ...]:
    """The columns of a row that may be shown, the first ones."""
    plain = [
        column
        for column in table.columns
        if not column.is_sensitive and column.name != table.loaded_at
    ]
    return tuple(plain[:MOST_COLUMNS])


def dimension_columns(listing: Listing, dimensions: Mapping[str, Dimension]) -> dict[str, Column]:
    """Return the column behind each filter of a listing."""
    found = {}
    for each in listing.where:
        column = listing.table.column(dimensions[each.dimension.lower()].column)
        assert column is not None
        found[each.dimension] = column
    return found
