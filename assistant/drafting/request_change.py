"""What changed in a request against the nearest of those recorded, in a few lines for people."""

from collections.abc import Iterator, Mapping, Sequence
from difflib import SequenceMatcher
from itertools import zip_longest

_LINES = 8
"""Changed lines shown of one part."""
_WIDTH = 160
"""Characters shown of one line."""

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
    lines = list(_changed(old.get(part, "").splitlines(), new.get(part, "").splitlines()))
    more = [f"  and {len(lines) - _LINES} more lines"] if len(lines) > _LINES else []
    return [f"  {part}:", *(f"  {line}" for line in lines[:_LINES]), *more]


def _changed(before: Sequence[str], after: Sequence[str]) -> Iterator[str]:
    """Yield changed lines, old beside new, each from shortly before its first difference."""
    matcher = SequenceMatcher(None, before, after, autojunk=False)
    for kind, first, last, new_first, new_last in matcher.get_opcodes():
        if kind == "equal":
            continue
        for old, new in zip_longest(before[first:last], after[new_first:new_last]):
            alike = _alike(old or "", new or "")
            yield from (
                f"{sign}{_around(line, alike)}"
                for sign, line in (("-", old), ("+", new))
                if line is not None
            )


def _alike(one: str, two: str) -> int:
    """Return how many characters two lines begin with alike."""
    shorter = min(len(one), len(two))
    return next((at for at in range(shorter) if one[at] != two[at]), shorter)


def _around(line: str, at: int) -> str:
    """Return a line, or as much of a long one as shows the place."""
    if len(line) <= _WIDTH:
        return line
    start = max(0, min(at - _WIDTH // 4, len(line) - _WIDTH))
    cut = line[start : start + _WIDTH]
    return f"{'…' if start else ''}{cut}{'…' if start + _WIDTH < len(line) else ''}"
