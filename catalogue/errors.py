"""Every error the catalogue raises.

CatalogueError
├── BadFile                 a file could not be read as what it should be
│   ├── BadArtifact         a dbt artifact is absent, truncated or of an unknown version
│   └── BadPolicy           policy.yaml names or says what does not hold
├── WarehouseUnavailable    the DuckDB file is missing, locked, foreign or corrupt
│   └── WarehouseLocked     another process writes it at this moment
├── IndexUnavailable        the index is missing or broken, or its weights are not as pinned
├── UnknownTable, UnknownColumn, UnknownMetric, UnknownDimension
├── BadConvention           platform.toml declares a filter that does not hold
├── BadDecision             what was said of a column cannot be written down
├── BadMetricQuery          the semantic layer cannot answer this query
└── AccessError
    ├── UnknownRole
    └── RoleNotAllowed
"""

from collections.abc import Iterable
from difflib import get_close_matches
from pathlib import Path


class CatalogueError(Exception):
    """Base of everything the catalogue raises."""

    code = "catalogue"


class BadFile(CatalogueError):
    """A file could not be read as what it should be."""

    code = "bad_file"

    def __init__(self, path: Path, problem: str, *, advice: str = "") -> None:
        super().__init__(f"{path}: {problem}{' ' + advice if advice else ''}")
        self.path = path
        self.problem = problem


class BadArtifact(BadFile):
    """A dbt artifact is absent, truncated or of an unknown version."""

    code = "bad_artifact"


class BadPolicy(BadFile):
    """policy.yaml names or says what does not hold."""

    code = "bad_policy"


class WarehouseUnavailable(CatalogueError):
    """The warehouse is missing, locked, foreign or corrupt."""

    code = "warehouse_unavailable"


class WarehouseLocked(WarehouseUnavailable):
    """Another process writes the warehouse at this moment."""

    code = "warehouse_locked"


class IndexUnavailable(CatalogueError):
    """The search index cannot be used."""

    code = "index_unavailable"


def nearest(name: str, known: Iterable[str]) -> str | None:
    """Return the known name closest to `name`, or None when nothing is close."""
    by_folded = {candidate.lower(): candidate for candidate in known}
    close = get_close_matches(name.lower(), by_folded, n=1)
    return by_folded[close[0]] if close else None


class _Unknown(CatalogueError):
    """A name was asked for that the asker's catalogue does not hold.

    `visible` are the names in the asker's grant, never the whole catalogue.
    """

    noun = "name"

    def __init__(self, name: str, visible: Iterable[str] = ()) -> None:
        close = nearest(name, visible)
        hint = (
            f"Did you mean {close!r}?"
            if close
            else "`assistant catalogue list` shows what there is."
        )
        super().__init__(f"No {self.noun} named {name!r} in the catalogue. {hint}")
        self.name = name
        self.suggestion = close


class UnknownTable(_Unknown):
    """No such table within the grant."""

    code = "unknown_table"
    noun = "table"


class UnknownColumn(_Unknown):
    """No such column within the grant."""

    code = "unknown_column"
    noun = "column"


class UnknownMetric(_Unknown):
    """No such metric within the grant."""

    code = "unknown_metric"
    noun = "metric"


class UnknownDimension(_Unknown):
    """No such dimension for this metric within the grant."""

    code = "unknown_dimension"
    noun = "dimension"


class BadMetricQuery(CatalogueError):
    """The semantic layer cannot answer this query."""

    code = "bad_metric_query"


class BadConvention(CatalogueError):
    """platform.toml declares a filter that does not hold."""

    code = "bad_convention"

    def __init__(self, table: str, problem: str, *, advice: str = "") -> None:
        place = f"conventions.filters.{table!r}"
        super().__init__(f"{place}: {problem}{' ' + advice if advice else ''}")
        self.table = table


class BadDecision(CatalogueError):
    """What was said of a column cannot be written down."""

    code = "bad_decision"


class AccessError(CatalogueError):
    """Who may see what was asked for in a way that has no answer."""

    code = "access"


class UnknownRole(AccessError):
    """The policy has no such role."""

    code = "unknown_role"

    def __init__(self, role: str, known: Iterable[str] = ()) -> None:
        names = ", ".join(sorted(known))
        super().__init__(f"No role named {role!r}.{f' Roles here: {names}.' if names else ''}")
        self.role = role


class RoleNotAllowed(AccessError):
    """The role exists but was not granted to this user."""

    code = "role_not_allowed"

    def __init__(self, role: str, user: str | None) -> None:
        who = f"User {user!r}" if user else "Without a user, the asker"
        super().__init__(
            f"{who} may not use the role {role!r}. "
            "Ask the steward of the platform, or leave the role out."
        )
        self.role = role
        self.user = user
