"""The Ask page on a stand-in assistant: what it shows and what it asks."""

import re
import time
from pathlib import Path
from typing import Any

import pytest
from streamlit.testing.v1 import AppTest

from tests.assistant.ui.fakes import FakeAssistant

PAGE = Path(__file__).with_name("page_under_test.py")


@pytest.fixture
def page() -> AppTest:
    return opened(FakeAssistant())


def opened(assistant: FakeAssistant) -> AppTest:
    page = AppTest.from_file(str(PAGE), default_timeout=30)
    page.session_state["fake"] = assistant
    page.run()
    assert not page.exception
    return page


def ask(page: AppTest, question: str) -> AppTest:
    return ended(page.chat_input[0].set_value(question).run())


def ended(page: AppTest) -> AppTest:
    """Look again, as the page does by itself, until the question is answered."""
    deadline = time.monotonic() + 30
    page.run()  # a question that ended while the page was drawn shows at the next look
    while any(button.key == "stop" for button in page.button):
        assert time.monotonic() < deadline
        time.sleep(0.1)
        page.run()
    page.run()
    assert not page.exception
    return page


def texts(elements: Any) -> list[str]:
    return [plain(element.value) for element in elements]


def plain(markdown: str) -> str:
    return re.sub(r"\\([!-/:-@\[-`{-~])", r"\1", markdown)


def test_the_empty_page_offers_questions_by_domain(page: AppTest) -> None:
    assert "Ask NYC flights" in page.title[0].value
    assert len(page.button) >= 3


@pytest.mark.parametrize("about", ["flights by month", "profit", "delay", "the model"])
def test_what_left_for_a_model_can_be_read_whatever_became_of_it(about: str) -> None:
    page = ask(opened(FakeAssistant(sends=("You turn one question ...", f"asked: {about}"))), about)
    assert f"asked: {about}" in [block.value for block in page.code]
    quiet = ask(opened(FakeAssistant()), about)
    assert not any("asked:" in block.value for block in quiet.code)


def test_an_example_is_asked_when_clicked(page: AppTest) -> None:
    button = next(button for button in page.button if "by month" in button.label)
    ended(button.click().run())
    assert page.session_state["fake"].asked[0]["question"] == "Flights by month"
    assert "6 months" in page.subheader[0].value


def test_the_verdict_stands_first_and_largest(page: AppTest) -> None:
    ask(page, "Which airline had the worst on-time rate in June?")
    assert texts(page.subheader) == ["ExpressJet Airlines Inc., 54.3\u202f%"]
    assert any("the lowest of 5 airlines" in text for text in texts(page.markdown))


def test_the_trust_strip_is_in_words(page: AppTest) -> None:
    ask(page, "Which airline had the worst on-time rate in June?")
    strip = plain(page.expander[0].label)
    assert "gold" in strip
    assert "data to 31 December 2013" in strip
    assert "caution" in strip


def test_one_warning_stands_unfolded(page: AppTest) -> None:
    ask(page, "Which airline had the worst on-time rate in June?")
    assert any("1,234 tail numbers name no aircraft" in text for text in texts(page.markdown))


def test_table_receipt_and_sql_are_folded(page: AppTest) -> None:
    ask(page, "Which airline had the worst on-time rate in June?")
    labels = [each.label for each in page.expander]
    assert plain(labels[0]).startswith("✓ Approved metric")
    assert labels[1:] == ["Table, 1 row", "SQL"]
    assert page.code[0].value == "SELECT 1"


def test_a_refusal_says_what_is_missing_and_offers_what_is_there(page: AppTest) -> None:
    ask(page, "what is the profit")
    assert any("No data on profit" in text for text in texts(page.markdown))
    near = next(button for button in page.button if str(button.key).startswith("near-"))
    near.click().run()
    assert page.session_state["fake"].asked[-1]["question"] == "Flights by month"


def test_readings_are_buttons_with_their_numbers(page: AppTest) -> None:
    ask(page, "delay")
    labels = [
        plain(button.label) for button in page.button if str(button.key).startswith("option-")
    ]
    assert labels == ["Average departure delay: 12.6", "Average arrival delay: 6.90"]


