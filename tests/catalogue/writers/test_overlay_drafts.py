"""Proposals join what people wrote in catalogue.yaml, and the platform reads them back."""

from pathlib import Path

from catalogue.drafts.rules import propose
from catalogue.readers.overlay import read_overlay
from catalogue.writers.overlay_drafts import add_to_overlay
from catalogue.writers.yaml_file import YamlFile
from tests.catalogue.drafts.test_rules import SHOP

OURS = """\
tables:
  Shop.Orders:   # ours
    description: "Every order, also returned ones."
"""


def _written(path: Path) -> YamlFile:
    file = YamlFile(path)
    add_to_overlay(file, propose(SHOP))
    file.save()
    return file


def test_the_file_is_read_back_with_every_proposal(tmp_path: Path) -> None:
    overlay = read_overlay(_written(tmp_path / "catalogue.yaml").path)
    (join,) = overlay.relationships()
    assert (join.from_table, join.from_column, join.to_table) == (
        "shop.orders",
        "cust_id",
        "shop.customers",
    )
    columns = overlay.tables["shop.orders"].columns
    assert columns["st_cd"].synonyms == ("status", "order status")
    assert columns["order_id"].description == "Identifies the order."


def test_what_people_wrote_wins(tmp_path: Path) -> None:
    path = tmp_path / "catalogue.yaml"
    path.write_text(OURS)
    _written(path)
    overlay = read_overlay(path)
    assert overlay.tables["Shop.Orders"].description == "Every order, also returned ones."
    assert set(overlay.tables) == {"Shop.Orders", "shop.customers"}
    assert "# ours" in path.read_text()


def test_proposing_twice_changes_nothing(tmp_path: Path) -> None:
    file = _written(tmp_path / "catalogue.yaml")
    again = YamlFile(file.path)
    add_to_overlay(again, propose(SHOP))
    assert again.patch() == ""
