"""Names: every table and column exists within the grant; nothing else is suggested or told."""

from assistant.guard.query import Query
from assistant.guard.resolver import Resolver


def resolve_names(query: Query) -> None:
    """Resolve tables (rule `tables`) and columns (rule `columns`) against the grant."""
    Resolver(query).run()
