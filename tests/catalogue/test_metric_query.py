"""The written form of metric queries: round trips, periods, and mistakes that are named."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from catalogue.catalogue import Catalogue
from catalogue.errors import BadMetricQuery, UnknownDimension, UnknownMetric
from catalogue.metric_query import (
    check_names,
    metric_query_from_mapping,
    metric_query_to_mapping,
    parse_period,
    period_text,
    whole_periods,
)
from catalogue.model import Dimension, Filter, Having, Metric, MetricQuery, Period

PERIODS: list[tuple[str | int | date, date, date]] = [
    ("2013", date(2013, 1, 1), date(2013, 12, 31)),
    (2013, date(2013, 1, 1), date(2013, 12, 31)),
    ("2013-Q2", date(2013, 4, 1), date(2013, 6, 30)),
    ("2012-02", date(2012, 2, 1), date(2012, 2, 29)),
    ("2013-06-03", date(2013, 6, 3), date(2013, 6, 3)),
    (date(2013, 6, 3), date(2013, 6, 3), date(2013, 6, 3)),
    ("2013-03-03..2013-05-05", date(2013, 3, 3), date(2013, 5, 5)),
    ("2013-03-03 .. 2013-05-05", date(2013, 3, 3), date(2013, 5, 5)),
]


@pytest.mark.parametrize(("written", "start", "end"), PERIODS)
def test_period_is_read_as_written(written: str | int | date, start: date, end: date) -> None:
    assert parse_period(written) == Period(start=start, end=end)


@pytest.mark.parametrize("written", ["", "June", "2013-13", "2013-Q5", "2013-02-30", "13", "0000"])
def test_what_is_no_period_is_refused(written: str) -> None:
    with pytest.raises(BadMetricQuery, match="not a period"):
        parse_period(written)


def test_period_that_ends_before_it_starts_is_refused() -> None:
    with pytest.raises(BadMetricQuery, match="ends before"):
        parse_period("2013-05-05..2013-03-03")


days = st.dates(min_value=date(1000, 1, 1), max_value=date(9998, 12, 31))


@given(start=days, end=days)
def test_period_survives_writing_and_reading(start: date, end: date) -> None:
    period = Period(start=min(start, end), end=max(start, end))

    assert parse_period(period_text(period)) == period


@pytest.mark.parametrize(
    ("written", "grain", "count"),
    [
        ("2013-06", "month", 1),
        ("2013", "month", 12),
        ("2013-Q2", "quarter", 1),
        ("2013-06", "quarter", None),
        ("2013-06-03..2013-06-30", "month", None),
        ("2013-06-03..2013-06-16", "week", 2),
        ("2013-06-02..2013-06-15", "week", None),
        ("2013-06-03", "day", 1),
        ("2012-01-01..2013-12-31", "year", 2),
    ],
)
def test_whole_periods_are_counted(written: str, grain: str, count: int | None) -> None:
    assert whole_periods(parse_period(written), grain) == count


FULL: dict[str, object] = {
    "metrics": ["on_time_rate"],
    "group_by": ["airline__name"],
    "where": [{"dimension": "flight__origin", "op": "in", "values": ["JFK", None, 3]}],
    "having": [{"metric": "flights", "op": ">", "value": 50000}],
    "period": "2013-06",
    "order_by": ["-on_time_rate"],
    "limit": 1,
}


def test_full_query_survives_reading_and_writing() -> None:
    query = metric_query_from_mapping(FULL)

    assert query == MetricQuery(
        metrics=("on_time_rate",),
        group_by=("airline__name",),
        where=(Filter(dimension="flight__origin", op="in", values=("JFK", None, 3)),),
        having=(Having(metric="flights", op=">", value=50000),),
        period=Period(start=date(2013, 6, 1), end=date(2013, 6, 30)),
        order_by=("-on_time_rate",),
        limit=1,
    )
    assert metric_query_to_mapping(query) == FULL


def test_empty_parts_are_not_written() -> None:
    assert metric_query_to_mapping(MetricQuery(metrics=("flights",))) == {"metrics": ["flights"]}


def test_a_single_value_and_a_date_need_no_list() -> None:
    where = [{"dimension": "flight__flight_date", "values": date(2013, 6, 3)}]

    query = metric_query_from_mapping({"metrics": ["flights"], "where": where})

    assert query.where[0] == Filter(dimension="flight__flight_date", op="=", values=("2013-06-03",))


def _with(**parts: object) -> dict[str, object]:
    return {"metrics": ["flights"], **parts}


def _where(op: str, *values: object) -> dict[str, object]:
    return _with(where=[{"dimension": "d", "op": op, "values": list(values)}])


MISTAKES: list[tuple[dict[str, object], str]] = [
    ({}, "at least one metric"),
    (_with(metrics="flights"), "list of names"),
    (_with(groupby=["x"]), "Did you mean 'group_by'"),
    (_with(metrics=["flights", "Flights"]), "twice"),
    (_with(order_by=["x", "-x"]), "twice"),
    (_with(limit=0), "at least 1"),
    (_with(limit=True), "at least 1"),
    (_with(limit="3"), "at least 1"),
    (_with(period=["2013"]), "period is written as"),
    (_with(where={"a": 1}), "list of conditions"),
    (_with(where=[{"dimension": "d", "value": 1}]), "Did you mean 'values'"),
    (_where("like", "x"), "no comparison"),
    (_where("=", 1, 2), "Use 'in'"),
    (
        _where(
            "=",
        ),
        "takes 1 value",
    ),
    (_where("between", 1), "takes 2 value"),
    (_where("in"), "at least one value"),
    (_where(">", None), "no value"),
    (_where("=", {"a": 1}), "text, a number or a date"),
    (_with(having=[{"metric": "m", "op": "in", "value": 1}]), "no comparison"),
    (_with(having=[{"metric": "m", "op": ">", "value": "1"}]), "is a number"),
    (_with(having=[{"op": ">", "value": 1}]), "'metric' as text"),
]


@pytest.mark.parametrize(("mapping", "says"), MISTAKES)
def test_mistake_is_named(mapping: dict[str, object], says: str) -> None:
    with pytest.raises(BadMetricQuery, match=says):
        metric_query_from_mapping(mapping)


CATALOGUE = Catalogue(
    name="t",
    metrics=(
        Metric(name="flights", label="Flights", dimensions=("flight__origin",)),
        Metric(name="temperature", label="Temperature"),
    ),
    dimensions=(
        Dimension(
            name="flight__origin", entity="flight", kind="categorical", table="t.f", column="origin"
        ),
    ),
)


def test_names_are_checked_against_what_the_asker_sees() -> None:
    check_names(
        MetricQuery(metrics=("flights",), group_by=("flight__origin", "metric_time__month")),
        CATALOGUE,
    )
    with pytest.raises(UnknownMetric, match="Did you mean 'flights'"):
        check_names(MetricQuery(metrics=("flight",)), CATALOGUE)
    with pytest.raises(UnknownDimension, match="Did you mean 'flight__origin'"):
        check_names(MetricQuery(metrics=("flights",), group_by=("flight__orign",)), CATALOGUE)
    with pytest.raises(BadMetricQuery, match="time only"):
        check_names(MetricQuery(metrics=("temperature",), group_by=("flight__origin",)), CATALOGUE)
