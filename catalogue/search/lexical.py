"""Search by spelling: stemmed words, scored by BM25 (Robertson and Zaragoza, 2009)."""

import math
import re
from collections import Counter
from collections.abc import Sequence
from functools import cached_property, lru_cache
from threading import Lock
from typing import Any

import numpy as np
from numpy.typing import NDArray

_K1 = 1.2
_B = 0.75
_STEMMING = Lock()
_WORD = re.compile(r"[^\W\d_]+|\d+")
_CAMEL = re.compile(r"(?<=[a-z])(?=[A-Z])")


def words(text: str) -> list[str]:
    """Return the stemmed words of a text; names are split at underscores and capitals.

    >>> words("Cancelled flights by depDelay_2013")
    ['cancel', 'flight', 'by', 'dep', 'delay', '2013']
    """
    return [_stem(word) for word in _WORD.findall(_CAMEL.sub(" ", text).lower())]


class BM25:
    """Scores of one fixed list of texts; building is one pass over their words."""

    def __init__(self, texts: Sequence[str]) -> None:
        self._counts = [_counted(text) for text in texts]

    def scores(self, question: str) -> NDArray[np.float64]:
        """Return one score per text: 0 where no word is shared; a rare word everywhere is ~1.

        Divided by the logarithm of the number of texts, so that scores of small and large
        catalogues mean the same.
        """
        scores = np.zeros(len(self._counts))
        for word in set(words(question)):
            if posting := self._postings.get(word):
                rows, weights = posting
                scores[rows] += weights
        return scores / math.log(2 + len(self._counts))

    def share(self, stem: str) -> float:
        """Return the share of texts that hold a stem."""
        rows, _ = self._postings.get(stem, ((), ()))
        return len(rows) / max(1, len(self._counts))

    @cached_property
    def _postings(self) -> dict[str, tuple[NDArray[np.int64], NDArray[np.float64]]]:
        lengths = np.array([sum(count.values()) for count in self._counts], dtype=np.float64)
        norms = _K1 * (1 - _B + _B * lengths / (lengths.mean() or 1.0)) if len(lengths) else lengths
        rows: dict[str, list[int]] = {}
        for row, count in enumerate(self._counts):
            for word in count:
                rows.setdefault(word, []).append(row)
        return {word: self._weighted(word, found, norms) for word, found in rows.items()}

    def _weighted(
        self, word: str, found: list[int], norms: NDArray[np.float64]
    ) -> tuple[NDArray[np.int64], NDArray[np.float64]]:
        total, holding = len(self._counts), len(found)
        rarity = math.log(1 + (total - holding + 0.5) / (holding + 0.5))
        often = np.array([self._counts[row][word] for row in found], dtype=np.float64)
        rows = np.array(found, dtype=np.int64)
        return rows, rarity * often * (_K1 + 1) / (often + norms[rows])


@lru_cache(maxsize=20_000)
def _counted(text: str) -> Counter[str]:
    # Most documents read the same under every grant.
    return Counter(words(text))


@lru_cache(maxsize=100_000)
def _stem(word: str) -> str:
    # A stemmer keeps the word under work in itself.
    with _STEMMING:
        return str(_stemmer().stemWord(word))


@lru_cache(maxsize=1)
def _stemmer() -> Any:
    # Imports all of the package's languages, 0.2 s: only when something is searched.
    import snowballstemmer

    return snowballstemmer.stemmer("english")
