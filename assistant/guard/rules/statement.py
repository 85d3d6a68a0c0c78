"""Statement: the text is exactly one query, as DuckDB's own parser reads it."""

from assistant.guard.pivots import mark_pivots, new_mark
from assistant.guard.query import Query, reject
from catalogue.sql_tree import Node, ParseError, parse

RULE = "statement"
_NOT_A_QUERY = "Only SELECT statements can be serialized"
_READ_ONLY = "Only a single query that reads is allowed."
_PIVOT = "This PIVOT cannot be read. List its values: PIVOT t ON column IN ('a', 'b') USING sum(x)."


def require_one_query(query: Query) -> None:
    """Parse the text; refuse anything but one query."""
    try:
        tree = parse(query.sql)
    except ParseError as error:
        tree = _marked(query, str(error))
    if len(tree["statements"]) != 1:
        raise reject(
            RULE,
            f"The text holds {len(tree['statements'])} statements. {_READ_ONLY}",
            repair="Write exactly one SELECT statement.",
        )
    if tree["statements"][0].get("named_param_map"):
        raise reject(
            RULE,
            "The query holds parameters, which have no values here. Write values as literals.",
            repair="Write values as literals.",
        )
    query.tree = tree


def _marked(query: Query, message: str) -> Node:
    """Parse a PIVOT without a list of values."""
    if _NOT_A_QUERY in message and "pivot" in query.sql.lower():
        query.mark = new_mark()
        try:
            return parse(mark_pivots(query.sql, query.mark))
        except ParseError:
            pass
    raise _unreadable(query.sql, message) from None


def _unreadable(sql: str, message: str) -> Exception:
    if "depth limit" in message or "nested too deeply" in message:
        return reject(
            "size", "The query is nested too deeply. Write it flatter.", repair="Write it flatter."
        )
    if _NOT_A_QUERY not in message:
        problem = " ".join(message.split())
        return reject(
            RULE,
            f"The query cannot be read: {problem}. Correct it there.",
            repair=f"DuckDB cannot parse it: {problem}. Correct the syntax.",
        )
    if "pivot" in sql.lower():
        return reject(RULE, _PIVOT, repair=_PIVOT)
    return reject(RULE, f"This statement is not a query. {_READ_ONLY}")
