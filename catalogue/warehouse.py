"""The port for reading a warehouse at build time; a second engine is one more reader.

Only SQL written in this repository passes through it: nothing that a question brought.
"""

from typing import TYPE_CHECKING, Protocol

from catalogue.model import Relationship, Table

if TYPE_CHECKING:
    import pyarrow as pa


class Warehouse(Protocol):
    """A warehouse that is open for reading."""

    def tables(self) -> tuple[Table, ...]:
        """Return every table and view with columns, types, keys, comments and view SQL."""
        ...

    def relationships(self) -> tuple[Relationship, ...]:
        """Return the foreign keys that the warehouse declares."""
        ...

    def query(self, sql: str) -> "pa.Table":
        """Run trusted SQL, or raise WarehouseUnavailable."""
        ...

    def close(self) -> None: ...


def quoted(*names: str) -> str:
    """Return names as one dotted SQL identifier."""
    return ".".join('"' + name.replace('"', '""') + '"' for name in names)
