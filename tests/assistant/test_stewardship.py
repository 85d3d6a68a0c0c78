"""Whose word on a suspected column counts, and where it is written."""

from pathlib import Path

import duckdb
import pytest

from assistant import Assistant
from catalogue.builder import build
from catalogue.errors import BadDecision
from catalogue.readers.overlay import read_overlay

POLICY = """\
default_role: analyst
users: {"sam@example.org": [steward]}
roles:
  steward: {}
  analyst: {classification: {allow: [suspected]}}
"""


@pytest.fixture(params=["bare", "guarded"])
def platform(tmp_path: Path, request: pytest.FixtureRequest) -> Path:
    with duckdb.connect(str(tmp_path / "desk.duckdb")) as connection:
        connection.execute(
            "CREATE TABLE tickets AS SELECT i AS k, 'ada' || i || '@example.org' AS c17 "
            "FROM range(30) AS t(i)"
        )
    settings = '[platform]\nname = "Desk"\n[warehouse]\npath = "desk.duckdb"\n'
    if request.param == "guarded":
        (tmp_path / "policy.yaml").write_text(POLICY)
        settings += '[access]\npolicy = "policy.yaml"\n'
    (tmp_path / "platform.toml").write_text(settings)
    return tmp_path


def rebuilt(platform: Path) -> Assistant:
    assistant = Assistant.open(platform)
    build(assistant.parts.settings.sources(), progress=lambda step: None)
    return assistant


@pytest.mark.parametrize("platform", ["bare"], indirect=True)
def test_without_a_policy_whoever_holds_the_files_says_what_it_is(platform: Path) -> None:
    with rebuilt(platform) as assistant:
        own = assistant.stewardship()
        (waiting,) = own.suspects
        own.clear(waiting)
        assert read_overlay(own.notes).tables["main.tickets"].columns["c17"].classification == (
            "internal"
        )
    with rebuilt(platform) as assistant:
        assert assistant.stewardship().suspects == ()
        assert assistant.run("FROM tickets").table.column_names == ["k", "c17"]


@pytest.mark.parametrize("platform", ["guarded"], indirect=True)
def test_with_a_policy_only_a_steward_says_what_it_is(platform: Path) -> None:
    with rebuilt(platform) as assistant:
        stewards = assistant.stewardship(user="sam@example.org")
        (waiting,) = stewards.suspects
        others = assistant.stewardship()
        assert others.suspects == ()
        with pytest.raises(BadDecision, match="a steward's is needed"):
            others.clear(waiting)
        assert not stewards.notes.exists()
        stewards.confirm(waiting)
        entries = [each.record for each in assistant.parts.audit.entries()]
    assert read_overlay(stewards.notes).tables["main.tickets"].columns["c17"].classification == (
        "personal"
    )
    said = [(each["user"], each["decision"], each["draft"]) for each in entries if each]
    assert said == [
        (None, "failed", "main.tickets.c17: internal"),
        ("sam@example.org", "allowed", "main.tickets.c17: personal"),
    ]
