"""Opens dbt's JSON files; one that is absent, cut off or of an unknown version is refused."""

import json
import re
from pathlib import Path
from typing import Any

from catalogue.errors import BadArtifact

Json = dict[str, Any]

MANIFEST_VERSIONS = frozenset({12})
RUN_RESULTS_VERSIONS = frozenset({4, 5, 6})
SOURCES_VERSIONS = frozenset({3})
CATALOG_VERSIONS = frozenset({1})

_VERSION = re.compile(r"/v(\d+)\.json$")
_ANEW = "Run `dbt build` anew"


def open_artifact(path: Path, versions: frozenset[int]) -> Json:
    """Return an artifact that must be there, or raise BadArtifact."""
    content = _open_json(path)
    schema = str((content.get("metadata") or {}).get("dbt_schema_version") or "")
    found = _VERSION.search(schema)
    if found is None:
        raise BadArtifact(
            path, "does not say which version of dbt's schema it is.", advice=_again()
        )
    version = int(found[1])
    if version not in versions:
        known = ", ".join(f"v{each}" for each in sorted(versions))
        raise BadArtifact(
            path,
            f"is of schema version v{version}; known here: {known}.",
            advice="Build it with dbt 1.8 to 1.11.",
        )
    return content


def open_if_there(path: Path, versions: frozenset[int]) -> Json | None:
    """Return an artifact, or None where dbt has not written it."""
    return open_artifact(path, versions) if path.exists() else None


def open_semantic_manifest(path: Path) -> str | None:
    """Return the semantic manifest's text, or None where nothing is declared; it has no version.

    dbt writes one for every project, also for one without semantic models, which no engine reads.
    """
    if not path.exists():
        return None
    content = _open_json(path)
    if not isinstance(content.get("semantic_models"), list):
        raise BadArtifact(path, "has no list of semantic models.", advice=_again())
    if not content["semantic_models"] and not content.get("metrics"):
        return None
    return path.read_text(encoding="utf-8")


def listed(path: Path, content: Json, key: str) -> list[Json]:
    """Return a list of objects under a key, or raise BadArtifact."""
    found = content.get(key) or []
    if not isinstance(found, list) or not all(isinstance(each, dict) for each in found):
        raise BadArtifact(path, f"has no list of objects under {key!r}.", advice=_again())
    return found


def mapped(path: Path, content: Json, key: str) -> dict[str, Json]:
    """Return the objects by id under a key, or raise BadArtifact."""
    found = content.get(key) or {}
    if not isinstance(found, dict) or not all(isinstance(each, dict) for each in found.values()):
        raise BadArtifact(path, f"has no objects by id under {key!r}.", advice=_again())
    return found


def _open_json(path: Path) -> Json:
    try:
        content = json.loads(path.read_text(encoding="utf-8"))
    except FileNotFoundError as error:
        raise BadArtifact(path, "does not exist.", advice=_again()) from error
    except OSError as error:
        raise BadArtifact(path, f"cannot be read: {error.strerror}.") from error
    except (ValueError, RecursionError) as error:
        raise BadArtifact(path, "is cut off, or not JSON.", advice=_again()) from error
    if not isinstance(content, dict):
        raise BadArtifact(path, "is not a JSON object.", advice=_again())
    return content


def _again() -> str:
    return f"{_ANEW}, or take `dbt` out of [catalogue] in platform.toml."
