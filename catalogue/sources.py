"""What a platform is read from: resolved paths and the house rules that go with them."""

from dataclasses import dataclass
from datetime import date
from pathlib import Path

from catalogue.model import Conventions


@dataclass(frozen=True, kw_only=True)
class Sources:
    """Everything a build reads, and where it writes."""

    name: str
    root: Path
    """The platform's directory."""
    state: Path
    """Where snapshots, indexes and evidence are kept."""
    warehouse: Path
    """The live DuckDB file; copied and never opened, unless it is served live."""
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
