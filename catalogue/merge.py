"""Several sources on the same things -> one entry each, and where they disagree, in words.

The warehouse decides what exists and of which type; of everything else the later source wins.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from catalogue.model import Certification, Column, Entity, Relationship, Table

_TABLE_FIELDS = (
    "description", "layer", "domain", "owner", "certification", "primary_key", "event_time",
    "loaded_at", "upstream", "unique_id", "definition", "built_by",
)  # fmt: skip
_COLUMN_FIELDS = ("description", "label", "unit", "classification")
_QUIET = frozenset({"upstream", "unique_id", "definition", "built_by", "primary_key"})
_EMPTY = (None, "", (), Certification())
_TYPES = {
    "text": "varchar", "string": "varchar", "char": "varchar", "bpchar": "varchar",
    "int": "integer", "int4": "integer", "int8": "bigint", "long": "bigint", "bool": "boolean",
    "float8": "double", "double precision": "double", "float4": "float", "real": "float",
    "timestamptz": "timestamp with time zone", "datetime": "timestamp",
}  # fmt: skip


@dataclass
class Merger:
    """Lays the notes of one source after another over the tables that exist."""

    tables: dict[str, Table]
    conflicts: list[str] = field(default_factory=list)
    _said: dict[tuple[str, str], str] = field(default_factory=dict)
    """Who said what is known: by name of the thing and field."""

    @classmethod
    def over(cls, tables: Iterable[Table]) -> "Merger":
        return cls(tables={table.full_name.lower(): table for table in tables})

    def lay(self, notes: Iterable[Table], *, source: str) -> None:
        """Lay the notes of a source on top; one on a table that is not there is a conflict."""
        for note in notes:
            known = self.tables.get(note.full_name.lower())
            if known is None:
                self.conflicts.append(
                    f"{source} describes {note.full_name}, which the warehouse does not hold."
                )
                continue
            self.tables[note.full_name.lower()] = self._table(known, note, source)

    def _table(self, known: Table, note: Table, source: str) -> Table:
        changes = self._changes(known.full_name, known, note, _TABLE_FIELDS, source)
        columns = {column.name.lower(): column for column in known.columns}
        for said in note.columns:
            held = columns.get(said.name.lower())
            if held is None:
                place = f"{known.full_name}.{said.name}"
                self.conflicts.append(f"{source} describes {place}, which the table does not have.")
            else:
                columns[said.name.lower()] = self._column(known.full_name, held, said, source)
        return replace(
            known,
            **changes,
            columns=tuple(columns.values()),
            synonyms=joined(known.synonyms, note.synonyms),
        )

    def _column(self, table: str, known: Column, note: Column, source: str) -> Column:
        place = f"{table}.{known.name}"
        if note.data_type and not is_same_type(note.data_type, known.data_type):
            self.conflicts.append(
                f"{place}: {source} says the type is {note.data_type}, the warehouse says "
                f"{known.data_type}; the warehouse wins."
            )
        changes = self._changes(place, known, note, _COLUMN_FIELDS, source)
        return replace(known, **changes, synonyms=joined(known.synonyms, note.synonyms))

    def _changes(
        self, place: str, known: object, note: object, names: Sequence[str], source: str
    ) -> dict[str, Any]:
        changes = {}
        for name in names:
            before, after = getattr(known, name), getattr(note, name)
            if after in _EMPTY:
                continue
            changes[name] = after
            if before not in _EMPTY and before != after and name not in _QUIET:
                said_by = self._said.get((place, name), "the warehouse")
                self.conflicts.append(
                    f"{place}: {said_by} and {source} give a different {name.replace('_', ' ')}; "
                    f"{source} wins."
                )
            self._said[place, name] = source
        return changes


def merge_entities(known: Iterable[Entity], notes: Iterable[Entity]) -> tuple[Entity, ...]:
    """Return the entities of both; a note on the same name wins, field by field."""
    found = {_folded(entity.name): entity for entity in known}
    for note in notes:
        before = found.get(_folded(note.name), note)
        found[_folded(note.name)] = Entity(
            name=note.name,
            description=note.description or before.description,
            key=note.key or before.key,
            golden=note.golden or before.golden,
            synonyms=joined(before.synonyms, note.synonyms),
        )
    return tuple(found.values())


def merge_relationships(
    sources: Iterable[Relationship], tables: Mapping[str, Table]
) -> tuple[Relationship, ...]:
    """Return each join once, spelled as its tables are; one over absent columns is dropped.

    The later source decides how many rows stand on the other side; that a test watches a join
    is not forgotten when somebody declares it too.
    """
    found: dict[tuple[str, str, str, str], Relationship] = {}
    for each in sources:
        left = tables.get(each.from_table.lower())
        right = tables.get(each.to_table.lower())
        from_column = left.column(each.from_column) if left else None
        to_column = right.column(each.to_column) if right else None
        if not (left and right and from_column and to_column):
            continue
        ends = (left.full_name, from_column.name, right.full_name, to_column.name)
        before = found.get(ends)
        found[ends] = Relationship(
            from_table=ends[0],
            from_column=ends[1],
            to_table=ends[2],
            to_column=ends[3],
            many_to=each.many_to,
            origin="tested" if before and before.origin == "tested" else each.origin,
        )
    return tuple(found.values())


def joined(first: tuple[str, ...], second: tuple[str, ...]) -> tuple[str, ...]:
    """Return both, each word once."""
    return tuple({word.lower(): word for word in (*second, *first)}.values()) if second else first


def is_same_type(first: str, second: str) -> bool:
    """True where two spellings mean the same type; precision is not compared."""
    return _type(first) == _type(second)


def _type(spelling: str) -> str:
    base = spelling.lower().partition("(")[0].strip()
    return "decimal" if base == "numeric" else _TYPES.get(base, base)


def _folded(name: str) -> str:
    return name.lower().replace("_", " ").strip()
