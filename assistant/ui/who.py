"""Draws who asks: the sign-in page, the signed-in user with the way out, and the roles to take."""

from collections.abc import Mapping, Sequence

import streamlit as st

from assistant.ui.escape import escape, quiet
from assistant.ui.identity import Visitor
from assistant.ui.session import Session


def show_sign_in(visitor: Visitor) -> None:
    """Draw the one page there is for those who have not signed in."""
    st.title("Sign in", anchor=False)
    if visitor.is_signed_in:
        st.markdown("This account has no verified address, and only such an address has a role.")
        st.button("Use another account", on_click=st.logout)
        return
    st.markdown("This platform answers people it knows.")
    for provider in providers():
        name = f"Sign in with {provider}" if provider else "Sign in"
        st.button(escape(name), key=f"sign-in-{provider}", on_click=st.login, args=(provider,))


def providers() -> Sequence[str | None]:
    """Return the configured providers by name; None is the one without a name."""
    auth = st.secrets.get("auth", {})
    named = [
        name for name, value in auth.items() if isinstance(value, Mapping) and "client_id" in value
    ]
    return [None, *named] if "client_id" in auth else named


def show_who(session: Session) -> None:
    """Draw the role to ask under, where there is a choice, and who is signed in."""
    if len(session.roles) > 1:
        st.selectbox(
            "Role",
            session.roles,
            index=session.roles.index(session.role) if session.role else 0,
            key="role",
            on_change=session.start_anew,
        )
    if session.user:
        role = f" · {session.role}" if session.role and len(session.roles) == 1 else ""
        st.caption(quiet(escape(f"{session.user}{role}")))
        st.button("Sign out", on_click=st.logout, type="tertiary")
