"""Conditions: values of dimensions (where) and thresholds on metrics (having)."""

from collections.abc import Mapping, Sequence

from assistant.drafting.planning.board import LISTS, Ambiguous, Board, Unread
from assistant.drafting.planning.language import grammar, phrase_of
from assistant.drafting.planning.measures import allowed_dimensions, one_metric
from assistant.drafting.planning.roles import asks_for_group, value_beside
from assistant.drafting.planning.ungoverned import is_inferred, own_first, towards, way_of
from assistant.drafting.planning.vocabulary import ValueRef
from catalogue.model import Filter, Having, Metric, Scalar

DOMINANCE = 1000
"""So many times the rows make one reading of a value the only sensible one."""


def find_filters(board: Board, metrics: Sequence[str]) -> tuple[list[Filter], list[str]]:
    """Return the conditions on dimensions, and what to group by so that each value shows."""
    board.lists = lists = _value_lists(board)
    filters: list[Filter] = []
    groups: list[str] = []
    for positions in lists:
        dimension, values = _settled_values(board, positions, metrics)
        negated = _is_negated(board, positions[0])
        if negated and _goes_on(board, positions[-1]):
            raise Unread(board.texts("value"), "it is not clear how far the exclusion reaches")
        filters.append(_make_filter(dimension, values, negated=negated))
        if len(positions) > 1 and not negated and wants_each(board, positions, dimension):
            groups.append(dimension)
        board.used.update(positions)
    filters += _numbered_values(board, metrics)
    named = [each.dimension for each in filters]
    if len(set(named)) < len(named):
        raise Unread(board.texts("value"), "two conditions on the same thing")
    return filters, groups


def _goes_on(board: Board, at: int) -> bool:
    """`excluding Boston and United`: another value is joined to an exclusion it cannot share."""
    joints = range(at + 1, len(board.items))
    reached = [other for other in joints if board.roles[other] not in ("noun", "marker")]
    if not reached:
        return False
    joined = board.items[reached[0]].operator in LISTS or board.items[reached[0]].is_separator
    return joined and len(reached) > 1 and board.roles[reached[1]] == "value"


def _value_lists(board: Board) -> list[list[int]]:
    """Positions of values, those joined by and, or, versus or a comma together."""
    lists: list[list[int]] = []
    for at in board.of_role("value"):
        if lists and _is_value_list_between(board, lists[-1][-1], at):
            lists[-1].append(at)
        else:
            lists.append([at])
    return lists


def _is_value_list_between(board: Board, left: int, right: int) -> bool:
    between = [at for at in range(left + 1, right) if board.roles[at] not in ("noun", "marker")]
    if not between or not all(
        board.items[at].operator in LISTS or board.items[at].is_separator for at in between
    ):
        return False
    shared = {ref.dimension for ref in board.items[left].values} & {
        ref.dimension for ref in board.items[right].values
    }
    return bool(shared)


def _settled_values(
    board: Board, positions: Sequence[int], metrics: Sequence[str]
) -> tuple[str, list[str]]:
    per_item = [_find_refs(board, at, metrics) for at in positions]
    shared = set.intersection(*({ref.dimension for ref in refs} for refs in per_item))
    if not shared:
        raise Unread([board.items[at].text for at in positions], "no such value here")
    rows = {
        name: sum(
            board.vocabulary.rows_of(ref.dimension, ref.value)
            for refs in per_item
            for ref in refs
            if ref.dimension == name
        )
        for name in sorted(shared)
    }
    dimension = _one_dimension(board, positions[0], own_first(board, rows, metrics))
    values = [next(ref.value for ref in refs if ref.dimension == dimension) for refs in per_item]
    return dimension, list(dict.fromkeys(values))


def _find_refs(board: Board, at: int, metrics: Sequence[str]) -> list[ValueRef]:
    """The values an item may mean, by the marker before it and by what metrics can be cut by."""
    item, allowed = board.items[at], allowed_dimensions(board, metrics)
    refs = [ref for ref in item.values if ref.dimension in allowed]
    if grammar().evaluative.issuperset(item.phrase) and not _has_its_noun(board, at):
        raise Unread([item.text], "it names a value only beside the word for what it describes")
    if is_inferred(board, metrics):
        refs = towards(board, at, refs, allowed)
    marked = _marker_before(board, at)
    if marked is not None:
        refs = [ref for ref in refs if ref.dimension in marked]
    beside = next((other for other in (at - 1, at + 1) if board.roles.get(other) == "noun"), None)
    if beside is not None and value_beside(board, beside) == at:
        named = board.items[beside].dimensions
        near = {way_of(name) for name in named} if is_inferred(board, metrics) else set()
        refs = [ref for ref in refs if ref.dimension in named or way_of(ref.dimension) in near]
        board.used.add(beside)
    if not refs:
        raise Unread([board.items[at].text], "no such value in that role")
    return refs


def _has_its_noun(board: Board, at: int) -> bool:
    return any(
        board.roles.get(other) == "noun" and value_beside(board, other) == at
        for other in (at - 1, at + 1)
    )


def _marker_before(board: Board, at: int) -> tuple[str, ...] | None:
    before = at - 1
    while before >= 0 and board.roles[before] == "noun":
        before -= 1
    if before < 0 or board.roles[before] != "marker":
        return None
    board.used.add(before)
    return board.items[before].marker