def test_an_unreachable_model_is_said_in_one_sentence_and_can_be_asked_again(page: AppTest) -> None:
    ask(page, "ask the model")
    assert any("did not answer within 30 s" in text for text in texts(page.markdown))
    again = next(button for button in page.button if str(button.key).startswith("again-"))
    again.click().run()
    assert len(page.session_state["fake"].asked) == 2


def test_the_conversation_goes_on_under_one_id(page: AppTest) -> None:
    ask(page, "flights by month")
    ask(page, "worst airline")
    first, second = [each["conversation"] for each in page.session_state["fake"].asked]
    assert first == second == "".join(page.query_params["c"])
    assert texts(page.header) == [":gray[worst airline]"]


def test_what_was_asked_before_can_be_brought_back(page: AppTest) -> None:
    ask(page, "flights by month")
    ask(page, "worst airline")
    before = next(button for button in page.button if str(button.key).startswith("also-"))
    assert plain(before.label) == "flights by month 6 months, 24,951 to 28,834 flights"
    before.click().run()
    assert texts(page.header) == [":gray[flights by month]"]
    assert len(page.session_state["fake"].asked) == 2


def test_a_new_question_starts_a_new_conversation(page: AppTest) -> None:
    ask(page, "flights by month")
    next(button for button in page.button if button.label == "New question").click().run()
    assert page.title[0].value == "Ask NYC flights"


def test_one_role_needs_no_selector(page: AppTest) -> None:
    assert not page.selectbox


def test_a_chosen_role_is_the_one_that_asks() -> None:
    page = opened(FakeAssistant(choices=("analyst", "steward")))
    page.selectbox[0].select("steward").run()
    ask(page, "flights by month")
    assert page.session_state["fake"].asked[0]["role"] == "steward"


@pytest.mark.parametrize("text", ["<b>x</b>", "![](http://e.org/a.png)", ":red[x]", "$x$"])
def test_what_is_asked_is_shown_as_text(page: AppTest, text: str) -> None:
    ask(page, f"{text} by month")
    shown = page.header[0].value
    assert text not in shown
    assert not page.get("html")[1:]


def test_an_open_question_without_its_server_is_interrupted() -> None:
    assistant = FakeAssistant()
    assistant.journal.open(
        "flights by month", user=None, role="reader", conversation="abc", grant_key="g"
    )
    page = AppTest.from_file(str(PAGE), default_timeout=30)
    page.session_state["fake"] = assistant
    page.query_params["c"] = "abc"
    page.run()
    assert any("Interrupted" in text for text in texts(page.markdown))
    ended(next(button for button in page.button if button.label == "Ask again").click().run())
    assert "6 months" in page.subheader[0].value


def test_an_unknown_conversation_is_said_to_be_gone() -> None:
    page = AppTest.from_file(str(PAGE), default_timeout=30)
    page.session_state["fake"] = FakeAssistant()
    page.query_params["c"] = "unknown"
    page.run()
    assert any("This conversation is not here" in text for text in texts(page.markdown))


def test_what_leads_on_can_be_asked(page: AppTest) -> None:
    ask(page, "flights by month")
    onward = next(button for button in page.button if str(button.key).startswith("next-"))
    ended(onward.click().run())
    assert page.session_state["fake"].asked[-1]["question"] == "Flights by airline"


def test_a_suggestion_that_cannot_be_answered_is_not_offered(page: AppTest) -> None:
    ask(page, "what is the profit")
    near = [plain(b.label) for b in page.button if str(b.key).startswith("near-")]
    assert near == ["Flights by month"]


def test_a_question_while_one_runs_is_kept_and_asked_once(page: AppTest) -> None:
    page.session_state["fake"].step_s = 1.5
    page.chat_input[0].set_value("flights by month").run()
    page.chat_input[0].set_value("worst airline").run()
    assert any("One question at a time" in text for text in texts(page.markdown))
    ended(page)
    assert [each["question"] for each in page.session_state["fake"].asked] == ["flights by month"]
    ended(next(button for button in page.button if button.key == "kept").click().run())
    assert len(page.session_state["fake"].asked) == 2


def test_stop_ends_the_question_and_says_so(page: AppTest) -> None:
    page.session_state["fake"].step_s = 2.0
    page.chat_input[0].set_value("flights by month").run()
    ended(next(button for button in page.button if button.key == "stop").click().run())
    assert any("Stopped before there was an answer" in text for text in texts(page.markdown))
