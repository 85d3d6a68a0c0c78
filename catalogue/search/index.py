"""The vectors of a catalogue's documents, kept in Chroma. The only room that knows Chroma.

Chroma writes into its files when it opens them, and several processes open one build: each
works on a private copy, so that a build is never modified. Vectors are always passed in;
Chroma's own embedder, which downloads, is switched off.
"""

import json
import shutil
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any, cast

from catalogue.catalogue import Catalogue
from catalogue.embeddings import Embedder
from catalogue.errors import IndexUnavailable
from catalogue.search.copies import PrivateCopy
from catalogue.search.documents import documents

if TYPE_CHECKING:
    import numpy as np
    from chromadb.api.client import Client
    from chromadb.api.models.Collection import Collection
    from numpy.typing import NDArray

    Vector = NDArray[np.float32]

_FOLDER = "vectors"
_ABOUT = "vectors.json"
_COLLECTION = "catalogue"
_FORMAT = 1
_CHUNK = 512
_SEPARATOR = "\n"


def build_index(
    directory: Path,
    catalogue: Catalogue,
    embedder: Embedder,
    progress: Callable[[str], None] = lambda _: None,
) -> None:
    """Embed every document of a catalogue and write the index into `directory`."""
    items = [
        (f"{document.key}{_SEPARATOR}{number}", text)
        for document in documents(catalogue)
        for number, text in enumerate(document.texts)
    ]
    shutil.rmtree(directory / _FOLDER, ignore_errors=True)
    client = _client(directory / _FOLDER)
    collection = client.create_collection(
        _COLLECTION,
        embedding_function=None,
        configuration=cast(Any, {"hnsw": {"space": "cosine", "ef_search": 400}}),
    )
    for start in range(0, len(items), _CHUNK):
        chunk = items[start : start + _CHUNK]
        vectors = embedder.embed([text for _, text in chunk])
        collection.add(ids=[key for key, _ in chunk], embeddings=vectors)
        progress(f"Indexed {start + len(chunk)} of {len(items)} texts")
    client.close()
    about = {"format": _FORMAT, "embedder": embedder.name, "texts": len(items)}
    (directory / _ABOUT).write_text(json.dumps(about), encoding="utf-8")


def leave_out(directory: Path, embedder: Embedder) -> None:
    """Note that nothing is embedded yet: until then words alone find things."""
    about = {"format": _FORMAT, "embedder": embedder.name, "texts": 0}
    (directory / _ABOUT).write_text(json.dumps(about), encoding="utf-8")


class VectorIndex:
    """A built index, open for reading. Safe to share between threads."""

    def __init__(self, directory: Path, embedder: Embedder) -> None:
        self._size = _checked(directory, embedder)
        self._parts = _opened(directory / _FOLDER) if self._size else None

    def nearest(self, vector: "Vector", count: int) -> dict[str, float]:
        """Return the document keys nearest to a vector with their best cosine, best first."""
        if self._parts is None:
            return {}
        _, collection, _ = self._parts
        found = collection.query(
            query_embeddings=vector.reshape(1, -1),
            n_results=min(count, self._size),
            include=["distances"],
        )
        keys, distances = found["ids"][0], cast(Sequence[Sequence[float]], found["distances"])[0]
        best: dict[str, float] = {}
        for key, distance in zip(keys, distances, strict=True):
            best.setdefault(key.rpartition(_SEPARATOR)[0], 1.0 - distance)
        return best

    def __len__(self) -> int:
        return self._size

    def close(self) -> None:
        """Let go of the index and remove this process's copy."""
        if self._parts is not None:
            client, _, copy = self._parts
            client.close()
            copy.remove()


def _checked(directory: Path, embedder: Embedder) -> int:
    """Return how many texts the index holds, if it was made with this embedder."""
    advice = "Run `assistant build`."
    try:
        about = json.loads((directory / _ABOUT).read_text(encoding="utf-8"))
        made_with, size, written = about["embedder"], int(about["texts"]), about["format"]
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise IndexUnavailable(
            f"There is no readable search index in {directory.name}. {advice}"
        ) from error
    if (made_with, written) != (embedder.name, _FORMAT):
        raise IndexUnavailable(
            f"The search index was made with {made_with}, and {embedder.name} is in use. {advice}"
        )
    return size


def _opened(built: Path) -> "tuple[Client, Collection, PrivateCopy]":
    try:
        copy = PrivateCopy(built)
        client = _client(copy.path)
        return client, client.get_collection(_COLLECTION, embedding_function=None), copy
    except Exception as error:
        # Chroma raises its own kinds, SQLite's and Rust's for a damaged directory.
        raise IndexUnavailable(
            f"The search index cannot be opened: {type(error).__name__}. Run `assistant build`."
        ) from error


def _client(path: Path) -> "Client":
    import chromadb
    from chromadb.config import Settings

    settings = Settings(anonymized_telemetry=False)
    return cast("Client", chromadb.PersistentClient(path=str(path), settings=settings))
