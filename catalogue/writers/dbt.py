"""Proposals into a dbt project's own YAML: descriptions and tests beside what stands there."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from catalogue.drafts.proposals import Drafts, Test
from catalogue.writers.dbt_project import Place, ProjectFiles
from catalogue.writers.yaml_file import YamlFile, put_early


def add_to_dbt(project: ProjectFiles, drafts: Drafts) -> tuple[YamlFile, ...]:
    """Return the project's files with the proposals in them, not saved yet.

    Tables that the project does not build are left out. Raises BadArtifact or BadFile.
    """
    writer = _Writer(project)
    for each in drafts.descriptions:
        entry = writer.entry(each.table, each.column)
        if entry is not None and not entry.get("description"):
            entry.pop("description", None)
            put_early(entry, "description", each.text)
    for test in drafts.tests:
        writer.add_test(test)
    return tuple(file for file in writer.files.values() if file.patch())


class _Writer:
    def __init__(self, project: ProjectFiles) -> None:
        self.project = project
        self.files: dict[Path, YamlFile] = {}

    def entry(self, table: str, column: str | None) -> Any:
        """Return the mapping of a table or column, made where it is not there yet."""
        place = self.project.places.get(table.lower())
        if place is None:
            return None
        entry = _named(self._holder(place), place.section_key, place.name)
        return entry if column is None else _named(entry, "columns", column)

    def add_test(self, test: Test) -> None:
        entry = self.entry(test.table, test.column)
        if entry is None or (written := self._written(test)) is None:
            return
        key = "tests" if "tests" in entry else "data_tests"
        if entry.get(key) is None:
            entry[key] = []
        if not any(_test_name(each) == test.name for each in entry[key]):
            entry[key].append(written)

    def _holder(self, place: Place) -> Any:
        if place.path not in self.files:
            self.files[place.path] = YamlFile(place.path)
        content = self.files[place.path].content
        if place.source is None:
            return content
        return _named(content, "sources", place.source)

    def _written(self, test: Test) -> Any:
        if not test.arguments:
            return test.name
        arguments: dict[str, Any] = dict(test.arguments)
        if test.name == "relationships":
            reference = self.project.references.get(str(arguments["to"]).lower())
            if reference is None:
                return None
            arguments["to"] = reference
        return {test.name: {"arguments": arguments} if self.project.nests_arguments else arguments}


def _named(holder: Any, key: str, name: str) -> Any:
    """Return the entry of that name from a list of entries, added at its end if it is not there."""
    if holder.get(key) is None:
        holder[key] = []
    for entry in holder[key]:
        if str(entry.get("name", "")).lower() == name.lower():
            return entry
    holder[key].append({"name": name})
    return holder[key][-1]


def _test_name(written: Any) -> str:
    if isinstance(written, Mapping):
        return str(written.get("test_name") or next(iter(written)))
    return str(written)
