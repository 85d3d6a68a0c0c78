"""manifest.json: documented tables, their tests, joins and exposures."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

from catalogue.errors import BadArtifact
from catalogue.model import Check, Exposure, Relationship, Table
from catalogue.readers.dbt.artifacts import Json, mapped
from catalogue.readers.dbt.notes import (
    classification,
    column_notes,
    column_of_reference,
    meta_of,
    severity,
    text,
    texts,
)

_RELATIONS = frozenset({"model", "seed", "snapshot"})
FRESHNESS = "freshness:"
"""Before a source's id, the id of its freshness check."""


@dataclass(frozen=True)
class Manifest:
    """A manifest with its nodes resolved to the tables of the warehouse."""

    path: Path
    content: Json

    @cached_property
    def nodes(self) -> dict[str, Json]:
        """Models, seeds, snapshots, tests and sources by id."""
        return {
            **mapped(self.path, self.content, "nodes"),
            **mapped(self.path, self.content, "sources"),
        }

    @cached_property
    def relations(self) -> dict[str, str]:
        """`schema.table` by id, of every node that is a table or view of the warehouse."""
        found = {}
        for unique_id, node in self.nodes.items():
            if not _is_relation(node):
                continue
            name = node.get("identifier") or node.get("alias") or node.get("name")
            if not name or not node.get("schema"):
                raise BadArtifact(self.path, f"gives {unique_id} no schema and name.")
            found[unique_id] = f"{node['schema']}.{name}"
        return found

    @cached_property
    def owners(self) -> dict[str, str]:
        """Owner by name of group."""
        groups = mapped(self.path, self.content, "groups").values()
        owners = {group.get("name", ""): _owner(group.get("owner")) for group in groups}
        return {name: owner for name, owner in owners.items() if owner}

    def tables(self) -> Iterator[Table]:
        """Yield what dbt says of each table; columns carry a type only where one is declared."""
        for unique_id, full_name in self.relations.items():
            node = self.nodes[unique_id]
            meta = meta_of(node)
            config = node.get("config") or {}
            schema, _, name = full_name.partition(".")
            loaded_at = text(meta, "loaded_at") or node.get("loaded_at_field")
            default = classification(meta)
            columns = (node.get("columns") or {}).values()
            yield Table(
                schema=schema,
                name=name,
                columns=tuple(column_notes(each, default=default) for each in columns),
                description=(node.get("description") or "").strip(),
                layer=text(meta, "layer"),
                domain=text(meta, "domain"),
                owner=self.owner(node),
                synonyms=texts(meta, "synonyms"),
                primary_key=_primary_key(node, self._unique.get(full_name, frozenset())),
                event_time=text(meta, "event_time") or _column_name(config.get("event_time")),
                loaded_at=_column_name(loaded_at),
                upstream=self.upstream(unique_id),
                unique_id=unique_id,
                built_by=node.get("compiled_code") or None,
            )

    @cached_property
    def _unique(self) -> dict[str, frozenset[str]]:
        """Columns with a `unique` test of their own, by table."""
        found: dict[str, set[str]] = {}
        for node in self.nodes.values():
            table = self._attached(node)
            if (node.get("test_metadata") or {}).get("name") == "unique" and table:
                found.setdefault(table, set()).add(node.get("column_name") or "")
        return {table: frozenset(names) for table, names in found.items()}

    def owner(self, node: Json) -> str | None:
        """Return the owner named on a node, or the owner of its group."""
        group = (node.get("config") or {}).get("group") or node.get("group") or ""
        return _owner(meta_of(node).get("owner")) or self.owners.get(group)

    def upstream(self, unique_id: str) -> tuple[str, ...]:
        """Return the tables a node is built from, looking through ephemeral models."""
        found: dict[str, None] = {}
        seen = {unique_id}
        waiting = _parents(self.nodes[unique_id])
        while waiting:
            parent = waiting.pop(0)
            if parent in seen:
                continue
            seen.add(parent)
            if parent in self.relations:
                found[self.relations[parent]] = None
            elif parent in self.nodes:
                waiting.extend(_parents(self.nodes[parent]))
        return tuple(found)

    def checks(self) -> Iterator[Check]:
        """Yield tests and freshness rules; a test of several tables once for each of them."""
        for unique_id, node in self.nodes.items():
            if node.get("resource_type") == "test":
                yield from self._test(unique_id, node)
            elif _has_freshness(node) and unique_id in self.relations:
                yield Check(
                    id=f"{FRESHNESS}{unique_id}",
                    name="freshness",
                    kind="freshness",
                    table=self.relations[unique_id],
                )

    def relationships(self) -> Iterator[Relationship]:
        """Yield the joins that a relationships test watches."""
        for node in self.nodes.values():
            metadata = node.get("test_metadata") or {}
            if metadata.get("name") != "relationships" or node.get("resource_type") != "test":
                continue
            arguments = metadata.get("kwargs") or {}
            child = self._attached(node)
            target = self._target(node, child)
            column = node.get("column_name") or arguments.get("column_name")
            field = arguments.get("field") or (arguments.get("arguments") or {}).get("field")
            if child and target and column and field:
                yield Relationship(
                    from_table=child,
                    from_column=column_of_reference(column),
                    to_table=target,
                    to_column=column_of_reference(field),
                    origin="tested",
                )

    def exposures(self) -> Iterator[Exposure]:
        """Yield dashboards, models and the like with the tables they read."""
        for node in mapped(self.path, self.content, "exposures").values():
            parents = _parents(node)
            yield Exposure(
                name=node.get("name", ""),
                kind=node.get("type", ""),
                label=node.get("label") or "",
                owner=_owner(node.get("owner")),
                description=(node.get("description") or "").strip(),
                tables=tuple(self.relations[each] for each in parents if each in self.relations),
            )

    def _test(self, unique_id: str, node: Json) -> Iterator[Check]:
        attached = self._attached(node)
        parents = [self.relations[each] for each in _parents(node) if each in self.relations]
        column = node.get("column_name")
        for table in [attached] if attached else parents:
            yield Check(
                id=unique_id,
                name=node.get("alias") or node.get("name") or unique_id,
                kind="test",
                table=table,
                column=column_of_reference(column) if column and attached else None,
                severity=severity(node.get("config") or {}),
                description=(node.get("description") or "").strip(),
            )

    def _attached(self, node: Json) -> str | None:
        """Return the table of a generic test; dbt names none for a source, which it lists last."""
        if attached := self.relations.get(node.get("attached_node") or ""):
            return attached
        parents = [self.relations[each] for each in _parents(node) if each in self.relations]
        return parents[-1] if parents and node.get("test_metadata") else None

    def _target(self, node: Json, child: str | None) -> str | None:
        """Return the other table of a relationships test; itself where a table refers to itself."""
        parents = [self.relations[each] for each in _parents(node) if each in self.relations]
        return next((parent for parent in parents if parent != child), child)


