"""Which chart a result gets, by rule; never code from a model.

One number: none. A time series: line. A category: bars. Two categories: grouped bars or a heat
map. Two measures: dots. Many rows without a pattern: none, the table speaks.
"""

from collections.abc import Sequence
from typing import Any

from assistant.answer import Draft, Result
from assistant.present.bars import bars, grouped_bars
from assistant.present.columns import ResultColumn
from assistant.present.grids import dots, heat_map
from assistant.present.lines import line, lines
from assistant.present.palette import CATEGORIES
from assistant.present.plot import Plot, plot_of
from assistant.present.reading import Reading, group, read, same_columns
from catalogue.catalogue import Catalogue

_GROUPED = (4, 8)
_HEAT_CELLS = 1500
_HEAT_SIDE = 60
_DOTS = (5, 2000)
_UNASKED_BARS = 200

Spec = dict[str, Any]


def choose_chart(
    *, draft: Draft, result: Result | None, catalogue: Catalogue, context: Result | None = None
) -> Spec | None:
    """Return a Vega-Lite specification, or None where the rows are better read than seen.

    `context` are the rows of the same query without its limit: the chart then shows all groups
    with what was asked in the accent colour. Colours of text come from `palette.dress`.
    """
    if result is None or draft.refusal or draft.clarification:
        return None
    return chart_rows(read(draft=draft, result=result, catalogue=catalogue, context=context))


def chart_rows(asked: Reading) -> Spec | None:
    """Return the chart of a result that was read."""
    shown = asked.of_context()
    if shown.rows < 2 or not shown.measures or not shown.keys:
        return _dots_of_measures(shown)
    if asked.query is None and shown.rows > _UNASKED_BARS and shown.keys[0].part != "time":
        return _dots_of_measures(shown)
    return _by_keys(shown, plot_of(shown, highlighted=_highlighted(asked, shown)))


def _highlighted(asked: Reading, shown: Reading) -> frozenset[int]:
    """The rows of what is shown that were asked for; empty where all were."""
    if asked is shown or asked.rows >= shown.rows:
        return frozenset()
    wanted = {group(asked.keys, row) for row in range(asked.rows)}
    keys = same_columns(shown.columns, asked.keys)
    return frozenset(row for row in range(shown.rows) if group(keys, row) in wanted)


def _by_keys(reading: Reading, plot: Plot) -> Spec | None:
    keys, measures = reading.keys, reading.measures
    if len(keys) == 1:
        return _by_one_key(reading, plot)
    if len(keys) > 2 or len(measures) > 2:
        return None
    if reading.query and reading.query.limit and reading.rows <= 20:
        return bars(plot, keys, measures[0])
    time = next((key for key in keys if key.part == "time"), None)
    if time is not None:
        other = next(key for key in keys if key is not time)
        if _distinct(other) <= len(CATEGORIES) and other.part != "time":
            return lines(plot, time, other, measures[0])
        return _heat(plot, other, time, measures[0])
    few, many = sorted(keys, key=_distinct)
    if _distinct(few) <= _GROUPED[0] and _distinct(many) <= _GROUPED[1]:
        return grouped_bars(plot, many, few, measures[0])
    return _heat(plot, many, few, measures[0])


def _by_one_key(reading: Reading, plot: Plot) -> Spec | None:
    key, measures = reading.keys[0], reading.measures
    if key.part == "time":
        return line(plot, key, measures[0]) if _distinct(key) == reading.rows else None
    if len(measures) == 2 and _DOTS[0] <= reading.rows <= _DOTS[1]:
        return dots(plot_of(reading, measures=2), measures[0], measures[1], key)
    return bars(plot, reading.keys, measures[0]) if _distinct(key) == reading.rows else None


def _heat(
    plot: Plot, down: ResultColumn, across: ResultColumn, measure: ResultColumn
) -> Spec | None:
    sides = (_distinct(down), _distinct(across))
    if max(sides) > _HEAT_SIDE or sides[0] * sides[1] > _HEAT_CELLS:
        return None
    return heat_map(plot, down, across, measure)


def _dots_of_measures(reading: Reading) -> Spec | None:
    measures: Sequence[ResultColumn] = reading.measures
    if len(measures) != 2 or not _DOTS[0] <= reading.rows <= _DOTS[1] or len(reading.keys) > 1:
        return None
    key = reading.keys[0] if reading.keys else None
    return dots(plot_of(reading, measures=2), measures[0], measures[1], key)


def _distinct(column: ResultColumn) -> int:
    return len(set(map(str, column.values)))
