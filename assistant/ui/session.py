"""Who asks whom: the shared assistant, the asker's role, and the conversation on this page.

The conversation lives in the browser session for now; the journal keeps every question anyway.
"""

import logging
import os
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cached_property
from importlib import import_module
from pathlib import Path
from typing import Protocol

import streamlit as st

from assistant.answer import Answer, Draft, Event, Result
from catalogue.catalogue import Catalogue
from catalogue.model import Hit

LOG = logging.getLogger(__name__)
ANY_ROLE_VARIABLE = "ASSISTANT_ANY_ROLE"


class Asked(Protocol):
    """What the pages need of `assistant.Assistant`."""

    def stream(
        self,
        question: str,
        *,
        user: str | None = None,
        role: str | None = None,
        conversation: str | None = None,
    ) -> Iterator[Event]: ...

    def catalogue(self, *, user: str | None = None, role: str | None = None) -> Catalogue: ...

    def roles(self, user: str | None = None) -> list[str]: ...

    def generate_sql(
        self, question: str, *, user: str | None = None, role: str | None = None
    ) -> Draft: ...

    def run(self, sql: str, *, user: str | None = None, role: str | None = None) -> Result: ...

    def search(
        self, question: str, *, k: int = 10, user: str | None = None, role: str | None = None
    ) -> list[Hit]: ...


@dataclass(kw_only=True)
class Turn:
    """One question of the conversation and what became of it."""

    question: str
    answer: Answer | None = None
    error: str | None = None
    """What is said where there is no answer."""
    is_running: bool = True


@dataclass(kw_only=True)
class Conversation:
    """The questions on this page, oldest first."""

    turns: list[Turn] = field(default_factory=list)
    id: str | None = None
    in_view: int = 0
    """Which of the turns the page shows."""
    pending: str | None = None
    """A question that a button asked, to be answered on the next run of the page."""

    def begin(self, question: str) -> Turn:
        """Add a question and bring it into view."""
        self.turns.append(Turn(question=question))
        self.in_view = len(self.turns) - 1
        return self.turns[-1]

    def bring_into_view(self, place: int) -> None:
        """Show another of the turns."""
        self.in_view = place


@dataclass(frozen=True, kw_only=True)
class Session:
    """One asker on one platform."""

    assistant: Asked
    user: str | None
    role: str | None
    roles: tuple[str, ...]

    @cached_property
    def catalogue(self) -> Catalogue:
        return self.assistant.catalogue(user=self.user, role=self.role)

    @property
    def conversation(self) -> Conversation:
        if "conversation" not in st.session_state:
            st.session_state["conversation"] = Conversation()
        kept: Conversation = st.session_state["conversation"]
        return kept

    def ask_next(self, question: str) -> None:
        """Have a question answered on the next run of the page; for buttons."""
        self.conversation.pending = question

    def start_anew(self) -> None:
        """Begin a new conversation; what was asked stays in the journal."""
        st.session_state["conversation"] = Conversation()


@st.cache_resource(show_spinner="Opening the platform")
def open_assistant(path: str, any_role: bool) -> Asked:
    """Open the platform once for all visitors."""
    from assistant.assistant import Assistant

    # Streamlit's charts load pandas, 2 s: spent here once, not between a verdict and its chart.
    import_module("pandas")
    return Assistant.open(path, any_role=any_role)


def open_session(assistant: Asked | None = None) -> Session:
    """Return the session of whoever looks at the page, with the role they have chosen."""
    found = assistant or _found()
    user = st.user.to_dict().get("email")
    user = user if isinstance(user, str) else None
    roles = tuple(found.roles(user))
    chosen = st.session_state.get("role")
    role = chosen if chosen in roles else next(iter(roles), None)
    return Session(assistant=found, user=user, role=role, roles=roles)


def _found() -> Asked:
    from assistant.settings import find_platform

    path: Path = find_platform()
    return open_assistant(str(path.absolute()), os.environ.get(ANY_ROLE_VARIABLE) == "1")
