"""Data folders: which file is which table, what text means, what is left out and named."""

from pathlib import Path

import pytest

from catalogue.errors import WarehouseUnavailable
from catalogue.readers.files.listing import data_files, tables_of
from catalogue.snapshot import Snapshot
from tests.catalogue.folders import notes, rows, take, types, write_folder


@pytest.mark.parametrize(
    ("name", "table"),
    [
        pytest.param("orders.csv", "main.orders", id="file"),
        pytest.param("orders_2024_01.csv", "main.orders", id="month"),
        pytest.param("orders-2024-01-31.parquet", "main.orders", id="day"),
        pytest.param("orders_part-0003.parquet", "main.orders", id="part"),
        pytest.param("orders.2024.json", "main.orders", id="dot"),
        pytest.param("orders.csv.gz", "main.orders", id="packed"),
        pytest.param("orders/2024-01.parquet", "main.orders", id="folder-of-parts"),
        pytest.param("orders/part-0.parquet", "main.orders", id="spark"),
        pytest.param("orders/5f3c9a1b2d4e.json", "main.orders", id="hash"),
        pytest.param("orders/year=2024/month=01/0.parquet", "main.orders", id="hive"),
        pytest.param("crm/customers.csv", "crm.customers", id="schema"),
        pytest.param("raw/erp/orders/2024.csv", "raw_erp.orders", id="nested"),
        pytest.param("orders_v2.csv", "main.orders_v2", id="version-is-a-name"),
        pytest.param("Sales Report (EU).csv", "main.Sales_Report_EU", id="punctuation"),
        pytest.param("2024.csv", "main.shop", id="parts-in-the-root"),
    ],
)
def test_names_alone_say_which_table_a_file_is(tmp_path: Path, name: str, table: str) -> None:
    root = write_folder(tmp_path / "shop", {name: b"x"})
    (found,) = tables_of(root, data_files(root))
    assert found.full_name == table


def test_hidden_files_and_other_kinds_are_no_data(tmp_path: Path) -> None:
    root = write_folder(
        tmp_path, {"_SUCCESS.csv": "a", ".x/a.csv": "a", "_tmp/a.csv": "a", "a.txt": "a"}
    )
    assert data_files(root) == ()


_LINES = "name;price\nJörg;1,50\nÅsa;1.234,5\n"


@pytest.mark.parametrize(
    ("content", "is_guessed"),
    [
        pytest.param(_LINES.encode(), False, id="utf-8"),
        pytest.param(_LINES.encode("utf-8-sig"), False, id="utf-8-bom"),
        pytest.param(_LINES.encode("cp1252"), True, id="windows-1252"),
        pytest.param(_LINES.encode("utf-16"), False, id="utf-16"),
        pytest.param(_LINES.encode("utf-16-be"), False, id="utf-16-be-unmarked"),
        pytest.param(_LINES.replace(";", "\t").encode(), False, id="tabs"),
        pytest.param(_LINES.replace(";", "|").encode(), False, id="bars"),
        pytest.param(_LINES.replace("\n", "\r\n").encode("utf-8-sig"), False, id="windows-lines"),
        pytest.param(b'name,price\nJ\xc3\xb6rg,"1,50"\n\xc3\x85sa,"1.234,5"\n', False, id="quoted"),
    ],
)
def test_csv_of_any_encoding_and_delimiter_reads_the_same(
    tmp_path: Path, content: bytes, is_guessed: bool
) -> None:
    root = write_folder(tmp_path / "in", {"prices.csv": content})
    snapshot = take(root, tmp_path / "state")
    assert rows(snapshot, "FROM prices ORDER BY price") == [("Jörg", 1.5), ("Åsa", 1234.5)]
    assert [("windows-1252" in note) for note in notes(root, snapshot)] == [True] * is_guessed


