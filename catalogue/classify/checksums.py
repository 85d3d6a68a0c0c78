"""Check digits of national ids, bank accounts and cards: True where a number can be a real one.

Each takes the number without separators, in upper case. A random number passes with the chance
that stands beside each in `catalogue.classify.shapes`.
"""

import re
from collections.abc import Sequence
from datetime import date

_CARD_LENGTHS = (
    (re.compile(r"4"), (13, 16, 19)),
    (re.compile(r"5[1-5]|2(?:22[1-9]|2[3-9]|[3-6]|7[01]|720)"), (16,)),
    (re.compile(r"3[47]"), (15,)),
    (re.compile(r"6011|65|64[4-9]"), (16,)),
    (re.compile(r"35(?:2[89]|[3-8])"), (16,)),
    (re.compile(r"36|38|30[0-5]"), (14,)),
    (re.compile(r"62"), (16, 17, 18, 19)),
    (re.compile(r"50|5[6-9]|6"), (16, 18, 19)),
)
_IBAN = re.compile(r"[A-Z]{2}\d{2}[A-Z0-9]{11,30}")
_DNI = re.compile(r"[XYZ]?\d{7,8}[A-Z]")
_DNI_LETTERS = "TRWAGMYFPDXBNJZSQVHLCKE"
_FISCAL = re.compile(r"[A-Z]{6}\d{2}[A-EHLMPRST]\d{2}[A-Z]\d{3}[A-Z]")
_TENS = (1, 0, 5, 7, 9, 13, 15, 17, 19, 21)
_FISCAL_ODD = dict(
    zip(
        "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ",
        (*_TENS, *_TENS, 2, 4, 18, 20, 11, 3, 6, 8, 12, 14, 16, 10, 22, 25, 24, 23),
        strict=True,
    )
)
_NIR = re.compile(r"[12]\d{2}(?:0[1-9]|1[0-2]|[2-9]\d)\d{2}\d{6}\d{2}")
_NINO = re.compile(r"(?!BG|GB|KN|NK|NT|TN|ZZ)[A-CEGHJ-PR-TW-Z][A-CEGHJ-NPR-TW-Z]\d{6}[A-D]")
_SSN = re.compile(r"(?!000|666|9)\d{3}(?!00)\d{2}(?!0000)\d{4}")


def is_card(digits: str) -> bool:
    """A payment card: a known issuer, its length, and Luhn's check digit."""
    known = any(len(digits) in lengths for issuer, lengths in _CARD_LENGTHS if issuer.match(digits))
    return known and passes_luhn(digits)


def passes_luhn(digits: str) -> bool:
    """Luhn's check, mod 10."""
    doubled = (sum(divmod(2 * int(each), 10)) for each in digits[-2::-2])
    return (sum(doubled) + sum(map(int, digits[-1::-2]))) % 10 == 0


def is_iban(text: str) -> bool:
    """An international bank account number: ISO 13616, mod 97."""
    if not _IBAN.fullmatch(text):
        return False
    return int("".join(str(int(each, 36)) for each in text[4:] + text[:4])) % 97 == 1


def is_nhs_number(digits: str) -> bool:
    """The NHS number: ten digits, mod 11; an ISBN-10 has the same check, with an X for ten."""
    return len(digits) == 10 and _weighted(digits, range(10, 0, -1)) % 11 == 0 and int(digits) > 0


def is_bsn(digits: str) -> bool:
    """The Dutch citizen service number: nine digits, the test of eleven."""
    weights = (9, 8, 7, 6, 5, 4, 3, 2, -1)
    return len(digits) == 9 and int(digits) > 0 and _weighted(digits, weights) % 11 == 0


def is_nif(digits: str) -> bool:
    """The Portuguese tax number of a person: nine digits, mod 11."""
    if len(digits) != 9 or digits[0] not in "123":
        return False
    check = 11 - _weighted(digits[:8], range(9, 1, -1)) % 11
    return int(digits[8]) == (0 if check >= 10 else check)


def is_pesel(digits: str) -> bool:
    """The Polish PESEL: a date of birth with the century in its month, and a check digit."""
    if len(digits) != 11:
        return False
    century, month = divmod(int(digits[2:4]), 20)
    year = (1900, 2000, 2100, 2200, 1800)[century] + int(digits[:2])
    weights = (1, 3, 7, 9, 1, 3, 7, 9, 1, 3, 1)
    return _is_date(year, month, int(digits[4:6])) and _weighted(digits, weights) % 10 == 0


def is_german_tax_id(digits: str) -> bool:
    """The German tax id: eleven digits, one of the first ten twice or thrice, ISO 7064."""
    if len(digits) != 11 or digits[0] == "0" or len(set(digits[:10])) not in (8, 9):
        return False
    product = 10
    for each in digits[:10]:
        product = 2 * ((int(each) + product) % 10 or 10) % 11
    return (11 - product) % 10 == int(digits[10])


def is_cpf(digits: str) -> bool:
    """The Brazilian CPF: eleven digits, two check digits mod 11."""
    if len(digits) != 11 or len(set(digits)) == 1:
        return False
    return all(
        _weighted(digits[:length], range(length + 1, 1, -1)) * 10 % 11 % 10 == int(digits[length])
        for length in (9, 10)
    )


def is_swedish_id(digits: str) -> bool:
    """The Swedish personnummer: a date of birth and Luhn's check digit."""
    short = digits[-10:]
    dated = _is_date(2000, int(short[2:4]), int(short[4:6])) if len(short) == 10 else False
    century = len(digits) == 10 or (len(digits) == 12 and digits[:2] in ("19", "20"))
    return dated and century and passes_luhn(short)


def is_belgian_id(digits: str) -> bool:
    """The Belgian national number: a date of birth, mod 97."""
    if len(digits) != 11 or not _is_date(2000, int(digits[2:4]), int(digits[4:6])):
        return False
    check = int(digits[9:])
    return any(97 - int(lead + digits[:9]) % 97 == check for lead in ("", "2"))


def is_dni(text: str) -> bool:
    """The Spanish DNI or NIE: digits and the letter that they give mod 23."""
    if len(text) != 9 or not _DNI.fullmatch(text):
        return False
    number = int(text[:-1].translate(str.maketrans("XYZ", "012")))
    return _DNI_LETTERS[number % 23] == text[-1]


def is_nir(text: str) -> bool:
    """The French NIR: sex, year and month of birth, place, and a key mod 97."""
    plain = text.replace("2A", "19").replace("2B", "18") if len(text) == 15 else text
    return bool(_NIR.fullmatch(plain)) and 97 - int(plain[:13]) % 97 == int(plain[13:])


def is_codice_fiscale(text: str) -> bool:
    """The Italian codice fiscale: letters of the name, date of birth, place, check letter."""
    if not _FISCAL.fullmatch(text):
        return False
    odd = sum(_FISCAL_ODD[each] for each in text[0:15:2])
    even = sum(int(each, 36) - (10 if each.isalpha() else 0) for each in text[1:15:2])
    return chr(ord("A") + (odd + even) % 26) == text[15]


def is_nino(text: str) -> bool:
    """The British National Insurance number; it has no check digit."""
    return bool(_NINO.fullmatch(text))


def is_ssn(digits: str) -> bool:
    """A United States social security number that was ever given out; it has no check digit."""
    return bool(_SSN.fullmatch(digits))


def _weighted(digits: str, weights: Sequence[int]) -> int:
    return sum(int(each) * weight for each, weight in zip(digits, weights, strict=False))


def _is_date(year: int, month: int, day: int) -> bool:
    try:
        date(year, month, day)
    except ValueError:
        return False
    return True
