"""Asking in a real browser: stop, clarify, refuse, edit and run, download, refresh, restart."""

import re
import signal
import socket
import subprocess
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from threading import Event, Thread

import pytest
from playwright.sync_api import Page, expect

from tests.browser.serving import (
    QUESTION_BOX,
    ask,
    expect_heading,
    open_page,
    served,
    settle,
    started,
)
from tests.demo import copied_demo

pytestmark = pytest.mark.timeout(600)
_MODEL_S = 240.0
"""So long a loaded machine may take to load a model's libraries and the first platform."""
_ENDLESS = (
    "SELECT max(a.distance * b.distance + c.distance) FROM gold.fct_flights a "
    "JOIN gold.fct_flights b ON a.origin = b.origin JOIN gold.fct_flights c ON b.origin = c.origin"
)
_UNPLANNED = "Tell me something about crosswinds and eagles"


@dataclass(frozen=True, kw_only=True)
class SilentModel:
    """A loopback port that takes calls, never answers, and notes when a caller hangs up."""

    port: int
    called: Event = field(default_factory=Event)
    hung_up: Event = field(default_factory=Event)

    def hold(self, listening: socket.socket) -> None:
        """Take every call that comes, until the port is closed."""
        with suppress(OSError):
            while True:
                call, _ = listening.accept()
                Thread(target=self._listen, args=(call,), daemon=True).start()

    def _listen(self, call: socket.socket) -> None:
        self.called.set()
        with call, suppress(OSError):
            while call.recv(2**16):
                pass
        self.hung_up.set()


@pytest.fixture(scope="module")
def silent_model() -> Iterator[SilentModel]:
    with socket.create_server(("127.0.0.1", 0), backlog=64) as listening:
        model = SilentModel(port=listening.getsockname()[1])
        Thread(target=model.hold, args=(listening,), daemon=True).start()
        yield model


@pytest.fixture(scope="module")
def slow_platform(
    silent_model: SilentModel, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Path]:
    """The demo platform with a model that never answers, so that a question stays open."""
    place = copied_demo(tmp_path_factory.mktemp("slow") / "demo")
    url = f"http://127.0.0.1:{silent_model.port}/v1"
    settings = place / "platform.toml"
    model = f'\n[model]\nname = "openai:silent"\nbase_url = "{url}"\n'
    settings.write_text(settings.read_text() + model)
    with pytest.MonkeyPatch.context() as environ:
        environ.setenv("OPENAI_API_KEY", "not-a-key")
        yield place


