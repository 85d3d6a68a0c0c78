"""The rest of three hundred tables: dated copies, code lists, landing zones, reports.

Innocent but for the copies of the customer master, whose people are told in the manifest.
"""

from collections.abc import Iterator
from itertools import product

TABLES = 300
"""Tables of the whole warehouse."""
COPIES = tuple(f"raw.kna1_2024{month:02}" for month in range(1, 13))
COPIED = ("name1", "stras", "telf1")
"""Columns of a copy that hold people."""
_CODES = ("land", "curr", "unit", "tax", "terms", "route", "plant", "group", "class", "zone")
_SYSTEMS = ("erp", "wms", "pos", "crm", "tms")
_OBJECTS = ("hdr", "itm", "evt", "cfg", "usr_grp", "seq", "txt", "par", "msg", "idx")
_GRAINS = ("day", "week", "month", "quarter", "year")
_SUBJECTS = ("orders", "returns", "tickets", "shipments")
_DATES = {
    "orders": "order_date",
    "returns": "returned_on",
    "tickets": "opened_on",
    "shipments": "shipped_on",
}


def fillers(held: int) -> Iterator[str]:
    """Yield the statements that bring a warehouse which holds some tables to all of them."""
    statements = [*_copies(), *_aggregates(), *_landing(), *_codes()]
    wanted = TABLES - held
    yield from statements[:wanted]
    for number in range(wanted - len(statements)):
        yield _report(number)


def _copies() -> Iterator[str]:
    for at, name in enumerate(COPIES):
        held = 300 + at * 9
        yield f"CREATE TABLE {name} AS SELECT * FROM raw.t_kna1 WHERE kunnr::INTEGER <= {held}"


def _aggregates() -> Iterator[str]:
    for subject, grain in product(_SUBJECTS, _GRAINS):
        yield (
            f"CREATE TABLE mart.agg_{subject}_{grain} AS "
            f"SELECT date_trunc('{grain}', {_DATES[subject]})::DATE AS period_start, "
            f"count(*) AS cnt FROM mart.fct_{subject} GROUP BY 1"
        )


def _landing() -> Iterator[str]:
    for system, part in product(_SYSTEMS, _OBJECTS):
        yield (
            f"CREATE TABLE raw.lz_{system}_{part} AS SELECT i AS rec_no, 'K' || i % 17 AS key_1, "
            "i % 5 AS typ, i * 13 % 1000 AS num_1, i % 2 = 0 AS flg_a, "
            "TIMESTAMP '2025-06-29 22:00:00' + to_seconds(i) AS ld_ts FROM range(1, 61) r(i)"
        )


def _codes() -> Iterator[str]:
    for schema, code in product(("raw.t_c_", "clean.ref_"), _CODES):
        for version in range(4):
            yield (
                f"CREATE TABLE {schema}{code}_{version} AS "
                f"SELECT '{code[0].upper()}' || i AS code, "
                f"'{code.capitalize()} no. ' || i AS label, i % 3 AS sort_order, 'E' AS spras "
                "FROM range(1, 13) r(i)"
            )


def _report(number: int) -> str:
    return (
        f"CREATE TABLE {('mart.rpt', 'clean.map', 'raw.tmp')[number % 3]}_{number:03} AS "
        f"SELECT i AS line_no, 'S' || i % 4 AS section, i * {number + 3} % 97 AS val, "
        "DATE '2025-01-01' + i::INTEGER AS dt FROM range(1, 25) r(i)"
    )
