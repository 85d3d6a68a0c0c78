"""Decisions written into catalogue.yaml: the user's comments and order stay, and so does the file.

A file is replaced in one step by a whole new one; whatever goes wrong, the old one is left.
"""

import os
import shutil
import tempfile
from collections.abc import Mapping
from pathlib import Path

from catalogue.errors import BadFile
from catalogue.model import Classification
from catalogue.readers.overlay import read_overlay
from catalogue.writers.yaml_text import CannotEdit, with_value


def classify(path: Path, decided: Mapping[tuple[str, str], Classification]) -> None:
    """Write the classification of columns, by full table name and column; raises BadFile.

    The file is made where there is none.
    """
    place = path.resolve()
    text = _text(place)
    changed = text
    for (table, column), classification in decided.items():
        keys = ("tables", table, "columns", column, "classification")
        try:
            changed = with_value(changed, keys, classification)
        except CannotEdit as error:
            raise BadFile(
                path,
                f"{error}, so {table}.{column} is not written.",
                advice=f"Write `classification: {classification}` under that column by hand.",
            ) from error
    if changed != text:
        _replace(place, changed)


def _text(path: Path) -> str:
    if not path.exists():
        return ""
    read_overlay(path)  # only what holds now may be added to
    return path.read_text(encoding="utf-8")


def _replace(path: Path, text: str) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    handle, name = tempfile.mkstemp(prefix=f".{path.name}-", dir=path.parent)
    part = Path(name)
    try:
        with open(handle, "w", encoding="utf-8", newline="") as file:
            file.write(text)
            file.flush()
            os.fsync(file.fileno())
        if path.exists():
            shutil.copymode(path, part)
        part.replace(path)
    except OSError as error:
        raise BadFile(path, f"cannot be written: {error.strerror}.") from error
    finally:
        part.unlink(missing_ok=True)
