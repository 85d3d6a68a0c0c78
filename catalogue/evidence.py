"""The platform's own record of check results: dated, merged over time, never overwritten.

dbt forgets a run at the next one; what was once observed stays here.
"""

import sqlite3
from collections.abc import Callable, Iterable, Iterator
from contextlib import closing, contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Literal, get_args

from catalogue.errors import BadFile
from catalogue.model import CheckResult

KEPT_PER_CHECK = 30
"""How many results of one check the catalogue carries; the file keeps all."""
Status = Literal["pass", "warn", "fail", "error", "skipped"]

_SCHEMA = """
CREATE TABLE IF NOT EXISTS results (
    check_id TEXT NOT NULL,
    at TEXT NOT NULL,
    status TEXT NOT NULL,
    failures INTEGER,
    message TEXT NOT NULL,
    PRIMARY KEY (check_id, at)
)
"""
_LATEST = """
SELECT check_id, at, status, failures, message FROM (
    SELECT *, row_number() OVER (PARTITION BY check_id ORDER BY at DESC) AS nth FROM results
) WHERE nth <= ? ORDER BY at, check_id
"""


def keep(path: Path, results: Iterable[CheckResult]) -> None:
    """Add results to the record at `path`; one that is already there is replaced by itself."""
    rows = [
        (result.check_id, _instant(result.at), result.status, result.failures, result.message)
        for result in results
    ]
    with _open(path) as connection:
        connection.executemany("INSERT OR REPLACE INTO results VALUES (?, ?, ?, ?, ?)", rows)


def kept(path: Path) -> tuple[CheckResult, ...]:
    """Return the latest results of every check, oldest first."""
    with _open(path) as connection:
        rows = connection.execute(_LATEST, (KEPT_PER_CHECK,)).fetchall()
    return tuple(
        CheckResult(
            check_id=check_id,
            at=datetime.fromisoformat(at),
            status=_status(status),
            failures=failures,
            message=message,
        )
        for check_id, at, status, failures, message in rows
    )


def forget_messages(path: Path, is_meant: Callable[[str], bool], *, do: bool) -> int:
    """Return how many results carry such a message; `do` empties it, the results stay."""
    with _open(path) as connection:
        connection.execute("PRAGMA secure_delete=ON")
        messages = connection.execute("SELECT DISTINCT message FROM results").fetchall()
        meant = [message for (message,) in messages if is_meant(message)]
        count = 0
        for each in meant:
            row = connection.execute("SELECT count(*) FROM results WHERE message = ?", (each,))
            count += row.fetchone()[0]
            if do:
                connection.execute("UPDATE results SET message = '' WHERE message = ?", (each,))
    return count


@contextmanager
def _open(path: Path) -> Iterator[sqlite3.Connection]:
    path.parent.mkdir(parents=True, exist_ok=True)
    try:
        with closing(sqlite3.connect(path, timeout=30)) as connection, connection:
            connection.execute(_SCHEMA)
            yield connection
    except sqlite3.DatabaseError as error:
        advice = "Move it away: the history of checks then starts anew."
        raise BadFile(path, f"is no usable record of checks ({error}).", advice=advice) from error


def _instant(at: datetime) -> str:
    """Times sort as text only in one time zone; one without a zone is taken as UTC."""
    aware = at if at.tzinfo else at.replace(tzinfo=UTC)
    return aware.astimezone(UTC).isoformat()


def _status(text: str) -> Status:
    for known in get_args(Status):
        if text == known:
            return known  # type: ignore[no-any-return]
    return "skipped"
