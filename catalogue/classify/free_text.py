"""Personal data inside running text: addresses, numbers with a check digit, people by name."""

import re
from collections.abc import Iterable

from catalogue.classify.names import is_full_name
from catalogue.classify.shapes import EMAIL, is_email, shapes_of

_NUMBER = re.compile(r"(?<![\w.-])[+(]?\d[\d\s()/.\-]{7,30}\d(?![\w-])")
_CODE = re.compile(r"\b[A-Z]{1,6}\d{2}[A-Z0-9 ]{5,32}\b|\b[XYZ]?\d{7,8}-?[A-Z]\b")
_TITLED = re.compile(
    r"\b(?:Mr|Mrs|Ms|Miss|Herr|Frau|Herrn|Mme|Mlle|Monsieur|Madame|Sr|Sra|Señora?|Signora?|Sig|"
    r"Dhr|Mevr|Mevrouw|Meneer|Pani|Dom|Dona)\.? [A-ZÀ-Ž][a-zà-ž]{2,}"
)
_TWO_WORDS = re.compile(r"(?=\b([A-ZÀ-Ž][a-zà-ž]{1,15}) ([A-ZÀ-Ž][a-zà-ž]{2,20})\b)")
_STRONG = frozenset(
    {"phone", "iban", "card", "ssn", "nhs", "pesel", "steuer_id", "cpf", "belgian", "nir", "dni",
     "codice_fiscale", "nino"}
)  # fmt: skip


def speaks_of_people(text: str) -> bool:
    """True where a text holds an address, a number or a name of a person."""
    if "@" in text and any(is_email(found) for found in EMAIL.findall(text)):
        return True
    return _has_number(text) or _has_name(text)


def is_text(value: str) -> bool:
    """True for several words, or something nested: what could hold more than one thing."""
    return len(value) > 20 and (value.count(" ") >= 2 or value[:1] in "{[")


def _has_number(text: str) -> bool:
    return any(not _STRONG.isdisjoint(_written(found)) for found in _numbers(text))


def _numbers(text: str) -> Iterable[str]:
    yield from _NUMBER.findall(text)
    yield from _CODE.findall(text)


def _written(found: str) -> frozenset[str]:
    """The shapes of a number in text; bare digits prove nothing but a card's, which are many."""
    shapes = shapes_of(found)
    if found.isdigit() and len(found) < 14:
        return shapes & {"phone"} if found.startswith("0") else frozenset()
    return shapes


def _has_name(text: str) -> bool:
    if _TITLED.search(text):
        return True
    return any(is_full_name(first, last) for first, last in _TWO_WORDS.findall(text))
