"""A score of one case: a value with its evidence, or None with the reason. Never 0 for unknown."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any


@dataclass(frozen=True, kw_only=True)
class Score:
    """One score of one case."""

    name: str
    value: float | None
    """None where it could not be computed; `why` then says why not."""
    why: str
    evidence: Mapping[str, Any] = field(default_factory=dict)
    """JSON types: what the value was computed from."""

    def __post_init__(self) -> None:
        if self.value is None and not self.why:
            raise ValueError(f"The score {self.name!r} is not computable and says no reason.")


def unscored(name: str, why: str) -> Score:
    """Return a score that could not be computed."""
    return Score(name=name, value=None, why=why)
