"""Words as they are compared: lower case, without accents, names of columns cut into words."""

import re
import unicodedata
from functools import lru_cache

_CAMEL = re.compile(r"(?<=[a-z0-9])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-z])")
_NOT_WORD = re.compile(r"[^a-z0-9]+")
_SPECIAL = str.maketrans({"ß": "ss", "ł": "l", "Ł": "L", "ø": "o", "Ø": "O", "đ": "d", "æ": "ae"})


def folded(text: str) -> str:
    """Return text in lower case without accents."""
    if text.isascii():
        return text.lower()
    plain = unicodedata.normalize("NFKD", text.translate(_SPECIAL))
    return "".join(each for each in plain if not unicodedata.combining(each)).lower()


@lru_cache(maxsize=4096)
def words_of(name: str) -> tuple[str, ...]:
    """Return the words of a name in snake, camel or plain writing.

    >>> words_of("sbCustEmail"), words_of("Straße_Nr")
    (('sb', 'cust', 'email'), ('strasse', 'nr'))
    """
    return tuple(word for word in _NOT_WORD.split(folded(_CAMEL.sub("_", name))) if word)


def word_set(text: str) -> frozenset[str]:
    """Return the words of a list written as one text."""
    return frozenset(text.split())
