"""The Catalogue page on a stand-in assistant: what AppTest runs."""

from typing import Any

import streamlit as st

from assistant.ui.catalogue_page import catalogue_page
from assistant.ui.catalogue_parts import Places
from assistant.ui.session import open_session
from tests.assistant.ui.fakes import FakeAssistant

session = open_session(st.session_state.setdefault("fake", FakeAssistant()))


def ask_page() -> None:
    """Say what was to be asked."""
    st.title(str(session.take_pending()))


ask = st.Page(ask_page, title="Ask", url_path="ask")
catalogue: Any = st.Page(
    lambda: catalogue_page(session, Places(ask=ask, catalogue=catalogue)),
    title="Catalogue",
    default=True,
)
st.navigation([catalogue, ask], position="hidden").run()
