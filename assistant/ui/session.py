"""Who asks whom: the shared assistant, the asker's role, and the conversation in the address."""

import logging
import os
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cached_property, partial
from importlib import import_module
from pathlib import Path
from typing import Protocol
from uuid import uuid4

import streamlit as st

from assistant.answer import Answer, Draft, Event, Result
from assistant.conversations import Conversations
from assistant.loopback import is_loopback
from assistant.ports import Stop, never_stops
from assistant.stewardship import Stewardship
from assistant.ui.conversation import Conversation, conversation_of
from assistant.ui.identity import Visitor, refuse_unsafe, visitor_of
from assistant.ui.running import DESK
from catalogue.catalogue import Catalogue
from catalogue.model import Hit

LOG = logging.getLogger(__name__)
ADDRESS_KEY = "c"
"""What names a conversation in the page's address."""
_PENDING = "pending"


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

    def conversations(
        self, *, user: str | None = None, role: str | None = None
    ) -> Conversations: ...

    def follow_ups(
        self, answer: Answer, *, user: str | None = None, role: str | None = None
    ) -> tuple[str, ...]: ...

    def answerable(
        self, questions: Iterable[str], *, user: str | None = None, role: str | None = None
    ) -> tuple[str, ...]: ...

    def generate_sql(
        self, question: str, *, user: str | None = None, role: str | None = None
    ) -> Draft: ...

    def run(
        self,
        sql: str,
        *,
        user: str | None = None,
        role: str | None = None,
        stop: Stop = never_stops,
    ) -> Result: ...

    def stewardship(self, *, user: str | None = None, role: str | None = None) -> Stewardship: ...

    def search(
        self, question: str, *, k: int = 10, user: str | None = None, role: str | None = None
    ) -> list[Hit]: ...


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

    @cached_property
    def conversations(self) -> Conversations:
        return self.assistant.conversations(user=self.user, role=self.role)

    @property
    def conversation_id(self) -> str | None:
        """The conversation that the address names."""
        return st.query_params.get(ADDRESS_KEY) or None

    def conversation(self) -> Conversation:
        """Read the conversation in view anew."""
        named = self.conversation_id
        if named is None:
            return Conversation(id=None)
        past = self.conversations.questions(named)
        return conversation_of(named, past, DESK.latest(self._key(named)))

    def ask(self, question: str) -> None:
        """Start on a question in the conversation in view; raise Busy while another runs."""
        named = self.conversation_id or uuid4().hex[:12]
        who = {"user": self.user, "role": self.role}
        stream = partial(self.assistant.stream, question, conversation=named, **who)
        DESK.begin(self._key(named), question, stream)
        self.conversations.begin(named, title=question)
        if self.conversation_id is None:
            st.query_params[ADDRESS_KEY] = named

    def ask_next(self, question: str) -> None:
        """Have a question answered on the next run of the page; for buttons."""
        st.session_state[_PENDING] = question

    def take_pending(self) -> str | None:
        """Return what a button asked, once."""
        question: str | None = st.session_state.pop(_PENDING, None)
        return question

    def start_anew(self) -> None:
        """Leave the conversation; it stays on the list."""
        st.query_params.pop(ADDRESS_KEY, None)

    def _key(self, conversation: str) -> tuple[str, ...]:
        return (self.user or "", self.role or "", conversation)


@st.cache_resource(show_spinner="Opening the platform")
def open_assistant(path: str, any_role: bool) -> Asked:
    """Open the platform once for all visitors."""
    from assistant.assistant import Assistant

    # Streamlit's charts load pandas, 2 s: spent here once, not between a verdict and its chart.
    import_module("pandas")
    assistant = Assistant.open(path, any_role=any_role)
    assistant.parts.follow()
    return assistant


def open_session(assistant: Asked | None = None) -> Session:
    """Return the session of whoever looks at the page, with the role they have chosen."""
    visitor = visitor_of(st.user.to_dict())
    found = assistant or _found(visitor)
    user = visitor.user
    roles = tuple(found.roles(user))
    chosen = st.session_state.get("role")
    role = chosen if chosen in roles else next(iter(roles), None)
    return Session(assistant=found, user=user, role=role, roles=roles)


def _found(visitor: Visitor) -> Asked:
    from assistant.settings import ANY_ROLE_VARIABLE, Settings, find_platform

    path: Path = find_platform()
    any_role = os.environ.get(ANY_ROLE_VARIABLE) == "1"
    if not is_loopback(st.get_option("server.address")):
        has_policy = Settings.open(path).policy is not None
        refuse_unsafe(visitor, has_policy=has_policy, any_role=any_role)
    return open_assistant(str(path.absolute()), any_role)
