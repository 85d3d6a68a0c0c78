"""Tables with personal data under bland names, and with look-alikes that are innocent.

Every number with a check digit is made here, by another way than the code that recognises it. A
third of the given names and half of the family names are in no list of the code.
"""

import uuid
from collections.abc import Callable, Iterator
from datetime import date, datetime, timedelta
from functools import partial
from hashlib import sha256
from random import Random

Maker = Callable[[Random], str]


def listed(text: str, mark: str | None = None) -> list[str]:
    return text.split(mark)


GIVEN = listed(
    "Anna Maria Thomas Sophie Pierre Jan Giulia Carlos Emma Lukas Wiktoria Thandiwe Kwabena "
    "Oluwaseun "
    "Siobhan Caoimhe Bjarte Eirik Yevgenia Bronwen Tegwen Ludivine Hyacinthe Ulrike Gottlieb Iñaki "
    "Ximena Jacinta Eufemia Zenon Bożena Wiesława Jolanta Femke Joris"
)
FAMILY = listed(
    "Smith Müller García Rossi Nowak Jansen Silva Dubois Kowalski Weber Okonkwo Achterberg "
    "Szczepański "
    "MacBradaigh MacGillivray Featherstone Winterbottom Haugland Quisling Delacroix Beauchamp "
    "Etxeberria "
    "Oyarzabal Cavalcanti Pellegrino Brzęczyszczykiewicz Terpstra Wijnstra Falkenhagen Hohenlohe"
)
STREETS = ["Main", "Oak", "Church", "Park", "Station", "Mill", "Victoria", "High", "Elm", "King"]
CITIES = listed(
    "London,Paris,Austin,San Francisco,Madison,Charlotte,Jackson,Florence,Houston,Lincoln,Santiago,"
    "Berlin,Hamburg,Köln,Lyon,Marseille,Sevilla,Milano,Torino,Utrecht,Gdańsk,Porto,Sofia,Victoria,"
    "St. Louis,New Orleans,El Paso,Kansas City,Salt Lake City,Baton Rouge,Des Moines,Santa Ana,"
    "San Jose,Fort Wayne,Rio de Janeiro,Buenos Aires,Cape Town,Port Elizabeth",
    ",",
)
COUNTRIES = listed(
    "France,Germany,Spain,Italy,Chad,Jordan,Georgia,Poland,Portugal,Netherlands,United Kingdom,"
    "United States,Costa Rica,San Marino,Sierra Leone,New Zealand,South Africa,Ivory Coast",
    ",",
)
PRODUCTS = listed(
    "Oak Table,Garden Chair,Desk Lamp,Blue Kettle,Ruby Ring,Martin Guitar,Coffee Grinder,"
    "Steel Bolt M8,"
    "Rose Candle,Amber Lager,Wool Scarf,Trail Shoe,Rain Jacket,Olive Oil,Green Tea,Dutch Oven,"
    "Rubber Duck,Jack Plane,Iris Bulb,Ginger Beer,Wireless Mouse,Paper Towels,Folding Ladder",
    ",",
)
COMPANIES = listed(
    "Acme Corp,Globex,Initech,Umbrella Group,Stark Industries,Wayne Enterprises,Johnson Controls,"
    "Miller Brothers,Deutsche Bahn,Société Générale,Ferrari,Virgin America,JetBlue Airways,"
    "Delta Air,"
    "Marks and Spencer,Morgan Stanley,Siemens,Philips,Banco Santander,Cooper Tire,Baker Hughes",
    ",",
)


def digits(random: Random, count: int, first: str = "0123456789") -> str:
    return random.choice(first) + "".join(random.choices("0123456789", k=count - 1))


def until(draw: Maker, holds: Callable[[str], bool]) -> Maker:
    def make(random: Random) -> str:
        while True:
            if holds(text := draw(random)):
                return text

    return make


def weighted(text: str, weights: list[int]) -> int:
    return sum(int(d) * w for d, w in zip(text, weights, strict=True))


def luhn(text: str) -> bool:
    total = 0
    for place, digit in enumerate(reversed(text)):
        value = int(digit) * (1 + place % 2)
        total += value - 9 if value > 9 else value
    return total % 10 == 0


def person(random: Random) -> str:
    return f"{random.choice(GIVEN)} {random.choice(FAMILY)}"


