"""The verdict: one sentence whose numbers come from the rows."""

import re
from datetime import date
from typing import Any

import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant.answer import Clarification, Draft, Option, Refusal, Result
from assistant.present.format import format_number
from assistant.present.narrate import narrate, option_value
from catalogue.model import Filter, Having, MetricQuery
from tests.assistant.present.samples import (
    CATALOGUE,
    JUNE,
    Y2014,
    draft,
    hugeints,
    months,
    query,
    rows,
)

JFK = Filter(dimension="flight__origin", op="=", values=("JFK",))
MANY = Having(metric="flights", op=">", value=50000)
WORST = query(
    "on_time_rate", by=("airline__name",), period=JUNE, order_by=("on_time_rate",), limit=1
)
WINNER = {"airline__name": ["ExpressJet Airlines Inc."], "on_time_rate": [0.5432]}
ALL = {
    "airline__name": ["ExpressJet Airlines Inc.", "United", "Mesa"],
    "on_time_rate": [0.5432, 0.7, 0.6],
    "arrived_flights": [4456, 5000, 12],
}
EMPTY = {"airline__name": pa.array([], pa.string()), "flights": pa.array([], pa.int64())}


def said(asked: MetricQuery | None, result: Result, context: Result | None = None) -> str:
    return narrate(draft=draft(asked), result=result, catalogue=CATALOGUE, context=context).text


@pytest.mark.parametrize(
    ("asked", "columns", "text"),
    [
        (query("flights"), {"flights": [336776]}, "336,776 flights in 2013."),
        (
            query("cancelled_flights", period=JUNE),
            {"cancelled_flights": hugeints(1)},
            "1 cancelled flight in June 2013.",
        ),
        (
            query("on_time_rate", period=JUNE, where=(JFK,)),
            {"on_time_rate": [0.61234]},
            "61.2\u202f% on-time rate in June 2013, origin JFK.",
        ),
        (
            query("average_arrival_delay", period=JUNE),
            {"average_arrival_delay": [-3.456]},
            "\u22123.46 minutes average arrival delay in June 2013.",
        ),
        (
            query("flights", "on_time_rate"),
            {"flights": [1], "on_time_rate": [0.5]},
            "1 flight, 50.0\u202f% on-time rate in 2013.",
        ),
        (None, {"mean_delay": [12.345]}, "Mean delay: 12.3"),
    ],
    ids=["count", "one", "share", "minutes", "two", "generated"],
)
def test_one_row_is_its_number_unit_and_period(
    asked: MetricQuery | None, columns: dict[str, Any], text: str
) -> None:
    assert said(asked, rows(columns)) == text


@pytest.mark.parametrize(
    ("asked", "columns", "text"),
    [
        (
            query("flights", by=("airline__name",), period=Y2014),
            EMPTY,
            "No flights match in 2014. Data covers 2013.",
        ),
        (
            query(
                "flights",
                by=("airline__name",),
                having=(MANY,),
            ),
            EMPTY,
            "No airline with more than 50,000 flights.",
        ),
        (
            query("flights", period=JUNE, where=(JFK,)),
            {"flights": pa.array([None], pa.int64())},
            "No flights match in June 2013, origin JFK.",
        ),
        (
            query("on_time_rate", period=JUNE),
            {"on_time_rate": pa.array([None], pa.float64())},
            "No value for on-time rate in June 2013: no arrivals match.",
        ),
        (None, {"x": pa.array([], pa.int64())}, "No rows match."),
    ],
    ids=["outside", "having", "null count", "null rate", "generated"],
)
def test_nothing_is_said_as_nothing(
    asked: MetricQuery | None, columns: dict[str, Any], text: str
) -> None:
    assert said(asked, rows(columns)) == text


def test_a_winner_has_its_place_and_its_basis() -> None:
    assert said(WORST, rows(WINNER), rows(ALL)) == (
        "ExpressJet Airlines Inc., 54.3\u202f% on-time rate in June 2013, "
        "the lowest of 3 airlines (4,456 arrivals)."
    )


def test_without_the_other_groups_their_number_is_not_said() -> None:
    assert said(WORST, rows(WINNER)).endswith("the lowest of any airline.")


def test_who_is_as_low_is_named() -> None:
    tied = {**ALL, "on_time_rate": [0.5432, 0.7, 0.5432]}
    assert said(WORST, rows(WINNER), rows(tied)).endswith("(4,456 arrivals); tied with Mesa.")


