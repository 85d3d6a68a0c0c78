"""The verdict in words: one line first, and every number in it comes from the rows.

`headline` is the part of `text` that a page shows largest.
"""

from dataclasses import dataclass

from assistant.answer import Draft, Finding, Option, Refusal, Result
from assistant.present.format import format_quantity, format_value
from assistant.present.reading import Reading, read
from assistant.present.verdict import verdict
from catalogue.catalogue import Catalogue


@dataclass(frozen=True, kw_only=True)
class Narration:
    """What is said of an answer."""

    text: str
    headline: str = ""
    """The beginning of `text` that carries the number; empty where none does."""
    findings: tuple[Finding, ...] = ()
    """What a reader should know before leaning on the numbers."""


def narrate(
    *, draft: Draft, result: Result | None, catalogue: Catalogue, context: Result | None = None
) -> Narration:
    """Word an answer.

    `context` are the rows of the same query without its limit, where they were read: they tell
    of how many groups the winner is one, and its basis.
    """
    if draft.refusal is not None or draft.clarification is not None or result is None:
        return narrate_unanswered(draft)
    return narrate_rows(read(draft=draft, result=result, catalogue=catalogue, context=context))


def narrate_rows(reading: Reading) -> Narration:
    """Word the rows of a query that ran."""
    said = verdict(reading)
    headline = said.headline[:1].upper() + said.headline[1:]
    # A name may end in a full stop of its own: "SkyWest Airlines Inc."
    text = _one_stop(headline + said.rest)
    return Narration(text=text, headline=headline, findings=said.findings)


def narrate_unanswered(draft: Draft) -> Narration:
    """Word a refusal, a question back, or what broke."""
    if draft.refusal is not None:
        return Narration(text=refusal_text(draft.refusal))
    if draft.clarification is not None:
        return Narration(text=draft.clarification.question)
    return Narration(text=str(draft.error) if draft.error else "Nothing was run.")


def refusal_text(refusal: Refusal) -> str:
    """Say what is missing and whom to ask; what the reason already says is not repeated."""
    sentences = [_sentence(refusal.reason)]
    unsaid = [word for word in refusal.missing if word.lower() not in refusal.reason.lower()]
    if unsaid:
        sentences.append(f"Missing: {', '.join(unsaid)}.")
    if refusal.contact and refusal.contact not in refusal.reason:
        sentences.append(f"Ask {refusal.contact}.")
    return " ".join(sentences)


def option_value(option: Option, catalogue: Catalogue) -> str:
    """Return the number that a reading gives, with its unit; empty where none was computed."""
    if option.value is None:
        return ""
    name = option.metric_query.metrics[0] if option.metric_query else ""
    metric = catalogue.metrics_by_name.get(name.lower())
    if isinstance(option.value, str) or metric is None:
        return format_value(option.value)
    return format_quantity(option.value, metric.unit, signed=metric.needs_time)


def _sentence(text: str) -> str:
    text = text.strip()
    return text if not text or text.endswith((".", "?", "!", ":")) else f"{text}."


def _one_stop(text: str) -> str:
    """`United Air Lines Inc..` ends in one full stop."""
    return text[:-1] if text.endswith("..") and not text.endswith("...") else text
