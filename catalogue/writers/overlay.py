"""Decisions written into catalogue.yaml: the comments and order of the people who write it stay."""

from collections.abc import Mapping
from pathlib import Path

from catalogue.model import Classification
from catalogue.readers.overlay import read_overlay
from catalogue.writers.yaml_file import YamlFile


def classify(path: Path, decided: Mapping[tuple[str, str], Classification]) -> None:
    """Write the classification of columns, by full table name and column; raises BadFile.

    The file is made where there is none.
    """
    if path.exists():
        read_overlay(path)  # only what holds now may be added to
    file = YamlFile(path)
    for (table, column), classification in decided.items():
        file.section("tables", table, "columns", column)["classification"] = classification
    file.save()
