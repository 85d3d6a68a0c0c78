"""The journal keeps every question, from before any work is done for it."""

import sqlite3
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from datetime import date
from decimal import Decimal
from pathlib import Path
from threading import Barrier

import pyarrow as pa
import pytest

from assistant import kept_answer
from assistant.answer import Answer, Finding, Receipt, Result, Usage
from assistant.conversations import Conversations
from assistant.errors import Cancelled
from assistant.journal import Asker, Journal
from catalogue.model import MetricQuery, Period


def _answer(**changes: object) -> Answer:
    fields: dict[str, object] = {
        "question": "flights",
        "kind": "metric",
        "text": "336,776 flights.",
        "receipt": Receipt(id="a"),
        "conversation": "c",
        "usage": Usage(model="m", calls=1, input_tokens=10, output_tokens=2),
        "ms": {"draft": 12.0},
    }
    return Answer(**(fields | changes))  # type: ignore[arg-type]


def test_a_new_file_is_opened_by_many_at_one_moment(tmp_path: Path) -> None:
    start = Barrier(8)

    def opened(place: Path) -> int:
        start.wait()
        return len(Journal.at(place).recent())

    with ThreadPoolExecutor(8) as pool:
        for turn in range(5):
            assert list(pool.map(opened, [tmp_path / str(turn)] * 8)) == [0] * 8


def test_a_question_is_there_before_its_answer(tmp_path: Path) -> None:
    journal = Journal.at(tmp_path)
    entry = journal.open("flights", user=None, role="analyst", conversation="c")
    assert journal.recent()[0].kind is None
    journal.sending(entry, ("system", "question"))
    journal.close_entry(entry, _answer())
    assert journal.recent()[0].kind == "metric"
    assert journal.recent()[0].sent == ("system", "question")
    journal.close()


def test_users_see_their_own_questions(tmp_path: Path) -> None:
    journal = Journal.at(tmp_path)
    journal.open("mine", user="anna", role="analyst", conversation="c")
    journal.open("theirs", user="omar", role="analyst", conversation="d")
    assert [entry.question for entry in journal.recent(user="anna")] == ["mine"]
    assert journal.recent() == []
    journal.close()


def test_many_threads_may_write(tmp_path: Path) -> None:
    journal = Journal.at(tmp_path)

    def write(number: int) -> None:
        entry = journal.open(f"q{number}", user=None, role="analyst", conversation="c")
        journal.close_entry(entry, _answer())

    with ThreadPoolExecutor(8) as pool:
        list(pool.map(write, range(40)))
    assert len(journal.recent(limit=100)) == 40
    journal.close()


def test_a_journal_survives_its_process(tmp_path: Path) -> None:
    first = Journal.at(tmp_path)
    first.open("kept", user=None, role="analyst", conversation="c")
    first.close()
    assert [entry.question for entry in Journal.at(tmp_path).recent()] == ["kept"]


ANNA = Asker(user="anna", role="analyst")
OMAR = Asker(user="omar", role="analyst")


@pytest.fixture
def journal(tmp_path: Path) -> Iterator[Journal]:
    opened = Journal.at(tmp_path)
    yield opened
    opened.close()


def _ask(journal: Journal, question: str, *, asker: Asker = ANNA, grant_key: str = "g") -> str:
    return journal.open(
        question, user=asker.user, role=asker.role, conversation="c", grant_key=grant_key
    )


def _of(journal: Journal, asker: Asker = ANNA, grant_key: str = "g") -> Conversations:
    return Conversations(journal=journal, asker=asker, grant_key=grant_key)


def test_an_answer_comes_back_as_it_was_given(journal: Journal) -> None:
    table = pa.table(
        {"day": [date(2013, 6, 1), None], "n": [Decimal("1.50"), None], "tags": [["a"], []]}
    )
    given = _answer(
        sql="SELECT 1",
        drafted_sql="SELECT\n  1",
        headline="336,776 flights",
        result=Result(table=table, sql="SELECT 1", truncated=True, duckdb_types=("DATE",)),
        chart={"mark": "bar", "data": {"values": [{"x": 1}]}},
        metric_query=MetricQuery(
            metrics=("flights",), period=Period(start=date(2013, 6, 1), end=date(2013, 6, 30))
        ),
        receipt=Receipt(id="a", findings=(Finding(level="warning", code="x", message="m"),)),
    )
    journal.close_entry(_ask(journal, "flights"), given)
    kept = _of(journal).questions("c")[0].answer
    assert kept == given


