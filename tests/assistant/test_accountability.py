"""Every request of the public API leaves its audit entry, and what leaves for a model is kept."""

import csv
import io
import json
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

import duckdb
import pytest

from assistant import Assistant, QueryRejected
from assistant.answer import Usage
from assistant.cli import main
from assistant.errors import Cancelled, NoReceipt
from assistant.ports import Message, Reply, Stop, never_stops
from catalogue.errors import UnknownRole

Captured = pytest.CaptureFixture[str]
POLICY = """
default_role: analyst
users: {anna: [analyst, steward], ben: [analyst]}
roles:
  steward: {}
  analyst: {tables: {deny: ["salaries"]}}
"""


class SqlChat:
    """Replies with what it is told to; keeps what it was sent, or fails before a reply."""

    name = "scripted"

    def __init__(self) -> None:
        self.reset()

    def reset(self) -> None:
        self.sql = "SELECT count(*) AS n FROM orders"
        self.error: Exception | None = None
        self.sent: list[tuple[Sequence[Message], dict[str, object]]] = []

    def reply(
        self,
        messages: Sequence[Message],
        schema: dict[str, object],
        *,
        stop: Stop = never_stops,
    ) -> Reply:
        self.sent.append((messages, schema))
        if self.error is not None:
            raise self.error
        content = json.dumps({"reply": {"action": "sql", "sql": self.sql}})
        return Reply(content=content, usage=Usage(model="scripted", calls=1))


@pytest.fixture(scope="module")
def root(tmp_path_factory: pytest.TempPathFactory) -> Path:
    root = tmp_path_factory.mktemp("accounts")
    with duckdb.connect(root / "shop.duckdb") as warehouse:
        warehouse.execute("CREATE TABLE orders AS SELECT range AS order_id FROM range(3)")
        warehouse.execute("CREATE TABLE salaries AS SELECT 1 AS pay")
    (root / "policy.yaml").write_text(POLICY)
    (root / "platform.toml").write_text(
        '[warehouse]\npath = "shop.duckdb"\n[access]\npolicy = "policy.yaml"\n'
    )
    return root


@pytest.fixture(scope="module")
def chat() -> SqlChat:
    return SqlChat()


@pytest.fixture(scope="module")
def opened(root: Path, chat: SqlChat) -> Iterator[Assistant]:
    with Assistant.open(root, model=chat) as assistant:
        yield assistant


@pytest.fixture
def assistant(opened: Assistant, chat: SqlChat) -> Assistant:
    chat.reset()
    return opened


def last(assistant: Assistant) -> Mapping[str, Any]:
    """Return the newest entry of the audit log."""
    *_, newest = assistant.parts.audit.entries()
    return newest.record or {}


def test_an_answered_question_is_audited_with_draft_and_what_ran(assistant: Assistant) -> None:
    answer = assistant.ask("count them all", user="anna")
    entry = last(assistant)
    assert entry["action"] == "ask"
    assert (entry["user"], entry["role"]) == ("anna", "analyst")
    assert entry["question"] == "count them all"
    assert entry["question_id"] == answer.receipt.id
    assert entry["draft"] == "SELECT count(*) AS n FROM orders"
    assert entry["sql"] == [answer.sql]
    assert (entry["decision"], entry["rule"], entry["rows"]) == ("allowed", None, 1)
    assert entry["sent_to_model"] == "schema"
    assert entry["ms"] > 0


def test_a_question_the_guard_refuses_is_audited_with_the_rule(
    assistant: Assistant, chat: SqlChat
) -> None:
    chat.sql = "SELECT pay FROM salaries"
    assert assistant.ask("what do they earn").kind == "refused"
    entry = last(assistant)
    assert (entry["decision"], entry["rule"], entry["sql"]) == ("refused", "tables", [])


def test_check_and_run_are_audited_allowed_refused_and_failed(assistant: Assistant) -> None:
    safe = assistant.check("SELECT order_id FROM orders", user="ben")
    assert (last(assistant)["action"], last(assistant)["sql"]) == ("check", [safe.sql])
    assistant.run("SELECT order_id FROM orders", user="ben")
    assert (last(assistant)["action"], last(assistant)["rows"]) == ("run", 3)
    with pytest.raises(QueryRejected):
        assistant.run("SELECT pay FROM salaries")
    entry = last(assistant)
    assert (entry["decision"], entry["rule"]) == ("refused", "tables")
    assert entry["draft"] == "SELECT pay FROM salaries"
    with pytest.raises(Exception, match="could not be converted"):
        assistant.run("SELECT CAST(order_id || 'x' AS INTEGER) FROM orders")
    entry = last(assistant)
    assert (entry["decision"], entry["rule"]) == ("failed", "query_failed")
    assert len(entry["sql"]) == 1


