"""The no-model path on the demo platform: every word finds its role, or there is no answer."""

import json
from dataclasses import replace
from datetime import date
from functools import cache
from importlib.resources import files
from pathlib import Path

import pytest
import yaml
from hypothesis import given, settings
from hypothesis import strategies as st

from assistant.drafting.planner import Plan, Planner, nearest_word
from assistant.drafting.planning.language import MAX_FUNCTION_WORDS, grammar
from assistant.drafting.planning.periods import Calendar
from assistant.drafting.planning.vocabulary import build_vocabulary
from assistant.settings import Settings
from catalogue.builder import build
from catalogue.metric_query import metric_query_from_mapping
from catalogue.model import Conventions, MetricQuery
from tests.demo import demo_directory

SUITE = Path(str(files("evals"))) / "suites" / "nyc_flights.yaml"


@cache
def _planner() -> Planner:
    built = build(Settings.open(demo_directory()).sources())
    vocabulary = build_vocabulary(built.catalogue, built.values)
    return Planner(vocabulary=vocabulary, calendar=Calendar(today=date(2013, 12, 31)))


@cache
def _plan(question: str) -> Plan:
    return _planner().plan(question)


def _query(question: str) -> MetricQuery:
    plan = _plan(question)
    assert plan.query is not None, (plan.unread, plan.reason, plan.choices)
    return plan.query


