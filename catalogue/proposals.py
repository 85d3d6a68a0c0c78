"""Filters that the data speaks for: a proposal to `conventions.filters`, never applied unasked."""

import json
from collections.abc import Sequence
from dataclasses import dataclass

from catalogue.catalogue import Catalogue
from catalogue.infer.naming import entity_words
from catalogue.infer.shapes import shape_of
from catalogue.infer.subjects import natured
from catalogue.model import Column, Table


@dataclass(frozen=True, kw_only=True)
class ProposedFilter:
    """A condition that the rows of a table should perhaps meet, and what speaks for it."""

    table: str
    condition: str
    why: str
    """One sentence of counts; values only where they say yes or no."""


def proposed_filters(catalogue: Catalogue) -> list[ProposedFilter]:
    """Return a proposal for each table that shows deleted rows, tests or a history.

    Give it the catalogue within the asker's grant. A table with a declared filter has none.
    """
    words = entity_words(catalogue.tables)
    declared = {name.lower() for name in catalogue.conventions.filters}
    found = []
    for table in catalogue.tables:
        if table.full_name.lower() in declared or not table.row_count:
            continue
        columns = natured(table)
        conditions = [
            (each.sql, each.columns[0])
            for each in shape_of(table, words[table.full_name], columns).conditions
        ]
        if conditions:
            found.append(_proposal(table, conditions))
    return found


def as_toml(proposals: Sequence[ProposedFilter]) -> str:
    """Return proposals as the section of platform.toml that would declare them."""
    lines = ["[conventions.filters]"]
    for each in proposals:
        lines += [f"# {each.why}", f"{_quoted(each.table)} = {_quoted(each.condition)}"]
    return "\n".join(lines) + "\n"


def _quoted(text: str) -> str:
    """A TOML string, as it is written where it holds double quotes alone."""
    is_plain = '"' in text and "'" not in text and text.isprintable()
    return f"'{text}'" if is_plain else json.dumps(text)


def _proposal(table: Table, conditions: Sequence[tuple[str, str]]) -> ProposedFilter:
    reasons = [
        _why(table, column) for _, name in conditions if (column := table.column(name)) is not None
    ]
    return ProposedFilter(
        table=table.full_name,
        condition=" AND ".join(dict.fromkeys(sql for sql, _ in conditions)),
        why=" ".join(dict.fromkeys(reasons)),
    )


def _why(table: Table, column: Column) -> str:
    profile = column.profile
    rows = table.row_count or 0
    if profile is None:
        return f"{column.name} says so of each row."
    if profile.top_values:
        told = ", ".join(f"{value} in {count:,}" for value, count in profile.top_values[:3])
        return f"{column.name} is {told} of {rows:,} rows."
    return f"{column.name} has a value in {rows - profile.nulls:,} of {rows:,} rows."
