"""Which of a row's dates a period means where nobody defined it: one, or the question stays open.

The period of an inferred count goes by the table's event time. Where the question speaks of what
another column dates, an answer by the event time would be another number than was asked for.
"""

from collections.abc import Sequence

from assistant.drafting.planning.board import Board, Unread
from assistant.drafting.planning.measures import allowed_dimensions, one_metric
from assistant.drafting.planning.ungoverned import is_inferred
from catalogue.infer.natures import word_lists
from catalogue.infer.words import parts_of
from catalogue.model import Column, Filter, Metric, Period

_LEFT = frozenset(["left", "leave", "leaving", "exit", "termination", "terminated", "resigned",
                   "resignation", "separation", "churned"])  # fmt: skip
"""Words of a column that says since when somebody is no longer there."""
_BEGINS = frozenset(["joined", "join", "registered", "registration", "created", "creation", "since",
                     "signup", "hired", "hire", "opened", "onboarded", "first"])  # fmt: skip


def check_dates(
    board: Board,
    metrics: Sequence[str],
    groups: Sequence[str],
    filters: Sequence[Filter],
    period: Period | None,
) -> None:
    """`orders delivered in June`: of two dates that a row has, the question may mean either.

    And what is new is new in some period: without one, `new customers` says nothing of time.
    """
    timed = period is not None or any(name.startswith("metric_time") for name in groups)
    for at in board.of_role("metric") if is_inferred(board, metrics) else ():
        refs = board.vocabulary.value_refs.get(("new",), ())
        is_kind = any(ref.dimension in allowed_dimensions(board, metrics) for ref in refs)
        if board.items[at].phrase[:1] == ("new",) and (is_kind or not timed):
            raise Unread([board.items[at].text], "it is not clear in which period they are new")
    if not timed:
        return
    for at in board.of_role("metric"):
        _check_stock(board, at, period)
    for metric in map(board.vocabulary.metric, metrics):
        said = [str(value) for each in filters for value in each.values]
        if not metric.governed and (other := _other_date(board, metric, said)):
            raise Unread([period.label if period else "time"], f"it may be meant of {other} too")


def _check_stock(board: Board, at: int, period: Period | None) -> None:
    """`employees in 2022`: those hired then, or those who were there."""
    item = board.items[at]
    metric = board.vocabulary.metric(one_metric(board, at))
    is_bare = item.phrase in board.vocabulary.entities and metric.aggregation == "count"
    if metric.governed or not is_bare:
        return
    begins = parts_of((metric.time_column or "").rpartition(".")[2])
    stays = period is not None and item.phrase[-1] in word_lists()["lasting"]
    ends = {word for column in _columns(board, metric) for word in parts_of(column.name)}
    if _LEFT & ends or (stays and _BEGINS.intersection(begins)):
        raise Unread([item.text], "those who came then may be meant, or those who were there")


def _columns(board: Board, metric: Metric) -> list[Column]:
    known = board.vocabulary.catalogue.tables_by_name
    return [column for name in metric.tables for column in known[name.lower()].columns]


def _other_date(board: Board, metric: Metric, said: Sequence[str]) -> str | None:
    """The column that dates what a value says: `delivered_at` of the status `delivered`."""
    for column in _columns(board, metric):
        is_dated = column.data_type.upper().startswith(("DATE", "TIMESTAMP"))
        if is_dated and not (metric.time_column or "").endswith(f".{column.name}"):
            spoken = [word for text in said for word in parts_of(text)]
            if any(_dates(part, word) for part in parts_of(column.name) for word in spoken):
                return column.name
    return None


def _dates(part: str, word: str) -> bool:
    """True where a column's word and a value's are one verb: `shipped` and `ship date`."""
    stem = {"paid": "paym"}.get(word, word)[:4]
    return word.endswith(("ed", "paid")) and len(part) > 3 and part.startswith(stem)
