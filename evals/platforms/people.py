"""Invented people with everything that must stay hidden: the same ones every time.

Identifiers are well formed, checksums included, so that a pattern alone can find them.
"""

import random
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import pyarrow as pa

_FIRST = (
    "Anna Björn Chloé Dmitri Elif Farid Grace Hanna Ivan Jana Karim Lena Marta Nils Olga Paulo "
    "Quentin Rosa Sven Tomasz Ursula Viktor Wanda Xenia Yusuf Zoe Amélie Bastian Carmen Diego"
)
_LAST = (
    "Andersson Bauer Costa Dubois Eriksen Fischer García Hoffmann Ivanova Jansen Kowalski Lindgren "
    "Martin Nowak Olsen Petrova Quist Rossi Schmidt Takahashi Ünal Vogel Weber Ximénez Yilmaz"
)
_STREETS = ("Hauptstr.", "Rue de la Gare", "High Street", "Via Roma", "Calle Mayor", "Storgatan")
_NOTES = (
    "Asked to be called back on {phone} after six.",
    "Please send the copy to {email}, the old address is wrong.",
    "{first} {last} moved to {street}; delivery note updated.",
    "Complaint settled, confirmation went to {email}.",
)


def people(count: int, *, seed: int = 4) -> "pa.Table":
    """Return invented people: id, names, contact, address, birth, NHS number, IBAN, card, note."""
    import pyarrow as pa

    dice = random.Random(seed)
    return pa.Table.from_pylist([_person(number + 1, dice) for number in range(count)])


def _person(number: int, dice: random.Random) -> dict[str, object]:
    first, last = dice.choice(_FIRST.split()), dice.choice(_LAST.split())
    plain = f"{first}.{last}{number}".encode("ascii", "ignore").decode().lower()
    person: dict[str, object] = {
        "id": number,
        "first": first,
        "last": last,
        "email": f"{plain}@mail{number % 7}.example",
        "phone": f"+{dice.choice((44, 49, 33, 46))} {dice.randint(20, 99)} {_digits(dice, 7)}",
        "street": f"{dice.choice(_STREETS)} {dice.randint(1, 180)}",
        "zip": _digits(dice, 5),
        "born": f"{dice.randint(1945, 2005)}-{dice.randint(1, 12):02}-{dice.randint(1, 28):02}",
        "nhs": _nhs_number(dice),
        "iban": _iban(dice),
        "card": _card(dice),
    }
    return {**person, "note": dice.choice(_NOTES).format(**person)}


def _digits(dice: random.Random, count: int) -> str:
    return "".join(str(dice.randint(0, 9)) for _ in range(count))


def _nhs_number(dice: random.Random) -> str:
    """Nine digits and a check digit modulo 11; ten is no digit, so such numbers are not given."""
    while True:
        digits = _digits(dice, 9)
        check = -sum(int(digit) * (10 - at) for at, digit in enumerate(digits)) % 11
        if check < 10:
            return f"{digits}{check}"


def _iban(dice: random.Random) -> str:
    """A German account with check digits by ISO 7064."""
    account = _digits(dice, 18)
    return f"DE{98 - int(f'{account}131400') % 97:02}{account}"


def _card(dice: random.Random) -> str:
    """Sixteen digits that pass Luhn's check."""
    digits = f"4{_digits(dice, 14)}"
    doubled = (int(d) * 2 if at % 2 == 0 else int(d) for at, d in enumerate(digits))
    return f"{digits}{-sum(n - 9 if n > 9 else n for n in doubled) % 10}"
