"""What every chart shares: title, text alternative, axes of measures, safe labels.

A tooltip is always one text of our own making: a tooltip made of fields could show a field
called "image" as a picture.
"""

import textwrap
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from assistant.present.columns import ResultColumn, lower_first
from assistant.present.format import SHARE, is_missing
from assistant.present.phrases import condition_phrases, data_period, listed
from assistant.present.reading import Reading, group

SCHEMA = "https://vega.github.io/schema/vega-lite/v6.json"
_LABEL_WIDTH = 28
_PLAIN = (
    "abs(datum.value) >= 1e9 ? format(datum.value / 1e9, ',~f') + '\u202fbillion'"
    " : abs(datum.value) >= 1e6 ? format(datum.value / 1e6, ',~f') + '\u202fmillion'"
    " : format(datum.value, ',~f')"
)
_PERCENT = "format(datum.value * 100, ',~f') + '\u202f%'"


@dataclass(frozen=True, kw_only=True)
class Plot:
    """The frame of a chart."""

    title: str
    description: str
    notes: tuple[str, ...] = ()
    highlighted: frozenset[int] = frozenset()
    """Rows that were asked for, where others stand beside them."""
    descends: bool | None = None
    """Order that was asked for; None where none was."""
    reading: Reading

    def spec(self, body: Mapping[str, Any], notes: Iterable[str] = ()) -> dict[str, Any]:
        """Return a whole specification around layers or marks."""
        title: dict[str, Any] = {"text": self.title, "anchor": "start"}
        if said := [*self.notes, *notes]:
            title["subtitle"] = said
        return {
            "$schema": SCHEMA,
            "title": title,
            "description": self.description,
            "width": "container",
            "autosize": {"type": "fit-x", "contains": "padding"},
            **body,
        }


def plot_of(
    reading: Reading, *, highlighted: frozenset[int] = frozenset(), measures: int = 1
) -> Plot:
    """Return the frame for a result: what is shown (the first `measures`), and for when."""
    title = _title(reading, reading.measures[:measures])
    return Plot(
        title=title,
        description=f"{title}. {_extremes(reading)}".strip(),
        highlighted=highlighted,
        descends=reading.descends(),
        reading=reading,
    )


def _title(reading: Reading, measures: Sequence[ResultColumn]) -> str:
    labels = listed([measures[0].label, *(lower_first(c.label) for c in measures[1:])])
    by = f" by {listed([key.noun for key in reading.keys])}" if reading.keys else ""
    query = reading.query
    if query is None:
        return f"{labels}{by}"
    period = query.period or data_period(query, reading.catalogue)
    scope = [period.label] if period else []
    scope += condition_phrases(query, reading.catalogue)
    return f"{labels}{by}{''.join(f', {part}' for part in scope)}{reading.having}"


def _extremes(reading: Reading) -> str:
    """The text alternative's numbers: how many groups, the highest, the lowest."""
    measure = reading.measures[0]
    rows = [row for row, value in enumerate(measure.values) if not is_missing(value)]
    if not rows:
        return "No values."
    low = min(rows, key=lambda row: measure.values[row])
    high = max(rows, key=lambda row: measure.values[row])
    count = f"{reading.rows:,} {reading.groups_noun(reading.rows)}"
    highest = f"{group(reading.keys, high)} {measure.quantity(high)}".strip()
    lowest = f"{group(reading.keys, low)} {measure.quantity(low)}".strip()
    return f"{count}; highest {highest}, lowest {lowest}."


def number(value: Any) -> float | int | None:
    """Return a value that JSON and Vega can plot."""
    if is_missing(value):
        return None
    return float(value) if isinstance(value, (float, Decimal)) else int(value)


def measure_axis(column: ResultColumn) -> dict[str, Any]:
    """Return the axis of a measure: percent for shares, the unit as its title else."""
    axis: dict[str, Any] = {
        "title": axis_title(column),
        "tickCount": 5,
        "domain": False,
        "ticks": False,
    }
    if column.unit == SHARE:
        return {**axis, "labelExpr": _PERCENT}
    return {**axis, "labelExpr": _PLAIN}


def upright_axis(column: ResultColumn) -> dict[str, Any]:
    """Return the axis of a measure that runs upwards: its title stands level above it."""
    return {
        **measure_axis(column),
        "titleAngle": 0,
        "titleAlign": "left",
        "titleBaseline": "bottom",
        "titleX": 0,
        "titleY": -8,
    }


def axis_title(column: ResultColumn) -> str:
    """Return the measure's unit, or its label where the unit says nothing."""
    if column.unit == SHARE or not column.unit:
        return column.label
    if column.unit.lower() in column.label.lower():
        return column.label
    return f"{column.label} ({column.unit})"


def plain_labels(labels: Sequence[str]) -> list[str]:
    """Return labels on lines of readable width, all different.

    Equal labels would fall on one bar, so later ones get an invisible mark.
    """
    seen: dict[str, int] = {}
    made = []
    for label in labels:
        lines = textwrap.wrap(label, _LABEL_WIDTH) or ["no value"]
        text = "\n".join(lines)
        seen[text] = seen.get(text, 0) + 1
        made.append(text + "\u200b" * (seen[text] - 1))
    return made


def label_axis(**more: Any) -> dict[str, Any]:
    """Return an axis of category labels that are never cut or rotated."""
    return {
        "title": None,
        "labelLimit": 0,
        "labelAngle": 0,
        "labelExpr": "split(datum.label, '\\n')",
        "ticks": False,
        "domain": False,
        "labelPadding": 8,
        **more,
    }


def tall(labels: Sequence[str], step: int = 26) -> dict[str, int]:
    """Return a height that leaves every label its lines."""
    lines = max((label.count("\n") + 1 for label in labels), default=1)
    return {"step": max(step, 14 * lines + 8)}
