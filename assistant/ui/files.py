"""An answer's rows as files: CSV, Parquet, and Excel with a sheet that carries the receipt."""

import csv
import io
import re
from collections.abc import Callable, Iterator
from datetime import date, datetime
from decimal import Decimal
from functools import partial
from typing import Any

import streamlit as st

from assistant.answer import Answer
from assistant.present.encode import rows_to_json
from assistant.present.format import SHARE, is_missing
from assistant.present.rows import result_values
from assistant.ui.trust import made_how

_KINDS: "tuple[tuple[str, str, str, Callable[[Answer], bytes]], ...]"
_MOST_NAME_CHARS = 60
_MOST_CELL_CHARS = 32_767
"""Excel cuts longer texts itself, and calls the file broken."""
_LARGEST_EXACT = 2**53


def offer_files(answer: Answer, *, key: str) -> None:
    """Draw the ways to take the rows along; a file is made when it is asked for."""
    name = file_name(answer.question)
    with st.popover("Download", type="tertiary", key=f"files-{key}"):
        for label, ending, mime, make in _KINDS:
            st.download_button(
                label,
                data=partial(make, answer),
                file_name=f"{name}.{ending}",
                mime=mime,
                key=f"file-{ending}-{key}",
                on_click="ignore",
                type="tertiary",
            )


def file_name(question: str) -> str:
    """Return the question as a file's name.

    >>> file_name("Which airline had the worst rate?")
    'which-airline-had-the-worst-rate'
    """
    words = re.sub(r"[^a-z0-9]+", "-", question.lower()).strip("-")
    return words[:_MOST_NAME_CHARS].rstrip("-") or "answer"


def to_csv(answer: Answer) -> bytes:
    """Return the rows as CSV in UTF-8, columns by their names, values as `--json` writes them."""
    assert answer.result is not None
    shown = rows_to_json(answer.result.table, answer.result.duckdb_types)
    out = io.StringIO(newline="")
    writer = csv.writer(out)
    writer.writerow([column["name"] for column in shown.columns])
    writer.writerows(shown.rows)
    return out.getvalue().encode()


def to_parquet(answer: Answer) -> bytes:
    """Return the rows as Parquet; columns of a type that it lacks become text."""
    import pyarrow as pa
    import pyarrow.parquet as pq

    assert answer.result is not None
    out = io.BytesIO()
    try:
        pq.write_table(answer.result.table, out)
    except (pa.ArrowNotImplementedError, pa.ArrowInvalid):
        out = io.BytesIO()
        shown = rows_to_json(answer.result.table, answer.result.duckdb_types)
        columns = zip(*shown.rows, strict=True) if shown.rows else [()] * len(shown.columns)
        texts = [pa.array([None if v is None else str(v) for v in cells]) for cells in columns]
        pq.write_table(pa.table(texts, names=[each["name"] for each in shown.columns]), out)
    return out.getvalue()


def to_excel(answer: Answer) -> bytes:
    """Return a workbook of two sheets: the rows under readable headers, and the receipt."""
    import xlsxwriter

    assert answer.result is not None
    out = io.BytesIO()
    options = {"in_memory": True, "default_date_format": "yyyy-mm-dd", "remove_timezone": True}
    with xlsxwriter.Workbook(out, options) as book:
        bold = book.add_format({"bold": True})
        percent = book.add_format({"num_format": "0.0%"})
        whole = book.add_format({"num_format": "#,##0"})
        moment = book.add_format({"num_format": "yyyy-mm-dd hh:mm:ss"})
        sheet = book.add_worksheet("Answer")
        columns = zip(answer.result.table.column_names, result_values(answer.result), strict=True)
        for place, (name, cells) in enumerate(columns):
            unit = answer.units.get(name)
            label = answer.labels.get(name, name)
            sheet.write_string(0, place, _header(label, unit), bold)
            for row, cell in enumerate(cells, start=1):
                chosen = percent if unit == SHARE else whole if unit else None
                _write(sheet, row, place, cell, moment if isinstance(cell, datetime) else chosen)
        sheet.freeze_panes(1, 0)
        sheet.autofit()
        _write_receipt(book, answer, bold)
    return out.getvalue()


def _write_receipt(book: Any, answer: Answer, bold: Any) -> None:
    sheet = book.add_worksheet("Receipt")
    wrapped = book.add_format({"text_wrap": True, "valign": "top"})
    sheet.set_column(0, 0, 22)
    sheet.set_column(1, 1, 100)
    for row, (name, text) in enumerate(receipt_lines(answer)):
        sheet.write_string(row, 0, name, bold)
        sheet.write_string(row, 1, text[:_MOST_CELL_CHARS], wrapped)


def receipt_lines(answer: Answer) -> Iterator[tuple[str, str]]:
    """Yield the receipt as names and texts, in the page's order."""
    receipt, rules = answer.receipt, answer.receipt.conventions
    yield "Question", answer.question
    yield "Answer", answer.text
    yield "Made how", made_how(answer)
    yield "Confidence", f"{receipt.confidence.band}: {receipt.confidence.why}"
    yield "Health", receipt.health
    for metric in receipt.metrics:
        owner = f" (defined by {metric.owner})" if metric.owner else ""
        yield f"Metric: {metric.label or metric.name}", f"{metric.definition}{owner}"
    for table in receipt.tables:
        facts = [table.layer, table.domain, table.health]
        facts += [f"data to {table.as_of}" if table.as_of else None]
        facts += [f"owner {table.owner}" if table.owner else None]
        yield f"Table: {table.name}", ", ".join(fact for fact in facts if fact)
    for line in receipt.lineage:
        yield "Built from", line
    for finding in receipt.findings:
        yield f"Finding: {finding.level}", finding.message
    if receipt.masked:
        yield "Masked", ", ".join(receipt.masked)
    if answer.result is not None and answer.result.truncated:
        yield "Rows", "More rows exist than are in this file."
    yield "Sent to a model", receipt.sent_to_model
    yield "Time zone", rules.timezone
    yield "Week starts", rules.week_start
    yield "Fiscal year starts", f"month {rules.fiscal_year_start}"
    yield "Currency", str(rules.currency)
    for name, condition in rules.filters.items():
        yield f"Rows of {name}", condition
    yield "Role", receipt.role
    yield "Receipt", receipt.id
    yield "SQL", answer.sql or ""


def _header(label: str, unit: str | None) -> str:
    return f"{label} ({unit})" if unit and unit != SHARE and unit not in label.lower() else label


def _write(sheet: Any, row: int, place: int, cell: Any, shape: Any) -> None:
    """Write one cell by its kind; text stays text, so that no cell becomes a formula or a link."""
    if is_missing(cell):
        return
    if isinstance(cell, bool):
        sheet.write_boolean(row, place, cell)
    elif isinstance(cell, int | float | Decimal) and abs(float(cell)) <= _LARGEST_EXACT:
        sheet.write_number(row, place, float(cell), shape)
    elif isinstance(cell, date) and cell.year >= 1900:
        sheet.write_datetime(row, place, cell, *([shape] if isinstance(cell, datetime) else []))
    else:
        sheet.write_string(row, place, str(cell)[:_MOST_CELL_CHARS])


_KINDS = (
    ("CSV", "csv", "text/csv", to_csv),
    ("Parquet", "parquet", "application/vnd.apache.parquet", to_parquet),
    (
        "Excel, with the receipt",
        "xlsx",
        "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
        to_excel,
    ),
)
