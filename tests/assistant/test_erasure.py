"""Erasure and retention: gone from every place, named in none, and the audit log still holds."""

import json
import shutil
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path

import duckdb
import pytest
import sqlalchemy as sa

from assistant import Assistant
from assistant.answer import Usage
from assistant.audit import AuditLog
from assistant.cassettes import Cut, cut_cassette
from assistant.cli import main
from assistant.drafting.recording import Cassette, RecordingChat
from assistant.erasure import Places, Removed, erase, expire
from assistant.errors import BadSettings
from assistant.journal_tables import connect
from assistant.ports import Message, Reply, Stop, never_stops
from assistant.subject import Subject
from catalogue.evidence import keep, kept
from catalogue.model import CheckResult
from tests.catalogue.platforms import set_age

Captured = pytest.CaptureFixture[str]
SUBJECT = "Zoë O'Brien"
TRACES = ("Zoë", "Zo\\u00eb", "zoë", "Brien")


class Echo:
    """Selects the customer that the question names."""

    name = "echo"

    def reply(
        self,
        messages: Sequence[Message],
        schema: dict[str, object],
        *,
        stop: Stop = never_stops,
    ) -> Reply:
        named = SUBJECT.replace("'", "''") if SUBJECT in messages[-1].content else "Ada"
        sql = f"SELECT id, name FROM customers WHERE name = '{named}'"
        return Reply(
            content=json.dumps({"reply": {"action": "sql", "sql": sql}}), usage=Usage(calls=1)
        )


