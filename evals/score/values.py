"""When two values of a result are the same value, whatever types two queries give it.

Integers, decimals and floats are equal when numerically equal; a date is its midnight and its ISO
text, a month its first day; NULL equals NULL and NaN equals NaN. Truth values are not numbers,
numbers are not text.
"""

import re
from datetime import UTC, date, datetime, time
from decimal import Decimal
from math import isclose, isnan
from typing import Any

FLOAT_TOLERANCE = 1e-6
"""Relative, between two values that are not both whole."""
_FLOOR = 1e-9
_ISO_MONTH = re.compile(r"(19|20)\d{2}-(0[1-9]|1[0-2])")
_ISO_DAY = re.compile(r"\d{4}-\d{2}-\d{2}([T ]\d{2}:\d{2}(:\d{2}(\.\d+)?)?)?")


def canonical(value: Any) -> tuple[str, Any]:
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
    return type(value).__name__, repr(value)


def same(left: tuple[str, Any], right: tuple[str, Any], tolerance: float) -> bool:
    """Return whether two canonical values are equal; only measured numbers are given tolerance."""
    if left[0] != right[0]:
        return False
    if left[0] != "number":
        return bool(left[1] == right[1])
    one, two = left[1], right[1]
    if isinstance(one, int) and isinstance(two, int):
        return one == two
    # A count that is off by a fraction is another number: the tolerance is for rates and means.
    relative = _FLOOR if isinstance(one, int) or isinstance(two, int) else tolerance
    try:
        return isclose(one, two, rel_tol=relative, abs_tol=_FLOOR)
    except OverflowError:
        return False


def _number(value: int | float | Decimal) -> tuple[str, Any]:
    if isinstance(value, float) and isnan(value):
        return "nan", None
    if isinstance(value, Decimal) and not value.is_finite():
        return _number(float(value))
    if isinstance(value, Decimal):
        is_whole = value == value.to_integral_value()
    else:
        is_whole = isinstance(value, int) or value.is_integer()
    if is_whole:
        return "number", int(value)
    return "number", float(value)


def _text(value: str) -> tuple[str, Any]:
    if _ISO_MONTH.fullmatch(value):
        return "time", datetime.fromisoformat(f"{value}-01")
    if _ISO_DAY.fullmatch(value):
        try:
            return "time", datetime.fromisoformat(value)
        except ValueError:
            return "text", value
    return "text", value
