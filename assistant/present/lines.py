"""Lines over time: dates in the reader's form, cut periods dashed and named."""

from datetime import date, datetime
from itertools import pairwise
from typing import Any

from assistant.present.bars import natural, series_colour
from assistant.present.columns import ResultColumn
from assistant.present.format import SHARE, counts_things, is_missing
from assistant.present.palette import ACCENT
from assistant.present.periods import partial_rows
from assistant.present.phrases import listed
from assistant.present.plot import Plot, number, upright_axis

_HEIGHT = 280
_POINTS = 60
_TICKED = 16
_NEAR_ZERO = 0.2
_MONTH = (
    "utcmonth(datum.value) == 0 ? [utcFormat(datum.value, '%b'), utcFormat(datum.value, '%Y')]"
    " : utcFormat(datum.value, '%b')"
)
_QUARTER = "['Q' + utcquarter(datum.value), utcFormat(datum.value, '%Y')]"
_FORMATS = {
    "year": "%Y",
    "month": "%b %Y",
    "week": "%-d %b",
    "day": "%-d %b",
    "hour": "%-d %b %H:%M",
}


def line(plot: Plot, time: ResultColumn, measure: ResultColumn) -> dict[str, Any]:
    """One line; what was asked for among its points carries the accent."""
    rows = sorted(
        (row for row, value in enumerate(time.values) if isinstance(value, date)),
        key=lambda row: time.values[row],
    )
    cut = partial_rows(time, plot.reading.query, plot.reading.catalogue)
    records = [
        {
            "t": moment_text(time.values[row]),
            "value": number(measure.values[row]),
            "tip": f"{time.words(row)} · {measure.quantity(row)}",
            "whole": row not in cut,
            "asked": row in plot.highlighted,
        }
        for row in rows
    ]
    mark = {"type": "line", "color": ACCENT, "strokeWidth": 2}
    layers: list[dict[str, Any]] = [{"transform": [{"filter": "datum.whole"}], "mark": mark}]
    for pair in pairwise(records):
        if not all(record["whole"] for record in pair):
            layers.append({"data": {"values": list(pair)}, "mark": {**mark, "strokeDash": [4, 4]}})
    layers += _points(len(rows), has_asked=bool(plot.highlighted))
    body = {
        "height": _HEIGHT,
        "data": {"values": records},
        "encoding": {
            "x": _time_axis(time),
            "y": _measure_axis(measure),
            "tooltip": {"field": "tip", "type": "nominal"},
        },
        "layer": layers,
    }
    return plot.spec(body, _cut_note([time.words(row) for row in rows if row in cut]))


def lines(
    plot: Plot, time: ResultColumn, series: ResultColumn, measure: ResultColumn
) -> dict[str, Any]:
    """One line per value of `series`."""
    rows = [row for row, value in enumerate(time.values) if isinstance(value, date)]
    records = [
        {
            "t": moment_text(time.values[row]),
            "series": series.words(row),
            "value": number(measure.values[row]),
            "tip": f"{series.words(row)}, {time.words(row)} · {measure.number(row)}",
        }
        for row in rows
    ]
    names = natural(list(dict.fromkeys(str(record["series"]) for record in records)))
    cut = partial_rows(time, plot.reading.query, plot.reading.catalogue)
    body = {
        "height": _HEIGHT,
        "data": {"values": records},
        "mark": {"type": "line", "strokeWidth": 2, "point": {"size": 28}},
        "encoding": {
            "x": _time_axis(time),
            "y": _measure_axis(measure),
            "color": series_colour(names),
            "tooltip": {"field": "tip", "type": "nominal"},
        },
    }
    named = dict.fromkeys(time.words(row) for row in rows if row in cut)
    return plot.spec(body, [f"Cut by the period: {listed(list(named))}"] if named else [])


def _cut_note(names: list[str]) -> list[str]:
    return [f"Dashed: only part of {listed(names)} lies in the period"] if names else []


def _points(count: int, *, has_asked: bool) -> list[dict[str, Any]]:
    """Points to hover, shown where they are few; the one asked for stands out."""
    small = {"type": "point", "filled": True, "color": ACCENT, "size": 36}
    if count > _POINTS or has_asked:
        small = {**small, "opacity": 0, "size": 80}
    layers: list[dict[str, Any]] = [{"mark": small}]
    if has_asked:
        layers.append(
            {"transform": [{"filter": "datum.asked"}], "mark": {**small, "opacity": 1, "size": 110}}
        )
    return layers


def moment_text(value: date) -> str:
    """Return a moment as UTC for a UTC axis: the reader's own zone must not move a month."""
    if isinstance(value, datetime):
        return value.replace(tzinfo=None).isoformat(timespec="seconds") + "Z"
    return f"{value.isoformat()}T00:00:00Z"


def _time_axis(time: ResultColumn) -> dict[str, Any]:
    grain = time.grain or "day"
    axis: dict[str, Any] = {"title": None, "labelAngle": 0, "grid": False, "labelOverlap": True}
    spoken = "month" if time.is_fiscal else grain
    if spoken in ("month", "quarter"):
        axis["labelExpr"] = _MONTH if spoken == "month" else _QUARTER
    else:
        axis["format"] = _FORMATS.get(grain, "%-d %b %Y")
    moments = sorted({moment_text(value) for value in time.values if isinstance(value, date)})
    if len(moments) <= _TICKED and grain in ("month", "quarter", "year"):
        axis["tickCount"] = {"interval": "month", "step": {"month": 1, "quarter": 3}.get(grain, 12)}
    return {"field": "t", "type": "temporal", "scale": {"type": "utc"}, "axis": axis}


def _measure_axis(measure: ResultColumn) -> dict[str, Any]:
    return {
        "field": "value",
        "type": "quantitative",
        "axis": upright_axis(measure),
        "scale": {"zero": _from_zero(measure)},
    }


def _from_zero(measure: ResultColumn) -> bool:
    """Counts start at zero; shares only where they come near it."""
    if counts_things(measure.unit):
        return True
    numbers = [float(value) for value in measure.values if not is_missing(value)]
    return measure.unit == SHARE and bool(numbers) and min(numbers) <= _NEAR_ZERO