_CELLS = {
    "whole": (["1", "-20", ""], "BIGINT"),
    "point": (["1.5", "2", "1e3"], "DOUBLE"),
    "leading_zeros_are_codes": (["007", "010"], "VARCHAR"),
    "missing_words": (["1", "n/a", "NULL"], "BIGINT"),
    "mixed": (["1", "two"], "VARCHAR"),
    "long_ids": (["12345678901234567890"], "VARCHAR"),
    "thousands_or_decimals": (["1,234", "2,345"], "VARCHAR"),
    "comma": (["1,5", "2"], "DOUBLE"),
    "truth": (["true", "FALSE"], "BOOLEAN"),
    "words": (["yes", "no"], "VARCHAR"),
    "iso_day": (["2024-02-29"], "DATE"),
    "no_such_day": (["2024-02-30"], "VARCHAR"),
    "dotted_day": (["31.12.2024", "1.2.2024"], "DATE"),
    "day_first": (["31/12/2024", "01/02/2024"], "DATE"),
    "month_first": (["12/31/2024", "01/02/2024"], "DATE"),
    "either_way": (["01/02/2024"], "VARCHAR"),
    "time": (["2024-01-01 10:00", "2024-01-01T10:00:05.5"], "TIMESTAMP"),
    "zone": (["2024-01-01T10:00:00Z"], "TIMESTAMP WITH TIME ZONE"),
    "nothing": (["", ""], "VARCHAR"),
}
"""Cells of one column, and the type they are to have."""


@pytest.fixture(scope="module")
def cells(tmp_path_factory: pytest.TempPathFactory) -> Snapshot:
    """One import of a file for each case."""
    place = tmp_path_factory.mktemp("cells")
    files: dict[str, str | bytes] = {
        f"{name}.csv": "c|d\n" + "".join(f'"{cell}"|x\n' for cell in found)
        for name, (found, _) in _CELLS.items()
    }
    return take(write_folder(place / "in", files), place / "state")


@pytest.mark.parametrize("name", _CELLS)
def test_text_has_the_type_that_all_of_its_cells_have(cells: Snapshot, name: str) -> None:
    found, data_type = _CELLS[name]
    assert types(cells, name)["c"] == data_type
    assert rows(cells, f"SELECT count(*) FROM {name}") == [(len(found),)]


def test_a_file_without_a_header_keeps_its_first_row(tmp_path: Path) -> None:
    root = write_folder(tmp_path / "in", {"t.csv": "1,a\n2,b\n", "u.csv": ",x\n1,a\n"})
    snapshot = take(root, tmp_path / "state")
    assert rows(snapshot, "FROM t ORDER BY 1") == [(1, "a"), (2, "b")]
    assert list(types(snapshot, "u")) == ["column_1", "x"]


def test_nested_types_stay_nested(tmp_path: Path) -> None:
    root = write_folder(
        tmp_path / "in",
        {
            "crm/people.json": '[{"id": 1, "address": {"city": "Bonn"}, "tags": ["a", "b"]}]',
            "m.parquet": "SELECT MAP {'k': 1} AS m, [1, 2] AS l",
        },
    )
    snapshot = take(root, tmp_path / "state")
    assert rows(snapshot, "SELECT address.city, tags[2] FROM crm.people") == [("Bonn", "b")]
    assert types(snapshot, "m") == {"m": "MAP(VARCHAR, INTEGER)", "l": "INTEGER[]"}


def test_folders_of_a_partition_are_columns(tmp_path: Path) -> None:
    root = write_folder(
        tmp_path / "in",
        {
            "sales/year=2023/region=EU/0.parquet": "SELECT 1 AS amount",
            "sales/year=2024/region=US/0.csv": "amount\n2\n",
        },
    )
    snapshot = take(root, tmp_path / "state")
    assert rows(snapshot, "SELECT year, region, amount FROM sales ORDER BY 1") == [
        (2023, "EU", 1),
        (2024, "US", 2),
    ]


