"""The semantic models: which entity each table speaks for, and how tables join through them."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from catalogue.model import Entity, Relationship
from catalogue.readers.dbt.notes import meta_of, texts


@dataclass(frozen=True, kw_only=True)
class _Key:
    """The column of a table that holds an entity's key."""

    entity: str
    table: str
    column: str
    note: Mapping[str, Any]


def read_entities(semantic_manifest: str) -> tuple[Entity, ...]:
    """Return one entity per primary key of a semantic model; the first table named wins."""
    found: dict[str, Entity] = {}
    for key in _keys(semantic_manifest, ("primary",)):
        found.setdefault(
            key.entity,
            Entity(
                name=key.entity,
                description=(key.note.get("description") or "").strip(),
                key=key.column,
                golden=key.table,
                synonyms=texts(meta_of(key.note), "synonyms"),
            ),
        )
    return tuple(found.values())


def read_joins(semantic_manifest: str) -> tuple[Relationship, ...]:
    """Return the joins between a foreign and a primary key of the same entity."""
    primary = {key.entity: key for key in _keys(semantic_manifest, ("primary", "unique"))}
    return tuple(
        Relationship(
            from_table=key.table,
            from_column=key.column,
            to_table=primary[key.entity].table,
            to_column=primary[key.entity].column,
        )
        for key in _keys(semantic_manifest, ("foreign",))
        if key.entity in primary
    )


def _keys(semantic_manifest: str, kinds: tuple[str, ...]) -> list[_Key]:
    found = []
    for model in json.loads(semantic_manifest)["semantic_models"]:
        relation = model.get("node_relation") or {}
        table = f"{relation.get('schema_name')}.{relation.get('alias')}"
        for entity in model.get("entities") or []:
            column = entity.get("expr") or entity.get("name") or ""
            # A key that is an expression has no column to join on.
            if entity.get("type") in kinds and column.replace("_", "a").isalnum():
                found.append(_Key(entity=entity["name"], table=table, column=column, note=entity))
    return found
