"""Who looks at the page, by Streamlit's sign-in (OpenID Connect), and who must not without one.

Without a sign-in the asker is nobody: the policy's default role, on this machine only.
"""

from collections.abc import Mapping
from dataclasses import dataclass

from assistant.errors import BadSettings

_VOUCHING = ("email_verified", "xms_edov")
"""Claims that say the address is the person's; the second is Microsoft Entra's own."""


@dataclass(frozen=True, kw_only=True)
class Visitor:
    """Whoever has opened the page."""

    user: str | None = None
    """The address that the sign-in vouches for: the name in the policy."""
    can_sign_in: bool = False
    """True where a sign-in is configured; then nobody passes without one."""
    is_signed_in: bool = False

    @property
    def must_sign_in(self) -> bool:
        return self.can_sign_in and self.user is None


def visitor_of(claims: Mapping[str, object]) -> Visitor:
    """Read what Streamlit says of the visitor.

    It says `is_logged_in` only where a sign-in is configured; without it no other claim counts,
    and an address that the provider does not vouch for is none: in some, people write their own.
    """
    is_signed_in = claims.get("is_logged_in") is True
    email = claims.get("email")
    is_vouched = is_signed_in and any(claims.get(claim) is True for claim in _VOUCHING)
    return Visitor(
        user=email if is_vouched and isinstance(email, str) and email else None,
        can_sign_in="is_logged_in" in claims,
        is_signed_in=is_signed_in,
    )


def refuse_unsafe(visitor: Visitor, *, has_policy: bool, any_role: bool) -> None:
    """Raise BadSettings where others could reach data without saying who they are.

    For a page that listens beyond this machine: `assistant serve` refuses before it listens, this
    holds however the page was started.
    """
    if any_role or not visitor.can_sign_in or not has_policy:
        raise BadSettings(
            "This page listens beyond this machine without a policy and a sign-in, or lets "
            "everyone choose any role. Start it with `assistant serve`, which says what is missing."
        )
