"""What a worker's error means, in words that hold no value and no name beyond the query's own.

DuckDB's errors echo values and list candidates, so nothing of them is passed on but what is
known to speak of the query's own text.
"""

import re
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from assistant.errors import LimitHit, QueryFailed
from catalogue.errors import WarehouseUnavailable
from catalogue.live_file import BEING_WRITTEN

_CONVERSION = re.compile(r"\bto (?:type )?([A-Z][A-Z0-9_ ]*?)(?:\W|$)")
_SAFE_BINDER = (
    re.compile(r'Referenced column "[^"]*" not found in FROM clause'),
    re.compile(r'Referenced table "[^"]*" not found'),
    re.compile(r"No function matches the given name and argument types '[^'\n]*'"),
    re.compile(r'column "[^"]*" must appear in the GROUP BY clause'),
    re.compile(r'Ambiguous reference to column name "[^"]*"'),
    re.compile(r"Cannot compare values of type [A-Z0-9_(), ]+ and type [A-Z0-9_(), ]+"),
    re.compile(r"(?:aggregate|window) function calls cannot be nested", re.IGNORECASE),
    re.compile(r"WHERE clause cannot contain (?:aggregates|window functions)!?"),
    re.compile(r"GROUP BY clause cannot contain (?:aggregates|window functions)!?"),
    re.compile(r"Set operations can only apply to expressions with the same number of result"),
    re.compile(r"Subquery returns \d+ columns - expected \d+"),
    re.compile(r'Could not choose a best candidate function for the function call "[^"\n]*"'),
    re.compile(r'Column "[^"]*" in (?:EXCLUDE|REPLACE|RENAME) list not found'),
    re.compile(r'Could not find key "[^"]*" in struct'),
    re.compile(r'No matching columns found that match regex "[^"\n]*"'),
    re.compile(r'Column "[^"]*" was selected but was not found in the FROM clause'),
    re.compile(r'Column ""?[^"]*""? referenced in UNPIVOT but no matching entry was found'),
    re.compile(r"Scalar Function with name \w+ does not exist"),
    re.compile(r'Duplicate alias "[^"]*" in query'),
    re.compile(r'Values list "[^"]*" does not have a column named "[^"]*"'),
    re.compile(r'Table "[^"]*" does not have a column named "[^"]*"'),
)
_INNER = re.compile(r"\b_t\b")
_UNPLANNED = "Serialization Error: Cannot copy "
"""Speaks of a plan that DuckDB could not make, not of the file."""
SHADOWED = "shadowed: "
_STALE = (
    "The data no longer has the tables and columns of the catalogue."
    " `assistant build` reads it anew."
)
_PATH_ADVICE = "Run the platform's own build again, or check [warehouse] path."


def failure_of(header: Mapping[str, Any], path: Path) -> Exception:
    """Return the error to raise for a worker's reply."""
    kind, message = str(header["kind"]), str(header["message"])
    if is_being_written(header):
        return being_written(path)
    if header["error"] == "open":
        return WarehouseUnavailable(f"The DuckDB file {path} {_why_unopened(message)}")
    if header["error"] == "size":
        return LimitHit(
            "One batch of rows is larger than a result may be.",
            repair="The result is too large. Select fewer or shorter columns, or aggregate.",
        )
    if is_out_of_memory(header):
        return out_of_memory()
    if kind == "InterruptException" or "max_execution_time" in message:
        return out_of_time()
    if _UNPLANNED in message:
        return _of_values("NotImplementedException", message)
    if kind in ("IOException", "FatalException", "SerializationException"):
        return WarehouseUnavailable(f"The DuckDB file {path} {_why_unopened(message)}")
    if kind in ("BinderException", "CatalogException", "ParserException"):
        return _binder(message)
    return _of_values(kind, message)


def out_of_time() -> LimitHit:
    """The query ran longer than it may."""
    return LimitHit(
        "The query took longer than the time limit and was stopped.",
        repair="The query is too slow. Filter earlier, aggregate, and avoid cross joins.",
    )


def out_of_memory() -> LimitHit:
    """The query needed more memory than a worker has, or ended the worker."""
    return LimitHit(
        "The query needed more memory than it may use and was stopped.",
        repair="The query needs too much memory. Aggregate earlier and avoid large lists.",
    )


def _why_unopened(message: str) -> str:
    lowered = message.lower()
    if message.startswith(SHADOWED):
        return f"has macros that stand in for built-in functions: {message[len(SHADOWED) :]}."
    if "does not exist" in lowered or "no such file" in lowered:
        return f"does not exist. {_PATH_ADVICE}"
    if "encrypt" in lowered:
        return "is encrypted and cannot be read here."
    if _speaks_of_a_lock(lowered):
        return BEING_WRITTEN
    if "version" in lowered:
        return "was written by another version of DuckDB that cannot be read here."
    return f"is no readable DuckDB database; it may be damaged. {_PATH_ADVICE}"


def is_being_written(header: Mapping[str, Any]) -> bool:
    """True where a worker could not read the file to the end, for somebody writes it."""
    error = header.get("error")
    is_locked = error == "open" and _speaks_of_a_lock(str(header["message"]).lower())
    return is_locked or error == "changed"


def being_written(path: Path) -> WarehouseUnavailable:
    """The file is not to be read now, or was no longer the same when it had been."""
    return WarehouseUnavailable(f"The DuckDB file {path} {BEING_WRITTEN}")


def _speaks_of_a_lock(message: str) -> bool:
    return "conflicting lock" in message or "could not set lock" in message


def is_out_of_memory(header: Mapping[str, Any]) -> bool:
    """True where a query asked for more memory than its worker could give."""
    message = str(header.get("message", ""))
    return header.get("kind") in ("OutOfMemoryException", "MemoryError", "ArrowMemoryError") or any(
        sign in message for sign in ("std::bad_alloc", "Out of Memory", "failed to allocate")
    )


def _binder(message: str) -> QueryFailed:
    first = message.split("\n", 1)[0]
    if _INNER.search(message):
        return QueryFailed(_STALE)
    for pattern in _SAFE_BINDER:
        if found := pattern.search(first):
            problem = found.group().rstrip("!")
            return QueryFailed(f"The query does not fit the data: {problem}.", repair=problem)
    text = "The query does not fit the data: a name or a type in it is wrong."
    return QueryFailed(text, repair=f"{text} Check names, types and the arguments of functions.")


def _of_values(kind: str, message: str) -> QueryFailed:
    if kind == "ConversionException":
        found = _CONVERSION.search(message.split("\n", 1)[0])
        wanted = f" to {found.group(1)}" if found else ""
        text = f"A value could not be converted{wanted}."
        return QueryFailed(text, repair=f"{text} Use TRY_CAST, or filter such values out.")
    if kind == "OutOfRangeException":
        text = "A number or date went beyond what its type can hold."
        return QueryFailed(text, repair=f"{text} Cast to a wider type first.")
    if "More than one row returned by a subquery" in message:
        text = "A subquery used as a value returned more than one row."
        return QueryFailed(text, repair=f"{text} Aggregate it, or use IN.")
    if kind == "InvalidInputException":
        text = "A function was given a value it cannot work with."
        return QueryFailed(text, repair=f"{text} Filter such values out or use a TRY function.")
    if kind == "NotImplementedException":
        text = "The query asks for something DuckDB cannot do."
        return QueryFailed(text, repair=f"{text} Write it in another way.")
    return QueryFailed("DuckDB could not run the query.", repair="Write the query in another way.")
