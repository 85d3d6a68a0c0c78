"""Ranks the documents that one grant can see: meaning, spelling, trust, and joins.

The constants were tuned on the development set of evals/performance/retrieval.py.
"""

import re
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

import numpy as np

from catalogue.catalogue import Catalogue
from catalogue.model import Hit
from catalogue.search.documents import Document, Kind
from catalogue.search.joins import JoinGraph
from catalogue.search.lexical import BM25, words

if TYPE_CHECKING:
    from numpy.typing import NDArray

# Cosines of unrelated texts average 0.1 with a deviation of 0.085 (MiniLM, 1,053 tables of 206
# schemas): constants, because the deviation within a small catalogue says nothing.
_MEAN, _DEVIATION = 0.1, 0.085
_LEXICAL_WEIGHT = 1.2
_POOL = 60
_SEEDS = 5
_JOIN_BOOST = 0.3
"""Of the top score, for a table that joins to one already picked."""
_LAYERS = {"gold": 0.8, "bronze": -0.8}
_CERTIFICATION = {"verified": 0.4, "deprecated": -1.0}
_HEALTH = {"caution": -0.1, "unhealthy": -0.2}
_UNGOVERNED = -0.5
_KINDS = {"metric": 1.5, "query": -1.5, "entity": -1.0, "term": -1.0}
"""Numbers come first; a verified question is near any question in tone alone."""
_CLOSE = 0.35
"""Cosine from which a document may be called close in meaning."""
_COMMON = 0.3
"""Share of documents from which on a word is no reason."""
_NO_REASON = frozenset(
    re.findall(
        r"\w+",
        "about all and any are ask did does each for from give had has have how its list many much "
        "our per show tell than that the their there this was were what when where which who whose "
        "will with",
    )
)
"""Words that are never named as a reason; they still score, by their rarity."""


@dataclass(frozen=True, kw_only=True)
class View:
    """What one grant can find; made from the catalogue within it."""

    catalogue: Catalogue
    documents: Sequence[Document]

    def rank(
        self,
        question: str,
        cosines: Mapping[str, float],
        *,
        k: int,
        kinds: Collection[Kind] | None = None,
    ) -> list[Hit]:
        """Return the best `k` hits; `cosines` are those known, by document key."""
        closeness = np.full(len(self.documents), min(cosines.values(), default=0.0))
        for key, cosine in cosines.items():
            closeness[self._rows[key]] = cosine
        scores = (closeness - _MEAN) / _DEVIATION + self._trust
        scores += _LEXICAL_WEIGHT * self._lexical.scores(question)
        if kinds is not None:
            scores[[each.kind not in kinds for each in self.documents]] = -np.inf
        asked = self._telling(question)
        return [
            Hit(
                kind=self.documents[row].kind,
                name=self.documents[row].name,
                score=round(score, 4),
                why=tuple(self._why(row, asked, closeness[row] >= _CLOSE, joined_to)),
            )
            for row, score, joined_to in self._picked(scores, k)
        ]

    @cached_property
    def joins(self) -> JoinGraph:
        return JoinGraph(self.catalogue.relationships)

    @cached_property
    def _rows(self) -> dict[str, int]:
        return {document.key: row for row, document in enumerate(self.documents)}

    @cached_property
    def _table_rows(self) -> dict[str, int]:
        return {
            document.name.lower(): row
            for row, document in enumerate(self.documents)
            if document.kind == "table"
        }

    @cached_property
    def _lexical(self) -> BM25:
        return BM25([" ".join(text for _, text in each.fields) for each in self.documents])

    @cached_property
    def _trust(self) -> "NDArray[np.float64]":
        return np.array(
            [
                _KINDS.get(each.kind, 0.0) + sum(self._points(each).values())
                for each in self.documents
            ]
        )

    def _picked(
        self, scores: "NDArray[np.float64]", k: int
    ) -> Iterator[tuple[int, float, str | None]]:
        """Yield row, score and the pick it joins to: greedily, the best with its boost first."""
        pool = self._pool(scores)
        top = max((scores[row] for row in pool if self.documents[row].kind == "table"), default=0.0)
        boost = _JOIN_BOOST * max(top, 0.0)
        joined: dict[int, str] = {}
        ceiling = np.inf
        for _ in range(min(k, len(pool))):
            best = max(pool, key=lambda row: (scores[row] + boost * (row in joined), -row))
            ceiling = min(ceiling, float(scores[best] + boost * (best in joined)))
            yield best, ceiling, joined.get(best)
            pool.remove(best)
            for row in self._linked(best):
                joined.setdefault(row, self.documents[best].name)

    def _pool(self, scores: "NDArray[np.float64]") -> set[int]:
        """Return the best rows, and what joins to the very best of them."""
        order = np.argsort(-scores, kind="stable")[:_POOL].tolist()
        best = [row for row in order if np.isfinite(scores[row])]
        linked = {row for each in best[:_SEEDS] for row in self._linked(each)}
        return {*best, *(row for row in linked if np.isfinite(scores[row]))}

    def _linked(self, row: int) -> list[int]:
        """Return the rows of the tables that a document brings with it."""
        document = self.documents[row]
        names = (
            self.joins.neighbours(document.name)
            if document.kind == "table"
            else [name.lower() for name in document.tables]
        )
        return [self._table_rows[name] for name in names if name in self._table_rows]

    def _telling(self, question: str) -> dict[str, str]:
        """Return the words of a question that tell documents apart, by stem."""
        found = {stem: word for word in question.split() for stem in words(word)}
        plain = {stem: word.strip("?!.,;:\"'()").lower() for stem, word in found.items()}
        return {
            stem: word
            for stem, word in plain.items()
            if len(stem) > 2 and word not in _NO_REASON and self._lexical.share(stem) <= _COMMON
        }

    def _why(
        self, row: int, asked: Mapping[str, str], is_close: bool, joined_to: str | None
    ) -> Iterator[str]:
        document = self.documents[row]
        for what, text in document.fields:
            stems = set(words(text))
            if shared := [word for stem, word in asked.items() if stem in stems]:
                yield f"{what}: {', '.join(dict.fromkeys(shared))}"
        if is_close:
            yield "close in meaning"
        if joined_to:
            yield f"joins to {joined_to}" if "." in joined_to else f"behind {joined_to}"
        yield from (reason for reason, points in self._points(document).items() if points)

    def _points(self, document: Document) -> dict[str, float]:
        """Return what trust adds or takes, by its reason in words."""
        if document.kind == "metric":
            metric = self.catalogue.metric(document.name)
            status = metric.certification.status
            points: dict[str, float] = {status: _CERTIFICATION.get(status, 0.0)}
            return points if metric.governed else {**points, "ungoverned": _UNGOVERNED}
        if document.kind != "table":
            return {}
        table = self.catalogue.table(document.name)
        evidence = self.catalogue.evidence.get(table.full_name)
        layer, status = (table.layer or "").lower(), table.certification.status
        health = evidence.health if evidence else "unknown"
        return {
            f"{layer} layer": _LAYERS.get(layer, 0.0),
            status: _CERTIFICATION.get(status, 0.0),
            health: _HEALTH.get(health, 0.0),
        }
