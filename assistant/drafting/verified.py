"""Verified queries: the same words, or the same after binding parameters; near is no match."""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from assistant.drafting.planning.language import Token, tokenise
from assistant.drafting.planning.periods import Calendar
from assistant.drafting.planning.vocabulary import Vocabulary
from catalogue.metric_query import metric_query_from_mapping
from catalogue.model import MetricQuery, Parameter, Period, VerifiedQuery

_SLOT = re.compile(r"\{(\w+)\}")
_ARTICLES = {"a", "an", "the", "please"}

Bindings = Mapping[str, Period | str]


@dataclass(frozen=True, kw_only=True)
class Match:
    """A verified query with its parameters bound."""

    verified: VerifiedQuery
    bindings: Bindings

    @property
    def metric_query(self) -> MetricQuery | None:
        """The bound metric query, where the verified query has one."""
        if self.verified.metric_query is None:
            return None
        bound = _bind(self.verified.metric_query, self.bindings)
        assert isinstance(bound, Mapping)
        return metric_query_from_mapping(bound)

    @property
    def sql(self) -> str | None:
        """The SQL with parameters as literals, where the verified query has SQL."""
        if self.verified.sql is None:
            return None
        return _SLOT.sub(lambda slot: _sql_literal(self.bindings, slot), self.verified.sql)


def match(
    question: str, verified: Sequence[VerifiedQuery], *, vocabulary: Vocabulary, calendar: Calendar
) -> Match | None:
    """Return the verified query that asks exactly this, or None."""
    tokens = [token for token in tokenise(question) if _counts(token)]
    for query in verified:
        for template in query.questions:
            for bindings in _matches(tokens, template, query.parameters, vocabulary, calendar):
                return Match(verified=query, bindings=bindings)
    return None


def _counts(token: Token) -> bool:
    return token.word not in _ARTICLES and token.word not in ",;"


def _matches(
    tokens: Sequence[Token],
    template: str,
    parameters: Sequence[Parameter],
    vocabulary: Vocabulary,
    calendar: Calendar,
) -> Iterator[Bindings]:
    declared = {parameter.name: parameter for parameter in parameters}
    parts = _SLOT.split(template)
    pieces: list[list[str] | Parameter] = []
    for at, part in enumerate(parts):
        if at % 2 and part in declared:
            pieces.append(declared[part])
        else:
            pieces.append([token.word for token in tokenise(part) if _counts(token)])
    yield from _walk(tokens, 0, pieces, {}, vocabulary, calendar)


def _walk(
    tokens: Sequence[Token],
    at: int,
    pieces: Sequence[list[str] | Parameter],
    bound: dict[str, Period | str],
    vocabulary: Vocabulary,
    calendar: Calendar,
) -> Iterator[Bindings]:
    if not pieces:
        if at == len(tokens):
            yield bound
        return
    piece, rest = pieces[0], pieces[1:]
    if isinstance(piece, Parameter):
        for end, value in _readings(tokens, at, piece, vocabulary, calendar):
            yield from _walk(tokens, end, rest, {**bound, piece.name: value}, vocabulary, calendar)
    elif [token.word for token in tokens[at : at + len(piece)]] == piece:
        yield from _walk(tokens, at + len(piece), rest, bound, vocabulary, calendar)


def _readings(
    tokens: Sequence[Token],
    at: int,
    parameter: Parameter,
    vocabulary: Vocabulary,
    calendar: Calendar,
) -> Iterator[tuple[int, Period | str]]:
    """Where a parameter's words may end, and what they mean."""
    if parameter.type == "period":
        span = calendar.read(tokens, at)
        if span is not None and parameter.grain in (None, span.grain):
            yield span.end, span.period
        return
    for end in range(len(tokens), at, -1):
        phrase = tuple(token.word for token in tokens[at:end])
        values = {
            ref.value
            for ref in vocabulary.value_refs.get(phrase, ())
            if ref.dimension == parameter.dimension
        }
        if len(values) == 1:
            yield end, values.pop()


def _bind(value: object, bindings: Bindings) -> object:
    """Replace `{name}` slots in a YAML value; a bound text stays one value, whatever it holds."""
    if isinstance(value, Mapping):
        return {key: _bind(item, bindings) for key, item in value.items()}
    if isinstance(value, list | tuple):
        return [_bind(item, bindings) for item in value]
    if isinstance(value, str) and (slot := _SLOT.fullmatch(value)) and slot[1] in bindings:
        bound = bindings[slot[1]]
        return f"{bound.start}..{bound.end}" if isinstance(bound, Period) else bound
    return value


def _sql_literal(bindings: Bindings, slot: re.Match[str]) -> str:
    """`{month_start}` and `{month_end}` of a period, or a value, as SQL literals."""
    name = slot[1]
    for ending, field in (("_start", "start"), ("_end", "end")):
        period = bindings.get(name.removesuffix(ending)) if name.endswith(ending) else None
        if isinstance(period, Period):
            return f"DATE '{getattr(period, field)}'"
    bound = bindings.get(name)
    if bound is None:
        return slot[0]
    if isinstance(bound, Period):
        return f"DATE '{bound.start}'"
    return "'" + bound.replace("'", "''") + "'"
