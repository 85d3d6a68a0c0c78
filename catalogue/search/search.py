"""Search over a built catalogue, as the asker's grant shows it.

Words come from the narrowed catalogue, and a text that the grant shortens is embedded again:
nothing hidden can be found, named in a reason, or move a result.
"""

from collections import OrderedDict
from collections.abc import Collection
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from threading import RLock
from typing import TYPE_CHECKING

from catalogue.catalogue import Catalogue
from catalogue.embeddings import Embedder
from catalogue.model import Hit
from catalogue.search.documents import Kind, documents
from catalogue.search.index import VectorIndex
from catalogue.search.ranking import View

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from catalogue.access import Grant

_NEAREST = 200
"""Texts fetched for a question: more than are ranked, because a grant hides some."""
_ENOUGH = 60
_KEPT_VIEWS = 16


@dataclass(frozen=True, kw_only=True)
class _GrantedView:
    """A view with the vectors of the documents that its grant shortens."""

    view: View
    keys: frozenset[str]
    own_vectors: "dict[str, NDArray[np.float32]]"


class CatalogueSearch:
    """Finds things in one built catalogue. Opens when first used; threads may share it."""

    def __init__(self, directory: Path, catalogue: Catalogue, embedder: Embedder) -> None:
        self._directory = directory
        self._catalogue = catalogue
        self._embedder = embedder
        self._lock = RLock()
        self._views: OrderedDict[str, _GrantedView] = OrderedDict()

    def search(
        self,
        question: str,
        *,
        k: int,
        grant: "Grant",
        kinds: Collection[Kind] | None = None,
    ) -> list[Hit]:
        """Return up to `k` things for a question, best first; only of these kinds, if given.

        Raises IndexUnavailable.
        """
        granted = self._granted(grant)
        cosines = self._cosines(question, granted)
        return granted.view.rank(question, cosines, k=k, kinds=kinds)

    def warm(self) -> None:
        """Open the index and load the embedder, so that the first question does not wait."""
        with self._lock:
            index = self._index
        if len(index):
            self._embedder.embed(["warm"])

    def close(self) -> None:
        """Let go of the index; a later search opens it again."""
        with self._lock:
            index = self.__dict__.pop("_index", None)
        if index is not None:
            index.close()

    @cached_property
    def _index(self) -> VectorIndex:
        return VectorIndex(self._directory, self._embedder)

    @cached_property
    def _indexed_texts(self) -> dict[str, tuple[str, ...]]:
        return {each.key: each.texts for each in documents(self._catalogue)}

    def _granted(self, grant: "Grant") -> _GrantedView:
        with self._lock:
            granted = self._views.get(grant.key)
            if granted is None:
                granted = self._views[grant.key] = self._make_view(grant)
            self._views.move_to_end(grant.key)
            while len(self._views) > _KEPT_VIEWS:
                self._views.popitem(last=False)
            return granted

    def _make_view(self, grant: "Grant") -> _GrantedView:
        narrowed = self._catalogue.within(grant)
        found = documents(narrowed)
        shortened = [each for each in found if each.texts != self._indexed_texts.get(each.key)]
        return _GrantedView(
            view=View(catalogue=narrowed, documents=found),
            keys=frozenset(each.key for each in found),
            own_vectors={each.key: self._embedder.embed(each.texts) for each in shortened},
        )

    def _cosines(self, question: str, granted: _GrantedView) -> dict[str, float]:
        """Return the best cosines by document, fetching more where the grant hides many."""
        with self._lock:
            index = self._index
        if not len(index):
            return {}
        vector = self._embedder.embed([question])[0]
        wanted = granted.keys - granted.own_vectors.keys()
        count = _NEAREST
        while True:
            found = index.nearest(vector, count)
            kept = {key: cosine for key, cosine in found.items() if key in wanted}
            if len(kept) >= min(_ENOUGH, len(wanted)) or count >= len(index):
                break
            count *= 4
        own = granted.own_vectors.items()
        return kept | {key: float((each @ vector).max()) for key, each in own if len(each)}
