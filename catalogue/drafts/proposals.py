"""The records of proposals, each with the reason for it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Literal

from catalogue.model import Relationship

Kind = Literal["docs", "synonyms", "joins", "tests", "metrics"]
TestName = Literal["not_null", "unique", "relationships", "accepted_values"]


@dataclass(frozen=True, kw_only=True)
class Description:
    """A sentence on a table, or on one of its columns."""

    table: str
    column: str | None = None
    text: str
    why: str


@dataclass(frozen=True, kw_only=True)
class Synonyms:
    """Words that people use for a column whose name does not say them."""

    table: str
    column: str
    words: tuple[str, ...]


@dataclass(frozen=True, kw_only=True)
class Join:
    """A join that was inferred and that nobody has confirmed."""

    link: Relationship
    why: str


@dataclass(frozen=True, kw_only=True)
class Test:
    """A test that holds today; it costs one query over the table at each run."""

    table: str
    column: str
    name: TestName
    arguments: Mapping[str, object] = field(default_factory=dict)
    """`to` as a full table name and `field`, or `values`."""
    why: str = ""

    __test__ = False


@dataclass(frozen=True, kw_only=True)
class Drafts:
    """Everything that is proposed at once."""

    descriptions: tuple[Description, ...] = ()
    synonyms: tuple[Synonyms, ...] = ()
    joins: tuple[Join, ...] = ()
    tests: tuple[Test, ...] = ()
    metrics: str | None = None
    """Starter metrics as a semantic manifest in JSON."""

    def only(self, kinds: Sequence[Kind]) -> "Drafts":
        """Return the proposals of these kinds; of all where none is named."""
        if not kinds:
            return self
        return replace(
            self,
            descriptions=self.descriptions if "docs" in kinds else (),
            synonyms=self.synonyms if "synonyms" in kinds else (),
            joins=self.joins if "joins" in kinds else (),
            tests=self.tests if "tests" in kinds else (),
            metrics=self.metrics if "metrics" in kinds else None,
        )
