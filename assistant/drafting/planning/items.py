"""Item: a stretch of a question with everything it may mean."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from assistant.drafting.planning.periods import Span
from assistant.drafting.planning.vocabulary import Phrase, ValueRef


@dataclass(frozen=True, kw_only=True)
class Item:
    """A stretch of the question with what it may mean; `kind -> meaning`, empty when unknown."""

    indices: tuple[int, ...]
    text: str
    phrase: Phrase = ()
    period: Span | None = None
    metrics: tuple[str, ...] = ()
    dimensions: tuple[str, ...] = ()
    values: tuple[ValueRef, ...] = ()
    marker: tuple[str, ...] = ()
    entity: str | None = None
    operator: str | None = None
    comparator: str | None = None
    grain: str | None = None
    adverb: str | None = None
    number: float | None = None
    unit: str = ""
    """The unit said behind a number, `%` for a percentage."""
    is_plural: bool = False
    is_filler: bool = False
    is_separator: bool = False

    @property
    def is_unknown(self) -> bool:
        """True where nothing explains these words."""
        return not (
            self.period
            or self.metrics
            or self.dimensions
            or self.values
            or self.marker
            or self.entity
            or self.operator
            or self.comparator
            or self.grain
            or self.adverb
            or self.number is not None
            or self.is_filler
            or self.is_separator
        )


@dataclass(frozen=True, kw_only=True)
class Reading:
    """A question in items, in the order of their first words."""

    items: tuple[Item, ...]
    corrections: Mapping[str, str] = field(default_factory=dict)
    """Misspelt word -> what it was read as."""

    @property
    def unknown(self) -> tuple[str, ...]:
        return tuple(item.text for item in self.items if item.is_unknown)
