"""The audit log: who did what, and what became of it; an entry for every ask, sql, check and run.

Entries are chained by hashes, so that a changed, missing or inserted one shows. A hash covers the
salted digest of an entry's content, so content can be erased and the chain still holds; an erasure
is an entry of its own that names what it cleared.
"""

import json
import secrets
import threading
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import asdict, dataclass, field, fields
from datetime import UTC, datetime
from hashlib import sha256
from itertools import pairwise
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal

from assistant.journal_tables import connect

if TYPE_CHECKING:
    from sqlalchemy import Connection

Action = Literal["ask", "sql", "check", "run", "classify", "erase", "expire"]
Decision = Literal["allowed", "refused", "failed", "stopped", "done"]
START = "0" * 64
"""What the first entry is chained to."""
_MOMENT = "%Y-%m-%dT%H:%M:%S.%fZ"
_MOST_TRIES = 200


@dataclass(frozen=True, kw_only=True)
class Record:
    """What an entry says."""

    action: Action
    user: str | None = None
    role: str | None = None
    """As the policy settled it; as it was asked for where the policy refused it."""
    question: str | None = None
    question_id: str | None = None
    """The journal's id of the question; also its receipt's."""
    draft: str | None = None
    """The SQL that was drafted, or that was handed in."""
    sql: Sequence[str] = ()
    """What the guard wrote, in the order in which it ran."""
    decision: Decision
    rule: str | None = None
    """The guard's rule, or the error's code, behind a decision other than `allowed`."""
    rows: int | None = None
    ms: float | None = None
    sent_to_model: str | None = None
    cleared: Sequence[tuple[int, int]] = ()
    """First and last numbers of the entries whose content an erasure cleared."""


FIELDS = tuple(each.name for each in fields(Record))
"""What an entry says, in the order in which it is exported."""


@dataclass(frozen=True, kw_only=True)
class AuditEntry:
    """One entry of the chain."""

    number: int
    at: datetime
    record: Mapping[str, Any] | None
    """None once the content was erased."""
    hash: str


@dataclass(frozen=True, kw_only=True)
class Verdict:
    """What a walk along the chain found."""

    entries: int
    cleared: int
    """Entries without content, each named by an erasure that is itself in the chain."""
    head: str
    """Hash of the last entry; kept elsewhere, it proves later that nothing was cut off."""
    problems: tuple[str, ...] = ()


class AuditLog:
    """Appends entries and reads them back. Safe to share between threads and processes."""

    def __init__(self, url: str) -> None:
        tables = connect(url)
        self._engine = tables.engine
        self._audit = tables.audit
        self._lock = threading.Lock()

    @classmethod
    def at(cls, state: Path) -> "AuditLog":
        """The audit log in a platform's state directory, beside its journal."""
        state.mkdir(parents=True, exist_ok=True)
        return cls(f"sqlite:///{state / 'journal.sqlite'}")

    def append(self, record: Record) -> int:
        """Write an entry and return its number."""
        return self._write(record, ())

    def clear(self, numbers: Iterable[int], record: Record) -> int:
        """Erase the content of entries, and append an entry that says which; both or neither."""
        gone = sorted(set(numbers))
        named = Record(**{**vars(record), "cleared": _ranges(gone)})
        return self._write(named, gone)

    def entries(
        self, *, since: datetime | None = None, until: datetime | None = None
    ) -> Iterator[AuditEntry]:
        """Yield entries in order; `since` is in, `until` is out."""
        audit = self._audit
        chosen = audit.select().order_by(audit.c.number)
        if since is not None:
            chosen = chosen.where(audit.c.at >= _text(since))
        if until is not None:
            chosen = chosen.where(audit.c.at < _text(until))
        with self._engine.connect() as connection:
            rows = connection.execution_options(yield_per=500).execute(chosen)
            for row in rows.mappings():
                yield _entry(dict(row))

    def verify(self, *, known_head: str | None = None) -> Verdict:
        """Walk the chain; `known_head` is a hash that an earlier walk ended in."""
        audit = self._audit
        walk = _Walk()
        with self._engine.connect() as connection:
            chosen = audit.select().order_by(audit.c.number)
            rows = connection.execution_options(yield_per=500).execute(chosen)
            for row in rows.mappings():
                walk.step(dict(row), known_head)
        return walk.verdict(known_head)

    def close(self) -> None:
        """Let go of the file."""
        with suppress(Exception):  # closing must never mask what happened before
            self._engine.dispose()

    def _write(self, record: Record, cleared: Sequence[int]) -> int:
        """Two processes may take the same number: the one that comes second tries again."""
        from sqlalchemy.exc import IntegrityError

        content = _canonical(asdict(record))
        with self._lock:
            for _ in range(_MOST_TRIES):
                with suppress(IntegrityError), self._engine.begin() as connection:
                    number = self._insert(connection, content)
                    for each in cleared:
                        update = self._audit.update().where(self._audit.c.number == each)
                        connection.execute(update.values(content=None, salt=None))
                    return number
        raise OSError("The audit log is written by too many processes at once.")

    def _insert(self, connection: "Connection", content: str) -> int:
        audit = self._audit
        last = (
            connection.execute(audit.select().order_by(audit.c.number.desc()).limit(1))
            .mappings()
            .first()
        )
        number = last["number"] + 1 if last else 1
        at, salt = _text(datetime.now(UTC)), secrets.token_hex(16)
        digest = _digest(salt, content)
        connection.execute(
            audit.insert().values(
                number=number,
                at=at,
                salt=salt,
                content=content,
                digest=digest,
                hash=_chained(last["hash"] if last else START, number, at, digest),
            )
        )
        return number


