"""The newcomers' suites ask enough, a quarter in vain, and every gold runs on its platform."""

from collections.abc import Sequence
from pathlib import Path

import pytest

from assistant.settings import Settings
from evals.case import Case
from evals.gold import GoldResults
from evals.suite import SHIPPED, load_suite
from tests.newcomer_platforms import messy_directory, shop_directory
from tests.shared_data import shared_data

PLACE = SHIPPED / "newcomer"
BARE = ("broker", "car_dealership", "derm_treatment", "ewallet")
KINDS = {"bare": BARE, "messy": ("messy",), "dbt": ("shop",)}
"""Suites by kind of platform."""


def cases_of(names: Sequence[str]) -> list[Case]:
    return [case for name in names for case in load_suite(PLACE / f"{name}.yaml").cases]


def hold_golds(suite: str, platform: Path) -> None:
    """Run every gold of a suite; each returns rows with a value in them."""
    with GoldResults(Settings.open(platform)) as golds:
        for case in cases_of([suite]):
            for table in golds.of_case(case):
                values = [value for column in table.columns for value in column.to_pylist()]
                assert any(value is not None for value in values), case.id


def test_every_suite_belongs_to_a_kind_of_platform() -> None:
    named = {name for names in KINDS.values() for name in names}
    assert {file.stem for file in PLACE.glob("*.yaml")} == named


@pytest.mark.parametrize("kind", KINDS)
def test_a_kind_of_platform_is_asked_enough_and_a_quarter_in_vain(kind: str) -> None:
    cases = cases_of(KINDS[kind])
    in_vain = sum("answer" not in case.expect for case in cases)
    assert len(cases) >= 40
    assert 0.25 <= in_vain / len(cases) <= 0.35
    assert sum("twin" in case.tags for case in cases) >= 5


@pytest.mark.parametrize("name", BARE)
def test_golds_run_on_the_bare_databases(name: str) -> None:
    hold_golds(name, shared_data("defog_basic", "db", f"{name}.duckdb"))


def test_golds_run_on_the_messy_warehouse() -> None:
    hold_golds("messy", messy_directory())


def test_golds_run_on_the_tea_shop() -> None:
    hold_golds("shop", shop_directory())
