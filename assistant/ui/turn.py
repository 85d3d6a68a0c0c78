"""One question and what became of it: verdict, trust, evidence, way on; in that order."""

from collections.abc import Iterable

import streamlit as st

from assistant.answer import Answer, Clarification, Refusal
from assistant.present.narrate import option_value
from assistant.ui.chart import show_chart
from assistant.ui.conversation import Turn
from assistant.ui.escape import code, escape, quiet
from assistant.ui.files import offer_files
from assistant.ui.receipt import finding_line, show_receipt, show_sent
from assistant.ui.session import Session
from assistant.ui.sql import show_sql
from assistant.ui.table import show_table
from assistant.ui.thumbs import show_thumbs
from assistant.ui.trust import gravest, trust_strip

_OPEN_ROWS = 12
"""Tables up to this length stand open where no chart shows the same rows."""
_UNANSWERED = {
    "stopped": "Stopped before there was an answer.",
    "interrupted": "Interrupted: the server ended before there was an answer.",
    "withheld": "What may be seen has changed since this was answered, so the answer is withheld.",
    "drafted": "SQL was drafted for this, and nothing ran.",
    "failed": "Something broke here, not in the question. It is kept.",
    "running": "Still being worked on.",
}


def summary(turn: Turn) -> str:
    """Return the question with its verdict, on one line."""
    verdict = turn.answer.headline if turn.answer else ""
    return f"{turn.question} {verdict}".strip()


def show_question(question: str) -> None:
    """Draw the question as it was asked."""
    st.header(quiet(escape(question)), anchor=False)


def show_outcome(turn: Turn, *, session: Session) -> None:
    """Draw what became of a question."""
    answer = turn.answer
    if answer is None:
        _show_unanswered(turn, session=session)
    elif answer.refusal is not None:
        _show_refusal(answer.refusal, key=turn.id, session=session)
        if finding := gravest(answer.receipt.findings):
            st.markdown(finding_line(finding))
    elif answer.clarification is not None:
        _show_clarification(answer.clarification, key=turn.id, session=session)
    else:
        _show_verdict(turn, answer, session=session)
        _show_evidence(turn, answer, session=session)
        _show_way_on(turn, answer, session=session)
        return
    show_sent(session.conversations.sent(turn.id), key=f"sent-{turn.id}")


def _show_unanswered(turn: Turn, *, session: Session) -> None:
    st.markdown(escape(turn.error or _UNANSWERED[turn.state]))
    st.button("Ask again", key=f"again-{turn.id}", on_click=session.ask_next, args=(turn.question,))


def _show_verdict(turn: Turn, answer: Answer, *, session: Session) -> None:
    rest = answer.text.removeprefix(answer.headline).strip(" ;,")
    st.subheader(escape(answer.headline or answer.text), anchor=False)
    if answer.headline and rest.strip("."):
        st.markdown(escape(rest[:1].upper() + rest[1:]))
    with st.expander(trust_strip(answer), type="compact", key=f"receipt-{turn.id}"):
        show_receipt(answer, sent=session.conversations.sent(turn.id))
    if finding := gravest(answer.receipt.findings):
        st.markdown(finding_line(finding))


def _show_evidence(turn: Turn, answer: Answer, *, session: Session) -> None:
    if answer.chart:
        show_chart(answer.chart, key=f"chart-{turn.id}")
    with st.container(gap="xsmall"):
        _show_rows(turn, answer)
        if answer.sql:
            with st.expander("SQL", type="compact", key=f"sql-{turn.id}"):
                show_sql(answer, key=turn.id, session=session)


def _show_rows(turn: Turn, answer: Answer) -> None:
    if answer.result is None:
        st.caption(quiet("The rows were too many to be kept. Ask again to see them."))
        return
    count = len(answer.result.table)
    rows = f"Table, {count:,} {'row' if count == 1 else 'rows'}"
    is_open = answer.chart is None and 1 < count <= _OPEN_ROWS
    with st.expander(rows, expanded=is_open, type="compact", key=f"rows-{turn.id}"):
        show_table(answer, key=f"table-{turn.id}")
        if answer.result.truncated:
            st.caption(quiet("More rows exist than are shown."))


def _show_way_on(turn: Turn, answer: Answer, *, session: Session) -> None:
    with st.container(
        horizontal=True, horizontal_alignment="distribute", vertical_alignment="center"
    ):
        if answer.result is not None:
            offer_files(answer, key=turn.id)
        show_thumbs(turn, session=session)
    questions = session.assistant.follow_ups(answer, user=session.user, role=session.role)
    if questions:
        st.caption(quiet("Next"))
        _choices(((each, each) for each in questions), key=f"next-{turn.id}", session=session)


def _show_refusal(refusal: Refusal, *, key: str, session: Session) -> None:
    st.subheader("No answer to this", anchor=False)
    st.markdown(escape(refusal.reason))
    unsaid = [word for word in refusal.missing if word.lower() not in refusal.reason.lower()]
    if unsaid:
        st.markdown(f"Missing: {escape(', '.join(unsaid))}.")
    if refusal.contact:
        st.markdown(f"Whom to ask: {code(refusal.contact)}")
    near = session.assistant.answerable(refusal.suggestions, user=session.user, role=session.role)
    if near:
        st.caption(quiet("Closest questions that can be answered"))
        _choices(((text, text) for text in near), key=f"near-{key}", session=session)


def _show_clarification(clarification: Clarification, *, key: str, session: Session) -> None:
    st.subheader(escape(clarification.question), anchor=False)
    choices = []
    for option in clarification.options:
        number = option_value(option, session.catalogue)
        label = f"{option.label}: {number}" if number else option.label
        choices.append((label, option.question or option.label))
    _choices(choices, key=f"option-{key}", session=session)


def _choices(choices: Iterable[tuple[str, str]], *, key: str, session: Session) -> None:
    with st.container(horizontal=True, gap="small"):
        for place, (label, question) in enumerate(choices):
            st.button(
                escape(label), key=f"{key}-{place}", on_click=session.ask_next, args=(question,)
            )