def _is_relation(node: Json) -> bool:
    if node.get("resource_type") == "source":
        return True
    is_ephemeral = (node.get("config") or {}).get("materialized") == "ephemeral"
    return node.get("resource_type") in _RELATIONS and not is_ephemeral


def _has_freshness(node: Json) -> bool:
    rules = node.get("freshness") or {}
    return node.get("resource_type") == "source" and any(
        (rules.get(rule) or {}).get("count") is not None for rule in ("warn_after", "error_after")
    )


def _parents(node: Json) -> list[str]:
    return list((node.get("depends_on") or {}).get("nodes") or [])


def _primary_key(node: Json, unique: frozenset[str]) -> tuple[str, ...]:
    """Return the declared key, or the one dbt derives from `unique` and `not_null` tests.

    Of several columns that are unique alone dbt lists all: the first is the key.
    """
    for constraint in node.get("constraints") or []:
        if constraint.get("type") == "primary_key" and constraint.get("columns"):
            return tuple(constraint["columns"])
    declared = tuple(
        column.get("name", "")
        for column in (node.get("columns") or {}).values()
        if any(each.get("type") == "primary_key" for each in column.get("constraints") or [])
    )
    derived = tuple(node.get("primary_key") or ())
    alone = tuple(name for name in derived if name in unique)
    return declared or alone[:1] or derived


def _column_name(value: Any) -> str | None:
    """Return a plain column name; an expression cannot be read as one."""
    name = column_of_reference(str(value)) if value else ""
    return name if name.replace("_", "a").isalnum() else None


def _owner(value: Any) -> str | None:
    if isinstance(value, Mapping):
        names = [value.get("name"), value.get("email")]
        return next((str(each) for each in names if each), None)
    return str(value) if value else None
