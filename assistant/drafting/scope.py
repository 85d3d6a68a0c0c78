"""Scope: one asker's view of a platform, ready for questions. Built once per grant, then shared.

Everything that drafting reads comes from here, so that nothing beyond the grant can be reached.
"""

from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property

from assistant.answer import SafeQuery
from assistant.drafting.planner import Planner
from assistant.drafting.planning.periods import Calendar
from assistant.drafting.planning.vocabulary import Vocabulary, build_vocabulary
from catalogue.access import Grant
from catalogue.catalogue import Catalogue
from catalogue.model import MetricQuery
from catalogue.values import ValueIndex


@dataclass(frozen=True, kw_only=True)
class Scope:
    """The narrowed catalogue and values of one grant, with the callables that act under it."""

    grant: Grant
    catalogue: Catalogue
    values: ValueIndex
    calendar: Calendar
    compile: Callable[[MetricQuery], str]
    check: Callable[[str], SafeQuery]

    @cached_property
    def vocabulary(self) -> Vocabulary:
        return build_vocabulary(self.catalogue, self.values)

    @cached_property
    def planner(self) -> Planner:
        return Planner(vocabulary=self.vocabulary, calendar=self.calendar)
