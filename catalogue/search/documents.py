"""What is indexed of each thing in the catalogue: short texts for meaning, words for spelling.

A document is made from the catalogue it is given: made from one within a grant, it holds
nothing that the grant hides.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

from catalogue.catalogue import Catalogue
from catalogue.model import Entity, Metric, Table, Term, VerifiedQuery

Kind = Literal["table", "metric", "entity", "query", "term"]
_PREFIXES = frozenset({"fct", "fact", "dim", "stg", "int", "src", "raw", "tbl"})
"""Words of modelling, which say nothing of what a table holds."""
_MAX_COLUMNS = 40
"""Columns in the text of a wide table: more would be cut off by the model, and slow the build."""


@dataclass(frozen=True, kw_only=True)
class Document:
    """One thing that can be found."""

    kind: Kind
    name: str
    texts: tuple[str, ...]
    """Each gets a vector; the nearest one counts."""
    fields: tuple[tuple[str, str], ...]
    """What the words of a question may match: (what it is, in words; text)."""
    tables: tuple[str, ...] = ()
    """Tables that it speaks of, other than itself."""

    @property
    def key(self) -> str:
        return f"{self.kind}:{self.name}"


def documents(catalogue: Catalogue) -> list[Document]:
    """Return a document for everything that can be found in this catalogue."""
    return list(_documents(catalogue))


def spelled(name: str) -> str:
    """Return a name as words: `fct_onTime` -> `fct on time`."""
    parts: list[str] = []
    for before, char in zip(" " + name, name, strict=False):
        parts.append(" " if char.isupper() and before.islower() else "")
        parts.append(char if char.isalnum() else " ")
    return " ".join("".join(parts).lower().split())


def _documents(catalogue: Catalogue) -> Iterator[Document]:
    yield from (_table(table) for table in catalogue.tables)
    # Inferred metrics are as many as columns; their tables are found in their place.
    yield from (_metric(metric) for metric in catalogue.metrics if metric.governed)
    yield from (_entity(entity) for entity in catalogue.entities)
    yield from (_query(query) for query in catalogue.verified)
    yield from (_term(term) for term in catalogue.terms)


def _table(table: Table) -> Document:
    name = spelled(table.name)
    columns = [spelled(column.label or column.name) for column in table.columns]
    subject = " ".join(word for word in name.split() if word not in _PREFIXES) or name
    meaning = f"{subject}: {', '.join(columns[:_MAX_COLUMNS])}"
    described = f"{subject}: {table.description}" if table.description else ""
    return Document(
        kind="table",
        name=table.full_name,
        texts=_texts(meaning, described),
        fields=_fields(
            # Twice: a word in the name of a table says more than one among its columns.
            ("its name", f"{name} {name} {spelled(table.schema)}"),
            ("its synonyms", " ".join(table.synonyms)),
            ("its columns", " ".join(_column_words(table))),
            ("its description", table.description),
            ("its columns' descriptions", " ".join(each.description for each in table.columns)),
        ),
    )


def _column_words(table: Table) -> Iterator[str]:
    for column in table.columns:
        yield spelled(column.name)
        yield column.label
        yield from column.synonyms


def _metric(metric: Metric) -> Document:
    return Document(
        kind="metric",
        name=metric.name,
        # The bare label too: a short question is nearest to a short text.
        texts=_texts(
            metric.label,
            f"{metric.label}: {metric.description}",
            ", ".join(metric.synonyms),
        ),
        fields=_fields(
            ("its name", f"{metric.label} {spelled(metric.name)}"),
            ("its synonyms", " ".join(metric.synonyms)),
            ("its description", metric.description),
            ("its unit", metric.unit or ""),
        ),
        tables=metric.tables,
    )


def _entity(entity: Entity) -> Document:
    return Document(
        kind="entity",
        name=entity.name,
        texts=_texts(f"{spelled(entity.name)}: {entity.description}", ", ".join(entity.synonyms)),
        fields=_fields(
            ("its name", spelled(entity.name)),
            ("its synonyms", " ".join(entity.synonyms)),
            ("its description", entity.description),
        ),
        tables=(entity.golden,) if entity.golden else (),
    )


def _query(query: VerifiedQuery) -> Document:
    return Document(
        kind="query",
        name=query.id,
        texts=query.questions,
        fields=_fields(("its question", " ".join(query.questions))),
    )


def _term(term: Term) -> Document:
    return Document(
        kind="term",
        name=term.name,
        texts=(f"{term.name}: {term.description}",),
        fields=_fields(("its name", spelled(term.name)), ("its meaning", term.description)),
    )


def _texts(*texts: str) -> tuple[str, ...]:
    return tuple(text for text in texts if text)


def _fields(*fields: tuple[str, str]) -> tuple[tuple[str, str], ...]:
    return tuple((what, text) for what, text in fields if text.strip())
