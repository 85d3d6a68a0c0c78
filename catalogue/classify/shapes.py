"""What one value looks like: e-mail address, telephone number, national id, card, street, ...

`CHANCE` says how often something else would look so, which bounds how few values are proof.
"""

import re
from collections.abc import Callable

from catalogue.classify import checksums

EMAIL = re.compile(r"[\w.+%'-]+@(?:[A-Za-z0-9-]+\.)+[A-Za-z]{2,24}")
_ROLE_MAILBOX = re.compile(
    r"(?:info|support|sales|contact|hello|no-?reply|do-?not-?reply|admin|office|help|service|team|"
    r"billing|git|postmaster|webmaster|press|jobs|careers|privacy|abuse|feedback|orders?)@",
    re.IGNORECASE,
)
_DIGITS_ONLY = re.compile(r"[+(]?[\d\s()./\-]*\d")
_SEPARATORS = re.compile(r"[\s().\-/]")
_NORTH_AMERICAN = re.compile(r"1?[2-9]\d{2}[2-9]\d{6}")
_NORTH_AMERICAN_WRITTEN = re.compile(
    r"(?:\+?1[ .-]?)?(?:\([2-9]\d{2}\) ?|[2-9]\d{2}[ .-])[2-9]\d{2}[ .-]\d{4}"
)
_INTERNATIONAL = re.compile(r"(?:\+|00[1-9])(?:[\s().\-/]*\d){7,15}")
_NATIONAL = re.compile(r"\(?0[1-9]\d{0,4}\)?(?:[\s/.\-]\d{1,8}){1,5}|0[1-9]\d{8,9}")
_IP4 = re.compile(r"(?:(?:25[0-5]|2[0-4]\d|1?\d?\d)\.){3}(?:25[0-5]|2[0-4]\d|1?\d?\d)")
_FIGURE = re.compile(r"[\d:]")
"""What every shape but an e-mail address holds: a digit, or the colon of an IPv6 address."""
_IP6 = re.compile(r"(?=(?:.*:){3})(?:[0-9a-f]{0,4}:){2,7}[0-9a-f]{0,4}", re.IGNORECASE)
_SSN = re.compile(r"\d{3}-\d{2}-\d{4}")
_DATE = re.compile(
    r"((?:18|19|20)\d\d)[-/.](?:0[1-9]|1[0-2])[-/.](?:[0-2]\d|3[01])(?:[T ]00:00:00.*)?"
    r"|(?:[0-3]?\d)[-/.](?:[0-3]?\d)[-/.]((?:19|20)\d\d)"
)
_POSTCODE = re.compile(
    r"[A-Z]{1,2}\d[A-Z\d]? ?\d[ABD-HJLNP-UW-Z]{2}"  # United Kingdom
    r"|[ABCEGHJ-NPRSTVXY]\d[A-Z] \d[A-Z]\d"  # Canada
    r"|[1-9]\d{3} [A-Z]{2}"  # Netherlands
    r"|\d{5}-\d{4}|\d{4}-\d{3}"  # United States, Portugal
)
_STREET = re.compile(
    r"\d+[a-z]?,? (?:[\w.'’-]+ ){1,4}(?:st|street|rd|road|ave?|avenue|lane|ln|drive|dr|blvd|"
    r"boulevard|court|ct|way|place|pl|close|terrace|crescent|square|sq|gardens|grove|parkway|pkwy|"
    r"circle|cir|trail|hwy|row|mews)\b"
    r"|(?:[\w.'’-]+ ){1,3}(?:street|road|avenue|lane|drive|close|square|gardens|terrace),? \d+"
    r"|(?:[\w.'’-]+ ){0,3}[\w-]*(?:stra(?:ß|ss)e|str\.|weg|platz|allee|gasse|damm|ufer|straat|laan|"
    r"plein|gracht|kade|steeg|singel|dreef)[ ,]+\d+"
    r"|\d+,? ?(?:bis |ter )?,? ?(?:rue|avenue|av\.|boulevard|bd|impasse|all[ée]e|chemin|place|"
    r"quai|cours|route) "
    r"|(?:rue|avenue|boulevard|impasse|all[ée]e|chemin|quai) [^\d]{2,40}[, ]+\d+"
    r"|(?:calle|c/|avenida|avda\.?|av\.|plaza|pza\.?|paseo|carrer|camino|ronda|via|viale|piazza|"
    r"corso|vicolo|largo|rua|travessa|pra[çc]a|estrada|ul\.|al\.|pl\.|os\.|ulica|aleja) ?"
    r"[^\d]{2,40}?[, ]+(?:n[.º°o]+ ?)?\d+",
    re.IGNORECASE,
)
_NUMBERS: dict[int, tuple[tuple[str, str, Callable[[str], bool]], ...]] = {
    9: (
        ("bsn", "Dutch BSN", checksums.is_bsn),
        ("nif", "Portuguese NIF", checksums.is_nif),
    ),
    10: (
        ("nhs", "NHS number", checksums.is_nhs_number),
        ("personnummer", "Swedish personnummer", checksums.is_swedish_id),
    ),
    11: (
        ("pesel", "Polish PESEL", checksums.is_pesel),
        ("steuer_id", "German tax id", checksums.is_german_tax_id),
        ("cpf", "Brazilian CPF", checksums.is_cpf),
        ("belgian", "Belgian national number", checksums.is_belgian_id),
    ),
    12: (("personnummer", "Swedish personnummer", checksums.is_swedish_id),),
    15: (("nir", "French NIR", checksums.is_nir),),
}
_CODES = (
    ("dni", "Spanish DNI or NIE", checksums.is_dni),
    ("nir", "French NIR", checksums.is_nir),
    ("codice_fiscale", "Italian codice fiscale", checksums.is_codice_fiscale),
    ("nino", "British National Insurance number", checksums.is_nino),
)
NATIONAL_IDS = {
    name: label for group in (*_NUMBERS.values(), _CODES) for name, label, _ in group
} | {"ssn": "US social security number"}
CHANCE = {
    "email": 0.01, "phone": 0.4, "phone_bare": 0.66, "birth": 0.9, "iban": 0.001, "card": 0.06,
    "ip": 0.3, "address": 0.2, "postcode": 0.3, "bsn": 0.1, "nif": 0.1, "nhs": 0.1, "ssn": 0.3,
    "personnummer": 0.04, "pesel": 0.02, "steuer_id": 0.06, "cpf": 0.02, "belgian": 0.01,
    "nir": 0.005, "dni": 0.05, "codice_fiscale": 0.01, "nino": 0.3,
}  # fmt: skip
"""The share of look-alikes that pass: random digits of the length, codes of the form."""
MOST = 254
"""Characters after which a value is a text."""


