"""Tokens -> items: which words of a question mean what, each word used once, longest phrases first.

An item may keep several meanings (a metric and a dimension of the same name); the planner chooses
by the words around it. What no phrase explains stays an unknown item and is never dropped.
"""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace

from assistant.drafting.planning.language import Token, common_words, grammar, number_of
from assistant.drafting.planning.periods import Calendar, Span
from assistant.drafting.planning.vocabulary import (
    MANY_VALUES,
    Phrase,
    ValueRef,
    Vocabulary,
    merge_compounds,
    superlative_stem,
)

LONGEST_PHRASE = 9
LONGEST_REACH = 10
"""Tokens between the first and the last word of a metric's phrase that is spoken in pieces."""

_ARTICLES = ("a", "an", "the")
_INSIDE = ("in", "inside", "within")
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


@dataclass(frozen=True, kw_only=True)
class Item:
    """A stretch of the question with what it may mean; `kind -> meaning`, empty when unknown."""

    indices: tuple[int, ...]
    text: str
    phrase: Phrase = ()
    period: Span | None = None
    metrics: tuple[str, ...] = ()
    dimensions: tuple[str, ...] = ()
    values: tuple[ValueRef, ...] = ()
    marker: tuple[str, ...] = ()
    entity: str | None = None
    operator: str | None = None
    comparator: str | None = None
    grain: str | None = None
    adverb: str | None = None
    number: float | None = None
    unit: str = ""
    """The unit said behind a number, `%` for a percentage."""
    is_plural: bool = False
    is_filler: bool = False
    is_separator: bool = False

    @property
    def is_unknown(self) -> bool:
        """True where nothing explains these words."""
        return not (
            self.period
            or self.metrics
            or self.dimensions
            or self.values
            or self.marker
            or self.entity
            or self.operator
            or self.comparator
            or self.grain
            or self.adverb
            or self.number is not None
            or self.is_filler
            or self.is_separator
        )


@dataclass(frozen=True, kw_only=True)
class Reading:
    """A question in items, in the order of their first words."""

    items: tuple[Item, ...]
    corrections: Mapping[str, str] = field(default_factory=dict)
    """Misspelt word -> what it was read as."""

    @property
    def unknown(self) -> tuple[str, ...]:
        return tuple(item.text for item in self.items if item.is_unknown)


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
        item for item in _candidates(tokens, vocabulary, calendar) if item.indices not in without
    ]
    candidates = sorted(
        _without_torn_markers(found, vocabulary),
        key=lambda item: (
            -_weight(item),
            item.indices[-1] - item.indices[0] + 1 - len(item.indices),
            _rank(item),
            -len(item.indices),
            item.indices,
        ),
    )
    while True:
        reading = _choose(tokens, candidates)
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


def _choose(tokens: Sequence[Token], candidates: Sequence[Item]) -> Reading:
    taken: set[int] = set()
    chosen: list[Item] = []
    for item in candidates:
        if taken.isdisjoint(item.indices):
            taken.update(item.indices)
            chosen.append(_merge(item, candidates))
    chosen += [_leftover(token) for token in tokens if token.index not in taken]
    chosen = [_idle(item, chosen) for item in chosen]
    return Reading(items=tuple(sorted(chosen, key=lambda item: item.indices)))


def _idle(item: Item, chosen: Sequence[Item]) -> Item:
    """A marker with nothing behind it to mark is the function word it is made of."""
    if not item.marker or not grammar().function_words.issuperset(item.phrase):
        return item
    behind = item.indices[-1] + 1
    while any(other.indices[0] == behind and other.text.lower() in _ARTICLES for other in chosen):
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


def _weight(item: Item) -> float:
    """How much an item explains; `how many` explains little, alone or in a metric's phrase."""
    if item.operator == "how_many" and not item.metrics:
        return 0.5
    operators = grammar().operators
    prefix = max((n for n in (1, 2, 3) if item.phrase[:n] in operators), default=0)
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


