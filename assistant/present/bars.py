"""Horizontal bars: sorted, labelled, from zero, the first 20 and what is left."""

from collections.abc import Sequence
from typing import Any

from assistant.present.columns import ResultColumn
from assistant.present.format import format_number, is_missing
from assistant.present.palette import ACCENT, CATEGORIES, REST
from assistant.present.plot import Plot, label_axis, measure_axis, number, plain_labels, tall
from assistant.present.reading import group

TOP = 20
_NATURAL_ORDERS = (
    ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"),
    ("winter", "spring", "summer", "autumn"),
)
_NATURAL_NUMBERS = 31
_LABEL_GAP_PX, _CHAR_PX = 10, 7
_LONGEST_REST = 2
"""Times the longest bar; a longer "other" would press all others flat."""


def bars(plot: Plot, keys: Sequence[ResultColumn], measure: ResultColumn) -> dict[str, Any]:
    """One bar per group."""
    order = _order(plot, keys, measure)
    shown, left = order[:TOP], order[TOP:]
    labels = [group_label(keys, row) for row in shown]
    values = [number(measure.values[row]) for row in shown]
    texts = [measure.number(row) for row in shown]
    asked = [not plot.highlighted or row in plot.highlighted for row in shown]
    notes = [f"{_first_or_last(plot)} {TOP} of {len(order):,}"] if left else []
    rest = _sum_of_rest(measure, left)
    if rest and rest <= _LONGEST_REST * max(value or 0 for value in values):
        labels.append(f"Other ({len(left):,})")
        values.append(number(rest))
        texts.append(format_number(rest, measure.unit))
        asked.append(False)
    elif rest:
        notes = [f"{notes[0]}; the other {len(left):,}: {format_number(rest, measure.unit)}"]
    records = [
        {"label": label, "value": value, "at": value or 0, "text": text, "asked": is_asked}
        for label, value, text, is_asked in zip(
            plain_labels(labels), values, texts, asked, strict=True
        )
    ]
    for record in records:
        record["tip"] = f"{str(record['label']).replace(chr(10), ' ')} · {record['text']}"
    return plot.spec(_bar_body(records, measure), notes)


def _bar_body(records: list[dict[str, Any]], measure: ResultColumn) -> dict[str, Any]:
    numbers = [record["value"] or 0 for record in records]
    scale = {
        "domain": [min(0, *numbers), max(0, *numbers) or 1],
        "range": [_room(records, left=True), {"expr": f"width - {_room(records, left=False)}"}],
        "nice": False,
    }
    x = {
        "field": "value",
        "type": "quantitative",
        "axis": {**measure_axis(measure), "grid": False},
        "scale": scale,
    }
    colour = {"condition": {"test": "datum.asked", "value": ACCENT}, "value": REST}
    text = {"field": "text", "type": "nominal"}
    return {
        "height": tall([str(record["label"]) for record in records]),
        "data": {"values": records},
        "encoding": {
            "y": {
                "field": "label",
                "type": "nominal",
                "sort": None,
                "axis": label_axis(),
                "scale": {
                    "domain": [record["label"] for record in records],
                    "paddingInner": 0.3,
                    "paddingOuter": 0.1,
                },
            },
            "x": x,
            "tooltip": {"field": "tip", "type": "nominal"},
        },
        "layer": [
            {"mark": {"type": "bar", "cornerRadiusEnd": 2}, "encoding": {"color": colour}},
            {
                "transform": [{"filter": "!(datum.value < 0)"}],
                "mark": {"type": "text", "align": "left", "dx": 6},
                "encoding": {"text": text, "x": {**x, "field": "at"}},
            },
            {
                "transform": [{"filter": "datum.value < 0"}],
                "mark": {"type": "text", "align": "right", "dx": -6},
                "encoding": {"text": text, "x": {**x, "field": "at"}},
            },
        ],
    }


