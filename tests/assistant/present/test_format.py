"""Numbers, dates and periods as people read them."""

import math
from datetime import date, datetime
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant.present.format import (
    bucket_end,
    column_decimals,
    format_number,
    format_period,
    format_quantity,
    format_value,
)


@pytest.mark.parametrize(
    ("value", "unit", "shown"),
    [
        (336776, "flights", "336,776 flights"),
        (1, "flights", "1 flight"),
        (1, "inches", "1 inch"),
        (0, "flights", "0 flights"),
        (0.5432, "share", "54.3\u202f%"),
        (0.9997, "share", "99.97\u202f%"),
        (0.0027, "share", "0.27\u202f%"),
        (0.0000001, "share", "1e-05\u202f%"),
        (0.0, "share", "0\u202f%"),
        (1.0, "share", "100\u202f%"),
        (-0.076, "share", "\u22127.6\u202f%"),
        (12.639, "minutes", "12.6 minutes"),
        (-3.456, "minutes", "\u22123.46 minutes"),
        (0.012345, "inches", "0.0123 inches"),
        (123456.7, "miles", "123,457 miles"),
        (Decimal("1234.5"), "USD", "1,234.50 USD"),
        (None, "flights", "no value"),
        (float("nan"), "minutes", "no value"),
        (float("inf"), None, "no value"),
        (10**30, None, "1,000,000,000,000,000,000,000,000,000,000"),
    ],
)
def test_a_quantity_is_a_number_with_its_unit(value: Any, unit: str | None, shown: str) -> None:
    assert format_quantity(value, unit) == shown


@pytest.mark.parametrize(
    ("value", "shown"), [(0.15, "+15.0\u202f%"), (-0.15, "\u221215.0\u202f%"), (0.0, "0\u202f%")]
)
def test_changes_carry_their_sign(value: float, shown: str) -> None:
    assert format_number(value, "share", signed=True) == shown


@given(st.integers())
def test_integers_lose_nothing(value: int) -> None:
    assert int(format_number(value).replace(",", "").replace("\u2212", "-")) == value


@given(st.floats(min_value=-1e12, max_value=1e12))
def test_means_keep_at_least_two_significant_digits(value: float) -> None:
    shown = format_number(value).replace(",", "").replace("\u2212", "-")
    assert math.isclose(float(shown), value, rel_tol=0.01, abs_tol=1e-12)


@given(st.floats(min_value=0, max_value=1))
def test_a_share_never_reads_as_none_or_all_though_it_is_not(value: float) -> None:
    shown = format_number(value, "share")
    assert (shown == "0\u202f%") == (value == 0)
    if value < 0.999999:
        assert shown != "100\u202f%"


@pytest.mark.parametrize(
    ("grain", "shown"),
    [
        ("day", "3 June 2013"),
        ("week", "week of 3 June 2013"),
        ("month", "June 2013"),
        ("quarter", "Q2 2013"),
        ("year", "2013"),
    ],
)
def test_a_bucket_of_time_is_said_by_its_grain(grain: str, shown: str) -> None:
    assert format_period(date(2013, 6, 3), grain) == shown


@pytest.mark.parametrize(
    ("grain", "end"),
    [
        ("day", date(2013, 12, 1)),
        ("week", date(2013, 12, 7)),
        ("month", date(2013, 12, 31)),
        ("quarter", date(2014, 2, 28)),
        ("year", date(2014, 11, 30)),
    ],
)
def test_a_bucket_ends_where_its_grain_ends(grain: str, end: date) -> None:
    assert bucket_end(date(2013, 12, 1), grain) == end


@pytest.mark.parametrize(
    ("value", "shown"),
    [
        (True, "yes"),
        (None, "no value"),
        (date(2013, 6, 1), "1 June 2013"),
        (datetime(2013, 6, 1), "1 June 2013"),
        (datetime(2013, 6, 1, 14, 5), "1 June 2013, 14:05"),
        (b"abc", "3 bytes"),
        ("JFK", "JFK"),
    ],
)
def test_any_value_has_words(value: Any, shown: str) -> None:
    assert format_value(value) == shown


def test_the_numbers_of_a_column_have_the_same_decimals() -> None:
    decimals = column_decimals([12.5, 3.25, -7.0])
    shown = [format_number(value, decimals=decimals) for value in (12.5, 3.25, -7.0)]
    assert shown == ["12.5", "3.2", "\u22127.0"]
