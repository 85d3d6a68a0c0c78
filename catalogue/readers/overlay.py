"""catalogue.yaml, the platform's own notes on top of every other source."""

from datetime import date
from pathlib import Path
from typing import Annotated, Literal

from pydantic import Field, StringConstraints

from catalogue.errors import BadFile
from catalogue.model import (
    Certification,
    CertificationStatus,
    Classification,
    Column,
    Entity,
    Relationship,
    Table,
    Term,
)
from catalogue.readers.yaml_file import Strict, read_yaml

TableName = Annotated[str, StringConstraints(pattern=r"^[^.]+\.[^.]+$")]
ColumnName = Annotated[str, StringConstraints(pattern=r"^[^.]+\.[^.]+\.[^.]+$")]
SYNONYM_KINDS = ("metric", "dimension", "table", "column", "entity")


class _Certification(Strict):
    status: CertificationStatus
    by: str | None = None
    on: date | None = None
    expires: date | None = None


class _Column(Strict):
    description: str = ""
    synonyms: tuple[str, ...] = ()
    classification: Classification | None = None


class _Table(Strict):
    description: str = ""
    layer: str | None = None
    domain: str | None = None
    owner: str | None = None
    certification: _Certification | None = None
    columns: dict[str, _Column] = Field(default_factory=dict)


class _Entity(Strict):
    description: str = ""
    key: str | None = None
    golden: TableName | None = None


class _Join(Strict):
    from_: ColumnName = Field(alias="from")
    to: ColumnName
    many_to: Literal["one", "many"] = "one"


class Overlay(Strict):
    """The whole file; every key is optional."""

    entities: dict[str, _Entity] = Field(default_factory=dict)
    tables: dict[TableName, _Table] = Field(default_factory=dict)
    joins: tuple[_Join, ...] = ()
    terms: dict[str, str] = Field(default_factory=dict)
    synonyms: dict[str, list[str]] = Field(default_factory=dict)

    def table_notes(self) -> tuple[Table, ...]:
        """Return what the file says of tables; columns carry no type."""
        return tuple(_table(name, note) for name, note in self.tables.items())

    def entity_notes(self) -> tuple[Entity, ...]:
        return tuple(
            Entity(name=name, description=note.description, key=note.key, golden=note.golden)
            for name, note in self.entities.items()
        )

    def relationships(self) -> tuple[Relationship, ...]:
        return tuple(
            Relationship(
                from_table=join.from_.rpartition(".")[0],
                from_column=join.from_.rpartition(".")[2],
                to_table=join.to.rpartition(".")[0],
                to_column=join.to.rpartition(".")[2],
                many_to=join.many_to,
            )
            for join in self.joins
        )

    def glossary(self) -> tuple[Term, ...]:
        return tuple(Term(name=name, description=text) for name, text in self.terms.items())

    def synonyms_of(self, kind: str) -> dict[str, tuple[str, ...]]:
        """Return synonyms by name, lower case, for one kind of thing."""
        return {
            key.partition(".")[2].lower(): tuple(words)
            for key, words in self.synonyms.items()
            if key.partition(".")[0] == kind
        }


def read_overlay(path: Path) -> Overlay:
    """Read catalogue.yaml, or raise BadFile naming the key."""
    overlay = read_yaml(path, Overlay)
    for key in overlay.synonyms:
        kind, _, name = key.partition(".")
        if kind not in SYNONYM_KINDS or not name:
            kinds = ", ".join(SYNONYM_KINDS)
            raise BadFile(
                path,
                f"'synonyms.{key}' must be a kind and a name; kinds are {kinds}.",
                advice="Example: metric.on_time_rate.",
            )
    return overlay


def _table(full_name: str, note: _Table) -> Table:
    schema, _, name = full_name.partition(".")
    said = note.certification
    return Table(
        schema=schema,
        name=name,
        columns=tuple(
            Column(
                name=column,
                data_type="",
                description=each.description,
                synonyms=tuple(each.synonyms),
                classification=each.classification,
            )
            for column, each in note.columns.items()
        ),
        description=note.description,
        layer=note.layer,
        domain=note.domain,
        owner=note.owner,
        certification=(
            Certification(status=said.status, by=said.by, on=said.on, expires=said.expires)
            if said
            else Certification()
        ),
    )
