"""A result as a table for people: labels for headers, numbers aligned, "no value" for NULL.

Every cell goes in as a number, a date or plain text, so that no cell becomes a link or a picture.
"""

from datetime import date, datetime, time
from decimal import Decimal
from typing import Any

import pyarrow as pa
import streamlit as st

from assistant.answer import Answer
from assistant.present.columns import split_grain
from assistant.present.format import (
    NARROW_SPACE,
    NO_VALUE,
    SHARE,
    column_decimals,
    format_value,
    is_missing,
)
from assistant.present.rows import result_values
from assistant.ui.escape import code

_DATE_FORMATS = {
    "year": "YYYY",
    "quarter": "[Q]Q YYYY",
    "month": "MMMM YYYY",
    "week": "D MMMM YYYY",
    "day": "D MMMM YYYY",
}
_ROW_HEIGHT = 35
_MOST_ROWS = 10
_LARGEST_EXACT = 2**53


def show_table(answer: Answer, *, key: str) -> None:
    """Draw the rows of an answer."""
    if answer.result is None:
        return
    columns: dict[str, pa.Array] = {}
    config: dict[str, Any] = {}
    values = result_values(answer.result)
    for place, (name, cells) in enumerate(
        zip(answer.result.table.column_names, values, strict=True)
    ):
        unique = name if name not in columns else f"{name} ({place + 1})"
        label = answer.labels.get(name, name)
        unit = answer.units.get(name)
        columns[unique], config[unique] = _column(name, label, unit, cells)
    rows = max(1, min(len(answer.result.table), _MOST_ROWS))
    st.dataframe(
        pa.table(columns),
        column_config=config,
        hide_index=True,
        height=_ROW_HEIGHT * (rows + 1) + 3,
        placeholder=NO_VALUE,
        key=key,
        alt=f"Rows behind the answer to: {answer.question}",
    )


def _column(name: str, label: str, unit: str | None, cells: list[Any]) -> tuple[pa.Array, Any]:
    known = [cell for cell in cells if not is_missing(cell)]
    if known and all(_is_number(cell) for cell in known):
        return _numbers(name, label, unit, cells)
    if known and all(isinstance(cell, date) for cell in known):
        return _dates(name, label, cells)
    texts = [None if is_missing(cell) else _text(cell) for cell in cells]
    return pa.array(texts, pa.string()), st.column_config.TextColumn(
        _header(label, unit), help=code(name)
    )


def _numbers(name: str, label: str, unit: str | None, cells: list[Any]) -> tuple[pa.Array, Any]:
    header = _header(label, unit)
    if unit == SHARE:
        percents = [None if is_missing(cell) else float(cell) * 100 for cell in cells]
        shape = f"%.1f{NARROW_SPACE}%%"
        column = st.column_config.NumberColumn(header, format=shape, help=code(name))
        return pa.array(percents, pa.float64()), column
    numbers = [None if is_missing(cell) else float(cell) for cell in cells]
    if any(abs(number) > _LARGEST_EXACT for number in numbers if number is not None):
        texts = [None if is_missing(cell) else format_value(cell) for cell in cells]
        column = st.column_config.TextColumn(header, help=code(name), alignment="right")
        return pa.array(texts, pa.string()), column
    decimals = column_decimals(cells, unit)
    if all(number is None or number == int(number) for number in numbers):
        whole = [None if number is None else int(number) for number in numbers]
        # A year or a flight number is a name: no thousands, no unit.
        shape = "localized" if unit else "%d"
        column = st.column_config.NumberColumn(header, format=shape, help=code(name))
        return pa.array(whole, pa.int64()), column
    shape = "localized" if decimals == 0 else f"%.{3 if decimals is None else decimals}f"
    return pa.array(numbers, pa.float64()), st.column_config.NumberColumn(
        header, format=shape, help=code(name)
    )


def _dates(name: str, label: str, cells: list[Any]) -> tuple[pa.Array, Any]:
    grain = split_grain(name)[1]
    has_clock = any(
        isinstance(cell, datetime) and cell.time() != time(0) for cell in cells if cell is not None
    )
    if has_clock:
        shape = "D MMMM YYYY, HH:mm"
        column = st.column_config.DatetimeColumn(label, format=shape, help=code(name))
        return pa.array([_naive(cell) for cell in cells], pa.timestamp("us")), column
    days = [cell.date() if isinstance(cell, datetime) else cell for cell in cells]
    shape = _DATE_FORMATS.get(grain or "day", "D MMMM YYYY")
    return pa.array(days, pa.date32()), st.column_config.DateColumn(
        label, format=shape, help=code(name)
    )


def _header(label: str, unit: str | None) -> str:
    if not unit or unit == SHARE or unit.lower() in label.lower():
        return label
    return f"{label} ({unit})"


def _naive(cell: Any) -> Any:
    """The clock time as the platform says it: the browser must not move it."""
    return cell.replace(tzinfo=None) if isinstance(cell, datetime) else cell


def _text(cell: Any) -> str:
    return cell if isinstance(cell, str) else format_value(cell)


def _is_number(cell: Any) -> bool:
    return isinstance(cell, int | float | Decimal) and not isinstance(cell, bool)
