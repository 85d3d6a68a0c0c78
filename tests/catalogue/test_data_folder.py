"""Imports: only what has changed is read, whole or not at all, and the last good state serves."""

import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from catalogue.builder import build, is_stale
from catalogue.catalogue import Catalogue
from catalogue.data_folder import DataFolder
from catalogue.errors import WarehouseUnavailable
from catalogue.snapshot import last_good
from catalogue.sources import Sources
from tests.catalogue.folders import rows, take, write_folder

ROOT = Path(__file__).parents[2]
_FILES: dict[str, str | bytes] = {
    "crm/customers.csv": "id,name\n1,Ada\n",
    "orders/2024-01.csv": "id,amount\n1,10\n",
    "orders/2024-02.csv": "id,amount\n2,20\n",
}


def _no_index(directory: Path, catalogue: Catalogue, progress: object) -> None:
    """The search index is somebody else's room."""


def _sources(root: Path, state: Path) -> Sources:
    return Sources(name="Shop", root=root, state=state, warehouse=root)


def test_a_folder_is_imported_once_and_nothing_lies_twice(tmp_path: Path) -> None:
    root, state = write_folder(tmp_path / "in", _FILES), tmp_path / "state"
    first = take(root, state)
    assert take(root, state) == first
    assert [path.name for path in state.rglob("*.duckdb")] == [first.path.name]


def test_a_file_with_a_new_date_and_old_content_is_no_change(tmp_path: Path) -> None:
    root, state = write_folder(tmp_path / "in", _FILES), tmp_path / "state"
    first = take(root, state)
    os.utime(root / "crm" / "customers.csv", (1_000_000_000, 1_000_000_000))
    second = take(root, state)
    assert second.path == first.path
    assert second.stamp == DataFolder(root=root).stamp() != first.stamp


def test_only_tables_whose_files_have_changed_are_read_again(tmp_path: Path) -> None:
    root, state = write_folder(tmp_path / "in", _FILES), tmp_path / "state"
    take(root, state)
    write_folder(root, {"orders/2024-03.csv": "id,amount\n3,30\n"})
    said: list[str] = []
    snapshot = DataFolder(root=root).take(state, said.append)
    assert said == ["Looking at the files", "Importing main.orders (2 of 2)"]
    assert rows(snapshot, "SELECT sum(amount) FROM orders") == [(60,)]
    assert rows(snapshot, "FROM crm.customers") == [(1, "Ada")]


def test_a_file_that_is_gone_takes_its_rows_with_it(tmp_path: Path) -> None:
    root, state = write_folder(tmp_path / "in", _FILES), tmp_path / "state"
    take(root, state)
    (root / "orders" / "2024-01.csv").unlink()
    (root / "crm" / "customers.csv").unlink()
    snapshot = take(root, state)
    assert rows(snapshot, "SELECT id FROM orders") == [(2,)]
    assert rows(snapshot, "SELECT count(*) FROM duckdb_tables()") == [(1,)]


def test_a_changed_folder_is_stale_until_the_next_build(tmp_path: Path) -> None:
    root, state = write_folder(tmp_path / "in", _FILES), tmp_path / "state"
    sources = _sources(root, state)
    built = build(sources, index=_no_index)
    assert not is_stale(sources, built)
    write_folder(root, {"orders/2024-03.csv": "id,amount\n3,30\n"})
    assert is_stale(sources, built)
    assert DataFolder(root=root).current(state) == built.snapshot
    again = build(sources, index=_no_index)
    assert again.catalogue.table("orders").row_count == 3


def test_a_table_that_lacks_a_file_is_unhealthy_and_says_which(tmp_path: Path) -> None:
    root = write_folder(tmp_path / "in", {**_FILES, "orders/2024-03.csv": b"", "x.csv": b""})
    built = build(_sources(root, tmp_path / "state"), index=_no_index)
    evidence = built.catalogue.evidence["main.orders"]
    assert evidence.health == "unhealthy"
    (reason,) = evidence.reasons
    assert "orders/2024-03.csv is left out: it is empty" in reason
    assert built.catalogue.evidence["crm.customers"].health == "unknown"
    write_folder(root, {"orders/2024-03.csv": "id,amount\n3,30\n"})
    mended = build(_sources(root, tmp_path / "state"), index=_no_index)
    assert mended.catalogue.evidence["main.orders"].health == "unknown"


