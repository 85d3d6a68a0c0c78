"""Vectors of an earlier build serve the texts that have not changed, and no others."""

from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray

from catalogue.search.remembered import FILE, RememberingEmbedder


class Counting:
    """An embedder that counts what it is asked for; a vector tells the text's length."""

    dimensions = 2

    def __init__(self, name: str = "counting-1") -> None:
        self.name = name
        self.asked: list[str] = []

    def embed(self, texts: Sequence[str]) -> NDArray[np.float32]:
        self.asked += texts
        return np.array([[len(text), 1] for text in texts], dtype=np.float32)


def _kept(directory: Path, texts: Sequence[str]) -> None:
    first = RememberingEmbedder(Counting())
    first.embed(texts)
    first.save(directory)


def test_only_new_texts_are_embedded(tmp_path: Path) -> None:
    _kept(tmp_path, ["a", "bb"])
    counting = Counting()
    vectors = RememberingEmbedder(counting, tmp_path).embed(["bb", "ccc", "a", "ccc"])
    assert counting.asked == ["ccc"]
    assert vectors[:, 0].tolist() == [2, 3, 1, 3]


def test_what_is_no_longer_used_is_forgotten(tmp_path: Path) -> None:
    _kept(tmp_path, ["a", "bb"])
    second = RememberingEmbedder(Counting(), tmp_path)
    second.embed(["bb"])
    second.save(tmp_path)
    counting = Counting()
    RememberingEmbedder(counting, tmp_path).embed(["a", "bb"])
    assert counting.asked == ["a"]


def test_vectors_of_another_model_are_not_used(tmp_path: Path) -> None:
    _kept(tmp_path, ["a"])
    counting = Counting(name="counting-2")
    RememberingEmbedder(counting, tmp_path).embed(["a"])
    assert counting.asked == ["a"]


@pytest.mark.parametrize("content", [b"", b"PK\x03\x04 cut off", b"not at all"])
def test_a_damaged_file_is_as_good_as_none(tmp_path: Path, content: bytes) -> None:
    (tmp_path / FILE).write_bytes(content)
    counting = Counting()
    RememberingEmbedder(counting, tmp_path).embed(["a"])
    assert counting.asked == ["a"]
