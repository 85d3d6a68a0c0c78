"""What was asked and answered: a row per question, opened before any work, closed by the answer.

SQLAlchemy over SQLite by default; rows that were never closed are questions that were interrupted.
Everything is found by its asker: a conversation's id alone opens nothing.
"""

import json
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Literal
from uuid import uuid4

from assistant.answer import Answer, Draft
from assistant.journal_tables import Tables, connect
from assistant.kept_answer import Packed, pack, unpack

Thumb = Literal["up", "down"]
_THUMBS: dict[Thumb, int] = {"up": 1, "down": -1}
STOPPED, FAILED, DRAFTED = "stopped", "failed", "drafted"
"""Kinds of questions that were closed without an answer."""


@dataclass(frozen=True, kw_only=True)
class Entry:
    """One question as the journal holds it."""

    id: str
    asked_at: datetime
    question: str
    user: str | None
    role: str
    conversation: str
    kind: str | None = None
    """An answer's kind, `stopped` or `failed`; None while it runs, or where it was interrupted."""
    text: str | None = None
    sql: str | None = None
    error: str | None = None
    """Name of the error that broke it, if one did."""
    grant_key: str | None = None
    """Digest of what the asker was allowed to see at the time."""
    thumb: Thumb | None = None
    thumb_reason: str | None = None
    packed: Packed | None = None
    sent: tuple[str, ...] = ()
    """Exactly the texts that left for a model because of the question."""

    @property
    def answer(self) -> Answer | None:
        """The answer as it was given, where one was kept that this version can read."""
        try:
            return unpack(self.packed) if self.packed else None
        except ValueError:
            return None


@dataclass(frozen=True, kw_only=True)
class Asker:
    """Whose entries are meant."""

    user: str | None
    role: str


@dataclass(frozen=True, kw_only=True)
class ConversationEntry:
    """A conversation in the list."""

    id: str
    title: str
    asked_at: datetime
    """When its latest question was asked."""


