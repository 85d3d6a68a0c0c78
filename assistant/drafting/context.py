"""What the model is shown: the part of the catalogue that matters, ranked, inside a token budget.

What may leave the machine is decided here and nowhere else. With `send = "schema"` no value,
range or count from the data goes out; values of classified columns never do. What rarely changes
stands first, so that a server can keep the prefix it has already read.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import Literal

from assistant.answer import Sent
from assistant.drafting.prompting import estimated_tokens, fill, one_line, untagged
from assistant.drafting.relevance import columns_that_matter, tables_that_matter
from assistant.drafting.shown import (
    DETAILS,
    example_text,
    join_text,
    metrics_text,
    platform_text,
    table_text,
)
from assistant.drafting.value_matches import Match, Values, matches, words
from catalogue.catalogue import Catalogue
from catalogue.model import Column, Dimension, Hit, Metric, VerifiedQuery

TOKEN_BUDGET = 3_000
_METRIC_SHARE = 0.6
_MOST_TABLES = 4
_MOST_EXAMPLES = 3
_MOST_EARLIER = 3
_MOST_VALUES = 8
_LONGEST_VALUE = 60
_VALUES = "Values that the question may mean:"

Send = Literal["schema", "samples", "rows"]


@dataclass(frozen=True, kw_only=True)
class Context:
    """One prompt's text about one question, and what of the platform it gives away."""

    text: str
    tokens: int
    """Estimated."""
    sent: Sent
    metrics: tuple[str, ...] = ()
    """Names of the metrics it shows."""
    dimensions: tuple[str, ...] = ()
    tables: tuple[str, ...] = ()


def build_context(
    question: str,
    *,
    catalogue: Catalogue,
    hits: Sequence[Hit],
    values: Values,
    send: Send,
    today: date,
    token_budget: int = TOKEN_BUDGET,
    history: Sequence[str] = (),
) -> Context:
    """Choose what the model sees of a catalogue that is already within the asker's grant.

    `history` holds earlier questions of the conversation, oldest first. The budget bounds what
    the catalogue adds; the question itself always goes in whole. What is likely personal and
    unconfirmed is shown to no model, whoever asks.
    """
    catalogue = catalogue.unsuspected
    shown, metrics = _shown_metrics(catalogue, hits, int(token_budget * _METRIC_SHARE))
    left = _Budget(token_budget - estimated_tokens(metrics))
    policy = _Policy(send=send, catalogue=catalogue, values=values)
    found = _Found(question=question, catalogue=catalogue, policy=policy)
    blocks = found.blocks(hits, shown, left)
    text = fill(
        "context.v1",
        platform=platform_text(catalogue),
        metrics=metrics,
        found="\n".join(blocks) or "nothing",
        earlier="\n".join(one_line(each) for each in history[-_MOST_EARLIER:]) or "nothing",
        clock=clock_text(today),
        question=untagged(question.strip()),
    )
    accepted = {name for metric in shown for name in metric.dimensions}
    return Context(
        text=text,
        tokens=estimated_tokens(text),
        sent="samples" if found.holds_values else "schema",
        metrics=tuple(metric.name for metric in shown),
        dimensions=tuple(each.name for each in catalogue.dimensions if each.name in accepted),
        tables=tuple(found.tables),
    )