@pytest.fixture(scope="module")
def slow_app(slow_platform: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    with served(slow_platform, tmp_path_factory.mktemp("app") / "streamlit.log") as address:
        yield address


def _ask_without_waiting(page: Page, question: str) -> None:
    page.locator(QUESTION_BOX).fill(question)
    page.keyboard.press("Enter")


def test_a_reading_is_chosen_with_its_number(page: Page, app: str) -> None:
    open_page(page, app)
    ask(page, "average delay in June")
    page.get_by_role("button", name="Average departure delay: 20.8 minutes").click()
    expect_heading(page, 2, "Average departure delay in June")
    expect_heading(page, 3, re.compile(r"20\.8"))


def test_a_refusal_offers_a_question_that_is_answered(page: Page, app: str) -> None:
    open_page(page, app)
    ask(page, "how many passengers flew")
    expect_heading(page, 3, "No answer to this")
    expect(page.get_by_text("Whom to ask")).to_be_visible()
    page.get_by_role("button", name="Flights by month", exact=True).click()
    expect_heading(page, 3, re.compile("12 months"))


def test_edited_sql_runs_under_the_same_guard(page: Page, app: str) -> None:
    open_page(page, app)
    ask(page, "Flights by month")
    page.locator("summary", has_text="SQL").click()
    page.get_by_text("Edit", exact=True).click()
    editor = page.get_by_role("textbox", name="SQL")
    editor.fill("DELETE FROM gold.fct_flights")
    page.keyboard.press("Control+Enter")
    run = page.get_by_role("button", name="Run", exact=True)
    run.click()
    expect(page.get_by_text("Not run")).to_be_visible()
    editor.fill("SELECT carrier, count(*) AS n FROM gold.fct_flights GROUP BY ALL")
    page.keyboard.press("Control+Enter")
    run.click()
    expect(page.get_by_text("16 rows, edited by hand")).to_be_visible()
    expect(page.get_by_text("Not run")).to_be_hidden()


def test_an_edited_query_is_stopped(page: Page, app: str) -> None:
    open_page(page, app)
    ask(page, "Flights by month")
    page.locator("summary", has_text="SQL").click()
    page.get_by_text("Edit", exact=True).click()
    page.get_by_role("textbox", name="SQL").fill(_ENDLESS)
    page.keyboard.press("Control+Enter")
    page.get_by_role("button", name="Run", exact=True).click()
    page.get_by_role("button", name="Stop", exact=True).click()
    expect(page.get_by_text("Stopped before there was a result")).to_be_visible()
    expect(page.get_by_role("button", name="Run", exact=True)).to_be_enabled()


@pytest.mark.parametrize(
    ("label", "ending", "magic"),
    [
        ("CSV", "csv", b"metric_time__month,flights"),
        ("Parquet", "parquet", b"PAR1"),
        ("Excel, with the receipt", "xlsx", b"PK"),
    ],
)
def test_rows_are_taken_along(page: Page, app: str, label: str, ending: str, magic: bytes) -> None:
    open_page(page, app)
    ask(page, "Flights by month")
    page.get_by_role("button", name="Download", exact=True).click()
    with page.expect_download() as coming:
        page.get_by_role("button", name=label, exact=True).click()
    assert coming.value.suggested_filename == f"flights-by-month.{ending}"
    assert Path(coming.value.path()).read_bytes().startswith(magic)


def test_a_refresh_and_a_second_tab_show_the_same(page: Page, app: str) -> None:
    open_page(page, app)
    ask(page, "Flights by month")
    verdict = page.get_by_role("heading", level=3).inner_text()
    expect(page).to_have_url(re.compile(r"\?c=[0-9a-f]{12}"))
    page.reload()
    expect_heading(page, 3, verdict)
    second = page.context.new_page()
    second.goto(page.url)
    expect_heading(second, 3, verdict)
    expect(second.get_by_text("Also asked")).to_be_hidden()


def test_the_back_button_returns_to_the_conversation_before(page: Page, app: str) -> None:
    open_page(page, app)
    ask(page, "Flights by month")
    page.get_by_role("button", name="New question").click()
    expect_heading(page, 1, "Ask NYC flights")
    page.go_back()
    expect_heading(page, 2, "Flights by month")


def test_a_conversation_is_renamed_and_deleted(page: Page, app: str) -> None:
    open_page(page, app)
    ask(page, "Flights by month")
    settle(page)
    sidebar = page.get_by_test_id("stSidebar")
    title = page.get_by_role("textbox", name="Title")
    sidebar.get_by_role("button", name="Flights by month").click()
    title.fill("My own title")
    title.press("Enter")
    expect(sidebar.get_by_role("button", name="My own title")).to_be_visible()
    page.get_by_role("button", name="Delete", exact=True).click()
    expect_heading(page, 1, "Ask NYC flights")
    expect(sidebar.get_by_text("My own title")).to_be_hidden()


def test_stop_ends_the_question_and_a_second_one_is_kept(
    page: Page, slow_app: str, silent_model: SilentModel
) -> None:
    open_page(page, slow_app)
    _ask_without_waiting(page, _UNPLANNED)
    stop = page.get_by_role("button", name="Stop", exact=True)
    expect(stop).to_be_visible()
    _ask_without_waiting(page, "Flights by month")
    expect(page.get_by_text("One question at a time")).to_be_visible()
    page.reload()
    expect(stop).to_be_visible()
    assert silent_model.called.wait(_MODEL_S)
    assert not silent_model.hung_up.is_set()
    stop.click()
    expect(page.get_by_text("Stopped before there was an answer")).to_be_visible()
    assert silent_model.hung_up.wait(_MODEL_S)
    page.reload()
    expect(page.get_by_text("Stopped before there was an answer")).to_be_visible()


def test_a_killed_server_leaves_the_question_interrupted(
    page: Page, slow_platform: Path, tmp_path: Path
) -> None:
    first = started(slow_platform, tmp_path / "first.log")
    try:
        open_page(page, first.address)
        _ask_without_waiting(page, _UNPLANNED)
        stop = page.get_by_role("button", name="Stop", exact=True)
        expect(stop).to_be_visible()
        conversation = page.url.partition("?")[2]
    finally:
        _kill(first.process)
    with served(slow_platform, tmp_path / "second.log") as address:
        page.goto(f"{address}/?{conversation}")
        expect_heading(page, 2, _UNPLANNED)
        expect(page.get_by_text("Interrupted")).to_be_visible()
        expect(page.get_by_role("button", name="Ask again")).to_be_visible()


def _kill(server: "subprocess.Popen[bytes]") -> None:
    server.send_signal(signal.SIGKILL)
    server.wait()
