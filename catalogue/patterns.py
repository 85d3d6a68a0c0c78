"""Patterns of policy.yaml: matched segment by segment, without case; `*` never crosses a dot.

A shorter pattern matches the last segments of a name. A name that holds a dot itself is one
segment, and is written in double quotes.
"""

import csv
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property


@dataclass(frozen=True)
class Pattern:
    """One pattern as written in the policy."""

    text: str

    @cached_property
    def segments(self) -> tuple[str, ...]:
        return tuple(next(csv.reader([self.text.strip().lower()], delimiter="."), ()))

    @property
    def is_literal(self) -> bool:
        return "*" not in self.text

    @cached_property
    def _expressions(self) -> tuple[re.Pattern[str], ...]:
        return tuple(
            re.compile(".*".join(map(re.escape, segment.split("*"))), re.DOTALL)
            for segment in self.segments
        )

    def matches(self, path: Sequence[str]) -> bool:
        """True where the pattern covers this name, given in parts and in lower case."""
        last = path[-len(self.segments) :]
        return len(last) == len(self.segments) and all(
            expression.fullmatch(part)
            for expression, part in zip(self._expressions, last, strict=True)
        )


def first_match(patterns: Iterable[Pattern], path: Sequence[str]) -> Pattern | None:
    """Return the first pattern that covers the name, literal ones before those with `*`."""
    ordered = sorted(patterns, key=lambda pattern: not pattern.is_literal)
    return next((pattern for pattern in ordered if pattern.matches(path)), None)
