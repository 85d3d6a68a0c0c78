"""The asker's conversations in the sidebar: each a link; the one in view is renamed and deleted."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

import streamlit as st

from assistant.conversations import MOST_TITLE_CHARS
from assistant.journal import ConversationEntry
from assistant.ui.escape import escape, quiet
from assistant.ui.session import ADDRESS_KEY, Session

_MOST_SHOWN_CHARS, _MOST_CURRENT_CHARS = 34, 28
"""Of a title; the current one is bold and has an arrow behind it."""


def show_past(session: Session, ask: Any) -> None:
    """Draw the list: today's conversations, then earlier ones."""
    listed = session.conversations.listed()
    today = datetime.now().astimezone().date()
    of_today = [each for each in listed if each.asked_at.astimezone().date() == today]
    earlier = [each for each in listed if each not in of_today]
    with st.sidebar:
        _show_group("Today", of_today, session=session, ask=ask)
        _show_group("Earlier", earlier, session=session, ask=ask)


def _show_group(
    name: str, listed: Sequence[ConversationEntry], *, session: Session, ask: Any
) -> None:
    if not listed:
        return
    with st.container(gap="small", key=f"past-{name.lower()}"):
        st.caption(quiet(name))
        for each in listed:
            if each.id == session.conversation_id:
                _show_current(each, session=session)
            else:
                st.page_link(
                    ask, label=escape(_short(each.title)), query_params={ADDRESS_KEY: each.id}
                )


def _show_current(listed: ConversationEntry, *, session: Session) -> None:
    with st.popover(
        f"**{escape(_short(listed.title, _MOST_CURRENT_CHARS))}**",
        type="tertiary",
        width="stretch",
        key=f"conversation-{listed.id}",
    ):
        key = f"title-{listed.id}"
        st.session_state.setdefault(key, listed.title)

        def rename() -> None:
            session.conversations.rename(listed.id, st.session_state[key])

        def delete() -> None:
            session.conversations.delete(listed.id)
            session.start_anew()

        st.text_input("Title", key=key, max_chars=MOST_TITLE_CHARS, on_change=rename)
        st.button("Delete", key=f"delete-{listed.id}", on_click=delete)
        st.caption(quiet("Deleting forgets the answers. That they were asked stays on record."))


def _short(title: str, most: int = _MOST_SHOWN_CHARS) -> str:
    return title if len(title) <= most else f"{title[: most - 1].rstrip()}…"
