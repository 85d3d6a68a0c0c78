"""The words and figures that dates are made of: months, grains, ordinals, days, years."""

from collections.abc import Sequence
from typing import Literal

from assistant.drafting.planning.language import Token

Grain = Literal["day", "week", "month", "quarter", "year"]

_MONTHS = [
    "january",
    "february",
    "march",
    "april",
    "may",
    "june",
    "july",
    "august",
    "september",
    "october",
    "november",
    "december",
]
_MONTH = {name: number for number, name in enumerate(_MONTHS, 1)} | {
    name[:3]: number for number, name in enumerate(_MONTHS, 1)
}
_MONTH["sept"] = 9
ORDINALS = {
    "first": 1,
    "1st": 1,
    "second": 2,
    "2nd": 2,
    "third": 3,
    "3rd": 3,
    "fourth": 4,
    "4th": 4,
    "last": -1,
}
GRAINS: dict[str, Grain] = {
    "day": "day",
    "week": "week",
    "month": "month",
    "quarter": "quarter",
    "year": "year",
}
HOLIDAYS = {
    ("christmas", "day"): (12, 25),
    ("christmas", "eve"): (12, 24),
    ("new", "year", "day"): (1, 1),
    ("new", "year", "eve"): (12, 31),
}
FISCAL = ("fiscal", "financial")
MONTH_WORDS = frozenset(_MONTHS)
_AFTER_MAY = ("i", "we", "you", "be", "not", "have")


def month_at(tokens: Sequence[Token], at: int) -> int | None:
    """Return the month that is named there; `may` and `march to` are words of another kind."""
    if not 0 <= at < len(tokens):
        return None
    token = tokens[at]
    after = [each.word for each in tokens[at + 1 : at + 2]]
    if token.word == "may" and after and after[0] in _AFTER_MAY:
        return None
    if token.raw == "march" and after == ["to"] and month_at(tokens, at + 2) is None:
        return None
    return _MONTH.get(token.word)


def day_number(tokens: Sequence[Token], at: int) -> int | None:
    """Return the day of a month: `3`, `3rd`."""
    if not 0 <= at < len(tokens):
        return None
    digits = tokens[at].raw.lower()
    for ending in ("st", "nd", "rd", "th"):
        digits = digits.removesuffix(ending)
    return int(digits) if digits.isdecimal() and len(digits) <= 2 else None


def year_at(tokens: Sequence[Token], at: int) -> int | None:
    """Return the year that stands there in four figures."""
    if not 0 <= at < len(tokens):
        return None
    raw = tokens[at].raw
    return int(raw) if len(raw) == 4 and raw.isdecimal() and "1900" <= raw <= "2199" else None


def is_year_named(tokens: Sequence[Token]) -> bool:
    """True where any of the words is a year or a whole date."""
    return any(year_at(tokens, at) or "-" in token.raw for at, token in enumerate(tokens))
