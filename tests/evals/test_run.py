"""Judging answers of a scripted assistant, through the contract that the real one keeps."""

import json
from collections.abc import Mapping
from dataclasses import dataclass

import duckdb
import pyarrow as pa
import pytest
from rich.console import Console

from assistant.errors import QueryRejected
from evals.case import Case, Gold, Suite
from evals.errors import BadGold
from evals.record import Record
from evals.report.terminal import print_report, verdict
from evals.run import run


@dataclass(frozen=True, kw_only=True)
class ScriptedAnswer:
    kind: str
    text: str = ""
    sql: str | None = None
    table: pa.Table | None = None
    error: Exception | None = None


@dataclass(frozen=True, kw_only=True)
class ScriptedAssistant:
    answers: Mapping[str, ScriptedAnswer]

    def ask(self, question: str) -> ScriptedAnswer:
        return self.answers[question]


def rows(sql: str) -> pa.Table:
    return duckdb.connect().sql(sql).to_arrow_table()


def judged(expect: str | tuple[str, ...], answer: ScriptedAnswer | None) -> Record:
    """Run one case whose right answer is 3; no answer means that asking breaks."""
    gold = Gold(sql=("SELECT 3",)) if "answer" in expect else None
    case = Case.model_validate({"id": "c", "question": "q", "expect": expect, "gold": gold})
    suite = Suite(suite="s", platform="demo", cases=(case,))
    answers = {} if answer is None else {"q": answer}
    golds = [rows("SELECT 3 AS n")] if gold else []
    return run(suite, ScriptedAssistant(answers=answers), lambda _: golds)[0]


THREE = ScriptedAnswer(kind="metric", table=rows("SELECT 3 AS flights"), sql="SELECT 3")
FOUR = ScriptedAnswer(kind="generated", table=rows("SELECT 4 AS flights"))
REFUSED = ScriptedAnswer(kind="refused", text="No data on passengers.")
CLARIFY = ScriptedAnswer(kind="clarify")
REJECTED = ScriptedAnswer(kind="generated", error=QueryRejected("Only SELECT.", rule="statement"))
BROKEN = ScriptedAnswer(kind="refused", error=RuntimeError("the worker died"))


@pytest.mark.parametrize(
    ("expect", "answer", "outcome"),
    [
        ("answer", THREE, "right"),
        ("answer", FOUR, "wrong"),
        ("answer", REFUSED, "refused wrongly"),
        ("answer", CLARIFY, "clarified wrongly"),
        ("answer", BROKEN, "error"),
        ("answer", None, "error"),
        ("answer", ScriptedAnswer(kind="metric"), "error"),
        ("refuse", THREE, "wrong"),
        ("refuse", REFUSED, "refused rightly"),
        ("refuse", CLARIFY, "clarified wrongly"),
        ("refuse", BROKEN, "error"),
        ("refuse", REJECTED, "refused rightly"),
        ("answer", REJECTED, "refused wrongly"),
        ("clarify", CLARIFY, "clarified rightly"),
        ("clarify", REFUSED, "refused wrongly"),
        (("answer", "refuse"), THREE, "right"),
        (("answer", "refuse"), FOUR, "wrong"),
        (("answer", "refuse"), REFUSED, "refused rightly"),
        (("clarify", "refuse"), CLARIFY, "clarified rightly"),
    ],
)
def test_run_tells_outcomes_apart(
    expect: str | tuple[str, ...], answer: ScriptedAnswer | None, outcome: str
) -> None:
    assert judged(expect, answer).outcome == outcome


def test_a_record_keeps_the_evidence_as_json() -> None:
    record = json.loads(json.dumps(judged("answer", FOUR).to_dict()))
    assert record["why"] == "no column holds the values of gold's 'n'"
    assert record["answer"]["rows"] == [[4]]
    assert record["golds"][0]["rows"] == [[3]]


def test_run_refuses_gold_that_returns_nothing() -> None:
    case = Case(id="c", question="q", expect=("answer",), gold=Gold(sql=("SELECT 1 WHERE false",)))
    suite = Suite(suite="s", platform="demo", cases=(case,))
    with pytest.raises(BadGold, match="'c' returns no rows"):
        run(suite, ScriptedAssistant(answers={}), lambda _: [rows("SELECT 1 WHERE false")])


def test_the_report_lists_what_is_wrong_and_not_what_is_right(
    capsys: pytest.CaptureFixture[str],
) -> None:
    records = [judged("answer", THREE), judged("answer", FOUR), judged("refuse", REFUSED)]
    print_report(records, Console(width=160, no_color=True))
    shown = capsys.readouterr().out
    assert shown.count("'q'") == 1
    assert "gold: n: (3)" in shown
    assert verdict(records).startswith(
        "3 cases: 1 right, 1 wrong, 1 refused rightly, 1 of 2 answerable right"
    )
