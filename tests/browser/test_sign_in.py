"""Signing in for real: the page beyond this machine, against a provider of OpenID Connect."""

import re
import sys
from collections.abc import Iterator

import pytest
from playwright.sync_api import Page, expect

from tests.browser.provider import CLIENT_ID, CLIENT_SECRET, Claims, Provider, provided
from tests.browser.serving import QUESTION_BOX, ask, expect_heading, free_port, stop, waited_for
from tests.demo import copied_demo

pytestmark = pytest.mark.timeout(300)

ANNA, PAULA, GUEST = "anna@example.org", "paula@example.org", "guest@example.org"
UNVERIFIED, SILENT = "unverified", "silent"
ACCOUNTS: dict[str, Claims] = {
    **{name: {"email": name, "email_verified": True} for name in (ANNA, PAULA, GUEST)},
    UNVERIFIED: {"email": ANNA, "email_verified": False},
    SILENT: {"email": ANNA},
}


@pytest.fixture(scope="module")
def provider() -> Iterator[Provider]:
    with provided(ACCOUNTS) as running:
        yield running


@pytest.fixture(scope="module")
def guarded(provider: Provider, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The demo as `assistant serve --host 0.0.0.0` serves it, with its policy and a sign-in."""
    place = tmp_path_factory.mktemp("guarded")
    platform = copied_demo(place / "demo")
    secrets = platform / ".streamlit" / "secrets.toml"
    secrets.parent.mkdir()
    secrets.write_text(
        "[auth]\n"
        'redirect_uri = "http://127.0.0.1:{port}/oauth2callback"\n'
        'cookie_secret = "of no use outside this test, and long enough"\n'
        f'client_id = "{CLIENT_ID}"\n'
        f'client_secret = "{CLIENT_SECRET}"\n'
        f'server_metadata_url = "{provider.issuer}/.well-known/openid-configuration"\n'
    )
    port = free_port()
    command = [sys.executable, "-m", "assistant", "--platform", str(platform)]
    command += ["serve", "--host", "0.0.0.0", "--port", str(port)]
    server = waited_for(command, port, place / "streamlit.log")
    try:
        yield server.address
    finally:
        stop(server.process)


def sign_in(page: Page, address: str, account: str) -> None:
    page.goto(address)
    page.get_by_role("button", name="Sign in", exact=True).click()
    page.get_by_role("link", name=account, exact=True).click()


def said_to_be(account: str, role: str = "") -> re.Pattern[str]:
    """The line that names the user; its address is kept from being a link by a word joiner."""
    address = account.replace("@", "\u2060?@")
    return re.compile(f"^{address} · {role}$" if role else f"^{address}$")


@pytest.mark.parametrize(
    "address",
    [
        "",
        "catalogue",
        "catalogue?table=gold.fct_flights",
        "catalogue?metric=on_time_rate",
        "?c=0a1b2c",
    ],
)
def test_without_signing_in_there_is_no_page(page: Page, guarded: str, address: str) -> None:
    page.goto(f"{guarded}/{address}")
    expect_heading(page, 1, "Sign in")
    expect(page.get_by_role("button")).to_have_text(["Sign in"])
    expect(page.locator(QUESTION_BOX)).to_have_count(0)
    assert "NYC flights" not in page.content()


def test_the_role_switch_offers_the_users_own_roles(page: Page, guarded: str) -> None:
    sign_in(page, guarded, ANNA)
    expect(page.get_by_text(said_to_be(ANNA))).to_be_visible()
    page.get_by_role("combobox", name="Role").click()
    expect(page.get_by_role("option")).to_have_text(["analyst", "steward"])


@pytest.mark.parametrize(
    ("account", "role", "flights"), [(PAULA, "partner", "58,665"), (GUEST, "analyst", "336,776")]
)
def test_an_answer_is_the_users_own(
    page: Page, guarded: str, account: str, role: str, flights: str
) -> None:
    sign_in(page, guarded, account)
    expect(page.get_by_text(said_to_be(account, role))).to_be_visible()
    expect(page.get_by_role("combobox", name="Role")).to_have_count(0)
    ask(page, "How many flights were there in 2013?")
    expect_heading(page, 3, re.compile(re.escape(flights)))


def test_a_conversation_is_its_users_own(page: Page, guarded: str) -> None:
    sign_in(page, guarded, ANNA)
    ask(page, "Flights by month")
    expect(page).to_have_url(re.compile(r"\?c="))
    conversation = page.url
    page.get_by_role("button", name="Sign out").click()
    expect_heading(page, 1, "Sign in")
    sign_in(page, guarded, GUEST)
    expect(page.get_by_text(said_to_be(GUEST, "analyst"))).to_be_visible()
    page.goto(conversation)
    expect(page.get_by_text("This conversation is not here")).to_be_visible()
    expect(page.get_by_test_id("stSidebar").get_by_text("Flights by month")).to_have_count(0)


@pytest.mark.parametrize("account", [UNVERIFIED, SILENT])
def test_an_address_that_nobody_vouches_for_is_none(page: Page, guarded: str, account: str) -> None:
    sign_in(page, guarded, account)
    expect(page.get_by_text("This account has no verified address")).to_be_visible()
    expect(page.locator(QUESTION_BOX)).to_have_count(0)
    page.get_by_role("button", name="Use another account").click()
    expect_heading(page, 1, "Sign in")
