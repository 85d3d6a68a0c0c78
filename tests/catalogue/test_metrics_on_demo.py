"""The semantic layer on the demo platform: whatever it lists can be asked for, and runs."""

from collections.abc import Iterator
from datetime import date

import duckdb
import pytest

from catalogue.metrics import SemanticLayer
from catalogue.model import MetricQuery, Period
from tests.demo import demo_directory

JUNE = Period(start=date(2013, 6, 1), end=date(2013, 6, 30))


@pytest.fixture(scope="module")
def layer() -> SemanticLayer:
    manifest = demo_directory() / "target" / "semantic_manifest.json"
    return SemanticLayer(manifest.read_text(encoding="utf-8"))


@pytest.fixture(scope="module")
def warehouse() -> Iterator[duckdb.DuckDBPyConnection]:
    with duckdb.connect(str(demo_directory() / "nyc.duckdb"), read_only=True) as connection:
        yield connection


def test_every_metric_has_a_value_for_june(
    layer: SemanticLayer, warehouse: duckdb.DuckDBPyConnection
) -> None:
    for metric in layer.metrics():
        sql = layer.compile(MetricQuery(metrics=(metric.name,), period=JUNE))
        rows = warehouse.execute(sql).fetchall()

        assert len(rows) == 1, metric.name
        assert rows[0][0] is not None, metric.name


def test_every_listed_dimension_can_be_grouped_by(
    layer: SemanticLayer, warehouse: duckdb.DuckDBPyConnection
) -> None:
    metrics = {metric.name: metric for metric in layer.metrics()}
    shapes = {metric.dimensions: metric.name for metric in metrics.values()}
    for dimensions, metric in shapes.items():
        for dimension in dimensions:
            query = MetricQuery(metrics=(metric,), group_by=(dimension,), period=JUNE)
            result = warehouse.execute(layer.compile(query))

            assert [column[0] for column in result.description or ()] == [dimension, metric]
            assert result.fetchall(), (metric, dimension)


def test_every_metric_says_what_it_is(layer: SemanticLayer) -> None:
    names = {metric.name for metric in layer.metrics()}
    for metric in layer.metrics():
        said = (metric.label, metric.description, metric.unit, metric.owner, metric.time_column)
        assert all(said), metric.name
        assert metric.basis is None or metric.basis in names
        assert all((metric.tables, metric.columns)), metric.name


def test_running_total_of_december_is_the_year(
    layer: SemanticLayer, warehouse: duckdb.DuckDBPyConnection
) -> None:
    december = Period(start=date(2013, 12, 1), end=date(2013, 12, 31))
    sql = layer.compile(MetricQuery(metrics=("cumulative_flights",), period=december))

    assert warehouse.execute(sql).fetchall() == [(336_776,)]
