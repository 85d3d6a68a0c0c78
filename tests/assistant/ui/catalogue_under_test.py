"""The Catalogue page on a stand-in assistant: what AppTest runs."""

from assistant.ui.catalogue_page import catalogue_page
from assistant.ui.session import open_session
from tests.assistant.ui.fakes import FakeAssistant

catalogue_page(open_session(FakeAssistant()))