def shapes_of(value: str) -> frozenset[str]:
    """Return the shapes that one value has; national ids each under a name of their own."""
    text = value.strip()
    if not 4 <= len(text) <= MOST:
        return frozenset()
    if "@" in text:
        return frozenset({"email"} if is_email(text) else ())
    if not _FIGURE.search(text):
        return frozenset()
    found = set(_of_digits(text)) if _DIGITS_ONLY.fullmatch(text) else set(_of_code(text))
    if _IP4.fullmatch(text) or _IP6.fullmatch(text):
        found.add("ip")
    if _DATE.fullmatch(text):
        found.add("birth")
    if _POSTCODE.fullmatch(text):
        found.add("postcode")
    return frozenset(found)


def is_email(text: str) -> bool:
    """True for an address of a person: role mailboxes such as info@ belong to nobody."""
    return bool(EMAIL.fullmatch(text)) and not _ROLE_MAILBOX.match(text)


def year_of(value: str) -> int | None:
    """Return the year of a day, written with the year first or last; None for other text."""
    found = _DATE.fullmatch(value.strip())
    return int(found[1] or found[2]) if found else None


def _of_digits(text: str) -> list[str]:
    digits = _SEPARATORS.sub("", text).lstrip("+")
    names = [name for name, _, holds in _NUMBERS.get(len(digits), ()) if holds(digits)]
    if _SSN.fullmatch(text) and checksums.is_ssn(digits):
        names.append("ssn")
    if 13 <= len(digits) <= 19 and checksums.is_card(digits):
        names.append("card")
    if _is_phone(text):
        names.append("phone")
    elif _NORTH_AMERICAN.fullmatch(text):
        names.append("phone_bare")
    return names


def _is_phone(text: str) -> bool:
    """A telephone number as people write one; bare digits count only with a leading zero."""
    digits = sum(each.isdigit() for each in text)
    return bool(
        _INTERNATIONAL.fullmatch(text)
        or _NORTH_AMERICAN_WRITTEN.fullmatch(text)
        or (_NATIONAL.fullmatch(text) and 9 <= digits <= 12)
    )


def _of_code(text: str) -> list[str]:
    compact = _SEPARATORS.sub("", text).upper()
    names = [name for name, _, holds in _CODES if holds(compact)]
    if checksums.is_iban(compact):
        names.append("iban")
    if _STREET.match(text) and any(each.isdigit() for each in text):
        names.append("address")
    return names
