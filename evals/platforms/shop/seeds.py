"""The shop's seeds: small CSV files, invented, the same every time."""

import csv
import random
from collections.abc import Iterator, Mapping, Sequence
from datetime import date, timedelta
from pathlib import Path

from evals.platforms.people import people

CUSTOMERS, ORDERS = 120, 900
_FIRST_DAY = date(2024, 1, 2)
_DAYS = 607
"""Until the last day of August 2025."""
_STORES = (
    ("Harbour", "Bremen", "2019-03-01", 0.07),
    ("Old Town", "Ghent", "2020-06-15", 0.06),
    ("Station", "Utrecht", "2021-09-01", 0.09),
    ("Castle Hill", "Leeds", "2023-02-10", 0.05),
)
_PRODUCTS = {
    "tea": ("Assam", "Darjeeling", "Sencha", "Oolong", "Rooibos", "Earl Grey", "Jasmine"),
    "teaware": ("Kettle", "Clay pot", "Strainer", "Cup pair"),
    "gift": ("Sampler", "Advent box", "Voucher card"),
    "book": ("The Tea Road", "Leaves and Water"),
}
_SUPPLIERS = ("Hill Estate", "Kyo Traders", "Brookware", "Paper Lantern")

Row = Sequence[object]


def write_seeds(folder: Path) -> None:
    """Write every seed into a folder."""
    folder.mkdir(parents=True, exist_ok=True)
    for name, rows in _seeds().items():
        with (folder / f"{name}.csv").open("w", encoding="utf-8", newline="") as file:
            csv.writer(file).writerows(rows)


def _seeds() -> Mapping[str, Sequence[Row]]:
    dice = random.Random(11)
    products = list(_products(dice))
    orders = list(_orders(dice))
    items = list(_items(orders, products, dice))
    return {
        "raw_stores": [("id", "name", "city", "opened_on", "tax_rate"), *_numbered(_STORES)],
        "raw_products": [
            ("sku", "name", "kind", "price_cents", "supplier", "is_perishable"),
            *products,
        ],
        "raw_customers": [
            ("id", "first_name", "last_name", "email", "joined_at", "loyalty_tier", "store_id"),
            *_customers(dice),
        ],
        "raw_orders": [
            ("id", "customer_id", "store_id", "ordered_at", "status", "is_gift"),
            *orders,
        ],
        "raw_order_items": [("id", "order_id", "sku", "qty"), *items],
        "raw_payments": [
            ("id", "order_id", "method", "amount_cents", "paid_at"),
            *_numbered(_payments(orders, items, products, dice)),
        ],
    }


def _numbered(rows: Sequence[Row] | Iterator[Row]) -> Iterator[Row]:
    return ((number, *row) for number, row in enumerate(rows, start=1))


def _products(dice: random.Random) -> Iterator[Row]:
    for kind, names in _PRODUCTS.items():
        for at, name in enumerate(names):
            sku = f"{kind[0].upper()}{kind[-1].upper()}-{100 + at}"
            yield sku, name, kind, dice.randint(4, 60) * 50, dice.choice(_SUPPLIERS), kind == "tea"


def _customers(dice: random.Random) -> Iterator[Row]:
    tiers = ("", "", "bronze", "bronze", "silver", "gold")
    for person in people(CUSTOMERS, seed=23).to_pylist():
        joined = date(2022, 5, 1) + timedelta(days=dice.randrange(1100))
        names = person["first"], person["last"], person["email"]
        yield person["id"], *names, joined, dice.choice(tiers), dice.randint(1, len(_STORES))


def _orders(dice: random.Random) -> Iterator[Row]:
    statuses = ("completed",) * 7 + ("shipped", "placed", "returned")
    for number in range(1, ORDERS + 1):
        day = _FIRST_DAY + timedelta(days=min(dice.randrange(_DAYS), dice.randrange(_DAYS + 200)))
        moment = f"{day} {dice.randint(8, 19):02}:{dice.randint(0, 59):02}:00"
        customer, store = dice.randint(1, CUSTOMERS - 12), dice.choice((1, 1, 1, 2, 2, 3, 4))
        yield number, customer, store, moment, dice.choice(statuses), dice.random() < 0.2


def _items(orders: Sequence[Row], products: Sequence[Row], dice: random.Random) -> Iterator[Row]:
    skus = [product[0] for product in products]
    drawn = [
        (order[0], sku, dice.choice((1, 1, 1, 2, 3)))
        for order in orders
        for sku in sorted(dice.sample(skus, dice.choice((1, 1, 2, 3))), key=str)
    ]
    return _numbered(drawn)


def _payments(
    orders: Sequence[Row], items: Sequence[Row], products: Sequence[Row], dice: random.Random
) -> Iterator[Row]:
    """Completed orders are paid, a sixth of them in two halves; others not yet."""
    prices = {product[0]: int(str(product[3])) for product in products}
    totals: dict[object, int] = {}
    for _, order, sku, quantity in items:
        totals[order] = totals.get(order, 0) + prices[sku] * int(str(quantity))
    for order in (each for each in orders if each[4] in ("completed", "returned")):
        day = date.fromisoformat(str(order[3])[:10]) + timedelta(days=dice.randint(0, 9))
        method = dice.choice(("card", "card", "card", "bank transfer", "gift card", "cash"))
        first = totals[order[0]] // 2 if dice.random() < 0.16 else totals[order[0]]
        for cents in filter(None, (first, totals[order[0]] - first)):
            yield order[0], method, cents, day
