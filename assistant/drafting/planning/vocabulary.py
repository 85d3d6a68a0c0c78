"""The words of one platform, as one asker may use them: phrases -> metrics, dimensions, values.

Built from the narrowed catalogue and the narrowed value index, so that no phrase reveals what a
grant hides. A synonym that ends in "…" is a marker: `from …` says that the value behind it belongs
to that dimension.
"""

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from assistant.drafting.planning.language import grammar, phrase_of, singular
from assistant.drafting.planning.time_words import MONTH_WORDS
from catalogue.catalogue import Catalogue
from catalogue.model import Dimension, Metric, Period
from catalogue.values import ValueIndex

Phrase = tuple[str, ...]

MARKER = "…"
FEW_VALUES = 10
_LOOSE = frozenset({"of", "in", "on", "the", "a", "an", "that", "were", "was", "at", "by"})
"""Function words that may be missing where a phrase is spoken in pieces."""
_YES = frozenset({"true", "y", "yes", "1"})
_NO = frozenset({"false", "n", "no", "0"})
MANY_VALUES = 100
"""In larger dimensions, part of a value counts only behind a marker or with a capital."""


@dataclass(frozen=True, kw_only=True)
class ValueRef:
    """A value of a dimension that a phrase may mean."""

    dimension: str
    value: str
    match: str
    """`exact`, `head` (the beginning of the value) or `tail` (its end)."""


@dataclass(frozen=True, kw_only=True)
class Bag:
    """The content words of a metric's phrase, which may be spoken in pieces."""

    words: Phrase
    metric: str

    @property
    def is_ordered(self) -> bool:
        """`share of flights cancelled` is not `share of cancelled flights`: order tells of what."""
        return "share" in self.words


@dataclass(frozen=True, kw_only=True)
class Vocabulary:
    """Everything the planner may place a word with."""

    catalogue: Catalogue
    values: ValueIndex
    metrics: Mapping[Phrase, tuple[str, ...]]
    dimensions: Mapping[Phrase, tuple[str, ...]]
    markers: Mapping[Phrase, tuple[str, ...]]
    value_refs: Mapping[Phrase, tuple[ValueRef, ...]]
    joined: Mapping[str, Phrase]
    """`jetblue` -> the phrase that is spelled so when written together."""
    bags: Mapping[str, tuple[Bag, ...]]
    """A content word -> the metric phrases, as bags of content words, that begin with it."""
    compounds: frozenset[Phrase]
    """Hyphenated words of labels, such as ("on", "time")."""
    entities: Mapping[Phrase, str]
    units: frozenset[Phrase]
    """Units of metrics that no metric or dimension goes by, such as minutes."""
    words: frozenset[str]
    """Every single word of every phrase: what a misspelt word may have meant."""
    idle: frozenset[str] = frozenset()
    """Words that say nothing here, besides function words; none where people defined metrics."""

    def metric(self, name: str) -> Metric:
        return self.catalogue.metric(name)

    def data_range(self, metric: Metric) -> Period | None:
        """The days this metric has data for, where the asker may know it."""
        table, _, column_name = (metric.time_column or "").rpartition(".")
        found = self.catalogue.tables_by_name.get(table.lower())
        column = found.column(column_name) if found else None
        if column is None or column.profile is None:
            return None
        if column.profile.minimum is None or column.profile.maximum is None:
            return None
        try:
            first = date.fromisoformat(column.profile.minimum[:10])
            last = date.fromisoformat(column.profile.maximum[:10])
        except ValueError:
            return None
        return Period(start=first, end=last)

    def rows_of(self, dimension: str, value: str) -> int:
        """How many rows hold this value; 0 where none does."""
        return self.values.of_dimension(dimension).get(value, 0)


def build_vocabulary(catalogue: Catalogue, values: ValueIndex) -> Vocabulary:
    """Collect the phrases of a narrowed catalogue and its narrowed value index."""
    texts = _texts(catalogue)
    compounds = frozenset(
        phrase_of(word) for _, _, text in texts for word in text.split() if "-" in word.strip("-")
    )
    collected: dict[str, dict[Phrase, list[str]]] = defaultdict(lambda: defaultdict(list))
    seen: set[tuple[str, str, Phrase]] = set()
    for kind, name, text in texts:
        phrase = merge_compounds(phrase_of(text.removesuffix(MARKER)), compounds)
        if phrase and (kind, name, phrase) not in seen:
            seen.add((kind, name, phrase))
            collected[kind][phrase].append(name)
    _add_shared_endings(collected["metric"], catalogue)
    metrics = _without_fillers(collected["metric"])
    dimensions = _without_fillers(collected["dimension"])
    value_refs = _value_refs(catalogue, values)
    phrases: list[Iterable[Phrase]] = [metrics, dimensions, collected["marker"], value_refs]
    return Vocabulary(
        catalogue=catalogue,
        values=values,
        metrics=metrics,
        dimensions=dimensions,
        markers={phrase: tuple(names) for phrase, names in collected["marker"].items()},
        value_refs=value_refs,
        joined=_joined([*metrics, *dimensions, *value_refs]),
        bags=_bags(metrics, collected["entity"]),
        compounds=compounds,
        units=frozenset(
            phrase
            for metric in catalogue.metrics
            if metric.unit and (phrase := phrase_of(metric.unit)) not in metrics
            if phrase not in dimensions
        ),
        entities={phrase: names[0] for phrase, names in collected["entity"].items()},
        idle=frozenset() if any(m.governed for m in catalogue.metrics) else grammar().idle,
        words=frozenset(
            word for group in phrases for phrase in group for word in phrase if len(word) > 3
        )
        | MONTH_WORDS
        | {word for word in grammar().words if len(word) > 3},
    )


