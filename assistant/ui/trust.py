"""The trust strip: how an answer was made, from which layer, how fresh and how healthy, in words.

Words first, then symbol and colour; colour never stands alone.
"""

import re
from collections.abc import Sequence
from datetime import datetime

from assistant.answer import Answer, Finding
from assistant.present.format import format_moment
from assistant.receipt import NOT_PROFILED
from assistant.ui.escape import escape
from catalogue.model import Health

_HEALTH_COLOURS: dict[Health, str] = {
    "healthy": "green",
    "caution": "orange",
    "unhealthy": "red",
    "unknown": "gray",
}
_HEALTH_WORDS: dict[Health, str] = {
    "healthy": "healthy",
    "caution": "caution",
    "unhealthy": "unhealthy",
    "unknown": "health unknown",
}
_HEALTH_MARKS: dict[Health, str] = {
    "healthy": "●",
    "caution": "△",
    "unhealthy": "✕",
    "unknown": "○",
}

_ISO_DATE = re.compile(r"\b\d{4}-\d{2}-\d{2}\b")


def trust_strip(answer: Answer) -> str:
    """Return the strip as Markdown: "✓ Approved metric · gold · ● healthy · high confidence"."""
    parts = [made_how(answer), *_layers(answer)]
    if moment := oldest_as_of(answer):
        parts.append(f"data to {moment}")
    if any(finding.code == NOT_PROFILED for finding in answer.receipt.findings):
        parts.append("not profiled")
    if answer.receipt.masked:
        parts.append("some columns masked")
    confidence = f"{answer.receipt.confidence.band} confidence"
    return " · ".join([*map(escape, parts), health_words(answer.receipt.health), confidence])


def made_how(answer: Answer) -> str:
    """Return how the answer was made, in two words and a symbol."""
    if answer.kind == "verified":
        return "◇ Verified query"
    if answer.kind == "generated":
        return "△ Generated SQL"
    return "✓ Approved metric" if answer.receipt.governed else "○ Ungoverned"


def health_words(health: Health) -> str:
    """Return the health as Markdown: symbol and word in its colour."""
    return f":{_HEALTH_COLOURS[health]}[{_HEALTH_MARKS[health]}\u00a0{_HEALTH_WORDS[health]}]"


def oldest_as_of(answer: Answer) -> str | None:
    """Return the date up to which every table behind the answer has data."""
    known = [table.as_of for table in answer.receipt.tables if table.as_of]
    return readable_moment(min(known)) if known else None


def readable_moment(text: str) -> str:
    """Return an ISO moment in the reader's form; text that is none stays as it is."""
    try:
        return format_moment(datetime.fromisoformat(text))
    except ValueError:
        return text


def readable_dates(text: str) -> str:
    """Return a sentence with its ISO dates in the reader's form, each on one line."""
    return _ISO_DATE.sub(lambda found: readable_moment(found[0]).replace(" ", "\u00a0"), text)


def gravest(findings: Sequence[Finding]) -> Finding | None:
    """Return the one finding that may stand unfolded."""
    for level in ("error", "warning"):
        for finding in findings:
            if finding.level == level:
                return finding
    return None


def _layers(answer: Answer) -> list[str]:
    layers = dict.fromkeys(table.layer for table in answer.receipt.tables if table.layer)
    return [" and ".join(layers)] if layers else []
