"""Every metric against SQL written by hand over bronze, so that dbt's models are tested too."""

from collections.abc import Iterator
from datetime import date
from itertools import pairwise
from pathlib import Path

import duckdb
import pytest

from catalogue.errors import BadMetricQuery
from catalogue.metrics import SemanticLayer
from catalogue.model import MetricQuery, Period
from tests.demo import demo_directory

_FLIGHTS = """
    SELECT
        CAST(f.month AS INTEGER) AS month_number,
        f.carrier, f.dest, f.tailnum, f.dep_time <> 'NA' AS departed,
        TRY_CAST(f.dep_delay AS INTEGER) AS dep, TRY_CAST(f.arr_delay AS INTEGER) AS arr,
        TRY_CAST(f.air_time AS INTEGER) AS air, CAST(f.distance AS INTEGER) AS miles,
        TRY_CAST(p.seats AS INTEGER) AS seats
    FROM bronze.flights AS f LEFT JOIN bronze.planes AS p ON p.tailnum = f.tailnum
"""
_WEATHER = """
    SELECT
        CAST(month AS INTEGER) AS month_number,
        TRY_CAST(temp AS DOUBLE) AS temperature, TRY_CAST(precip AS DOUBLE) AS rain,
        TRY_CAST(wind_speed AS DOUBLE) AS wind, TRY_CAST(visib AS DOUBLE) AS visibility
    FROM bronze.weather
"""
_CUMULATIVE = (
    "(SELECT count(*) FROM bronze.flights WHERE CAST(month AS INTEGER) <= max(month_number))"
)

_BY_HAND = {
    "flights": (_FLIGHTS, "count(*)"),
    "cancelled_flights": (_FLIGHTS, "count(*) FILTER (WHERE NOT departed)"),
    "cancellation_rate": (_FLIGHTS, "count(*) FILTER (WHERE NOT departed) / count(*)"),
    "arrived_flights": (_FLIGHTS, "count(arr)"),
    "departed_flights": (_FLIGHTS, "count(*) FILTER (WHERE departed)"),
    "on_time_rate": (_FLIGHTS, "count(*) FILTER (WHERE arr < 15) / count(arr)"),
    "average_departure_delay": (_FLIGHTS, "sum(dep) / count(dep)"),
    "average_arrival_delay": (_FLIGHTS, "sum(arr) / count(arr)"),
    "p90_departure_delay": (_FLIGHTS, "quantile_cont(dep, 0.9)"),
    "p90_arrival_delay": (_FLIGHTS, "quantile_cont(arr, 0.9)"),
    "delayed_over_hour_share": (_FLIGHTS, "count(*) FILTER (WHERE arr > 60) / count(arr)"),
    "distance_flown": (_FLIGHTS, "sum(miles) FILTER (WHERE departed)"),
    "average_distance": (_FLIGHTS, "sum(miles) / count(*)"),
    "seats_offered": (_FLIGHTS, "sum(seats) FILTER (WHERE departed)"),
    "average_air_time": (_FLIGHTS, "sum(air) / count(air)"),
    "cumulative_flights": (_FLIGHTS, _CUMULATIVE),
    "diverted_flights": (_FLIGHTS, "count(*) FILTER (WHERE departed AND arr IS NULL)"),
    "aircraft_in_use": (_FLIGHTS, "count(DISTINCT tailnum) FILTER (WHERE departed)"),
    "airlines_operating": (_FLIGHTS, "count(DISTINCT carrier)"),
    "destinations_served": (_FLIGHTS, "count(DISTINCT dest)"),
    "average_temperature": (_WEATHER, "sum(temperature) / count(temperature)"),
    "total_precipitation": (_WEATHER, "sum(rain)"),
    "average_wind_speed": (_WEATHER, "sum(wind) / count(wind)"),
    "average_visibility": (_WEATHER, "sum(visibility) / count(visibility)"),
}
_JUNE = Period(start=date(2013, 6, 1), end=date(2013, 6, 30))

pytestmark = pytest.mark.timeout(300)


