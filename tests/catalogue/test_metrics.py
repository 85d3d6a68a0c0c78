"""The semantic layer, compiled and run on a small DuckDB whose totals are counted by hand."""

import json
import subprocess
import sys
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import date
from pathlib import Path

import duckdb
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from catalogue.errors import BadArtifact, BadMetricQuery, UnknownDimension, UnknownMetric
from catalogue.metric_query import metric_query_from_mapping
from catalogue.metrics import SemanticLayer
from catalogue.model import Filter, MetricQuery

MANIFEST = Path(__file__).parents[1] / "fixtures" / "semantic" / "semantic_manifest.json"
Rows = list[tuple[object, ...]]

# Every day of 2013: one United flight from JFK; on even days a second, of Delta from LGA, late
# and, on the 10th, cancelled. December 2012 has one flight.
DATA = """
CREATE SCHEMA gold;
CREATE TABLE gold.dim_date AS SELECT CAST(d AS DATE) AS date_day
    FROM range(DATE '2012-01-01', DATE '2015-01-01', INTERVAL 1 DAY) t(d);
CREATE TABLE gold.dim_airline AS
    SELECT * FROM (VALUES ('UA', 'United'), ('DL', 'Delta')) t(carrier, name);
CREATE TABLE gold.dim_airport AS SELECT * FROM (VALUES
    ('JFK', 'Kennedy', 'New York'), ('LGA', 'La Guardia', 'New York')) t(code, name, city);
CREATE TABLE gold.fct_weather AS SELECT * FROM (VALUES
    ('JFK-1', 'JFK', DATE '2013-06-01', 'good', 70.0),
    ('LGA-1', 'LGA', DATE '2013-06-02', 'poor', 50.0)
) t(weather_key, origin, observed_date, visibility, temp);
CREATE TABLE gold.fct_flights AS
    SELECT 'UA' || CAST(date_day AS VARCHAR) AS flight_id, 'UA' AS carrier, 'JFK' AS origin,
           'JFK-1' AS weather_key, date_day AS flight_date, 'arrived' AS status,
           8 AS scheduled_hour, 900 AS distance, 5 AS arr_delay
    FROM gold.dim_date WHERE year(date_day) = 2013
    UNION ALL SELECT 'DL' || CAST(date_day AS VARCHAR), 'DL', 'LGA', 'LGA-1', date_day,
           if(day(date_day) = 10, 'cancelled', 'arrived'), 17, 1200,
           if(day(date_day) = 10, NULL, 30)
    FROM gold.dim_date WHERE year(date_day) = 2013 AND day(date_day) % 2 = 0
    UNION ALL SELECT 'X', 'UA', 'JFK', 'JFK-1', DATE '2012-12-15', 'arrived', 8, 900, 5;
"""


@pytest.fixture(scope="module")
def layer() -> SemanticLayer:
    return SemanticLayer(MANIFEST.read_text())


@pytest.fixture(scope="module")
def warehouse() -> Iterator[duckdb.DuckDBPyConnection]:
    with duckdb.connect() as connection:
        connection.execute(DATA)
        yield connection


def rows(layer: SemanticLayer, warehouse: duckdb.DuckDBPyConnection, **query: object) -> Rows:
    sql = layer.compile(metric_query_from_mapping(query))
    return warehouse.execute(sql).fetchall()


