"""Decisions are written into the user's file; all else in it stays as it was."""

import os
from pathlib import Path

import pytest
import yaml

from catalogue.errors import BadFile
from catalogue.readers.overlay import read_overlay
from catalogue.writers.overlay import classify

WRITTEN = """\
# Notes of the shop
terms: {on-time: "Early enough."}   # a word

tables:
  gold.orders:            # the facts
    layer: gold
    columns:
      amount: {description: "Paid."}
      note:
        description: >
          Free text,
          by hand.
  # what customers are
  gold.customers: {owner: ops@example.org}

joins: []
"""


def said_of(path: Path, table: str, column: str) -> str | None:
    return read_overlay(path).tables[table].columns[column].classification


@pytest.mark.parametrize(
    ("table", "column"),
    [
        ("gold.orders", "amount"),
        ("gold.orders", "note"),
        ("gold.orders", "new"),
        ("GOLD.Orders", "AMOUNT"),
        ("gold.customers", "email"),
        ("gold.other", "y"),
        ("gold.odd name", "a:b #c"),
    ],
)
def test_a_decision_is_added_and_every_line_stays(tmp_path: Path, table: str, column: str) -> None:
    path = tmp_path / "catalogue.yaml"
    path.write_text(WRITTEN)
    classify(path, {(table, column): "personal"})
    text = path.read_text()
    notes = yaml.safe_load(text)["tables"]
    (held,) = [notes[name] for name in notes if name.lower() == table.lower()]
    (said,) = [held["columns"][c] for c in held["columns"] if c.lower() == column.lower()]
    assert said["classification"] == "personal"
    for comment in ("# Notes of the shop", "# a word", "# the facts", "# what customers are"):
        assert comment in text
    left = [line for line in WRITTEN.splitlines() if line not in text.splitlines()]
    assert len(left) <= 1, "only the line that was added to has changed"


def test_a_decision_can_be_taken_back(tmp_path: Path) -> None:
    path = tmp_path / "deep" / "catalogue.yaml"
    classify(path, {("main.t", "c"): "restricted", ("main.t", "d"): "personal"})
    classify(path, {("main.t", "c"): "internal"})
    assert (said_of(path, "main.t", "c"), said_of(path, "main.t", "d")) == ("internal", "personal")


@pytest.mark.parametrize("text", ["", "\n", "# only a comment\n", "tables: {}\n", "{}\n"])
def test_a_file_with_nothing_in_it_is_filled(tmp_path: Path, text: str) -> None:
    path = tmp_path / "catalogue.yaml"
    path.write_text(text)
    classify(path, {("main.t", "c"): "personal"})
    assert said_of(path, "main.t", "c") == "personal"


@pytest.mark.parametrize(
    "text",
    [
        "tables: [1, 2]\n",
        "tables: &a {main.t: &b {}, main.u: *b}\n",
        "tables:\n  main.t: 3\n",
        "tables:\n",
    ],
)
def test_what_cannot_be_added_to_is_left_as_it_is(tmp_path: Path, text: str) -> None:
    path = tmp_path / "catalogue.yaml"
    path.write_text(text)
    with pytest.raises(BadFile, match=r"catalogue\.yaml"):
        classify(path, {("main.t", "c"): "personal"})
    assert path.read_text() == text


def test_the_file_is_replaced_whole_and_keeps_its_mode(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "catalogue.yaml"
    path.write_text(WRITTEN)
    path.chmod(0o640)
    classify(path, {("main.t", "c"): "personal"})
    assert path.stat().st_mode & 0o777 == 0o640
    before = path.read_bytes()

    def full(_: int) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(BadFile, match="No space left"):
        classify(path, {("main.t", "d"): "personal"})
    assert path.read_bytes() == before
    assert [each.name for each in tmp_path.iterdir()] == ["catalogue.yaml"]
