"""The installed embedding model: pinned, normalised, independent of company and of threads."""

import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import numpy as np
import pytest

from catalogue.embeddings import MiniLM
from catalogue.errors import IndexUnavailable

TEXTS = [
    "Which airline had the worst on-time rate?",
    "on-time arrivals by airline",
    "quarterly revenue by customer",
    "",
    "flight " * 400,
]


@pytest.fixture(scope="module")
def model() -> MiniLM:
    return MiniLM()


def test_vectors_have_length_one_and_the_promised_shape(model: MiniLM) -> None:
    vectors = model.embed(TEXTS)

    assert vectors.shape == (len(TEXTS), model.dimensions)
    assert vectors.dtype == np.float32
    assert np.linalg.norm(vectors, axis=1) == pytest.approx(np.ones(len(TEXTS)), abs=1e-5)


def test_near_meanings_are_near(model: MiniLM) -> None:
    question, near, far = model.embed(TEXTS[:3])

    assert question @ near > 0.3 > question @ far


def test_vector_does_not_depend_on_its_batch(model: MiniLM) -> None:
    together = model.embed(TEXTS)
    alone = np.vstack([model.embed([text]) for text in TEXTS])

    assert np.abs(together - alone).max() < 0.01


def test_threads_get_what_one_thread_gets(model: MiniLM) -> None:
    texts = [f"{text} {number}" for number in range(8) for text in TEXTS[:3]]
    alone = np.vstack([model.embed([text]) for text in texts])

    with ThreadPoolExecutor(8) as pool:
        together = np.vstack(list(pool.map(lambda text: model.embed([text]), texts)))

    assert np.array_equal(alone, together)


def test_no_text_is_no_vector(model: MiniLM) -> None:
    assert model.embed([]).shape == (0, model.dimensions)


def test_other_weights_refuse_to_start(tmp_path: Path) -> None:
    weights = tmp_path / "model.onnx"
    weights.write_bytes(b"other weights")

    with pytest.raises(IndexUnavailable, match=r"model\.onnx is not the pinned file"):
        MiniLM(model=weights).warm()


def test_other_tokenizer_refuses_to_start(tmp_path: Path) -> None:
    tokenizer = tmp_path / "tokenizer.json"
    tokenizer.write_text("{}")

    with pytest.raises(IndexUnavailable, match=r"tokenizer\.json is not the pinned file"):
        MiniLM(tokenizer=tokenizer).warm()


def test_missing_weights_are_named(tmp_path: Path) -> None:
    with pytest.raises(IndexUnavailable, match="cannot be read"):
        MiniLM(model=tmp_path / "absent.onnx").warm()


def test_import_loads_nothing_heavy() -> None:
    code = (
        "import sys, catalogue.embeddings; "
        "print({'numpy', 'onnxruntime', 'tokenizers'} & set(sys.modules))"
    )

    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)

    assert done.stdout.strip() == "set()"