def test_too_many_rows_are_left_out_of_what_is_kept(
    journal: Journal, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(kept_answer, "MOST_ROW_BYTES", 10)
    result = Result(table=pa.table({"n": [1]}), sql="SELECT 1")
    journal.close_entry(_ask(journal, "flights"), _answer(sql="SELECT 1", result=result))
    kept = _of(journal).questions("c")[0].answer
    assert kept is not None
    assert kept.result is None


def test_a_question_that_was_never_closed_is_interrupted(journal: Journal) -> None:
    _ask(journal, "flights")
    assert [each.outcome for each in _of(journal).questions("c")] == ["interrupted"]


def test_a_stopped_and_a_broken_question_are_told_apart(journal: Journal) -> None:
    journal.fail(_ask(journal, "a"), Cancelled("x"), text="x", stopped=True)
    journal.fail(_ask(journal, "b"), ValueError(), text="It broke.", stopped=False)
    shown = _of(journal).questions("c")
    assert [(each.outcome, each.text) for each in shown] == [
        ("stopped", ""),
        ("failed", "It broke."),
    ]
    assert journal.questions_of("c", ANNA) == []


def test_nobody_sees_what_another_asked_even_with_its_link(journal: Journal) -> None:
    journal.close_entry(_ask(journal, "salaries"), _answer())
    _of(journal).begin("c", title="salaries")
    assert _of(journal, OMAR).questions("c") == []
    assert _of(journal, OMAR).listed() == []
    other_role = Asker(user="anna", role="partner")
    assert _of(journal, other_role).questions("c") == []
    assert journal.questions_of("c", OMAR) == []


def test_an_answer_is_withheld_after_the_access_rules_changed(journal: Journal) -> None:
    journal.close_entry(_ask(journal, "flights", grant_key="before"), _answer())
    shown = _of(journal, grant_key="after").questions("c")[0]
    assert (shown.outcome, shown.answer) == ("withheld", None)


def test_a_conversation_is_listed_once_renamed_and_deleted(journal: Journal) -> None:
    mine = _of(journal)
    journal.close_entry(_ask(journal, "flights"), _answer())
    mine.begin("c", title="flights")
    mine.begin("c", title="the second question")
    assert [each.title for each in mine.listed()] == ["flights"]
    mine.rename("c", "  My\nflights ")
    mine.rename("c", "  ")
    assert [each.title for each in mine.listed()] == ["My flights"]
    _of(journal, OMAR).delete("c")
    assert mine.listed()
    mine.delete("c")
    assert mine.listed() == []
    assert mine.questions("c") == []
    assert [entry.question for entry in journal.recent(user="anna")] == ["flights"]


def test_a_thumb_is_kept_with_its_reason_and_only_by_its_asker(journal: Journal) -> None:
    entry = _ask(journal, "flights")
    journal.close_entry(entry, _answer())
    _of(journal, OMAR).rate(entry, "down", "spite")
    _of(journal).rate(entry, "up")
    assert _of(journal).questions("c")[0].thumb == "up"
    _of(journal).rate(entry, "down", " wrong month ")
    shown = _of(journal).questions("c")[0]
    assert (shown.thumb, shown.thumb_reason) == ("down", "wrong month")
    _of(journal).rate(entry, None)
    assert _of(journal).questions("c")[0].thumb is None


def test_a_file_of_an_earlier_version_is_opened_and_kept(tmp_path: Path) -> None:
    with closing(sqlite3.connect(tmp_path / "journal.sqlite")) as old:
        old.execute(
            "CREATE TABLE question (id VARCHAR PRIMARY KEY, asked_at DATETIME NOT NULL,"
            " question TEXT NOT NULL, user VARCHAR, role VARCHAR NOT NULL,"
            " conversation VARCHAR NOT NULL, kind VARCHAR, text TEXT, sql TEXT, ms FLOAT,"
            " model VARCHAR, input_tokens INTEGER, output_tokens INTEGER, cost_usd FLOAT,"
            " error VARCHAR, sent TEXT)"
        )
        old.execute(
            "INSERT INTO question (id, asked_at, question, user, role, conversation)"
            " VALUES ('1', '2026-11-01 00:00:00', 'old', 'anna', 'analyst', 'c')"
        )
        old.commit()
    journal = Journal.at(tmp_path)
    assert [each.question for each in _of(journal).questions("c")] == ["old"]
    journal.close()
