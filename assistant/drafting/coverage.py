"""Which words of a question have no counterpart in a model's metric query.

A model drops what it cannot place without a word; this says so.
"""

from collections.abc import Iterator, Sequence

from assistant.drafting.planning.language import grammar, phrase_of, tokenise
from catalogue.catalogue import Catalogue
from catalogue.model import MetricQuery, Period

_SEPARATORS = frozenset(",;%&")
_SHORTEST = 4
_SHARED = 0.7
"""Two forms of a word share this part of it from the start ("cancelled", "cancellations")."""


def unexplained(
    question: str, queries: Sequence[MetricQuery], catalogue: Catalogue
) -> tuple[str, ...]:
    """Return words of the question, as typed, that no form of the query accounts for."""
    known = grammar()
    said = {
        word for query in queries for text in _texts(query, catalogue) for word in phrase_of(text)
    }
    fixed = known.function_words | known.words | known.aggregates
    return tuple(
        token.raw
        for token in tokenise(question)
        if token.raw not in _SEPARATORS and not (token.word in fixed or _is_said(token.word, said))
    )


def _is_said(word: str, said: set[str]) -> bool:
    if word in said:
        return True
    start = word[: max(_SHORTEST, int(len(word) * _SHARED))]
    return len(word) > _SHORTEST and any(other.startswith(start) for other in said)


def _texts(query: MetricQuery, catalogue: Catalogue) -> Iterator[str]:
    """Yield everything that the query says, in words and numbers."""
    for name in (*query.metrics, *(each.metric for each in query.having)):
        metric = catalogue.metric(name)
        yield from (name.replace("_", " "), metric.label, metric.unit or "", *metric.synonyms)
    for name in (*query.group_by, *(each.dimension for each in query.where)):
        yield name.replace("_", " ")
        if found := catalogue.dimensions_by_name.get(name.lower()):
            yield from (found.label, found.entity.replace("_", " "), *found.synonyms)
    for condition in query.where:
        yield from (str(value) for value in condition.values)
    yield from (f"{each.value:g}" for each in query.having)
    if query.limit is not None:
        yield str(query.limit)
    if query.period is not None:
        yield from _period_words(query.period)


def _period_words(period: Period) -> Iterator[str]:
    for day in (period.start, period.end):
        yield f"{day:%B} {day:%b} {day.day} {day.year} {day.isoformat()}"
    yield f"Q{(period.start.month + 2) // 3}"
