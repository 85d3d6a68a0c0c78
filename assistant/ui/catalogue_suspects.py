"""What looks personal on a table, and two buttons for those whose word settles it."""

from collections.abc import Callable
from functools import partial

import streamlit as st

from assistant.errors import AssistantError
from assistant.stewardship import Stewardship
from assistant.ui.escape import code, escape, quiet
from assistant.ui.session import Session
from catalogue.errors import CatalogueError
from catalogue.model import Table
from catalogue.suspects import Suspect

_LOOK_S = 2.0
_SAID = "said_of_columns"
"""What was said in this session and may not hold yet, by table and column."""


def show_suspects(session: Session, table: Table) -> None:
    """Draw the columns of a table that wait for this asker's word; nothing where none does."""
    if not _waiting(_stewardship(session), table):
        return
    st.header("Looks personal", anchor=False)
    st.caption(
        "Kept from other roles, samples and models until somebody says what it is. "
        "What is said is written to the platform's notes and holds once they are read again."
    )
    has_news = any(name == table.full_name for name, _ in _said())
    # Looked at again only while a rebuild is awaited.
    st.fragment(_show, run_every=_LOOK_S if has_news else None)(session, table)


def _show(session: Session, table: Table) -> None:
    stewardship = _stewardship(session)
    waiting = _waiting(stewardship, table)
    settled = {place for place in _said() if place[0] == table.full_name} - {
        (each.table, each.column) for each in waiting
    }
    if settled:
        for place in settled:
            del _said()[place]
        st.rerun()
    for suspect in waiting:
        _show_one(suspect, stewardship)


def _show_one(suspect: Suspect, stewardship: Stewardship) -> None:
    with st.container(gap="xsmall"):
        st.markdown(f"{code(suspect.column)} {quiet(escape(suspect.suspicion.why))}")
        if said := _said().get((suspect.table, suspect.column)):
            st.markdown(escape(said))
            return
        key = f"{suspect.table}-{suspect.column}"
        with st.container(horizontal=True, gap="small"):
            st.button(
                f"Confirm {suspect.proposed}",
                key=f"confirm-{key}",
                on_click=_say,
                args=(suspect, partial(stewardship.confirm, suspect), suspect.proposed),
            )
            st.button(
                "Not personal",
                key=f"clear-{key}",
                on_click=_say,
                args=(suspect, partial(stewardship.clear, suspect), "not personal"),
            )


def _say(suspect: Suspect, write: Callable[[], None], word: str) -> None:
    try:
        write()
    except (AssistantError, CatalogueError) as error:
        said = f"Not written. {error}"
    else:
        said = f"Said to be {word}. The catalogue is being rebuilt; it holds from then on."
    _said()[suspect.table, suspect.column] = said


def _said() -> dict[tuple[str, str], str]:
    said: dict[tuple[str, str], str] = st.session_state.setdefault(_SAID, {})
    return said


def _stewardship(session: Session) -> Stewardship:
    return session.assistant.stewardship(user=session.user, role=session.role)


def _waiting(stewardship: Stewardship, table: Table) -> list[Suspect]:
    return [each for each in stewardship.suspects if each.table == table.full_name]
