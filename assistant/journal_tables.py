"""The tables of journal and audit log, and how an earlier file gets the columns it lacks.

The audit log's table refuses, by triggers, to delete an entry or to change one: its content may be
cleared, and nothing else. What is overwritten in a SQLite file is overwritten with zeros.
"""

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from assistant.errors import JournalOutOfReach

if TYPE_CHECKING:
    from sqlalchemy import Engine, Table
    from sqlalchemy.engine import ExceptionContext

_BUSY_S = 10
_OUT_OF_REACH = {
    "disk is full": "the disk is full. Make room and ask again",
    "disk i/o error": "the disk is full or broken. Make room and ask again",
    "readonly database": "it may only be read. Let this user write there",
    "unable to open": "it cannot be opened for writing. Let this user write there",
}
"""What SQLite says -> what to do."""
_TRIGGERS = (
    """
    CREATE TRIGGER IF NOT EXISTS audit_keeps_entries BEFORE DELETE ON audit
    BEGIN SELECT RAISE(ABORT, 'the audit log keeps every entry'); END
    """,
    """
    CREATE TRIGGER IF NOT EXISTS audit_changes_nothing BEFORE UPDATE ON audit
    WHEN NEW.content IS NOT NULL OR NEW.salt IS NOT NULL OR NEW.number IS NOT OLD.number
      OR NEW.at IS NOT OLD.at OR NEW.digest IS NOT OLD.digest OR NEW.hash IS NOT OLD.hash
    BEGIN SELECT RAISE(ABORT, 'the audit log changes no entry'); END
    """,
)


@dataclass(frozen=True, kw_only=True)
class Tables:
    """An open journal with its audit log."""

    engine: "Engine"
    questions: "Table"
    conversations: "Table"
    audit: "Table"


def connect(url: str) -> Tables:
    """Open the journal at a SQLAlchemy URL; tables and columns that are missing are made."""
    import sqlalchemy as sa

    is_sqlite = url.startswith("sqlite")
    engine = sa.create_engine(url, connect_args={"timeout": _BUSY_S} if is_sqlite else {})
    if is_sqlite:

        @sa.event.listens_for(engine, "connect")
        def _pragmas(connection: Any, _: object) -> None:
            connection.execute("PRAGMA journal_mode=WAL")
            connection.execute("PRAGMA synchronous=NORMAL")
            connection.execute("PRAGMA secure_delete=ON")

        sa.event.listen(engine, "handle_error", _told)

    tables = _tables(engine)
    _create_missing(tables)
    _add_missing_columns(tables)
    if is_sqlite:
        with engine.begin() as connection:
            for trigger in _TRIGGERS:
                connection.execute(sa.text(trigger))
    return tables


def _told(context: "ExceptionContext") -> None:
    """Say in a sentence that the journal cannot be written, where that is the matter."""
    said = str(context.original_exception).lower()
    problem = next((told for text, told in _OUT_OF_REACH.items() if text in said), None)
    if problem is not None and context.engine is not None:
        place = context.engine.url.database
        raise JournalOutOfReach(f"The journal {place} cannot be written: {problem}.")


def _tables(engine: "Engine") -> Tables:
    import sqlalchemy as sa

    metadata = sa.MetaData()
    questions = sa.Table(
        "question",
        metadata,
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
        sa.Column("grant_key", sa.String),
        sa.Column("answer", sa.Text),
        sa.Column("rows", sa.LargeBinary),
        sa.Column("thumb", sa.SmallInteger),
        sa.Column("thumb_reason", sa.Text),
        sa.Column("is_deleted", sa.Boolean, server_default=sa.false(), nullable=False),
    )
    conversations = sa.Table(
        "conversation",
        metadata,
        # One row per asker: an id that was guessed or shared opens nothing of another's.
        sa.Column("id", sa.String, primary_key=True),
        sa.Column("user", sa.String, primary_key=True),
        sa.Column("role", sa.String, primary_key=True),
        sa.Column("title", sa.Text),
        sa.Column("asked_at", sa.DateTime, nullable=False, index=True),
    )
    audit = sa.Table(
        "audit",
        metadata,
        sa.Column("number", sa.Integer, primary_key=True, autoincrement=False),
        # The moment as it was hashed, ISO 8601 in UTC, so that it sorts as text.
        sa.Column("at", sa.String, nullable=False, index=True),
        sa.Column("salt", sa.String),
        sa.Column("content", sa.Text),
        sa.Column("digest", sa.String, nullable=False),
        sa.Column("hash", sa.String, nullable=False),
    )
    return Tables(engine=engine, questions=questions, conversations=conversations, audit=audit)


def _create_missing(tables: Tables) -> None:
    """Make tables and indexes in one step each: journal and audit log are opened at one moment."""
    from sqlalchemy.schema import CreateIndex, CreateTable

    with tables.engine.begin() as connection:
        for table in tables.questions.metadata.sorted_tables:
            connection.execute(CreateTable(table, if_not_exists=True))
            for index in table.indexes:
                connection.execute(CreateIndex(index, if_not_exists=True))


def _add_missing_columns(tables: Tables) -> None:
    import sqlalchemy as sa
    from sqlalchemy.exc import OperationalError
    from sqlalchemy.schema import CreateColumn

    there = {column["name"] for column in sa.inspect(tables.engine).get_columns("question")}
    for column in tables.questions.columns:
        if column.name in there:
            continue
        made = CreateColumn(column).compile(tables.engine)
        try:
            with tables.engine.begin() as connection:
                connection.execute(sa.text(f"ALTER TABLE question ADD COLUMN {made}"))
        except OperationalError as error:
            # Another process that opened the file at the same moment has added it.
            if "duplicate column" not in str(error):
                raise