def email(random: Random) -> str:
    name = sha256(str(random.random()).encode()).hexdigest()[: random.randint(4, 9)]
    joint = random.choice(["", ".", "_", "-"])
    host = random.choice(
        ["example.org", "mail.example.com", "uni-hal.example.de", "kunde.example.fr"]
    )
    return f"{random.choice(GIVEN)[:1].lower()}{joint}{name}@{host}"


def iban(random: Random) -> str:
    country, count = random.choice([("DE", 18), ("ES", 20), ("NL", 0), ("FR", 23), ("PL", 24)])
    account = digits(random, count) if count else f"INGB{digits(random, 10)}"
    spelled = "".join(str(int(c, 36)) for c in f"{account}{country}00")
    whole = f"{country}{98 - int(spelled) % 97:02d}{account}"
    return (
        " ".join(whole[i : i + 4] for i in range(0, len(whole), 4))
        if random.random() < 0.5
        else whole
    )


def card(random: Random) -> str:
    prefix, count = random.choice([("4", 16), ("52", 16), ("34", 15), ("6011", 16)])
    body = prefix + digits(random, count - len(prefix) - 1)
    text = next(body + last for last in "0123456789" if luhn(body + last))
    return "-".join(text[i : i + 4] for i in range(0, 16, 4)) if random.random() < 0.3 else text


def dni(random: Random) -> str:
    number = random.randrange(10**7, 10**8)
    return f"{number}{random.choice(['', '-'])}{'TRWAGMYFPDXBNJZSQVHLCKE'[number % 23]}"


def nir(random: Random) -> str:
    born = f"{random.randint(40, 99)}{random.randint(1, 12):02d}"
    body = f"{random.choice('12')}{born}{digits(random, 8)}"
    return f"{body}{97 - int(body) % 97:02d}"


def codice_fiscale(random: Random) -> str:
    """From published examples: the table of its check letter stands in no other words."""
    return random.choice(
        ["RSSMRA85T10A562S", "RSSMRA80A01H501U", "MRTMTT91D08F205J", "RSSBBR69C48F839A"]
    )


def pesel(random: Random) -> str:
    born = date(1940, 1, 1) + timedelta(days=random.randrange(21_000))
    body = f"{born:%y%m%d}{digits(random, 4)}"
    check = (10 - weighted(body, [1, 3, 7, 9, 1, 3, 7, 9, 1, 3]) % 10) % 10
    return f"{body}{check}"


def tax_id(random: Random) -> str:
    """Ten digits of which one stands twice, and the check of ISO 7064, MOD 11,10."""
    chosen = random.sample("123456789", 9)
    chosen.insert(random.randrange(1, 9), random.choice(chosen))
    product = 10
    for digit in chosen:
        total = (int(digit) + product) % 10
        product = (2 * (total if total else 10)) % 11
    check = 11 - product
    return "".join(chosen) + str(0 if check == 10 else check)


nhs = until(
    lambda r: digits(r, 10, "4679"),
    lambda t: weighted(t, [10, 9, 8, 7, 6, 5, 4, 3, 2, 1]) % 11 == 0,
)
bsn = until(
    lambda r: digits(r, 9, "12"), lambda t: weighted(t, [9, 8, 7, 6, 5, 4, 3, 2, -1]) % 11 == 0
)


def nhs_written(random: Random) -> str:
    text = nhs(random)
    return f"{text[:3]} {text[3:6]} {text[6:]}"


def ssn(random: Random) -> str:
    return f"{random.randint(101, 650):03d}-{random.randint(10, 99)}-{random.randint(1000, 9999)}"


def nino(random: Random) -> str:
    return f"{random.choice(['AB', 'JK', 'SC', 'PW'])}{digits(random, 6)}{random.choice('ABCD')}"


def phone_world(random: Random) -> str:
    return random.choice(
        [f"+44 20 {digits(random, 4)} {digits(random, 4)}", f"+49 171 {digits(random, 7)}",
         f"+33{digits(random, 9, '67')}", f"0034 6{digits(random, 8)}",
         f"+48 {digits(random, 9, '567')}"]
    )  # fmt: skip


def phone_us(random: Random) -> str:
    area, exchange = random.randint(201, 989), random.randint(200, 999)
    return random.choice(
        [f"({area}) {exchange}-{digits(random, 4)}", f"{area}-{exchange}-{digits(random, 4)}"]
    )


def phone_bare(random: Random) -> str:
    return f"{random.randint(201, 989)}{random.randint(200, 999)}{digits(random, 4)}"


