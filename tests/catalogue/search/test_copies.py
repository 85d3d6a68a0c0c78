"""Private copies: gone with their owner, swept when the owner was killed, left while in use."""

import gc
import subprocess
import sys
from pathlib import Path

import pytest

from catalogue.search.copies import PrivateCopy

KEEP = """
import sys, time
from pathlib import Path
from catalogue.search.copies import PrivateCopy
copy = PrivateCopy(Path(sys.argv[1]))
print(copy.path, flush=True)
time.sleep(60)
"""


@pytest.fixture
def original(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))
    monkeypatch.setenv("TMPDIR", str(tmp_path))
    directory = tmp_path / "built"
    directory.mkdir()
    (directory / "file").write_text("content")
    return directory


def test_copy_holds_the_same_and_goes_with_its_owner(original: Path) -> None:
    copy = PrivateCopy(original)
    path = copy.path
    assert (path / "file").read_text() == "content"

    del copy
    gc.collect()

    assert not path.parent.exists()


def test_removing_twice_does_nothing(original: Path) -> None:
    copy = PrivateCopy(original)
    copy.remove()
    copy.remove()

    assert not copy.path.exists()


def test_a_killed_process_is_cleaned_up_after_and_a_live_one_is_left(original: Path) -> None:
    command = [sys.executable, "-c", KEEP, str(original)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        path = Path(process.stdout.readline().strip())

        PrivateCopy(original).remove()
        assert path.exists()

        process.kill()
        process.wait()
        PrivateCopy(original).remove()
        assert not path.exists()