def merge_compounds(words: Sequence[str], compounds: frozenset[Phrase]) -> Phrase:
    """Join the parts of hyphenated words, so that `on time` and `on-time` compare equal.

    >>> merge_compounds(("on", "time", "share"), frozenset({("on", "time")}))
    ('on-time', 'share')
    >>> merge_compounds(("ontime", "share"), frozenset({("on", "time")}))
    ('on-time', 'share')
    """
    if not compounds:
        return tuple(words)
    written = {"".join(compound): "-".join(compound) for compound in compounds}
    merged: list[str] = []
    at = 0
    while at < len(words):
        if (whole := written.get(words[at])) is not None:
            merged.append(whole)
            at += 1
            continue
        size = next((n for n in (4, 3, 2) if tuple(words[at : at + n]) in compounds), 1)
        merged.append("-".join(words[at : at + size]))
        at += size
    return tuple(merged)


def content_words(phrase: Phrase) -> list[str]:
    """The words of a phrase that are not function words."""
    return [word for word in phrase if word not in grammar().function_words]


def _texts(catalogue: Catalogue) -> list[tuple[str, str, str]]:
    """Every (kind, name, text) that a platform declares."""
    found: list[tuple[str, str, str]] = []
    for metric in catalogue.metrics:
        spoken = [metric.label, metric.name.replace("_", " "), *metric.synonyms]
        found += [("metric", metric.name, text) for text in spoken]
    for dimension in catalogue.dimensions:
        found += [
            ("marker" if text.endswith(MARKER) else "dimension", dimension.name, text)
            for text in _dimension_texts(dimension)
        ]
    for entity in catalogue.entities:
        spoken = [entity.name.replace("_", " "), *entity.synonyms]
        found += [("entity", entity.name, text) for text in spoken]
    return found


def _dimension_texts(dimension: Dimension) -> list[str]:
    entity, _, own = dimension.name.partition("__")
    spelled = f"{entity} {own}".replace("_", " ")
    return [text for text in (dimension.label, spelled, *dimension.synonyms) if text]


def _add_shared_endings(phrases: dict[Phrase, list[str]], catalogue: Catalogue) -> None:
    """`departure delay`: what several names end in means any of them: it is asked back.

    Of `user balances` it cannot mean how many rows of them nobody has defined.
    """
    counts = {
        metric.name
        for metric in catalogue.metrics
        if metric.aggregation in ("count", "count_distinct")
    }
    endings: dict[Phrase, dict[str, None]] = defaultdict(dict)
    for phrase, names in phrases.items():
        for start in range(1, len(phrase) - 1):
            ending = phrase[start:]
            endings[ending].update((name, None) for name in names if name not in counts)
    for ending, named in endings.items():
        names = list(named)
        if len(names) > 1 and ending not in phrases and len(content_words(ending)) == len(ending):
            phrases[ending] = names


def _without_fillers(phrases: Mapping[Phrase, list[str]]) -> dict[Phrase, tuple[str, ...]]:
    return {phrase: tuple(names) for phrase, names in phrases.items() if content_words(phrase)}


def _joined(phrases: Iterable[Phrase]) -> dict[str, Phrase]:
    spelled: dict[str, Phrase] = {}
    for phrase in phrases:
        joined = "".join(phrase)
        if len(joined) >= 6:
            spelled.setdefault(joined, phrase)
    return spelled


def _bags(
    metrics: Mapping[Phrase, tuple[str, ...]], entities: Mapping[Phrase, list[str]]
) -> dict[str, tuple[Bag, ...]]:
    bags: dict[str, dict[Bag, None]] = defaultdict(dict)
    for phrase, names in metrics.items():
        words = tuple(content_words(phrase))
        if len(words) < 2 or (_begins_with_operator(phrase) and phrase[:1] not in entities):
            continue
        if not _LOOSE.issuperset(set(phrase) - set(words)):
            continue
        for name in names:
            bags[words[0]][Bag(words=words, metric=name)] = None
    return {word: tuple(found) for word, found in bags.items()}


