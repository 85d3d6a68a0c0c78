"""A small catalogue and results by hand, as the engine would return them."""

from datetime import date
from decimal import Decimal
from typing import Any

import pyarrow as pa

from assistant.answer import Draft, Result
from catalogue.catalogue import Catalogue
from catalogue.model import (
    Column,
    ColumnProfile,
    Dimension,
    Metric,
    MetricQuery,
    Period,
    Table,
)

JUNE = Period(start=date(2013, 6, 1), end=date(2013, 6, 30))
Y2014 = Period(start=date(2014, 1, 1), end=date(2014, 12, 31))
FACTS = "gold.fct_flights"


def metric(name: str, label: str, unit: str, **more: Any) -> Metric:
    return Metric(
        name=name,
        label=label,
        unit=unit,
        tables=(FACTS,),
        time_column=f"{FACTS}.flight_date",
        **more,
    )


def dimension(name: str, entity: str, label: str) -> Dimension:
    return Dimension(
        name=name,
        entity=entity,
        kind="categorical",
        table=FACTS,
        column=name.split("__")[1],
        label=label,
    )


FLIGHTS = Table(
    schema="gold",
    name="fct_flights",
    layer="gold",
    columns=(
        Column(
            name="flight_date",
            data_type="DATE",
            profile=ColumnProfile(nulls=0, minimum="2013-01-01", maximum="2013-12-31"),
        ),
    ),
)
CATALOGUE = Catalogue(
    name="NYC flights",
    tables=(FLIGHTS,),
    metrics=(
        metric("flights", "Flights", "flights", basis="flights", additive=True),
        metric("cancelled_flights", "Cancelled flights", "flights", additive=True),
        metric("arrived_flights", "Arrivals", "flights", additive=True),
        metric("on_time_rate", "On-time rate", "share", basis="arrived_flights"),
        metric("average_arrival_delay", "Average arrival delay", "minutes"),
        metric("flights_mom", "Month-over-month change of flights", "share", needs_time=True),
    ),
    dimensions=(
        dimension("airline__name", "airline", "Airline"),
        dimension("flight__origin", "flight", "Origin"),
        dimension("flight__scheduled_hour", "flight", "Scheduled hour"),
        dimension("day__day_of_week", "day", "Day of week"),
        dimension("aircraft__year_built", "aircraft", "Year built"),
    ),
)


def query(*metrics: str, by: tuple[str, ...] = (), **more: Any) -> MetricQuery:
    return MetricQuery(metrics=metrics, group_by=by, **more)


def draft(asked: MetricQuery | None) -> Draft:
    return Draft(kind="metric" if asked else "generated", metric_query=asked)


def rows(columns: dict[str, Any], *, truncated: bool = False) -> Result:
    return Result(table=pa.table(columns), sql="SELECT 1", truncated=truncated)


def hugeints(*values: int) -> pa.Array:
    return pa.array([Decimal(value) for value in values], pa.decimal128(38, 0))


def months(count: int) -> pa.Array:
    return pa.array([date(2013, 1 + i, 1) for i in range(count)], pa.date32())
