"""Stretches of failing are read off the dated results of runs."""

from datetime import UTC, datetime, timedelta
from typing import Literal

from catalogue.catalogue import Catalogue
from catalogue.health_history import episodes, usual_time_to_fix
from catalogue.model import Check, CheckResult

_FIRST = datetime(2024, 3, 1, tzinfo=UTC)
Status = Literal["pass", "warn", "fail", "error", "skipped"]


def _catalogue(**runs: str) -> Catalogue:
    """Each check's outcomes day by day: p pass, w warn, f fail, s skipped, space not run."""
    said: dict[str, Status] = {"p": "pass", "w": "warn", "f": "fail", "s": "skipped"}
    results = [
        CheckResult(check_id=name, status=said[letter], at=_FIRST + timedelta(days=day))
        for name, letters in runs.items()
        for day, letter in enumerate(letters)
        if letter != " "
    ]
    checks = tuple(Check(id=name, name=name, kind="test", table="gold.orders") for name in runs)
    return Catalogue(name="x", checks=checks, results=tuple(reversed(results)))


def _spans(catalogue: Catalogue) -> list[tuple[str, int, int | None]]:
    return [
        (
            each.check.id,
            (each.since - _FIRST).days,
            (each.until - _FIRST).days if each.until else None,
        )
        for each in episodes(catalogue, "Gold.Orders")
    ]


def test_a_stretch_runs_from_the_first_failure_to_the_next_pass() -> None:
    assert _spans(_catalogue(a="pffpp")) == [("a", 1, 3)]


def test_a_skipped_or_absent_run_ends_nothing() -> None:
    assert _spans(_catalogue(a="pfs wp")) == [("a", 1, 5)]


def test_what_still_fails_stands_first_and_then_the_newest() -> None:
    assert _spans(_catalogue(a="pfpfp", b="fffff")) == [("b", 0, None), ("a", 3, 4), ("a", 1, 2)]


def test_a_check_that_always_held_has_no_history() -> None:
    assert _spans(_catalogue(a="ppp", b="sss", c="")) == []


def test_checks_of_other_tables_are_left_out() -> None:
    assert episodes(_catalogue(a="fp"), "gold.customers") == ()


def test_the_usual_time_to_fix_is_the_median_of_what_was_fixed() -> None:
    found = episodes(_catalogue(a="fp", b="fffp", c="fffffff p", d="f"), "gold.orders")
    assert usual_time_to_fix(found) == timedelta(days=3)
    assert usual_time_to_fix(episodes(_catalogue(d="f"), "gold.orders")) is None
