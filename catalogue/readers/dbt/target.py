"""dbt_project.yml and profiles.yml: which file a dbt project writes, and which artifacts it has.

Nothing of dbt is imported and no template is run: `env_var` is all that is understood.
"""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from pydantic import ConfigDict, Field

from catalogue.errors import BadFile, WarehouseUnavailable
from catalogue.readers.dbt.artifacts import MANIFEST_VERSIONS, open_if_there
from catalogue.readers.yaml_file import Strict, read_yaml

PROJECT_FILE = "dbt_project.yml"
PROFILES_FILE = "profiles.yml"
_MISSING = (
    ("manifest.json", "dbt parse", "documentation, tests and joins"),
    ("catalog.json", "dbt docs generate", "the types that dbt saw"),
    ("run_results.json", "dbt build", "the results of tests"),
)
_TEMPLATE = re.compile(r"\{\{\s*(.*?)\s*\}\}")
_VARIABLE = re.compile(
    r"env_var\(\s*(['\"])(?P<name>.*?)\1\s*(?:,\s*(['\"])(?P<default>.*?)\3\s*)?\)"
    r"(?:\s*\|\s*as_(?:number|bool|native|text))?"
)


class _Project(Strict):
    model_config = ConfigDict(extra="ignore")

    name: str
    profile: str | None = None
    target_path: str = Field(default="target", alias="target-path")


class _Profile(Strict):
    model_config = ConfigDict(extra="ignore")

    target: str = "default"
    outputs: dict[str, dict[str, Any]]


class _Profiles(Strict):
    model_config = ConfigDict(extra="allow")


@dataclass(frozen=True, kw_only=True)
class DbtTarget:
    """What one target of a dbt project writes, and what dbt has left beside it."""

    project: str
    name: str
    """Of the target."""
    warehouse: Path
    artifacts: Path
    missing: tuple[str, ...] = ()
    """Sentences: which artifact is not there, and the command that writes it."""
    warnings: tuple[str, ...] = field(default=())

    @property
    def has_manifest(self) -> bool:
        return (self.artifacts / "manifest.json").is_file()


def read_target(directory: Path, environ: Mapping[str, str]) -> DbtTarget:
    """Return the target that dbt would use in this project.

    Raises BadFile, or WarehouseUnavailable where the target is no DuckDB file that is there.
    """
    project = read_yaml(directory / PROJECT_FILE, _Project)
    profiles = _profiles_file(directory, environ)
    profile = _profile(profiles, project.profile or project.name)
    render = _renderer(profiles, environ)
    name = environ.get("DBT_TARGET") or render(profile.target)
    output = profile.outputs.get(name)
    if output is None:
        known = ", ".join(sorted(profile.outputs))
        raise BadFile(profiles, f"has no target {name!r}. Targets there: {known}.")
    warehouse = _warehouse(directory, profiles, name, output, render)
    artifacts = directory / (environ.get("DBT_TARGET_PATH") or render(project.target_path))
    return DbtTarget(
        project=project.name,
        name=name,
        warehouse=warehouse,
        artifacts=artifacts,
        missing=missing_artifacts(artifacts),
        warnings=tuple(other_target(artifacts, warehouse)),
    )


def missing_artifacts(artifacts: Path) -> tuple[str, ...]:
    """Say which artifacts are not there, with the command that writes each."""
    return tuple(
        f"{artifacts / file} is not there: run `{command}` for {what}."
        for file, command, what in _MISSING
        if not (artifacts / file).is_file()
    )


def other_target(artifacts: Path, warehouse: Path) -> list[str]:
    """Say where a manifest was built for another adapter, or for another DuckDB file."""
    manifest = open_if_there(artifacts / "manifest.json", MANIFEST_VERSIONS)
    if manifest is None:
        return []
    adapter = (manifest.get("metadata") or {}).get("adapter_type") or "duckdb"
    if adapter != "duckdb":
        return [
            f"{artifacts / 'manifest.json'} was built for the adapter {adapter}, not for DuckDB. "
            "Run `dbt build` with the DuckDB target."
        ]
    nodes = manifest.get("nodes") or {}
    databases = {
        str(node.get("database"))
        for node in nodes.values()
        if node.get("resource_type") in ("model", "seed", "snapshot") and node.get("database")
    }
    if not databases or warehouse.stem.lower() in {name.lower() for name in databases}:
        return []
    built_for = ", ".join(sorted(databases))
    return [
        f"{artifacts / 'manifest.json'} was built for another target (database {built_for}, not "
        f"{warehouse.stem}). Run `dbt build` with the target you mean."
    ]


def _profiles_file(directory: Path, environ: Mapping[str, str]) -> Path:
    named = environ.get("DBT_PROFILES_DIR")
    home = Path(environ.get("HOME") or Path.home())
    places = [Path(named)] if named else [directory, home / ".dbt"]
    for place in places:
        if (place / PROFILES_FILE).is_file():
            return place / PROFILES_FILE
    looked = " and ".join(str(place) for place in places)
    raise BadFile(
        directory / PROJECT_FILE,
        f"has no {PROFILES_FILE}: looked in {looked}.",
        advice="Set DBT_PROFILES_DIR to the directory that holds it.",
    )


def _profile(path: Path, name: str) -> _Profile:
    content = read_yaml(path, _Profiles).model_extra or {}
    found = content.get(name)
    if not isinstance(found, dict) or not isinstance(found.get("outputs"), dict):
        known = ", ".join(sorted(key for key in content if key != "config"))
        raise BadFile(path, f"has no profile {name!r} with outputs. Profiles there: {known}.")
    outputs = {
        str(key): value for key, value in found["outputs"].items() if isinstance(value, dict)
    }
    return _Profile(target=str(found.get("target") or "default"), outputs=outputs)


def _warehouse(
    directory: Path,
    profiles: Path,
    name: str,
    output: Mapping[str, Any],
    render: Callable[[str], str],
) -> Path:
    adapter = render(str(output.get("type") or "unknown"))
    if adapter != "duckdb":
        raise WarehouseUnavailable(
            f"{profiles}: the target {name!r} uses the adapter {adapter!r}, and DuckDB is the only "
            "engine so far. Add a target of dbt-duckdb and run `dbt build` with it, or export the "
            "tables as Parquet and run `assistant init` on that folder."
        )
    path = render(str(output.get("path") or ":memory:"))
    if path == ":memory:" or re.match(r"[a-z]{2,}:", path):
        raise WarehouseUnavailable(
            f"{profiles}: the target {name!r} writes {path!r}, which is no file on this machine. "
            "Give it a `path` to a .duckdb file and run `dbt build`."
        )
    file = directory / Path(path).expanduser()
    if not file.is_file():
        raise WarehouseUnavailable(
            f"{profiles}: the target {name!r} writes {file}, which does not exist yet. "
            "Run `dbt build` in the project first."
        )
    return file


def _renderer(path: Path, environ: Mapping[str, str]) -> Callable[[str], str]:
    def value(match: re.Match[str]) -> str:
        variable = _VARIABLE.fullmatch(match[1])
        if variable is None:
            raise BadFile(
                path,
                f"holds {match[0]}, and env_var is all that is understood.",
                advice="Run `assistant init` on the DuckDB file itself.",
            )
        found = environ.get(variable["name"], variable["default"])
        if found is None:
            raise BadFile(
                path,
                f"needs the variable {variable['name']}, which is not set.",
                advice="Set it as for dbt.",
            )
        return found

    return lambda text: _TEMPLATE.sub(value, text)
