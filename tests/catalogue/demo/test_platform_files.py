"""The demo's own notes hold: names exist, verified queries compile and run."""

from collections.abc import Iterator
from typing import Any

import duckdb
import pytest

from catalogue.metric_query import metric_query_from_mapping
from catalogue.metrics import SemanticLayer
from catalogue.model import VerifiedQuery
from catalogue.readers.overlay import read_overlay
from catalogue.readers.verified import read_verified
from tests.demo import demo_directory

pytestmark = pytest.mark.timeout(300)

_BOUND = {"{month}": "2013-06", "{period}": "2013-Q2", "{airport}": "JFK"}


@pytest.fixture(scope="module")
def warehouse() -> Iterator[duckdb.DuckDBPyConnection]:
    with duckdb.connect(str(demo_directory() / "nyc.duckdb"), read_only=True) as connection:
        yield connection


@pytest.fixture(scope="module")
def layer() -> SemanticLayer:
    return SemanticLayer((demo_directory() / "target" / "semantic_manifest.json").read_text())


def test_there_are_enough_verified_queries() -> None:
    queries = _verified()
    assert len(queries) >= 6
    assert sum(bool(query.parameters) for query in queries) >= 2
    assert any(query.sql for query in queries)


def test_verified_queries_answer_with_rows(
    layer: SemanticLayer, warehouse: duckdb.DuckDBPyConnection
) -> None:
    empty = [
        query.id
        for query in _verified()
        if not warehouse.sql(query.sql or _compiled(query, layer)).fetchall()
    ]
    assert empty == []


def test_the_overlay_names_tables_and_columns_that_exist(
    warehouse: duckdb.DuckDBPyConnection,
) -> None:
    overlay = read_overlay(demo_directory() / "catalogue.yaml")
    columns = {
        (f"{schema}.{table}", column)
        for schema, table, column in warehouse.sql(
            "SELECT table_schema, table_name, column_name FROM information_schema.columns"
        ).fetchall()
    }
    named = {(entity.golden, entity.key) for entity in overlay.entity_notes()}
    named |= {(join.from_table, join.from_column) for join in overlay.relationships()}
    named |= {(join.to_table, join.to_column) for join in overlay.relationships()}
    assert named - columns == set()
    assert {table.full_name for table in overlay.table_notes()} <= {table for table, _ in columns}


def test_declared_joins_never_double_a_row(warehouse: duckdb.DuckDBPyConnection) -> None:
    overlay = read_overlay(demo_directory() / "catalogue.yaml")
    doubling = [
        f"{join.to_table}.{join.to_column}"
        for join in overlay.relationships()
        if warehouse.sql(
            f"SELECT 1 FROM {join.to_table} GROUP BY {join.to_column} HAVING count(*) > 1"
        ).fetchall()
    ]
    assert doubling == []


def test_overlay_synonyms_belong_to_metrics_and_dimensions_that_exist(
    layer: SemanticLayer,
) -> None:
    overlay = read_overlay(demo_directory() / "catalogue.yaml")
    metrics = {metric.name for metric in layer.metrics()}
    dimensions = {dimension.name for dimension in layer.dimensions()}
    assert overlay.synonyms_of("metric").keys() <= metrics
    assert overlay.synonyms_of("dimension").keys() <= dimensions


def _verified() -> tuple[VerifiedQuery, ...]:
    return read_verified(demo_directory() / "verified")


def _compiled(query: VerifiedQuery, layer: SemanticLayer) -> str:
    return layer.compile(metric_query_from_mapping(_bound(query.metric_query)))


def _bound(value: Any) -> Any:
    if isinstance(value, dict):
        return {key: _bound(part) for key, part in value.items()}
    if isinstance(value, list):
        return [_bound(part) for part in value]
    return _BOUND.get(value, value) if isinstance(value, str) else value
