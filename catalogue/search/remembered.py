"""Vectors of an earlier build, by text: what has not changed is not embedded again.

Embedding is the dearest step of a build, about 20 ms a text.
"""

from collections.abc import Iterable, Sequence
from contextlib import suppress
from hashlib import sha256
from io import BytesIO
from pathlib import Path
from typing import TYPE_CHECKING
from zipfile import BadZipFile

from catalogue.embeddings import Embedder

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    Vector = NDArray[np.float32]

FILE = "embedded.npz"


class RememberingEmbedder:
    """An Embedder that asks another only for texts it does not hold."""

    def __init__(self, embedder: Embedder, before: Path | None = None) -> None:
        self._embedder = embedder
        self._held = _read(before / FILE, embedder.name) if before else {}
        self._used: dict[str, Vector] = {}

    @property
    def name(self) -> str:
        return self._embedder.name

    @property
    def dimensions(self) -> int:
        return self._embedder.dimensions

    def embed(self, texts: Sequence[str]) -> "NDArray[np.float32]":
        """Return one vector of length 1 per text, shape (texts, dimensions)."""
        import numpy as np

        keys = [_digest(text) for text in texts]
        fresh = {key: text for key, text in zip(keys, texts, strict=True) if key not in self._held}
        if fresh:
            vectors = self._embedder.embed(list(fresh.values()))
            self._held.update(zip(fresh, vectors, strict=True))
        self._used.update((key, self._held[key]) for key in keys)
        return np.stack([self._held[key] for key in keys])

    def save(self, directory: Path) -> None:
        """Keep what was used for the next build."""
        import numpy as np

        np.savez(
            directory / FILE,
            name=np.array(self.name),
            keys=np.array(list(self._used)),
            vectors=_stacked(self._used.values(), self.dimensions),
        )


def _stacked(vectors: "Iterable[Vector]", dimensions: int) -> "NDArray[np.float32]":
    import numpy as np

    return np.array(list(vectors), dtype=np.float32).reshape(-1, dimensions)


def _read(path: Path, embedder: str) -> "dict[str, Vector]":
    """Return the vectors kept at `path`; none where they are of another model, or damaged."""
    import numpy as np

    damage = (OSError, EOFError, ValueError, KeyError, BadZipFile)
    # Through memory: opened by its name, a damaged file would be left open.
    with suppress(*damage), np.load(BytesIO(path.read_bytes()), allow_pickle=False) as kept:
        if str(kept["name"]) == embedder:
            return dict(zip(map(str, kept["keys"]), kept["vectors"], strict=True))
    return {}


def _digest(text: str) -> str:
    return sha256(text.encode()).hexdigest()[:32]
