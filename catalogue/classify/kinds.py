"""The kinds of personal data that are looked for, and what each is called."""

from dataclasses import dataclass
from typing import Literal


@dataclass(frozen=True, kw_only=True)
class Kind:
    """One kind of personal or sensitive data."""

    name: str
    plural: str
    """As it stands in a sentence of evidence."""
    usual: Literal["personal", "restricted"] = "personal"
    """The classification proposed when a person confirms it."""
    needs_people: bool = False
    """True where a name alone counts only in a table about people: shops have addresses too."""
    holds: Literal["text", "number", "date", "any"] = "any"
    """What a column of this kind is made of, as far as its type tells."""


_ALL = (
    Kind(name="email", plural="e-mail addresses", holds="text"),
    Kind(name="phone", plural="telephone numbers"),
    Kind(name="person", plural="names of people", holds="text"),
    Kind(name="address", plural="postal addresses", needs_people=True, holds="text"),
    Kind(name="postcode", plural="postcodes", needs_people=True),
    Kind(name="birth", plural="dates of birth"),
    Kind(name="national_id", plural="national id numbers", usual="restricted"),
    Kind(name="iban", plural="bank account numbers", usual="restricted"),
    Kind(name="card", plural="payment card numbers", usual="restricted"),
    Kind(name="ip", plural="IP addresses", holds="text"),
    Kind(name="username", plural="login names", holds="text"),
    Kind(name="secret", plural="passwords or keys", usual="restricted", holds="text"),
    Kind(name="pay", plural="what people earn", usual="restricted", needs_people=True),
    Kind(name="health", plural="health data", usual="restricted", needs_people=True),
    Kind(name="belief", plural="beliefs or origin", usual="restricted", needs_people=True),
    Kind(name="free_text", plural="texts that speak of people", holds="text"),
)
KINDS = {kind.name: kind for kind in _ALL}
