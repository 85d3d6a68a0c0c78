"""The one role of each item, by the words around it."""

from assistant.drafting.planning.board import RANKS, Board, entity_of
from assistant.drafting.planning.items import Item

ASKS_FOR_GROUPS = ("by", "each", "which", "compare", "rank")


def settle_roles(board: Board) -> None:
    """Give every item its role, left to right."""
    for at, item in enumerate(board.items):
        board.roles[at] = _role(board, at, item)


def _role(board: Board, at: int, item: Item) -> str:
    """The one thing an item is, by the words around it."""
    if item.period:
        return "period"
    if item.comparator:
        return "comparator"
    if item.metrics and item.operator:
        return "ranked_metric"
    asked = asks_for_group(board, at)
    if counts_or_groups(board, item) and (role := _counted_or_grouped(board, at, asked=asked)):
        return role
    if item.metrics and not (_names_groups(item) and asked and not _is_only_metric(board, at)):
        return "metric"
    if role := _group_or_noun(board, at, item, asked=asked):
        return role
    for kind in ("values", "adverb", "operator", "marker", "entity"):
        if getattr(item, kind):
            return "value" if kind == "values" else kind
    return "number" if item.number is not None else "separator"


def counts_or_groups(board: Board, item: Item) -> bool:
    """True where a noun may be counted or grouped by, and nobody has defined which."""
    metric = board.vocabulary.catalogue.metrics_by_name.get
    found = [each for name in item.metrics if (each := metric(name.lower()))]
    return bool(item.dimensions and found) and not any(each.governed for each in found)


def _counted_or_grouped(board: Board, at: int, *, asked: bool) -> str | None:
    """Of several such nouns, and without another metric, one is counted and the rest group."""
    counted = _counted(board)
    if counted == at:
        return "metric"
    if asked:
        return "group" if counted is not None else None
    return "noun" if counted is not None and _beside_its_value(board, at) else None


def _counted(board: Board) -> int | None:
    """Position of the noun whose rows are counted; -1 where another metric is asked for."""
    items = board.items
    nouns = [at for at, item in enumerate(items) if counts_or_groups(board, item)]
    before = {at: items[at - 1].operator if at else None for at in nouns}
    if (asked := [at for at in nouns if before[at] == "how_many"]) != []:
        return asked[0]
    if any(item.metrics for at, item in enumerate(items) if at not in nouns):
        return -1
    if (ranked := [at for at in nouns if before[at] in ("highest", "lowest")]) != []:
        return ranked[0] if len(nouns) > 1 else None
    by = [at for at in nouns if before[at] in ("by", "each")]
    if any(item.operator in RANKS for item in items):
        return by[0] if len(nouns) > 1 and by else None
    rest = [at for at in nouns if at not in by and before[at] != "which"]
    return rest[0] if by and len(rest) == 1 else None


def _names_groups(item: Item) -> bool:
    return bool(item.dimensions or item.grain)


def _group_or_noun(board: Board, at: int, item: Item, *, asked: bool) -> str | None:
    """Whether a dimension's word asks for groups, or only names the kind of a value beside it."""
    if item.entity and asked:
        return "group"
    if not _names_groups(item) or (item.values and not asked):
        return None
    return "noun" if _beside_its_value(board, at) and not asked else "group"


def asks_for_group(board: Board, at: int) -> bool:
    """True where the words around ask for groups: by, each, which, top 5, the busiest."""
    before = _before_its_value(board, at)
    if before is None:
        return _heads_a_condition(board, at)
    item = board.items[before]
    if item.metrics and before > 0 and board.items[before - 1].operator in RANKS:
        return before == at - 1 and not item.dimensions  # `the most punctual airline`
    if item.operator in (*ASKS_FOR_GROUPS, *RANKS):
        return True
    if item.number is not None:
        earlier = board.items[before - 1].operator if before > 0 else None
        return before == 0 or earlier in (*ASKS_FOR_GROUPS, *RANKS)
    if item.operator == "and" or item.is_separator:
        return before > 0 and board.roles.get(before - 1) == "group"
    return False


def _is_only_metric(board: Board, at: int) -> bool:
    """`the most precipitation`: behind a ranking word, where nothing else could be ranked."""
    ranked = at > 0 and board.items[at - 1].operator in RANKS
    return ranked and not any(item.metrics for item in board.items if item is not board.items[at])


def _before_its_value(board: Board, at: int) -> int | None:
    """The item before, past a value of the same thing: `top 5 Airbus models`."""
    before = at - 1
    own = {entity_of(name) for name in board.items[at].dimensions}
    while before >= 0 and board.items[before].values and before == at - 1 and before > 0:
        refs = {entity_of(ref.dimension) for ref in board.items[before].values}
        if not own & refs:
            break
        before -= 1
    return before if before >= 0 else None


def _beside_its_value(board: Board, at: int) -> bool:
    """`Boeing aircraft`, `airline United`: the noun names what kind of value is beside it."""
    return value_beside(board, at) is not None


def value_beside(board: Board, at: int) -> int | None:
    """Return the position of a value of the same entity next to a noun."""
    own = {entity_of(name) for name in board.items[at].dimensions}
    for other in (at - 1, at + 1):
        if not 0 <= other < len(board.items) or not board.items[other].values:
            continue
        if own & {entity_of(ref.dimension) for ref in board.items[other].values}:
            return other
    return None


def _heads_a_condition(board: Board, at: int) -> bool:
    """`airlines with more than 50,000 flights`, `the airline with the most flights`."""
    if at + 1 >= len(board.items):
        return False
    after = board.items[at + 1]
    if after.operator == "by":
        return at + 2 < len(board.items) and bool(board.items[at + 2].metrics)
    has_threshold = after.metrics and at + 2 < len(board.items) and board.items[at + 2].comparator
    return bool(after.comparator or after.operator in RANKS or has_threshold)