def test_a_small_basis_is_a_warning() -> None:
    small = {**ALL, "arrived_flights": [12, 5000, 4456]}
    told = narrate(
        draft=draft(WORST), result=rows(WINNER), catalogue=CATALOGUE, context=rows(small)
    )
    assert [finding.code for finding in told.findings] == ["small_basis"]
    assert "ExpressJet Airlines Inc. (12 arrivals)" in told.findings[0].message


def test_a_ranking_names_the_first_and_those_that_follow() -> None:
    asked = query("flights", by=("airline__name",), order_by=("-flights",), limit=3)
    columns = {"airline__name": ["UA", "B6", "EV"], "flights": [58665, 54635, 54173]}
    assert said(asked, rows(columns)) == (
        "UA, 58,665 flights in 2013, the highest; then B6 (54,635) and EV (54,173)."
    )


def test_a_series_has_its_ends() -> None:
    asked = query("flights", by=("metric_time__month",))
    columns = {"metric_time__month": months(4), "flights": [27004, 24951, 28834, 28330]}
    assert said(asked, rows(columns)) == (
        "4 months, 24,951 to 28,834 flights in 2013; highest March 2013, lowest February 2013."
    )


def test_few_groups_are_all_named() -> None:
    asked = query("flights", by=("flight__origin",))
    columns = {"flight__origin": ["EWR", "JFK", "LGA"], "flights": [120835, 111279, 104662]}
    assert said(asked, rows(columns)) == "EWR 120,835, JFK 111,279, LGA 104,662 flights in 2013."


def test_a_group_that_is_a_number_has_its_noun() -> None:
    asked = query("flights", by=("aircraft__year_built",), order_by=("-flights",), limit=1)
    columns = {"aircraft__year_built": [2004], "flights": [5]}
    assert said(asked, rows(columns)).startswith("Year built 2004, 5 flights")


def test_a_period_that_is_cut_short_is_a_warning() -> None:
    asked = query("flights", by=("metric_time__week",), order_by=("flights",), limit=1)
    columns = {"metric_time__week": [date(2012, 12, 31)], "flights": [5000]}
    told = narrate(draft=draft(asked), result=rows(columns), catalogue=CATALOGUE)
    assert [finding.code for finding in told.findings] == ["partial_period"]


def test_rows_that_were_cut_off_are_said_to_be() -> None:
    asked = query("flights", by=("airline__name",))
    columns = {"airline__name": list("abcd"), "flights": [1, 2, 3, 4]}
    assert said(asked, rows(columns, truncated=True)).endswith("; more rows exist than are shown.")


def test_a_refusal_says_what_is_missing_and_whom_to_ask() -> None:
    refusal = Refusal(reason="Not every word is understood", missing=("profit",), contact="ops")
    told = narrate(draft=Draft(kind="refused", refusal=refusal), result=None, catalogue=CATALOGUE)
    assert told.text == "Not every word is understood. Missing: profit. Ask ops."


def test_a_question_back_is_asked() -> None:
    told = narrate(
        draft=Draft(kind="clarify", clarification=Clarification(question="Which delay?")),
        result=None,
        catalogue=CATALOGUE,
    )
    assert told.text == "Which delay?"


def test_a_reading_has_its_number_with_its_unit() -> None:
    asked = Option(label="Arrivals", value=12.64, metric_query=query("average_arrival_delay"))
    assert option_value(asked, CATALOGUE) == "12.6 minutes"
    assert option_value(Option(label="Other"), CATALOGUE) == ""


def test_a_name_that_ends_in_a_full_stop_gets_no_second_one() -> None:
    asked = query("flights", by=("airline__name",))
    columns = {"airline__name": ["a", "b", "c", "SkyWest Inc."], "flights": [4, 3, 2, 1]}
    assert said(asked, rows(columns)).endswith("lowest SkyWest Inc.")


def test_groups_of_two_keys_are_pairs() -> None:
    asked = query("flights", by=("airline__name", "flight__origin"))
    columns = {
        "airline__name": list("aabb"),
        "flight__origin": list("xyxy"),
        "flights": [1, 2, 3, 4],
    }
    assert said(asked, rows(columns)).startswith("4 pairs of airline and origin, 1 to 4 flights")


@given(st.dictionaries(st.text(min_size=1), st.integers(0, 10**9), min_size=1, max_size=30))
def test_every_number_of_the_prose_is_in_the_rows(groups: dict[str, int]) -> None:
    names = [f"Group {place}" for place in range(len(groups))]
    result = rows({"airline__name": names, "flights": list(groups.values())})
    text = said(query("flights", by=("airline__name",)), result)
    known = {format_number(value) for value in groups.values()}
    known |= {str(place) for place in range(len(groups))} | {str(len(groups)), "2013"}
    assert set(re.findall(r"\d[\d,]*\d|\d", text)) <= known
