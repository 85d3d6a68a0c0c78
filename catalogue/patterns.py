"""Patterns of policy.yaml: matched segment by segment, without case; `*` never crosses a dot.

A shorter pattern matches the last segments of a name.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property


@dataclass(frozen=True)
class Pattern:
    """One pattern as written in the policy."""

    text: str

    @cached_property
    def segments(self) -> tuple[str, ...]:
        return tuple(self.text.strip().lower().split("."))

    @property
    def is_literal(self) -> bool:
        return "*" not in self.text

    @cached_property
    def _expression(self) -> re.Pattern[str]:
        parts = [r"[^.]*".join(map(re.escape, part.split("*"))) for part in self.segments]
        return re.compile(r"(?:^|.*\.)" + r"\.".join(parts), re.DOTALL)

    def matches(self, name: str) -> bool:
        """True where the pattern covers this full name, given in lower case."""
        return self._expression.fullmatch(name) is not None


def first_match(patterns: Iterable[Pattern], name: str) -> Pattern | None:
    """Return the first pattern that covers the name, literal ones before those with `*`."""
    ordered = sorted(patterns, key=lambda pattern: not pattern.is_literal)
    return next((pattern for pattern in ordered if pattern.matches(name)), None)
