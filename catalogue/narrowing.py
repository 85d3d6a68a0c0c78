"""The catalogue as one grant sees it: what is hidden is absent, and no statistic speaks of it."""

import re
from dataclasses import replace

from catalogue.access import Grant
from catalogue.catalogue import Catalogue
from catalogue.model import Column, Conventions, Dimension, Evidence, Metric, Table, VerifiedQuery

_IDENTIFIER = re.compile(r"[A-Za-z_][A-Za-z0-9_]*")


def narrow_catalogue(catalogue: Catalogue, grant: Grant) -> Catalogue:
    """Return a catalogue that holds only what the grant allows."""
    tables = tuple(
        _table(table, grant) for table in catalogue.tables if grant.sees(table.full_name)
    )
    dimensions = tuple(
        _dimension(each, grant)
        for each in catalogue.dimensions
        if _sees_dimension(each, catalogue, grant)
    )
    names = {dimension.name for dimension in dimensions}
    hidden = {dimension.name for dimension in catalogue.dimensions} - names
    metrics = tuple(
        replace(metric, dimensions=tuple(name for name in metric.dimensions if name not in hidden))
        for metric in catalogue.metrics
        if _sees_metric(metric, catalogue, grant)
    )
    hidden_tables = [t.full_name for t in catalogue.tables if not grant.sees(t.full_name)]
    checks = tuple(c for c in catalogue.checks if grant.sees(c.table, c.column))
    check_ids = {check.id for check in checks if grant.sees_plainly(check.table, check.column)}
    return replace(
        catalogue,
        tables=tables,
        relationships=tuple(
            link
            for link in catalogue.relationships
            if grant.sees(link.from_table, link.from_column)
            and grant.sees(link.to_table, link.to_column)
        ),
        metrics=metrics,
        dimensions=dimensions,
        entities=tuple(
            entity
            for entity in catalogue.entities
            if entity.golden is None or grant.sees(entity.golden)
        ),
        rivals=tuple(
            rival
            for rival in catalogue.rivals
            if _unmasked(f"{rival.table}.{rival.key}", grant)
            and _unmasked(f"{rival.golden}.{rival.golden_key}", grant)
        ),
        verified=_verified(catalogue, metrics, dimensions, grant),
        exposures=tuple(
            exposure
            for exposure in catalogue.exposures
            if all(grant.sees(table) for table in exposure.tables)
        ),
        checks=checks,
        results=tuple(result for result in catalogue.results if result.check_id in check_ids),
        evidence={
            name: _evidence(evidence, _secret_words(name, catalogue, grant), hidden_tables)
            if grant.sees_plainly(name)
            else _quiet(evidence)
            for name, evidence in catalogue.evidence.items()
            if grant.sees(name)
        },
        conventions=_conventions(catalogue, grant),
        conflicts=tuple(
            text for text in catalogue.conflicts if not _names_hidden(text, catalogue, grant)
        ),
        # They name every column and metric there is, and only whoever compiles needs them.
        semantic_manifest=None,
        inferred_manifest=None,
    )


def _conventions(catalogue: Catalogue, grant: Grant) -> Conventions:
    """Leave out filters that speak of a column the asker does not see plainly."""
    rules = catalogue.conventions
    if not rules.filters:
        return rules
    filters = {}
    for name, condition in rules.filters.items():
        words = {word.lower() for word in _IDENTIFIER.findall(condition)}
        table = catalogue.tables_by_name.get(name.lower())
        named = [c.name for c in table.columns if c.name.lower() in words] if table else []
        if grant.sees(name) and all(_unmasked(f"{name}.{each}", grant) for each in named):
            filters[name] = condition
    return replace(rules, filters=filters)


def _quiet(evidence: Evidence) -> Evidence:
    """Failure counts and reasons speak of rows this asker does not see."""
    return Evidence(
        health=evidence.health, checked_at=evidence.checked_at, inherited=evidence.inherited
    )


def _evidence(evidence: Evidence, secret: set[str], hidden_tables: list[str]) -> Evidence:
    """A reason may lie in a column, or in a table upstream, that the asker does not see."""
    reasons = tuple(
        reason
        for reason in evidence.reasons
        if not any(name.lower() in reason.lower() for name in hidden_tables)
        and secret.isdisjoint(word.lower() for word in _IDENTIFIER.findall(reason))
    )
    return replace(evidence, reasons=reasons, results=() if secret else evidence.results)


def _secret_words(name: str, catalogue: Catalogue, grant: Grant) -> set[str]:
    """Return the columns of a table that the grant hides or masks."""
    table = catalogue.tables_by_name.get(name.lower())
    columns = table.columns if table is not None else ()
    return {c.name.lower() for c in columns if not grant.sees_plainly(name, c.name)}


