"""Tables -> the same tables with a suspicion on every column that looks personal.

A name and values that agree are stronger than either; values may contradict a name. Evidence is
put in words and shares, never in values.
"""

import re
from collections.abc import Callable, Mapping
from dataclasses import replace

from catalogue.classify.evidence import Finding, Values
from catalogue.classify.kinds import KINDS, Kind
from catalogue.classify.names import is_business
from catalogue.classify.sample import (
    ROWS,
    Sample,
    first_samples,
    is_number,
    is_text,
    is_time,
    samples,
)
from catalogue.classify.shapes import shapes_of
from catalogue.classify.spelling import word_set, words_of
from catalogue.classify.words import is_about_people, is_about_places, is_owned, kind_named
from catalogue.errors import WarehouseUnavailable
from catalogue.model import Column, Suspicion, Table
from catalogue.warehouse import Warehouse

FEW_ROWS = 60
"""Rows per column for a first look, before anything is profiled."""
_PLAIN_NAMES = word_set("name names nom nombre nome naam nazwa namen")
_TELLING = frozenset(
    {"email", "phone", "person", "birth", "national_id", "iban", "card", "username"}
)
"""Kinds that make a table one about people, two of them."""
_DIGITS = re.compile(r"\d")
_CONTRADICTS_BELOW = 0.3


def with_suspicions(
    tables: tuple[Table, ...], warehouse: Warehouse, *, is_brief: bool = False
) -> tuple[Table, ...]:
    """Return the tables with suspicions; a table that cannot be read is judged by its names.

    `is_brief` looks at a few rows of each only.
    """
    return tuple(_with_suspicions(table, warehouse, is_brief) for table in tables)


def _with_suspicions(table: Table, warehouse: Warehouse, is_brief: bool) -> Table:
    unsaid = [column for column in table.columns if column.classification is None]
    try:
        if is_brief:
            read = first_samples(table, unsaid, warehouse, rows=FEW_ROWS)
        else:
            read = samples(table, unsaid, warehouse, rows=ROWS)
    except WarehouseUnavailable:
        read = {}
    return _judged(
        table, {column.name: Values(read.get(column.name, Sample())) for column in unsaid}
    )


def _judged(table: Table, values: Mapping[str, Values]) -> Table:
    """Judge twice where the first look shows that the table is about people."""
    about_people = is_about_people(table.name)
    found = _suspicions(table, values, about_people)
    telling = sum(each.kind in _TELLING for each in found.values())
    if not about_people and telling >= 2 and not is_about_places(table.name):
        found = _suspicions(table, values, True)
    columns = tuple(replace(column, suspicion=found.get(column.name)) for column in table.columns)
    return replace(table, columns=columns) if found else table


def _suspicions(
    table: Table, values: Mapping[str, Values], about_people: bool
) -> dict[str, Suspicion]:
    found = {}
    for column in table.columns:
        if column.name in values:
            judge = _Judge(column, values[column.name], table, about_people)
            if suspicion := judge.suspicion():
                found[column.name] = suspicion
    return found


class _Judge:
    """Weighs one column's name against its values."""

    def __init__(self, column: Column, values: Values, table: Table, about_people: bool) -> None:
        self.column, self.values, self.about_people = column, values, about_people
        self.is_place = is_about_places(table.name) and not is_owned(column.name)
        self.named = self._named(about_people or is_owned(column.name))

    def suspicion(self) -> Suspicion | None:
        finding = self._finding()
        if finding is not None:
            return self._by_values(finding)
        if self.named is None or self._is_contradicted(self.named):
            return None
        return Suspicion(
            kind=self.named.name, why=f"its name speaks of {self.named.plural}", confidence=0.6
        )

    def _finding(self) -> Finding | None:
        if not (self.values.tested or self.values.sample.witnesses):
            return None
        words = words_of(self.column.name)
        is_named = self.named is not None and self.named.name == "person"
        plain = self.about_people and not _PLAIN_NAMES.isdisjoint(words)
        return self.values.found(
            is_named=is_named or plain,
            is_about_people=self.about_people,
            has_place=self.is_place,
        )

    def _by_values(self, finding: Finding) -> Suspicion:
        kind = KINDS[finding.kind]
        what = f"valid {finding.label}s" if finding.label else kind.plural
        why = (
            f"{finding.share:.0%} of {finding.of} sampled values look like {what}"
            if finding.share >= 0.01
            else f"some values are {kind.plural}"
        )
        agrees = self.named is not None and self.named.name == finding.kind
        if agrees:
            why = f"its name speaks of {kind.plural}, and {why}"
        return Suspicion(
            kind=kind.name,
            why=why,
            confidence=round(min(0.99, 0.7 + 0.25 * finding.share + 0.1 * agrees), 2),
        )

    def _named(self, is_owned_by_people: bool) -> Kind | None:
        name = kind_named(self.column.name)
        kind = KINDS[name] if name else None
        if kind is None or (kind.needs_people and not is_owned_by_people):
            return None
        if self.is_place and kind.name in ("address", "postcode", "phone"):
            return None
        return kind if self._fits(kind) else None

    def _fits(self, kind: Kind) -> bool:
        column = self.column
        if column.data_type.upper() == "BOOLEAN":
            return False
        if kind.name == "birth":
            return is_time(column) or is_text(column)
        if kind.name == "pay":
            return is_number(column)
        if kind.holds == "text":
            return is_text(column)
        return not is_time(column)

    def _is_contradicted(self, kind: Kind) -> bool:
        if not self.values.tested or kind.name not in _SUPPORT:
            return False
        return self.values.share(_SUPPORT[kind.name]) < _CONTRADICTS_BELOW


def _has_digits(least: int, most: int = 40) -> Callable[[str], bool]:
    return lambda value: least <= len(_DIGITS.findall(value)) and len(value) <= most


_SUPPORT: dict[str, Callable[[str], bool]] = {
    "email": lambda value: "@" in value,
    "phone": _has_digits(6),
    "person": lambda value: (
        any(each.isalpha() for each in value)
        and not _DIGITS.search(value)
        and not is_business(value)
    ),
    "address": lambda value: len(value) > 5 and any(each.isalpha() for each in value),
    "postcode": _has_digits(2, 12),
    "birth": lambda value: "birth" in shapes_of(value),
    "national_id": _has_digits(5, 30),
    "iban": _has_digits(6, 40),
    "card": lambda value: _has_digits(12, 30)(value) or "*" in value,
    "ip": lambda value: "ip" in shapes_of(value) or value.count(".") >= 3,
    "username": lambda value: " " not in value.strip(),
    "secret": lambda value: len(value) >= 4,
}
"""What a value must be for a name to be believed."""
