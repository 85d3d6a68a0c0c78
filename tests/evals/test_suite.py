"""Suite files: what is refused, and where the message points."""

from pathlib import Path

import pytest

from evals.errors import BadSuite
from evals.suite import SHIPPED, find_suite, load_suite

HEAD = "suite: s\nplatform: demo\ncases:\n"
GOOD = "  - {id: a, question: 'How many?', expect: answer, gold: {sql: SELECT 1}}\n"
BROKEN = {
    "not yaml": ("suite: [", None, "is not YAML"),
    "empty": ("", None, "is empty"),
    "a list": ("- a\n", 1, "must be a mapping"),
    "no cases": ("suite: s\nplatform: demo\ncases: []\n", 3, "at least 1 item"),
    "unknown key of the suite": (f"{HEAD}{GOOD}colour: red\n", 5, "colour: is no key here"),
    "unknown key of a case": (
        f"{HEAD}{GOOD}  - id: b\n    question: Why?\n    expect: refuse\n    gould: x\n",
        8,
        "case 'b': gould: is no key here",
    ),
    "a key twice": (
        f"{HEAD}  - id: a\n    question: q\n    question: r\n    expect: refuse\n",
        6,
        "'question' stands here twice",
    ),
    "an id twice": (f"{HEAD}{GOOD}{GOOD}", 5, "taken by an earlier case"),
    "an answer without gold": (
        f"{HEAD}  - {{id: a, question: q, expect: answer}}\n",
        4,
        "case 'a': a case that may be answered needs gold",
    ),
    "a refusal with gold": (
        f"{HEAD}  - {{id: a, question: q, expect: refuse, gold: {{sql: SELECT 1}}}}\n",
        4,
        "has no gold",
    ),
    "empty gold": (
        f"{HEAD}  - id: a\n    question: q\n    expect: answer\n    gold: {{}}\n",
        7,
        "gold needs sql, metric_query or both",
    ),
    "an unknown expectation": (
        f"{HEAD}  - {{id: a, question: q, expect: shrug}}\n",
        4,
        "'answer', 'clarify' or 'refuse'",
    ),
    "a metric query that is none": (
        f"{HEAD}  - id: a\n    question: q\n    expect: answer\n"
        "    gold:\n      metric_query: {metrics: [flights], groupby: [x]}\n",
        8,
        "'groupby' is no part of a metric query",
    ),
    "a misspelt key beside what it leaves missing": (
        f"{HEAD}  - id: a\n    question: q\n    expct: refuse\n",
        6,
        "case 'a': expct: is no key here; 'expect' is one.",
    ),
    "a number for text": (
        f"{HEAD}  - id: a\n    question: 5\n    expect: refuse\n",
        5,
        "case 'a': question: must be text, not 5.",
    ),
    "text for a number": (
        f"{HEAD}  - id: a\n    question: q\n    expect: refuse\n    tolerance: lots\n",
        7,
        "tolerance: must be a number, not 'lots'.",
    ),
    "a day that is none": (f"{HEAD}{GOOD}as_of: yesterday\n", 5, "as_of: must be a day such as"),
    "no id": (f"{HEAD}  - {{question: q, expect: refuse}}\n", 4, "case 'number 1': id"),
}


@pytest.mark.parametrize(("text", "line", "problem"), BROKEN.values(), ids=BROKEN.keys())
def test_a_broken_suite_is_refused_at_its_line(
    tmp_path: Path, text: str, line: int | None, problem: str
) -> None:
    path = tmp_path / "broken.yaml"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(BadSuite) as caught:
        load_suite(path)
    assert problem in str(caught.value)
    assert str(path) in str(caught.value)
    if line is not None:
        assert caught.value.line == line


def test_an_absent_suite_is_refused_and_the_shipped_ones_are_named(tmp_path: Path) -> None:
    with pytest.raises(BadSuite, match="nyc_flights"):
        load_suite(tmp_path / "absent.yaml")


def test_one_entry_may_stand_without_its_list(tmp_path: Path) -> None:
    path = tmp_path / "s.yaml"
    path.write_text(f"{HEAD}{GOOD}", encoding="utf-8")
    case = load_suite(path).cases[0]
    assert case.expect == ("answer",)
    assert case.gold is not None
    assert case.gold.sql == ("SELECT 1",)


def test_a_shipped_suite_is_found_by_its_name() -> None:
    assert find_suite("nyc_flights") == SHIPPED / "nyc_flights.yaml"
