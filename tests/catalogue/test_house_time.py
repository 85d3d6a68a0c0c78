"""Fiscal quarters, fiscal years and weeks from Sunday: cut so in SQL, for every day there is."""

from datetime import date, timedelta

import duckdb
import pytest

from catalogue.errors import BadMetricQuery
from catalogue.house_time import is_moved, recut
from catalogue.metrics import SemanticLayer
from catalogue.model import Conventions, MetricQuery, Period
from tests.demo import demo_directory


def fiscal_start(day: date, grain: str, conventions: Conventions) -> date:
    """The first day of the bucket, counted day by day without SQL."""
    first = conventions.fiscal_year_start
    while True:
        if grain == "week" and day.weekday() == 6:
            return day
        months = (day.month - first) % 12
        if grain != "week" and day.day == 1 and months % {"quarter": 3, "year": 12}[grain] == 0:
            return day
        day -= timedelta(days=1)


@pytest.mark.parametrize("month", range(2, 13))
@pytest.mark.parametrize("grain", ["week", "quarter", "year"])
def test_every_day_falls_in_its_bucket(month: int, grain: str) -> None:
    """Five years, a leap year among them."""
    conventions = Conventions(fiscal_year_start=month, week_start="sunday")
    sql = (
        f"SELECT day, DATE_TRUNC('{grain}', day) AS bucket FROM "
        "generate_series(DATE '2003-01-01', DATE '2007-12-31', INTERVAL 1 DAY) AS t(day)"
    )
    with duckdb.connect() as connection:
        rows = connection.execute(recut(sql, conventions)).fetchall()
    assert len(rows) == 1826
    for day, bucket in rows:
        assert bucket.date() == fiscal_start(day.date(), grain, conventions)


def test_the_calendar_is_left_alone() -> None:
    sql = "SELECT date_trunc('quarter', a)"
    assert recut(sql, Conventions()) is sql
    assert not is_moved("quarter", Conventions(week_start="sunday"))
    fiscal = Conventions(fiscal_year_start=4)
    assert "INTERVAL" not in recut("SELECT date_trunc('month', a), date_trunc('week', a)", fiscal)


@pytest.fixture(scope="module")
def layer() -> SemanticLayer:
    manifest = demo_directory() / "target" / "semantic_manifest.json"
    conventions = Conventions(fiscal_year_start=2, week_start="sunday")
    return SemanticLayer(manifest.read_text(encoding="utf-8"), conventions=conventions)


@pytest.mark.parametrize("grain", ["week", "quarter", "year"])
@pytest.mark.parametrize(
    "period",
    [
        None,
        Period(start=date(2013, 1, 1), end=date(2013, 12, 31)),
        Period(start=date(2013, 2, 1), end=date(2013, 4, 30)),
        Period(start=date(2013, 3, 5), end=date(2013, 7, 9)),
    ],
)
def test_a_metric_by_fiscal_time_equals_counting_by_hand(
    layer: SemanticLayer, grain: str, period: Period | None
) -> None:
    """The days are counted by SQL, their buckets by Python."""
    name = f"metric_time__{grain}"
    query = MetricQuery(metrics=("flights",), group_by=(name,), period=period)
    with duckdb.connect(str(demo_directory() / "nyc.duckdb"), read_only=True) as connection:
        found = dict(connection.sql(layer.compile(query)).fetchall())
        days = connection.sql(
            "SELECT flight_date, count(*) FROM gold.fct_flights GROUP BY 1"
        ).fetchall()
    conventions = Conventions(fiscal_year_start=2, week_start="sunday")
    expected: dict[date, int] = {}
    for day, flights in days:
        if period is None or period.start <= day <= period.end:
            bucket = fiscal_start(day, grain, conventions)
            expected[bucket] = expected.get(bucket, 0) + flights
    assert found == expected


def test_what_looks_back_is_not_cut_by_fiscal_time(layer: SemanticLayer) -> None:
    names = {metric.name for metric in layer.metrics() if metric.needs_time}
    assert names
    for name in names:
        with pytest.raises(BadMetricQuery):
            layer.compile(MetricQuery(metrics=(name,), group_by=("metric_time__quarter",)))
