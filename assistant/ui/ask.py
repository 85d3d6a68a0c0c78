"""The Ask page: an empty page that teaches, then question, verdict, trust, evidence, way on."""

from contextlib import closing
from typing import Any

import streamlit as st

from assistant.answer import Event
from assistant.errors import AssistantError, Cancelled
from assistant.present.format import format_date
from assistant.present.phrases import plural
from assistant.ui.escape import escape, quiet
from assistant.ui.examples import examples, latest_day
from assistant.ui.session import LOG, Session, Turn
from assistant.ui.turn import show_outcome, show_question, summary
from catalogue.errors import CatalogueError

_STEPS = {
    "search": "Looking through the catalogue",
    "draft": "Working out what is asked",
    "guard": "Checking the query",
    "run": "Running the query",
    "verify": "Checking the result",
}
_SETTLE_S = 1.0
_BROKEN = "Something broke here, not in the question. It is kept; the server's log says more."


def ask_page(session: Session) -> None:
    """Draw the question in view, and answer what is asked."""
    conversation = session.conversation
    with st.bottom:
        typed = st.chat_input(_placeholder(session), key="question", submit_mode="stop")
    question = typed or conversation.pending
    conversation.pending = None
    places = _Places()
    if question:
        _answer(session, question, places)
    elif conversation.turns:
        _show(session, places)
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


def _answer(session: Session, question: str, places: _Places) -> None:
    turn = session.conversation.begin(question)
    with places.question:
        show_question(question)
    with places.watch:
        _settle(turn)
    places.steps.caption(quiet(_STEPS["search"]))
    _follow(session, turn, places.steps)
    places.steps.empty()
    _show(session, places)


def _show(session: Session, places: _Places) -> None:
    """Draw the question in view, and those before it as a list."""
    conversation = session.conversation
    in_view = conversation.in_view
    turn = conversation.turns[in_view]
    with places.question:
        show_question(turn.question)
    with places.outcome.container():
        show_outcome(turn, key=f"turn-{in_view}", session=session)
    others = [place for place in reversed(range(len(conversation.turns))) if place != in_view]
    if not others:
        return
    with places.earlier.container(gap=None):
        st.caption(quiet("Also asked"))
        for place in others:
            st.button(
                escape(summary(conversation.turns[place])),
                key=f"also-{place}",
                type="tertiary",
                on_click=conversation.bring_into_view,
                args=(place,),
            )


@st.fragment(run_every=_SETTLE_S)
def _settle(turn: Turn) -> None:
    """Draw the page anew once the question is answered or stopped.

    A stop ends the run of the page on the spot: without this, the last step would stay on it.
    """
    if not turn.is_running:
        st.rerun()


def _follow(session: Session, turn: Turn, line: Any) -> None:
    """Show each step in one line until the answer is there; every event lets a stop through."""
    events = session.assistant.stream(
        turn.question,
        user=session.user,
        role=session.role,
        conversation=session.conversation.id,
    )
    try:
        with closing(events):  # type: ignore[type-var]
            for event in events:
                _take(session, turn, event)
                line.caption(quiet(escape(event.detail or _STEPS.get(event.stage, ""))))
    except Cancelled:
        LOG.info("stopped: %r", turn.question)
    except (AssistantError, CatalogueError) as error:
        turn.error = str(error)
    except Exception:  # whatever breaks, the page stays and the question is kept
        LOG.exception("could not answer %r", turn.question)
        turn.error = _BROKEN
    finally:
        turn.is_running = False


def _take(session: Session, turn: Turn, event: Event) -> None:
    if event.answer is not None:
        turn.answer = event.answer
        session.conversation.id = event.answer.conversation


def _placeholder(session: Session) -> str:
    labels = [metric.label.lower() for metric in session.catalogue.metrics[:3]]
    return f"Ask about {', '.join(labels)} …" if labels else "Ask a question"


def _show_empty(session: Session) -> None:
    catalogue = session.catalogue
    st.title(escape(f"Ask {catalogue.name}"), anchor=False)
    metrics, tables = len(catalogue.metrics), len(catalogue.tables)
    held = f"{metrics:,} {plural('metric', metrics)} on {tables:,} {plural('table', tables)}"
    day = latest_day(catalogue)
    fresh = f", data to {format_date(day)}" if day else ""
    st.markdown(escape(f"{held}{fresh}. Every answer says how it was made and from what."))
    for group in examples(catalogue):
        st.caption(quiet(escape(group.domain.capitalize())))
        with st.container(horizontal=True, gap="small"):
            for question in group.questions:
                st.button(
                    escape(question),
                    key=f"example-{group.domain}-{question}",
                    on_click=session.ask_next,
                    args=(question,),
                )
