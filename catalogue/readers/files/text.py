"""CSV files as bytes: which encoding, which delimiter, which header. Knows no DuckDB.

UTF-8 is proven by reading all of a file. What is neither that nor marked as UTF-16 is read as
windows-1252, of which Latin-1 is a part; that is a guess, and is said to be one.
"""

import codecs
import csv
import gzip
import io
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import IO, cast

_CHUNK = 1 << 20
_HEAD = 64 * 1024
_HEAD_ROWS = 25
_DELIMITERS = (",", ";", "\t", "|")
_NUMBER = re.compile(r"[+-]?[\d.,]*\d[\d.,]*%?")
_MARKS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)


class UnreadableText(Exception):
    """A CSV file cannot be read as text; the message says why, without its content."""


@dataclass(frozen=True, kw_only=True)
class CsvForm:
    """How one CSV file is written."""

    encoding: str
    delimiter: str
    has_header: bool
    columns: tuple[str, ...]

    @property
    def is_guessed(self) -> bool:
        return self.encoding in ("cp1252", "latin-1")

    @property
    def is_utf8(self) -> bool:
        return self.encoding in ("utf-8", "utf-8-sig")


def form_of(path: Path) -> CsvForm:
    """Return how a CSV file is written, or raise UnreadableText."""
    try:
        encoding = _encoding_of(path)
        with _opened(path) as file:
            text = _decoded(file.read(_HEAD), encoding)
    except (OSError, EOFError) as error:
        reason = getattr(error, "strerror", None) or "it is cut off"
        raise UnreadableText(f"it cannot be read: {reason}") from error
    if not text.strip():
        raise UnreadableText("it is empty")
    if "\x00" in text:
        raise UnreadableText("it is not text")
    delimiter, rows = _delimited(text)
    first = [cell.strip() for cell in rows[0]]
    has_header = _is_header(first)
    columns = [
        cell if has_header and cell else f"column_{n}" for n, cell in enumerate(first, start=1)
    ]
    return CsvForm(
        encoding=encoding,
        delimiter=delimiter,
        has_header=has_header,
        columns=tuple(_unique(columns)),
    )


def write_as_utf8(path: Path, form: CsvForm, target: Path) -> None:
    """Write the file's text as plain UTF-8; raises UnreadableText where it is no such text."""
    decoder = codecs.getincrementaldecoder(form.encoding)()
    try:
        with _opened(path) as file, target.open("w", encoding="utf-8", newline="") as out:
            for chunk in _chunks(file):
                out.write(decoder.decode(chunk))
            out.write(decoder.decode(b"", final=True))
    except UnicodeDecodeError as error:
        raise UnreadableText(f"it is not {form.encoding} throughout") from error
    except EOFError as error:
        raise UnreadableText("it is cut off") from error


def _encoding_of(path: Path) -> str:
    with _opened(path) as file:
        head = file.read(_HEAD)
        for mark, encoding in _MARKS:
            if head.startswith(mark):
                return encoding
        if unmarked := _utf16_without_mark(head):
            return unmarked
        return _first_that_decodes(head, file)


def _utf16_without_mark(head: bytes) -> str | None:
    """Western text in UTF-16 is every second byte zero."""
    sample = head[:2000]
    if sample.count(0) < len(sample) * 0.3:
        return None
    return "utf-16-le" if sample[1::2].count(0) > sample[::2].count(0) else "utf-16-be"


def _first_that_decodes(head: bytes, file: IO[bytes]) -> str:
    utf8 = codecs.getincrementaldecoder("utf-8")()
    is_utf8, is_windows = True, True
    for chunk in (head, *_chunks(file), b""):
        if is_utf8:
            is_utf8 = _decodes(utf8, chunk, final=not chunk)
        # Bytes that windows-1252 leaves undefined.
        is_windows = is_windows and not any(byte in chunk for byte in b"\x81\x8d\x8f\x90\x9d")
    if is_utf8:
        return "utf-8"
    return "cp1252" if is_windows else "latin-1"


def _decodes(decoder: codecs.IncrementalDecoder, chunk: bytes, *, final: bool) -> bool:
    try:
        decoder.decode(chunk, final)
    except UnicodeDecodeError:
        return False
    return True


def _decoded(head: bytes, encoding: str) -> str:
    try:
        return codecs.getincrementaldecoder(encoding)().decode(head)
    except UnicodeDecodeError as error:
        raise UnreadableText(f"it begins as {encoding} and is not") from error


def _delimited(text: str) -> tuple[str, list[list[str]]]:
    """Return the delimiter that gives the widest rows of one width, and the first rows."""
    best: tuple[tuple[float, int], str, list[list[str]]] | None = None
    for delimiter in _DELIMITERS:
        rows = list(_rows(text, delimiter))
        width = len(rows[0]) if rows else 0
        alike = sum(len(row) == width for row in rows) / max(1, len(rows))
        score = (alike if width > 1 else 0.01, width)
        if rows and (best is None or score > best[0]):
            best = (score, delimiter, rows)
    if best is None:
        raise UnreadableText("it has no rows")
    return best[1], best[2]


def _rows(text: str, delimiter: str) -> Iterator[list[str]]:
    whole = text if len(text) < _HEAD // 4 else text.rpartition("\n")[0] or text
    reader = csv.reader(io.StringIO(whole, newline=""), delimiter=delimiter)
    try:
        for row in reader:
            if row:
                yield row
            if reader.line_num >= _HEAD_ROWS:
                return
    except csv.Error as error:
        raise UnreadableText("it is not a CSV file") from error


def _is_header(cells: list[str]) -> bool:
    """A first row of words: a number or a date in it is data."""
    return any(cells) and not any(_NUMBER.fullmatch(re.sub(r"[-/: T]", "", c)) for c in cells)


def _unique(names: list[str]) -> Iterator[str]:
    seen: set[str] = set()
    for name in names:
        number, unique = 1, name
        while unique.lower() in seen:
            number += 1
            unique = f"{name}_{number}"
        seen.add(unique.lower())
        yield unique


def _opened(path: Path) -> IO[bytes]:
    return cast(IO[bytes], gzip.open(path)) if path.suffix.lower() == ".gz" else path.open("rb")


def _chunks(file: IO[bytes]) -> Iterator[bytes]:
    while chunk := file.read(_CHUNK):
        yield chunk