def test_who_may_not_take_a_role_is_audited(assistant: Assistant) -> None:
    with pytest.raises(UnknownRole):
        assistant.ask("flights", user="ben", role="admin")
    entry = last(assistant)
    assert (entry["user"], entry["role"]) == ("ben", "admin")
    assert (entry["decision"], entry["rule"]) == ("refused", "unknown_role")


def test_a_stopped_question_is_audited_and_what_was_sent_is_kept(
    assistant: Assistant, chat: SqlChat
) -> None:
    chat.error = Cancelled("The question was stopped.")
    with pytest.raises(Cancelled):
        assistant.ask("count what I stop", user="ben")
    entry = last(assistant)
    assert entry["decision"] == "stopped"
    past = assistant.receipt(entry["question_id"], user="ben")
    assert past.outcome == "stopped"
    assert "count what I stop" in past.sent[1]


def test_what_was_sent_is_kept_to_the_letter_repairs_included(
    assistant: Assistant, chat: SqlChat
) -> None:
    chat.sql = "SELECT nothing_such FROM orders"
    answer = assistant.ask("count something odd", user="anna")
    messages, schema = chat.sent[-1]
    assert len(messages) > 2
    past = assistant.receipt(answer.receipt.id, user="anna")
    assert past.sent[:-1] == tuple(message.content for message in messages)
    assert json.loads(past.sent[-1]) == schema


def test_drafting_alone_is_audited_and_kept_too(assistant: Assistant, chat: SqlChat) -> None:
    draft = assistant.generate_sql("count them all", user="anna")
    entry = last(assistant)
    assert (entry["action"], entry["draft"], entry["decision"]) == ("sql", draft.sql, "allowed")
    past = assistant.receipt(entry["question_id"], user="anna")
    assert past.outcome == "drafted"
    assert past.sent[1] == chat.sent[-1][0][1].content


def test_a_receipt_opens_to_its_asker_in_that_role_alone(assistant: Assistant) -> None:
    receipt = assistant.ask("count them all", user="anna").receipt.id
    assert assistant.receipt(receipt, user="anna").answer is not None
    for user, role in (("ben", None), (None, None), ("anna", "steward")):
        with pytest.raises(NoReceipt):
            assistant.receipt(receipt, user=user, role=role)


def test_an_answer_that_cannot_be_audited_is_not_given(
    assistant: Assistant, root: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    class FullDisk:
        def append(self, record: object) -> int:
            raise OSError("No space left on device")

    monkeypatch.setitem(assistant.parts.__dict__, "audit", FullDisk())
    with pytest.raises(OSError, match="No space"):
        assistant.run("SELECT order_id FROM orders")


def test_the_command_line_exports_and_verifies(root: Path, capsys: Captured) -> None:
    audit = ["--platform", str(root), "audit"]
    assert main(["--platform", str(root), "check", "SELECT 1 AS n", "--user", "=cmd"]) == 0
    capsys.readouterr()
    assert main([*audit, "export", "--user", "=cmd"]) == 0
    (line,) = capsys.readouterr().out.splitlines()
    assert json.loads(line)["draft"] == "SELECT 1 AS n"
    assert main([*audit, "export", "--format", "csv", "--user", "=cmd"]) == 0
    (row,) = csv.DictReader(io.StringIO(capsys.readouterr().out))
    assert row["user"] == "'=cmd"
    assert main([*audit, "export", "--json", "--until", "2001-01-01"]) == 0
    assert json.loads(capsys.readouterr().out) == {"entries": []}
    assert main([*audit, "verify", "--json"]) == 0
    found = json.loads(capsys.readouterr().out)
    assert found["holds"]
    assert main([*audit, "verify", "--head", found["head"]]) == 0
    assert main([*audit, "verify", "--head", "0123"]) == 1
    assert main([*audit, "export", "--since", "yesterday"]) == 2


def test_the_command_line_shows_a_receipt(
    root: Path, assistant: Assistant, capsys: Captured
) -> None:
    receipt = assistant.ask("count them all", user="anna").receipt.id
    platform = ["--platform", str(root), "receipt", receipt, "--user"]
    assert main([*platform, "anna", "--json"]) == 0
    shown = json.loads(capsys.readouterr().out)
    assert shown["receipt"]["id"] == receipt
    assert any("count them all" in text for text in shown["sent"])
    assert main([*platform, "anna"]) == 0
    assert "Left for the model, text 1 of 3:" in capsys.readouterr().out
    assert main([*platform, "ben", "--json"]) == 1
    assert json.loads(capsys.readouterr().out)["error"]["code"] == "no_receipt"
