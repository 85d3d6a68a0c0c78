"""Judging answers of a scripted assistant, through the contract that the real one keeps."""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field, replace

import duckdb
import pyarrow as pa
import pytest
from rich.console import Console

from assistant.answer import Receipt, Usage
from assistant.errors import ModelUnreachable, NotRecorded, QueryRejected
from catalogue.model import Hit, MetricQuery
from evals.ask import ask_case
from evals.budget import Budget, Spent
from evals.case import Case, Gold, Suite
from evals.errors import BadGold
from evals.judge import golds_of, judge
from evals.record import Found, Key, Record
from evals.report.terminal import print_report, verdict
from evals.run import Task, compute_golds, run_tasks
from evals.score.marked import Marked


@dataclass(frozen=True, kw_only=True)
class ScriptedAnswer:
    kind: str
    text: str = ""
    sql: str | None = None
    table: pa.Table | None = None
    error: Exception | None = None
    metric_query: MetricQuery | None = None
    receipt: Receipt | None = None
    usage: Usage = field(default_factory=lambda: Usage(model="m", calls=1, input_tokens=7))
    ms: Mapping[str, float] = field(default_factory=lambda: {"draft": 1.5})
    conversation: str = "talk"


@dataclass(frozen=True, kw_only=True)
class ScriptedAssistant:
    answers: Mapping[str, ScriptedAnswer]
    asked: list[tuple[str, str | None, str | None]] = field(default_factory=list)
    """Question, role and conversation of every call."""

    def ask(
        self,
        question: str,
        *,
        user: str | None = None,
        role: str | None = None,
        conversation: str | None = None,
    ) -> ScriptedAnswer:
        self.asked.append((question, role, conversation))
        return self.answers[question]


def rows(sql: str) -> pa.Table:
    return duckdb.connect().sql(sql).to_arrow_table()


def judged(expect: str | tuple[str, ...], answer: ScriptedAnswer | None) -> Record:
    """Run one case whose right answer is 3; no answer means that asking breaks."""
    gold = Gold(sql=("SELECT 3",)) if "answer" in expect else None
    case = Case.model_validate({"id": "c", "question": "q", "expect": expect, "gold": gold})
    answers = {} if answer is None else {"q": answer}
    golds = [Marked(table=rows("SELECT 3 AS n"))] if gold else []
    return ask_case(case, ScriptedAssistant(answers=answers), golds, suite="s")


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


def test_further_columns_are_allowed_by_setting() -> None:
    more = ScriptedAnswer(kind="metric", table=rows("SELECT 3 AS flights, 9 AS more"))
    golds = [Marked(table=rows("SELECT 3 AS n"))]
    for allowed, outcome in ((True, "right"), (False, "wrong")):
        case = a_case(expect="answer", gold=Gold(sql=("SELECT 3",)), extra_columns=allowed)
        record = ask_case(case, ScriptedAssistant(answers={"q": more}), golds)
        assert record.outcome == outcome
        assert record.expected is not None
        assert record.expected.extra_columns is allowed


def test_run_refuses_gold_that_returns_nothing() -> None:
    case = Case(id="c", question="q", expect=("answer",), gold=Gold(sql=("SELECT 1 WHERE false",)))
    suite = Suite(suite="s", platform="demo", cases=(case,))
    with pytest.raises(BadGold, match="'c' returns no rows"):
        compute_golds(suite, lambda _: [Marked(table=rows("SELECT 1 WHERE false"))])


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


def a_case(**keys: object) -> Case:
    return Case.model_validate({"id": "c", "question": "q", "expect": "refuse", **keys})


def a_talk(**keys: object) -> Case:
    written = {"id": "c", "conversation": ["first", "then"], "expect": "refuse", **keys}
    return Case.model_validate(written)


def test_a_conversation_is_asked_in_order_and_its_last_answer_judged() -> None:
    case = a_talk(role="analyst", expect="clarify")
    assistant = ScriptedAssistant(answers={"first": REFUSED, "then": CLARIFY})
    record = ask_case(case, assistant, [])
    assert assistant.asked == [("first", "analyst", None), ("then", "analyst", "talk")]
    assert (record.outcome, record.question, record.earlier) == (
        "clarified rightly",
        "then",
        ("first",),
    )
    assert record.usage.input_tokens == 14


def test_a_conversation_that_breaks_on_its_way_is_an_error_that_keeps_what_was_spent() -> None:
    case = a_talk()
    record = ask_case(case, ScriptedAssistant(answers={"first": REFUSED}), [])
    assert (record.outcome, record.kind, record.usage.calls) == ("error", None, 1)


