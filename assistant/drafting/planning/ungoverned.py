"""What differs where nobody defined a metric: which way a word leads, and what has no time.

A word such as `city` may be a column of several tables around the one that is measured. The
table's own column is meant first; between others the asker chooses.
"""

from collections.abc import Mapping, Sequence
from collections.abc import Set as AbstractSet

from assistant.drafting.planning.board import Ambiguous, Board, Unread
from assistant.drafting.planning.language import word_of
from assistant.drafting.planning.vocabulary import ValueRef
from catalogue.infer.natures import word_lists
from catalogue.infer.words import parts_of
from catalogue.model import Metric, Period

_WAYS = {
    "to": frozenset(["to", "destination", "dest", "arrival", "receiver", "recipient", "target"]),
    "from": frozenset(["from", "origin", "source", "departure", "sender", "pickup"]),
}


def is_inferred(board: Board, metrics: Sequence[str]) -> bool:
    """True where one of these metrics was inferred and not declared."""
    return any(not board.vocabulary.metric(name).governed for name in metrics)


def one_way(board: Board, at: int, names: Sequence[str], metrics: Sequence[str]) -> list[str]:
    """Return the dimensions that a word means by one way from the measured table, or ask back."""
    ways: dict[str, list[str]] = {}
    for name in names:
        ways.setdefault(way_of(name), []).append(name)
    ways = {way: _key_last(board, found) for way, found in ways.items()}
    if len(ways) == 1:
        return next(iter(ways.values()))
    own = [way for way in ways if _is_own(board, ways[way][0], metrics)]
    if len(own) == 1:
        return ways[own[0]]
    key = f"way:{at}"
    if key in board.choices:
        return ways[way_of(board.choices[key])]
    raise Ambiguous(key, board.items[at].text, [found[0] for found in ways.values()])


def _key_last(board: Board, names: Sequence[str]) -> list[str]:
    """A name reads better in front of the key that tells namesakes apart."""
    catalogue = board.vocabulary.catalogue

    def is_key(name: str) -> bool:
        found = catalogue.dimension(name)
        return found.column in catalogue.tables_by_name[found.table.lower()].primary_key

    return sorted(names, key=is_key)


def counted_if_asked(board: Board, at: int, names: Sequence[str]) -> str | None:
    """`how many payments`: their number, where `payments` alone may also mean their amount."""
    catalogue = board.vocabulary.catalogue
    found = [catalogue.metric(name) for name in names]
    counts = [each.name for each in found if each.aggregation == "count" and not each.governed]
    return counts[0] if _asks_their_number(board, at) and len(counts) == 1 else None


def told_by_a_noun(board: Board, at: int, names: Sequence[str]) -> str | None:
    """`total amount of payments received`: of several such amounts the one of the rows named."""
    catalogue = board.vocabulary.catalogue
    candidates = [catalogue.metric(name) for name in names]
    if any(each.governed for each in candidates):
        return None
    nouns = {
        metric.tables
        for item in board.items
        if item is not board.items[at] and len(item.metrics) == 1
        for metric in [catalogue.metric(item.metrics[0])]
        if metric.aggregation == "count"
    }
    told = [each.name for each in candidates if each.tables in nouns]
    return told[0] if len(told) == 1 else None


def own_first(board: Board, rows: Mapping[str, int], metrics: Sequence[str]) -> dict[str, int]:
    """Of the dimensions that hold a value, those of the measured table itself, where it has any."""
    own = {name: count for name, count in rows.items() if _is_own(board, name, metrics)}
    return own if own and is_inferred(board, metrics) else dict(rows)


def towards(
    board: Board, at: int, refs: Sequence[ValueRef], allowed: AbstractSet[str]
) -> list[ValueRef]:
    """The values that `to Berlin` or `from Berlin` may mean, where rows know both ways.

    Who is from Rome may also live there; what went to Rome went to no customer's home.
    """
    word = board.word_before(at)
    ways = {name for name in allowed if _WAYS.get(word, frozenset()).intersection(parts_of(name))}
    kept = [ref for ref in refs if ref.dimension in ways]
    return kept if kept or (ways and word == "to") else list(refs)


def check_noun(board: Board, at: int, metric: Metric) -> None:
    """Rows are counted where they are spoken of in the plural or asked for by number."""
    item = board.items[at]
    is_plural = any(word_of(raw) != raw.lower() for raw in item.text.split())
    asked = at > 0 and board.items[at - 1].operator in ("how_many", "each", "by")
    named = item.phrase[-1:] == ("count",)
    if metric.aggregation == "count" and not (is_plural or asked or named):
        raise Unread([item.text], "it is not clear what of it is asked")
    if metric.aggregation == "count" and not metric.governed and _may_be_summed(board, at):
        raise Unread([item.text], "their number or their amount may be meant")


def _may_be_summed(board: Board, at: int) -> bool:
    """`sales by country`, `total payments`: money, unless it is their number that is asked for."""
    if _asks_their_number(board, at):
        return False
    before = board.items[at - 1].operator if at else None
    listed = word_lists()["money" if before == "total" else "mass"]
    return any(word in listed for word in board.items[at].phrase)


def _asks_their_number(board: Board, at: int) -> bool:
    before = board.items[at - 1] if at else None
    said = board.items[at].phrase[:1] + board.items[at].phrase[-1:]
    return "count" in said or (
        before is not None
        and (before.operator == "how_many" or before.text.lower() == "total number of")
    )


def way_of(dimension: str) -> str:
    """The joins that lead to a dimension: `order__customer` of `order__customer__city`."""
    return dimension.rpartition("__")[0]


def check_time(
    board: Board, metrics: Sequence[str], groups: Sequence[str], period: Period | None
) -> None:
    """A table without an event time has no periods."""
    timed = period is not None or any(name.startswith("metric_time") for name in groups)
    for name in metrics:
        metric = board.vocabulary.metric(name)
        if timed and not metric.governed and metric.time_column is None:
            words = [period.label] if period else ["time"]
            raise Unread(words, f"no date says when {metric.label.lower()} happened")


def _is_own(board: Board, dimension: str, metrics: Sequence[str]) -> bool:
    found = board.vocabulary.catalogue.dimension(dimension)
    tables = {table for name in metrics for table in board.vocabulary.metric(name).tables}
    return "__" not in way_of(dimension) and found.table in tables
