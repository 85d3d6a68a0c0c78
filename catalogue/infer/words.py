"""Names of tables and columns -> words of the business.

Splits snake and camel case, spells out the abbreviations of `abbreviations.toml`, and folds a
plural to its singular and back. Guesses nothing: what is unknown stays as it is written.
"""

import re
import tomllib
from collections import Counter
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

Words = tuple[str, ...]
_PARTS = re.compile(r"[A-Z]+(?=[A-Z][a-z])|[A-Z]?[a-z]+\d*|[A-Z]+\d*|\d+|[^\W\d_]+")
_MOSTLY = 0.8
"""So large a part of the names must share a first word before it says nothing."""
_FEWEST = 3
_UNCOUNTED = frozenset({"data", "news", "series", "species", "stock", "inventory", "feedback"})
_ES = ("s", "x", "z", "ch", "sh")


@dataclass(frozen=True, kw_only=True)
class Vocabulary:
    """The reviewed word lists."""

    abbreviations: dict[str, Words]
    prefixes: frozenset[str]
    suffixes: frozenset[str]
    layers: dict[str, str]
    units: frozenset[str]


@cache
def vocabulary() -> Vocabulary:
    """Load the word lists, once."""
    raw = tomllib.loads(files("catalogue.infer").joinpath("abbreviations.toml").read_text())
    return Vocabulary(
        abbreviations={short: tuple(long.split()) for short, long in raw["words"].items()},
        prefixes=frozenset(raw["dropped"]["prefixes"]),
        suffixes=frozenset(raw["dropped"]["suffixes"]),
        layers=raw["layers"],
        units=frozenset(raw["units"]["words"]),
    )


def parts_of(name: str) -> Words:
    """Split a name where its writing does, in lower case and as written otherwise.

    >>> parts_of("sbTxCustId"), parts_of("ORDER_LINE_2"), parts_of("HTTPStatus")
    (('sb', 'tx', 'cust', 'id'), ('order', 'line', '2'), ('http', 'status'))
    """
    return tuple(part.lower() for part in _PARTS.findall(name)) or (name.lower(),)


def spelled_out(parts: Sequence[str]) -> Words:
    """Return parts with their abbreviations spelled out.

    >>> spelled_out(("cust", "ord", "amt"))
    ('customer', 'order', 'amount')
    """
    known = vocabulary().abbreviations
    return tuple(word for part in parts for word in known.get(part, (part,)))


def words_of(name: str) -> Words:
    """Return a name's words, abbreviations spelled out."""
    return spelled_out(parts_of(name))


def shared_start(names: Collection[str]) -> Words:
    """Return the parts that nearly all of these names begin with, such as `sb` and `tx`."""
    split = [parts_of(name) for name in names]
    shared: list[str] = []
    while len(split) >= _FEWEST:
        at = len(shared)
        counted = Counter(parts[at] for parts in split if len(parts) > at + 1)
        word, times = max(counted.items(), key=lambda pair: pair[1], default=("", 0))
        if times < _MOSTLY * len(split) or times < _FEWEST:
            break
        shared.append(word)
        split = [parts for parts in split if len(parts) > at + 1 and parts[at] == word]
    return tuple(shared)


def without_start(name: str, start: Words) -> Words:
    """Return the parts of a name behind a shared start; all of them where it has another."""
    parts = parts_of(name)
    if start and len(parts) > len(start) and parts[: len(start)] == start:
        return parts[len(start) :]
    return parts


def without_unit(words: Words) -> Words:
    """Return the words of a column without the unit at their end.

    >>> without_unit(("net", "amount", "eur"))
    ('net', 'amount')
    """
    return words[:-1] if len(words) > 1 and words[-1] in vocabulary().units else words


def bare(parts: Words) -> Words:
    """Return the parts of a table's name that say what it holds.

    >>> bare(("dim", "customer")), bare(("stg", "crm", "orders"))
    (('customer',), ('crm', 'orders'))
    """
    known = vocabulary()
    while len(parts) > 1 and parts[0] in known.prefixes:
        parts = parts[1:]
    while len(parts) > 1 and parts[-1] in known.suffixes:
        parts = parts[:-1]
    return parts


def singular(word: str) -> str:
    """Fold a plural to its singular, where the ending leaves no doubt.

    >>> [singular(word) for word in ("sales", "cities", "boxes", "diagnoses", "status", "news")]
    ['sale', 'city', 'box', 'diagnosis', 'status', 'news']
    """
    if word in _UNCOUNTED or len(word) < 4 or word.endswith(("ss", "us", "is")):
        return word
    if word == "people":
        return "person"
    if word.endswith("ies") and len(word) > 4:
        return word[:-3] + "y"
    if word.endswith(("yses", "oses", "eses", "ases")) and word not in ("cases", "bases", "phases"):
        return (
            f"{word[:-2]}is"
            if not word.endswith(("purchases", "leases", "releases"))
            else word[:-1]
        )
    if word.endswith(("xes", "ches", "shes", "sses", "zes")):
        return word[:-2]
    return word[:-1] if word.endswith("s") else word


def plural(word: str) -> str:
    """Return the plural of a noun.

    >>> [plural(word) for word in ("sale", "city", "box", "diagnosis", "person", "day")]
    ['sales', 'cities', 'boxes', 'diagnoses', 'people', 'days']
    """
    if word in _UNCOUNTED:
        return word
    if word == "person":
        return "people"
    if word.endswith("is") and len(word) > 4:
        return f"{word[:-2]}es"
    if word.endswith("y") and word[-2:-1] not in tuple("aeiou"):
        return f"{word[:-1]}ies"
    return word + ("es" if word.endswith(_ES) else "s")