_KILLED = """
import os, signal, sys
from pathlib import Path
from catalogue.data_folder import DataFolder
kind, number = sys.argv[3], int(sys.argv[4])
seen = {"step": 0, "rename": 0}
def count(what):
    seen[what] += 1
    if what == kind and seen[what] == number:
        os.kill(os.getpid(), signal.SIGKILL)
sys.addaudithook(lambda event, _: count("rename") if event == "os.rename" else None)
DataFolder(root=Path(sys.argv[1])).take(Path(sys.argv[2]), lambda _: count("step"))
"""


@pytest.mark.parametrize(
    ("kind", "number"),
    [("step", 1), ("step", 2), ("step", 3), ("rename", 1), ("rename", 2), ("rename", 3)],
)
def test_an_import_killed_anywhere_leaves_the_last_good_one(
    tmp_path: Path, kind: str, number: int
) -> None:
    root, state = write_folder(tmp_path / "in", _FILES), tmp_path / "state"
    good = take(root, state)
    write_folder(root, {"orders/2024-03.csv": "id,amount\n3,30\n", "crm/customers.csv": "id\n7\n"})
    command = [sys.executable, "-c", _KILLED, str(root), str(state), kind, str(number)]
    killed = subprocess.run(command, cwd=ROOT, check=False)
    assert killed.returncode == -signal.SIGKILL
    assert last_good(state) == good
    assert rows(good, "SELECT sum(amount) FROM orders") == [(30,)]
    after = take(root, state)
    assert rows(after, "SELECT sum(amount) FROM orders") == [(60,)]
    assert not list((state / "snapshots").glob(".*"))


_FULL = """
import resource, sys
from pathlib import Path
from catalogue.data_folder import DataFolder
from catalogue.errors import WarehouseUnavailable
if len(sys.argv) > 3:
    resource.setrlimit(resource.RLIMIT_FSIZE, (2_000_000, 2_000_000))
try:
    DataFolder(root=Path(sys.argv[1])).take(Path(sys.argv[2]), lambda _: None)
except WarehouseUnavailable as error:
    print(error)
"""


def test_a_full_disk_is_told_and_leaves_the_last_good_import(tmp_path: Path) -> None:
    """A real one where this user may mount, a limit of the file's size elsewhere."""
    root, state = write_folder(tmp_path / "in", _FILES), tmp_path / "state"
    state.mkdir()
    write_folder(root, {"big.parquet": "SELECT hash(range) AS h FROM range(2000000)"})
    python = [sys.executable, "-c", _FULL, str(root), str(state)]
    mount = f"mount -t tmpfs -o size=2m none '{state}' && exec \"$@\""
    command = ["unshare", "-Urm", "sh", "-c", mount, "sh", *python]
    try:
        can_mount = subprocess.run([*command[:5], "sh", "true"], check=False).returncode == 0
    except FileNotFoundError:
        can_mount = False
    found = subprocess.run(
        command if can_mount else [*python, "limited"],
        cwd=ROOT,
        check=True,
        capture_output=True,
        text=True,
    )
    assert "the disk is full" in found.stdout
    assert "Traceback" not in found.stderr


def test_a_state_that_may_not_be_written_is_named(tmp_path: Path) -> None:
    root = write_folder(tmp_path / "in", _FILES)
    (tmp_path / "state").write_text("a file, where a directory should be")
    with pytest.raises(WarehouseUnavailable, match="state/snapshots cannot be made"):
        take(root, tmp_path / "state")


def test_thousands_of_small_files_are_one_table(tmp_path: Path) -> None:
    """Fast enough for 50,000; `evals.performance.first_hour` measures those."""
    root = tmp_path / "in"
    write_folder(root, {f"e/{n:05}.csv": f"id;v\n{n};{n},5\n" for n in range(1500)})
    snapshot = take(root, tmp_path / "state")
    assert rows(snapshot, "SELECT count(*), sum(id), min(v) FROM e") == [(1500, 1124250, 0.5)]
