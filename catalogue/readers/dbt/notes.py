"""What people write into dbt's `meta`, wherever dbt keeps it."""

from collections.abc import Mapping
from typing import Any, Literal

from catalogue.model import Classification, Column
from catalogue.readers.dbt.artifacts import Json


def meta_of(node: Mapping[str, Any]) -> Json:
    """Return a node's meta; what stands under `config` wins, as in dbt."""
    config = node.get("config") or {}
    found = {**(node.get("meta") or {}), **(config.get("meta") or {})}
    return found


def text(meta: Mapping[str, Any], key: str) -> str | None:
    """Return a note as text, or None where it is absent or empty."""
    value = meta.get(key)
    return str(value).strip() or None if value is not None else None


def texts(meta: Mapping[str, Any], key: str) -> tuple[str, ...]:
    """Return a note that may be one text or a list of them."""
    value = meta.get(key) or ()
    several = [value] if isinstance(value, str) else value
    return tuple(str(each).strip() for each in several if str(each).strip())


def classification(meta: Mapping[str, Any]) -> Classification | None:
    """Return the classification; a word that is not known counts as restricted, never as public."""
    match (text(meta, "classification") or "").lower():
        case "":
            return None
        case "public":
            return "public"
        case "internal":
            return "internal"
        case "personal" | "pii" | "sensitive":
            return "personal"
        case _:
            return "restricted"


def severity(config: Mapping[str, Any]) -> Literal["error", "warn"]:
    """Return the severity of a test, which dbt spells in either case."""
    return "warn" if str(config.get("severity") or "").lower() == "warn" else "error"


def column_notes(node: Mapping[str, Any], *, default: Classification | None) -> Column:
    """Return what dbt says of one column; without a classification it has its table's."""
    meta = meta_of(node)
    return Column(
        name=column_of_reference(str(node.get("name") or "")),
        data_type=node.get("data_type") or "",
        description=(node.get("description") or "").strip(),
        label=text(meta, "label") or "",
        unit=text(meta, "unit"),
        synonyms=texts(meta, "synonyms"),
        classification=classification(meta) or default,
    )


def column_of_reference(name: str) -> str:
    """Return a column's name without the quotes a project may write around it."""
    return name.strip().strip('"`')
