"""Connectors and operators: used up where they fit, else they stop the assembly."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from assistant.drafting.planning.board import LISTS, Board, Unread
from assistant.drafting.planning.measures import counts_things
from catalogue.model import Metric


def connectors(board: Board) -> None:
    """`and`, `versus` and commas are used up where both sides are of one kind."""
    kinds = {"metric", "value", "group", "period", "adverb"}
    for at, item in enumerate(board.items):
        if item.is_separator:
            board.used.add(at)
        if item.operator not in LISTS:
            continue
        if item.operator == "or" and not _is_in_a_list(board, at):
            continue
        left, right = _kind_towards(board, at, -1), _kind_towards(board, at, +1)
        if left == right and left in kinds:
            board.used.add(at)


def _is_in_a_list(board: Board, at: int) -> bool:
    """`JFK or LGA` is one condition; `from JFK or on Mondays` would be two, joined otherwise."""
    return any(positions[0] < at < positions[-1] for positions in board.lists)


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
    found = [board.vocabulary.metric(name) for name in metrics]
    for at, item in enumerate(board.items):
        fits = _FITS.get(item.operator or "")
        if fits and at not in board.used:
            place = _Place(board=board, at=at, metrics=found, groups=groups)
            if fits(place):
                board.used.add(at)


@dataclass(frozen=True, kw_only=True)
class _Place:
    """Where an operator stands, and what the query holds."""

    board: Board
    at: int
    metrics: Sequence[Metric]
    groups: Sequence[str]

    @property
    def after(self) -> str | None:
        return self.board.roles.get(self.at + 1)

    def is_before(self, *roles: str) -> bool:
        return self.after in roles

    @property
    def adds_up(self) -> bool:
        return all(metric.additive for metric in self.metrics)


def _is_inside_a_sum(place: _Place) -> bool:
    """`the total amount of all transactions`: a sum over all rows, spoken in pieces."""
    at = place.board.items[place.at].indices[-1] + 1
    spoken = (item for item in place.board.items if at in item.indices)
    return any(item.metrics for item in spoken) and not any(m.governed for m in place.metrics)


def _groups_or_agent(place: _Place) -> bool:
    return place.is_before("group", "adverb") or _names_an_agent(place.board, place.at)


def _counts(place: _Place) -> bool:
    countable = all(counts_things(metric) or metric.needs_time for metric in place.metrics)
    if place.board.items[place.at].text.lower() == "how much":
        countable = countable or all(metric.aggregation == "sum" for metric in place.metrics)
    items = place.board.items
    is_distinct = place.at + 1 < len(items) and items[place.at + 1].operator == "distinct"
    after = place.board.roles.get(place.at + 2) if is_distinct else place.after
    return countable and after in ("metric", "value", "marker")


def _asks_how(place: _Place) -> bool:
    """`How did the rate develop`: not of a count, where `how` asks for something else."""
    return bool(place.groups) or not any(metric.additive for metric in place.metrics)


def _keeps_to(place: _Place) -> bool:
    """`only United flights`; but `airlines that fly only to Boston` fly nowhere else."""
    beside = place.is_before("value", "marker") or place.board.roles.get(place.at - 1) == "value"
    return beside and not any(
        counts_things(metric) and not metric.additive for metric in place.metrics
    )


_FITS: dict[str, Callable[[_Place], bool]] = {
    "by": _groups_or_agent,
    "each": _groups_or_agent,
    "which": lambda place: not _asks_for_a_list(place.board, place.at),
    "how_many": _counts,
    "how": _asks_how,
    "total": lambda place: (
        place.adds_up and (place.after is None or place.is_before("metric", "value"))
    ),
    "overall": lambda place: not place.groups,
    "all": lambda place: place.is_before("metric", "period", "entity") or _is_inside_a_sum(place),
    "only": _keeps_to,
    "polite": lambda place: True,
    "aside": lambda place: True,
    "on_average": lambda place: all(metric.label.startswith("Average") for metric in place.metrics),
    "distinct": lambda place: not any(metric.additive for metric in place.metrics),
    "ordered": lambda place: bool(place.groups) and len(place.metrics) == 1,
    "compare": lambda place: bool(place.groups),
    "break_down": lambda place: bool(place.groups),
    "trend": lambda place: bool(place.groups),
    "rank": lambda place: bool(place.groups),
}
"""When each operator of the grammar is used up; one that is not listed never is."""


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
    behind = at + 2 if board.roles.get(at + 1) == "noun" else at + 1
    for other in (at - 1, behind):
        if 0 <= other < len(board.items) and any(
            _belongs(board, ref.dimension, entity) for ref in board.items[other].values
        ):
            return True
    return False
