"""What the assistant answers, without a model, on platforms that nobody tuned names for.

Floors stand a little below what is measured (`python -m evals.performance.newcomer` prints it), but
for what must never happen: the share of wrong answers and answers to questions asked in vain.
"""

import re
import shutil
from collections.abc import Callable
from functools import cache
from pathlib import Path

import pytest

from assistant.settings import Settings
from catalogue.builder import build
from evals.gate import gate
from evals.performance.newcomer import HIDDEN_AT_MOST, hidden_columns
from evals.platforms.figures import WRONG_AT_MOST, Figures, figures_of
from evals.platforms.messy import PEOPLE
from evals.platforms.people import people
from evals.record import Record
from evals.session import Wish, run_wish
from evals.store import read_run
from evals.suite import SHIPPED
from tests.newcomer_platforms import messy_directory, shop_directory
from tests.shared_data import shared_data

BASELINES = SHIPPED.parent / "baselines" / "newcomer"
BARE = ("broker", "car_dealership", "derm_treatment", "ewallet")
FLOORS = {"bare": 0.75, "messy": 0.80, "dbt": 0.85}
"""Share of the questions that have to be answered which are answered rightly."""
GIVEN = {
    "email": r"[\w.]+@mail\d\.example",
    "iban": r"DE\d{20}",
    "phone": r"\+\d\d \d\d \d{7}",
    "card": r"4\d{15}",
}
"""What the messy warehouse's people are given, and how it looks."""
FOUND = 0.95
"""Share of people's columns that are hidden from a reader."""

Ask = Callable[[str], list[Record]]


@pytest.fixture(scope="module")
def place(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("newcomers")


@pytest.fixture(scope="module")
def ask(place: Path) -> Ask:
    """Build a kind's platforms and ask their suites, once for all tests."""

    @cache
    def asked(kind: str) -> list[Record]:
        records: list[Record] = []
        for name, platform in platforms(kind, place).items():
            build(Settings.open(platform).sources())
            wish = Wish(suites=(SHIPPED / "newcomer" / f"{name}.yaml",), platform=platform)
            records += run_wish(wish, place / "runs" / name, lambda record, total: None)[1]
        return records

    return asked


def platforms(kind: str, place: Path) -> dict[str, Path]:
    """Copy a kind's platforms by suite, without state: what was built before is not tested."""
    if kind == "bare":
        names = {name: shared_data("defog_basic", "db", f"{name}.duckdb") for name in BARE}
        return {name: Path(shutil.copy(file, place)) for name, file in names.items()}
    suite, made = ("messy", messy_directory()) if kind == "messy" else ("shop", shop_directory())
    stateless = shutil.ignore_patterns(".assistant", "logs")
    return {suite: Path(shutil.copytree(made, place / suite, ignore=stateless))}


@pytest.mark.parametrize("kind", FLOORS)
def test_nothing_is_answered_that_the_data_does_not_say(kind: str, ask: Ask) -> None:
    assert figures_of(ask(kind)).in_vain_answered == ()


@pytest.mark.parametrize("kind", FLOORS)
def test_hardly_an_answer_is_wrong(kind: str, ask: Ask) -> None:
    figures = figures_of(ask(kind))
    assert figures.wrong_share <= WRONG_AT_MOST, figures.wrong


@pytest.mark.parametrize(("kind", "floor"), FLOORS.items())
def test_what_was_answered_rightly_still_is(kind: str, floor: float, ask: Ask) -> None:
    figures = figures_of(ask(kind))
    assert figures.right_share >= floor, str(figures)


def test_people_are_hidden_and_hardly_anything_else(ask: Ask, place: Path) -> None:
    ask("messy")
    hidden = hidden_columns(place / "messy")
    assert hidden.recall >= FOUND, hidden.missed
    assert hidden.innocent_share <= HIDDEN_AT_MOST, hidden.innocent_hidden


def test_nothing_of_people_stands_in_what_is_kept(ask: Ask, place: Path) -> None:
    records = ask("messy")
    given = {str(person[what]) for person in people(PEOPLE).to_pylist() for what in GIVEN}
    looks = re.compile("|".join(GIVEN.values()))
    state = place / "messy" / ".assistant"
    kept = [file for file in state.rglob("*") if file.is_file() and file.suffix != ".duckdb"]
    assert any(file.name == "values.json" for file in kept)
    for file in kept:
        text = file.read_bytes().decode("utf-8", "ignore")
        assert not given.intersection(looks.findall(text)), file.name
    for record in records:
        text = str(record.to_dict() | {"golds": ()})
        assert not given.intersection(looks.findall(text)), record.case


@pytest.mark.parametrize(("kind", "suite"), [("messy", "messy"), ("dbt", "shop")])
def test_no_case_is_worse_than_in_its_baseline(
    kind: str, suite: str, ask: Ask, place: Path
) -> None:
    ask(kind)
    (judgement,) = gate(read_run(place / "runs" / suite).summary, BASELINES)
    assert judgement.failures == ()


def test_figures_tell_the_kinds_of_cases_apart() -> None:
    def record(number: int, expect: str, outcome: str) -> Record:
        return Record.from_dict(
            Record(
                case=str(number), question="", tags=(), expect=(), outcome="right", why=""
            ).to_dict()
            | {"expect": expect.split(), "outcome": outcome, "suite": "s"}
        )

    figures = figures_of(
        [
            record(1, "answer", "right"),
            record(2, "answer clarify", "clarified rightly"),
            record(3, "answer", "wrong"),
            record(4, "answer clarify refuse", "refused rightly"),
            record(5, "refuse clarify", "refused rightly"),
            record(6, "refuse", "wrong"),
        ]
    )
    assert figures == Figures(
        must=3,
        right=1,
        may=1,
        may_right=0,
        wrong=("s:3",),
        in_vain=2,
        in_vain_answered=("s:6",),
    )
    assert not figures.meets_targets
