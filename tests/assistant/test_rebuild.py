"""A platform keeps in step with its sources while it answers, and never mixes two states."""

import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import duckdb
import pytest

from assistant import Assistant
from assistant.settings import Settings
from assistant.trail import Trail
from catalogue.builder import build
from tests.catalogue.platforms import make_duckdb, set_age

SALES = "CREATE TABLE sales AS SELECT 'EU' AS region, 1 AS version FROM range(10)"
NEW_ROWS = "INSERT INTO sales SELECT 'US', 2 FROM range(5); UPDATE sales SET version = 2"
PROJECT = """[platform]
name = "Sales"
[warehouse]
path = "sales.duckdb"
serve = "{serve}"
"""


def _platform(directory: Path, serve: str = "snapshot") -> Path:
    make_duckdb(directory / "sales.duckdb", SALES)
    (directory / "platform.toml").write_text(PROJECT.format(serve=serve))
    return directory


@pytest.fixture
def opened(tmp_path: Path) -> Iterator[Assistant]:
    with Assistant.open(_platform(tmp_path)) as assistant:
        assistant.catalogue()
        yield assistant


def _change(directory: Path, sql: str) -> None:
    with duckdb.connect(str(directory / "sales.duckdb")) as connection:
        connection.execute(sql)
    set_age(directory / "sales.duckdb", seconds=5)


def _until(condition: Callable[[], bool], seconds: float = 90) -> None:
    deadline = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < deadline
        time.sleep(0.2)


def _count(assistant: Assistant) -> object:
    return assistant.run("SELECT count(*) AS n FROM sales").table.to_pylist()[0]["n"]


def test_new_rows_are_read_at_once_and_known_after_a_build_in_the_background(
    opened: Assistant, tmp_path: Path
) -> None:
    before = opened.parts.state.built
    _change(tmp_path, NEW_ROWS)
    assert _count(opened) == 15
    assert opened.parts.state.built == before
    _until(lambda: opened.catalogue().table("sales").row_count == 15)
    assert opened.parts.state.built.fingerprint != before.fingerprint
    assert _count(opened) == 15


def test_a_served_platform_follows_its_sources_while_nobody_asks(
    opened: Assistant, tmp_path: Path
) -> None:
    before = opened.parts.state.built.fingerprint
    opened.parts.follow()
    _change(tmp_path, NEW_ROWS)
    current = tmp_path / ".assistant" / "index" / "current"
    _until(lambda: current.read_text() != before)


def test_a_new_shape_is_read_only_together_with_the_build_that_knows_it(
    opened: Assistant, tmp_path: Path
) -> None:
    _change(tmp_path, "ALTER TABLE sales DROP COLUMN version; DELETE FROM sales")
    assert _count(opened) == 10
    assert "version" in opened.run("SELECT * FROM sales").table.column_names
    _until(lambda: opened.catalogue().table("sales").column("version") is None)
    assert _count(opened) == 0


def test_a_question_reads_one_state_of_the_data_from_start_to_end(
    opened: Assistant, tmp_path: Path
) -> None:
    grant = opened.parts.policy.grant(user=None, role=None)
    trail = Trail(action="ask", user=None, role=None)
    pipeline = opened.parts.pipeline(grant, trail)
    query = opened.check("SELECT max(version) AS version FROM sales")
    assert pipeline.engine.run(query).table.to_pylist() == [{"version": 1}]
    _change(tmp_path, NEW_ROWS)
    assert opened.run("SELECT max(version) AS v FROM sales").table.to_pylist() == [{"v": 2}]
    assert pipeline.engine.run(query).table.to_pylist() == [{"version": 1}]
    assert not pipeline.is_ahead
    assert opened.parts.pipeline(grant, trail).is_ahead


def test_a_source_that_cannot_be_read_leaves_the_last_good_state_answering(
    opened: Assistant, tmp_path: Path
) -> None:
    (tmp_path / "sales.duckdb").write_bytes(b"no database at all")
    set_age(tmp_path / "sales.duckdb", seconds=5)
    assert _count(opened) == 10
    (tmp_path / "sales.duckdb").unlink()
    assert _count(opened) == 10


def test_a_live_platform_is_built_and_answers_without_a_copy(tmp_path: Path) -> None:
    with Assistant.open(_platform(tmp_path, serve="live")) as assistant:
        assert _count(assistant) == 10
        assert assistant.catalogue().table("sales").row_count == 10
    assert not list((tmp_path / ".assistant").glob("snapshots/*.duckdb"))


_KILLED_BUILDS = """
import os, signal, sys, time
import catalogue.assemble, catalogue.builder, catalogue.embeddings, catalogue.search.index
from assistant.settings import Settings
from assistant.trail import Trail
from catalogue.builder import build, load

sources = Settings.open(sys.argv[1]).sources()
for nth in range(int(sys.argv[2])):
    child = os.fork()
    if child == 0:
        build(sources)
        os._exit(0)
    time.sleep(0.02 + 0.08 * nth)
    os.kill(child, signal.SIGKILL)
    os.waitpid(child, 0)
    print(load(sources).fingerprint, flush=True)
"""


def test_a_build_killed_at_any_point_leaves_the_last_good_state(tmp_path: Path) -> None:
    sources = Settings.open(_platform(tmp_path)).sources()
    first = build(sources)
    _change(tmp_path, NEW_ROWS)
    command = [sys.executable, "-c", _KILLED_BUILDS, str(tmp_path), "10"]
    killed = subprocess.run(command, capture_output=True, text=True, timeout=120)
    second = build(sources)
    served = killed.stdout.split()
    assert len(served) == 10, killed.stderr
    assert served[0] == first.fingerprint
    assert set(served) <= {first.fingerprint, second.fingerprint}
    with Assistant.open(tmp_path) as assistant:
        assert _count(assistant) == 15
        assert assistant.catalogue().table("sales").row_count == 15
    assert not list((tmp_path / ".assistant").glob("*/.part-*"))
