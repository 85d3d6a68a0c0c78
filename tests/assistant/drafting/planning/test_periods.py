"""Words for time, read against a clock of 31 December 2013."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant.drafting.planning.language import tokenise
from assistant.drafting.planning.periods import Calendar
from catalogue.model import Conventions, Period

CLOCK = Calendar(today=date(2013, 12, 31))


def _read(text: str, calendar: Calendar = CLOCK) -> Period | None:
    tokens = tokenise(text)
    span = calendar.read(tokens, 0)
    return span.period if span and span.end == len(tokens) else None


@pytest.mark.parametrize(
    ("text", "label"),
    [
        ("june", "June 2013"),
        ("June 2012", "June 2012"),
        ("last month", "November 2013"),
        ("last quarter", "Q3 2013"),
        ("this quarter", "Q4 2013"),
        ("last year", "2012"),
        ("last week", "23 December 2013 to 29 December 2013"),
        ("last 7 days", "25 December 2013 to 31 December 2013"),
        ("last 3 months", "September to November 2013"),
        ("yesterday", "30 December 2013"),
        ("between 3 March and 5 May", "3 March 2013 to 5 May 2013"),
        ("from June to August", "June to August 2013"),
        ("June to August 2012", "June to August 2012"),
        ("November to February", "1 November 2012 to 28 February 2013"),
        ("between June and July 2012", "June to July 2012"),
        ("3 to 5 March", "3 March 2013 to 5 March 2013"),
        ("4 July", "4 July 2013"),
        ("July 4th, 2013", "4 July 2013"),
        ("4th of July", "4 July 2013"),
        ("2013-07-04", "4 July 2013"),
        ("Q2", "Q2 2013"),
        ("second quarter of 2012", "Q2 2012"),
        ("the first half of 2013", "January to June 2013"),
        ("H2", "July to December 2013"),
        ("since 1 October", "Q4 2013"),
        ("before June", "January to May 2013"),
        ("year to date", "2013"),
    ],
)
def test_words_for_time_name_a_period(text: str, label: str) -> None:
    period = _read(text)
    assert period is not None
    assert period.label == label


@pytest.mark.parametrize(
    "text",
    ["32 June", "June 32", "30 February", "last december", "first half of June", "Smarch", "soon"],
)
def test_what_is_no_period_is_not_read_as_one(text: str) -> None:
    assert _read(text) is None


def test_a_month_that_has_not_begun_is_last_years() -> None:
    in_may = Calendar(today=date(2014, 5, 20))
    assert _read("June", in_may) == Period(start=date(2013, 6, 1), end=date(2013, 6, 30))
    assert _read("May", in_may) == Period(start=date(2014, 5, 1), end=date(2014, 5, 31))


@pytest.mark.parametrize(
    ("text", "start", "end", "label"),
    [
        ("this year", date(2013, 4, 1), date(2014, 3, 31), "1 April 2013 to 31 March 2014"),
        ("this fiscal year", date(2013, 4, 1), date(2014, 3, 31), None),
        ("the last fiscal year", date(2012, 4, 1), date(2013, 3, 31), None),
        ("last quarter", date(2013, 7, 1), date(2013, 9, 30), "July to September 2013"),
        ("last fiscal quarter", date(2013, 7, 1), date(2013, 9, 30), None),
        ("year to date", date(2013, 4, 1), date(2013, 12, 31), "April to December 2013"),
        ("2012", date(2012, 1, 1), date(2012, 12, 31), "2012"),
        ("before June", date(2013, 4, 1), date(2013, 5, 31), "April to May 2013"),
    ],
)
def test_the_fiscal_year_moves_quarters_and_years(
    text: str, start: date, end: date, label: str | None
) -> None:
    april = Calendar(today=date(2013, 12, 31), conventions=Conventions(fiscal_year_start=4))
    period = _read(text, april)
    assert period == Period(start=start, end=end, is_fiscal=True)
    assert period is not None
    assert label is None or period.label == label


def test_a_fiscal_year_by_its_number_is_not_guessed() -> None:
    tokens = tokenise("fiscal year 2013")
    april = Calendar(today=date(2013, 12, 31), conventions=Conventions(fiscal_year_start=4))
    assert [april.read(tokens, at) for at in range(len(tokens))] == [None, None, None]


def test_weeks_begin_when_the_platform_says() -> None:
    sunday = Calendar(today=date(2013, 12, 31), conventions=Conventions(week_start="sunday"))
    assert _read("this week", sunday) == Period(start=date(2013, 12, 29), end=date(2014, 1, 4))


_WORDS = [
    "june",
    "may",
    "last",
    "first",
    "half",
    "quarter",
    "of",
    "2013",
    "2012",
    "4",
    "31",
    "4th",
    "29",
    "feb",
    "between",
    "and",
    "from",
    "to",
    "since",
    "q1",
    "week",
    "the",
]


@given(
    words=st.lists(st.sampled_from(_WORDS), min_size=1, max_size=8),
    today=st.dates(min_value=date(1950, 1, 1), max_value=date(2150, 1, 1)),
)
def test_any_words_give_a_period_in_order_or_none(words: list[str], today: date) -> None:
    tokens = tokenise(" ".join(words))
    calendar = Calendar(today=today)
    for start in range(len(tokens)):
        span = calendar.read(tokens, start)
        assert span is None or (
            span.period.start <= span.period.end and start < span.end <= len(tokens)
        )
