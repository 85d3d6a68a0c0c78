"""A run on the disk: it goes on after a kill, loses nothing, and refuses what is another run."""

import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from evals.cli import app
from evals.errors import BadRun
from evals.record import Record
from evals.store import RunStore, read_run
from tests.evals.little import SUITE, little
from tests.full_disk import full_disk

ROOT = Path(__file__).parents[2]
MANY = "\n".join(
    f"  - {{id: c{at}, question: 'What is the meaning of {at}?', expect: refuse}}"
    for at in range(60)
)


def record(case: str, **changes: object) -> Record:
    plain = Record(case=case, question="q", tags=(), expect=("refuse",), outcome="right", why="")
    return Record.from_dict({**plain.to_dict(), **changes})


def called(*arguments: str | Path) -> Result:
    return CliRunner().invoke(app, [str(each) for each in arguments])


def test_a_store_goes_on_with_its_records_and_the_last_of_a_key_counts(tmp_path: Path) -> None:
    with RunStore(tmp_path, {"mode": "live", "questions": 3}) as store:
        store.keep(record("a", outcome="error"))
        store.keep(record("b"))
        store.summarise(missing=1)
    with RunStore(tmp_path, {"mode": "live", "questions": 3}) as store:
        assert store.is_done(record("b").key)
        assert not store.is_done(record("a").key), "what broke is asked again"
        store.keep(record("a"))
    run = read_run(tmp_path)
    assert [each.outcome for each in run.records] == ["right", "right"]
    assert run.summary.missing == 1, "a third question was planned"


def test_a_full_disk_loses_no_record_that_was_kept(tmp_path: Path) -> None:
    with RunStore(tmp_path, {"mode": "live"}) as store:
        store.keep(record("a"))
        size = (tmp_path / "results.jsonl").stat().st_size
        with full_disk(size + 100), pytest.raises(OSError, match="File too large"):
            store.keep(record("b"))
        assert [each.case for each in store.records] == ["a"]
    assert [each.case for each in read_run(tmp_path).records] == ["a"]


def test_a_run_on_a_full_disk_says_so_and_goes_on_when_there_is_room(tmp_path: Path) -> None:
    suite, out = little(tmp_path), tmp_path / "out"
    assert called("run", suite, "--out", out).exit_code == 0
    results = out / "results.jsonl"
    # The first answer alone, so long that nothing else of the run comes near the end of the disk.
    first = {**json.loads(results.read_bytes().splitlines()[0]), "text": "x" * 5_000_000}
    results.write_text(json.dumps(first) + "\n", encoding="utf-8")
    with full_disk(results.stat().st_size + 100):
        full = called("run", suite, "--out", out)
    assert full.exit_code == 3
    assert f"What was asked is kept; `--out {out}` goes on from here." in full.stderr
    assert f"Error: File too large: {results}." in full.stderr
    assert "1 questions were not asked" in called("gate", out, "--baselines", tmp_path).stderr
    assert called("run", suite, "--out", out).exit_code == 0
    assert [len(each.text) > 4_000_000 for each in read_run(out).records] == [True, False]


def test_two_runs_do_not_write_one_directory(tmp_path: Path) -> None:
    with (
        RunStore(tmp_path, {"mode": "live"}),
        pytest.raises(BadRun, match="Another run is writing"),
        RunStore(tmp_path, {"mode": "live"}),
    ):
        pass


@pytest.mark.parametrize(
    ("line", "problem"),
    [
        ("half of it\n", "results.jsonl:2: is not JSON"),
        ('{"version": 7}\n', "results.jsonl:2: a record of version 7; this reads 1"),
    ],
)
def test_results_that_cannot_be_read_are_named_with_their_line(
    tmp_path: Path, line: str, problem: str
) -> None:
    with RunStore(tmp_path, {"mode": "live"}) as store:
        store.keep(record("a"))
    with (tmp_path / "results.jsonl").open("a", encoding="utf-8") as file:
        file.write(line)
    with pytest.raises(BadRun, match=problem):
        read_run(tmp_path)


def test_a_directory_without_records_is_no_run(tmp_path: Path) -> None:
    with pytest.raises(BadRun, match="holds no records"):
        read_run(tmp_path)


def test_a_run_of_another_suite_is_not_mixed_in(tmp_path: Path) -> None:
    suite, out = little(tmp_path), tmp_path / "out"
    called("run", suite, "--out", out)
    suite.write_text(SUITE.replace("rain", "snow"), encoding="utf-8")
    result = called("run", suite, "--out", out)
    assert result.exit_code == 2
    assert "holds a run with another suites" in result.stderr


def test_a_budget_stops_cleanly_and_the_run_goes_on_without_it(tmp_path: Path) -> None:
    suite, out = little(tmp_path), tmp_path / "out"
    stopped = called("run", suite, "--out", out, "--max-minutes", "0")
    assert stopped.exit_code == 1
    assert "The budget of 0 minutes is spent" in stopped.stderr
    assert "2 questions were not asked" in stopped.stderr
    finished = called("run", suite, "--out", out)
    assert finished.exit_code == 0, finished.output
    assert read_run(out).summary.missing == 0


def test_a_killed_run_goes_on_where_it_was(tmp_path: Path) -> None:
    suite = little(tmp_path, f"suite: many\nplatform: here\ncases:\n{MANY}\n")
    results = tmp_path / "out" / "results.jsonl"
    command = [sys.executable, "-m", "evals", "run", str(suite), "--out", str(tmp_path / "out")]
    running = subprocess.Popen(
        command, cwd=ROOT, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
    )
    began = time.monotonic()
    while not (results.exists() and results.read_bytes().count(b"\n") >= 3):
        assert running.poll() is None, "the run ended before it could be killed"
        assert time.monotonic() - began < 120
        time.sleep(0.01)
    os.kill(running.pid, signal.SIGKILL)
    running.wait()
    before = [json.loads(line)["case"] for line in results.read_bytes().splitlines(keepends=True)
              if line.endswith(b"\n")]  # fmt: skip
    assert 3 <= len(before) < 60
    assert called("run", suite, "--out", tmp_path / "out").exit_code == 0
    cases = [each.case for each in read_run(tmp_path / "out").records]
    assert cases[: len(before)] == before
    assert sorted(cases) == sorted(f"c{at}" for at in range(60))
    assert len(results.read_bytes().splitlines()) == 60, "nothing was asked twice"
