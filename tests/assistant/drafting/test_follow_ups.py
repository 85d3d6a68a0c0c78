"""Questions that lead on are offered only where they are answered, on the demo platform."""

from collections.abc import Iterator

import pytest

from assistant import Assistant
from assistant.drafting.layout import laid_out
from tests.demo import demo_directory


@pytest.fixture(scope="module")
def assistant() -> Iterator[Assistant]:
    with Assistant.open(demo_directory()) as opened:
        yield opened


@pytest.mark.parametrize(
    "question",
    [
        "Which airline had the worst on-time rate in June 2013?",
        "Flights by month",
        "flights in May",
    ],
)
def test_what_is_offered_is_answered(assistant: Assistant, question: str) -> None:
    offered = assistant.follow_ups(assistant.ask(question))
    assert 1 <= len(offered) <= 3
    for next_question in offered:
        assert assistant.generate_sql(next_question).kind in ("metric", "verified")


def test_an_answer_without_a_metric_leads_nowhere(assistant: Assistant) -> None:
    assert assistant.follow_ups(assistant.ask("how many passengers flew")) == ()


def test_what_cannot_be_answered_is_told_from_what_can(assistant: Assistant) -> None:
    asked = ["Flights by month", "passengers by month"]
    assert assistant.answerable(asked) == ("Flights by month",)


def test_each_reading_has_a_question_that_keeps_the_rest(assistant: Assistant) -> None:
    asked_back = assistant.ask("average delay in June").clarification
    assert asked_back is not None
    assert [option.question for option in asked_back.options] == [
        "Average departure delay in June",
        "Average arrival delay in June",
    ]


def test_the_sql_shown_runs_again_under_the_guard(assistant: Assistant) -> None:
    answer = assistant.ask("flights in May")
    assert answer.drafted_sql is not None
    assert assistant.run(answer.drafted_sql).table == answer.table


def test_sql_that_cannot_be_laid_out_stays_as_it_is() -> None:
    assert laid_out("SELEC 'x") == "SELEC 'x"
