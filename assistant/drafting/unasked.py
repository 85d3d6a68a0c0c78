"""What a model adds to a metric query though the question does not ask for it.

Small models group and limit out of habit. Only what is certainly not asked for is taken away:
a row too many is seen, rows that are missing are not. Questions without a single English function
word are left alone.
"""

from collections.abc import Set as AbstractSet
from dataclasses import replace

from assistant.drafting.planning.language import Grammar, grammar, phrase_of, tokenise
from catalogue.catalogue import Catalogue
from catalogue.model import MetricQuery

_RANKS = frozenset({"top", "bottom", "highest", "lowest", "best", "worst"})
_GROUPS = _RANKS | {"each", "by", "which", "versus", "compare", "break_down", "rank"}
_CUES = frozenset({"by", "which"})
"""Function words that ask for groups; "what" stands before a single number as often."""
_SINGLE = frozenset({"=", "in"})


def without_unasked(query: MetricQuery, question: str, catalogue: Catalogue) -> MetricQuery:
    """Return the query without a limit and without groups that nothing in the question asks for."""
    known = grammar()
    said = frozenset(token.word for token in tokenise(question))
    if not known.function_words & said:
        return query
    if query.limit is not None and not _asks_for_few(said, query.limit, known):
        query = replace(query, limit=None)
    # "Orders" names a metric here and is no wish for an order.
    free = said - _metric_words(query, catalogue)
    groups = tuple(
        name
        for name in query.group_by
        if not _is_fixed(name, query) and _asks_for_group(free, name, catalogue, known)
    )
    gone = set(query.group_by) - set(groups)
    order_by = tuple(name for name in query.order_by if name.lstrip("-") not in gone)
    return replace(query, group_by=groups, order_by=order_by)


def _asks_for_few(said: AbstractSet[str], limit: int, known: Grammar) -> bool:
    return (
        str(limit) in said
        or any(known.numbers.get(word) == limit for word in said if limit > 1)
        or bool(said & _words_of(_RANKS, known))
        or any(word.endswith("est") for word in said)
    )


def _asks_for_group(
    said: AbstractSet[str], name: str, catalogue: Catalogue, known: Grammar
) -> bool:
    cues = (_words_of(_GROUPS, known) - known.function_words) | _CUES
    if said & cues or any(word.endswith("est") for word in said):
        return True
    dimension = catalogue.dimensions_by_name.get(name.lower())
    if dimension is None or dimension.kind == "time":
        return any((word,) in known.adverbs or (word,) in known.grains for word in said)
    entity, _, own = name.partition("__")
    telling = set(phrase_of(own.replace("_", " ")))
    for text in (dimension.label, *dimension.synonyms):
        telling |= set(phrase_of(text))
    entity_words = set(phrase_of(entity.replace("_", " ")))
    return bool(said & ((telling - entity_words) or telling))


def _metric_words(query: MetricQuery, catalogue: Catalogue) -> set[str]:
    metrics = [catalogue.metric(name) for name in query.metrics]
    return {
        word
        for metric in metrics
        for text in (metric.name.replace("_", " "), metric.label)
        for word in phrase_of(text)
    }


def _is_fixed(name: str, query: MetricQuery) -> bool:
    """True where a filter leaves one value of the group, so that it is the same on every row."""
    return any(
        condition.dimension == name and condition.op in _SINGLE and len(condition.values) == 1
        for condition in query.where
    )


def _words_of(names: AbstractSet[str], known: Grammar) -> frozenset[str]:
    return frozenset(
        word for phrase, name in known.operators.items() if name in names for word in phrase
    )
