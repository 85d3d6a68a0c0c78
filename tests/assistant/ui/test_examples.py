"""Example questions come from what the catalogue can answer."""

from dataclasses import replace

from assistant.ui.examples import examples, filled_question, latest_day
from catalogue.model import Parameter, VerifiedQuery
from tests.assistant.present.samples import CATALOGUE, FLIGHTS

DATED = replace(CATALOGUE, tables=(replace(FLIGHTS, as_of="2013-12-31"),))
MONTHLY = VerifiedQuery(
    id="worst",
    questions=("Which airline had the worst on-time rate in {month}?",),
    parameters=(Parameter(name="month", type="period", grain="month"),),
    metric_query={"metrics": ["on_time_rate"]},
)


def test_periods_are_filled_with_the_last_one_of_the_data() -> None:
    question = filled_question(MONTHLY, DATED)
    assert question == "Which airline had the worst on-time rate in December 2013?"


def test_a_question_that_needs_a_value_is_not_offered() -> None:
    needy = replace(MONTHLY, parameters=(Parameter(name="month", type="value"),))
    assert filled_question(needy, DATED) is None


def test_verified_questions_come_first() -> None:
    shown = examples(replace(DATED, verified=(MONTHLY,)))
    assert shown[0].questions[0].startswith("Which airline")
    assert len(shown[0].questions) <= 3


def test_a_platform_without_data_has_no_day() -> None:
    assert latest_day(CATALOGUE) is None
