"""Words typed into the catalogue -> what they name, best first; fast enough for every keystroke."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import TypeVar

from catalogue.catalogue import Catalogue
from catalogue.model import Column, Metric, Table, Term

_Noun = TypeVar("_Noun")
_Texts = Sequence[tuple[float, str]]
_NAME, _SYNONYM, _DESCRIPTION, _COLUMN = 8.0, 6.0, 3.0, 1.0
_WHOLE_WORD = 1.5


@dataclass(frozen=True, kw_only=True)
class Found:
    """What the words name, best first."""

    metrics: tuple[Metric, ...] = ()
    tables: tuple[Table, ...] = ()
    terms: tuple[Term, ...] = ()

    @property
    def is_empty(self) -> bool:
        return not (self.metrics or self.tables or self.terms)


def find(wanted: str, catalogue: Catalogue) -> Found:
    """Return what holds every typed word somewhere; without words, everything as it stands."""
    words = _plain(wanted).split()
    if not words:
        return Found(metrics=catalogue.metrics, tables=catalogue.tables, terms=catalogue.terms)
    return Found(
        metrics=_ranked(catalogue.metrics, words, _metric_texts),
        tables=_ranked(catalogue.tables, words, _table_texts),
        terms=_ranked(catalogue.terms, words, _term_texts),
    )


def named_columns(wanted: str, table: Table) -> tuple[Column, ...]:
    """Return the columns of a table whose name, label or synonym holds a typed word."""
    words = _plain(wanted).split()
    return tuple(
        column
        for column in table.columns
        if any(word in _plain(" ".join(_column_names(column))) for word in words)
    )


def _ranked(
    nouns: Iterable[_Noun], words: Sequence[str], texts: Callable[[_Noun], _Texts]
) -> tuple[_Noun, ...]:
    scored = [(_score(texts(noun), words), noun) for noun in nouns]
    kept = [pair for pair in scored if pair[0] > 0]
    return tuple(noun for _, noun in sorted(kept, key=lambda pair: -pair[0]))


def _score(texts: _Texts, words: Sequence[str]) -> float:
    """Every word must occur; where it counts most is where it counts."""
    total = 0.0
    for word in words:
        best = max((weight * _fit(word, text) for weight, text in texts), default=0.0)
        if not best:
            return 0.0
        total += best
    return total


def _fit(word: str, text: str) -> float:
    plain = _plain(text)
    if word not in plain:
        return 0.0
    return _WHOLE_WORD if word in plain.split() else 1.0


def _plain(text: str) -> str:
    return text.lower().replace("_", " ").replace(".", " ")


def _metric_texts(metric: Metric) -> _Texts:
    return (
        (_NAME, f"{metric.name} {metric.label}"),
        (_SYNONYM, " ".join(metric.synonyms)),
        (_DESCRIPTION, f"{metric.description} {metric.owner or ''} {metric.domain or ''}"),
    )


def _table_texts(table: Table) -> _Texts:
    columns = " ".join(name for column in table.columns for name in _column_names(column))
    place = f"{table.layer or ''} {table.domain or ''} {table.owner or ''}"
    return (
        (_NAME, f"{table.full_name} {table.full_name.replace('_', ' ')}"),
        (_SYNONYM, " ".join(table.synonyms)),
        (_DESCRIPTION, f"{table.description} {place}"),
        (_COLUMN, columns),
    )


def _column_names(column: Column) -> tuple[str, ...]:
    return (column.name, column.label, *column.synonyms)


def _term_texts(term: Term) -> _Texts:
    return ((_NAME, term.name), (_DESCRIPTION, term.description))
