"""A catalogue as a data contract: Open Data Contract Standard 3.1 (Bitol, LF AI & Data)."""

from collections.abc import Mapping
from typing import Any

from catalogue.catalogue import Catalogue
from catalogue.model import Check, Column, Relationship, Table
from catalogue.writers.yaml_file import without_blanks

API_VERSION = "v3.1.0"
_LOGICAL = {
    "BOOLEAN": "boolean", "DATE": "date", "TIME": "time", "TIMESTAMP": "timestamp",
    "FLOAT": "number", "DOUBLE": "number", "DECIMAL": "number",
    "TINYINT": "integer", "SMALLINT": "integer", "INTEGER": "integer", "BIGINT": "integer",
    "HUGEINT": "integer", "UTINYINT": "integer", "USMALLINT": "integer", "UINTEGER": "integer",
    "UBIGINT": "integer", "STRUCT": "object", "MAP": "object",
}  # fmt: skip


def contract(catalogue: Catalogue) -> dict[str, Any]:
    """Return one contract over every table of the catalogue, ready for YAML."""
    slug = catalogue.name.lower().replace(" ", "-")
    checks: dict[str, list[Check]] = {}
    for check in catalogue.checks:
        checks.setdefault(check.table.lower(), []).append(check)
    return {
        "apiVersion": API_VERSION,
        "kind": "DataContract",
        "id": slug,
        "name": catalogue.name,
        "version": "1.0.0",
        "status": "active",
        "schema": [
            _object(table, catalogue, checks.get(table.full_name.lower(), []))
            for table in catalogue.tables
        ],
    }


def _object(table: Table, catalogue: Catalogue, checks: list[Check]) -> dict[str, Any]:
    links = {
        link.from_column.lower(): link
        for link in catalogue.relationships
        if link.from_table.lower() == table.full_name.lower() and link.many_to == "one"
    }
    keys = {name.lower(): place for place, name in enumerate(table.primary_key, start=1)}
    about = {"layer": table.layer, "domain": table.domain, "owner": table.owner}
    return without_blanks(
        {
            "name": table.full_name,
            "physicalName": table.full_name,
            "logicalType": "object",
            "physicalType": table.kind,
            "description": table.description,
            "customProperties": _custom({**about, "certification": _certified(table)}),
            "properties": [
                _property(column, keys, links.get(column.name.lower())) for column in table.columns
            ],
            "quality": [_rule(check) for check in checks],
        }
    )


def _property(column: Column, keys: Mapping[str, int], link: Relationship | None) -> dict[str, Any]:
    place = keys.get(column.name.lower())
    return without_blanks(
        {
            "name": column.name,
            "businessName": column.label,
            "logicalType": _logical(column.data_type),
            "physicalType": column.data_type,
            "description": column.description,
            "classification": column.classification,
            "primaryKey": place is not None or None,
            "primaryKeyPosition": place,
            "relationships": [{"type": "foreignKey", "to": f"{link.to_table}.{link.to_column}"}]
            if link
            else None,
            "customProperties": _custom(
                {"unit": column.unit, "synonyms": ", ".join(column.synonyms)}
            ),
        }
    )


def _rule(check: Check) -> dict[str, Any]:
    """A check as text: what it looks at, not how another engine would run it."""
    place = f" ({check.column})" if check.column else ""
    return {
        "name": check.name,
        "type": "text",
        "severity": check.severity,
        "description": (check.description or check.name.replace("_", " ")) + place,
    }


def _custom(values: Mapping[str, str | None]) -> list[dict[str, str]]:
    return [{"property": name, "value": value} for name, value in values.items() if value]


def _certified(table: Table) -> str | None:
    status = table.certification.status
    return None if status == "none" else status


def _logical(data_type: str) -> str:
    spelled = data_type.upper()
    if spelled.endswith("]"):
        return "array"
    return _LOGICAL.get(spelled.partition("(")[0].partition(" ")[0], "string")
