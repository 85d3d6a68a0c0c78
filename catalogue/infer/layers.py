"""How far the data of a table has come: raw, staging, intermediate or mart, from its names."""

from collections.abc import Iterable

from catalogue.infer.words import parts_of, vocabulary
from catalogue.model import Table

_ORDER = ("raw", "staging", "intermediate", "mart")
_UNKNOWN = 2.5
"""A table that names no layer stands behind what is being prepared and before a declared mart."""
_SPELLINGS = {"bronze": "raw", "silver": "intermediate", "gold": "mart"}
_CORE = "core"
"""What readers see where nothing is nearer to them, and what marts are made of elsewhere."""


def infer_layers(tables: Iterable[Table]) -> dict[str, str | None]:
    """Return the layer of each table by full name: declared, else named by its prefix or schema.

    Where both name one, the data has come only as far as the lesser says.
    """
    named = {table.full_name: (table, _named(table)) for table in tables}
    has_marts = any(_of_schema(table) == "mart" for table, _ in named.values())
    spelled = {_CORE: "intermediate" if has_marts else "mart"}
    return {
        name: table.layer
        or min((spelled.get(each, each) for each in said), key=layer_rank, default=None)
        for name, (table, said) in named.items()
    }


def _named(table: Table) -> list[str]:
    known = vocabulary()
    first, *rest = parts_of(table.name)
    prefix = known.layers.get(first) if rest and first in known.prefixes else None
    return [layer for layer in (prefix, _of_schema(table)) if layer is not None]


def _of_schema(table: Table) -> str | None:
    layers = vocabulary().layers
    return next((layers[part] for part in reversed(parts_of(table.schema)) if part in layers), None)


def layer_rank(layer: str | None) -> float:
    """Return how near to the reader a layer is; higher is nearer."""
    name = _SPELLINGS.get((layer or "").lower(), (layer or "").lower())
    return float(_ORDER.index(name)) if name in _ORDER else _UNKNOWN
