"""Heat maps of two categories, and dots of two measures."""

from typing import Any

from assistant.present.bars import natural
from assistant.present.columns import ResultColumn
from assistant.present.format import is_missing
from assistant.present.lines import moment_text
from assistant.present.palette import ACCENT
from assistant.present.plot import (
    Plot,
    axis_title,
    label_axis,
    measure_axis,
    number,
    plain_labels,
    tall,
    upright_axis,
)

_NAMED_DOTS = 16


def heat_map(
    plot: Plot, down: ResultColumn, across: ResultColumn, measure: ResultColumn
) -> dict[str, Any]:
    """One cell per pair, from pale (low) to strong (high)."""
    rows = [row for row, value in enumerate(measure.values) if not is_missing(value)]
    lefts, tops = _labels(down), _labels(across)
    records = [
        {
            "down": lefts[down.words(row)],
            "across": tops[across.words(row)],
            "value": number(measure.values[row]),
            "tip": f"{down.words(row)}, {across.words(row)} · {measure.number(row)}",
        }
        for row in rows
    ]
    legend = {**_legend_axis(measure), "title": axis_title(measure), "orient": "bottom"}
    body = {
        "height": tall(list(lefts.values()), 22),
        "data": {"values": records},
        "mark": {"type": "rect"},
        "encoding": {
            "y": {
                "field": "down",
                "type": "ordinal",
                "sort": list(lefts.values()),
                "axis": label_axis(),
            },
            "x": {
                "field": "across",
                "type": "ordinal",
                "sort": list(tops.values()),
                "axis": label_axis(orient="top", labelOverlap=True),
            },
            "color": {"field": "value", "type": "quantitative", "legend": legend},
            "tooltip": {"field": "tip", "type": "nominal"},
        },
    }
    return plot.spec(body)


def dots(
    plot: Plot, across: ResultColumn, up: ResultColumn, key: ResultColumn | None
) -> dict[str, Any]:
    """One dot per row; named where they are few."""
    records = []
    for row in range(len(up.values)):
        if is_missing(across.values[row]) or is_missing(up.values[row]):
            continue
        name = key.words(row) if key else ""
        pair = f"{across.quantity(row)}, {up.quantity(row)}"
        records.append(
            {
                "x": number(across.values[row]),
                "y": number(up.values[row]),
                "name": name,
                "tip": f"{name} · {pair}" if name else pair,
            }
        )
    layers: list[dict[str, Any]] = [
        {"mark": {"type": "point", "filled": True, "color": ACCENT, "size": 60, "opacity": 0.85}}
    ]
    if key is not None and len(records) <= _NAMED_DOTS:
        text = {"field": "name", "type": "nominal"}
        layers.append({"mark": {"type": "text", "dy": -10}, "encoding": {"text": text}})
    body = {
        "height": 320,
        "data": {"values": records},
        "encoding": {
            "x": _axis("x", across),
            "y": _axis("y", up),
            "tooltip": {"field": "tip", "type": "nominal"},
        },
        "layer": layers,
    }
    return plot.spec(body)


def _axis(field: str, column: ResultColumn) -> dict[str, Any]:
    return {
        "field": field,
        "type": "quantitative",
        "axis": upright_axis(column) if field == "y" else measure_axis(column),
        "scale": {"zero": False, "padding": 24},
    }


def _legend_axis(measure: ResultColumn) -> dict[str, Any]:
    axis = measure_axis(measure)
    return {key: axis[key] for key in ("labelExpr", "format") if key in axis}


def _labels(column: ResultColumn) -> dict[str, str]:
    """Words -> axis label, in the order they are drawn."""
    rows = range(len(column.values))
    if column.part == "time":
        moments = {moment_text(column.values[row]): column.words(row) for row in rows}
        words = [moments[moment] for moment in sorted(moments)]
    else:
        words = natural(sorted({column.words(row) for row in rows}))
    return dict(zip(words, plain_labels(words), strict=True))
