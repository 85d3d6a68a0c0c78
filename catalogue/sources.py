"""What a platform is read from: resolved paths and the house rules that go with them."""

from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

from catalogue.model import Conventions

if TYPE_CHECKING:
    from catalogue.origin import Origin


@dataclass(frozen=True, kw_only=True)
class Sources:
    """Everything a build reads, and where it writes."""

    name: str
    root: Path
    """The platform's directory."""
    state: Path
    """Where snapshots, indexes and evidence are kept."""
    warehouse: Path
    """The live DuckDB file, copied and never opened, unless it is served live; or a data folder."""
    is_live: bool = False
    """True where the file is too large to copy and is read in place."""
    dbt: Path | None = None
    """Directory with dbt's artifacts."""
    overlay: Path | None = None
    """catalogue.yaml."""
    verified: Path | None = None
    """Directory of verified queries, one YAML each."""
    as_of: date | None = None
    """The platform's fixed clock; None means now."""
    conventions: Conventions = Conventions()

    @property
    def origin(self) -> "Origin":
        """Where the rows come from, and how the copy that everything reads is made."""
        from catalogue.origin import origin_of

        return origin_of(self.warehouse, is_live=self.is_live)