class Journal:
    """Opens and closes records of questions. Safe to share between threads."""

    def __init__(self, url: str) -> None:
        self._tables: Tables = connect(url)
        self._engine = self._tables.engine
        self._entries = self._tables.questions
        self._conversations = self._tables.conversations

    @classmethod
    def at(cls, state: Path) -> "Journal":
        """The journal in a platform's state directory."""
        state.mkdir(parents=True, exist_ok=True)
        return cls(f"sqlite:///{state / 'journal.sqlite'}")

    def open(
        self,
        question: str,
        *,
        user: str | None,
        role: str,
        conversation: str,
        grant_key: str | None = None,
    ) -> str:
        """Record a question before any work is done for it; returns its id."""
        entry_id = uuid4().hex[:12]
        with self._engine.begin() as connection:
            connection.execute(
                self._entries.insert().values(
                    id=entry_id,
                    asked_at=datetime.now(UTC),
                    question=question,
                    user=user,
                    role=role,
                    conversation=conversation,
                    grant_key=grant_key,
                )
            )
        return entry_id

    def sending(self, entry_id: str, texts: tuple[str, ...]) -> None:
        """Record exactly the texts that are about to leave for a model, for the sake of a question.

        A later request of the same question repeats the earlier ones' messages, so it replaces
        what they left.
        """
        self._update(entry_id, sent=json.dumps(texts))

    def close_draft(self, entry_id: str, draft: Draft) -> None:
        """Record a question for which SQL was drafted, and nothing ran."""
        usage = draft.usage
        self._update(
            entry_id,
            kind=DRAFTED,
            sql=draft.sql,
            model=usage.model,
            input_tokens=usage.input_tokens,
            output_tokens=usage.output_tokens,
            cost_usd=usage.cost_usd,
            error=type(draft.error).__name__ if draft.error else None,
        )

    def close_entry(self, entry_id: str, answer: Answer) -> None:
        """Record what became of a question."""
        packed = pack(answer)
        self._update(
            entry_id,
            kind=answer.kind,
            text=answer.text,
            sql=answer.sql,
            ms=sum(answer.ms.values()),
            model=answer.usage.model,
            input_tokens=answer.usage.input_tokens,
            output_tokens=answer.usage.output_tokens,
            cost_usd=answer.usage.cost_usd,
            error=type(answer.error).__name__ if answer.error else None,
            answer=packed.words,
            rows=packed.rows,
        )

    def fail(self, entry_id: str, error: BaseException, *, text: str, stopped: bool) -> None:
        """Record that a question was stopped, or that something broke on its way."""
        kind = STOPPED if stopped else FAILED
        self._update(
            entry_id, kind=kind, text=text, error=type(error).__name__, answer=None, rows=None
        )

    def recent(self, *, user: str | None = None, limit: int = 50) -> list[Entry]:
        """The latest questions of one user, newest first."""
        return self._select(self._of_user(user), limit=limit)

    def questions_of(self, conversation: str, asker: Asker, *, limit: int = 6) -> list[Entry]:
        """The latest questions of one conversation that one asker got answered, oldest first."""
        entries = self._entries
        answered = entries.c.kind.is_not(None) & entries.c.kind.not_in([STOPPED, FAILED, DRAFTED])
        return self._select(self._of(conversation, asker) & answered, limit=limit)[::-1]

    def entries_of(self, conversation: str, asker: Asker) -> list[Entry]:
        """Everything one asker asked in a conversation, oldest first."""
        return self._select(self._of(conversation, asker))[::-1]

    def entry(self, entry_id: str, asker: Asker) -> Entry | None:
        """One question of an asker, unless they deleted it; nobody else's is found."""
        entries = self._entries
        mine = self._by(asker) & (entries.c.id == entry_id) & entries.c.is_deleted.is_(False)
        return next(iter(self._select(mine)), None)

    def rate(
        self, entry_id: str, thumb: Thumb | None, asker: Asker, *, reason: str | None = None
    ) -> None:
        """Record what the asker thinks of an answer; None takes it back."""
        entries = self._entries
        with self._engine.begin() as connection:
            connection.execute(
                entries.update()
                .where(self._by(asker) & (entries.c.id == entry_id))
                .values(thumb=_THUMBS[thumb] if thumb else None, thumb_reason=reason or None)
            )

    def list_conversation(self, conversation: str, asker: Asker, *, title: str) -> None:
        """Put a conversation on its asker's list, or move it up where it is on it."""
        listed, now = self._conversations, datetime.now(UTC)
        with self._engine.begin() as connection:
            moved = connection.execute(
                listed.update().where(self._listed(conversation, asker)).values(asked_at=now)
            )
            if not moved.rowcount:
                connection.execute(
                    listed.insert().values(
                        id=conversation,
                        user=asker.user or "",
                        role=asker.role,
                        title=title,
                        asked_at=now,
                    )
                )

    def conversations(self, asker: Asker, *, limit: int = 30) -> list[ConversationEntry]:
        """The asker's conversations, the latest first."""
        listed = self._conversations
        chosen = listed.select().where(
            (listed.c.user == (asker.user or "")) & (listed.c.role == asker.role)
        )
        with self._engine.connect() as connection:
            rows = connection.execute(chosen.order_by(listed.c.asked_at.desc()).limit(limit))
            return [
                ConversationEntry(
                    id=row["id"], title=row["title"], asked_at=_in_utc(row["asked_at"])
                )
                for row in rows.mappings()
            ]

    def rename(self, conversation: str, asker: Asker, title: str) -> None:
        """Give a conversation a title of the asker's own."""
        with self._engine.begin() as connection:
            connection.execute(
                self._conversations.update()
                .where(self._listed(conversation, asker))
                .values(title=title)
            )

    def forget(self, conversation: str, asker: Asker) -> None:
        """Take a conversation off the list and forget its answers.

        That a question was asked, by whom and at what cost stays on record, as an audit needs it.
        """
        with self._engine.begin() as connection:
            connection.execute(
                self._conversations.delete().where(self._listed(conversation, asker))
            )
            connection.execute(
                self._entries.update()
                .where(self._of(conversation, asker))
                .values(is_deleted=True, text=None, answer=None, rows=None, thumb_reason=None)
            )

    def close(self) -> None:
        """Let go of the file."""
        with suppress(Exception):  # closing must never mask what happened before
            self._engine.dispose()

    def _update(self, entry_id: str, **values: Any) -> None:
        entries = self._entries
        with self._engine.begin() as connection:
            connection.execute(entries.update().where(entries.c.id == entry_id).values(**values))

    def _select(self, where: Any, *, limit: int | None = None) -> list[Entry]:
        """Newest first."""
        entries = self._entries
        chosen = entries.select().where(where).order_by(entries.c.asked_at.desc()).limit(limit)
        with self._engine.connect() as connection:
            return [_entry(dict(row)) for row in connection.execute(chosen).mappings()]

    def _of_user(self, user: str | None) -> Any:
        entries = self._entries
        return entries.c.user.is_(None) if user is None else entries.c.user == user

    def _by(self, asker: Asker) -> Any:
        return self._of_user(asker.user) & (self._entries.c.role == asker.role)

    def _of(self, conversation: str, asker: Asker) -> Any:
        entries = self._entries
        kept = (entries.c.conversation == conversation) & entries.c.is_deleted.is_(False)
        return self._by(asker) & kept

    def _listed(self, conversation: str, asker: Asker) -> Any:
        listed = self._conversations
        return (
            (listed.c.id == conversation)
            & (listed.c.user == (asker.user or ""))
            & (listed.c.role == asker.role)
        )


def _entry(row: Mapping[str, Any]) -> Entry:
    thumbs: dict[int, Thumb] = {number: thumb for thumb, number in _THUMBS.items()}
    return Entry(
        id=row["id"],
        asked_at=_in_utc(row["asked_at"]),
        question=row["question"],
        user=row["user"],
        role=row["role"],
        conversation=row["conversation"],
        kind=row["kind"],
        text=row["text"],
        sql=row["sql"],
        error=row["error"],
        grant_key=row["grant_key"],
        thumb=thumbs.get(row["thumb"]),
        thumb_reason=row["thumb_reason"],
        packed=Packed(words=row["answer"], rows=row["rows"]) if row["answer"] else None,
        sent=tuple(json.loads(row["sent"])) if row["sent"] else (),
    )


def _in_utc(moment: datetime) -> datetime:
    """SQLite forgets the time zone; the journal writes UTC alone."""
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)
