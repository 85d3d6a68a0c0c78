"""Where in a dbt project each table is documented, as its manifest tells."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

from catalogue.errors import BadArtifact

DRAFTS_FILE = "_drafts.yml"
"""For models that no YAML file of their directory describes yet."""
_ARGUMENTS_SINCE = (1, 10, 5)
"""From this version of dbt on the arguments of a test stand under a key of their own."""
_SECTIONS = {"model": "models", "seed": "seeds", "snapshot": "snapshots"}


@dataclass(frozen=True, kw_only=True)
class Place:
    """Where a table's entry stands, or belongs."""

    path: Path
    section: str
    """`models`, `seeds`, `snapshots` or `sources`."""
    name: str
    source: str | None = None
    """The source that a table of raw data belongs to."""

    @property
    def section_key(self) -> str:
        """The list that holds the entry: a source's tables stand inside the source."""
        return "tables" if self.source else self.section


@dataclass(frozen=True)
class ProjectFiles:
    """A project by the artifacts in its target directory."""

    target: Path

    @property
    def root(self) -> Path:
        """The directory of dbt_project.yml; raises BadArtifact where there is none above."""
        for directory in (self.target, *self.target.absolute().parents):
            if (directory / "dbt_project.yml").is_file():
                return directory
        raise BadArtifact(self.target, "lies in no dbt project: there is no dbt_project.yml above.")

    @cached_property
    def manifest(self) -> Mapping[str, Any]:
        path = self.target / "manifest.json"
        try:
            content: Mapping[str, Any] = json.loads(path.read_text(encoding="utf-8"))
        except (OSError, ValueError) as error:
            raise BadArtifact(path, "cannot be read.", advice="Run `dbt parse`.") from error
        return content

    @cached_property
    def places(self) -> dict[str, Place]:
        """Where each table of the project itself is described, by full name in lower case."""
        own = self.manifest["metadata"].get("project_name")
        nodes = [*self.manifest["nodes"].values(), *self.manifest["sources"].values()]
        return {
            f"{node['schema']}.{_name(node)}".lower(): self._place(node)
            for node in nodes
            if node["resource_type"] in (*_SECTIONS, "source")
            and own in (None, node.get("package_name"))
        }

    @cached_property
    def references(self) -> dict[str, str]:
        """How each table is named in SQL and YAML: `ref('orders')`, `source('shop', 'orders')`."""
        return {
            name: f"source('{place.source}', '{place.name}')"
            if place.source
            else f"ref('{place.name}')"
            for name, place in self.places.items()
        }

    @cached_property
    def nests_arguments(self) -> bool:
        """True where a test's arguments stand under `arguments`."""
        written = str(self.manifest["metadata"].get("dbt_version", ""))
        numbers = [int(part) for part in written.split(".")[:3] if part.isdigit()]
        return tuple(numbers) >= _ARGUMENTS_SINCE

    @cached_property
    def has_time_spine(self) -> bool:
        """True where the project already names a table of days for its metrics."""
        return any(node.get("time_spine") for node in self.manifest["nodes"].values())

    def _place(self, node: Mapping[str, Any]) -> Place:
        if node["resource_type"] == "source":
            path = self.root / node["original_file_path"]
            source = str(node["source_name"])
            return Place(path=path, section="sources", name=node["name"], source=source)
        described = str(node.get("patch_path") or "").partition("://")[2]
        beside = Path(node["original_file_path"]).parent / DRAFTS_FILE
        return Place(
            path=self.root / (described or beside),
            section=_SECTIONS[node["resource_type"]],
            name=node["name"],
        )


def _name(node: Mapping[str, Any]) -> str:
    return str(node.get("identifier") or node.get("alias") or node["name"])
