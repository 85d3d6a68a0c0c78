"""Values as people read them: thousands, percent, units, dates, periods, and "no value" for NULL.

Prose, chart labels and table cells all come from here, so that they say the same number.
"""

import math
from collections.abc import Iterable
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from typing import Any, Literal

Grain = Literal["hour", "day", "week", "month", "quarter", "year"]
GRAINS: tuple[Grain, ...] = ("hour", "day", "week", "month", "quarter", "year")

NO_VALUE = "no value"
NARROW_SPACE = "\u202f"
MINUS = "\u2212"
SHARE = "share"
"""The unit of values from 0 to 1 that people read as percent."""

_MEASURES = {"share", "percent", "ratio", "minutes", "hours", "seconds", "days", "miles"}
_MEASURE_WORDS = ("degree", " per ", "inch", "kilomet", "pound", "feet", "metre", "meter")


def is_missing(value: Any) -> bool:
    """True where there is no value to show: NULL, or a number that is none."""
    return value is None or (isinstance(value, (float, Decimal)) and not math.isfinite(value))


def counts_things(unit: str | None) -> bool:
    """True where the unit is a noun that is counted (flights), not a measure (minutes)."""
    if not unit:
        return False
    lower = f" {unit.lower()} "
    is_measure = unit.lower() in _MEASURES or any(word in lower for word in _MEASURE_WORDS)
    return not is_measure and not is_currency(unit)


def is_currency(unit: str | None) -> bool:
    """True for an ISO currency code such as USD."""
    return bool(unit) and len(unit or "") == 3 and (unit or "").isalpha() and str(unit).isupper()


def format_number(
    value: Any, unit: str | None = None, *, signed: bool = False, decimals: int | None = None
) -> str:
    """Return the number without its unit's word; shares come as percent ("54.3 %").

    `decimals` holds the numbers of one column alike; without it each chooses its own.

    `signed` puts a plus before positive numbers, as changes need it.
    """
    if is_missing(value):
        return NO_VALUE
    if unit == SHARE:
        return _with_sign(_percent(float(value)), value, signed) + f"{NARROW_SPACE}%"
    if is_currency(unit):
        return _with_sign(f"{abs(value):,.2f}", value, signed)
    if decimals is not None:
        return _with_sign(f"{abs(value):,.{decimals}f}", value, signed)
    return _with_sign(_plain_number(value), value, signed)


def column_decimals(values: Iterable[Any], unit: str | None = None) -> int | None:
    """Return the decimals that suit all numbers of a column; None where each chooses its own."""
    if unit == SHARE or is_currency(unit):
        return None
    numbers = [value for value in values if isinstance(value, (float, Decimal))]
    sizes: list[Any] = [abs(number) for number in numbers if not is_missing(number)]
    if not sizes or all(size == int(size) for size in sizes):
        return None
    largest = max(sizes)
    return 0 if largest >= 10_000 else 1 if largest >= 10 else 2 if largest >= 1 else None


def format_quantity(
    value: Any, unit: str | None = None, *, signed: bool = False, decimals: int | None = None
) -> str:
    """Return the number with its unit: "12.6 minutes", "54.3 %", "1 flight", "3.50 USD"."""
    number = format_number(value, unit, signed=signed, decimals=decimals)
    if not unit or unit == SHARE or is_missing(value):
        return number
    return f"{number} {unit_for(value, unit)}"


def unit_for(value: Any, unit: str) -> str:
    """Return the unit as it stands after this value: "flight" after 1, else "flights"."""
    if value != 1 or " " in unit or is_currency(unit):
        return unit
    if unit.endswith("ches"):
        return unit[:-2]
    return unit[:-1] if unit.endswith("s") and not unit.endswith("ss") else unit


def format_value(value: Any, unit: str | None = None) -> str:
    """Return any value as people read it; numbers as in `format_number`."""
    if isinstance(value, bool):
        return "yes" if value else "no"
    if is_missing(value):
        return NO_VALUE
    if isinstance(value, (int, float, Decimal)):
        return format_number(value, unit)
    if isinstance(value, datetime):
        return format_moment(value)
    if isinstance(value, date):
        return format_date(value)
    if isinstance(value, time):
        return value.isoformat("minutes" if not value.second else "seconds")
    if isinstance(value, (bytes, bytearray)):
        return f"{len(value):,} bytes"
    return str(value)


def format_date(value: date) -> str:
    """Return "1 June 2013"."""
    return f"{value.day} {value:%B} {value.year}"


def format_moment(value: datetime) -> str:
    """Return "1 June 2013, 14:05", or the date alone at midnight."""
    if value.timetz() == time(0, tzinfo=value.tzinfo):
        return format_date(value)
    clock = f"{value:%H:%M:%S}" if value.second else f"{value:%H:%M}"
    return f"{format_date(value)}, {clock}"


def format_period(value: Any, grain: str) -> str:
    """Return a bucket of time as people say it: "June 2013", "Q2 2013", "week of 3 June 2013"."""
    if not isinstance(value, date):
        return format_value(value)
    if grain == "year":
        return str(value.year)
    if grain == "quarter":
        return f"Q{(value.month + 2) // 3} {value.year}"
    if grain == "month":
        return f"{value:%B} {value.year}"
    if grain == "week":
        return f"week of {format_date(value)}"
    return format_moment(value) if isinstance(value, datetime) else format_date(value)


def format_fiscal(value: Any, grain: str) -> str:
    """Return a fiscal quarter or year by its months: its number or name is no common ground."""
    if not isinstance(value, date):
        return format_value(value)
    end = bucket_end(value, grain)
    first = f"{value:%B}" if value.year == end.year else f"{value:%B} {value.year}"
    return f"{first} to {end:%B} {end.year}"


def bucket_end(start: date, grain: str) -> date:
    """Return the last day of the bucket of time that begins on `start`."""
    day = start.date() if isinstance(start, datetime) else start
    months = {"month": 1, "quarter": 3, "year": 12}.get(grain)
    if months is None:
        return day + timedelta(days=6 if grain == "week" else 0)
    index = day.year * 12 + day.month - 1 + months
    return date(index // 12, index % 12 + 1, 1) - timedelta(days=1)


def _with_sign(text: str, value: Any, signed: bool) -> str:
    if not any(digit in text for digit in "123456789"):
        return text
    if value < 0:
        return MINUS + text
    return f"+{text}" if signed else text


def _percent(value: float) -> str:
    """At least one decimal, more where it would read as 0 or 100 though it is not."""
    percent = abs(value) * 100
    if percent in (0, 100):
        return f"{percent:.0f}"
    for decimals in (1, 2, 3, 4):
        text = f"{percent:,.{decimals}f}"
        reads_whole = float(text.replace(",", "")) in (0.0, 100.0)
        if not reads_whole and (percent >= 1 or decimals >= 2):
            return text
    return f"{percent:.2g}"


def _plain_number(value: Any) -> str:
    size = abs(value)
    if isinstance(value, int) or size == int(size):
        return f"{int(size):,}"
    if size >= 10_000:
        return f"{size:,.0f}"
    if size >= 10:
        return f"{size:,.1f}"
    if size >= 1:
        return f"{size:,.2f}"
    return _small(float(size))


def _small(size: float) -> str:
    if size < 1e-6:
        return f"{size:.2e}"
    decimals = 3 - math.floor(math.log10(size)) - 1
    return f"{size:.{decimals}f}"
