"""One question and what became of it: verdict, trust, evidence, way on; in that order."""

import streamlit as st

from assistant.answer import Answer, Clarification, Refusal
from assistant.present.narrate import option_value
from assistant.ui.chart import show_chart
from assistant.ui.escape import escape, quiet
from assistant.ui.receipt import finding_line, show_receipt
from assistant.ui.session import Session, Turn
from assistant.ui.table import show_table
from assistant.ui.trust import gravest, trust_strip

_OPEN_ROWS = 12
"""Tables up to this length stand open where no chart shows the same rows."""


def summary(turn: Turn) -> str:
    """Return the question with its verdict, on one line."""
    verdict = turn.answer.headline if turn.answer else ""
    return f"{turn.question} {verdict}".strip()


def show_outcome(turn: Turn, *, key: str, session: Session) -> None:
    """Draw what became of a question."""
    if turn.answer is not None:
        _show_answer(turn.answer, key=key, session=session)
    elif turn.error is not None:
        st.markdown(escape(turn.error))
        _again(turn, key=key, session=session)
    else:
        st.markdown("Stopped before there was an answer.")
        _again(turn, key=key, session=session)


def show_question(question: str) -> None:
    """Draw the question as it was asked."""
    st.header(quiet(escape(question)), anchor=False)


def _again(turn: Turn, *, key: str, session: Session) -> None:
    st.button("Ask again", key=f"{key}-again", on_click=session.ask_next, args=(turn.question,))


def _show_answer(answer: Answer, *, key: str, session: Session) -> None:
    if answer.refusal is not None:
        _show_refusal(answer, answer.refusal, key=key, session=session)
    elif answer.clarification is not None:
        _show_clarification(answer.clarification, key=key, session=session)
    else:
        _show_verdict(answer)
        _show_evidence(answer, key=key)


def _show_verdict(answer: Answer) -> None:
    rest = answer.text.removeprefix(answer.headline).strip(" ;,")
    st.subheader(escape(answer.headline or answer.text), anchor=False)
    if answer.headline and rest.strip("."):
        st.markdown(escape(rest[:1].upper() + rest[1:]))
    st.caption(quiet(trust_strip(answer)))
    if finding := gravest(answer.receipt.findings):
        st.markdown(finding_line(finding))


def _show_evidence(answer: Answer, *, key: str) -> None:
    if answer.chart:
        show_chart(answer.chart, key=f"{key}-chart")
    with st.container(gap=None):
        _show_folded(answer, key=key)


def _show_folded(answer: Answer, *, key: str) -> None:
    if answer.result is not None:
        count = len(answer.result.table)
        rows = f"Table, {count:,} {'row' if count == 1 else 'rows'}"
        is_open = answer.chart is None and 1 < count <= _OPEN_ROWS
        with st.expander(rows, expanded=is_open, type="compact"):
            show_table(answer, key=f"{key}-table")
            if answer.result.truncated:
                st.caption(quiet("More rows exist than are shown."))
    with st.expander("Why this can be believed", type="compact"):
        show_receipt(answer)
    if answer.sql:
        with st.expander("SQL", type="compact"):
            st.code(answer.sql, language="sql", wrap_lines=True)


def _show_refusal(answer: Answer, refusal: Refusal, *, key: str, session: Session) -> None:
    st.subheader("No answer", anchor=False)
    st.markdown(escape(answer.text))
    if refusal.suggestions:
        st.caption(quiet("Closest questions that can be answered"))
        _choices([(text, text) for text in refusal.suggestions], key=f"{key}-near", session=session)


def _show_clarification(clarification: Clarification, *, key: str, session: Session) -> None:
    st.subheader(escape(clarification.question), anchor=False)
    choices = []
    for option in clarification.options:
        number = option_value(option, session.catalogue)
        label = f"{option.label}: {number}" if number else option.label
        choices.append((label, option.question or option.label))
    _choices(choices, key=f"{key}-option", session=session)


def _choices(choices: list[tuple[str, str]], *, key: str, session: Session) -> None:
    for place, (label, question) in enumerate(choices):
        st.button(escape(label), key=f"{key}-{place}", on_click=session.ask_next, args=(question,))
