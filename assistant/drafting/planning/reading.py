"""Tokens -> items: which words of a question mean what, each word used once, longest phrases first.

An item may keep several meanings (a metric and a dimension of the same name); the planner chooses
by the words around it. What no phrase explains stays an unknown item and is never dropped.
"""

from collections.abc import Sequence
from dataclasses import replace

from assistant.drafting.planning.candidates import ARTICLES, find_candidates, leftover
from assistant.drafting.planning.items import Item, Reading
from assistant.drafting.planning.language import Token, grammar
from assistant.drafting.planning.periods import Calendar
from assistant.drafting.planning.vocabulary import Phrase, Vocabulary, merge_compounds

_PRIORITY = (
    "period",
    "comparator",
    "metric",
    "adverb",
    "dimension",
    "operator",
    "value",
    "marker",
    "grain",
)


def merge_tokens(tokens: Sequence[Token], compounds: frozenset[Phrase]) -> list[Token]:
    """Join the tokens of hyphenated words the platform knows, and number them anew."""
    merged: list[Token] = []
    at = 0
    for word in merge_compounds([token.word for token in tokens], compounds):
        joined = "".join(token.word for token in tokens[at : at + word.count("-") + 1])
        size = word.count("-") + 1 if joined == word.replace("-", "") else 1
        raw = " ".join(token.raw for token in tokens[at : at + size])
        merged.append(Token(index=len(merged), raw=raw, word=word))
        at += size
    return merged


def read(
    tokens: Sequence[Token],
    vocabulary: Vocabulary,
    calendar: Calendar,
    *,
    without: frozenset[tuple[int, ...]] = frozenset(),
) -> Reading:
    """Give every token to one item, longest phrases first; `without` are not read as one."""
    found = [
        item
        for item in find_candidates(tokens, vocabulary, calendar)
        if item.indices not in without
    ]
    candidates = sorted(
        _without_torn_markers(found, vocabulary),
        key=lambda item: (
            -_weight(item, vocabulary),
            item.indices[-1] - item.indices[0] + 1 - len(item.indices),
            _rank(item),
            -len(item.indices),
            item.indices,
        ),
    )
    while True:
        reading = _choose(tokens, candidates, vocabulary)
        torn = next((item for item in reading.items if _is_torn(item, reading.items)), None)
        if torn is None:
            return reading
        candidates = [item for item in candidates if item.indices != torn.indices]


def _without_torn_markers(found: Sequence[Item], vocabulary: Vocabulary) -> list[Item]:
    """Drop metric phrases that take a word from a marker with its value (`departed from JFK`)."""
    values = {
        (item.indices[0], ref.dimension) for item in found for ref in item.values if item.values
    }
    places = {name for names in vocabulary.markers.values() for name in names}
    kept = {
        index
        for item in found
        if item.marker and any((item.indices[-1] + 1, name) in values for name in places)
        for index in item.indices
    }
    return [item for item in found if not item.metrics or kept.isdisjoint(item.indices)]


def _choose(tokens: Sequence[Token], candidates: Sequence[Item], vocabulary: Vocabulary) -> Reading:
    taken: set[int] = set()
    chosen: list[Item] = []
    for item in candidates:
        if taken.isdisjoint(item.indices):
            taken.update(item.indices)
            chosen.append(_merge(item, candidates))
    chosen += [leftover(token, vocabulary) for token in tokens if token.index not in taken]
    chosen = [_idle(item, chosen) for item in chosen]
    return Reading(items=tuple(sorted(chosen, key=lambda item: item.indices)))


def _idle(item: Item, chosen: Sequence[Item]) -> Item:
    """A marker with nothing behind it to mark is the function word it is made of."""
    if not item.marker or not grammar().function_words.issuperset(item.phrase):
        return item
    behind = item.indices[-1] + 1
    while any(other.indices[0] == behind and other.text.lower() in ARTICLES for other in chosen):
        behind += 1
    marks = any(
        other.indices[0] == behind and (other.values or other.dimensions) for other in chosen
    )
    return item if marks else replace(item, marker=(), is_filler=True)


def _is_torn(item: Item, items: Sequence[Item]) -> bool:
    """True where words inside a phrase change what it means (not, and, another metric)."""
    first, last = item.indices[0], item.indices[-1]
    if last - first + 1 == len(item.indices):
        return False
    inside = [other for other in items if other is not item and first < other.indices[0] < last]
    return not all(
        other.is_filler
        or other.values
        or other.period
        or other.marker
        or other.dimensions
        or other.grain
        or other.operator in ("each", "all", "highest", "lowest")
        for other in inside
    ) or any(other.metrics or other.is_unknown for other in inside)


def _weight(item: Item, vocabulary: Vocabulary) -> float:
    """How much an item explains; `how many` explains little, alone or in a metric's phrase."""
    if item.operator == "how_many" and not item.metrics:
        return 0.5
    operators = grammar().operators
    starts = [item.phrase[:n] for n in (1, 2, 3) if item.phrase[:n] not in vocabulary.entities]
    prefix = max((len(start) for start in starts if start in operators), default=0)
    return len(item.indices) - (prefix if item.metrics and prefix < len(item.phrase) else 0)


def _rank(item: Item) -> int:
    kinds = {
        "period": item.period,
        "comparator": item.comparator,
        "metric": item.metrics,
        "adverb": item.adverb,
        "dimension": item.dimensions or item.entity,
        "operator": item.operator,
        "value": item.values,
        "marker": item.marker,
        "grain": item.grain,
    }
    return next((rank for rank, kind in enumerate(_PRIORITY) if kinds[kind]), len(_PRIORITY))


def _merge(item: Item, candidates: Sequence[Item]) -> Item:
    """Collect all meanings of exactly these words in one item."""
    for other in candidates:
        if other is item or other.indices != item.indices:
            continue
        item = replace(
            item,
            metrics=item.metrics
            + tuple(name for name in other.metrics if name not in item.metrics),
            dimensions=item.dimensions or other.dimensions,
            values=item.values or other.values,
            marker=item.marker or other.marker,
            entity=item.entity or other.entity,
            operator=item.operator or other.operator,
            grain=item.grain or other.grain,
        )
    return item
