"""The audit log: every request leaves an entry, and no change to one goes unseen."""

import sqlite3
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from pathlib import Path

import pytest

from assistant.audit import START, AuditLog, Record


@pytest.fixture
def log(tmp_path: Path) -> Iterator[AuditLog]:
    opened = AuditLog.at(tmp_path)
    yield opened
    opened.close()


def _record(question: str = "flights", user: str | None = "anna") -> Record:
    return Record(action="ask", user=user, role="analyst", question=question, decision="allowed")


def _tampered(state: Path, *statements: str) -> AuditLog:
    """Change the file as somebody does who owns it: without the triggers."""
    with closing(sqlite3.connect(state / "journal.sqlite")) as file:
        file.execute("DROP TRIGGER audit_keeps_entries")
        file.execute("DROP TRIGGER audit_changes_nothing")
        for statement in statements:
            file.execute(statement)
        file.commit()
    return AuditLog.at(state)


def test_entries_come_back_in_order_and_the_chain_holds(log: AuditLog) -> None:
    for question in ("a", "b", "c"):
        log.append(_record(question))
    entries = list(log.entries())
    assert [(each.number, (each.record or {})["question"]) for each in entries] == [
        (1, "a"),
        (2, "b"),
        (3, "c"),
    ]
    verdict = log.verify()
    assert (verdict.entries, verdict.cleared, verdict.problems) == (3, 0, ())
    assert verdict.head == entries[-1].hash


def test_an_empty_log_holds(log: AuditLog) -> None:
    assert log.verify().head == START
    assert log.verify().problems == ()


@pytest.mark.parametrize(
    "statement",
    [
        "DELETE FROM audit WHERE number = 1",
        "UPDATE audit SET content = '{}'",
        "UPDATE audit SET at = '2020'",
        "UPDATE audit SET hash = 'x', content = NULL, salt = NULL",
    ],
)
def test_the_file_itself_refuses_changes(log: AuditLog, tmp_path: Path, statement: str) -> None:
    log.append(_record())
    with (
        closing(sqlite3.connect(tmp_path / "journal.sqlite")) as file,
        pytest.raises(sqlite3.IntegrityError, match="audit log"),
    ):
        file.execute(statement)


@pytest.mark.parametrize(
    ("statement", "problem"),
    [
        pytest.param(
            "UPDATE audit SET content = replace(content, 'b', 'x') WHERE number = 2",
            "The content of entry 2 was changed.",
            id="content",
        ),
        pytest.param("DELETE FROM audit WHERE number = 2", "Entries 2 to 2 are missing.", id="out"),
        pytest.param(
            "UPDATE audit SET at = '2020-01-01T00:00:00.000000Z' WHERE number = 2",
            "Entry 2 does not follow",
            id="moment",
        ),
        pytest.param(
            "UPDATE audit SET content = NULL, salt = NULL WHERE number = 2",
            "without an erasure that names it: 2",
            id="erased-quietly",
        ),
    ],
)
def test_tampering_shows(log: AuditLog, tmp_path: Path, statement: str, problem: str) -> None:
    for question in ("a", "b", "c"):
        log.append(_record(question))
    log.close()
    tampered = _tampered(tmp_path, statement)
    assert any(problem in each for each in tampered.verify().problems)
    tampered.close()


def test_a_tail_that_was_cut_off_shows_to_who_kept_the_head(log: AuditLog, tmp_path: Path) -> None:
    log.append(_record("a"))
    log.append(_record("b"))
    head = log.verify().head
    log.append(_record("c"))
    assert log.verify(known_head=head).problems == ()
    log.close()
    cut = _tampered(tmp_path, "DELETE FROM audit WHERE number > 1")
    assert cut.verify().problems == ()
    assert cut.verify(known_head=head).problems
    cut.close()


def test_content_can_be_erased_and_the_chain_still_holds(log: AuditLog, tmp_path: Path) -> None:
    for question in ("mine", "theirs", "mine too"):
        log.append(_record(question))
    log.clear([1, 3], Record(action="erase", decision="done"))
    entries = list(log.entries())
    assert [each.record is None for each in entries] == [True, False, True, False]
    assert (entries[3].record or {})["cleared"] == [[1, 1], [3, 3]]
    verdict = log.verify()
    assert (verdict.cleared, verdict.problems) == (2, ())
    log.append(_record())
    assert log.verify().problems == ()
    log.close()
    assert b"mine too" not in (tmp_path / "journal.sqlite").read_bytes()


def test_many_threads_and_logs_may_append(tmp_path: Path) -> None:
    logs = [AuditLog.at(tmp_path) for _ in range(3)]

    def write(number: int) -> int:
        return logs[number % 3].append(_record(str(number)))

    with ThreadPoolExecutor(6) as pool:
        numbers = list(pool.map(write, range(45)))
    assert sorted(numbers) == list(range(1, 46))
    assert logs[0].verify().problems == ()
    for log in logs:
        log.close()


def test_text_that_is_no_text_is_kept(log: AuditLog) -> None:
    log.append(_record("half a pair \udc80 and \x00"))
    (entry,) = log.entries()
    assert (entry.record or {})["question"] == "half a pair \udc80 and \x00"
    assert log.verify().problems == ()


def test_a_number_is_given_once(log: AuditLog, tmp_path: Path) -> None:
    log.append(_record())
    with (
        closing(sqlite3.connect(tmp_path / "journal.sqlite")) as file,
        pytest.raises(sqlite3.IntegrityError),
    ):
        file.execute("INSERT INTO audit SELECT * FROM audit")
