"""Items -> MetricQuery. Every item must find its role; one that does not stops the assembly."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import timedelta
from itertools import pairwise

from assistant.drafting.planning.board import Ambiguous, Board, Unread
from assistant.drafting.planning.conditions import find_filters, find_having, wants_each
from assistant.drafting.planning.dates import check_dates
from assistant.drafting.planning.leftovers import all_used, connectors, operators
from assistant.drafting.planning.measures import (
    allowed_dimensions,
    check_average,
    check_counting,
    find_metrics,
)
from assistant.drafting.planning.periods import Span
from assistant.drafting.planning.ranking import Rank, find_rank
from assistant.drafting.planning.roles import asks_for_group, settle_roles
from assistant.drafting.planning.ungoverned import check_time, is_inferred, one_way
from catalogue.house_time import is_moved
from catalogue.model import Filter, Having, Metric, MetricQuery, Period


def assemble(board: Board) -> MetricQuery:
    """Return the only query this reading allows, or raise Unread or Ambiguous."""
    if unknown := board.reading.unknown:
        raise Unread(unknown)
    settle_roles(board)
    metrics = find_metrics(board)
    period, period_groups = _find_period(board)
    filters, value_groups = find_filters(board, metrics)
    groups = _find_groups(board, metrics)
    for group in (*value_groups, *period_groups):
        if group not in groups:
            groups.append(group)
    having = find_having(board, groups)
    rank = find_rank(board, metrics, groups)
    connectors(board)
    operators(board, metrics, groups)
    check_counting(board, metrics, groups)
    check_average(board, metrics, groups)
    all_used(board)
    names = _with_needed(board, metrics, groups)
    _check_cuts(board, names, groups, filters)
    _check_conventions(board, names, groups)
    check_time(board, metrics, groups, period)
    check_dates(board, metrics, groups, filters, period)
    _check_period(board, metrics, period)
    _check_days(board, filters, period)
    _check_won(filters, groups, rank)
    return _build(board, names, groups, filters, having, period, rank)


def _find_period(board: Board) -> tuple[Period | None, list[str]]:
    found = board.of_role("period")
    spans = [span for at in found if (span := board.items[at].period) is not None]
    board.used.update(found)
    for at in found:
        if board.word_before(at) == "from":
            raise Unread(["from", board.items[at].text], "it is not clear until when")
    if len(spans) < 2:
        return (spans[0].period if spans else None), []
    return _joined_periods(board, found, spans)


def _joined_periods(
    board: Board, found: list[int], spans: list[Span]
) -> tuple[Period | None, list[str]]:
    """`June versus July`: neighbours become one range, grouped by their grain."""
    for left, right in pairwise(found):
        if not board.is_list_between(left, right):
            raise Unread([board.items[right].text], "two periods without a word that joins them")
    ordered = sorted(spans, key=lambda span: span.period.start)
    for left_span, right_span in pairwise(ordered):
        gap = right_span.period.start - left_span.period.end
        if gap != timedelta(days=1) or left_span.grain != right_span.grain:
            raise Unread(
                [board.items[at].text for at in found],
                "periods are compared only where they are neighbours",
            )
    whole = replace(ordered[0].period, end=ordered[-1].period.end)
    groups = [f"metric_time__{ordered[0].grain}"]
    return whole, groups if wants_each(board, found) else []


def _find_groups(board: Board, metrics: Sequence[str]) -> list[str]:
    groups: list[str] = []
    for at in board.of_role("group"):
        if at in board.used:
            continue
        if not asks_for_group(board, at):
            raise Unread([board.items[at].text], "it is not clear what this asks for")
        groups += [name for name in _group_names(board, at, metrics) if name not in groups]
        board.used.add(at)
    for at in board.of_role("adverb"):
        groups.append(f"metric_time__{board.items[at].adverb}")
        board.used.add(at)
    timed = any(group.startswith("metric_time__") for group in groups)
    if any(item.operator == "trend" for item in board.items) and not timed:
        groups.append("metric_time__month")
    return groups


def _group_names(board: Board, at: int, metrics: Sequence[str]) -> list[str]:
    allowed = allowed_dimensions(board, metrics)
    item = board.items[at]
    if item.dimensions:
        usable = [name for name in item.dimensions if name in allowed]
        if not usable:
            labels = ", ".join(
                board.vocabulary.catalogue.dimension(name).label for name in item.dimensions
            )
            raise Unread([item.text], f"this cannot be cut by {labels.lower()}")
        if is_inferred(board, metrics):
            return one_way(board, at, usable, metrics)
        # What a join adds is a name, what the facts hold is its code: the name reads better first.
        facts = {table for name in metrics for table in board.vocabulary.metric(name).tables}
        dimension = board.vocabulary.catalogue.dimension
        return sorted(usable, key=lambda name: dimension(name).table in facts)
    if item.entity and not item.grain:
        return [_of_entity(board, at, item.entity, allowed)]
    return [f"metric_time__{item.grain}"]


def _of_entity(board: Board, at: int, entity: str, allowed: set[str]) -> str:
    """`by airport`: the dimension that speaks of it, or a question back where several do."""
    catalogue = board.vocabulary.catalogue
    names = [
        dimension.name
        for dimension in catalogue.dimensions
        if dimension.name in allowed and dimension.label.lower().endswith(entity.lower())
    ]
    if not names:
        raise Unread([board.items[at].text], "it is not clear what this asks for")
    said = board.items[at - 1].phrase if at else ()
    marked = {name for word in said for name in board.vocabulary.markers.get((word,), ())}
    names = [name for name in names if name in marked] or names  # `from each airport`
    key = f"group:{at}"
    if len(names) == 1 or key in board.choices:
        return board.choices.get(key, names[0])
    raise Ambiguous(key, board.items[at].text, names)


def _with_needed(board: Board, metrics: Sequence[str], groups: list[str]) -> list[str]:
    """Add the month that a metric by period needs."""
    for name in metrics:
        metric = board.vocabulary.metric(name)
        grain = metric.period_grain or "month"
        times = [group for group in groups if group.startswith("metric_time__")]
        if metric.needs_time and not times:
            groups.insert(0, f"metric_time__{grain}")
        elif metric.period_grain and times and times != [f"metric_time__{metric.period_grain}"]:
            raise Unread([metric.label], f"it has a value by {metric.period_grain} only")
    return list(metrics)


def _check_cuts(
    board: Board, metrics: Sequence[str], groups: Sequence[str], filters: Sequence[Filter]
) -> None:
    allowed = allowed_dimensions(board, metrics)
    for name in (*groups, *(each.dimension for each in filters)):
        if not name.startswith("metric_time__") and name not in allowed:
            label = board.vocabulary.catalogue.dimension(name).label
            raise Unread(
                [label], f"{board.vocabulary.metric(metrics[0]).label} cannot be cut by it"
            )


def _check_conventions(board: Board, metrics: Sequence[str], groups: Sequence[str]) -> None:
    """What runs up or looks back is measured by the calendar alone."""
    conventions = board.vocabulary.catalogue.conventions
    moved = [name.removeprefix("metric_time__") for name in groups]
    moved = [grain for grain in moved if is_moved(grain, conventions)]
    for metric in map(board.vocabulary.metric, metrics):
        if moved and (metric.needs_time or metric.kind == "cumulative"):
            raise Unread(moved, f"{metric.label} is measured by calendar weeks, quarters and years")


def _check_period(board: Board, metrics: Sequence[str], period: Period | None) -> None:
    """A period outside the data gets a no, not a zero."""
    if period is None:
        return
    for name in metrics:
        held = board.vocabulary.data_range(board.vocabulary.metric(name))
        if held is None:
            continue
        outside = period.end < held.start or period.start > held.end
        begins_early = period.start.year < held.start.year
        is_open = {item.period.is_open for item in board.items if item.period}
        ends_late = period.end.year > held.end.year and "end" not in is_open
        if "start" in is_open and held.start < period.start:
            raise Unread([period.label], f"the data begins before: it covers {held.label}")
        if outside or begins_early or ends_late:
            raise Unread([period.label], f"the data covers {held.label}", is_final=True)


def _check_days(board: Board, filters: Sequence[Filter], period: Period | None) -> None:
    """`Friday 13 June`, `the weekend of 8 June`: one day and a kind of day are two claims."""
    if period is None or period.start != period.end:
        return
    for each in filters:
        label = board.vocabulary.catalogue.dimension(each.dimension).label.lower()
        if {"day", "week", "weekday", "weekend"} & set(label.split()):
            raise Unread([str(value) for value in each.values], "one day was named as well")


def _check_won(filters: Sequence[Filter], groups: Sequence[str], rank: Rank | None) -> None:
    """`Is United the most punctual airline?`: one filtered to cannot be ranked among others."""
    kept = {each.dimension for each in filters if each.op == "="}
    if rank is not None and kept & set(groups):
        raise Unread([str(each.values[0]) for each in filters if each.dimension in groups])


def _held_values(filters: Sequence[Filter], groups: Sequence[str]) -> list[Filter]:
    """A ranking ranks named groups: rows without a value are no group."""
    filtered = {each.dimension for each in filters}
    return [
        Filter(dimension=group, op="!=", values=(None,))
        for group in groups
        if not group.startswith("metric_time__") and group not in filtered
    ]


def _in_order(metric: Metric, word: str) -> str:
    """`worst first`: the metric's name, with a minus where the highest value leads."""
    if word in ("worst", "best") and metric.better == "neutral":
        raise Unread([word], f"nobody has said whether more {metric.label.lower()} is better")
    is_high = word in ("highest", "most", "descending")
    if word in ("worst", "best"):
        is_high = (metric.better == "higher") == (word == "best")
    return f"-{metric.name}" if is_high else metric.name


