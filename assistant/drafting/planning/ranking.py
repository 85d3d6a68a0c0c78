"""Rankings: the worst, the top 5, airlines by flights."""

from collections.abc import Sequence
from dataclasses import dataclass

from assistant.drafting.planning.board import RANKS, Ambiguous, Board, Unread
from assistant.drafting.planning.conditions import group_items
from assistant.drafting.planning.items import Item
from assistant.drafting.planning.language import grammar, phrase_of
from assistant.drafting.planning.measures import one_metric
from assistant.drafting.planning.vocabulary import superlative_stem
from catalogue.model import Metric


@dataclass(frozen=True, kw_only=True)
class Rank:
    """Order by a metric and keep so many groups."""

    direction: str
    count: int | None
    metric: str


def find_rank(board: Board, metrics: Sequence[str], groups: Sequence[str]) -> Rank | None:
    """Return how groups are ranked, or None where nothing asks for it."""
    found = [at for at, item in enumerate(board.items) if item.operator in RANKS]
    if (extreme := _by_extreme(board, metrics, groups)) is not None:
        return extreme
    if not found:
        return _ordered_by(board, metrics, groups)
    if len(found) > 1 or not groups or len(group_items(board)) > 1:
        raise Unread([board.items[at].text for at in found], "a ranking needs groups to rank")
    at = found[0]
    if not _ranks_something(board, at) or _ranks_unasked(board, at):
        raise Unread([board.items[at].text], "it is not clear what is ranked")
    metric = _ranked_metric(board, at, metrics)
    direction = _find_direction(board, board.items[at], metric)
    board.used.add(at)
    count = _rank_count(board, at)
    if count is None and _wants_many(board, at):
        key = f"count:{at}"
        if key not in board.choices:
            raise Ambiguous(key, board.items[at].text, ("1", "5"))
        count = int(board.choices[key])
    return Rank(direction=direction, count=count or 1, metric=metric.name)


def _by_extreme(board: Board, metrics: Sequence[str], groups: Sequence[str]) -> Rank | None:
    """`Which product has the highest price?`: the row with it, where products have prices.

    Of another thing it is open whether the highest single value or the highest sum is meant.
    """
    found = [board.vocabulary.metric(name) for name in metrics]
    asked = any(item.operator == "which" for item in board.items)
    if not (asked and groups and any(metric.aggregation in ("max", "min") for metric in found)):
        return None
    dimensions = [board.vocabulary.catalogue.dimensions_by_name.get(name) for name in groups]
    tables = {each.table for each in dimensions if each is not None}
    if len(found) != 1 or None in dimensions or tables != set(found[0].tables):
        raise Unread([found[0].label], "the highest single value or the highest sum may be meant")
    groups_at = board.of_role("group")
    count = next((_rank_count(board, at) for at in groups_at), None)
    if count is None and any(board.items[at].is_plural for at in groups_at):
        raise Unread([board.items[groups_at[0]].text], "it is not clear how many are asked for")
    direction = "desc" if found[0].aggregation == "max" else "asc"
    return Rank(direction=direction, count=count or 1, metric=found[0].name)


def _ordered_by(board: Board, metrics: Sequence[str], groups: Sequence[str]) -> Rank | None:
    """`airlines by flights`: every group, the highest first."""
    for at, item in enumerate(board.items):
        if item.operator == "by" and board.roles.get(at + 1) == "metric" and at > 0:
            if board.roles.get(at - 1) != "group" or len(metrics) != 1:
                raise Unread([item.text], "it is not clear what is ordered")
            board.used.add(at)
            return Rank(direction="desc", count=None, metric=metrics[0])
    return None


def _ranks_something(board: Board, at: int) -> bool:
    """A ranking word must stand at its group, at its metric, or close the question."""
    nearby = {board.roles.get(at + 1), board.roles.get(at - 1)}
    closes = board.items[at].operator in ("top", "bottom") and not any(
        board.roles.get(later) in ("metric", "group") for later in range(at, len(board.items))
    )
    if closes and board.roles.get(at + 1) == "number":
        return True  # `seats offered by manufacturer, top 3`
    group_by_word = any(
        board.items[before].operator in ("by", "each")
        for group in board.of_role("group")
        if (before := group - 1) >= 0
    )
    counted = board.items[at + 1 : at + 2] and board.items[at + 1].operator == "how_many"
    return not group_by_word and bool(
        nearby & {"metric", "group", "number"} or board.items[at].metrics or counted
    )


