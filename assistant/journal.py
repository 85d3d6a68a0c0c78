"""What was asked and answered: a row per question, opened before any work, closed by the answer.

SQLAlchemy over SQLite by default; rows that were never closed are questions that were interrupted.
"""

import json
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any
from uuid import uuid4

from assistant.answer import Answer

if TYPE_CHECKING:
    from sqlalchemy import Engine, Table


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
    """None while it runs, or where it was interrupted."""
    text: str | None = None
    sql: str | None = None
    answer: Mapping[str, Any] | None = None


class Journal:
    """Opens and closes records of questions. Safe to share between threads."""

    def __init__(self, url: str) -> None:
        self._engine, self._entries = _connect(url)

    @classmethod
    def at(cls, state: Path) -> "Journal":
        """The journal in a platform's state directory."""
        state.mkdir(parents=True, exist_ok=True)
        return cls(f"sqlite:///{state / 'journal.sqlite'}")

    def open(self, question: str, *, user: str | None, role: str, conversation: str) -> str:
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
                )
            )
        return entry_id

    def close_entry(self, entry_id: str, answer: Answer, *, sent: tuple[str, ...] = ()) -> None:
        """Record what became of a question, and exactly what was sent to a model for it."""
        with self._engine.begin() as connection:
            connection.execute(
                self._entries.update()
                .where(self._entries.c.id == entry_id)
                .values(
                    kind=answer.kind,
                    text=answer.text,
                    sql=answer.sql,
                    ms=sum(answer.ms.values()),
                    model=answer.usage.model,
                    input_tokens=answer.usage.input_tokens,
                    output_tokens=answer.usage.output_tokens,
                    cost_usd=answer.usage.cost_usd,
                    error=type(answer.error).__name__ if answer.error else None,
                    sent=json.dumps(list(sent)) if sent else None,
                )
            )

    def recent(self, *, user: str | None = None, limit: int = 50) -> list[Entry]:
        """The latest questions of one user, newest first."""
        entries = self._entries
        chosen = entries.select().where(
            entries.c.user.is_(None) if user is None else entries.c.user == user
        )
        with self._engine.connect() as connection:
            rows = connection.execute(
                chosen.order_by(entries.c.asked_at.desc()).limit(limit)
            ).mappings()
            return [_entry(dict(row)) for row in rows]

    def questions_of(self, conversation: str, *, limit: int = 6) -> list[Entry]:
        """The latest answered questions of one conversation, oldest first."""
        entries = self._entries
        chosen = entries.select().where(
            entries.c.conversation == conversation, entries.c.kind.is_not(None)
        )
        with self._engine.connect() as connection:
            rows = connection.execute(
                chosen.order_by(entries.c.asked_at.desc()).limit(limit)
            ).mappings()
            return [_entry(dict(row)) for row in rows][::-1]

    def sent_to_model(self, entry_id: str) -> tuple[str, ...]:
        """Exactly the texts that left for a model because of one question."""
        entries = self._entries
        with self._engine.connect() as connection:
            row = (
                connection.execute(entries.select().where(entries.c.id == entry_id))
                .mappings()
                .first()
            )
        return tuple(json.loads(row["sent"])) if row and row["sent"] else ()

    def close(self) -> None:
        """Let go of the file."""
        with suppress(Exception):  # closing must never mask what happened before
            self._engine.dispose()


def _entry(row: Mapping[str, Any]) -> Entry:
    return Entry(
        id=row["id"],
        asked_at=row["asked_at"],
        question=row["question"],
        user=row["user"],
        role=row["role"],
        conversation=row["conversation"],
        kind=row["kind"],
        text=row["text"],
        sql=row["sql"],
    )


def _connect(url: str) -> "tuple[Engine, Table]":
    import sqlalchemy as sa

    engine = sa.create_engine(url, connect_args={"timeout": 10} if url.startswith("sqlite") else {})
    if url.startswith("sqlite"):

        @sa.event.listens_for(engine, "connect")
        def _pragmas(connection: Any, _: object) -> None:
            connection.execute("PRAGMA journal_mode=WAL")
            connection.execute("PRAGMA synchronous=NORMAL")

    entries = sa.Table(
        "question",
        sa.MetaData(),
        sa.Column("id", sa.String, primary_key=True),
        sa.Column("asked_at", sa.DateTime, nullable=False, index=True),
        sa.Column("question", sa.Text, nullable=False),
        sa.Column("user", sa.String, index=True),
        sa.Column("role", sa.String, nullable=False),
        sa.Column("conversation", sa.String, nullable=False, index=True),
        sa.Column("kind", sa.String),
        sa.Column("text", sa.Text),
        sa.Column("sql", sa.Text),
        sa.Column("ms", sa.Float),
        sa.Column("model", sa.String),
        sa.Column("input_tokens", sa.Integer),
        sa.Column("output_tokens", sa.Integer),
        sa.Column("cost_usd", sa.Float),
        sa.Column("error", sa.String),
        sa.Column("sent", sa.Text),
    )
    entries.metadata.create_all(engine)
    return engine, entries
