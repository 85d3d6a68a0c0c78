"""What stands around every page: the platform's name, the way between pages, the asker's role."""

from collections.abc import Sequence
from typing import Any

import streamlit as st

from assistant.present.format import format_date
from assistant.ui.escape import escape, quiet
from assistant.ui.examples import latest_day
from assistant.ui.session import Session
from assistant.ui.who import show_who


def show_frame(session: Session, pages: Sequence[Any]) -> None:
    """Draw the sidebar."""
    catalogue = session.catalogue
    with st.sidebar:
        day = latest_day(catalogue)
        with st.container(gap=None):
            st.markdown(f"**{escape(catalogue.name)}**")
            if day:
                st.caption(quiet(escape(f"Data to {format_date(day)}")))
        st.button("New question", on_click=session.start_anew, width="stretch")
        for page in pages:
            st.page_link(page)
        show_who(session)


def show_error(error: Exception) -> None:
    """Say why there is no page, and what to do."""
    st.title("This page cannot open", anchor=False)
    st.markdown(escape(str(error)))
