"""Charts by rule: the right kind, nothing that a browser would fetch or run, nothing unreadable."""

import json
from datetime import date, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant.answer import Result
from assistant.present.chart import choose_chart
from catalogue.model import MetricQuery
from tests.assistant.present.samples import CATALOGUE, JUNE, draft, months, query, rows

DAYS = ["Sunday", "Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday"]


def chart(
    asked: MetricQuery | None, columns: dict[str, Any], context: dict[str, Any] | None = None
) -> dict[str, Any] | None:
    beside: Result | None = rows(context) if context else None
    spec = choose_chart(
        draft=draft(asked), result=rows(columns), catalogue=CATALOGUE, context=beside
    )
    json.dumps(spec, allow_nan=False)
    return spec


def drawn(asked: MetricQuery | None, columns: dict[str, Any], **more: Any) -> dict[str, Any]:
    spec = chart(asked, columns, **more)
    assert spec is not None
    return spec


def marks(spec: dict[str, Any]) -> list[str]:
    layers = spec.get("layer", [spec])
    return [layer["mark"]["type"] for layer in layers]


def by_airline(count: int, **more: Any) -> dict[str, Any]:
    names = [f"Airline {place}" for place in range(count)]
    return {"airline__name": names, "flights": [1000 - place for place in range(count)], **more}


def test_one_number_has_no_chart() -> None:
    assert chart(query("flights"), {"flights": [1]}) is None


def test_no_rows_have_no_chart() -> None:
    assert chart(query("flights", by=("airline__name",)), by_airline(0)) is None


def test_a_category_is_bars_from_the_largest() -> None:
    columns = by_airline(3, flights=[5, 30, 20])
    spec = drawn(query("flights", by=("airline__name",)), columns)
    assert marks(spec)[0] == "bar"
    assert [record["value"] for record in spec["data"]["values"]] == [30, 20, 5]
    assert spec["title"]["text"] == "Flights by airline, 2013"


def test_weekdays_stand_in_their_own_order() -> None:
    columns = {"day__day_of_week": DAYS, "flights": [1, 2, 3, 4, 5, 6, 7]}
    spec = drawn(query("flights", by=("day__day_of_week",)), columns)
    assert [record["label"] for record in spec["data"]["values"]] == [*DAYS[1:], DAYS[0]]


def test_the_first_twenty_stand_and_the_rest_is_added_up() -> None:
    spec = drawn(query("flights", by=("airline__name",)), by_airline(22))
    last = spec["data"]["values"][-1]
    assert (last["label"], last["value"]) == ("Other (2)", 979 + 980 - 0)
    assert spec["title"]["subtitle"] == ["Top 20 of 22"]


def test_rates_are_not_added_up() -> None:
    columns = {"airline__name": by_airline(22)["airline__name"], "on_time_rate": [0.5] * 22}
    spec = drawn(query("on_time_rate", by=("airline__name",)), columns)
    assert len(spec["data"]["values"]) == 20


def test_what_was_asked_stands_out_among_the_others() -> None:
    asked = query("flights", by=("airline__name",), order_by=("flights",), limit=1)
    everyone = by_airline(5)
    lowest = {"airline__name": ["Airline 4"], "flights": [996]}
    spec = drawn(asked, lowest, context=everyone)
    accented = [record["label"] for record in spec["data"]["values"] if record["asked"]]
    assert accented == ["Airline 4"]
    assert spec["data"]["values"][0]["label"] == "Airline 4"


def test_a_group_without_a_value_says_so() -> None:
    columns = {"airline__name": ["a", "b"], "on_time_rate": [0.5, None]}
    spec = drawn(query("on_time_rate", by=("airline__name",)), columns)
    assert spec["data"]["values"][1]["text"] == "no value"


def test_a_series_is_a_line_on_a_utc_axis() -> None:
    columns = {"metric_time__month": months(3), "flights": [3, 1, 2]}
    spec = drawn(query("flights", by=("metric_time__month",)), columns)
    assert marks(spec)[0] == "line"
    assert spec["data"]["values"][0]["t"] == "2013-01-01T00:00:00Z"
    assert spec["encoding"]["x"]["scale"] == {"type": "utc"}
    assert spec["encoding"]["y"]["scale"] == {"zero": True}


def test_cut_periods_are_dashed_and_named() -> None:
    weeks = [date(2012, 12, 31) + timedelta(days=7 * place) for place in range(4)]
    columns = {"metric_time__week": weeks, "flights": [1, 7, 8, 9]}
    spec = drawn(query("flights", by=("metric_time__week",)), columns)
    assert any("strokeDash" in layer["mark"] for layer in spec["layer"])
    assert "week of 31 December 2012" in spec["title"]["subtitle"][0]


def test_few_series_are_lines_and_many_a_heat_map() -> None:
    asked = query("flights", by=("metric_time__month", "airline__name"))
    for groups, mark in ((3, "line"), (12, "rect")):
        columns = {
            "metric_time__month": [datetime(2013, m, 1) for m in (1, 2, 3) for _ in range(groups)],
            "airline__name": [f"Airline {place}" for place in range(groups)] * 3,
            "flights": list(range(3 * groups)),
        }
        assert drawn(asked, columns)["mark"]["type"] == mark


def test_two_categories_are_grouped_bars_or_a_heat_map() -> None:
    for first, mark in ((3, "bar"), (9, "rect")):
        columns = {
            "flight__origin": [f"O{place}" for place in range(first)] * 7,
            "day__day_of_week": [day for day in DAYS for _ in range(first)],
            "flights": list(range(7 * first)),
        }
        spec = drawn(query("flights", by=("flight__origin", "day__day_of_week")), columns)
        assert spec["mark"]["type"] == mark


def test_two_measures_are_dots() -> None:
    columns = {**by_airline(6), "average_arrival_delay": [1.0, 2.0, 3.0, 4.0, 5.0, 6.0]}
    spec = drawn(query("flights", "average_arrival_delay", by=("airline__name",)), columns)
    assert marks(spec)[0] == "point"
    assert spec["title"]["text"] == "Flights and average arrival delay by airline, 2013"


def test_many_rows_without_a_pattern_have_no_chart() -> None:
    columns = {"name": [f"n{place}" for place in range(300)], "n": list(range(300))}
    assert chart(None, columns) is None


@pytest.mark.parametrize("period", [None, JUNE], ids=["all", "June"])
def test_the_title_says_what_and_when_and_the_alternative_says_the_ends(period: Any) -> None:
    spec = drawn(query("flights", by=("airline__name",), period=period), by_airline(3))
    when = "June 2013" if period else "2013"
    assert spec["title"]["text"] == f"Flights by airline, {when}"
    assert "highest Airline 0 1,000 flights, lowest Airline 2 998 flights" in spec["description"]


@given(st.lists(st.text(), min_size=2, max_size=30))
def test_no_data_becomes_a_link_a_picture_or_one_bar_with_another(names: list[str]) -> None:
    columns = {"airline__name": names, "flights": list(range(len(names)))}
    distinct = len(set(names)) == len(names)
    spec = chart(query("flights", by=("airline__name",)), columns)
    if not distinct:
        return
    assert spec is not None
    labels = [record["label"] for record in spec["data"]["values"]]
    assert len(set(labels)) == len(labels)
    text = json.dumps({key: part for key, part in spec.items() if key != "data"})
    assert '"href"' not in text
    assert '"url"' not in text
    assert spec["encoding"]["tooltip"] == {"field": "tip", "type": "nominal"}