def _one_dimension(board: Board, at: int, rows: Mapping[str, int]) -> str:
    """The dimension of these values: the only one, or the one nearly all rows have them in."""
    roles = _by_role(board, rows)
    first, *others = sorted(roles, key=lambda name: -rows[name])
    if not others:
        return first
    if rows[first] >= DOMINANCE * rows[others[0]]:
        label = board.vocabulary.catalogue.dimension(first).label.lower()
        board.notes.append(f"Read {board.items[at].text!r} as {label}.")
        return first
    key = f"value:{at}"
    if key in board.choices:
        return board.choices[key]
    raise Ambiguous(key, board.items[at].text, sorted(roles))


def _by_role(board: Board, rows: Mapping[str, int]) -> list[str]:
    """One dimension per role: those with the same markers mean the same thing by another name."""
    markers = board.vocabulary.markers
    roles: dict[object, str] = {}
    for name in sorted(rows, key=lambda name: -rows[name]):
        marked = frozenset(phrase for phrase, names in markers.items() if name in names)
        roles.setdefault(marked or name, name)
    return list(roles.values())


def _is_negated(board: Board, at: int) -> bool:
    before = at - 1
    while before >= 0 and board.roles[before] in ("noun", "marker"):
        before -= 1
    if before >= 0 and board.items[before].operator == "not":
        board.used.add(before)
        return True
    return False


def wants_each(board: Board, positions: Sequence[int], dimension: str = "") -> bool:
    """Whether a list of values asks for one number each; where that is open, ask back."""
    joints = {
        board.items[at].operator
        for at in range(positions[0] + 1, positions[-1])
        if board.items[at].operator in LISTS
    }
    grouped = any(dimension in board.items[at].dimensions for at in board.of_role("group"))
    if grouped or "or" in joints:
        return False
    if "versus" in joints or any(item.operator == "compare" for item in board.items):
        return True
    key = f"each:{positions[0]}"
    if key in board.choices:
        return board.choices[key] == "each"
    names = " and ".join(board.items[at].text for at in positions)
    raise Ambiguous(key, names, ("each", "together"))


def _numbered_values(board: Board, metrics: Sequence[str]) -> list[Filter]:
    """`flight number 1545`, `hour 8`: a number right behind the dimension it is a value of."""
    filters: list[Filter] = []
    for at in board.of_role("number"):
        item = board.items[at]
        noun = at - 1
        if noun < 0 or not board.items[noun].dimensions or item.number is None:
            continue
        if board.roles[noun] == "group" and asks_for_group(board, noun) and noun > 0:
            continue
        text = f"{item.number:g}"
        held = [
            name for name in board.items[noun].dimensions if board.vocabulary.rows_of(name, text)
        ]
        if len(held) == 1 and held[0] in allowed_dimensions(board, metrics):
            board.roles[noun] = "noun"
            board.used.update((at, noun))
            filters.append(Filter(dimension=held[0], op="=", values=(_number(item.number),)))
    return filters


def find_having(board: Board, groups: Sequence[str]) -> list[Having]:
    """Return the thresholds on metrics; a threshold needs groups to hold it against."""
    found: list[Having] = []
    for at in board.of_role("comparator"):
        number_at = at + 1
        if number_at >= len(board.items) or board.items[number_at].number is None:
            raise Unread([board.items[at].text], "a comparison needs a number")
        if not groups or not _has_subject(board, at) or len(group_items(board)) > 1:
            raise Unread(
                [board.items[at].text, board.items[number_at].text], "a threshold needs groups"
            )
        metric_at = _compared_metric(board, at)
        metric = board.vocabulary.metric(one_metric(board, metric_at))
        value = _threshold(board, number_at, metric)
        found.append(Having(metric=metric.name, op=board.items[at].comparator, value=value))  # type: ignore[arg-type]
        board.used.update((at, number_at))
    return found


def _has_subject(board: Board, at: int) -> bool:
    """`airlines with more than ...`: the groups stand before the comparison, and are not `each`."""
    return any(
        group < at and (group == 0 or board.items[group - 1].operator != "each")
        for group in board.of_role("group")
    )


def group_items(board: Board) -> list[int]:
    """Positions of everything that asks for groups."""
    return [*board.of_role("group"), *board.of_role("adverb")]


def _compared_metric(board: Board, at: int) -> int:
    """The metric right behind the number, or right before the comparison."""
    after, before = at + 2, at - 1
    is_metric = ("metric", "ranked_metric")
    if after < len(board.items) and board.roles[after] in is_metric:
        return after
    if before >= 0 and board.roles[before] in is_metric:
        return before
    raise Unread([board.items[at].text], "it is not clear what is compared")


def _threshold(board: Board, at: int, metric: Metric) -> float | int:
    item = board.items[at]
    assert item.number is not None
    is_percent = item.unit == "%"
    if metric.unit == "share":
        if item.unit not in ("", "%") or (not is_percent and item.number > 1):
            raise Unread([item.text], "a share is compared with a percentage")
        return item.number / 100 if is_percent else item.number
    if item.unit and phrase_of(item.unit) != phrase_of(metric.unit or ""):
        raise Unread([item.text], f"{metric.label} is not in that unit")
    return _number(item.number)


def _make_filter(dimension: str, values: Sequence[str], *, negated: bool) -> Filter:
    bound: tuple[Scalar, ...] = tuple(values)
    if len(values) == 1:
        return Filter(dimension=dimension, op="!=" if negated else "=", values=bound)
    return Filter(dimension=dimension, op="not in" if negated else "in", values=bound)


def _number(value: float) -> int | float:
    return int(value) if value == int(value) else value
