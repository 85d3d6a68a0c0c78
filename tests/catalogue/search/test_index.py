"""The vector index: written once, opened by many, never modified."""

import json
import shutil
import subprocess
import sys
from collections.abc import Sequence
from hashlib import sha256
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import pytest

from catalogue.catalogue import Catalogue
from catalogue.embeddings import MiniLM
from catalogue.errors import IndexUnavailable
from catalogue.search.index import VectorIndex, build_index

if TYPE_CHECKING:
    from catalogue.embeddings import Vectors

ASK = """
import sys, time
from pathlib import Path
from catalogue.embeddings import MiniLM
from catalogue.search.index import VectorIndex
embedder = MiniLM()
index = VectorIndex(Path(sys.argv[1]), embedder)
print(list(index.nearest(embedder.embed(["salary"])[0], 3)))
time.sleep(1)
index.close()
"""


def digests(directory: Path) -> dict[str, tuple[str, int]]:
    return {
        str(path): (sha256(path.read_bytes()).hexdigest(), path.stat().st_mtime_ns)
        for path in directory.rglob("*")
        if path.is_file()
    }


def test_opening_and_asking_leave_the_build_as_it_was(built: Path, embedder: MiniLM) -> None:
    before = digests(built)
    index = VectorIndex(built, embedder)
    index.nearest(embedder.embed(["salary"])[0], 3)
    index.close()

    assert digests(built) == before


def test_several_processes_open_one_build_at_once(built: Path) -> None:
    before = digests(built)
    command = [sys.executable, "-c", ASK, str(built)]
    running = [subprocess.Popen(command, stdout=subprocess.PIPE, text=True) for _ in range(3)]
    found = [process.communicate(timeout=60)[0] for process in running]

    assert "table:hr.salaries" in found[0]
    assert found[0] == found[1] == found[2]
    assert digests(built) == before


def test_nearest_gives_one_cosine_per_document(built: Path, embedder: MiniLM) -> None:
    index = VectorIndex(built, embedder)
    text = "salaries: employee, salary, bonus"
    found = index.nearest(embedder.embed([text])[0], 1000)
    index.close()

    assert found["table:hr.salaries"] == pytest.approx(1.0, abs=0.01)
    assert list(found.values()) == sorted(found.values(), reverse=True)


def test_progress_is_told(tmp_path: Path, embedder: MiniLM) -> None:
    told: list[str] = []

    build_index(tmp_path, Catalogue(name="empty"), embedder, told.append)
    index = VectorIndex(tmp_path, embedder)

    assert told == []
    assert index.nearest(np.zeros(384, dtype=np.float32), 3) == {}
    index.close()


def test_building_again_replaces_what_was_there(
    tmp_path: Path, built: Path, embedder: MiniLM
) -> None:
    shutil.copytree(built, tmp_path / "again")

    build_index(tmp_path / "again", Catalogue(name="empty"), embedder)

    index = VectorIndex(tmp_path / "again", embedder)
    assert len(index) == 0
    index.close()


class OtherModel:
    name = "other"
    dimensions = 3

    def embed(self, texts: Sequence[str]) -> "Vectors":
        return np.ones((len(texts), 3), dtype=np.float32)


def test_index_of_another_model_is_refused(built: Path) -> None:
    with pytest.raises(IndexUnavailable, match="was made with all-MiniLM"):
        VectorIndex(built, OtherModel())


@pytest.mark.parametrize("damage", ["absent", "no vectors", "garbled", "other format"])
def test_damaged_index_is_named(tmp_path: Path, built: Path, embedder: MiniLM, damage: str) -> None:
    directory = tmp_path / "damaged"
    shutil.copytree(built, directory)
    about = directory / "vectors.json"
    if damage == "absent":
        about.unlink()
    elif damage == "garbled":
        about.write_text("{")
    elif damage == "other format":
        about.write_text(json.dumps({**json.loads(about.read_text()), "format": 0}))
    else:
        shutil.rmtree(directory / "vectors")

    with pytest.raises(IndexUnavailable, match="assistant build"):
        VectorIndex(directory, embedder)


def test_import_loads_no_chroma() -> None:
    code = (
        "import sys, catalogue.search.search; "
        "print({'chromadb', 'onnxruntime', 'snowballstemmer'} & set(sys.modules))"
    )

    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)

    assert done.stdout.strip() == "set()"
