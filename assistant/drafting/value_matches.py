"""Which indexed values a question may mean: the same words, part of a name, or nearly so."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Protocol

from rapidfuzz.distance import OSA

MOST_MATCHES = 12
_PER_DIMENSION = 3
_SHORTEST_PART = 4
_MOST_SHARING = 5
"""A word that more values share says nothing about which is meant."""
_LONG = 8
_WORD = re.compile(r"\w+")


class Values(Protocol):
    """The value index, within the asker's grant: value -> rows, the most frequent first."""

    def of_dimension(self, name: str) -> Mapping[str, int]: ...


@dataclass(frozen=True, kw_only=True)
class Match:
    """A value of a dimension that a question may mean."""

    dimension: str
    value: str
    score: float
    """100 is the very words of the value."""


def words(text: str) -> frozenset[str]:
    """Return the words of a text, folded; names joined by underscores count whole and in parts."""
    found = _WORD.findall(text.casefold())
    return frozenset(found) | frozenset(part for word in found for part in word.split("_") if part)


def matches(question: str, values: Mapping[str, Mapping[str, int]]) -> list[Match]:
    """Return the likeliest values by dimension name, best first; frequent ones win ties."""
    asked = tuple(_WORD.findall(question.casefold()))
    found: list[Match] = []
    for dimension, counts in values.items():
        near = sorted(_near(asked, dimension, counts), key=lambda match: -match.score)
        found += near[:_PER_DIMENSION]
    return sorted(found, key=lambda match: -match.score)[:MOST_MATCHES]


def nearest_values(written: str, known: Mapping[str, int], *, at_most: int) -> list[str]:
    """Return the values that a written one may stand for: itself in another case, or near ones.

    Near is a value whose words hold all the written ones, or one that is nearly spelled so.
    """
    folded = written.casefold()
    if same := [value for value in known if value.casefold() == folded]:
        return same[:at_most]
    parts = frozenset(_WORD.findall(folded))
    holding = [value for value in known if parts and parts <= words(value)]
    if holding:
        return holding[:at_most]
    spelled = [(value, words(value)) for value in known]
    near = [
        value
        for value, own in spelled
        if parts and all(any(_is_near(part, word) for word in own) for part in parts)
    ]
    return near[:at_most]


def _near(asked: tuple[str, ...], dimension: str, counts: Mapping[str, int]) -> Iterator[Match]:
    spelled = {value: tuple(_WORD.findall(value.casefold())) for value in counts}
    sharing: dict[str, int] = {}
    for parts in spelled.values():
        for part in set(parts):
            sharing[part] = sharing.get(part, 0) + 1
    telling = {
        part
        for part, many in sharing.items()
        if len(part) >= _SHORTEST_PART and many <= _MOST_SHARING and not part.isdigit()
    }
    said = {part for word in asked for part in telling if _is_near(word, part)}
    for value, parts in spelled.items():
        if parts and _holds(asked, parts):
            yield Match(dimension=dimension, value=value, score=100.0)
        elif part := said.intersection(parts):
            yield Match(dimension=dimension, value=value, score=50.0 + 10.0 * len(part))


def _is_near(word: str, part: str) -> bool:
    if word == part:
        return True
    if min(len(word), len(part)) < _SHORTEST_PART:
        return False
    slips = 2 if len(part) >= _LONG else 1
    return OSA.distance(word, part, score_cutoff=slips) <= slips


def _holds(asked: tuple[str, ...], parts: tuple[str, ...]) -> bool:
    wide = len(parts)
    return any(asked[start : start + wide] == parts for start in range(len(asked) - wide + 1))
