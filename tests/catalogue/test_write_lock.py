"""A writer is told by its lock, a reader is none, and asking takes nobody's lock away."""

import subprocess
import sys
from pathlib import Path

import duckdb
import pytest

from catalogue.write_lock import is_held_for_writing

_OPENS = (
    "import sys, duckdb; held = duckdb.connect(sys.argv[1], read_only=sys.argv[2] == 'reader'); "
    "print(flush=True); sys.stdin.read()"
)


@pytest.mark.parametrize(("who", "held"), [("writer", True), ("reader", False)])
def test_a_writer_is_told_from_a_reader(who: str, held: bool, tmp_path: Path) -> None:
    live = tmp_path / "live.duckdb"
    duckdb.connect(str(live)).close()
    assert not is_held_for_writing(live)
    command = [sys.executable, "-c", _OPENS, str(live), who]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE) as other:
        assert other.stdout is not None
        other.stdout.readline()
        for _ in range(2):
            assert is_held_for_writing(live) is held
        other.communicate()
    assert not is_held_for_writing(live)


def test_a_file_that_is_not_there_is_held_by_nobody(tmp_path: Path) -> None:
    assert not is_held_for_writing(tmp_path / "no.duckdb")
