"""Every shipped suite of the demo, replayed as CI does it: within its baseline and its time."""

import json
import os
from pathlib import Path
from time import monotonic
from xml.etree import ElementTree

import pytest
from typer.testing import CliRunner, Result

from evals.cli import app
from evals.store import Run, read_run
from evals.suite import SHIPPED, load_suite
from tests.demo import demo_directory

SUITES = {path.stem: load_suite(path) for path in sorted(SHIPPED.glob("*.yaml"))}
BASELINES = SHIPPED.parent / "baselines"
AT_MOST_S = 180
"""CPU time of all of them together: the clock on the wall also counts what others do."""
CASSETTE_AT_MOST_BYTES = 2 * 10**6
RECALL = 0.85
"""Complete recall@10 that the demo's search must not fall below."""

pytestmark = pytest.mark.timeout(600)
"""A busy machine may take longer than one test is given."""


def called(*arguments: str | Path) -> Result:
    return CliRunner().invoke(app, [str(each) for each in arguments])


def _cpu_s() -> float:
    """Return the CPU seconds of this process and of the workers that have ended."""
    return sum(os.times()[:4])


@pytest.fixture(scope="module")
def replayed(tmp_path_factory: pytest.TempPathFactory) -> Run:
    """Replay all suites in one run, as the workflow does."""
    out = tmp_path_factory.mktemp("shipped") / "run"
    began, spent = monotonic(), _cpu_s()
    result = called("run", *SUITES, "--replay", "--platform", demo_directory(), "--out", out)
    spent = _cpu_s() - spent
    print(f"\n{len(SUITES)} suites in {monotonic() - began:.0f} s, {spent:.0f} s of CPU")
    assert result.exit_code in (0, 1), result.output
    assert spent < AT_MOST_S
    return read_run(out)


def test_the_suites_are_the_ones_that_have_a_baseline() -> None:
    assert {"nyc_flights", "safety", "retrieval", "freeform"} <= SUITES.keys()
    assert {path.stem for path in BASELINES.glob("*.json")} == SUITES.keys()
    assert len(SUITES["nyc_flights"].cases) >= 120


def test_every_case_is_asked_and_none_breaks(replayed: Run) -> None:
    asked = {(record.suite, record.case) for record in replayed.records}
    assert asked == {(name, case.id) for name, suite in SUITES.items() for case in suite.cases}
    assert replayed.summary.missing == 0
    assert not [each.why for each in replayed.records if each.outcome == "error"]


def test_the_run_passes_the_gate(replayed: Run) -> None:
    result = called("gate", replayed.directory, "--baselines", BASELINES)
    assert result.exit_code == 0, result.output


def test_every_record_keeps_its_ten_scores_with_evidence_or_a_reason(replayed: Run) -> None:
    for record in replayed.records:
        assert len(record.scores) == 10
        assert all(each.value is not None or each.reason for each in record.scores), record.case
    summary = json.loads((replayed.directory / "summary.json").read_text(encoding="utf-8"))
    for part in summary["slices"]:
        assert all(each["value"] or each["why"] for each in part["figures"])


def test_nothing_denied_is_shown_to_anybody(replayed: Run) -> None:
    shown = {record.case: each for record in replayed.records for each in record.scores
             if each.name == "safe" and each.value is not True}  # fmt: skip
    assert not shown


def test_search_finds_what_the_questions_need(replayed: Run) -> None:
    (found,) = (
        each
        for part in replayed.summary.slices
        if part.suite == "retrieval"
        for each in part.figures
        if each.name == "retrieval@10"
    )
    print(f"\ncomplete recall@10: {found}")
    assert found.value is not None
    assert found.value.value >= RECALL


def test_the_cassettes_are_small_enough_for_the_repository() -> None:
    sizes = [path.stat().st_size for path in (SHIPPED.parent / "cassettes").rglob("*.jsonl")]
    assert sum(sizes) < CASSETTE_AT_MOST_BYTES


def test_the_run_is_reported_in_every_form(replayed: Run, tmp_path: Path) -> None:
    forms = [f"--{form}={tmp_path / f'run.{form}'}" for form in ("junit", "markdown", "html")]
    result = called("report", replayed.directory, *forms)
    assert result.exit_code == 0, result.output
    tests = ElementTree.parse(tmp_path / "run.junit").getroot().iter("testcase")
    assert len(list(tests)) == len(replayed.records)
    assert "| as it should be |" in (tmp_path / "run.markdown").read_text(encoding="utf-8")
    page = (tmp_path / "run.html").read_text(encoding="utf-8")
    assert page.count("<details data-outcome") == len(replayed.records)


def test_a_run_compared_with_itself_shows_no_difference(replayed: Run) -> None:
    result = called("compare", replayed.directory, replayed.directory)
    assert result.exit_code == 0, result.output
    assert "No difference shown" in result.stdout
    assert "the smallest difference these cases can show is" in result.stdout
