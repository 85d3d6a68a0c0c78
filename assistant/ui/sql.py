"""The SQL of an answer: laid out, copied, edited and run again under the same guard."""

import streamlit as st

from assistant.answer import Answer, Receipt, Result
from assistant.ui.edited import EditedQuery, begin
from assistant.ui.escape import escape, quiet
from assistant.ui.session import Session
from assistant.ui.table import show_table

_LINE_PX, _LEAST_PX, _MOST_PX = 22, 120, 480
_AT_ONCE_S = 1.0
"""So long the page waits itself; most queries have ended by then. After that it is redrawn."""
_REDRAW_S = 0.4


@st.fragment
def show_sql(answer: Answer, *, key: str, session: Session) -> None:
    """Draw the SQL; only this part of the page is drawn again while it is edited."""
    readable = answer.drafted_sql or answer.sql or ""
    wanted = st.segmented_control(
        "Show",
        ("As drafted", "As run", "Edit"),
        default="As drafted",
        required=True,
        key=f"sql-view-{key}",
        label_visibility="collapsed",
    )
    if wanted == "Edit":
        _show_editor(readable, key=key, session=session)
    elif wanted == "As run":
        st.caption(quiet("What the guard made of it: narrowed to what the role may see."))
        st.code(answer.sql or "", language="sql", wrap_lines=True)
    else:
        st.code(readable, language="sql", wrap_lines=True)


def _show_editor(readable: str, *, key: str, session: Session) -> None:
    height = min(_MOST_PX, max(_LEAST_PX, _LINE_PX * (readable.count("\n") + 2)))
    st.session_state.setdefault(f"sql-text-{key}", readable)
    with st.container(key="sql-editor"):
        sql = st.text_area(
            "SQL", key=f"sql-text-{key}", height=height, label_visibility="collapsed"
        )
    kept = f"sql-edited-{key}"
    query: EditedQuery | None = st.session_state.get(kept)
    is_under_way = query is not None and not query.is_done
    if st.button("Run", key=f"sql-run-{key}", type="primary", disabled=is_under_way):
        query = st.session_state[kept] = begin(sql, session)
    if query is None:
        return
    if query.is_done or query.wait(_AT_ONCE_S):
        _show_outcome(query, key=key, session=session)
    else:
        _watch(query, key=key)


@st.fragment(run_every=_REDRAW_S)
def _watch(query: EditedQuery, *, key: str) -> None:
    """Draw a way to stop until the end comes; then the whole page."""
    if query.is_done:
        st.rerun()
    with st.container(horizontal=True, vertical_alignment="center", gap="medium"):
        step = "Stopping" if query.is_stopping else "Running the query"
        st.caption(quiet(step), width="content")
        st.button("Stop", key=f"sql-stop-{key}", on_click=query.stop, disabled=query.is_stopping)


def _show_outcome(query: EditedQuery, *, key: str, session: Session) -> None:
    if query.result is None:
        st.markdown(f":orange[△ {escape(query.problem)}]")
    else:
        _show_rows(query.result, key=key, role=session.role or "")


def _show_rows(result: Result, *, key: str, role: str) -> None:
    edited = Answer(
        question="Edited SQL",
        kind="generated",
        text="",
        receipt=Receipt(id="edited", role=role),
        conversation="",
        sql=result.sql,
        result=result,
    )
    count = len(result.table)
    st.caption(quiet(escape(f"{count:,} {'row' if count == 1 else 'rows'}, edited by hand")))
    show_table(edited, key=f"edited-{key}")
    if result.truncated:
        st.caption(quiet("More rows exist than are shown."))
