"""The gate: what was right stays right, nothing new is wrong, and a half run proves nothing."""

from dataclasses import replace
from pathlib import Path

import pytest
from typer.testing import CliRunner

from evals.cli import app
from evals.errors import BadRun
from evals.gate import accept, gate
from evals.record import Outcome, Record, Score
from evals.store import RunStore
from evals.summary import Summary, summarise


def a_run(missing: int = 0, **outcomes: Outcome | tuple[Outcome, ...]) -> Summary:
    """Summarise a run of cases with these outcomes, one for each repeat."""
    records = [
        Record(
            case=case,
            question="q",
            tags=("t",),
            expect=("answer",),
            outcome=outcome,
            why="",
            suite="s",
            repeat=repeat,
            ms=3.0,
        )
        for case, given in outcomes.items()
        for repeat, outcome in enumerate(given if isinstance(given, tuple) else (given,))
    ]
    return summarise(records, mode="replay", missing=missing)


@pytest.mark.parametrize(
    ("before", "now", "passes"),
    [
        ("right", "right", True),
        ("right", "refused wrongly", False),
        ("right", "wrong", False),
        ("right", "error", False),
        ("right", ("right", "refused wrongly"), False),
        ("refused rightly", "clarified wrongly", False),
        ("refused wrongly", "right", True),
        ("refused wrongly", "clarified wrongly", True),
        ("refused wrongly", "wrong", False),
        ("refused wrongly", "error", False),
        ("wrong", "wrong", True),
        ("wrong", "refused wrongly", True),
    ],
)
def test_a_case_may_get_better_and_never_worse(
    tmp_path: Path, before: Outcome, now: Outcome | tuple[Outcome, ...], passes: bool
) -> None:
    accept(a_run(a=before, b="right"), tmp_path)
    (judgement,) = gate(a_run(a=now, b="right"), tmp_path)
    assert judgement.passes is passes
    assert all("a: was" in line for line in judgement.failures)


def test_a_case_that_is_gone_fails_and_a_new_one_fails_where_it_is_wrong(tmp_path: Path) -> None:
    accept(a_run(a="right", b="right"), tmp_path)
    (judgement,) = gate(a_run(a="right", c="wrong", d="refused wrongly"), tmp_path)
    assert judgement.failures == ("b: in the baseline and not in the run", "c: is new and wrong")
    assert judgement.notes == ("d: is new and refused wrongly",)


def test_a_baseline_holds_no_times(tmp_path: Path) -> None:
    (path,) = accept(a_run(a="right"), tmp_path)
    assert path == tmp_path / "s.json"
    assert '"ms"' not in path.read_text(encoding="utf-8")


def test_a_half_run_is_neither_held_nor_accepted(tmp_path: Path) -> None:
    for do in (gate, accept):
        with pytest.raises(BadRun, match="2 questions were not asked"):
            do(a_run(a="right", missing=2), tmp_path)


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ("{", "is no baseline"),
        ("[]", "is no baseline"),
        ('{"version": 1}', "version 1; this reads 2"),
        ('{"version": 2}', "suite: Field required"),
        ('{"version": 2, "colour": 1}', "is no baseline"),
    ],
)
def test_a_broken_baseline_is_named(tmp_path: Path, text: str, problem: str) -> None:
    (tmp_path / "s.json").write_text(text, encoding="utf-8")
    with pytest.raises(BadRun, match=problem):
        gate(a_run(a="right"), tmp_path)


def test_the_command_makes_a_baseline_and_holds_a_run_against_it(tmp_path: Path) -> None:
    plain = Record(case="a", question="q", tags=(), expect=("answer",), outcome="right", why="")
    for name, outcome in (("before", "right"), ("after", "wrong")):
        with RunStore(tmp_path / name, {"mode": "live"}) as store:
            store.keep(Record.from_dict({**plain.to_dict(), "suite": "s", "outcome": outcome}))
            store.summarise()
    command = ["gate", str(tmp_path / "before"), "--baselines", str(tmp_path / "kept")]
    assert CliRunner().invoke(app, command).exit_code == 2
    assert CliRunner().invoke(app, [*command, "--accept"]).exit_code == 0
    assert CliRunner().invoke(app, command).exit_code == 0
    result = CliRunner().invoke(app, ["gate", str(tmp_path / "after"), *command[2:]])
    assert result.exit_code == 1
    assert "a: was right, is wrong" in result.stdout


def test_what_search_no_longer_finds_and_what_leaks_fails(tmp_path: Path) -> None:
    def scored(found: bool, safe: bool) -> Summary:
        scores = (
            Score(name="retrieval@10", value=found),
            Score(name="safe", value=safe),
            Score(name="soft_f1", value=0.0),
        )
        plain = Record(case="a", question="q", tags=(), expect=(), outcome="right", why="")
        return summarise([replace(plain, suite="s", scores=scores)], mode="replay")

    accept(scored(found=True, safe=True), tmp_path)
    (judgement,) = gate(scored(found=False, safe=False), tmp_path)
    assert judgement.failures == ("a: retrieval@10 is 0", "a: safe is 0")
    accept(scored(found=False, safe=True), tmp_path)
    (judgement,) = gate(scored(found=True, safe=True), tmp_path)
    assert (judgement.passes, judgement.notes) == (True, ("a: retrieval@10 is no longer 0",))
