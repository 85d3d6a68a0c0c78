"""The Ask page: an empty page that teaches, then question, verdict, trust, evidence, way on."""

import time
from typing import Any

import streamlit as st

from assistant.present.format import format_date
from assistant.present.phrases import plural
from assistant.ui.conversation import Conversation, Turn
from assistant.ui.escape import escape, quiet
from assistant.ui.examples import examples, latest_day
from assistant.ui.running import Busy, Running
from assistant.ui.session import Session
from assistant.ui.turn import show_outcome, show_question, summary

_AT_ONCE_S = 1.2
"""So long the page waits itself; most answers are there by then. After that it is redrawn."""
_LOOK_S = 0.04
_REDRAW_S = 0.4
_VERDICT_PX, _CHART_PX = 44, 320
"""About what an answer takes; its place is kept while it is worked on."""
_IN_VIEW, _KEPT = "in_view", "kept_question"


def ask_page(session: Session) -> None:
    """Draw the conversation that the address names, and take the next question."""
    with st.bottom:
        typed = st.chat_input(_placeholder(session), key="question")
    places = _Places()
    if question := (typed or session.take_pending()):
        _begin(session, question)
    conversation = session.conversation()
    if conversation.running is not None and not _answered_at_once(conversation, places):
        _show_running(conversation, places)
        return
    if conversation.running is not None:
        conversation = session.conversation()
    if conversation.turns:
        _show(session, conversation, places)
    else:
        with places.outcome.container():
            _show_empty(session)


class _Places:
    """The places of the page, the same in every run.

    Making one empties it at once: what stood there goes when the next question comes.
    """

    def __init__(self) -> None:
        self.question = st.empty()
        self.steps = st.empty()
        # Never emptied: a fragment that runs where its place is gone breaks the page.
        self.watch = st.container()
        self.outcome = st.empty()
        self.earlier = st.empty()


def _begin(session: Session, question: str) -> None:
    """Start on a question; one that comes while another is under way is kept for afterwards."""
    st.session_state.pop(_IN_VIEW, None)
    try:
        session.ask(question)
    except Busy:
        st.session_state[_KEPT] = question
    else:
        if st.session_state.get(_KEPT) == question:
            del st.session_state[_KEPT]


def _answered_at_once(conversation: Conversation, places: _Places) -> bool:
    """Wait a moment with the steps in one line; return whether the end came."""
    running = conversation.running
    assert running is not None
    with places.question:
        show_question(running.question)
    _keep_place(places)
    deadline, shown = time.monotonic() + _AT_ONCE_S, ""
    while not running.wait(_LOOK_S) and time.monotonic() < deadline:
        if running.step != shown:
            shown = running.step
            places.steps.caption(quiet(escape(shown)))
    places.steps.empty()
    return running.is_done


def _keep_place(places: _Places) -> None:
    with places.outcome.container():
        st.skeleton(height=_VERDICT_PX)
        st.skeleton(height=_CHART_PX)


def _show_running(conversation: Conversation, places: _Places) -> None:
    assert conversation.running is not None
    with places.watch:
        _watch(conversation.running)
    if kept := st.session_state.get(_KEPT):
        said = f"One question at a time. Kept until this one is answered: {kept}"
        with places.outcome.container():
            st.markdown(escape(said))


@st.fragment(run_every=_REDRAW_S)
def _watch(running: Running) -> None:
    """Draw the step and a way to stop, until the end comes; then the whole page."""
    if running.is_done:
        st.rerun()
    step = "Stopping" if running.is_stopping else running.step
    with st.container(horizontal=True, vertical_alignment="center", gap="medium"):
        st.caption(quiet(escape(step)), width="content")
        st.button("Stop", key="stop", on_click=running.stop, disabled=running.is_stopping)


def _show(session: Session, conversation: Conversation, places: _Places) -> None:
    """Draw the question in view, and those before it as a list."""
    turn = conversation.turn(st.session_state.get(_IN_VIEW))
    assert turn is not None
    with places.question:
        show_question(turn.question)
    with places.outcome.container():
        show_outcome(turn, session=session)
        _offer_kept(session)
    others = [each for each in reversed(conversation.turns) if each is not turn]
    if others:
        with places.earlier.container(gap=None):
            _show_others(others)


def _offer_kept(session: Session) -> None:
    """Offer the question that came while another was under way."""
    kept = st.session_state.get(_KEPT)
    if not kept:
        return
    st.caption(quiet("Asked meanwhile"))
    st.button(escape(kept), key="kept", on_click=_ask_kept, args=(session, kept))


def _ask_kept(session: Session, kept: str) -> None:
    st.session_state.pop(_KEPT, None)
    session.ask_next(kept)


def _show_others(turns: list[Turn]) -> None:
    st.caption(quiet("Also asked"))
    for turn in turns:
        st.button(
            escape(summary(turn)),
            key=f"also-{turn.id}",
            type="tertiary",
            on_click=_bring_into_view,
            args=(turn.id,),
        )


def _bring_into_view(turn_id: str) -> None:
    st.session_state[_IN_VIEW] = turn_id


def _placeholder(session: Session) -> str:
    labels = [metric.label.lower() for metric in session.catalogue.metrics[:2]]
    return f"Ask about {', '.join(labels)} …" if labels else "Ask a question"


def _show_empty(session: Session) -> None:
    catalogue = session.catalogue
    if session.conversation_id is not None:
        gone = "This conversation is not here: it was deleted, or belongs to another user or role."
        st.markdown(gone)
    st.title(escape(f"Ask {catalogue.name}"), anchor=False)
    metrics, tables = len(catalogue.metrics), len(catalogue.tables)
    held = f"{metrics:,} {plural('metric', metrics)} on {tables:,} {plural('table', tables)}"
    day = latest_day(catalogue)
    fresh = f", data to {format_date(day)}" if day else ""
    st.markdown(escape(f"{held}{fresh}. Every answer says how it was made and from what."))
    for group in examples(catalogue):
        count = f"{group.metrics:,} {plural('metric', group.metrics)}"
        st.caption(quiet(escape(f"{group.domain.capitalize()} · {count}")))
        _show_questions(session, group.questions, key=f"example-{group.domain}")


def _show_questions(session: Session, questions: Any, *, key: str) -> None:
    with st.container(horizontal=True, gap="small"):
        for question in questions:
            st.button(
                escape(question),
                key=f"{key}-{question}",
                on_click=session.ask_next,
                args=(question,),
            )
