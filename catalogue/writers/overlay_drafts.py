"""Proposals into catalogue.yaml, beside what people wrote there; what stands there stays."""

from typing import Any

from catalogue.drafts.proposals import Drafts
from catalogue.writers.yaml_file import YamlFile, put_early, text_of


def add_to_overlay(file: YamlFile, drafts: Drafts) -> None:
    """Put descriptions, synonyms and joins into the file; tests and metrics have no place in it."""
    for each in drafts.descriptions:
        column = () if each.column is None else ("columns", each.column)
        place = file.section("tables", each.table, *column)
        if not place.get("description"):
            place.pop("description", None)
            put_early(place, "description", each.text)
    for words in drafts.synonyms:
        place = file.section("tables", words.table, "columns", words.column)
        place.setdefault("synonyms", [text_of(word) for word in words.words])
    _add_joins(file.content, drafts)


def _add_joins(content: Any, drafts: Drafts) -> None:
    known = {(join["from"].lower(), join["to"].lower()) for join in content.get("joins") or ()}
    for each in drafts.joins:
        start = f"{each.link.from_table}.{each.link.from_column}"
        end = f"{each.link.to_table}.{each.link.to_column}"
        if (start.lower(), end.lower()) in known:
            continue
        if content.get("joins") is None:
            content["joins"] = []
        content["joins"].append({"from": start, "to": end, "many_to": each.link.many_to})