def phone_national(random: Random) -> str:
    return random.choice(
        [f"0{digits(random, 3, '17')}/{digits(random, 7)}",
         f"06 {' '.join(digits(random, 2) for _ in '1234')}",
         f"07{digits(random, 9)}"]
    )  # fmt: skip


def birth(random: Random) -> str:
    return f"{date(1935, 1, 1) + timedelta(days=random.randrange(25_500)):%Y-%m-%d}"


def birth_written(random: Random) -> str:
    return f"{date(1935, 1, 1) + timedelta(days=random.randrange(25_500)):%d.%m.%Y}"


def address(random: Random) -> str:
    number, street = random.randint(1, 180), random.choice(STREETS)
    return random.choice(
        [f"{number} {street} Street", f"{number} {street} Rd, Apt {random.randint(1, 9)}",
         f"{street}straße {number}", f"{number} rue de {street}", f"Calle {street}, {number}",
         f"Via {street} {number}", f"ul. {street} {number}/3", f"{street}straat {number}"]
    )  # fmt: skip


def address_first(random: Random) -> str:
    number, street = random.randint(1, 180), random.choice(STREETS)
    return random.choice(
        [f"{street} Street {number}", f"Rue de la {street} {number}", f"Via {street} {number}"]
    )


def postcode(random: Random) -> str:
    letters = "ABDEFGHJLNPRST"
    return random.choice(
        [f"{random.choice('BLMS')}{digits(random, 1, '123456789')} {digits(random, 1)}"
         f"{random.choice(letters)}{random.choice(letters)}",
         f"{digits(random, 4, '123456789')} {random.choice(letters)}{random.choice(letters)}"]
    )  # fmt: skip


def ip(random: Random) -> str:
    return f"{random.randint(11, 223)}." + ".".join(str(random.randrange(256)) for _ in "123")


def note(content: Maker, share: float = 0.3) -> Maker:
    def make(random: Random) -> str:
        plain = random.choice(
            ["Parcel was late again, resent today.", "Asked about the invoice of last month.",
             "No answer, try again next week please.", "Wants a refund for the broken kettle."]
        )  # fmt: skip
        return (
            f"{plain} {content(random)} {random.randint(1, 999)}"
            if random.random() < share
            else plain
        )

    return make


PERSONAL: dict[str, tuple[str, Maker]] = {
    "email": ("email", email),
    "iban": ("iban", iban),
    "card": ("card", card),
    "dni": ("national_id", dni),
    "nir": ("national_id", nir),
    "fiscal": ("national_id", codice_fiscale),
    "pesel": ("national_id", pesel),
    "tax id": ("national_id", tax_id),
    "nhs": ("national_id", nhs),
    "nhs written": ("national_id", nhs_written),
    "bsn": ("national_id", bsn),
    "ssn": ("national_id", ssn),
    "nino": ("national_id", nino),
    "phone abroad": ("phone", phone_world),
    "phone us": ("phone", phone_us),
    "phone bare": ("phone", phone_bare),
    "phone national": ("phone", phone_national),
    "birth": ("birth", birth),
    "birth written": ("birth", birth_written),
    "person": ("person", person),
    "person reversed": ("person", lambda r: ", ".join(reversed(person(r).split(" ", 1)))),
    "person shouted": ("person", lambda r: person(r).upper()),
    "given name": ("person", lambda r: r.choice(GIVEN)),
    "address": ("address", address),
    "address street first": ("address", address_first),
    "postcode": ("postcode", postcode),
    "ip": ("ip", ip),
    "note email": ("free_text", note(email, 0.1)),
    "note phone": ("free_text", note(phone_world)),
    "note name": ("free_text", note(lambda r: f"Mrs {r.choice(FAMILY)} called.")),
    "note iban": ("free_text", note(iban)),
    "json": ("free_text", lambda r: f'{{"k": {r.randint(1, 9)}, "to": "{email(r)}", "ok": true}}'),
    "list of emails": ("free_text", lambda r: f"[{email(r)}, {email(r)}]"),
}
"""What is planted: the kind it must be found as, and how a value is made."""


def isbn(random: Random) -> str:
    body = digits(random, 9)
    check = -weighted(body, [10, 9, 8, 7, 6, 5, 4, 3, 2]) % 11
    return f"{body}{'X' if check == 10 else check}"