def _leftover(token: Token) -> Item:
    indices = (token.index,)
    if token.word in ",;:":
        return Item(indices=indices, text=token.raw, is_separator=True)
    if (number := number_of(token)) is not None:
        return Item(
            indices=indices,
            text=token.raw,
            number=number,
            unit="%" if token.raw.endswith("%") else "",
        )
    is_filler = token.word in grammar().function_words
    return Item(indices=indices, text=token.raw, phrase=(token.word,), is_filler=is_filler)


def _candidates(
    tokens: Sequence[Token], vocabulary: Vocabulary, calendar: Calendar
) -> Iterator[Item]:
    for start in range(len(tokens)):
        span = calendar.read(tokens, start)
        if span and not _is_compared(tokens, start, span.end):
            yield _item(tokens, range(start, span.end), period=span)
        for end in range(start + 1, min(len(tokens), start + LONGEST_PHRASE) + 1):
            yield from _phrases(tokens, start, end, vocabulary)
        yield from _superlative(tokens[start], vocabulary)
        yield from _quantity(tokens, start, vocabulary)
    yield from _spoken_in_pieces(tokens, vocabulary)


def _item(tokens: Sequence[Token], indices: Sequence[int], **meaning: object) -> Item:
    words = [tokens[index] for index in indices]
    item = Item(
        indices=tuple(indices),
        text=" ".join(token.raw for token in words),
        phrase=tuple(token.word for token in words),
        is_plural=words[-1].raw.lower().endswith("s") and words[-1].word != words[-1].raw.lower(),
    )
    return replace(item, **meaning)  # type: ignore[arg-type]


def _phrases(
    tokens: Sequence[Token], start: int, end: int, vocabulary: Vocabulary
) -> Iterator[Item]:
    """Every meaning of the contiguous words from start to end."""
    yield from _grammar_words(tokens, start, end)
    words = tuple(token.word for token in tokens[start:end])
    indices = range(start, end)
    for spelled in _spellings(words, vocabulary):
        if found := vocabulary.metrics.get(spelled):
            yield _item(tokens, indices, metrics=found)
        if found := vocabulary.dimensions.get(spelled):
            yield _item(tokens, indices, dimensions=found)
        if found := vocabulary.markers.get(spelled):
            yield _item(tokens, indices, marker=found)
        if entity := vocabulary.entities.get(spelled):
            yield _item(tokens, indices, entity=entity)
        if refs := _believable(tokens, start, vocabulary.value_refs.get(spelled, ()), vocabulary):
            yield _item(tokens, indices, values=refs)


def _grammar_words(tokens: Sequence[Token], start: int, end: int) -> Iterator[Item]:
    """The meanings these words have whatever the platform holds."""
    words = tuple(token.word for token in tokens[start:end])
    raw = tuple(token.raw.lower() for token in tokens[start:end])
    indices = range(start, end)
    known = grammar()
    if name := known.operators.get(raw) or known.operators.get(words):
        yield _item(tokens, indices, operator=name)
    if op := known.comparators.get(raw):
        yield _item(tokens, indices, comparator=op)
    if grain := known.adverbs.get(raw):
        yield _item(tokens, indices, adverb=grain)
    if len(words) == 1 and (grain := known.grains.get(words[0])):
        yield _item(tokens, indices, grain=grain)


def _spellings(words: Phrase, vocabulary: Vocabulary) -> Iterator[Phrase]:
    """The words as they stand, and as a phrase that is spelled the same when joined."""
    yield words
    other = vocabulary.joined.get("".join(words))
    if other is not None and other != words:
        yield other


def _believable(
    tokens: Sequence[Token], start: int, refs: Sequence[ValueRef], vocabulary: Vocabulary
) -> tuple[ValueRef, ...]:
    """Keep the values these words may mean as they are typed; exact ones push partial ones out."""
    token = tokens[start]
    before = next((t.word for t in reversed(tokens[:start]) if t.word not in _ARTICLES), "")
    behind_marker = (before,) in vocabulary.markers
    kept = [ref for ref in refs if _is_typed_so(token, ref, tokens, behind_marker=behind_marker)]
    if before in _INSIDE:  # `in Alaska` is a place: not the airline, and a place by its own words
        marked = {name for names in vocabulary.markers.values() for name in names}
        kept = [ref for ref in kept if ref.match == "exact" and ref.dimension not in marked]
    if exact := tuple(ref for ref in kept if ref.match == "exact"):
        return exact
    few = tuple(
        ref
        for ref in kept
        if ref.match == "head" and len(vocabulary.values.of_dimension(ref.dimension)) <= MANY_VALUES
    )
    if behind_marker or (token.is_capitalised and start > 0 and not few):
        return tuple(kept)
    return few


