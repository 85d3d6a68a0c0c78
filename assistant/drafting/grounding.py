"""Values that a model wrote -> values that exist, decided here; nothing of it is sent.

A filter on a value that does not exist answers 0 with confidence, so none is let through.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace

from assistant.answer import Finding
from assistant.drafting.value_matches import Values, nearest_values
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


@dataclass
class _Work:
    """The filters so far; the first ambiguity ends it."""

    findings: list[Finding] = field(default_factory=list)


def ground(query: MetricQuery, catalogue: Catalogue, values: Values) -> Grounded | Ambiguous:
    """Bind the values of equality filters to those in the index; raise NoSuchValue without one.

    A dimension that is not indexed is left alone: nothing is known of its values.
    """
    done: list[Filter] = []
    findings: list[Finding] = []
    for position, condition in enumerate(query.where):
        known = values.of_dimension(condition.dimension)
        if condition.op not in _BY_VALUE or not known:
            done.append(condition)
            continue
        bound: list[Scalar] = []
        for value in condition.values:
            choices = _choices(value, known)
            if len(choices) != 1:
                moved = _elsewhere(query, position, value, catalogue, values)
                if moved is not None:
                    return moved if isinstance(moved, Ambiguous) else ground_again(moved, catalogue, values)
                if not choices:
                    raise NoSuchValue(_absent(value, condition, catalogue))
                return _ambiguous(query, position, value, choices)
            bound.append(choices[0])
            if str(choices[0]).casefold() != str(value).casefold():
                findings.append(_read(value, choices[0]))
        done.append(replace(condition, values=tuple(bound)))
    return Grounded(query=replace(query, where=tuple(done)), findings=tuple(findings))