INNOCENT: dict[str, Maker] = {
    **{f"order {count}": partial(digits, count=count, first="123456789") for count in range(8, 17)},
    "order from one": lambda r: f"45{r.randrange(10**7):08d}",
    "order padded": lambda r: f"{r.randrange(10**6):010d}",
    "order dashed": lambda r: f"{digits(r, 3)}-{digits(r, 7)}-{digits(r, 7)}",
    "sku": lambda r: f"{''.join(r.choices('ABCDEFGHKLMNPRSTUVWX', k=3))}-{digits(r, 5)}",
    "sku long": lambda r: f"{r.choice('ABCDEF')}{digits(r, 7)}{r.choice('ABCDEFGHJK')}",
    "part": lambda r: f"{digits(r, 2)}-{digits(r, 4)}-{r.choice('ABC')}",
    "ean": lambda r: f"40{digits(r, 11)}",
    "isbn": isbn,
    "product": lambda r: f"{r.choice(PRODUCTS)} {r.choice(['', 'XL', '2', 'Pro'])}".strip(),
    "city": lambda r: r.choice(CITIES),
    "country": lambda r: r.choice(COUNTRIES),
    "company": lambda r: r.choice(COMPANIES),
    "timestamp": lambda r: f"{datetime(2021, 1, 1) + timedelta(seconds=r.randrange(10**8))}",
    "day": lambda r: f"{date(2019, 1, 1) + timedelta(days=r.randrange(2_000))}",
    "founded": lambda r: f"{r.randint(1950, 2008)}-01-01",
    "epoch": lambda r: str(1_600_000_000 + r.randrange(10**8)),
    "epoch ms": lambda r: str(1_600_000_000_000 + r.randrange(10**11)),
    "price": lambda r: f"{r.randrange(100_000) / 100:.2f}",
    "price euro": lambda r: f"{r.randrange(1000)},{r.randrange(100):02d} €",
    "md5": lambda r: sha256(str(r.random()).encode()).hexdigest()[:32],
    "sha": lambda r: sha256(str(r.random()).encode()).hexdigest(),
    "uuid": lambda r: str(uuid.UUID(int=r.getrandbits(128))),
    "version": lambda r: f"{r.randrange(12)}.{r.randrange(20)}.{r.randrange(15)}",
    "version of four": lambda r: (
        f"{r.randrange(12)}.{r.randrange(20)}.{r.randrange(15)}.{r.randrange(9)}"
    ),
    "status": lambda r: r.choice(["open", "shipped", "lost", "paid"]),
    "code": lambda r: r.choice(["A1", "B2", "C3"]),
    "url": lambda r: f"https://shop.example.org/p/{r.randrange(10**6)}",
    "path": lambda r: f"/data/in/{r.randrange(10**6)}/part-{r.randrange(9)}.csv",
    "coordinates": lambda r: f"{r.uniform(-90, 90):.5f},{r.uniform(-180, 180):.5f}",
    "route": lambda r: f"Route {r.choice(CITIES)} {r.randrange(99)}",
    "size": lambda r: f"{r.randrange(10, 99)}x{r.randrange(10, 99)} cm",
    "prose": lambda r: (
        f"A sturdy {r.choice(PRODUCTS).lower()} for daily use, {r.randint(1, 99)} in stock."
    ),
    "error": lambda r: (
        f"Timeout after {r.randrange(999)} ms while reading block {r.randrange(10**9)} of file"
    ),
    "mailbox": lambda r: r.choice(["info@example.org", "support@example.org", "sales@example.com"]),
    "package": lambda r: (
        f"{r.choice(['left', 'right'])}pad@{r.randrange(9)}.{r.randrange(9)}.{r.randrange(9)}"
    ),
    "colour": lambda r: r.choice(
        ["Red", "Rose", "Amber", "Olive", "Violet", "Grey", "Ruby", "Jade"]
    ),
    "month": lambda r: r.choice(["January", "April", "May", "June", "August", "March"]),
    "weekday": lambda r: r.choice(["Monday", "Tuesday", "Friday"]),
    "currency": lambda r: r.choice(["EUR", "USD", "GBP"]),
    "plane": lambda r: f"N{digits(r, 3)}{r.choice('ABC')}{r.choice('ABC')}",
    "train": lambda r: f"ICE {digits(r, 3)}",
    "quantity": lambda r: str(r.randrange(1000)),
}
BLAND = ("c17", "note", "ref", "x1", "val", "field_3", "attr", "memo", "data_2", "info", "z")


def values(make: Maker, random: Random, *, rows: int) -> Iterator[str | None]:
    """Return values as they are found in the wild: some missing, a few that are junk."""
    for _ in range(rows):
        chance = random.random()
        yield None if chance < 0.15 else "n/a" if chance < 0.17 else make(random)