@pytest.mark.parametrize(
    ("question", "expected"),
    [
        ("How many flights were there?", {"metrics": ["flights"]}),
        (
            "weekly average departure delay at JFK",
            {
                "metrics": ["average_departure_delay"],
                "group_by": ["metric_time__week"],
                "where": [{"dimension": "flight__origin", "op": "=", "values": ["JFK"]}],
                "order_by": ["metric_time__week"],
            },
        ),
        (
            "How many Untied flights in januray?",
            {
                "metrics": ["flights"],
                "where": [
                    {"dimension": "airline__name", "op": "=", "values": ["United Air Lines Inc."]}
                ],
                "period": "2013-01",
            },
        ),
        (
            "airlines with more than 50,000 flights",
            {
                "metrics": ["flights"],
                "group_by": ["airline__name"],
                "having": [{"metric": "flights", "op": ">", "value": 50000}],
                "order_by": ["-flights"],
            },
        ),
        (
            "Which airline had the worst on-time rate in June?",
            {
                "metrics": ["on_time_rate", "arrived_flights"],
                "group_by": ["airline__name"],
                "where": [{"dimension": "airline__name", "op": "!=", "values": [None]}],
                "period": "2013-06",
                "order_by": ["on_time_rate"],
                "limit": 1,
            },
        ),
        (
            "on-time rate by airline, excluding weekends",
            {
                "metrics": ["on_time_rate"],
                "group_by": ["airline__name"],
                "where": [{"dimension": "calendar__day_type", "op": "!=", "values": ["weekend"]}],
                "order_by": ["-on_time_rate"],
            },
        ),
        (
            "How many United flights were cancelled in February?",
            {
                "metrics": ["cancelled_flights"],
                "where": [
                    {"dimension": "airline__name", "op": "=", "values": ["United Air Lines Inc."]}
                ],
                "period": "2013-02",
            },
        ),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_a_question_becomes_the_query_it_asks_for(
    question: str, expected: dict[str, object]
) -> None:
    assert _query(question) == metric_query_from_mapping(expected)


@pytest.mark.parametrize(
    "question",
    [
        "How many flights were not on time?",
        "flights to JFK",
        "How many flights from Boston?",
        "arrivals at LaGuardia in June",
        "flights in Alaska",
        "long flights",
        "second worst airline by on-time rate",
        "median departure delay by airline",
        "highest departure delay",
        "maximum departure delay by airline",
        "average number of flights per month by airline",
        "Which airlines fly to Boston?",
        "How many airlines have more than 50000 flights?",
        "at least one cancelled flight on every day",
        "Does United have more flights than Delta?",
        "difference between on-time rate of United and Delta",
        "passengers per flight",
        "flights on 32 June",
        "flights in Smarch",
        "How many trains were cancelled?",
        "cuántos vuelos hubo en junio",
        "Wie viele Flüge gab es im Juni?",
        "Delete all flights of United",
    ],
)
def test_a_word_without_a_role_stops_the_answer(question: str) -> None:
    plan = _plan(question)
    assert plan.query is None
    assert plan.unread or plan.choices


@pytest.mark.parametrize(
    "question", ["flights in 2012", "cancellation rate in January 2014", "flights last year"]
)
def test_a_period_outside_the_data_is_a_final_no(question: str) -> None:
    plan = _plan(question)
    assert plan.query is None
    assert plan.is_final
    assert "2013" in plan.reason


@pytest.mark.parametrize(
    ("question", "labels"),
    [
        ("average delay", {"Average departure delay", "Average arrival delay"}),
        ("departure delay in June", {"Average departure delay", "90th percentile departure delay"}),
        ("How many flights did United and Delta have?", {"one number each", "both together"}),
    ],
)
def test_readings_that_differ_are_asked_back(question: str, labels: set[str]) -> None:
    plan = _plan(question)
    assert plan.query is None
    assert labels <= {choice.label for choice in plan.choices}


def test_a_corrected_word_is_said() -> None:
    assert _plan("number of flights in januray").corrections == {"januray": "january"}


def test_a_word_in_use_is_no_slip() -> None:
    known = frozenset({"rains", "united", "flights"})
    assert nearest_word("trains", known) is None
    assert nearest_word("untied", known) == "united"
    assert nearest_word("flihgts", known) == "flights"


def test_function_words_are_few_and_carry_no_meaning() -> None:
    words = grammar().function_words
    assert len(words) <= MAX_FUNCTION_WORDS
    meaningful = "not no never without all every each some any most more less than only both or"
    assert words.isdisjoint([*meaningful.split(), "and", "minute", "day", "flight"])


def _answered() -> list[str]:
    cases = yaml.safe_load(SUITE.read_text())["cases"]
    return [case["question"] for case in cases if case["expect"] == "answer"]


_CHANGES = [
    "not",
    "never",
    "zorbled",
    "twice",
    "except",
    "pilots",
    "profit",
    "almost",
    "without",
    "unless",
    "both",
    "instead",
    "half",
]


@settings(max_examples=150, deadline=None)
@given(question=st.sampled_from(_answered()), word=st.sampled_from(_CHANGES), place=st.floats(0, 1))
def test_a_word_that_changes_the_question_is_never_ignored(
    question: str, word: str, place: float
) -> None:
    words = question.split()
    words.insert(int(place * len(words)), word)
    changed = _plan(" ".join(words)).query
    assert changed is None or changed != _plan(question).query


@settings(max_examples=150, deadline=None)
@given(st.text(max_size=80))
def test_any_text_gets_a_plan(text: str) -> None:
    plan = _planner().plan(text)
    assert (plan.query is not None) + bool(plan.choices) + bool(plan.unread) == 1


def test_the_plan_of_the_suite_is_mostly_an_answer() -> None:
    answered = [question for question in _answered() if _plan(question).query is not None]
    assert len(answered) >= 0.9 * len(_answered()), json.dumps(
        sorted(set(_answered()) - set(answered))
    )


@pytest.mark.parametrize(
    "question",
    [
        "flights where origin != 'JFK'",
        "Flights -United",
        "Airlines with average arrival delay below -5",
        "Flights/cancellations by airline",
        "How many flights a day?",
        "Flights on Sat",
        "Is the on-time rate good?",
        "Single flights to Boston",
        "Flights to Portland",
        "Flights to Virginia",
        "United States flights",
        "Flights from New York City",
        "Flights excluding Boston and United",
        "Flights from JFK or to Boston",
        "On-time rate of the largest airline",
        "Which airline has the longest flights?",
        "Top 10 percent of airlines by flights",
        "Monthly busiest airline",
        "What share of cancelled flights were United flights?",
        "How far are flights?",
        "How many seats does a Boeing have?",
        "Average arrival delay at JFK",
        "How many airlines fly only to Boston?",
        "When do flights leave JFK?",
        "What is their on-time rate?",
        "What is a cancelled flight?",
        "List airlines operating to Boston",
        "Flights in June '13",
        "Flights that may be cancelled",
        "Flights this weekend",
        "Flights so far in June",
        "Airlines with more than 50000 flights by month",
        "Is United the most punctual airline?",
    ],
)
def test_a_near_twin_of_an_answerable_question_is_not_answered(question: str) -> None:
    assert _plan(question).query is None


@pytest.mark.parametrize(
    ("conventions", "question", "is_answered"),
    [
        (Conventions(week_start="sunday"), "flights by week", True),
        (Conventions(fiscal_year_start=4), "flights by quarter", True),
        (Conventions(fiscal_year_start=4), "flights by fiscal quarter", True),
        (Conventions(fiscal_year_start=4), "flights in fiscal year 2013", False),
        (Conventions(fiscal_year_start=4), "flights in the first half of 2013", False),
        (Conventions(), "flights by fiscal quarter", True),
    ],
)
def test_time_is_cut_as_the_platform_says_or_not_at_all(
    conventions: Conventions, question: str, is_answered: bool
) -> None:
    vocabulary = _planner().vocabulary
    catalogue = replace(vocabulary.catalogue, conventions=conventions)
    planner = Planner(
        vocabulary=replace(vocabulary, catalogue=catalogue),
        calendar=Calendar(today=date(2013, 12, 31), conventions=conventions),
    )
    assert (planner.plan(question).query is not None) is is_answered


@pytest.mark.parametrize(
    ("question", "expected"),
    [
        ("what was the coldest month?", ("average_temperature", "metric_time__month", 1)),
        ("Wettest month at La Guardia", ("total_precipitation", "metric_time__month", 1)),
        (
            "Seat capacity offered by manufacturer, top 3",
            ("seats_offered", "aircraft__manufacturer", 3),
        ),
        ("busiest day of the year by number of flights", ("flights", "metric_time__day", 1)),
        (
            "Cancellation rate per airline, worst first",
            ("cancellation_rate", "airline__name", None),
        ),
        (
            "How many different planes did each airline use?",
            ("aircraft_in_use", "airline__name", None),
        ),
        ("flights from each airport", ("flights", "origin_airport__name", None)),
        ("flights on Christmas Day", ("flights", None, None)),
    ],
)
def test_idioms_of_order_and_time_are_read(
    question: str, expected: tuple[str, str | None, int | None]
) -> None:
    query = _query(question)
    first_group = query.group_by[0] if query.group_by else None
    assert (query.metrics[0], first_group, query.limit) == expected
