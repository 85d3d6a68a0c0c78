"""The Catalogue page: a list narrowed by what is typed, and a page for each table and metric."""

import re
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from streamlit.testing.v1 import AppTest

from catalogue.model import Column, ColumnProfile, Evidence
from tests.assistant.present.samples import CATALOGUE, FLIGHTS
from tests.assistant.ui.fakes import FakeAssistant

PAGE = Path(__file__).with_name("catalogue_under_test.py")
EVIL = "<b>x</b> [a](http://e.org) ![p](http://e.org/p.png) :red[y] https://e.org"
CARRIER = Column(
    name="carrier",
    data_type="VARCHAR",
    description="Code of the airline.",
    profile=ColumnProfile(nulls=10, distinct=2, top_values=(("UA", 60), ("DL", 30))),
)
FULL = replace(
    CATALOGUE,
    tables=(
        replace(
            FLIGHTS,
            description=EVIL,
            owner="ops@example.org",
            row_count=100,
            as_of="2013-12-31",
            columns=(*FLIGHTS.columns, CARRIER),
        ),
        replace(FLIGHTS, name="agg_daily", upstream=("gold.fct_flights",)),
    ),
    evidence={"gold.fct_flights": Evidence(health="unhealthy", reasons=("A test fails: 3 rows.",))},
)


def opened(query: dict[str, str] | None = None, fake: FakeAssistant | None = None) -> AppTest:
    page = AppTest.from_file(str(PAGE), default_timeout=30)
    page.session_state["fake"] = fake or FakeAssistant(catalogue_shown=FULL)
    for name, value in (query or {}).items():
        page.query_params[name] = value
    page.run()
    assert not page.exception
    return page


def headers(page: AppTest) -> list[str]:
    return [header.value for header in page.header]


def texts(elements: Any) -> str:
    joined = "\n".join(element.value for element in elements)
    return re.sub(r"\\([!-/:-@\[-`{-~])", r"\1", joined)


def test_everything_is_listed_at_first() -> None:
    assert headers(opened()) == ["Metrics, 6", "Tables, 2"]


def test_words_narrow_the_list() -> None:
    page = opened()
    page.text_input[0].set_value("on-time").run()
    assert headers(page) == ["Metrics, 1"]


def test_a_column_leads_to_its_table() -> None:
    page = opened()
    page.text_input[0].set_value("carrier").run()
    assert headers(page) == ["Tables, 1"]
    assert "Column `carrier`" in texts(page.caption)


def test_nothing_found_is_said() -> None:
    page = opened()
    page.text_input[0].set_value("profit").run()
    assert not page.header
    assert "Nothing here is called" in texts(page.markdown)


def test_what_is_close_in_meaning_is_offered_where_no_word_fits() -> None:
    page = opened()
    page.text_input[0].set_value("tardy").run()
    assert headers(page) == ["Metrics, 1"]
    assert "Close in meaning" in texts(page.caption)


def test_a_table_has_an_address() -> None:
    page = opened({"table": "gold.fct_flights"})
    assert texts(page.title) == "gold.fct_flights"
    shown = texts(page.markdown) + texts(page.caption)
    for words in ("unhealthy", "A test fails: 3 rows.", "31 December 2013", "100"):
        assert words in shown
    assert headers(page)[-2:] == ["Lineage", "Metrics on it, 6"]


def test_a_metric_has_an_address_and_its_trend_is_asked_for_under_the_role() -> None:
    fake = FakeAssistant(catalogue_shown=FULL)
    page = opened({"metric": "flights"}, fake)
    assert texts(page.title) == "Flights"
    assert fake.ran == [("SELECT flights", "reader")]
    assert any(button.label == "Flights by month" for button in page.button)


def test_a_question_on_a_metric_is_asked_on_the_ask_page() -> None:
    page = opened({"metric": "flights"})
    next(button for button in page.button if button.label == "Flights by month").click().run()
    assert texts(page.title) == "Flights by month"


@pytest.mark.parametrize("query", [{"table": "bronze.secret"}, {"metric": "secret_rate"}])
def test_what_the_role_does_not_hold_is_not_there(query: dict[str, str]) -> None:
    page = opened(query)
    assert texts(page.title) == "Not in this catalogue"
    assert not page.header


@pytest.mark.parametrize("query", [{}, {"table": "gold.fct_flights"}])
def test_text_of_the_catalogue_is_shown_as_it_is(query: dict[str, str]) -> None:
    page = opened(query)
    shown = "\n".join(element.value for element in (*page.markdown, *page.caption))
    assert "<b>" not in shown
    assert "](http" not in shown
    assert ":red[y" not in shown
    assert "https://e.org" not in shown.replace("\\", "")
