"""What is wrong with a value in a suite, in plain words."""

from difflib import get_close_matches

from pydantic import BaseModel
from pydantic_core import ErrorDetails

from evals.case import Case, Gold, Suite

UNKNOWN_KEY = "extra_forbidden"
_WANTED = {
    "string_type": "text",
    "string_too_short": "text that is not blank",
    "float_type": "a number",
    "float_parsing": "a number",
    "bool_type": "true or false",
    "bool_parsing": "true or false",
    "date_type": "a day such as 2013-12-31",
    "date_parsing": "a day such as 2013-12-31",
    "date_from_datetime_parsing": "a day such as 2013-12-31",
    "date_from_datetime_inexact": "a day such as 2013-12-31",
    "tuple_type": "a list",
    "dict_type": "a mapping of keys to values",
    "model_type": "a mapping of keys to values",
}
"""Kinds of problems as pydantic calls them."""


def said(problem: ErrorDetails) -> str:
    """Return a problem as half a sentence about the field."""
    kind, value, more = problem["type"], problem["input"], problem.get("ctx", {})
    if kind == UNKNOWN_KEY:
        return f"is no key here{_nearest(problem)}"
    if kind == "missing":
        return "is missing"
    if kind == "too_short":
        return f"needs at least {more['min_length']} item{'s' if more['min_length'] > 1 else ''}"
    if kind == "literal_error":
        return f"must be {more['expected']}, not {value!r}"
    if kind == "string_pattern_mismatch":
        is_blank = not str(value).strip()
        wanted = "text that is not blank" if is_blank else "small letters, digits and hyphens"
        return f"must be {wanted}, not {value!r}"
    if kind in _WANTED:
        return f"must be {_WANTED[kind]}, not {value!r}"
    return problem["msg"].removeprefix("Value error, ").rstrip(".")


def _nearest(problem: ErrorDetails) -> str:
    where = problem["loc"]
    model: type[BaseModel] = Suite if len(where) == 1 else Gold if "gold" in where else Case
    near = get_close_matches(str(where[-1]), list(model.model_fields), n=1)
    return f"; {near[0]!r} is one" if near else ""
