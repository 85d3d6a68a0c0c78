"""What a doctor says: checks, abilities and fixes, as records and as JSON."""

from dataclasses import asdict, dataclass
from typing import Any, Literal

Status = Literal["ok", "warning", "blocks"]
MOST_FIXES = 3
_BLOCKING = 1000
"""Worth of a fix without which nothing works."""


@dataclass(frozen=True, kw_only=True)
class Fix:
    """One step that would help, and by how much beside the others."""

    gain: str
    """What it brings."""
    step: str
    """Exactly what to do next."""
    worth: int
    """The larger, the sooner."""


@dataclass(frozen=True, kw_only=True)
class Check:
    """One thing that was looked at."""

    name: str
    status: Status
    said: str
    step: str = ""
    """What to do about it, where it is not ok."""
    worth: int = 60
    """Of the step, beside others, where it does not block."""


@dataclass(frozen=True, kw_only=True)
class Ability:
    """What can be answered today, what is in the way of more, and what would help."""

    can: tuple[str, ...] = ()
    examples: tuple[str, ...] = ()
    """Questions that are answered as they stand."""
    blocks: tuple[str, ...] = ()
    fixes: tuple[Fix, ...] = ()
    filters: str = ""
    """Filters that the data speaks for, as a section of platform.toml."""


@dataclass(frozen=True, kw_only=True)
class Report:
    """All of it."""

    platform: str
    checks: tuple[Check, ...]
    ability: Ability

    @property
    def is_fine(self) -> bool:
        return all(check.status != "blocks" for check in self.checks)

    @property
    def fixes(self) -> tuple[Fix, ...]:
        """The few fixes worth most; what blocks comes before what would be nice."""
        broken = [
            Fix(
                gain=f"The {check.name} in order.",
                step=check.step,
                worth=_BLOCKING if check.status == "blocks" else check.worth,
            )
            for check in self.checks
            if check.status != "ok" and check.step
        ]
        ranked = sorted([*broken, *self.ability.fixes], key=lambda fix: -fix.worth)
        return tuple(ranked[:MOST_FIXES])

    def to_dict(self) -> dict[str, Any]:
        """Return what `doctor --json` prints."""
        return {
            "platform": self.platform,
            "fine": self.is_fine,
            "checks": [asdict(check) for check in self.checks],
            "can": list(self.ability.can),
            "examples": list(self.ability.examples),
            "blocks": list(self.ability.blocks),
            "proposed_filters": self.ability.filters,
            "fixes": [{"gain": fix.gain, "step": fix.step} for fix in self.fixes],
        }
