"""Values that a model wrote -> values that exist, decided here; nothing of it is sent.

A filter on a value that no row has answers 0 with confidence, so none is let through.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from assistant.answer import Finding
from assistant.drafting.value_matches import Values, nearest_values, words
from catalogue.catalogue import Catalogue
from catalogue.model import Filter, MetricQuery, Scalar

_BY_VALUE = frozenset({"=", "!=", "in", "not in"})
_MOST_READINGS = 4


class NoSuchValue(Exception):
    """A filter names a value that no row has; the text is for the asker."""


@dataclass(frozen=True, kw_only=True)
class Grounded:
    """A query whose values exist, and what was read differently."""

    query: MetricQuery
    findings: tuple[Finding, ...] = ()


@dataclass(frozen=True, kw_only=True)
class Ambiguous:
    """A value that may be one of several."""

    question: str
    readings: tuple[tuple[str, MetricQuery], ...]
    """A label and the query it means."""


def ground(query: MetricQuery, catalogue: Catalogue, values: Values) -> Grounded | Ambiguous:
    """Bind the values of equality filters to those in the index; raise NoSuchValue without one.

    A dimension that is not indexed is left alone: nothing is known of its values.
    """
    findings: list[Finding] = []
    for place, condition in enumerate(query.where):
        if condition.op not in _BY_VALUE:
            continue
        for index, value in enumerate(condition.values):
            if value is None or not values.of_dimension(query.where[place].dimension):
                continue
            readings = _readings(query, place, index, catalogue, values)
            if len(readings) > 1:
                asked = f"{value!r} can mean {len(readings)} things here. Which one?"
                return Ambiguous(question=asked, readings=tuple(readings))
            label, query = readings[0]
            if label:
                findings.append(
                    Finding(
                        level="info", code="value_read", message=f"Read {value!r} as {label!r}."
                    )
                )
    return Grounded(query=query, findings=tuple(findings))


def _readings(
    query: MetricQuery, place: int, index: int, catalogue: Catalogue, values: Values
) -> list[tuple[str, MetricQuery]]:
    """Return what one value may mean: itself (without a label), a value like it, or elsewhere."""
    condition = query.where[place]
    written = str(condition.values[index])
    known = values.of_dimension(condition.dimension)
    if written in known:
        return [("", query)]
    near = nearest_values(written, known, at_most=_MOST_READINGS)
    own = [(value, _with_value(query, place, index, value)) for value in near]
    if len(own) == 1:
        return own
    moved = _elsewhere(query, place, catalogue, values) if len(condition.values) == 1 else []
    if not (moved or own):
        label = _label(condition.dimension, catalogue)
        raise NoSuchValue(f"No value of {label} is like {written!r}.")
    return moved or own


def _elsewhere(
    query: MetricQuery, place: int, catalogue: Catalogue, values: Values
) -> list[tuple[str, MetricQuery]]:
    """Return the same filter on other dimensions that hold the value, the likest names first."""
    condition = query.where[place]
    written = str(condition.values[0]).casefold()
    found: list[tuple[int, str, Filter]] = []
    for name in _shared_dimensions(query, catalogue):
        same = [each for each in values.of_dimension(name) if each.casefold() == written]
        if name == condition.dimension or not same:
            continue
        likeness = len(words(name) & words(condition.dimension))
        moved = replace(condition, dimension=name, values=(same[0],))
        found.append((likeness, f"{_label(name, catalogue)} {same[0]}", moved))
    best = max((likeness for likeness, _, _ in found), default=0)
    return [
        (label, _with_filter(query, place, moved))
        for likeness, label, moved in found
        if likeness == best
    ][:_MOST_READINGS]


def _shared_dimensions(query: MetricQuery, catalogue: Catalogue) -> Sequence[str]:
    first, *others = (catalogue.metric(name).dimensions for name in query.metrics)
    return [name for name in first if all(name in accepted for accepted in others)]


def _with_value(query: MetricQuery, place: int, index: int, value: Scalar) -> MetricQuery:
    condition = query.where[place]
    bound = (*condition.values[:index], value, *condition.values[index + 1 :])
    return _with_filter(query, place, replace(condition, values=bound))


def _with_filter(query: MetricQuery, place: int, condition: Filter) -> MetricQuery:
    return replace(query, where=(*query.where[:place], condition, *query.where[place + 1 :]))


def _label(dimension: str, catalogue: Catalogue) -> str:
    known = catalogue.dimensions_by_name.get(dimension.lower())
    return (known.label if known else "") or dimension
