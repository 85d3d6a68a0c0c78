"""Tokens -> candidate items: everything that some words of a question may mean."""

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import replace

from assistant.drafting.planning.items import Item
from assistant.drafting.planning.language import Token, common_words, grammar, number_of
from assistant.drafting.planning.periods import Calendar
from assistant.drafting.planning.vocabulary import (
    MANY_VALUES,
    Phrase,
    ValueRef,
    Vocabulary,
    superlative_stem,
)

LONGEST_PHRASE = 9
LONGEST_REACH = 10
"""Tokens between the first and the last word of a metric's phrase that is spoken in pieces."""
ARTICLES = ("a", "an", "the")
_INSIDE = ("in", "inside", "within")


def find_candidates(
    tokens: Sequence[Token], vocabulary: Vocabulary, calendar: Calendar
) -> Iterator[Item]:
    """Yield every meaning of every stretch of words, overlapping ones too."""
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
    yield from _grammar_words(tokens, start, end, vocabulary)
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


def _grammar_words(
    tokens: Sequence[Token], start: int, end: int, vocabulary: Vocabulary
) -> Iterator[Item]:
    """The meanings these words have whatever the platform holds, unless it holds `orders`."""
    words = tuple(token.word for token in tokens[start:end])
    raw = tuple(token.raw.lower() for token in tokens[start:end])
    indices = range(start, end)
    known = grammar()
    name = known.operators.get(raw) or known.operators.get(words)
    if name and words not in vocabulary.entities:
        yield _item(tokens, indices, operator=name)
    if op := known.comparators.get(raw):
        yield _item(tokens, indices, comparator=op)
    if grain := known.adverbs.get(raw):
        yield _item(tokens, indices, adverb=grain)
    if grain := known.grains.get(words):
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
    before = next((t.word for t in reversed(tokens[:start]) if t.word not in ARTICLES), "")
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


def leftover(token: Token, vocabulary: Vocabulary) -> Item:
    """What a token is that no phrase took: a number, a filler, a separator, or unknown."""
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
    is_filler = token.word in grammar().function_words or token.word in vocabulary.idle
    return Item(indices=indices, text=token.raw, phrase=(token.word,), is_filler=is_filler)
