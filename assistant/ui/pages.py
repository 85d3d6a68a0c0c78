"""One run of the page: who looks, what they may see, and the page that the address names."""

from typing import Any

import streamlit as st

from assistant.errors import AssistantError
from assistant.ui.ask import ask_page
from assistant.ui.catalogue_page import catalogue_page
from assistant.ui.catalogue_parts import Places
from assistant.ui.document import CATALOGUE
from assistant.ui.frame import show_error, show_frame
from assistant.ui.identity import visitor_of
from assistant.ui.past import show_past
from assistant.ui.session import open_session
from assistant.ui.who import show_sign_in
from catalogue.errors import CatalogueError


def main() -> None:
    """Open the session and show the page that was asked for."""
    st.set_page_config(page_title="Ask the data platform", layout="centered")
    visitor = visitor_of(st.user.to_dict())
    if visitor.must_sign_in:
        show_sign_in(visitor)
        return
    try:
        session = open_session()
    except (AssistantError, CatalogueError) as error:
        show_error(error)
        return
    ask = st.Page(lambda: ask_page(session), title="Ask", default=True)
    catalogue: Any = st.Page(
        lambda: catalogue_page(session, Places(ask=ask, catalogue=catalogue)),
        title="Catalogue",
        url_path=CATALOGUE,
    )
    pages = [ask, catalogue]
    page = st.navigation(pages, position="hidden")
    show_frame(session, pages)
    page.run()
    # Last, so that a question that was just asked is on the list.
    show_past(session, ask)


main()
