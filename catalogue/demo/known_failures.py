"""The data problems the demo shows on purpose, accepted by name only.

The delivered data are real and flawed; hiding that would teach nothing. Any test or source that
fails, warns or is late without being named here fails the build.
"""

import json
from collections.abc import Collection, Mapping
from pathlib import Path

FAILING_TESTS = frozenset(
    {
        "tail_numbers_without_an_aircraft",
        "departed_flights_without_seats",
        "destination_airports_without_a_name",
        "flights_without_weather",
        "missing_weather_hours",
        "wind_speeds_beyond_belief",
    }
)
LATE_SOURCES = frozenset({"bronze.airports"})
GOOD = frozenset({"pass", "success"})
FOUND = frozenset({"fail", "warn"})


def outcomes(run_results: Path) -> dict[str, str]:
    """Return the status of each test by its name, from dbt's run_results.json."""
    return _statuses(run_results, "test.", slice(2, 3))


def freshness(sources: Path) -> dict[str, str]:
    """Return the freshness of each source by `schema.table`, from dbt's sources.json."""
    return _statuses(sources, "source.", slice(2, 4))


def surprises(tests: Mapping[str, str], sources: Mapping[str, str]) -> list[str]:
    """Return a line for each outcome that the demo does not account for.

    A known problem that is gone is one too: its name would hide the next.
    """
    return _surprises(tests, FAILING_TESTS) + _surprises(sources, LATE_SOURCES)


def _statuses(artifact: Path, kind: str, name: slice) -> dict[str, str]:
    results = json.loads(artifact.read_text())["results"]
    return {
        ".".join(result["unique_id"].split(".")[name]): result["status"]
        for result in results
        if result["unique_id"].startswith(kind)
    }


def _surprises(statuses: Mapping[str, str], known: Collection[str]) -> list[str]:
    unexpected = [
        f"{name}: {status}"
        for name, status in sorted(statuses.items())
        if status not in GOOD and not (name in known and status in FOUND)
    ]
    mended = [
        f"{name}: known to fail, was {statuses.get(name, 'not run')}"
        for name in sorted(known)
        if statuses.get(name) in (None, *GOOD)
    ]
    return unexpected + mended