@pytest.fixture(scope="module")
def asked(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A platform where people asked, with a cassette of what the model was asked."""
    root = tmp_path_factory.mktemp("asked")
    with duckdb.connect(root / "shop.duckdb") as warehouse:
        warehouse.execute("CREATE TABLE customers (id INTEGER, name VARCHAR)")
        warehouse.execute("INSERT INTO customers VALUES (1, 'Ada'), (2, ?)", [SUBJECT])
    set_age(root / "shop.duckdb", seconds=60)
    (root / "platform.toml").write_text('[warehouse]\npath = "shop.duckdb"\n')
    chat = RecordingChat(model=Echo(), cassette=Cassette(root / "tapes" / "tape.jsonl"))
    with Assistant.open(root, model=chat, any_role=True) as assistant:
        for user in ("anna", "ben"):
            answer = assistant.ask("which customer is Ada", user=user)
            assistant.conversations(user=user).begin(answer.conversation, title="Ada")
        assert assistant.ask(f"which customer is {SUBJECT}", user="ben").table is not None
        assistant.run("SELECT name FROM customers WHERE id = 2", user="ben")
    result = CheckResult(
        check_id="c", at=datetime.now(UTC), status="fail", message=f"got {SUBJECT}"
    )
    keep(root / ".assistant" / "evidence.sqlite", [result])
    return root


@pytest.fixture
def used(asked: Path, tmp_path: Path) -> Path:
    """A copy of it to erase in."""
    return shutil.copytree(asked, tmp_path / "used")


def places(root: Path) -> Places:
    return Places(state=root / ".assistant", cassettes=(root / "tapes",))


def counts(removed: list[Removed]) -> dict[str, int]:
    found: dict[str, int] = {}
    for each in removed:
        found[each.where] = found.get(each.where, 0) + each.count
    return found


def holds(root: Path) -> set[str]:
    """Return the names of files, other than the warehouse, in whose bytes the subject stands."""
    return {
        path.name
        for path in root.rglob("*")
        if path.is_file() and path != root / "shop.duckdb"
        if any(trace.encode() in path.read_bytes() for trace in TRACES)
    }


def test_a_dry_run_counts_and_changes_nothing(used: Path) -> None:
    before = holds(used)
    removed = counts(erase(places(used), Subject(value=SUBJECT), by="op", do=False))
    assert removed["journal"] == 1
    assert removed["audit log"] == 1
    assert removed["record of checks"] == 1
    assert removed[str(used / "tapes" / "tape.jsonl")] == 1
    assert holds(used) == before
    assert {"journal.sqlite", "evidence.sqlite", "tape.jsonl"} <= before


def test_a_value_is_gone_from_every_file_and_the_chain_holds(used: Path) -> None:
    head = AuditLog.at(used / ".assistant").verify().head
    erase(places(used), Subject(value="  zoË   o'brien"), by="op", do=True)
    assert holds(used) == set()
    verdict = AuditLog.at(used / ".assistant").verify(known_head=head)
    assert (verdict.cleared, verdict.problems) == (1, ())
    *_, last = AuditLog.at(used / ".assistant").entries()
    assert last.record is not None
    assert (last.record["action"], last.record["user"]) == ("erase", "op")
    assert "" in {each.message for each in kept(used / ".assistant" / "evidence.sqlite")}
    again = erase(places(used), Subject(value=SUBJECT), by="op", do=False)
    assert sum(each.count for each in again) == 0


def test_what_others_asked_stays(used: Path) -> None:
    erase(places(used), Subject(value=SUBJECT), by="op", do=True)
    with Assistant.open(used, any_role=True) as assistant:
        assert len(assistant.parts.journal.recent(user="anna")) == 1
        assert len(assistant.parts.journal.recent(user="ben")) == 1
    assert len(Cassette(used / "tapes" / "tape.jsonl")) == 1


def test_a_platform_is_used_on_after_an_erasure(used: Path) -> None:
    erase(places(used), Subject(value=SUBJECT), by="op", do=True)
    with Assistant.open(used, model=Echo(), any_role=True) as assistant:
        assert assistant.ask("which customer is Ada").table is not None


def test_a_users_questions_go_with_their_cassettes(used: Path) -> None:
    removed = counts(erase(places(used), Subject(user="ben"), by="op", do=True))
    assert removed["journal"] == 3
    assert removed["audit log"] == 3
    # What anna asked in the same words was recorded once, for both.
    assert removed[str(used / "tapes" / "tape.jsonl")] == 2
    with Assistant.open(used, any_role=True) as assistant:
        assert assistant.parts.journal.recent(user="ben") == []
        assert assistant.conversations(user="ben").listed() == []
        assert len(assistant.conversations(user="anna").listed()) == 1
    left = [each.record for each in AuditLog.at(used / ".assistant").entries()]
    assert "ben" not in json.dumps(left)


def test_a_title_that_holds_a_value_is_replaced(used: Path) -> None:
    with Assistant.open(used, any_role=True) as assistant:
        mine = assistant.conversations(user="anna")
        mine.rename(mine.listed()[0].id, f"About {SUBJECT}")
    erase(places(used), Subject(value=SUBJECT), by="op", do=True)
    with Assistant.open(used, any_role=True) as assistant:
        assert [each.title for each in assistant.conversations(user="anna").listed()] == ["Erased"]


def _date_back(root: Path, days: int) -> None:
    tables = connect(f"sqlite:///{root / '.assistant' / 'journal.sqlite'}")
    then = datetime.now(UTC) - timedelta(days=days)
    with tables.engine.begin() as connection:
        connection.execute(tables.questions.update().values(asked_at=then))
        connection.execute(tables.conversations.update().values(asked_at=then))
    tables.engine.dispose()


def test_what_is_older_than_it_is_kept_goes_when_the_platform_is_used(used: Path) -> None:
    _date_back(used, days=31)
    (used / "platform.toml").write_text(
        '[warehouse]\npath = "shop.duckdb"\n[retention]\njournal_days = 30\n'
    )
    with Assistant.open(used, any_role=True) as assistant:
        assistant.check("SELECT 1 AS n")
        assert assistant.parts.journal.recent(user="ben") == []
        actions = [(each.record or {})["action"] for each in assistant.parts.audit.entries()]
        assert actions[-2:] == ["expire", "check"]
        assert actions.count("ask") == 3


def test_the_audit_log_keeps_that_something_was_there(used: Path) -> None:
    state = used / ".assistant"
    removed = expire(state, journal_days=None, audit_days=1, by="op", do=True)
    assert removed == []
    log = AuditLog.at(state)
    numbers = [each.number for each in log.entries()]
    subject = Subject(before=datetime.now(UTC) + timedelta(seconds=1), part="audit")
    erase(Places(state=state), subject, by="op", do=True, action="expire")
    assert [each.number for each in log.entries()][:-1] == numbers
    assert log.verify().problems == ()
    with Assistant.open(used, any_role=True) as assistant:
        assert assistant.parts.journal.recent(user="ben")


@pytest.mark.parametrize(
    "wanted", [{}, {"user": "a", "value": "bcd"}, {"value": "x "}, {"value": "\n\n\n\n"}]
)
def test_what_would_erase_nothing_or_everything_is_refused(wanted: dict[str, str]) -> None:
    with pytest.raises(BadSettings):
        Subject(**wanted)  # type: ignore[arg-type]


def test_a_file_that_is_no_cassette_is_left_alone(tmp_path: Path) -> None:
    path = tmp_path / "notes.jsonl"
    path.write_text("not JSON\n")
    with pytest.raises(BadSettings, match="no cassette"):
        cut_cassette(path, Cut(subject=Subject(value="JSON")), do=True)
    assert path.read_text() == "not JSON\n"


def test_the_command_line_says_first_and_does_with_yes(used: Path, capsys: Captured) -> None:
    command = ["--platform", str(used), "audit", "erase", "--value", SUBJECT, "--json"]
    assert main(command) == 0
    said = capsys.readouterr()
    assert json.loads(said.out)["dry_run"]
    assert "--yes" in said.err
    assert "tape.jsonl" in holds(used)
    assert main([*command, "--yes", "--cassette", str(used / "tapes")]) == 0
    assert not json.loads(capsys.readouterr().out)["dry_run"]
    assert holds(used) == set()
    assert main(["--platform", str(used), "audit", "erase"]) == 2
    assert main(["--platform", str(used), "audit", "expire"]) == 0


def test_the_journal_can_still_be_read_by_others(used: Path) -> None:
    """No lock is left behind."""
    erase(places(used), Subject(user="anna"), by="op", do=True)
    engine = sa.create_engine(f"sqlite:///{used / '.assistant' / 'journal.sqlite'}")
    with engine.connect() as connection:
        assert connection.execute(sa.text("SELECT count(*) FROM question")).scalar() == 2
    engine.dispose()