def clock_text(today: date) -> str:
    """Say what day it is, and what the usual relative periods come to."""
    last_month = today.replace(day=1) - timedelta(days=1)
    quarter_start = date(today.year, 3 * ((today.month - 1) // 3) + 1, 1)
    before = quarter_start - timedelta(days=1)
    return (
        f"Today is {today:%A} {today.isoformat()}. This month is {today:%Y-%m}, last month "
        f"{last_month:%Y-%m}, last quarter {before.year}-Q{(before.month + 2) // 3}, "
        f"this year {today.year}, last year {today.year - 1}."
    )


class _Budget:
    """Tokens that are left."""

    def __init__(self, tokens: int) -> None:
        self._tokens = tokens

    def takes(self, text: str) -> bool:
        """Spend the tokens of a text, where there are as many."""
        needed = estimated_tokens(text)
        if needed > self._tokens:
            return False
        self._tokens -= needed
        return True


class _Policy:
    """What of the data may leave."""

    def __init__(self, *, send: Send, catalogue: Catalogue, values: Values) -> None:
        self._allows_values = send != "schema"
        self._catalogue = catalogue
        self._values = values

    def column_hint(self, column: Column) -> str:
        """Return a column's frequent values or its range, where they may leave; else nothing."""
        profile = column.profile
        if profile is None or not self._may_send(column):
            return ""
        if profile.top_values:
            top = ", ".join(_value(value) for value, _ in profile.top_values[:_MOST_VALUES])
            hint = f"values {top}"
        elif profile.minimum is not None and profile.maximum is not None:
            hint = f"from {_value(profile.minimum)} to {_value(profile.maximum)}"
        else:
            return ""
        return hint

    def matches(self, question: str, dimensions: Iterable[Dimension]) -> list[Match]:
        """Return values that the question may mean, where they may leave."""
        if not self._allows_values:
            return []
        allowed = [each for each in dimensions if self._may_send(self._column(each))]
        return matches(question, {d.name: self._values.of_dimension(d.name) for d in allowed})

    def is_open(self, query: VerifiedQuery) -> bool:
        """True where an example shows no value of a classified column."""
        written = words(f"{query.sql or ''} {query.metric_query or ''}")
        closed = {
            column.name.lower()
            for table in self._catalogue.tables
            for column in table.columns
            if column.is_sensitive
        }
        closed |= {
            dimension.name.lower()
            for dimension in self._catalogue.dimensions
            if not self._is_open(self._column(dimension))
        }
        return not closed & written

    def _may_send(self, column: Column | None) -> bool:
        return self._allows_values and self._is_open(column)

    def _is_open(self, column: Column | None) -> bool:
        return column is None or not column.is_sensitive

    def _column(self, dimension: Dimension) -> Column | None:
        table = self._catalogue.tables_by_name.get(dimension.table.lower())
        return table.column(dimension.column) if table else None


class _Found:
    """The part of the prompt that follows from the question."""

    def __init__(self, *, question: str, catalogue: Catalogue, policy: _Policy) -> None:
        self._question = question
        self._words = words(question)
        self._catalogue = catalogue
        self._policy = policy
        self.tables: list[str] = []
        """Full names of the tables that are shown."""
        self.holds_values = False
        """True once text that goes out holds a value from the data."""

    def blocks(self, hits: Sequence[Hit], metrics: Sequence[Metric], left: _Budget) -> list[str]:
        """Return tables, joins, values, examples and terms, as far as the budget goes."""
        tables = self._table_blocks(hits, left)
        parts = {
            "Tables:": tables,
            "Joins:": self._joins(),
            _VALUES: self._values(metrics),
            "Words:": self._terms(hits),
            "Questions that people approved a reply to:": self._examples(hits),
        }
        lines: list[str] = []
        for title, block in parts.items():
            kept = block if block is tables else [line for line in block if left.takes(line)]
            self.holds_values = self.holds_values or bool(kept and title == _VALUES)
            if kept:
                lines += [title, *kept]
        return lines

    def _table_blocks(self, hits: Sequence[Hit], left: _Budget) -> list[str]:
        blocks = []
        for table in tables_that_matter(hits, self._catalogue)[:_MOST_TABLES]:
            for most in (20, 8):
                columns = columns_that_matter(table, self._words, self._catalogue, at_most=most)
                hints = {column.name: self._policy.column_hint(column) for column in columns}
                shown = tuple(_without_values(column) for column in columns)
                block = table_text(replace(table, columns=shown), hints)
                if left.takes(block):
                    blocks.append(block)
                    self.tables.append(table.full_name)
                    self.holds_values = self.holds_values or any(hints.values())
                    break
        return blocks

    def _joins(self) -> list[str]:
        shown = {name.lower() for name in self.tables}
        return [
            join_text(join)
            for join in self._catalogue.relationships
            if {join.from_table.lower(), join.to_table.lower()} <= shown
        ]

    def _values(self, metrics: Sequence[Metric]) -> list[str]:
        accepted = {name for metric in metrics for name in metric.dimensions}
        dimensions = [each for each in self._catalogue.dimensions if each.name in accepted]
        found = self._policy.matches(self._question, dimensions)
        return [f"- {match.dimension} = {_value(match.value)}" for match in found]

    def _terms(self, hits: Sequence[Hit]) -> list[str]:
        known = {term.name.lower(): term for term in self._catalogue.terms}
        named = [known[hit.name.lower()] for hit in hits if hit.name.lower() in known]
        return [f"- {one_line(term.name)}: {one_line(term.description)}" for term in named]

    def _examples(self, hits: Sequence[Hit]) -> list[str]:
        known = {query.id: query for query in self._catalogue.verified}
        near = [known[hit.name] for hit in hits if hit.kind == "query" and hit.name in known]
        return [example_text(query) for query in near if self._policy.is_open(query)][
            :_MOST_EXAMPLES
        ]


def _shown_metrics(
    catalogue: Catalogue, hits: Sequence[Hit], tokens: int
) -> tuple[list[Metric], str]:
    """Return all metrics where they fit, in their own order; else those found, best first."""
    every = [metric for metric in catalogue.metrics if metric.governed]
    for detail in DETAILS:
        text = metrics_text(every, catalogue.dimensions, detail)
        if estimated_tokens(text) <= tokens:
            return every, text
    known = {metric.name.lower(): metric for metric in every}
    ranked = [hit.name.lower() for hit in hits if hit.kind == "metric"]
    shown: list[Metric] = []
    text = metrics_text(shown, catalogue.dimensions)
    for name in dict.fromkeys(name for name in ranked if name in known):
        longer = metrics_text([*shown, known[name]], catalogue.dimensions)
        if estimated_tokens(longer) <= tokens:
            shown, text = [*shown, known[name]], longer
    return shown, text


def _without_values(column: Column) -> Column:
    """An enum's type lists its values, so only its kind is told."""
    if "ENUM(" not in column.data_type.upper():
        return column
    return replace(column, data_type=column.data_type.partition("(")[0])


def _value(value: str) -> str:
    return f"'{one_line(value, at_most=_LONGEST_VALUE)}'"