def _is_typed_so(
    token: Token, ref: ValueRef, tokens: Sequence[Token], *, behind_marker: bool
) -> bool:
    """A code is known by its capitals: `a day` is not DAY, `for us` not US."""
    if len(ref.value) > 3:
        return token.word not in grammar().function_words or token.is_capitalised
    shouting = all(other.raw == other.raw.upper() for other in tokens)
    if token.raw == ref.value and not (shouting and token.word in common_words()):
        return True
    if len(ref.value) < 3 or token.raw.lower() != ref.value.lower():
        return False
    return behind_marker or token.word not in common_words()


def _superlative(token: Token, vocabulary: Vocabulary) -> Iterator[Item]:
    """`busiest`: the most of the metric that goes by `busy`."""
    word = token.raw.lower()
    direction = "lowest" if word in grammar().reversed_adjectives else "highest"
    if word.endswith("est") and (found := vocabulary.metrics.get((word,))):
        yield Item(
            indices=(token.index,),
            text=token.raw,
            phrase=(word,),
            metrics=found,
            operator=direction,
        )
    for stem in superlative_stem(word):
        if found := vocabulary.metrics.get((stem,)):
            yield Item(
                indices=(token.index,),
                text=token.raw,
                phrase=(stem,),
                metrics=found,
                operator="highest",
            )


def _is_compared(tokens: Sequence[Token], start: int, end: int) -> bool:
    """`more than 2000 flights` speaks of no year."""
    before = tuple(token.raw.lower() for token in tokens[max(0, start - 3) : start])
    compares = any(before[-size:] in grammar().comparators for size in (1, 2, 3) if before)
    return compares and end == start + 1 and tokens[start].raw.isdecimal()


def _quantity(tokens: Sequence[Token], start: int, vocabulary: Vocabulary) -> Iterator[Item]:
    """A number with the unit behind it: `60 minutes`, `80 percent`."""
    number = number_of(tokens[start])
    if number is None or start + 1 >= len(tokens):
        return
    if tokens[start + 1].raw.lower() in ("percent", "percents", "pct", "%"):
        yield Item(
            indices=(start, start + 1), text=tokens[start].raw + " %", number=number, unit="%"
        )
    for unit in vocabulary.units:
        end = start + 1 + len(unit)
        if tuple(token.word for token in tokens[start + 1 : end]) == unit:
            yield replace(_item(tokens, range(start, end)), number=number, unit=" ".join(unit))


def _spoken_in_pieces(tokens: Sequence[Token], vocabulary: Vocabulary) -> Iterator[Item]:
    """A metric whose words stand apart or in another order: `flights that United cancelled`."""
    words = [token.word for token in tokens]
    for bags in (vocabulary.bags.get(word, ()) for word in set(words)):
        for bag in bags:
            counts = Counter(bag.words)
            if any(words.count(word) < count for word, count in counts.items()):
                continue
            for indices in _placements(words, counts):
                spoken = tuple(words[index] for index in indices)
                if not bag.is_ordered or spoken == bag.words:
                    yield _item(tokens, indices, metrics=(bag.metric,))


def _placements(words: Sequence[str], bag: Counter[str]) -> Iterator[tuple[int, ...]]:
    """The tightest place of the bag's words, from each possible first word."""
    for start, word in enumerate(words):
        if word not in bag:
            continue
        missing = Counter(bag)
        indices: list[int] = []
        for index in range(start, min(len(words), start + LONGEST_REACH)):
            if missing[words[index]] > 0:
                missing[words[index]] -= 1
                indices.append(index)
            if missing.total() == 0:
                yield tuple(indices)
                break
