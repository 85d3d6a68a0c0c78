"""The demo appears whole or not at all, and nothing of anybody else is lost."""

from pathlib import Path

import pytest

from catalogue.demo.build import build_demo
from catalogue.demo.errors import DemoBuildFailed, NotADemo
from tests.demo import demo_directory

pytestmark = pytest.mark.timeout(300)

_PARTS = [
    "catalogue.yaml",
    "nyc.duckdb",
    "platform.toml",
    "policy.yaml",
    "demo-build.log",
    "target/catalog.json",
    "target/manifest.json",
    "target/run_results.json",
    "target/semantic_manifest.json",
    "target/sources.json",
]


@pytest.mark.parametrize("part", _PARTS)
def test_a_built_demo_is_whole(part: str) -> None:
    assert (demo_directory() / part).stat().st_size > 0


def test_a_demo_that_is_up_to_date_is_left_alone() -> None:
    said: list[str] = []
    before = (demo_directory() / "nyc.duckdb").stat().st_mtime_ns
    build_demo(demo_directory(), progress=said.append)
    assert said == []
    assert (demo_directory() / "nyc.duckdb").stat().st_mtime_ns == before


def test_a_stale_demo_is_rebuilt_after_a_killed_build_and_keeps_what_others_added(
    tmp_path: Path,
) -> None:
    stale = tmp_path / "demo"
    (stale / ".assistant").mkdir(parents=True)
    (stale / ".assistant" / "journal.db").write_text("asked")
    (stale / "verified").mkdir()
    (stale / "verified" / "ours.yaml").write_text("id: ours")
    (stale / "demo.fingerprint").write_text("of another version")
    killed = tmp_path / ".demo.building"
    killed.mkdir()
    (killed / "nyc.duckdb").write_text("half")
    said: list[str] = []
    assert build_demo(stale, progress=said.append) == stale
    assert len(said) == 5
    assert (stale / ".assistant" / "journal.db").read_text() == "asked"
    assert (stale / "verified" / "ours.yaml").exists()
    assert all((stale / part).exists() for part in _PARTS)
    assert sorted(path.name for path in tmp_path.iterdir()) == [".demo.lock", "demo"]


def test_a_directory_of_other_files_is_never_replaced(tmp_path: Path) -> None:
    (tmp_path / "thesis.txt").write_text("years of work")
    with pytest.raises(NotADemo, match="Name a new or an empty directory"):
        build_demo(tmp_path, progress=lambda step: None)
    assert (tmp_path / "thesis.txt").read_text() == "years of work"


def test_a_failed_build_names_step_and_log_and_leaves_the_old_platform(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    broken = tmp_path / "broken" / "dbt"
    broken.mkdir(parents=True)
    (broken / "__init__.py").write_text("raise RuntimeError('this dbt is broken')")
    monkeypatch.setenv("PYTHONPATH", str(broken.parent))
    old = tmp_path / "demo"
    old.mkdir()
    (old / "demo.fingerprint").write_text("of another version")

    with pytest.raises(DemoBuildFailed) as failure:
        build_demo(old, progress=lambda step: None)

    assert failure.value.step == "dbt"
    assert str(failure.value.log) in str(failure.value)
    assert "this dbt is broken" in failure.value.log.read_text()
    assert [path.name for path in old.iterdir()] == ["demo.fingerprint"]
    assert not (tmp_path / ".demo.building").exists()


def test_a_build_interrupted_by_its_caller_leaves_nothing(tmp_path: Path) -> None:
    def interrupt(step: str) -> None:
        if step == "Building silver and gold":
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        build_demo(tmp_path / "demo", progress=interrupt)
    assert not (tmp_path / "demo").exists()
    assert not (tmp_path / ".demo.building").exists()
