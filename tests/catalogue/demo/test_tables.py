"""What the tables of the demo must hold, whatever their SQL looks like."""

from collections.abc import Iterator

import duckdb
import pytest

from tests.demo import demo_directory

pytestmark = pytest.mark.timeout(300)


@pytest.fixture(scope="module")
def warehouse() -> Iterator[duckdb.DuckDBPyConnection]:
    with duckdb.connect(str(demo_directory() / "nyc.duckdb"), read_only=True) as connection:
        yield connection


def _one(warehouse: duckdb.DuckDBPyConnection, query: str) -> object:
    value: object = warehouse.sql(query).fetchall()[0][0]
    return value


@pytest.mark.parametrize(
    ("table", "rows"),
    [
        ("gold.fct_flights", 336_776),
        ("gold.flight_features", 336_776),
        ("gold.dim_airline", 16),
        ("gold.dim_airport", 1_458 + 4),
        ("gold.dim_aircraft", 3_322),
        ("gold.dim_date", 365),
        ("gold.fct_weather_hourly", 26_115),
        ("bronze.airport_cities", 107),
    ],
)
def test_no_row_is_lost_or_doubled(
    table: str, rows: int, warehouse: duckdb.DuckDBPyConnection
) -> None:
    assert _one(warehouse, f"SELECT count(*) FROM {table}") == rows


def test_departure_clock_times_are_those_delivered(warehouse: duckdb.DuckDBPyConnection) -> None:
    disagreeing = """
        SELECT count(*)
        FROM gold.fct_flights AS gold
        INNER JOIN bronze.flights AS bronze ON gold.flight_id = concat_ws(
            '-', bronze.year || lpad(bronze.month, 2, '0') || lpad(bronze.day, 2, '0'),
            bronze.carrier, bronze.flight, bronze.origin
        )
        WHERE bronze.dep_time <> 'NA'
          AND strftime(gold.actual_departure, '%H%M')::INT <> bronze.dep_time::INT % 2400
    """
    assert _one(warehouse, disagreeing) == 0


def test_arrivals_come_after_departures(warehouse: duckdb.DuckDBPyConnection) -> None:
    early = "SELECT count(*) FROM gold.fct_flights WHERE scheduled_arrival <= scheduled_departure"
    assert _one(warehouse, early) == 0


def test_a_flight_counts_for_its_local_scheduled_day(
    warehouse: duckdb.DuckDBPyConnection,
) -> None:
    moved = """
        SELECT count(*) FROM gold.fct_flights
        WHERE flight_date <> CAST(scheduled_departure AS DATE)
    """
    assert _one(warehouse, moved) == 0


def test_missing_values_never_stay_text(warehouse: duckdb.DuckDBPyConnection) -> None:
    columns = warehouse.sql(
        "SELECT table_schema, table_name, column_name FROM information_schema.columns "
        "WHERE table_schema IN ('silver', 'gold') AND data_type = 'VARCHAR'"
    ).fetchall()
    literal = [
        f"{schema}.{table}.{column}"
        for schema, table, column in columns
        if _one(warehouse, f"SELECT count(*) FROM {schema}.{table} WHERE {column} = 'NA'")
    ]
    assert literal == []


def test_manufacturers_have_one_spelling(warehouse: duckdb.DuckDBPyConnection) -> None:
    makers = {
        row[0]
        for row in warehouse.sql("SELECT DISTINCT manufacturer FROM gold.dim_aircraft").fetchall()
    }
    assert {"AIRBUS", "BOEING", "EMBRAER", "MCDONNELL DOUGLAS"} <= makers
    assert not {"AIRBUS INDUSTRIE", "MCDONNELL DOUGLAS AIRCRAFT CO", "CANADAIR LTD"} & makers


def test_names_of_private_builders_do_not_reach_silver(
    warehouse: duckdb.DuckDBPyConnection,
) -> None:
    builders = """
        SELECT count(*) FROM silver.aircraft
        WHERE manufacturer IN (
            SELECT delivered FROM bronze.manufacturer_names WHERE manufacturer = 'AMATEUR BUILT'
        )
    """
    assert _one(warehouse, builders) == 0


def test_every_airport_with_flights_has_a_city(warehouse: duckdb.DuckDBPyConnection) -> None:
    without = """
        SELECT count(*) FROM gold.dim_airport
        WHERE city IS NULL AND airport IN (
            SELECT dest FROM gold.fct_flights UNION SELECT origin FROM gold.fct_flights
        )
    """
    assert _one(warehouse, without) == 0


def test_one_city_name_is_one_place(warehouse: duckdb.DuckDBPyConnection) -> None:
    far_apart = """
        SELECT count(*) FROM (
            SELECT city FROM gold.dim_airport WHERE city IS NOT NULL AND latitude IS NOT NULL
            GROUP BY city
            HAVING max(latitude) - min(latitude) > 1 OR max(longitude) - min(longitude) > 1
        )
    """
    assert _one(warehouse, far_apart) == 0


def test_two_builds_hold_the_same_load_times(warehouse: duckdb.DuckDBPyConnection) -> None:
    latest = "SELECT CAST(max(loaded_at) AS VARCHAR) FROM gold.fct_flights"
    warehouse.execute("SET TimeZone = 'UTC'")
    assert _one(warehouse, latest) == "2014-01-01 05:30:00+00"
