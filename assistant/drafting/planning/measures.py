"""Which metrics a question asks for."""

from collections.abc import Sequence
from itertools import pairwise

from assistant.drafting.planning.board import LISTS, RANKS, Ambiguous, Board, Unread
from assistant.drafting.planning.language import grammar
from assistant.drafting.planning.ungoverned import check_noun, counted_if_asked, told_by_a_noun
from catalogue.catalogue import Catalogue
from catalogue.model import Metric


def find_metrics(board: Board) -> list[str]:
    """Return the metrics asked for, in the order they were named."""
    at_metrics = board.of_role("metric")
    ranked = board.of_role("ranked_metric")
    named = {at: one_metric(board, at) for at in at_metrics}
    if len(at_metrics) > 1:
        _drop_population(board, named)
    for at in ranked:
        if not named:
            named[at] = one_metric(board, at)
    if not named:
        raise Unread(board.texts(), "no metric was named")
    ordered = sorted(named)
    for at in ordered:
        if board.items[at].phrase[:1] == ("share",) and board.roles.get(at - 1) == "value":
            raise Unread([board.items[at].text], "it is not clear what it is a share of")
    for left, right in pairwise(ordered):
        if not board.is_list_between(left, right):
            raise Unread([board.items[right].text], "two metrics without a word that joins them")
    board.used.update(ordered)
    return list(dict.fromkeys(named[at] for at in ordered))


def one_metric(board: Board, at: int) -> str:
    """Return the one metric an item means, or ask back."""
    names = board.items[at].metrics
    if len(names) == 1:
        return names[0]
    told = counted_if_asked(board, at, names) or told_by_a_noun(board, at, names)
    if told is not None:
        return told
    key = f"metric:{at}"
    if key in board.choices:
        return board.choices[key]
    raise Ambiguous(key, board.items[at].text, names)


def check_counting(board: Board, metrics: Sequence[str], groups: Sequence[str]) -> None:
    """`destinations served by United` wants their names; only `how many` asks for their number."""
    for at in board.of_role("metric"):
        metric = board.vocabulary.metric(one_metric(board, at))
        check_noun(board, at, metric)
        if metric.kind != "simple" or metric.additive or not counts_things(metric) or groups:
            continue
        starts = {board.items[at].phrase[:size] for size in (1, 2, 3)}
        asked = any(item.operator == "how_many" for item in board.items)
        if not asked and starts.isdisjoint(grammar().operators):
            raise Unread([board.items[at].text], "their number is known, not a list of them")


def check_average(board: Board, metrics: Sequence[str], groups: Sequence[str]) -> None:
    """`average amount per member`: of each member's amounts, or of what members come to.

    `by member` asks for the first; of what does not add up nothing else can be meant.
    """
    catalogue = board.vocabulary.catalogue
    for metric in map(board.vocabulary.metric, metrics):
        added = {
            each.columns[:1]
            for each in catalogue.metrics
            if each.aggregation == "sum" and each.tables == metric.tables
        }
        if metric.governed or metric.aggregation != "average" or metric.columns[:1] not in added:
            continue
        for at in board.of_role("group"):
            names = set(board.items[at].dimensions) & set(groups)
            if board.items[at - 1].text.lower() == "per" and any(
                _tells_rows(catalogue, name) for name in names
            ):
                raise Unread([board.items[at].text], "an average of rows or of sums may be meant")


def _tells_rows(catalogue: Catalogue, dimension: str) -> bool:
    found = catalogue.dimension(dimension)
    return found.column in catalogue.tables_by_name[found.table.lower()].primary_key


def counts_things(metric: Metric) -> bool:
    """True where `how many` may ask for it."""
    is_mean = metric.label.lower().startswith("average")
    return metric.unit not in ("share", "minutes", None) and not is_mean


def _drop_population(board: Board, named: dict[int, str]) -> None:
    """`on-time rate of flights`: the flights are what the rate is of, not a second number."""
    for at in list(named):
        item = board.items[at]
        others = [other for other in named if other != at]
        if not others or item.phrase not in board.vocabulary.entities:
            continue
        if _joined_to_a_metric(board, at):
            continue
        if not (_is_what_it_is_of(board, at) or _is_measured_table(board, named, at)):
            continue
        is_defined = board.vocabulary.metric(named[at]).governed
        if is_defined and any(item.phrase[0] in board.items[other].phrase for other in others):
            continue
        if any(_shares_tables(board, named[at], named[other]) for other in others):
            del named[at]
            board.used.add(at)


def _is_measured_table(board: Board, named: dict[int, str], at: int) -> bool:
    """`How many different statuses do orders have?`: the rows that nobody asked to count."""
    counted, *others = (board.vocabulary.metric(named[n]) for n in (at, *(set(named) - {at})))
    before = board.items[at - 1].operator if at else None
    return (
        counted.aggregation == "count"
        and before != "how_many"
        and all(other.aggregation and other.tables == counted.tables for other in others)
    )


def _is_what_it_is_of(board: Board, at: int) -> bool:
    """`of flights`, `United flights`, `all flights`: named as a population, not as a number."""
    before = board.items[at - 1] if at else None
    if before is not None and (before.values or before.operator in ("all", "only")):
        return board.items[at].indices[0] - before.indices[-1] == 1
    return board.word_before(at) in ("of", "for", "on", "among", "across")


def _joined_to_a_metric(board: Board, at: int) -> bool:
    neighbours = [other for other in (at - 1, at + 1) if 0 <= other < len(board.items)]
    return any(
        board.items[other].operator in (*LISTS, *RANKS) or board.items[other].is_separator
        for other in neighbours
        if not _separates_clauses(board, other)
    )


def _separates_clauses(board: Board, at: int) -> bool:
    """A comma that does not stand between two metrics."""
    sides = [board.roles.get(at - 1), board.roles.get(at + 1)]
    return board.items[at].is_separator and sides != ["metric", "metric"]


def _shares_tables(board: Board, left: str, right: str) -> bool:
    first, second = board.vocabulary.metric(left), board.vocabulary.metric(right)
    return bool(set(first.tables) & set(second.tables))


def allowed_dimensions(board: Board, metrics: Sequence[str]) -> set[str]:
    """Return the dimensions that all these metrics can be cut by."""
    return set.intersection(*(set(board.vocabulary.metric(name).dimensions) for name in metrics))