@dataclass
class _Walk:
    """The state of a verification, entry by entry."""

    head: str = START
    number: int = 0
    empty: set[int] = field(default_factory=set)
    named: set[int] = field(default_factory=set)
    problems: list[str] = field(default_factory=list)
    passed_head: bool = False

    def step(self, row: Mapping[str, Any], known_head: str | None) -> None:
        number = int(row["number"])
        if number != self.number + 1:
            self.problems.append(f"Entries {self.number + 1} to {number - 1} are missing.")
        if row["hash"] != _chained(self.head, number, row["at"], row["digest"]):
            self.problems.append(f"Entry {number} does not follow from the one before it.")
        if row["content"] is None:
            self.empty.add(number)
        elif _digest(row["salt"] or "", row["content"]) != row["digest"]:
            self.problems.append(f"The content of entry {number} was changed.")
        else:
            for first, last in json.loads(row["content"])["cleared"]:
                self.named.update(range(first, last + 1))
        self.number, self.head = number, row["hash"]
        self.passed_head = self.passed_head or self.head == known_head

    def verdict(self, known_head: str | None) -> Verdict:
        problems = list(self.problems)
        if unnamed := sorted(self.empty - self.named):
            listed = ", ".join(map(str, unnamed[:10]))
            problems.append(f"Content is gone without an erasure that names it: {listed}.")
        if known_head is not None and not self.passed_head:
            problems.append("No entry has the hash that was given: entries were cut off.")
        return Verdict(
            entries=self.number,
            cleared=len(self.empty),
            head=self.head,
            problems=tuple(problems),
        )


def _entry(row: Mapping[str, Any]) -> AuditEntry:
    content = row["content"]
    return AuditEntry(
        number=row["number"],
        at=datetime.strptime(row["at"], _MOMENT).replace(tzinfo=UTC),
        record=None if content is None else json.loads(content),
        hash=row["hash"],
    )


def _text(moment: datetime) -> str:
    return moment.astimezone(UTC).strftime(_MOMENT)


def _canonical(content: Mapping[str, Any]) -> str:
    text = json.dumps(content, sort_keys=True, ensure_ascii=False, separators=(",", ":"))
    # Half a surrogate pair cannot be stored; as an escape it reads back the same.
    return text.encode("utf-8", "backslashreplace").decode()


def _digest(salt: str, content: str) -> str:
    """Without its salt, which goes with the content, no guess at the content can be checked."""
    return sha256(f"{salt}{content}".encode()).hexdigest()


def _chained(before: str, number: int, at: str, digest: str) -> str:
    return sha256(f"{before}|{number}|{at}|{digest}".encode()).hexdigest()


def _ranges(numbers: Sequence[int]) -> list[tuple[int, int]]:
    """[1, 2, 3, 7] -> [(1, 3), (7, 7)]."""
    if not numbers:
        return []
    breaks = [(a, b) for a, b in pairwise(numbers) if b != a + 1]
    firsts = [numbers[0], *(b for _, b in breaks)]
    lasts = [*(a for a, _ in breaks), numbers[-1]]
    return list(zip(firsts, lasts, strict=True))
