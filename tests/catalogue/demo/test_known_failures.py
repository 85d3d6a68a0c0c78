"""Failures of the demo are accepted by name only."""

from pathlib import Path

import pytest

from catalogue.demo.known_failures import (
    FAILING_TESTS,
    LATE_SOURCES,
    freshness,
    outcomes,
    surprises,
)
from tests.demo import demo_directory

_TESTS = dict.fromkeys(FAILING_TESTS, "warn") | {"unique_dim_airline_carrier": "pass"}
_SOURCES = dict.fromkeys(LATE_SOURCES, "warn") | {"bronze.flights": "pass"}


def test_known_failures_and_late_sources_are_accepted() -> None:
    assert surprises(_TESTS, _SOURCES) == []


@pytest.mark.parametrize("status", ["fail", "warn", "error", "skipped", "runtime error"])
def test_any_other_failing_test_is_refused(status: str) -> None:
    tests = _TESTS | {"unique_dim_airline_carrier": status}
    assert surprises(tests, _SOURCES) == [f"unique_dim_airline_carrier: {status}"]


def test_any_other_late_source_is_refused() -> None:
    assert surprises(_TESTS, _SOURCES | {"bronze.flights": "warn"}) == ["bronze.flights: warn"]


@pytest.mark.parametrize("status", ["error", "skipped"])
def test_a_known_failure_that_could_not_run_is_refused(status: str) -> None:
    tests = _TESTS | {"missing_weather_hours": status}
    assert surprises(tests, _SOURCES) == [f"missing_weather_hours: {status}"]


def test_a_known_failure_that_is_gone_is_refused() -> None:
    tests = _TESTS | {"missing_weather_hours": "pass"}
    assert surprises(tests, _SOURCES) == ["missing_weather_hours: known to fail, was pass"]


def test_a_known_failure_that_did_not_run_is_refused() -> None:
    tests = {name: status for name, status in _TESTS.items() if name != "missing_weather_hours"}
    assert surprises(tests, _SOURCES) == ["missing_weather_hours: known to fail, was not run"]


@pytest.mark.timeout(300)
def test_the_built_demo_shows_failures_warnings_and_a_late_source() -> None:
    target: Path = demo_directory() / "target"
    statuses = outcomes(target / "run_results.json")
    assert {name for name, status in statuses.items() if status == "fail"} == {
        "tail_numbers_without_an_aircraft",
        "wind_speeds_beyond_belief",
    }
    assert {name for name, status in statuses.items() if status == "warn"} == {
        "departed_flights_without_seats",
        "destination_airports_without_a_name",
        "flights_without_weather",
        "missing_weather_hours",
    }
    assert sum(status == "pass" for status in statuses.values()) > 100
    assert freshness(target / "sources.json")["bronze.airports"] == "warn"
