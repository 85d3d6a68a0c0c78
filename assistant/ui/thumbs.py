"""Thumbs on an answer, with a reason where the asker gives one."""

import streamlit as st

from assistant.journal import Thumb
from assistant.ui.conversation import Turn
from assistant.ui.session import Session

_PLACES: dict[Thumb, int] = {"down": 0, "up": 1}
_THUMBS: dict[int, Thumb] = {place: thumb for thumb, place in _PLACES.items()}
_MOST_CHARS = 500


@st.fragment
def show_thumbs(turn: Turn, *, session: Session) -> None:
    """Draw both thumbs and, once one is chosen, a line for the reason."""
    key, reason_key = f"thumb-{turn.id}", f"reason-{turn.id}"
    if turn.thumb:
        st.session_state.setdefault(key, _PLACES[turn.thumb])
    st.session_state.setdefault(reason_key, turn.thumb_reason)

    def keep() -> None:
        chosen = st.session_state.get(key)
        thumb = None if chosen is None else _THUMBS[chosen]
        reason = st.session_state.get(reason_key) or ""
        session.conversations.rate(turn.id, thumb, reason)

    with st.container(horizontal=True, vertical_alignment="center", width="content"):
        chosen = st.feedback("thumbs", key=key, on_change=keep)
        if chosen is not None:
            st.text_input(
                "Reason",
                key=reason_key,
                placeholder="Kept. Why? (optional)",
                label_visibility="collapsed",
                max_chars=_MOST_CHARS,
                on_change=keep,
                width=260,
            )