CASES: list[tuple[str, dict[str, object], Rows]] = [
    ("one number", {"metrics": ["flights"], "period": 2013}, [(365 + 179,)]),
    ("all data", {"metrics": ["flights"]}, [(365 + 179 + 1,)]),
    ("a single day", {"metrics": ["flights"], "period": "2013-06-04"}, [(2,)]),
    (
        "ratio by airline, worst first",
        {
            "metrics": ["on_time_rate"],
            "group_by": ["airline__name"],
            "period": "2013-06",
            "order_by": ["on_time_rate"],
        },
        [("Delta", 0.0), ("United", 1.0)],
    ),
    (
        "columns in the query's order",
        {
            "metrics": ["flights", "cancelled_flights"],
            "group_by": ["metric_time__month", "flight__origin"],
            "period": "2013-06",
        },
        [(date(2013, 6, 1), "JFK", 30, None), (date(2013, 6, 1), "LGA", 15, 1)],
    ),
    (
        "having hides what it filters by",
        {
            "metrics": ["on_time_rate"],
            "group_by": ["flight__origin"],
            "having": [{"metric": "flights", "op": ">", "value": 300}],
        },
        [("JFK", 1.0)],
    ),
    (
        "order by a metric that is not shown, with a limit",
        {
            "metrics": ["average_arrival_delay"],
            "group_by": ["flight__origin"],
            "order_by": ["-flights"],
            "limit": 1,
        },
        [("JFK", 5.0)],
    ),
    (
        "ties fall by the group-by columns",
        {
            "metrics": ["airlines_operating"],
            "group_by": ["flight__origin"],
            "order_by": ["-airlines_operating"],
            "limit": 1,
        },
        [("JFK", 1)],
    ),
    (
        "a metric of another fact",
        {
            "metrics": ["average_temperature"],
            "group_by": ["weather_hour__visibility"],
            "order_by": ["average_temperature"],
        },
        [("poor", 50.0), ("good", 70.0)],
    ),
    (
        "a time dimension keeps the name it was asked by",
        {
            "metrics": ["flights"],
            "group_by": ["flight__flight_date"],
            "period": "2013-06-01..2013-06-02",
        },
        [(date(2013, 6, 1), 1), (date(2013, 6, 2), 2)],
    ),
    (
        "running total at the end of a month",
        {"metrics": ["cumulative_flights"], "period": "2013-06"},
        [(181 + 89,)],
    ),
    (
        "running total in the middle of a month",
        {"metrics": ["cumulative_flights"], "period": "2013-06-03..2013-06-04"},
        [(155 + 76,)],
    ),
    ("running total on the last day", {"metrics": ["cumulative_flights"]}, [(365 + 179,)]),
    (
        "running total since ever",
        {"metrics": ["flights_ever"], "period": "2013-01"},
        [(31 + 15 + 1,)],
    ),
    (
        "running total by month counts from 1 January",
        {
            "metrics": ["cumulative_flights"],
            "group_by": ["metric_time__month"],
            "period": "2013-05-01..2013-06-30",
        },
        [(date(2013, 5, 1), 151 + 74), (date(2013, 6, 1), 181 + 89)],
    ),
    (
        "running total by airline",
        {
            "metrics": ["cumulative_flights"],
            "group_by": ["airline__name"],
            "period": "2013-06",
            "order_by": ["-cumulative_flights"],
        },
        [("United", 181), ("Delta", 89)],
    ),
    (
        "running total by month and airline",
        {
            "metrics": ["cumulative_flights"],
            "group_by": ["metric_time__month", "airline__name"],
            "period": "2013-06",
        },
        [(date(2013, 6, 1), "Delta", 89), (date(2013, 6, 1), "United", 181)],
    ),
    (
        "running total beside a plain metric",
        {
            "metrics": ["flights", "cumulative_flights"],
            "group_by": ["metric_time__month"],
            "period": "2013-06",
        },
        [(date(2013, 6, 1), 45, 181 + 89)],
    ),
    (
        "month over month looks at May",
        {"metrics": ["flights_month_over_month"], "period": "2013-06"},
        [((45 - 46) / 46,)],
    ),
    (
        "month over month by month",
        {
            "metrics": ["flights_month_over_month"],
            "group_by": ["metric_time__month"],
            "period": "2013-02-01..2013-03-31",
        },
        [(date(2013, 2, 1), (42 - 46) / 46), (date(2013, 3, 1), (46 - 42) / 42)],
    ),
    (
        "month over month beside its basis, filtered",
        {
            "metrics": ["flights_month_over_month", "flights"],
            "where": [{"dimension": "flight__origin", "op": "=", "values": ["JFK"]}],
            "period": "2013-06",
        },
        [((30 - 31) / 31, 30)],
    ),
]


@pytest.mark.parametrize(
    ("query", "expected"), [case[1:] for case in CASES], ids=[case[0] for case in CASES]
)
def test_compiled_query_gives_the_hand_count(
    layer: SemanticLayer,
    warehouse: duckdb.DuckDBPyConnection,
    query: dict[str, object],
    expected: Rows,
) -> None:
    got = rows(layer, warehouse, **query)

    assert got == [
        tuple(pytest.approx(value) if isinstance(value, float) else value for value in row)
        for row in expected
    ]


FILTERS = [
    ("=", "flight__origin", ["JFK"], 30),
    ("!=", "flight__origin", ["JFK"], 15),
    ("in", "flight__origin", ["JFK", "LGA"], 45),
    ("not in", "flight__origin", ["JFK", "LGA"], 0),
    (">", "flight__scheduled_hour", [8], 15),
    ("between", "flight__scheduled_hour", [8, 17], 45),
    ("=", "flight__is_long", [True], 15),
    ("=", "flight__origin", [None], 0),
    ("!=", "flight__origin", [None], 45),
    ("in", "flight__origin", ["LGA", None], 15),
    ("<=", "flight__flight_date", ["2013-06-02"], 3),
    ("=", "metric_time__month", ["2013-06-01"], 45),
    ("=", "origin_airport__city", ["New York"], 45),
    ("=", "weather_hour__visibility", ["poor"], 15),
]


