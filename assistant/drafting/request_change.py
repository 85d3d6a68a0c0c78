"""What changed in a request against the nearest of those recorded, in a few lines for people."""

from collections.abc import Mapping, Sequence
from difflib import unified_diff

_LINES = 8
"""Changed lines shown of one part."""
_WIDTH = 160

Parts = Mapping[str, str]
"""Part of a request -> its text."""


def nearest_change(asked: Parts, recorded: Sequence[Parts]) -> str:
    """Say which parts differ from the nearest recorded request, and show how."""
    if not recorded:
        return "Nothing is recorded there."
    nearest = min(recorded, key=lambda each: _distance(asked, each))
    changed = [part for part in {**nearest, **asked} if nearest.get(part) != asked.get(part)]
    shown = [line for part in changed for line in _difference(part, nearest, asked)]
    return "\n".join(
        [f"Against the nearest recorded request, changed: {', '.join(changed)}.", *shown]
    )


def _distance(asked: Parts, recorded: Parts) -> int:
    """Count the lines that only one of them has; a part that is there or not counts twice."""
    parts = {**asked, **recorded}
    lines = sum(
        len(set(asked.get(part, "").splitlines()) ^ set(recorded.get(part, "").splitlines()))
        for part in parts
    )
    return lines + 2 * len(set(asked) ^ set(recorded))


def _difference(part: str, old: Parts, new: Parts) -> list[str]:
    before, after = old.get(part, "").splitlines(), new.get(part, "").splitlines()
    lines = [
        line if len(line) <= _WIDTH else f"{line[: _WIDTH - 1]}…"
        for line in unified_diff(before, after, lineterm="", n=0)
        if line[:1] in "+-" and line[:3] not in ("+++", "---")
    ]
    more = [f"  and {len(lines) - _LINES} more lines"] if len(lines) > _LINES else []
    return [f"  {part}:", *(f"  {line}" for line in lines[:_LINES]), *more]
