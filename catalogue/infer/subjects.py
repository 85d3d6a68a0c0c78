"""Subject: one table with everything that its own names and data say of it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from catalogue.errors import WarehouseUnavailable
from catalogue.infer.keys import candidates, primary_key, unique_columns
from catalogue.infer.layers import infer_layers
from catalogue.infer.naming import Named, entity_words, name_tables
from catalogue.infer.natures import Natured, nature_of
from catalogue.infer.shapes import Shape, shape_of
from catalogue.infer.times import event_time, load_time
from catalogue.infer.words import (
    Words,
    shared_start,
    spelled_out,
    without_start,
    without_unit,
    words_of,
)
from catalogue.model import Table
from catalogue.profile import iso
from catalogue.warehouse import Warehouse


@dataclass(frozen=True, kw_only=True)
class Subject:
    """One table with everything inferred about it."""

    table: Table
    named: Named
    columns: tuple[Natured, ...]
    shape: Shape
    key: str | None
    unique: frozenset[str] = frozenset()
    """Columns that hold every value once, as far as that was measured."""

    @property
    def event_time(self) -> str | None:
        """The column that says when a row happened; none where its values may not be shown."""
        return self.table.event_time

    @property
    def name(self) -> str:
        return self.table.full_name

    @property
    def conditioned(self) -> frozenset[str]:
        """The columns of the conditions that every count and sum has."""
        return frozenset(name for each in self.shape.conditions for name in each.columns)

    @property
    def kinds(self) -> tuple[Natured, ...]:
        """The columns that rows may be grouped and filtered by."""
        return tuple(
            each
            for each in self.columns
            if each.nature in ("kind", "key")
            and each.column.name not in self.conditioned
            and not each.column.is_sensitive
        )

    @property
    def is_target(self) -> bool:
        """True where other tables may look rows up here."""
        return self.key is not None and self.shape.kind == "things" and bool(self.table.row_count)


def read_subjects(
    tables: Sequence[Table], warehouse: Warehouse, *, golden: Mapping[str, Words]
) -> dict[str, Subject]:
    """Return what each table holds, by full name, with layer, times and key filled in.

    `golden` are tables that people declared to speak for an entity, in lower case, with its words.
    """
    declared = {t.full_name: golden[n] for t in tables if (n := t.full_name.lower()) in golden}
    entities = {**entity_words(tables), **declared}
    layers = infer_layers(tables)
    named = name_tables(tables, entities, layers, golden=frozenset(declared))
    return {
        table.full_name: _subject(
            replace(table, layer=layers[table.full_name]), named[table.full_name], warehouse
        )
        for table in tables
    }


def natured(table: Table) -> tuple[Natured, ...]:
    """Return the columns that can be named without harm, each with its words and nature."""
    start = shared_start([column.name for column in table.columns])
    found = []
    for column in table.columns:
        if not set(column.name) & set('."{}'):
            words = without_unit(spelled_out(without_start(column.name, start)))
            found.append(Natured(column=column, words=words, nature=nature_of(column, words)))
    return tuple(found)


def _subject(table: Table, named: Named, warehouse: Warehouse) -> Subject:
    columns = natured(table)
    unique = _unique(table, columns, warehouse)
    key = primary_key(table, named.entity, columns, unique)
    happened = table.event_time or event_time(named.entity, columns)
    loaded = table.loaded_at or load_time(columns)
    return Subject(
        table=replace(
            table,
            event_time=happened,
            loaded_at=loaded,
            as_of=table.as_of or _latest(table, happened),
            last_loaded=table.last_loaded or _latest(table, loaded),
            primary_key=table.primary_key or ((key,) if key else ()),
        ),
        named=named,
        columns=columns,
        shape=shape_of(table, words_of(table.name), columns),
        key=key,
        unique=unique,
    )


def _unique(table: Table, columns: Sequence[Natured], warehouse: Warehouse) -> frozenset[str]:
    try:
        return unique_columns(table, candidates(table, columns), warehouse)
    except WarehouseUnavailable:
        return frozenset()


def _latest(table: Table, name: str | None) -> str | None:
    column = table.column(name) if name else None
    found = column.profile.maximum if column and column.profile else None
    return iso(found) if found else None
