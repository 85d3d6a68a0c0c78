"""Connectors and operators: used up where they fit, else they stop the assembly."""

from collections.abc import Sequence

from assistant.drafting.planning.board import LISTS, Board, Unread
from catalogue.model import Metric


def connectors(board: Board) -> None:
    """`and`, `versus` and commas are used up where both sides are of one kind."""
    kinds = {"metric", "value", "group", "period", "adverb"}
    for at, item in enumerate(board.items):
        if item.is_separator:
            board.used.add(at)
        if item.operator not in LISTS:
            continue
        left, right = _kind_towards(board, at, -1), _kind_towards(board, at, +1)
        if left == right and left in kinds:
            board.used.add(at)


def _kind_towards(board: Board, at: int, step: int) -> str | None:
    """The role beside a connector, past separators, nouns, markers and grouping words."""
    at += step
    passing = ("separator", "noun", "marker")
    while 0 <= at < len(board.items) and (
        board.roles[at] in passing or board.items[at].operator in ("by", "each", "and")
    ):
        at += step
    return board.roles.get(at)


def operators(board: Board, metrics: Sequence[str], groups: Sequence[str]) -> None:
    """Use up operators where they fit."""
    for at, item in enumerate(board.items):
        if (
            item.operator
            and at not in board.used
            and _operator_fits(board, at, item.operator, metrics, groups)
        ):
            board.used.add(at)


def _operator_fits(
    board: Board, at: int, name: str, metrics: Sequence[str], groups: Sequence[str]
) -> bool:
    after = board.roles.get(at + 1)
    found = [board.vocabulary.metric(metric) for metric in metrics]
    if name in ("by", "each"):
        return after in ("group", "adverb") or _names_an_agent(board, at)
    if name == "which":
        return not _asks_for_a_list(board, at)
    if name == "how_many":
        return after in ("metric", "value", "marker") and all(
            _counts(metric) or metric.needs_time for metric in found
        )
    if name == "total":
        return after in ("metric", "value", None) and all(metric.additive for metric in found)
    if name == "overall":
        return not groups
    if name == "all":
        return after in ("metric", "period", "entity")
    if name == "only":
        return "value" in (after, board.roles.get(at - 1)) or after == "marker"
    if name in ("compare", "break_down", "trend", "rank"):
        return bool(groups)
    return False


def all_used(board: Board) -> None:
    """Stop where any item has no place."""
    entities = [at for at in board.of_role("entity") if _is_population(board, at)]
    board.used.update(entities)
    left = [board.items[at].text for at in range(len(board.items)) if at not in board.used]
    if left:
        raise Unread(left)


def _is_population(board: Board, at: int) -> bool:
    """An entity's noun beside a value of that entity, or behind `all`."""
    entity = board.items[at].entity or ""
    for other in (at - 1, at + 1):
        if 0 <= other < len(board.items) and any(
            _belongs(board, ref.dimension, entity) for ref in board.items[other].values
        ):
            return True
    return False


def _names_an_agent(board: Board, at: int) -> bool:
    """`seats offered by Delta`: a value behind `by` did it, where it is not a place or a time."""
    if board.items[at].operator != "by" or board.roles.get(at + 1) != "value":
        return False
    placed = {name for names in board.vocabulary.markers.values() for name in names}
    return not any(ref.dimension in placed for ref in board.items[at + 1].values)


def _asks_for_a_list(board: Board, at: int) -> bool:
    """`Which airlines fly to Boston?` wants names; a metric that counts airlines is no answer."""
    if at + 1 >= len(board.items):
        return False
    after = board.items[at + 1]
    is_next = after.indices[0] == board.items[at].indices[-1] + 1
    names_things = after.phrase[:1] in board.vocabulary.dimensions or after.entity is not None
    starts_with_entity = after.phrase[:1] in board.vocabulary.entities
    return bool(is_next and after.metrics and board.roles[at + 1] == "metric") and (
        names_things or starts_with_entity
    )


def _belongs(board: Board, dimension: str, entity: str) -> bool:
    """`JFK airport`, `Boeing aircraft`: the dimension is the entity's, or speaks of it by name."""
    found = board.vocabulary.catalogue.dimension(dimension)
    spoken = (found.entity, found.label, *found.synonyms)
    return any(entity.lower() in text.lower().replace("_", " ").split() for text in spoken)


def _counts(metric: Metric) -> bool:
    """True where `how many` may ask for it."""
    return metric.unit not in ("share", "minutes", None) and not metric.label.lower().startswith(
        "average"
    )
