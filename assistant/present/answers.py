"""All that is shown of a draft and its rows: text, chart, headers; the rows are read once."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from assistant.answer import Draft, Finding, Result
from assistant.present.chart import chart_rows
from assistant.present.narrate import narrate_rows, narrate_unanswered
from assistant.present.reading import read
from catalogue.catalogue import Catalogue


@dataclass(frozen=True, kw_only=True)
class Presentation:
    """What a reader is given of an answer, besides its receipt."""

    text: str
    headline: str = ""
    """The beginning of `text` that carries the number; empty where none does."""
    chart: dict[str, Any] | None = None
    labels: Mapping[str, str] = field(default_factory=dict)
    """Column name -> header."""
    units: Mapping[str, str] = field(default_factory=dict)
    """Column name -> unit, where one is declared."""
    findings: tuple[Finding, ...] = ()


def present(
    *, draft: Draft, result: Result | None, catalogue: Catalogue, context: Result | None = None
) -> Presentation:
    """Word and draw an answer.

    `context` are the rows of the same query without its limit, where they were read.
    """
    if draft.refusal is not None or draft.clarification is not None or result is None:
        return Presentation(text=narrate_unanswered(draft).text)
    reading = read(draft=draft, result=result, catalogue=catalogue, context=context)
    said = narrate_rows(reading)
    return Presentation(
        text=said.text,
        headline=said.headline,
        chart=chart_rows(reading),
        labels={column.name: column.label for column in reading.columns},
        units={column.name: column.unit for column in reading.columns if column.unit},
        findings=said.findings,
    )
