"""The trust strip: words first."""

from dataclasses import replace

import pytest

from assistant.answer import Answer, Finding, Kind
from assistant.ui.trust import gravest, made_how, readable_dates, trust_strip
from catalogue.model import Health
from tests.assistant.ui.fakes import RECEIPT

ANSWER = Answer(question="q", kind="metric", text="t", receipt=RECEIPT, conversation="c")


@pytest.mark.parametrize(
    ("kind", "governed", "words"),
    [
        ("metric", True, "✓ Approved metric"),
        ("metric", False, "○ Ungoverned"),
        ("verified", True, "◇ Verified query"),
        ("generated", False, "△ Generated SQL"),
    ],
)
def test_how_it_was_made_is_said_first(kind: Kind, governed: bool, words: str) -> None:
    answer = replace(ANSWER, kind=kind, receipt=replace(RECEIPT, governed=governed))
    assert made_how(answer) == words


@pytest.mark.parametrize("health", ["healthy", "caution", "unhealthy"])
def test_health_is_a_word_with_a_colour(health: Health) -> None:
    strip = trust_strip(replace(ANSWER, receipt=replace(RECEIPT, health=health)))
    assert f"\u00a0{health}]" in strip


def test_confidence_stands_in_the_strip() -> None:
    assert trust_strip(ANSWER).endswith(" · high confidence")


def test_dates_in_sentences_are_readable() -> None:
    assert readable_dates("4 rows (2026-11-25).") == "4 rows (25\u00a0November\u00a02026)."
    assert readable_dates("code 2026-99-25") == "code 2026-99-25"


def test_the_gravest_finding_stands_unfolded() -> None:
    info = Finding(level="info", code="a", message="a")
    warning = Finding(level="warning", code="b", message="b")
    error = Finding(level="error", code="c", message="c")
    assert gravest([info, warning, error]) is error
    assert gravest([info]) is None
