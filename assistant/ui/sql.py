"""The SQL of an answer: laid out, copied, edited and run again under the same guard."""

import logging

import streamlit as st

from assistant.answer import Answer, Receipt
from assistant.errors import AssistantError
from assistant.ui.escape import escape, quiet
from assistant.ui.session import Session
from assistant.ui.table import show_table
from catalogue.errors import CatalogueError

LOG = logging.getLogger(__name__)
_LINE_PX, _LEAST_PX, _MOST_PX = 22, 120, 480


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
    if not st.button("Run", key=f"sql-run-{key}", type="primary"):
        return
    try:
        with st.spinner("Running the query"):
            result = session.assistant.run(sql, user=session.user, role=session.role)
    except (AssistantError, CatalogueError) as error:
        st.markdown(f":orange[△ Not run\\. {escape(str(error))}]")
        return
    except Exception:  # the page stays, whatever the engine does; the cause is in the log
        LOG.exception("could not run an edited query")
        st.markdown(":red[✕ Something broke here, not in the query\\. The log says more\\.]")
        return
    edited = Answer(
        question="Edited SQL",
        kind="generated",
        text="",
        receipt=Receipt(id="edited", role=session.role or ""),
        conversation="",
        sql=result.sql,
        result=result,
    )
    count = len(result.table)
    st.caption(quiet(escape(f"{count:,} {'row' if count == 1 else 'rows'}, edited by hand")))
    show_table(edited, key=f"edited-{key}")
