"""The Ask page on a stand-in assistant: what AppTest runs."""

from typing import Any

import streamlit as st

from assistant.ui.ask import ask_page
from assistant.ui.frame import show_frame
from assistant.ui.past import show_past
from assistant.ui.session import open_session
from tests.assistant.ui.fakes import FakeAssistant

session = open_session(st.session_state.setdefault("fake", FakeAssistant()))
ask: Any = st.Page(lambda: ask_page(session), title="Ask", default=True)
page = st.navigation([ask], position="hidden")
show_frame(session, [ask])
page.run()
show_past(session, ask)