def _build(
    board: Board,
    metrics: Sequence[str],
    groups: Sequence[str],
    filters: Sequence[Filter],
    having: Sequence[Having],
    period: Period | None,
    rank: Rank | None,
) -> MetricQuery:
    order: tuple[str, ...] = ()
    limit = None
    names = list(metrics)
    if rank is not None:
        order = (f"-{rank.metric}" if rank.direction == "desc" else rank.metric,)
        limit = rank.count
        basis = board.vocabulary.metric(rank.metric).basis
        if (
            basis
            and basis not in names
            and basis.lower() in board.vocabulary.catalogue.metrics_by_name
        ):
            names.append(basis)
        filters = [*filters, *_held_values(filters, groups)]
    elif ordered := [item for item in board.items if item.operator == "ordered"]:
        order = (_in_order(board.vocabulary.metric(metrics[0]), ordered[0].phrase[0]),)
    elif any(item.operator == "rank" for item in board.items):
        order = (f"-{metrics[0]}",)
    elif times := [group for group in groups if group.startswith("metric_time__")]:
        order = tuple(times)
    elif groups and len(groups) <= 2:
        order = (f"-{metrics[0]}",)
    return MetricQuery(
        metrics=tuple(names),
        group_by=tuple(groups),
        where=tuple(filters),
        having=tuple(having),
        period=period,
        order_by=order,
        limit=limit,
    )
