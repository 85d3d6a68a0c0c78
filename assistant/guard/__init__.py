"""SQL and a grant -> SafeQuery. Only text that `check` made ever runs for a question.

DuckDB's own parser reads the text, every rule of `rules.RULES` looks at the tree in turn, every
base table is replaced by what the grant allows of it, and the text is written anew from the tree.
"""

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from assistant.answer import SafeQuery
    from catalogue.access import Grant
    from catalogue.catalogue import Catalogue

__all__ = ["check"]


def check(sql: str, *, catalogue: "Catalogue", grant: "Grant", row_limit: int) -> "SafeQuery":
    """Check and rewrite a query; raises QueryRejected with the rule that refused it."""
    from assistant.guard.checker import check_query

    return check_query(sql, catalogue=catalogue, grant=grant, row_limit=row_limit)