def test_files_that_differ_are_united_by_name_and_named(tmp_path: Path) -> None:
    root = write_folder(
        tmp_path / "in",
        {
            "o/2024-01.parquet": "SELECT 1::INTEGER AS id, DATE '2024-01-01' AS day",
            "o/2024-02.parquet": "SELECT 2::BIGINT AS ID, 20240201 AS day, 'x' AS extra",
        },
    )
    snapshot = take(root, tmp_path / "state")
    assert types(snapshot, "o") == {"id": "BIGINT", "day": "VARCHAR", "extra": "VARCHAR"}
    assert rows(snapshot, "FROM o ORDER BY id") == [
        (1, "2024-01-01", None),
        (2, "20240201", "x"),
    ]
    assert notes(root, snapshot) == [
        "main.o: the column id is INTEGER in o/2024-01.parquet and BIGINT in o/2024-02.parquet; "
        "all of it is read as BIGINT.",
        "main.o: the column day is DATE in o/2024-01.parquet and INTEGER in o/2024-02.parquet; "
        "all of it is read as VARCHAR.",
        "main.o: the column extra is missing in o/2024-01.parquet and empty there.",
    ]


def test_numbers_that_are_text_in_one_csv_are_named(tmp_path: Path) -> None:
    root = write_folder(
        tmp_path / "in",
        {
            "o_1.csv": "id,amount\n1,5\n",
            "o_2.csv": "id,amount\n2,6\n",
            "o_3.csv": "id,amount\n3,?\n",
        },
    )
    snapshot = take(root, tmp_path / "state")
    assert types(snapshot, "o") == {"id": "BIGINT", "amount": "VARCHAR"}
    assert notes(root, snapshot) == [
        "main.o: the column amount is a number in o_1.csv, o_2.csv and VARCHAR in o_3.csv; "
        "all of it is read as VARCHAR."
    ]


def test_what_is_broken_is_left_out_and_named_and_the_rest_serves(tmp_path: Path) -> None:
    root = write_folder(
        tmp_path / "in",
        {
            "good.csv": "a\n1\n",
            "o/1.parquet": "SELECT 1::BIGINT AS id",
            "o/2.parquet": b"PAR1 and no more",
            "o/3.csv": "id,name\n3,secret-name\n4\n",
            "o/4.json": '{"id": 4}\n{"id": ',
            "o/5.csv": b"",
            "o/6.csv": "id\n6\n",
        },
    )
    snapshot = take(root, tmp_path / "state")
    assert rows(snapshot, "SELECT id FROM o ORDER BY id") == [(1,), (6,)]
    said = notes(root, snapshot)
    assert sorted(note.split(" is left out: ")[0] for note in said) == [
        f"main.o: o/{name}" for name in ("2.parquet", "3.csv", "4.json", "5.csv")
    ]
    assert "line 3 does not fit its columns" in "".join(said)
    assert "secret" not in "".join(said)


def test_a_folder_in_which_nothing_can_be_read_says_so(tmp_path: Path) -> None:
    root = write_folder(tmp_path / "in", {"a.parquet": b"no"})
    with pytest.raises(WarehouseUnavailable, match=r"No file in .* could be read. The first: main"):
        take(root, tmp_path / "state")


def test_parquet_that_breaks_in_its_middle_is_found(tmp_path: Path) -> None:
    """Its footer is whole, so it describes itself well; only the read fails."""
    root = write_folder(
        tmp_path / "in",
        {f"o/{n}.parquet": f"SELECT {n} AS n, repeat('x', 90) || range AS s FROM range(9000)"
         for n in range(1, 6)},
    )  # fmt: skip
    path = root / "o" / "3.parquet"
    content = bytearray(path.read_bytes())
    content[40 : len(content) // 2] = b"\xff" * (len(content) // 2 - 40)
    write_folder(root, {"o/3.parquet": bytes(content)})
    snapshot = take(root, tmp_path / "state")
    assert rows(snapshot, "SELECT DISTINCT n FROM o ORDER BY n") == [(1,), (2,), (4,), (5,)]
    assert len(notes(root, snapshot)) == 1
