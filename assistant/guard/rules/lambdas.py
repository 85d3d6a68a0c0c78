"""Lambdas: `x -> ...` given to a list function is written `lambda x: ...`, as DuckDB 2.0 wants it.

Models still write the arrow; anywhere else it stays what it is for JSON.
"""

from assistant.guard.query import Query

_TAKE_LAMBDAS = frozenset(
    {"apply", "filter", "reduce"}
    | {f"{kind}_{verb}" for kind in ("array", "list") for verb in ("apply", "transform")}
    | {f"{kind}_{verb}" for kind in ("array", "list") for verb in ("filter", "reduce")}
)


def write_lambdas_with_the_keyword(query: Query) -> None:
    """Change the form of each lambda that is the second argument of a list function."""
    for node in query.nodes:
        if node.get("class") != "FUNCTION" or node["function_name"].lower() not in _TAKE_LAMBDAS:
            continue
        arguments = node.get("arguments", [])
        given = arguments[1]["expression"] if len(arguments) > 1 else {}
        if given.get("class") == "LAMBDA":
            given["syntax_type"] = "LAMBDA_KEYWORD"
