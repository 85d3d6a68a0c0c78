"""Who looks at the page, and who must not."""

from typing import Any

import pytest

from assistant.errors import BadSettings
from assistant.loopback import is_loopback
from assistant.ui.identity import Visitor, refuse_unsafe, visitor_of

ANNA = {"is_logged_in": True, "email": "anna@example.org", "email_verified": True}


def test_the_signed_in_address_is_the_user() -> None:
    assert visitor_of(ANNA).user == "anna@example.org"
    assert not visitor_of(ANNA).must_sign_in


@pytest.mark.parametrize(
    "claims",
    [
        {"email": "anna@example.org"},
        {**ANNA, "is_logged_in": False},
        {**ANNA, "email_verified": False},
        {**ANNA, "email_verified": "false"},
        {"is_logged_in": True, "email": "anna@example.org"},
        {**ANNA, "email": ["anna@example.org"]},
        {**ANNA, "email": ""},
    ],
    ids=[
        "no sign-in configured",
        "signed out",
        "unverified",
        "unverified text",
        "unsaid",
        "list",
        "empty",
    ],
)
def test_what_nobody_vouches_for_is_no_user(claims: dict[str, Any]) -> None:
    assert visitor_of(claims).user is None


def test_entra_vouches_in_words_of_its_own() -> None:
    claims = {"is_logged_in": True, "email": "anna@example.org", "xms_edov": True}
    assert visitor_of(claims).user == "anna@example.org"


def test_without_a_sign_in_nobody_has_to_use_one() -> None:
    assert not visitor_of({}).must_sign_in


def test_with_a_sign_in_everybody_has_to_use_it() -> None:
    assert visitor_of({"is_logged_in": False}).must_sign_in


@pytest.mark.parametrize("address", ["127.0.0.1", "localhost", "::1"])
def test_this_machine_is_loopback(address: str) -> None:
    assert is_loopback(address)


@pytest.mark.parametrize("address", [None, "", "0.0.0.0", "example.org", "::"])
def test_everything_else_is_not(address: str | None) -> None:
    assert not is_loopback(address)


@pytest.mark.parametrize(
    ("can_sign_in", "has_policy", "any_role"),
    [(False, True, False), (True, False, False), (True, True, True)],
)
def test_beyond_this_machine_policy_and_sign_in_are_needed(
    can_sign_in: bool, has_policy: bool, any_role: bool
) -> None:
    with pytest.raises(BadSettings, match="beyond this machine"):
        refuse_unsafe(Visitor(can_sign_in=can_sign_in), has_policy=has_policy, any_role=any_role)


def test_with_both_the_page_opens() -> None:
    refuse_unsafe(Visitor(can_sign_in=True), has_policy=True, any_role=False)