def _begins_with_operator(phrase: Phrase) -> bool:
    """`how many flights` is spoken in one piece: in pieces, `how many` has its own role."""
    operators = grammar().operators
    return any(phrase[:size] in operators for size in range(1, len(phrase) + 1))


def _value_refs(catalogue: Catalogue, values: ValueIndex) -> dict[Phrase, tuple[ValueRef, ...]]:
    is_bare = not any(metric.governed for metric in catalogue.metrics)
    refs: dict[Phrase, list[ValueRef]] = defaultdict(list)
    shared: dict[str, set[Phrase]] = defaultdict(set)
    for dimension in catalogue.dimensions:
        if dimension.kind != "categorical":
            continue
        held = values.of_dimension(dimension.name)
        named = {value: phrase_of(value) for value in held}
        spelled, ambiguous = _spellings(named)
        if flag := flag_of(dimension, held) if is_bare else None:
            spelled.append(flag)
        shared[dimension.entity] |= ambiguous
        for phrase, value, match in spelled:
            refs[phrase].append(ValueRef(dimension=dimension.name, value=value, match=match))
    return {
        phrase: kept
        for phrase, found in refs.items()
        if (kept := tuple(ref for ref in found if _is_clear(ref, phrase, shared)))
    }


def flag_of(dimension: Dimension, held: Iterable[str]) -> tuple[Phrase, str, str] | None:
    """`active` of a column that says `is_active`: the phrase, and the value that says yes."""
    told = [value for value in held if value.lower() in _YES]
    own = dimension.column.lower().split("_")
    if len(told) != 1 or not {value.lower() for value in held} <= {*_YES, *_NO}:
        return None
    is_said = own[0] in ("is", "has", "was")
    if told[0] == "1" and not is_said:
        return None
    return phrase_of(" ".join(own[1:] if is_said else own)), told[0], "exact"


def _is_clear(ref: ValueRef, phrase: Phrase, shared: Mapping[str, set[Phrase]]) -> bool:
    """A part that several values of the thing share (Portland) stands for none of them."""
    return ref.match == "exact" or phrase not in shared[ref.dimension.split("__")[0]]


def _spellings(named: Mapping[str, Phrase]) -> tuple[list[tuple[Phrase, str, str]], set[Phrase]]:
    """The phrases each value of one dimension goes by, and the parts that several share.

    In a large dimension only endings that other values have too are left out (Intl, Inc.); parts
    such as first or last words name a value only where there are few.
    """
    counts = Counter(word for phrase in named.values() for word in set(phrase))
    common = max(2, len(named) // 20)
    heads: dict[Phrase, set[str]] = defaultdict(set)
    tails: dict[Phrase, set[str]] = defaultdict(set)
    every: dict[Phrase, set[str]] = defaultdict(set)
    for value, phrase in named.items():
        core = _trimmed_end(phrase, counts, common)
        shortest = 1 if len(named) <= MANY_VALUES else len(core)
        for size in range(1, len(phrase) + 1):
            every[phrase[:size]].add(value)
            if shortest <= size < len(phrase):
                heads[phrase[:size]].add(value)
        if len(named) <= FEW_VALUES and len(phrase) > 1 and _is_own(core[-1], counts):
            tails[core[-1:]].add(value)
    exact = [(phrase, value, "exact") for value, phrase in named.items() if _is_wordlike(phrase)]
    known = {phrase for phrase, _, _ in exact}
    parts = [
        (phrase, next(iter(owners)), match)
        for found, match in ((heads, "head"), (tails, "tail"))
        for phrase, owners in found.items()
        if len(owners) == 1 and phrase and phrase not in known and _is_wordlike(phrase)
    ]
    return [*exact, *parts], {phrase for phrase, owners in every.items() if len(owners) > 1}


def _is_wordlike(phrase: Phrase) -> bool:
    """Bare numbers are no names for a value; two letters may be a code, told by its capitals."""
    return any(not word.replace(".", "").isdecimal() and len(word) > 1 for word in phrase)


def _is_own(word: str, counts: Mapping[str, int]) -> bool:
    """A last word long enough to be a name, which only one value has: Kennedy."""
    return len(word) >= 5 and counts[word] == 1


def _trimmed_end(phrase: Phrase, counts: Mapping[str, int], common: int) -> Phrase:
    """A value without the words at its end that many values have (Inc., Intl, Airlines)."""
    while len(phrase) > 1 and counts[phrase[-1]] >= common:
        phrase = phrase[:-1]
    return phrase


def superlative_stem(word: str) -> tuple[str, ...]:
    """The adjectives a superlative in -est may come from.

    >>> superlative_stem("busiest")
    ('busi', 'busie', 'busy')
    """
    if not word.endswith("est") or len(word) < 6:
        return ()
    stem = word[:-3]
    found = [stem, stem + "e"]
    if stem.endswith("i"):
        found.append(stem[:-1] + "y")
    if len(stem) > 3 and stem[-1] == stem[-2]:
        found.append(stem[:-1])
    return tuple(singular(candidate) for candidate in found)
