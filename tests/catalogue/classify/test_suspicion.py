"""Personal data is found under bland names, and what only looks alike is left in peace."""

from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from random import Random

import duckdb
import pyarrow as pa
import pytest

from catalogue.classify.suspicion import with_suspicions
from catalogue.model import Column, Suspicion, Table
from catalogue.readers.duckdb import DuckDBWarehouse
from catalogue.store import to_json
from tests.catalogue.classify.planted import BLAND, INNOCENT, PERSONAL, Maker, values

ROWS = (12, 60, 400)


def written(path: Path, columns: Mapping[str, Maker], *, rows: int, seed: int) -> Path:
    """Write each column to a table of its own: no neighbour helps to recognise it."""
    random = Random(seed)
    with duckdb.connect(str(path)) as connection:
        for at, (label, make) in enumerate(columns.items()):
            name = BLAND[at % len(BLAND)]
            held = pa.table({"k": [at] * rows, name: list(values(make, random, rows=rows))})
            connection.from_arrow(held).create(f'"t{at}: {label}"')
    return path


def judged(path: Path, *, is_brief: bool = False) -> dict[str, Suspicion | None]:
    with DuckDBWarehouse(path) as warehouse:
        tables = with_suspicions(warehouse.tables(), warehouse, is_brief=is_brief)
    return {table.name.partition(": ")[2]: table.columns[1].suspicion for table in tables}


@pytest.fixture(scope="module")
def found(
    tmp_path_factory: pytest.TempPathFactory,
) -> dict[int, dict[str, Suspicion | None]]:
    columns = {label: make for label, (_, make) in PERSONAL.items()} | INNOCENT
    directory = tmp_path_factory.mktemp("planted")
    return {
        rows: judged(written(directory / f"{rows}.duckdb", columns, rows=rows, seed=rows))
        for rows in ROWS
    }


def test_at_least_95_of_100_planted_columns_are_found(
    found: dict[int, dict[str, Suspicion | None]], capsys: pytest.CaptureFixture[str]
) -> None:
    missed = [f"{label} of {rows}" for rows in ROWS for label in PERSONAL if not found[rows][label]]
    total = len(ROWS) * len(PERSONAL)
    with capsys.disabled():
        print(f"\nplanted: {total - len(missed)} of {total} found; missed: {missed or 'none'}")
    assert len(missed) <= 0.05 * total


def test_at_most_5_of_100_innocent_columns_are_hidden(
    found: dict[int, dict[str, Suspicion | None]], capsys: pytest.CaptureFixture[str]
) -> None:
    hidden = [
        f"{label} of {rows}: {seen.why}"
        for rows in ROWS
        for label in INNOCENT
        if (seen := found[rows][label])
    ]
    total = len(ROWS) * len(INNOCENT)
    with capsys.disabled():
        print(f"\ninnocent: {len(hidden)} of {total} hidden; {hidden or 'none'}")
    assert len(hidden) <= 0.05 * total


@pytest.mark.parametrize(
    ("table", "column", "kind"),
    [
        ("customers", "EmailAddress", "email"),
        ("kunden", "geburtsdatum", "birth"),
        ("kunden", "kundenvorname", "person"),
        ("clients", "nom_de_famille", "person"),
        ("clients", "date_naissance", "birth"),
        ("clientes", "correo_electronico", "email"),
        ("clientes", "apellidos", "person"),
        ("clienti", "codice_fiscale", "national_id"),
        ("klanten", "achternaam", "person"),
        ("klanten", "woonadres_straat", "address"),
        ("klienci", "nazwisko", "person"),
        ("klienci", "numer_telefonu", "phone"),
        ("pessoas", "data_nascimento", "birth"),
        ("t", "iban", "iban"),
        ("t", "password_hash", "secret"),
        ("employees", "salary", "pay"),
        ("employees", "postal_code", "postcode"),
        ("stores", "postal_code", None),
        ("airports", "address", None),
        ("stores", "phone", None),
        ("sends", "email_opt_in", None),
        ("sends", "email_count", None),
        ("devices", "phone_model", None),
        ("products", "name", None),
        ("orders", "order_no", None),
        ("countries", "race_count", None),
        ("orders", "birthday_discount_rate", None),
    ],
)
def test_a_name_alone_speaks_where_there_are_no_values(
    tmp_path: Path, table: str, column: str, kind: str | None
) -> None:
    path = tmp_path / "empty.duckdb"
    data_type = {"salary": "BIGINT", "geburtsdatum": "DATE"}.get(column, "VARCHAR")
    with duckdb.connect(str(path)) as connection:
        connection.execute(f'CREATE TABLE "{table}" ("{column}" {data_type})')
    with DuckDBWarehouse(path) as warehouse:
        (judged_table,) = with_suspicions(warehouse.tables(), warehouse)
    found = judged_table.columns[0].suspicion
    assert (found.kind if found else None) == kind


