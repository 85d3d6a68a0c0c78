"""A platform that was never built: names and types at once, the rest in the background."""

import subprocess
import sys
import time
from pathlib import Path

import pytest

from assistant import Assistant
from assistant.cli.show import receipt_lines
from assistant.receipt import NOT_PROFILED
from assistant.ui.trust import trust_strip
from catalogue.builder import SMALL_TABLES, build, load
from catalogue.catalogue import Catalogue
from catalogue.sources import Sources
from tests.catalogue.platforms import make_duckdb, shop

ROOT = Path(__file__).parents[2]
_MANY = "".join(
    f"CREATE TABLE t{n} AS SELECT range AS id, 'EU' AS region FROM range(3);"
    for n in range(SMALL_TABLES + 1)
)


def _no_index(directory: Path, catalogue: Catalogue, progress: object) -> None:
    """The search index is somebody else's room."""


def _large(directory: Path) -> Sources:
    make_duckdb(directory / "large.duckdb", _MANY)
    return shop(directory, warehouse=directory / "large.duckdb")


def test_a_small_platform_is_built_in_full_at_once(tmp_path: Path) -> None:
    built = build(shop(tmp_path), index=_no_index, profiled=None)
    assert built.catalogue.is_profiled
    assert built.catalogue.table("orders").row_count == 3


def test_a_large_one_has_names_and_types_first(tmp_path: Path) -> None:
    sources = _large(tmp_path)
    said: list[str] = []
    built = build(sources, profiled=None, progress=said.append)
    assert not built.catalogue.is_profiled
    assert not any(step.startswith("Profiling") for step in said)
    assert len(built.catalogue.tables) == SMALL_TABLES + 1


def test_a_first_build_never_replaces_a_full_one(tmp_path: Path) -> None:
    sources = _large(tmp_path)
    full = build(sources, index=_no_index)
    again = build(sources, index=_no_index, profiled=None)
    assert again == full == load(sources)


_OTHER = """
import sys
from pathlib import Path
from catalogue.builder import build
from catalogue.sources import Sources
root = Path(sys.argv[1])
built = build(Sources(name="Shop", root=root, state=root / ".assistant",
                      warehouse=root / "large.duckdb"), profiled=None)
print(built.fingerprint)
"""


def test_first_builds_at_once_are_one(tmp_path: Path) -> None:
    _large(tmp_path)
    command = [sys.executable, "-c", _OTHER, str(tmp_path)]
    others = [
        subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, text=True) for _ in range(2)
    ]
    names = {other.communicate()[0].strip() for other in others}
    assert [other.returncode for other in others] == [0, 0]
    assert names == {path.name for path in (tmp_path / ".assistant" / "index").glob("*/")}
    assert len(names) == 1


@pytest.fixture
def large(tmp_path: Path) -> Path:
    make_duckdb(tmp_path / "large.duckdb", _MANY)
    (tmp_path / "platform.toml").write_text('[warehouse]\npath = "large.duckdb"\n')
    (tmp_path / "verified").mkdir()
    (tmp_path / "verified" / "count.yaml").write_text(
        "id: count\nquestions: ['How many rows has t1?']\nsql: SELECT count(*) AS n FROM t1\n"
        "verified_by: data\nverified_on: 2026-01-01\n"
    )
    with (tmp_path / "platform.toml").open("a") as file:
        file.write('[catalogue]\nverified = "verified"\n')
    return tmp_path


def test_the_receipt_says_not_profiled_until_the_background_is_done(large: Path) -> None:
    with Assistant.open(large) as assistant:
        first = assistant.ask("How many rows has t1?")
        assert first.table is not None
        assert first.table.to_pylist() == [{"n": 3}]
        assert NOT_PROFILED in [finding.code for finding in first.receipt.findings]
        assert " · not profiled · " in "\n".join(receipt_lines(first.kind, first.receipt))
        assert " · not profiled · " in trust_strip(first)
        refused = assistant.ask("How many t1?")
        assert refused.kind == "refused"
        assert "Warning: Not profiled yet" in receipt_lines(refused.kind, refused.receipt)[0]
        assert [hit.name for hit in assistant.search("t7", k=1)] == ["main.t7"]
        deadline = time.monotonic() + 120
        while not assistant.catalogue().is_profiled:
            assert time.monotonic() < deadline
            time.sleep(0.5)
        second = assistant.ask("How many rows has t1?")
        assert assistant.catalogue().table("t1").row_count == 3
    assert NOT_PROFILED not in [finding.code for finding in second.receipt.findings]
    assert "not profiled" not in "\n".join(receipt_lines(second.kind, second.receipt))