def test_a_record_can_be_judged_again() -> None:
    gold = Gold(sql=("SELECT 3",))
    case = a_case(expect="answer", gold=gold, tolerance=0.5)
    marked = Marked(table=rows("SELECT 2.1 AS n"), ranks=(0,), pool=rows("SELECT 2.1 AS n"))
    marked = replace(marked, pool_ranks=(0,))
    answer = ScriptedAnswer(kind="metric", table=rows("SELECT 2.2 AS n"))
    record = ask_case(case, ScriptedAssistant(answers={"q": answer}), [marked])
    read = Record.from_dict(json.loads(json.dumps(record.to_dict())))
    assert read.answer is not None
    assert read.expected is not None
    again = ScriptedAnswer(kind=read.kind or "", table=read.answer.to_table())
    assert judge(case, again, golds_of(read)) == (read.outcome, read.why) == ("right", "same rows")
    assert (read.expected.sql, read.expected.tolerance) == (("SELECT 3",), 0.5)


def test_a_record_keeps_what_search_found_where_gold_names_tables() -> None:
    def search(_: Case) -> list[Hit]:
        return [Hit(kind="table", name="gold.t", score=0.5)]

    assistant = ScriptedAssistant(answers={"q": REFUSED})
    asked = ask_case(a_case(tables="gold.t"), assistant, [], search=search)
    assert asked.hits == (Found(kind="table", name="gold.t", score=0.5),)
    assert ask_case(a_case(), assistant, [], search=search).hits is None


@dataclass(frozen=True, kw_only=True)
class BrokenAssistant:
    error: Exception

    def ask(
        self,
        question: str,
        *,
        user: str | None = None,
        role: str | None = None,
        conversation: str | None = None,
    ) -> ScriptedAnswer:
        raise self.error


@pytest.mark.parametrize(
    ("error", "calls"),
    [(ModelUnreachable("gone"), 1), (NotRecorded("a miss"), 0), (RuntimeError("bug"), 0)],
)
def test_a_model_that_fails_is_an_error_and_counts_as_a_call(error: Exception, calls: int) -> None:
    record = ask_case(a_case(), BrokenAssistant(error=error), [])
    assert (record.outcome, record.usage.calls) == ("error", calls)
    assert record.error is not None
    assert record.error.type == type(error).__name__


def tasks(number: int, usage: Usage | None = None) -> list[Task]:
    def task(at: int) -> Task:
        key = Key("s", "default", f"c{at}", 0)
        answer = replace(REFUSED, usage=usage or Usage(model="m", calls=1, input_tokens=100))
        assistant = ScriptedAssistant(answers={"q": answer})
        return Task(key=key, ask=lambda: replace(ask_case(a_case(), assistant, []), case=f"c{at}"))

    return [task(at) for at in range(number)]


@pytest.mark.parametrize("workers", [1, 3])
def test_every_task_is_asked_once(workers: int) -> None:
    kept: list[Record] = []
    assert run_tasks(tasks(10), kept.append, workers=workers) is None
    assert sorted(record.case for record in kept) == [f"c{at}" for at in range(10)]


PRICED = Usage(model="m", calls=1, input_tokens=100, cost_usd=0.25)


@pytest.mark.parametrize(
    ("budget", "usage", "asked", "said"),
    [
        (Budget(calls=3), None, 3, "The budget of 3 calls of the model is spent (3 used)."),
        (Budget(tokens=150), None, 2, "The budget of 150 tokens is spent (200 used)."),
        (Budget(dollars=0.5), PRICED, 2, "The budget of 0.5 dollars is spent (0.5 used)."),
        (Budget(dollars=0.5), None, 1, "The price of m is not known"),
        (Budget(minutes=0), None, 0, "The budget of 0 minutes is spent"),
        (Budget(calls=6), None, 6, None),
    ],
)
def test_a_budget_stops_the_run_and_says_so(
    budget: Budget, usage: Usage | None, asked: int, said: str | None
) -> None:
    kept: list[Record] = []
    stopped = run_tasks(tasks(6, usage), kept.append, budget=budget)
    assert len(kept) == asked
    assert (stopped or "").startswith(said or "")
    assert (stopped is None) == (said is None)


def test_what_was_spent_before_counts_against_the_budget() -> None:
    spent, kept = Spent(usage=Usage(calls=5)), list[Record]()
    run_tasks(tasks(6), kept.append, budget=Budget(calls=6), spent=spent)
    assert len(kept) == 1


def test_a_record_that_cannot_be_kept_ends_the_run() -> None:
    def full(_: Record) -> None:
        raise OSError("No space left on device")

    with pytest.raises(OSError, match="No space left"):
        run_tasks(tasks(6), full)


def test_a_task_that_breaks_outside_its_record_ends_the_run_instead_of_hanging_it() -> None:
    def broken() -> Record:
        raise OverflowError("a date beyond the calendar")

    task = Task(key=Key("s", "default", "a", 0), ask=broken)
    with pytest.raises(OverflowError, match="beyond the calendar"):
        run_tasks([task], lambda record: None)
