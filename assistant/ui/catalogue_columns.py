"""The columns of a table: words, types and what is in them, as far as the asker may know it."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

import streamlit as st

from assistant.present.format import NARROW_SPACE, format_date, format_number
from assistant.present.palette import ACCENT
from assistant.present.plot import SCHEMA
from assistant.ui.catalogue_parts import grid_height, row_height
from assistant.ui.chart import show_chart
from assistant.ui.escape import code, escape, quiet
from catalogue.model import Column, ColumnProfile, Table

_TOP_VALUES = 8
_DESCRIPTION_PX, _LINE_CHARS, _MOST_LINES = 330, 50, 3
_TIME_TYPES = ("DATE", "TIMESTAMP", "TIME")


def show_columns(table: Table) -> None:
    """Draw the columns; the one that is picked shows its values beneath."""
    count, lines = len(table.columns), _lines(table)
    st.header(f"Columns, {count:,}", anchor=False)
    picked = st.dataframe(
        [column_row(column, table) for column in table.columns],
        column_config=_config(),
        hide_index=True,
        row_height=row_height(lines),
        height=grid_height(count, lines=lines),
        placeholder="",
        on_select="rerun",
        selection_mode="single-row",
        selection_default={"selection": {"rows": [first_to_show(table)]}},
        key=f"columns-{table.full_name}",
        alt=f"Columns of {table.full_name} with type, share of missing values and description",
    )
    rows: Sequence[int] = picked.selection.rows
    for place in rows[:1]:
        if place < count:
            _show_column(table.columns[place], table)


def _lines(table: Table) -> int:
    """Return how many lines of a row the longest description takes."""
    longest = max((len(column.description) for column in table.columns), default=0)
    return max(1, min(_MOST_LINES, -(-longest // _LINE_CHARS)))


def profile_of(column: Column) -> ColumnProfile | None:
    """Return the statistics that may be shown: none of sensitive columns.

    Those of masked columns and filtered tables are gone from the asker's catalogue already.
    """
    return None if column.is_sensitive else column.profile


def first_to_show(table: Table) -> int:
    """Return the place of the first column whose most frequent values are known."""
    places = (
        place
        for place, column in enumerate(table.columns)
        if (profile := profile_of(column)) and frequent_values(profile)
    )
    return next(places, 0)


def column_row(column: Column, table: Table) -> dict[str, Any]:
    """Return one row of the table of columns."""
    profile = profile_of(column)
    share = missing_share(profile, table.row_count)
    return {
        "name": column.name,
        "missing": None if share is None else share * 100,
        "values": [count for _, count in frequent_values(profile)] if profile else [],
        "description": column.description,
        "type": column.data_type,
        "range": value_range(column) if profile else None,
        "classification": "suspected" if column.is_suspected else column.classification,
    }


def frequent_values(profile: ColumnProfile) -> Sequence[tuple[str, int]]:
    """Return the most frequent values with their rows; none where each stands in one row."""
    top = profile.top_values[:_TOP_VALUES]
    return top if any(count > 1 for _, count in top) else ()


def missing_share(profile: ColumnProfile | None, rows: int | None) -> float | None:
    """Return the share of rows without a value, where it is known."""
    return profile.nulls / rows if profile and rows else None


def value_range(column: Column) -> str | None:
    """Return "1 January 2013 to 31 December 2013", "17 to 4,983", or what is the only value."""
    profile = profile_of(column)
    if profile is None or profile.minimum is None or profile.maximum is None:
        return None
    low, high = _readable(profile.minimum, column), _readable(profile.maximum, column)
    return low if low == high else f"{low} to {high}"


def _config() -> dict[str, Any]:
    return {
        "name": st.column_config.TextColumn("Column", width=160, pinned=True),
        "missing": st.column_config.ProgressColumn(
            "Missing",
            help="Share of rows without a value",
            format=f"%.1f{NARROW_SPACE}%%",
            min_value=0,
            max_value=100,
            width=90,
        ),
        "values": st.column_config.BarChartColumn(
            "Top values", help="Rows with each of the most frequent values", width=90
        ),
        "description": st.column_config.TextColumn("Description", width=_DESCRIPTION_PX),
        "type": st.column_config.TextColumn("Type", width=110),
        "range": st.column_config.TextColumn("From, to", width=300),
        "classification": st.column_config.TextColumn("Class", width="small"),
    }


def _show_column(column: Column, table: Table) -> None:
    label = f"**{escape(column.label)}** " if column.label else ""
    st.markdown(f"{label}{code(column.name)} {quiet(escape(column.data_type))}")
    if column.description:
        st.caption(escape(column.description))
    profile = profile_of(column)
    if profile is None:
        st.caption(quiet("No statistics of this column are shown."))
        return
    st.caption(quiet(escape(_in_numbers(column, profile, table))))
    if spec := values_chart(column, profile):
        show_chart(spec, key=f"values-{table.full_name}-{column.name}")


def _in_numbers(column: Column, profile: ColumnProfile, table: Table) -> str:
    parts = []
    share = missing_share(profile, table.row_count)
    if share is not None:
        parts.append(
            f"{format_number(share, 'share')} of rows have no value"
            if profile.nulls
            else "every row has a value"
        )
    if profile.distinct is not None:
        parts.append(f"about {profile.distinct:,} distinct")
    if found := value_range(column):
        parts.append(found)
    if column.unit:
        parts.append(column.unit)
    words = " · ".join(parts)
    return words[:1].upper() + words[1:]


def values_chart(column: Column, profile: ColumnProfile) -> dict[str, Any] | None:
    """Return bars of the most frequent values, most rows first."""
    top = frequent_values(profile)
    if not top:
        return None
    rows = [{"value": value, "rows": count, "said": f"{count:,}"} for value, count in top]
    words = ", ".join(f"{row['value']} {row['said']}" for row in rows)
    axis: dict[str, Any] = {"title": None, "labelLimit": 160, "ticks": False, "domain": False}
    axis["labelPadding"] = 6
    encoding = {
        "y": {"field": "value", "type": "nominal", "sort": None, "axis": axis},
        "x": {
            "field": "rows",
            "type": "quantitative",
            "axis": None,
            "scale": {"domain": [0, max(count for _, count in top) * 1.15]},
        },
    }
    return {
        "$schema": SCHEMA,
        "description": f"Most frequent values of {column.label or column.name}: {words} rows.",
        "data": {"values": rows},
        "width": "container",
        "autosize": {"type": "fit-x", "contains": "padding"},
        "height": {"step": 22},
        "encoding": encoding,
        "layer": [
            {"mark": {"type": "bar", "color": ACCENT, "height": 14}},
            {
                "mark": {"type": "text", "align": "left", "dx": 6},
                "encoding": {"text": {"field": "said"}},
            },
        ],
    }


def _readable(text: str, column: Column) -> str:
    kind = column.data_type.upper()
    if kind.startswith(_TIME_TYPES):
        try:
            return format_date(datetime.fromisoformat(text))
        except ValueError:
            return text
    try:
        return format_number(int(text)) if "INT" in kind else text
    except ValueError:
        return text
