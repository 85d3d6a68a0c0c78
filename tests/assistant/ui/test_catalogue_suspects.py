"""What looks personal is confirmed or cleared on its table's page, and waits for the rebuild."""

import re
from dataclasses import replace

from streamlit.testing.v1 import AppTest

from catalogue.model import Column, Suspicion
from catalogue.readers.overlay import read_overlay
from tests.assistant.present.samples import CATALOGUE, FLIGHTS
from tests.assistant.ui.fakes import FakeAssistant
from tests.assistant.ui.test_catalogue_page import headers, opened, texts

WHY = "100% of 200 sampled values look like e-mail addresses"
SUSPECTED = Column(
    name="c17",
    data_type="VARCHAR",
    suspicion=Suspicion(kind="email", why=WHY, confidence=0.9),
)
TABLE = replace(FLIGHTS, columns=(*FLIGHTS.columns, SUSPECTED))
SHOWN = replace(CATALOGUE, tables=(TABLE,))


def table_page(fake: FakeAssistant) -> AppTest:
    return opened({"table": TABLE.full_name}, fake)


def decided(label: str) -> tuple[FakeAssistant, AppTest, str | None]:
    fake = FakeAssistant(catalogue_shown=SHOWN)
    page = table_page(fake)
    assert WHY in texts(page.markdown)
    next(each for each in page.button if each.label == label).click().run()
    assert not page.exception
    notes = read_overlay(fake.place / "catalogue.yaml")
    return fake, page, notes.tables[TABLE.full_name].columns["c17"].classification


def test_a_suspected_column_is_confirmed() -> None:
    _, page, classification = decided("Confirm personal")
    assert classification == "personal"
    assert "Said to be personal. The catalogue is being rebuilt" in texts(page.markdown)
    assert not [each for each in page.button if each.label == "Not personal"]


def test_a_suspected_column_is_cleared() -> None:
    _, page, classification = decided("Not personal")
    assert classification == "internal"
    assert "Said to be not personal" in texts(page.markdown)


def test_once_rebuilt_nothing_waits_any_more() -> None:
    fake, page, _ = decided("Not personal")
    settled = replace(SUSPECTED, classification="internal")
    table = replace(FLIGHTS, columns=(*FLIGHTS.columns, settled))
    fake.catalogue_shown = replace(CATALOGUE, tables=(table,))
    page.run()
    assert not page.exception
    assert "Looks personal" not in headers(page)


def test_who_may_not_say_is_not_asked() -> None:
    page = table_page(FakeAssistant(catalogue_shown=replace(CATALOGUE, tables=(FLIGHTS,))))
    assert "Looks personal" not in headers(page)
    assert not re.search("personal", texts(page.markdown))