def _table(table: Table, grant: Grant) -> Table:
    plain = grant.sees_plainly(table.full_name)
    columns = tuple(
        _column(column, table, grant)
        for column in table.columns
        if grant.sees(table.full_name, column.name)
    )
    kept = {column.name.lower() for column in columns}

    def if_kept(name: str | None) -> str | None:
        return name if name and name.lower() in kept else None

    event_time, loaded_at = if_kept(table.event_time), if_kept(table.loaded_at)
    return replace(
        table,
        columns=columns,
        primary_key=table.primary_key
        if all(name.lower() in kept for name in table.primary_key)
        else (),
        event_time=event_time,
        loaded_at=loaded_at,
        row_count=table.row_count if plain else None,
        as_of=table.as_of if _plainly(grant, table, event_time) else None,
        last_loaded=table.last_loaded if _plainly(grant, table, loaded_at) else None,
        upstream=tuple(name for name in table.upstream if grant.sees(name)),
        definition=None,
        built_by=None,
    )


def _plainly(grant: Grant, table: Table, column: str | None) -> bool:
    return column is not None and grant.sees_plainly(table.full_name, column)


def _column(column: Column, table: Table, grant: Grant) -> Column:
    if grant.sees_plainly(table.full_name, column.name):
        return replace(column, expression=None) if column.expression else column
    data_type = _without_values(column.data_type)
    return replace(column, profile=None, data_type=data_type, expression=None)


def _without_values(data_type: str) -> str:
    """The type of an enum lists all its values."""
    return "VARCHAR" if "ENUM(" in data_type.upper() else data_type


def _dimension(dimension: Dimension, grant: Grant) -> Dimension:
    if grant.sees_plainly(dimension.table):
        return dimension
    return replace(dimension, data_type=_without_values(dimension.data_type))


def _sees_dimension(dimension: Dimension, catalogue: Catalogue, grant: Grant) -> bool:
    """A dimension may be an expression: all columns that it mentions must be plain."""
    table = catalogue.tables_by_name.get(dimension.table.lower())
    if table is None or not grant.sees(table.full_name):
        return False
    mentioned = {word.lower() for word in _IDENTIFIER.findall(dimension.column)}
    mentioned.add(dimension.column.lower())  # a name may hold blanks
    return all(
        _unmasked(f"{table.full_name}.{column.name}", grant)
        for column in table.columns
        if column.name.lower() in mentioned
    )


def _sees_metric(metric: Metric, catalogue: Catalogue, grant: Grant) -> bool:
    return all(grant.sees(table) for table in metric.tables) and all(
        _unmasked(column, grant)
        for column in (*metric.columns, *([metric.time_column] if metric.time_column else []))
    )


def _unmasked(column: str, grant: Grant) -> bool:
    table, _, name = column.lower().rpartition(".")
    allowed = grant.tables.get(table)
    return allowed is not None and name in allowed.columns and name not in allowed.masks


def _verified(
    catalogue: Catalogue,
    metrics: tuple[Metric, ...],
    dimensions: tuple[Dimension, ...],
    grant: Grant,
) -> tuple[VerifiedQuery, ...]:
    gone = ({m.name for m in catalogue.metrics} - {m.name for m in metrics}) | (
        {d.name for d in catalogue.dimensions} - {d.name for d in dimensions}
    )
    return tuple(
        query
        for query in catalogue.verified
        if not _mentions(query.metric_query, gone)
        and not (query.sql and _names_hidden(query.sql, catalogue, grant))
    )


def _mentions(value: object, names: set[str]) -> bool:
    return bool(names) and not names.isdisjoint(re.findall(r"\w+", repr(value)))


def _names_hidden(text: str, catalogue: Catalogue, grant: Grant) -> bool:
    """True where text names a table the grant hides, or a column hidden in every table it names."""
    words = {word.lower() for word in _IDENTIFIER.findall(text)}
    seen = {
        column
        for name, allowed in grant.tables.items()
        if name.rpartition(".")[2] in words
        for column in allowed.columns
    }
    for table in catalogue.tables:
        named = table.name.lower() in words
        if named and not grant.sees(table.full_name) and _is_meant(table, words, grant):
            return True
        if named and any(
            column.name.lower() in words - seen
            for column in table.columns
            if not grant.sees(table.full_name, column.name)
        ):
            return True
    return False


def _is_meant(table: Table, words: set[str], grant: Grant) -> bool:
    """A bare name shared with a visible table is that table's, unless a schema stands by."""
    shared = any(
        name.rpartition(".")[2] == table.name.lower() and name.rpartition(".")[0] in words
        for name in grant.tables
    )
    return not shared or table.schema.lower() in words
