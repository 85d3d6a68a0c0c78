"""A catalogue as a semantic model: Apache Ossie 0.1.1, formerly Open Semantic Interchange.

A metric goes out with the expression of its own definition; what has none in plain SQL (running
totals, conversions, comparisons with an earlier period) is left out and named.
"""

from collections.abc import Iterable
from typing import Any

from catalogue.catalogue import Catalogue
from catalogue.model import Column, Metric, Relationship, Table
from catalogue.writers.expressions import Definitions
from catalogue.writers.yaml_file import without_blanks

VERSION = "0.1.1"
_TIMES = ("DATE", "TIMESTAMP")


def semantic_model(
    catalogue: Catalogue, definitions: Definitions
) -> tuple[dict[str, Any], tuple[str, ...]]:
    """Return the model, ready for YAML, and the names of the metrics that it cannot say."""
    said = {metric.name: definitions.expression(metric) for metric in catalogue.metrics}
    model = without_blanks(
        {
            "name": catalogue.name,
            "datasets": [_dataset(table) for table in catalogue.tables],
            "relationships": [_relationship(link) for link in catalogue.relationships],
            "metrics": [
                _metric(metric, expression)
                for metric in catalogue.metrics
                if (expression := said[metric.name]) is not None
            ],
        }
    )
    left_out = tuple(name for name, expression in said.items() if expression is None)
    return {"version": VERSION, "semantic_model": [model]}, left_out


def _dataset(table: Table) -> dict[str, Any]:
    return without_blanks(
        {
            "name": table.name,
            "source": table.full_name,
            "primary_key": list(table.primary_key),
            "description": table.description,
            "ai_context": _synonyms(table.synonyms),
            "fields": [_field(column) for column in table.columns],
        }
    )


def _field(column: Column) -> dict[str, Any]:
    is_time = column.data_type.upper().startswith(_TIMES)
    return without_blanks(
        {
            "name": column.name,
            "expression": _expression(column.name),
            "dimension": {"is_time": is_time},
            "label": column.label,
            "description": column.description,
            "ai_context": _synonyms(column.synonyms),
        }
    )


def _relationship(link: Relationship) -> dict[str, Any]:
    start, end = _short(link.from_table), _short(link.to_table)
    return {
        "name": f"{start}_{link.from_column}_to_{end}",
        "from": start,
        "to": end,
        "from_columns": [link.from_column],
        "to_columns": [link.to_column],
    }


def _metric(metric: Metric, expression: str) -> dict[str, Any]:
    return without_blanks(
        {
            "name": metric.name,
            "expression": _expression(expression),
            "description": metric.description,
            "ai_context": _synonyms(metric.synonyms),
        }
    )


def _expression(text: str) -> dict[str, Any]:
    return {"dialects": [{"dialect": "ANSI_SQL", "expression": text}]}


def _synonyms(words: Iterable[str]) -> dict[str, list[str]] | None:
    found = list(words)
    return {"synonyms": found} if found else None


def _short(full_name: str) -> str:
    return full_name.rpartition(".")[2]
