"""Quarters, years and weeks as the platform cuts them: a fiscal year, weeks from Sunday.

The semantic layer cuts time by the calendar; its SQL is recut here. A fiscal quarter is a calendar
quarter of the day moved back by the months that the year starts late, moved forth again.
"""

from typing import TYPE_CHECKING

from catalogue.model import Conventions

if TYPE_CHECKING:
    from catalogue.sql_tree import Node

_TRUNCATE = "date_trunc"


def is_moved(grain: str | None, conventions: Conventions) -> bool:
    """True where the platform cuts this grain otherwise than the calendar does."""
    if grain == "week":
        return conventions.week_start == "sunday"
    return grain in ("quarter", "year") and conventions.fiscal_year_start != 1


def recut(sql: str, conventions: Conventions) -> str:
    """Return a query whose truncations to a quarter, year or week follow the conventions."""
    if not any(is_moved(grain, conventions) for grain in ("week", "quarter", "year")):
        return sql
    from catalogue.sql_tree import nodes, parse, to_sql

    tree = parse(sql)
    moved = [(node, grain) for node in nodes(tree) if is_moved(grain := _grain(node), conventions)]
    for node, grain in moved:
        inner = node["arguments"][1]["expression"]
        wanted = _template(str(grain), conventions)
        place = next(each for each in nodes(wanted) if each.get("column_names") == ["moment"])
        place.clear()
        place.update(inner)
        alias = node.get("alias")
        node.clear()
        node.update(wanted, **({"alias": alias} if alias else {}))
    return to_sql(tree)


def _grain(node: "Node") -> str | None:
    if node.get("class") != "FUNCTION" or node.get("function_name", "").lower() != _TRUNCATE:
        return None
    literal = node["arguments"][0]["expression"].get("literal", {})
    return str(literal.get("text", "")).lower() or None


def _template(grain: str, conventions: Conventions) -> "Node":
    from catalogue.sql_tree import only_expression, parse

    months = conventions.fiscal_year_start - 1
    back, forth = ("- INTERVAL {0} MONTH", "+ INTERVAL {0} MONTH")
    if grain == "week":
        back, forth, months = "+ INTERVAL {0} DAY", "- INTERVAL {0} DAY", 1
    moved = f"{_TRUNCATE}('{grain}', moment {back.format(months)}) {forth.format(months)}"
    found = only_expression(parse(f"SELECT {moved}"))
    if found is None:
        raise ValueError(f"{moved!r} is no expression")
    return found
