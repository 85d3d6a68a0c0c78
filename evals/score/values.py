"""When two values of a result are the same value, whatever types two queries give it.

Integers, decimals and floats are equal when numerically equal; a date is its midnight and its ISO
text, a month its first day, a time of day its text; NULL equals NULL and NaN equals NaN. Lists and
structs are compared cell by cell. Truth values are not numbers, numbers are not text.
"""

import re
from datetime import UTC, date, datetime, time
from decimal import Decimal
from math import isclose, isnan
from typing import Any

FLOAT_TOLERANCE = 1e-6
"""Relative, between two measured numbers: the noise of floats. A wider one is a case's wish."""
_WHOLE = 1e-12
"""Relative, between two floats without a fraction: noise leaves one, a missing row does not."""
_FLOOR = 1e-9
_ISO_MONTH = re.compile(r"(19|20)\d{2}-(0[1-9]|1[0-2])")
_ISO_DAY = re.compile(
    r"\d{4}-\d{2}-\d{2}([T ]\d{2}:\d{2}(:\d{2}(\.\d+)?)?(Z|[+-]\d{2}(:?\d{2})?)?)?"
)
_ISO_TIME = re.compile(r"\d{2}:\d{2}(:\d{2}(\.\d+)?)?")

Cell = tuple[str, Any]
"""The kind of a value and its form."""


def canonical(value: Any) -> Cell:
    """Return the kind of a value and a form in which equal values of a kind compare equal."""
    if value is None:
        return "null", None
    if isinstance(value, bool):
        return "bool", value
    if isinstance(value, int | float | Decimal):
        return _number(value)
    if isinstance(value, datetime):
        aware = value.tzinfo is not None
        return "time", value.astimezone(UTC).replace(tzinfo=None) if aware else value
    if isinstance(value, date):
        return "time", datetime.combine(value, time.min)
    if isinstance(value, str):
        return _text(value)
    if isinstance(value, dict):
        return "struct", tuple(canonical(list(field)) for field in sorted(value.items()))
    if type(value) is tuple:  # An entry of a map, as rows are kept; an interval is another type.
        return canonical({"key": value[0], "value": value[1]})
    if isinstance(value, list):
        return "list", tuple(canonical(each) for each in value)
    return type(value).__name__, value if isinstance(value, time) else repr(value)


def same(left: Cell, right: Cell, tolerance: float) -> bool:
    """Return whether two canonical values are equal; only measured numbers are given tolerance."""
    if left[0] != right[0]:
        return False
    if left[0] in _NESTED:
        return len(left[1]) == len(right[1]) and all(
            same(one, two, tolerance) for one, two in zip(left[1], right[1], strict=True)
        )
    is_exact = left[0] != "number" or (isinstance(left[1], int) and isinstance(right[1], int))
    if is_exact or left[1] == right[1]:
        return bool(left[1] == right[1])
    try:
        relative = _relative(left[1], right[1], tolerance)
        return isclose(left[1], right[1], rel_tol=relative, abs_tol=_FLOOR)
    except OverflowError:
        return False


def exact(cell: Cell) -> Cell:
    """Return what of a canonical value admits no tolerance."""
    kind, form = cell
    if kind in _NESTED:
        return kind, tuple(exact(each) for each in form)
    return (kind, None) if kind == "number" else cell


def numbers(cell: Cell) -> tuple[int | float | Decimal, ...]:
    """Return the numbers of a canonical value."""
    kind, form = cell
    if kind in _NESTED:
        return tuple(number for each in form for number in numbers(each))
    return (form,) if kind == "number" else ()


_NESTED = ("list", "struct")


def _relative(one: int | float | Decimal, two: int | float | Decimal, tolerance: float) -> float:
    """Return the tolerance between two numbers that are not exactly equal."""
    if tolerance > FLOAT_TOLERANCE:
        return tolerance
    # A count that is off by a fraction is another number: noise is of rates and means.
    if isinstance(one, int) or isinstance(two, int):
        return _FLOOR
    return _WHOLE if one % 1 == two % 1 == 0 else tolerance


def _number(value: int | float | Decimal) -> Cell:
    """Return whole numbers by type as int; floats and decimals with places stay as measured."""
    if isinstance(value, Decimal):
        if not value.is_finite():
            return _number(float(value))
        places = -int(value.as_tuple().exponent)
        return "number", value if places > 0 else int(value)
    if isinstance(value, float) and isnan(value):
        return "nan", None
    return "number", value


def _text(value: str) -> Cell:
    try:
        if _ISO_MONTH.fullmatch(value):
            return canonical(datetime.fromisoformat(f"{value}-01"))
        if _ISO_DAY.fullmatch(value):
            return canonical(datetime.fromisoformat(value))
        if _ISO_TIME.fullmatch(value):
            return canonical(time.fromisoformat(value))
    except ValueError:
        return "text", value
    return "text", value
