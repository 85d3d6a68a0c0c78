"""Comparison and reports of runs; data in them is hostile."""

import re
from dataclasses import replace
from typing import Any
from xml.etree import ElementTree

import duckdb
import pytest

from evals.compare import compare
from evals.errors import BadRun
from evals.figures import figures
from evals.record import Expected, Outcome, Record
from evals.report.html import page
from evals.report.junit import junit_xml
from evals.report.markdown import comparison_markdown, run_markdown
from evals.rows import Rows

HOSTILE = "</pre><script>alert('x')</script> | `a` [b](javascript:c) \x00 & \"q\""


def record(number: int, outcome: Outcome = "right", **changed: Any) -> Record:
    base = Record(
        case=f"case-{number}",
        question=f"Question {number}?",
        tags=("odd",) if number % 2 else ("even", "all"),
        expect=("answer",),
        outcome=outcome,
        why="same rows",
        suite="s",
        ms=12.0,
    )
    return replace(base, **changed)


def hostile(outcome: Outcome = "wrong") -> Record:
    rows = Rows.of(
        duckdb.connect().sql('SELECT $1 AS "</th><script>"', params=[HOSTILE]).to_arrow_table()
    )
    return record(
        99,
        outcome,
        question=HOSTILE,
        why=HOSTILE,
        text=HOSTILE,
        sql=HOSTILE,
        tags=('"><script>',),
        answer=rows,
        golds=(rows,),
        expected=Expected(expect=("answer",), sql=(HOSTILE,)),
        receipt={"findings": [{"level": "warning", "message": HOSTILE}]},
    )


def run(right: int, wrong: int) -> list[Record]:
    return [record(n, "right" if n < right else "wrong") for n in range(right + wrong)]


def test_compare_calls_a_drop_and_lists_what_was_lost() -> None:
    found = compare(run(100, 20), run(80, 40))
    assert found.paired.is_different
    assert found.verdict.startswith("Worse: 83.3% to 66.7% over 120 cases")
    assert len(found.lost) == 20
    assert found.lost[0].before == ("right",)
    assert found.dangerous.difference == pytest.approx(1 / 6)


def test_compare_says_what_these_cases_can_show() -> None:
    found = compare(run(10, 2), run(9, 3))
    assert found.verdict.startswith("No difference shown")
    assert "the smallest difference these cases can show is" in found.verdict
    assert compare(run(2, 0), run(2, 0)).smallest is None


def test_compare_takes_noise_from_repeats() -> None:
    flaky = [record(n, "wrong" if n % 4 == 0 else "right", repeat=1) for n in range(120)]
    calm, noisy = compare(run(120, 0), run(120, 0)), compare(run(120, 0) + flaky, run(120, 0))
    assert calm.smallest is not None
    assert noisy.smallest is not None
    assert noisy.smallest > calm.smallest


def test_runs_of_other_cases_are_named_or_refused() -> None:
    found = compare([record(1), record(2)], [record(2), record(3)])
    assert (found.only_before, found.only_after) == (("s/case-1",), ("s/case-3",))
    with pytest.raises(BadRun, match="no case in common"):
        compare([record(1)], [record(2)])


def test_figures_count_the_unscored_apart() -> None:
    found = figures(run(3, 1))
    assert found.limit == "4 cases can show no difference between two runs"
    scores = {each.name: each for each in found.scores}
    assert (found.good.value, found.dangerous.value) == (0.75, 0.25)
    assert scores["exec_match"].value is None
    assert scores["exec_match"].unscored == 4
    assert scores["exec_match"].why == "the case has no gold result"
    assert set(found.by_tag) == {"odd", "even", "all"}


def test_junit_tells_failures_from_errors_and_survives_any_text() -> None:
    root = ElementTree.fromstring(junit_xml([record(1), hostile(), record(3, "error")]))
    suite = root[0]
    assert (suite.get("tests"), suite.get("failures"), suite.get("errors")) == ("3", "1", "1")
    failure = suite[1][0]
    assert failure.get("type") == "wrong"
    assert "<script>alert('x')</script>" in (failure.text or "")
    assert "\x00" not in (failure.text or "")


def test_markdown_lets_no_text_break_out() -> None:
    shown = run_markdown([record(1), hostile()])
    assert "<script>" not in shown
    assert "](javascript" not in shown
    row = next(line for line in shown.splitlines() if line.startswith("| case\\-99"))
    assert len(re.findall(r"(?<!\\)\|", row)) == 5
    assert "| as it should be | 50.0% (" in shown


def test_markdown_of_a_comparison_lists_lost_and_gained() -> None:
    shown = comparison_markdown(compare(run(3, 3), run(2, 4)))
    assert "### Lost" in shown
    assert "### Gained" not in shown
    assert "| s/case" not in shown, "slashes are escaped"


@pytest.mark.parametrize("runs", [1, 2])
def test_the_page_escapes_all_text_and_runs_only_its_own_script(runs: int) -> None:
    records = [record(1), hostile()]
    shown = page({f"{HOSTILE}{number}": records for number in range(runs)}, title=HOSTILE)
    assert shown.count("<script") == 1
    assert "script-src 'sha256-" in shown
    assert not re.search(r"(?:src|href)=", shown), "loads nothing"
    assert shown.count("<details data-outcome") == 2


def test_the_page_shows_sql_beside_gold_both_results_and_findings() -> None:
    shown = page({"": [hostile()]})
    assert shown.count("&lt;/th&gt;&lt;script&gt;") == 2
    assert "<h3>Gold</h3>" in shown
    assert "<h4>Findings</h4>" in shown


def test_the_page_of_two_runs_shows_both_answers_of_a_case() -> None:
    shown = page({"main": run(3, 1), "branch": run(2, 2)})
    assert shown.count("<h3>main</h3>") == 4
    assert shown.count("<h3>branch</h3>") == 4
    assert 'data-outcome="right|wrong"' in shown
    assert "No difference shown: 75.0% to 50.0%" in shown


def test_two_configurations_of_one_run_stand_side_by_side() -> None:
    small = [replace(each, configuration="small") for each in run(2, 2)]
    large = [replace(each, configuration="large") for each in run(4, 0)]
    shown = page({"": [*small, *large]})
    assert shown.count("<h3>small</h3>") == shown.count("<h3>large</h3>") == 4
    assert "2 gained, 0 lost" in shown
    told = run_markdown([*small, *large])
    assert "### small" in told
    assert "| as it should be | 100.0% (" in told