def test_values_contradict_a_name(tmp_path: Path) -> None:
    path = tmp_path / "events.duckdb"
    with duckdb.connect(str(path)) as connection:
        connection.execute(
            "CREATE TABLE events AS SELECT * FROM (VALUES ('opened', 'iPhone', 'left'), "
            "('clicked', 'Pixel', 'right')) AS t(email, mobile, street)"
        )
    with DuckDBWarehouse(path) as warehouse:
        (events,) = with_suspicions(warehouse.tables(), warehouse)
    assert [column.suspicion for column in events.columns] == [None, None, None]


def test_customers_that_are_firms_are_no_people(tmp_path: Path) -> None:
    path = tmp_path / "trade.duckdb"
    with duckdb.connect(str(path)) as connection:
        connection.execute(
            "CREATE TABLE dim_customer AS SELECT 'Weber ' || kind AS customer_name, i AS key "
            "FROM (VALUES (1, 'GmbH'), (2, 'Logistik AG'), (3, 'SA'), (4, 'Ltd')) t(i, kind)"
        )
    with DuckDBWarehouse(path) as warehouse:
        (customers,) = with_suspicions(warehouse.tables(), warehouse)
    assert [column.suspicion for column in customers.columns] == [None, None]


@pytest.mark.parametrize("is_brief", [False, True])
def test_one_address_anywhere_in_a_large_table_is_found(tmp_path: Path, is_brief: bool) -> None:
    path = tmp_path / "notes.duckdb"
    with duckdb.connect(str(path)) as connection:
        connection.execute(
            "CREATE TABLE notes AS SELECT CASE WHEN i = 90000 "
            "THEN 'please write to ada@example.org again' "
            "ELSE 'parcel was late again ' || i END AS memo FROM range(100000) AS t(i)"
        )
    with DuckDBWarehouse(path) as warehouse:
        (notes,) = with_suspicions(warehouse.tables(), warehouse, is_brief=is_brief)
    assert notes.columns[0].suspicion is not None


def test_a_first_look_finds_what_stands_in_the_first_rows(tmp_path: Path) -> None:
    """Before anything is profiled the same columns are hidden, but for rare cases."""
    columns = {name: values for name, (_, values) in PERSONAL.items()}
    path = written(tmp_path / "people.duckdb", columns, rows=60, seed=1)
    missed = [name for name, suspicion in judged(path, is_brief=True).items() if not suspicion]
    assert len(missed) <= 0.1 * len(PERSONAL), missed


def test_what_a_person_classified_is_left_alone_and_evidence_holds_no_value(tmp_path: Path) -> None:
    path = written(tmp_path / "mail.duckdb", {"mail": PERSONAL["email"][1]}, rows=30, seed=1)
    with DuckDBWarehouse(path) as warehouse:
        (table,) = warehouse.tables()
        (suspected,) = with_suspicions((table,), warehouse)
        said = replace(
            table, columns=tuple(replace(c, classification="public") for c in table.columns)
        )
        assert with_suspicions((said,), warehouse) == (said,)
    assert "example." not in str(to_json(suspected))


def test_a_table_that_cannot_be_read_is_judged_by_its_names(tmp_path: Path) -> None:
    path = written(tmp_path / "shop.duckdb", {}, rows=1, seed=1)
    lost = Table(schema="main", name="lost", columns=(Column(name="email", data_type="VARCHAR"),))
    with DuckDBWarehouse(path) as warehouse:
        (found,) = with_suspicions((lost,), warehouse)
    assert found.columns[0].is_suspected
