"""The Ask page on a stand-in assistant: what AppTest runs."""

import streamlit as st

from assistant.ui.ask import ask_page
from assistant.ui.frame import show_frame
from assistant.ui.session import open_session
from tests.assistant.ui.fakes import FakeAssistant

assistant = st.session_state.setdefault("fake", FakeAssistant())
session = open_session(assistant)
show_frame(session, [])
ask_page(session)