@pytest.mark.parametrize(("op", "dimension", "values", "flights"), FILTERS)
def test_filter_keeps_the_rows_it_names(
    layer: SemanticLayer,
    warehouse: duckdb.DuckDBPyConnection,
    op: str,
    dimension: str,
    values: list[object],
    flights: int,
) -> None:
    where = [{"dimension": dimension, "op": op, "values": values}]

    got = rows(layer, warehouse, metrics=["flights"], where=where, period="2013-06")

    assert got in ([(flights,)], [(flights or None,)])


@pytest.mark.parametrize(
    "value",
    [
        "' OR 1=1 --",
        "JFK'; DROP TABLE x",
        "{{ Dimension('flight__status') }}",
        "{% raw %}",
        "__literal_0__",
        "$1",
        "\\'",
    ],
)
def test_value_is_never_more_than_a_value(
    layer: SemanticLayer, warehouse: duckdb.DuckDBPyConnection, value: str
) -> None:
    where = [{"dimension": "flight__origin", "op": "in", "values": [value, "nowhere"]}]

    assert rows(layer, warehouse, metrics=["flights"], where=where) == [(None,)]


@settings(
    max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(value=st.text(alphabet=st.characters(exclude_categories=["Cs"], exclude_characters="\x00")))
def test_any_text_survives_as_the_same_literal(
    layer: SemanticLayer, warehouse: duckdb.DuckDBPyConnection, value: str
) -> None:
    name = Filter(dimension="airline__name", op="=", values=(value,))
    sql = layer.compile(MetricQuery(metrics=("flights",), where=(name,)))

    assert warehouse.execute(sql).fetchall() == [(None,)] or value in {"United", "Delta"}
    assert "'" + value.replace("'", "''") + "'" in sql


REFUSED: list[tuple[dict[str, object], type[Exception], str]] = [
    ({"metrics": ["flihgts"]}, UnknownMetric, "flihgts"),
    ({"metrics": ["flights"], "group_by": ["airline__nam"]}, UnknownDimension, "airline__nam"),
    (
        {"metrics": ["average_temperature"], "group_by": ["airline__name"]},
        BadMetricQuery,
        "average_temperature",
    ),
    ({"metrics": ["flights"], "order_by": ["airline__name"]}, BadMetricQuery, "not in group_by"),
    ({"metrics": ["flights_month_over_month"]}, BadMetricQuery, "per month"),
    ({"metrics": ["flights_month_over_month"], "period": 2013}, BadMetricQuery, "per month"),
    (
        {"metrics": ["flights_month_over_month"], "group_by": ["metric_time__day"]},
        BadMetricQuery,
        "per month only",
    ),
    (
        {
            "metrics": ["flights_month_over_month"],
            "group_by": ["metric_time__month"],
            "period": "2013-06-03..2013-07-31",
        },
        BadMetricQuery,
        "whole month",
    ),
    ({"metrics": ["cumulative_flights", "flights"], "period": "2013-06"}, BadMetricQuery, "alone"),
    (
        {"metrics": ["cumulative_flights"], "group_by": ["flight__flight_date"]},
        BadMetricQuery,
        "metric_time",
    ),
    (
        {
            "metrics": ["cumulative_flights"],
            "where": [{"dimension": "flight__flight_date", "op": ">", "values": ["2013-06-01"]}],
        },
        BadMetricQuery,
        "period",
    ),
    (
        {
            "metrics": ["flights"],
            "where": [{"dimension": "flight__flight_date", "op": ">", "values": ["soon"]}],
        },
        BadMetricQuery,
        "no date",
    ),
    ({"metrics": ["flights"], "group_by": ["metric_time__hour"]}, BadMetricQuery, "cannot compute"),
]


@pytest.mark.parametrize(("query", "error", "says"), REFUSED)
def test_query_that_cannot_be_answered_is_refused(
    layer: SemanticLayer, query: dict[str, object], error: type[Exception], says: str
) -> None:
    with pytest.raises(error, match=says):
        layer.compile(metric_query_from_mapping(query))


def test_metric_carries_what_stands_behind_it(layer: SemanticLayer) -> None:
    metrics = {metric.name: metric for metric in layer.metrics()}

    rate, cancelled = metrics["on_time_rate"], metrics["cancelled_flights"]
    assert (rate.kind, rate.unit, rate.better, rate.basis) == (
        "ratio",
        "share",
        "higher",
        "arrived_flights",
    )
    assert rate.synonyms == ("punctuality",)
    assert rate.tables == ("gold.fct_flights",)
    assert rate.columns == ("gold.fct_flights.arr_delay",)
    assert rate.time_column == "gold.fct_flights.flight_date"
    assert cancelled.columns == ("gold.fct_flights.status",)
    assert {name for name, metric in metrics.items() if metric.additive} == {
        "flights",
        "arrived_flights",
        "on_time_flights",
        "cancelled_flights",
    }
    change = metrics["flights_month_over_month"]
    assert (change.needs_time, change.period_grain) == (True, "month")
    assert change.tables == ("gold.fct_flights", "gold.dim_date")
    assert not metrics["cumulative_flights"].needs_time


def test_metric_lists_the_dimensions_it_accepts_without_detours(layer: SemanticLayer) -> None:
    metrics = {metric.name: metric for metric in layer.metrics()}

    assert "airline__name" in metrics["flights"].dimensions
    assert "weather_hour__origin_airport__name" not in metrics["flights"].dimensions
    assert metrics["average_temperature"].dimensions == (
        "origin_airport__city",
        "origin_airport__name",
        "weather_hour__observed_date",
        "weather_hour__visibility",
    )


def test_metric_with_a_history_is_cut_by_no_other_time(layer: SemanticLayer) -> None:
    metrics = {metric.name: metric for metric in layer.metrics()}

    assert "flight__flight_date" in metrics["flights"].dimensions
    for name in ("cumulative_flights", "flights_month_over_month"):
        assert not {"flight__flight_date", "weather_hour__observed_date"} & set(
            metrics[name].dimensions
        )


def test_dimension_knows_its_column(layer: SemanticLayer) -> None:
    dimensions = {dimension.name: dimension for dimension in layer.dimensions()}

    origin = dimensions["flight__origin"]
    assert (origin.table, origin.column, origin.kind) == (
        "gold.fct_flights",
        "origin",
        "categorical",
    )
    assert (origin.label, origin.synonyms) == ("Origin", ("departure airport",))
    assert dimensions["origin_airport__name"].label == "Origin airport name"
    assert dimensions["flight__flight_date"].kind == "time"
    assert dimensions["flight__is_long"].column == "distance > 1000"


def test_known_column_types_decide_how_values_are_written() -> None:
    types = {"gold.fct_flights.scheduled_hour": "INTEGER", "gold.fct_flights.origin": "VARCHAR"}
    typed = SemanticLayer(MANIFEST.read_text(), column_types=types)
    hour = Filter(dimension="flight__scheduled_hour", op="=", values=("8",))
    origin = Filter(dimension="flight__origin", op="=", values=(8,))

    assert "IN (8)" in typed.compile(MetricQuery(metrics=("flights",), where=(hour,)))
    assert "IN ('8')" in typed.compile(MetricQuery(metrics=("flights",), where=(origin,)))
    wrong = Filter(dimension="flight__scheduled_hour", op="=", values=("late",))
    with pytest.raises(BadMetricQuery, match="no number"):
        typed.compile(MetricQuery(metrics=("flights",), where=(wrong,)))


def test_many_threads_compile_what_one_thread_compiles(layer: SemanticLayer) -> None:
    queries = [
        metric_query_from_mapping(
            {"metrics": ["flights", "on_time_rate"], "group_by": [name], "limit": limit}
        )
        for limit in range(1, 6)
        for name in ("airline__name", "flight__origin", "metric_time__month", "flight__status")
    ]
    alone = [SemanticLayer(MANIFEST.read_text(), kept=0).compile(query) for query in queries]
    shared = SemanticLayer(MANIFEST.read_text(), kept=0)

    with ThreadPoolExecutor(8) as pool:
        together = list(pool.map(shared.compile, queries))

    assert together == alone


def test_a_new_engine_compiles_what_the_old_one_did() -> None:
    renewed = SemanticLayer(MANIFEST.read_text(), kept=0, renew_after=3)
    renewed.warm()
    query = MetricQuery(metrics=("on_time_rate",), group_by=("airline__name",))

    assert len({renewed.compile(query) for _ in range(8)}) == 1


def test_relations_are_named_without_their_database(layer: SemanticLayer) -> None:
    assert "live" not in layer.compile(MetricQuery(metrics=("flights",)))


@pytest.mark.parametrize("text", ["", "{", "[]", json.dumps({"metrics": 3})])
def test_broken_manifest_is_named(text: str) -> None:
    with pytest.raises(BadArtifact, match="no usable semantic manifest"):
        SemanticLayer(text).metrics()


def test_import_leaves_metricflow_alone() -> None:
    code = "import sys, catalogue.metrics; print({'metricflow', 'sqlglot'} & set(sys.modules))"

    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)

    assert done.stdout.strip() == "set()"
