"""A model's metric query -> a draft: names and values exist, no value asked for is lost."""

import json
import re
from calendar import month_abbr, month_name
from collections.abc import Callable
from dataclasses import dataclass

from assistant.answer import Clarification, Confidence, Draft, Option, Refusal
from assistant.drafting.coverage import unexplained
from assistant.drafting.grounding import Ambiguous, Grounded, NoSuchValue, ground
from assistant.drafting.reply import Mendable, MetricQueryReply, ReplyMismatch
from assistant.drafting.unasked import without_unasked
from assistant.drafting.value_matches import Values, matches
from catalogue.catalogue import Catalogue
from catalogue.errors import BadMetricQuery, CatalogueError
from catalogue.metric_query import check_names, metric_query_from_mapping
from catalogue.model import MetricQuery

_YEAR = re.compile(r"(?:19|20)\d\d")
_MONTHS = frozenset(name.casefold() for name in (*month_name, *month_abbr) if name)


class LeftOut(Exception):
    """The question names a value for which nothing in the reply stands."""

    def __init__(self, words: tuple[str, ...]) -> None:
        super().__init__(", ".join(repr(word) for word in words))
        self.words = words


@dataclass(frozen=True, kw_only=True)
class MetricReading:
    """Reads metric queries of a model within one asker's view of the platform."""

    catalogue: Catalogue
    compile: Callable[[MetricQuery], str]
    values: Values | None = None

    def draft(self, reply: MetricQueryReply, question: str, *, repairs: int) -> Draft:
        """Return a draft, or raise Mendable. `repairs` is how often the model tried before."""
        try:
            query = metric_query_from_mapping(reply.mapping(self._better))
            check_names(query, self.catalogue)
            _check_time_in_period(query)
            query = without_unasked(query, question, self.catalogue)
            grounded = self._grounded(query)
            if isinstance(grounded, Ambiguous):
                return _which(grounded)
            left = unexplained(question, (query, grounded.query), self.catalogue)
            self._check_values_kept(left, query)
            sql = self.compile(grounded.query)
        except NoSuchValue as error:
            return Draft(kind="refused", refusal=Refusal(reason=str(error)))
        except (CatalogueError, ReplyMismatch) as error:
            raise Mendable(str(error), error) from error
        tables = {name for each in query.metrics for name in self.catalogue.metric(each).tables}
        return Draft(
            kind="metric",
            sql=sql,
            metric_query=grounded.query,
            tables=tuple(sorted(tables)),
            findings=grounded.findings,
            confidence=_confidence(grounded, left, repairs),
        )

    def _better(self, name: str) -> str:
        known = self.catalogue.metrics_by_name.get(name.lower())
        return known.better if known else "neutral"

    def _grounded(self, query: MetricQuery) -> Grounded | Ambiguous:
        if self.values is None:
            return Grounded(query=query)
        return ground(query, self.catalogue, self.values)

    def _check_values_kept(self, left: tuple[str, ...], query: MetricQuery) -> None:
        """Raise Mendable where an unexplained word is a value: its filter was dropped."""
        if self.values is None:
            return
        known = {
            name: self.values.of_dimension(name)
            for metric in query.metrics
            for name in self.catalogue.metric(metric).dimensions
        }
        named = [word for word in left if not _YEAR.fullmatch(word)]
        if lost := tuple(word for word in named if matches(word, known)):
            error = LeftOut(lost)
            wanted = {"dimension": "one of the listed", "op": "in", "values": list(lost)}
            raise Mendable(
                f"The question says {error}, and nothing in the reply stands for it. "
                f"Add it to where, such as {json.dumps(wanted, ensure_ascii=False)}, or refuse.",
                error,
            )


def _check_time_in_period(query: MetricQuery) -> None:
    """Raise Mendable where a month stands in a filter that compares with a value."""
    for condition in query.where:
        if any(str(value).casefold() in _MONTHS for value in condition.values):
            problem = "A month belongs in period, such as 2013-10, and never in where."
            raise Mendable(problem, BadMetricQuery(problem))


def _which(found: Ambiguous) -> Draft:
    options = tuple(Option(label=label, metric_query=query) for label, query in found.readings)
    return Draft(
        kind="clarify", clarification=Clarification(question=found.question, options=options)
    )


def _confidence(grounded: Grounded, left: tuple[str, ...], repairs: int) -> Confidence:
    if repairs:
        return Confidence(band="low", why="the model needed another try to fit the metrics")
    if left:
        named = ", ".join(repr(word) for word in left[:4])
        why = f"the model chose a governed metric; nothing in its reading stands for {named}"
        return Confidence(band="medium", why=why)
    if grounded.findings:
        return Confidence(band="medium", why="a value was read as the nearest one that exists")
    return Confidence(
        band="high", why="the model chose a governed metric; every word has a counterpart"
    )
