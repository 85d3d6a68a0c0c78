"""How far the data of a table has come: raw, staging, intermediate or mart, from its names."""

from catalogue.infer.words import parts_of, vocabulary
from catalogue.model import Table

_ORDER = ("raw", "staging", "intermediate", "mart")
_UNKNOWN = 2.5
"""A table that names no layer stands behind what is being prepared and before a declared mart."""
_SPELLINGS = {"bronze": "raw", "silver": "intermediate", "gold": "mart"}


def infer_layer(table: Table) -> str | None:
    """Return the layer that the table's prefix, or else its schema, names."""
    layers = vocabulary().layers
    prefix = parts_of(table.name)
    named = layers.get(prefix[0]) if len(prefix) > 1 else None
    return named or next(
        (layers[part] for part in reversed(parts_of(table.schema)) if part in layers), None
    )


def layer_rank(layer: str | None) -> float:
    """Return how near to the reader a layer is; higher is nearer."""
    name = _SPELLINGS.get((layer or "").lower(), (layer or "").lower())
    return float(_ORDER.index(name)) if name in _ORDER else _UNKNOWN