def _ranks_unasked(board: Board, at: int) -> bool:
    """`on-time rate of the largest airline` ranks by something else than what it asks for."""
    if board.items[at].metrics:
        return False
    subjects = [at + 1, at + 2] if board.roles.get(at + 1) == "number" else [at + 1]
    ranks_group = any(board.roles.get(other) == "group" for other in subjects)
    return ranks_group and any(metric < at for metric in board.of_role("metric"))


def _ranked_metric(board: Board, at: int, metrics: Sequence[str]) -> Metric:
    names = board.items[at].metrics
    if names:
        metric = board.vocabulary.metric(one_metric(board, at))
        if metric.name not in metrics:
            raise Unread([board.items[at].text], "two rankings in one question")
        _use_by(board)
        return metric
    beside = [other for other in (at + 1, at - 1) if board.roles.get(other) == "metric"]
    counted = board.items[at + 1 : at + 2] and board.items[at + 1].operator == "how_many"
    if counted and board.roles.get(at + 2) == "metric":
        board.used.add(at + 1)
        beside = [at + 2]
    if beside:
        metric = board.vocabulary.metric(one_metric(board, beside[0]))
        _check_spelled_out(board, beside[0], metric)
        _check_size(board, at, metric, is_number=bool(counted))
        return metric
    if len(metrics) != 1:
        raise Unread([board.items[at].text], "it is not clear which metric ranks")
    for position in board.of_role("metric"):
        _check_spelled_out(board, position, board.vocabulary.metric(metrics[0]))
    _use_by(board)
    return board.vocabulary.metric(metrics[0])


def _use_by(board: Board) -> None:
    """The `by` of `by flights` or `by number of flights`, which names what ranks."""
    for position in board.of_role("metric"):
        before = position - 1
        if before > 0 and board.items[before].operator == "how_many":
            before -= 1
        if before >= 0 and board.items[before].operator == "by":
            board.used.add(before)


def _check_size(board: Board, at: int, metric: Metric, *, is_number: bool) -> None:
    """`the longest flights`, `the largest aircraft in use`: size is not how many there are."""
    sizes = {"long", "large", "big", "small", "short", "great"}
    word = board.items[at].phrase[-1] if board.items[at].phrase else ""
    if not sizes & set(superlative_stem(word)) or is_number or metric.unit == "share":
        return
    if metric.unit not in ("minutes", "hours", "days", "miles", "kilometres"):
        raise Unread([board.items[at].text], f"size says nothing of {metric.label.lower()}")


def _check_spelled_out(board: Board, at: int, metric: Metric) -> None:
    """`the highest departure delay` is one flight's; only the average of them ranks groups."""
    if metric.additive or metric.unit == "share" or metric.kind in ("ratio", "derived"):
        return
    aggregates = set(phrase_of(metric.label)) & grammar().aggregates
    if aggregates and not set(board.items[at].phrase) & {*grammar().aggregates, "p90"}:
        raise Unread(
            [board.items[at].text], f"the {metric.label.lower()} or the highest single value"
        )


def _find_direction(board: Board, item: Item, metric: Metric) -> str:
    if item.operator in ("highest", "top"):
        return "desc"
    if item.operator in ("lowest", "bottom"):
        return "asc"
    if metric.better == "neutral":
        raise Unread([item.text], f"nobody has said whether more {metric.label.lower()} is better")
    wants_high = (metric.better == "higher") == (item.operator == "best")
    return "desc" if wants_high else "asc"


def _rank_count(board: Board, at: int) -> int | None:
    """The number beside the ranking word, or beside the group it ranks."""
    places = [at - 1, at + 1] + [group - 1 for group in board.of_role("group")]
    for place in places:
        if board.roles.get(place) != "number" or place in board.used:
            continue
        number = None if board.items[place].unit else board.items[place].number
        if number is None or number != int(number) or not 1 <= number <= 10_000:
            raise Unread([board.items[place].text], "a ranking needs a whole number")
        board.used.add(place)
        return int(number)
    return None


def _wants_many(board: Board, at: int) -> bool:
    return board.items[at].operator in ("top", "bottom") or any(
        board.items[group].is_plural for group in board.of_role("group")
    )