def _room(records: list[dict[str, Any]], *, left: bool) -> int:
    """Return the pixels that the labels at one end of the bars take, however wide the page is."""
    texts = [str(each["text"]) for each in records if ((each["value"] or 0) < 0) == left]
    return max((_LABEL_GAP_PX + _CHAR_PX * len(text) for text in texts), default=0)


def grouped_bars(
    plot: Plot, outer: ResultColumn, inner: ResultColumn, measure: ResultColumn
) -> dict[str, Any]:
    """One group of bars per value of `outer`, one colour per value of `inner`."""
    rows = range(len(measure.values))
    names = plain_labels(list(dict.fromkeys(outer.words(row) for row in rows)))
    label_of = dict(zip(dict.fromkeys(outer.words(row) for row in rows), names, strict=True))
    records = [
        {
            "label": label_of[outer.words(row)],
            "series": inner.words(row),
            "value": number(measure.values[row]),
            "tip": f"{outer.words(row)}, {inner.words(row)} · {measure.number(row)}",
        }
        for row in rows
    ]
    series = natural(list(dict.fromkeys(str(record["series"]) for record in records)))
    body = {
        "height": {"step": 14},
        "data": {"values": records},
        "mark": {"type": "bar", "cornerRadiusEnd": 2},
        "encoding": {
            "y": {
                "field": "label",
                "type": "nominal",
                "sort": natural(names),
                "axis": label_axis(),
                "scale": {"paddingInner": 0.3},
            },
            "yOffset": {"field": "series", "type": "nominal", "sort": series},
            "x": {
                "field": "value",
                "type": "quantitative",
                "axis": measure_axis(measure),
                "scale": {"zero": True},
            },
            "color": series_colour(series),
            "tooltip": {"field": "tip", "type": "nominal"},
        },
    }
    return plot.spec(body)


def series_colour(series: Sequence[str]) -> dict[str, Any]:
    """Return the colour channel of named series, with its legend above the chart."""
    return {
        "field": "series",
        "type": "nominal",
        "sort": list(series),
        "scale": {"domain": list(series), "range": list(CATEGORIES[: len(series)])},
        "legend": {"orient": "top", "title": None, "labelLimit": 0, "columns": 4},
    }


def group_label(keys: Sequence[ResultColumn], row: int) -> str:
    """Return the group's name as it stands on an axis."""
    return keys[0].words(row) if len(keys) == 1 else group(keys, row)


def natural(names: Sequence[str]) -> list[str]:
    """Return names in the order that people know them in, where there is one."""
    lower = [name.lower() for name in names]
    for order in _NATURAL_ORDERS:
        if all(name in order for name in lower):
            return sorted(names, key=lambda name: order.index(name.lower()))
    if names and all(name.isdigit() for name in names) and len(names) <= _NATURAL_NUMBERS:
        return sorted(names, key=int)
    return list(names)


def _order(plot: Plot, keys: Sequence[ResultColumn], measure: ResultColumn) -> list[int]:
    rows = list(range(len(measure.values)))
    if len(keys) == 1 and plot.descends is None:
        names = [keys[0].words(row) for row in rows]
        ordered = natural(names)
        if ordered != names or names == natural(names[::-1]):
            return sorted(rows, key=lambda row: ordered.index(names[row]))
    with_value = [row for row in rows if not is_missing(measure.values[row])]
    without = [row for row in rows if is_missing(measure.values[row])]
    ascends = plot.descends is False
    return sorted(with_value, key=lambda row: measure.values[row], reverse=not ascends) + without


def _sum_of_rest(measure: ResultColumn, rows: Sequence[int]) -> Any:
    """The sum of the groups that are left, where adding them up makes sense."""
    if measure.metric is None or not measure.metric.additive:
        return None
    return sum(measure.values[row] for row in rows if not is_missing(measure.values[row]))


def _first_or_last(plot: Plot) -> str:
    return "Lowest" if plot.descends is False else "Top"
