"""What each column is: a key, a kind, a time, a number that adds up, one that does not, or prose.

Decided by the words of its name, its type and its statistics; the closed lists are in
`natures.toml`. A number is summed only where its name says that it adds up.
"""

import tomllib
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Literal

from catalogue.infer.words import Words, singular
from catalogue.model import Column
from catalogue.profile import base_type

Nature = Literal["key", "kind", "time", "sum", "level", "nothing"]
_INTEGERS = frozenset(
    ["TINYINT", "SMALLINT", "INTEGER", "BIGINT", "HUGEINT", "UTINYINT", "USMALLINT", "UINTEGER",
     "UBIGINT", "UHUGEINT"]
)  # fmt: skip
_NUMBERS = _INTEGERS | {"DECIMAL", "FLOAT", "DOUBLE"}
_TIMES = frozenset(["DATE", "TIMESTAMP", "DATETIME"])
_TEXTS = frozenset(["VARCHAR", "ENUM", "UUID"])
_FEW = 20
"""Whole numbers with at most so many values, and no word for what they measure, name kinds."""


@cache
def word_lists() -> dict[str, frozenset[str]]:
    """Load the reviewed lists, once."""
    raw = tomllib.loads(files("catalogue.infer").joinpath("natures.toml").read_text())
    return {name: frozenset(words) for name, words in raw.items()}


@dataclass(frozen=True, kw_only=True)
class Natured:
    """A column with its words and what it is."""

    column: Column
    words: Words
    """Without what all columns of the table begin with, abbreviations spelled out."""
    nature: Nature


def is_number(column: Column) -> bool:
    """True where the column holds numbers."""
    return base_type(column) in _NUMBERS


def is_whole(column: Column) -> bool:
    """True where the column holds whole numbers."""
    return base_type(column) in _INTEGERS


def is_time(column: Column) -> bool:
    """True where the column holds dates or points in time."""
    return base_type(column).startswith(tuple(_TIMES))


def nature_of(column: Column, words: Words) -> Nature:
    """Return what a column is; `nothing` where nothing safe can be done with it."""
    kind = base_type(column)
    if is_time(column):
        return "nothing" if column.is_sensitive else "time"
    if kind == "BOOLEAN":
        return "kind"
    if kind in _NUMBERS:
        return _of_number(column, words)
    if kind in _TEXTS:
        return _of_text(column, words)
    return "nothing"


def _of_number(column: Column, words: Words) -> Nature:
    lists = word_lists()
    said = {*words, *(singular(word) for word in words)}
    if said & lists["place"]:
        return "nothing"
    if _counts(words):
        return "level" if said & lists["quiet"] else "sum"
    if _ends_in(words, "key"):
        return "key"
    if (named := _of_days(column, words, said)) is not None:
        return named
    if said & lists["quiet"]:
        return "sum" if words[-2:] == ("total", "price") else "level"
    if set(words) & lists["sum"] and words[-1] not in lists["level"]:
        return "sum"
    if said & lists["level"] or not is_whole(column):
        return "level"
    if _has_few(column):
        return "kind"
    return "level" if is_plural(words[-1]) else "nothing"


def _of_days(column: Column, words: Words, said: AbstractSet[str]) -> Nature | None:
    """What counts days, names a kind or a part of a date; None where it is none of these."""
    lists = word_lists()
    if words[-1] in ("days", "nights"):
        return "level" if said & (lists["quiet"] | lists["between"]) else "sum"
    if _ends_in(words, "kind") and is_whole(column):
        return "kind"
    if _is_calendar(column, words):
        return "kind" if is_whole(column) else "nothing"
    return None


def _is_calendar(column: Column, words: Words) -> bool:
    """`model year`, `year of registration`, and whole numbers that are all years."""
    if _ends_in(words, "calendar") and words[-1] not in word_lists()["sum"]:
        return True
    if not is_whole(column):
        return False
    found = column.profile
    least, most = (found.minimum, found.maximum) if found else (None, None)
    is_years = least is not None and most is not None and least >= "1900" and most <= "2100"
    return words[0] == "year" or (is_years and len(least or "") == len(most or "") == 4)


def _counts(words: Words) -> bool:
    """`number of orders`, `order count`: but an `order number` is a name."""
    if words[-1] == "count":
        return True
    return len(words) > 1 and words[0] in ("number", "n", "count") and words[-1].endswith("s")


def _of_text(column: Column, words: Words) -> Nature:
    lists = word_lists()
    if words[-1] in lists["prose"] or set(words[-2:]) & {"hash", "password", "token"}:
        return "nothing"
    if set(words[-1:]) & (lists["key"] - {"code"}):
        return "key"
    return "kind"


def _ends_in(words: Words, name: str) -> bool:
    """The last word says what a column is; `is` and `has` say it in front."""
    listed = word_lists()[name]
    return words[-1] in listed or singular(words[-1]) in listed or words[0] in ("is", "has")


def is_plural(word: str) -> bool:
    """`rooms`, `beds`: a number of things."""
    return singular(word) != word


def _has_few(column: Column) -> bool:
    found = column.profile
    return found is not None and found.distinct is not None and found.distinct <= _FEW
