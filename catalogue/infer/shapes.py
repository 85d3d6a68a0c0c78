"""What the rows of a table are: things, states kept per day, versions of things, or a copy.

Counts and sums over versions, over states, or over rows marked as deleted are wrong without a
rule; this module finds the rule where the table itself shows it, or says that there is none.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Literal

from catalogue.infer.natures import Natured
from catalogue.infer.words import Words
from catalogue.model import Table
from catalogue.profile import base_type
from catalogue.warehouse import quoted

Kind = Literal["things", "states", "versions", "copy"]
_COPY = frozenset(
    ["bak", "backup", "bkp", "old", "tmp", "temp", "copy", "archive", "archived", "deprecated",
     "test", "sandbox", "scratch", "sample", "obsolete", "orig", "dup", "duplicates"]
)  # fmt: skip
_STATES = frozenset(["snapshot", "snapshots", "balance", "balances", "inventory", "eod"])
_VERSIONS = frozenset(["history", "hist", "scd", "versions", "audit", "changelog", "log"])
_CURRENT = (("current",), ("is", "current"), ("current", "flag"), ("current", "row"),
            ("is", "latest"), ("is", "current", "row"), ("current", "ind"), ("latest",),
            ("current", "indicator"), ("is", "active", "record"), ("active", "row"))  # fmt: skip
_SINCE = ("valid", "effective", "row", "record", "version", "scd")
_UNTIL = ("to", "until", "end", "thru", "through")
_DELETED = (("is", "deleted"), ("deleted",), ("deleted", "flag"), ("is", "del"), ("del", "flag"),
            ("deleted", "ind"), ("delete", "flag"), ("is", "removed"))  # fmt: skip
_DELETED_AT = (("deleted", "at"), ("deleted", "on"), ("deleted", "date"), ("deleted", "timestamp"),
               ("deletion", "date"), ("date", "deleted"))  # fmt: skip
_TESTS = (("is", "test"), ("test",), ("test", "flag"), ("is", "test", "row"), ("is", "dummy"),
          ("is", "sandbox"), ("is", "test", "account"), ("test", "record"), ("test", "row"),
          ("is", "test", "record"), ("is", "test", "data"), ("test", "indicator"))  # fmt: skip
_STATUS = (("status",), ("record", "status"), ("row", "status"), ("rec", "status"),
           ("status", "code"), ("record", "state"), ("state", "code"))  # fmt: skip
_GONE = frozenset(["deleted", "del", "removed", "purged", "gelöscht", "supprimé", "borrado"])
_FEW_GONE = 0.2
"""Of an `A` and a `D`, D means deleted where it is so rare; else it may as well mean declined."""
_YES = frozenset(["y", "yes", "true", "t", "1"])
_NO = frozenset(["n", "no", "false", "f", "0"])


@dataclass(frozen=True, kw_only=True)
class Condition:
    """A condition on a table's own columns that its counts and sums need."""

    sql: str
    columns: tuple[str, ...]
    says: str
    """In words, for the definition."""


@dataclass(frozen=True, kw_only=True)
class Shape:
    """What the rows of a table are, and the conditions that make them countable."""

    kind: Kind = "things"
    conditions: tuple[Condition, ...] = ()

    @property
    def is_countable(self) -> bool:
        """True where counting rows counts something."""
        return self.kind in ("things", "states")


def shape_of(table: Table, words: Words, columns: Sequence[Natured]) -> Shape:
    """Return what the rows of a table are; `words` are those of its name."""
    if set(words) & _COPY or (words[-1].isdigit() and len(words[-1]) >= 6):
        return Shape(kind="copy")
    if any(each.words in _DELETED and not is_false(each) for each in columns):
        return Shape(kind="versions")
    deleted = tuple(_not_deleted(table, columns))
    current = next(_only_current(table, columns), None)
    if current is not None:
        return Shape(conditions=(current, *deleted))
    if _has_versions(columns) or set(words) & _VERSIONS:
        return Shape(kind="versions")
    if set(words) & _STATES:
        return Shape(kind="states", conditions=deleted)
    return Shape(conditions=deleted)


def _only_current(table: Table, columns: Sequence[Natured]) -> Iterator[Condition]:
    for each in columns:
        if each.words in _CURRENT and (truth := _is_true(each)):
            yield Condition(
                sql=truth, columns=(each.column.name,), says=f"{each.column.name} is true"
            )
    for each in columns:
        name, found = each.column.name, each.column.profile
        if not _ends_a_version(each.words) or found is None:
            continue
        if found.nulls:
            yield Condition(
                sql=f"{quoted(name)} IS NULL", columns=(name,), says=f"{name} has no value"
            )
        elif (found.maximum or "")[:4] >= "2900" and each.nature == "time":
            yield Condition(
                sql=f"{quoted(name)} >= DATE '2900-01-01'",
                columns=(name,),
                says=f"{name} lies in the far future",
            )


def _not_deleted(table: Table, columns: Sequence[Natured]) -> Iterator[Condition]:
    for each in columns:
        name, found = each.column.name, each.column.profile
        if each.words in (*_DELETED, *_TESTS) and (falsehood := is_false(each)):
            yield Condition(sql=falsehood, columns=(name,), says=f"{name} is not true")
        if gone := _gone(each, table.row_count or 0):
            told = ", ".join("'" + value.replace("'", "''") + "'" for value in gone)
            sql = f"({quoted(name)} NOT IN ({told}) OR {quoted(name)} IS NULL)"
            yield Condition(sql=sql, columns=(name,), says=f"{name} is not {' or '.join(gone)}")
        if each.words in _DELETED_AT and found is not None and found.nulls:
            yield Condition(
                sql=f"{quoted(name)} IS NULL", columns=(name,), says=f"{name} has no value"
            )


def _gone(each: Natured, rows: int) -> list[str]:
    """The values of a status that say that a row is deleted."""
    found = each.column.profile
    if each.words not in _STATUS or found is None or not found.top_values:
        return []
    counts = dict(found.top_values)
    if set(counts) == {"A", "D"} and counts["D"] <= _FEW_GONE * rows:
        return ["D"]
    return [value for value in counts if value.strip().lower() in _GONE]


def _has_versions(columns: Sequence[Natured]) -> bool:
    return any(_ends_a_version(each.words) for each in columns) or any(
        each.words in _CURRENT for each in columns
    )


def _ends_a_version(words: Words) -> bool:
    """`valid_to`, `effective_end_date`: but a subscription's `end_date` does not."""
    return bool({*words} & {*_SINCE}) and bool({*words} & {*_UNTIL})


def _is_true(each: Natured) -> str | None:
    return _flag(each, _YES)


def is_false(each: Natured) -> str | None:
    """Return the condition that a flag is not set, or None where the column is no flag."""
    found = _flag(each, _NO)
    return f"({found} OR {quoted(each.column.name)} IS NULL)" if found else None


def _flag(each: Natured, wanted: frozenset[str]) -> str | None:
    """Return the condition that a flag has one of these meanings, or None where it is no flag."""
    name = quoted(each.column.name)
    if base_type(each.column) == "BOOLEAN":
        return f"{name} = {'TRUE' if wanted is _YES else 'FALSE'}"
    found = each.column.profile
    values = [value for value, _ in found.top_values] if found else []
    meant = [value for value in values if value.strip().lower() in wanted]
    if not meant or any(value.strip().lower() not in _YES | _NO for value in values):
        return None
    written = ", ".join("'" + value.replace("'", "''") + "'" for value in meant)
    return f"CAST({name} AS VARCHAR) IN ({written})"