@pytest.fixture(scope="module")
def platform() -> Path:
    return demo_directory()


@pytest.fixture(scope="module")
def layer(platform: Path) -> SemanticLayer:
    return SemanticLayer((platform / "target" / "semantic_manifest.json").read_text())


@pytest.fixture(scope="module")
def warehouse(platform: Path) -> Iterator[duckdb.DuckDBPyConnection]:
    with duckdb.connect(str(platform / "nyc.duckdb"), read_only=True) as connection:
        yield connection


def test_the_platform_has_exactly_the_metrics_tested_here(layer: SemanticLayer) -> None:
    assert {metric.name for metric in layer.metrics()} == {*_BY_HAND, "flights_month_over_month"}


@pytest.mark.parametrize("metric", _BY_HAND)
def test_ungrouped_metric_equals_sql_by_hand(
    metric: str, layer: SemanticLayer, warehouse: duckdb.DuckDBPyConnection
) -> None:
    rows, expression = _BY_HAND[metric]
    by_hand = warehouse.sql(f"SELECT {expression} FROM ({rows})").fetchall()
    compiled = layer.compile(MetricQuery(metrics=(metric,)))
    assert _values(warehouse.sql(compiled).fetchall()) == pytest.approx(_values(by_hand))


@pytest.mark.parametrize("metric", _BY_HAND)
def test_metric_by_month_equals_sql_by_hand(
    metric: str, layer: SemanticLayer, warehouse: duckdb.DuckDBPyConnection
) -> None:
    rows, expression = _BY_HAND[metric]
    by_hand = warehouse.sql(
        f"SELECT {expression} FROM ({rows}) GROUP BY month_number ORDER BY month_number"
    ).fetchall()
    compiled = layer.compile(
        MetricQuery(
            metrics=(metric,), group_by=("metric_time__month",), order_by=("metric_time__month",)
        )
    )
    answered = warehouse.sql(compiled).fetchall()
    assert [row[0] for row in answered] == [date(2013, month, 1) for month in range(1, 13)]
    assert _values(answered) == pytest.approx(_values(by_hand))


@pytest.mark.parametrize("metric", _BY_HAND)
def test_metric_in_june_equals_sql_by_hand(
    metric: str, layer: SemanticLayer, warehouse: duckdb.DuckDBPyConnection
) -> None:
    rows, expression = _BY_HAND[metric]
    by_hand = warehouse.sql(f"SELECT {expression} FROM ({rows}) WHERE month_number = 6").fetchall()
    compiled = layer.compile(MetricQuery(metrics=(metric,), period=_JUNE))
    assert _values(warehouse.sql(compiled).fetchall()) == pytest.approx(_values(by_hand))


def test_month_over_month_needs_months(layer: SemanticLayer) -> None:
    with pytest.raises(BadMetricQuery):
        layer.compile(MetricQuery(metrics=("flights_month_over_month",)))


def test_month_over_month_by_month_and_in_june_equals_sql_by_hand(
    layer: SemanticLayer, warehouse: duckdb.DuckDBPyConnection
) -> None:
    counts = [
        int(row[0])
        for row in warehouse.sql(
            "SELECT count(*) FROM bronze.flights "
            "GROUP BY CAST(month AS INTEGER) ORDER BY CAST(month AS INTEGER)"
        ).fetchall()
    ]
    changes = [after / before - 1 for before, after in pairwise(counts)]
    by_month = MetricQuery(
        metrics=("flights_month_over_month",),
        group_by=("metric_time__month",),
        order_by=("metric_time__month",),
    )
    answered = warehouse.sql(layer.compile(by_month)).fetchall()
    assert answered[0] == (date(2013, 1, 1), None)
    assert _values(answered[1:]) == pytest.approx(changes)

    in_june = MetricQuery(metrics=("flights_month_over_month",), period=_JUNE)
    assert _values(warehouse.sql(layer.compile(in_june)).fetchall()) == pytest.approx([changes[4]])


def _values(rows: list[tuple[object, ...]]) -> list[float]:
    return [float(str(row[-1])) for row in rows]
