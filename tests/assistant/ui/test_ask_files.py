"""Rows as files: the same values, text that stays text, and the receipt beside them."""

import io
import zipfile
from dataclasses import replace
from datetime import UTC, date, datetime
from decimal import Decimal

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from assistant.answer import Answer, Result
from assistant.ui.files import file_name, receipt_lines, to_csv, to_excel, to_parquet
from tests.assistant.ui.fakes import WORST, airlines, answered

ANSWER = answered("Worst airline?", WORST, airlines(1), airlines(5))
ODD = pa.table(
    {
        "text": ["=1+1", "http://e.org", None],
        "day": [date(2013, 6, 1), date(1, 1, 1), None],
        "moment": pa.array([datetime(2013, 6, 1, 12, tzinfo=UTC), None, None]),
        "money": [Decimal("1.50"), None, Decimal("-2.00")],
        "whole": [2**62, -1, None],
        "rate": [0.5, float("nan"), None],
        "tags": [["a"], [], None],
        "flag": [True, False, None],
    }
)


def _of(table: pa.Table) -> Answer:
    return replace(ANSWER, result=Result(table=table, sql="SELECT 1"))


def _sheets(book: bytes) -> dict[str, str]:
    with zipfile.ZipFile(io.BytesIO(book)) as archive:
        return {name: archive.read(name).decode() for name in archive.namelist()}


def test_csv_holds_names_and_values() -> None:
    lines = to_csv(ANSWER).decode().splitlines()
    assert lines == [
        "airline__name,on_time_rate,arrived_flights",
        "ExpressJet Airlines Inc.,0.5432,4456",
    ]


def test_parquet_holds_the_rows_as_they_are() -> None:
    assert ANSWER.result is not None
    assert pq.read_table(io.BytesIO(to_parquet(ANSWER))).equals(ANSWER.result.table)


def test_excel_carries_the_receipt_on_its_own_sheet() -> None:
    parts = _sheets(to_excel(ANSWER))
    assert 'name="Answer"' in parts["xl/workbook.xml"]
    assert 'name="Receipt"' in parts["xl/workbook.xml"]
    words = parts["xl/sharedStrings.xml"]
    for said in ("On-time rate", "Arrivals less than 15 minutes late", "ops@example.org"):
        assert said in words


def test_text_that_looks_like_a_formula_or_a_link_stays_text() -> None:
    parts = _sheets(to_excel(_of(ODD)))
    sheet = parts["xl/worksheets/sheet1.xml"]
    assert "<f>" not in sheet
    assert "hyperlink" not in sheet
    assert "=1+1" in parts["xl/sharedStrings.xml"]


@pytest.mark.parametrize("make", [to_csv, to_parquet, to_excel])
@pytest.mark.parametrize("table", [ODD, ODD.slice(0, 0)], ids=["odd", "empty"])
def test_every_type_can_be_written(make: object, table: pa.Table) -> None:
    assert callable(make)
    assert make(_of(table))


def test_an_interval_becomes_text_where_the_format_lacks_it() -> None:
    interval = pa.table({"i": pa.array([(1, 2, 3), None], pa.month_day_nano_interval())})
    assert pq.read_table(io.BytesIO(to_parquet(_of(interval)))).column("i")[0].as_py() is not None
    assert to_excel(_of(interval))


def test_the_receipt_names_what_the_page_names() -> None:
    lines = dict(receipt_lines(ANSWER))
    assert lines["Question"] == "Worst airline?"
    assert lines["Made how"] == "✓ Approved metric"
    assert lines["SQL"] == "SELECT 1"
    assert lines["Table: gold.fct_flights"].startswith("gold, operations, caution")


def test_a_file_is_named_after_the_question() -> None:
    assert file_name("../../etc/passwd?") == "etc-passwd"
    assert file_name("¿?") == "answer"
    assert len(file_name("a b " * 100)) <= 60
