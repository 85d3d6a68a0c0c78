"""PIVOT without a list of values: DuckDB's parser writes such a query out as two statements.

To get a tree of it, each missing list is marked by a list of one random word; the tree then goes
through the same rules as any other, and the marks are taken out where the text is written. The
text that will run is marked and parsed again for the second opinion.
"""

import secrets
from collections.abc import Iterator
from copy import deepcopy
from dataclasses import dataclass

import duckdb

from catalogue.sql_tree import Node, expression_to_sql, nodes, select_from, to_sql

_ENDS = frozenset({"using", "group", "order", "limit", "offset", "union", "except", "intersect"})
_OPENING, _CLOSING = "([{", ")]}"


def new_mark() -> str:
    """Return a word that no query can hold by chance."""
    return f"pivot_{secrets.token_hex(12)}"


@dataclass(frozen=True)
class _Token:
    text: str
    start: int
    end: int

    @property
    def word(self) -> str:
        return self.text.lower()


def mark_pivots(sql: str, mark: str) -> str:
    """Return the text with a list of the mark after every pivoted column that has none."""
    tokens = _tokens(sql)
    inserts: list[tuple[int, str]] = []
    for at, token in enumerate(tokens):
        if token.word == "pivot" and not _is_clause(tokens, at):
            for first, last in _columns(tokens, at):
                inserts.append((tokens[first].start, "("))
                inserts.append((tokens[last].end, f") IN ('{mark}')"))
    for position, text in sorted(inserts, key=lambda item: item[0], reverse=True):
        sql = sql[:position] + text + sql[position:]
    return sql


def _tokens(sql: str) -> list[_Token]:
    found = [(start, kind) for start, kind in duckdb.tokenize(sql) if "comment" not in str(kind)]
    every = sorted(start for start, _ in duckdb.tokenize(sql))
    tokens: list[_Token] = []
    for start, _ in found:
        after = next((other for other in every if other > start), len(sql))
        text = sql[start:after].rstrip()
        tokens.extend(_split(text, start))
    return tokens


def _split(text: str, start: int) -> Iterator[_Token]:
    """Yield brackets one by one: the tokenizer may hand several operators over as one."""
    if text[:1] not in _OPENING + _CLOSING + ",;":
        yield _Token(text, start, start + len(text))
        return
    yield _Token(text[0], start, start + 1)
    rest = text[1:]
    stripped = rest.lstrip()
    if stripped:
        yield from _split(stripped, start + 1 + len(rest) - len(stripped))


def _is_clause(tokens: list[_Token], at: int) -> bool:
    """True for `source PIVOT (aggregate FOR column IN ...)`, which always has its list."""
    if at + 1 >= len(tokens) or tokens[at + 1].text != "(":
        return False
    depth = 0
    for token in tokens[at + 1 :]:
        depth += (token.text in _OPENING) - (token.text in _CLOSING)
        if depth == 0:
            return False
        if depth == 1 and token.word == "for":
            return True
    return False


def _columns(tokens: list[_Token], at: int) -> Iterator[tuple[int, int]]:
    """Yield first and last token of each pivoted column without a list of values."""
    depth, first, has_list, is_on = 0, 0, False, False
    for index in range(at + 1, len(tokens) + 1):
        token = tokens[index] if index < len(tokens) else None
        ends = token is None or (
            depth == 0 and (token.text in (*_CLOSING, ";") or (is_on and token.word in _ENDS))
        )
        if is_on and (ends or (depth == 0 and token is not None and token.text == ",")):
            if not has_list and first < index:
                yield first, index - 1
            first, has_list = index + 1, False
        if ends or token is None:
            return
        if depth == 0 and token.word == "on" and not is_on:
            is_on, first = True, index + 1
        has_list = has_list or (depth == 0 and token.word == "in")
        depth += (token.text in _OPENING) - (token.text in _CLOSING)


def write_pivots(tree: Node, mark: str) -> str:
    """Return the text of a tree, its marked pivots as statements without a list."""
    texts: list[tuple[str, str]] = []
    _take_out(tree["statements"][0]["node"], [], mark, texts)
    sql = to_sql(tree)
    for place, text in reversed(texts):
        sql = sql.replace(place, f"({text})")
    return sql


def _statement(pivot: Node, mark: str) -> str:
    columns = [_column(item, mark) for item in pivot["pivots"]]
    text = f"PIVOT ({to_sql(select_from(pivot['source']))}) ON {', '.join(columns)}"
    if aggregates := [expression_to_sql(item) for item in pivot.get("aggregates", [])]:
        text += f" USING {', '.join(aggregates)}"
    if groups := pivot.get("groups"):
        quoted = ['"' + name.replace('"', '""') + '"' for name in groups]
        text += f" GROUP BY {', '.join(quoted)}"
    return text


def _column(item: Node, mark: str) -> str:
    expression = ", ".join(expression_to_sql(part) for part in item["pivot_expressions"])
    if is_marked(item, mark):
        return f"({expression})"
    entries = [expression_to_sql(_aliased(entry)) for entry in item["entries"]]
    return f"({expression}) IN ({', '.join(entries)})"


def _aliased(entry: Node) -> Node:
    alias = {"alias": entry["alias"]} if entry.get("alias") else {}
    return {**entry["star_expr"], **alias}


def is_marked(item: Node, mark: str) -> bool:
    """True where the list of a pivoted column is the mark."""
    return any(
        entry.get("star_expr", {}).get("literal", {}).get("text") == mark
        for entry in item.get("entries", [])
    )


def _take_out(value: object, ctes: list[Node], mark: str, texts: list[tuple[str, str]]) -> None:
    """Replace marked pivots by names that stand for their texts, inner ones first.

    Each takes the CTEs it can see into its source: DuckDB looks for the values in a statement of
    its own, where outer CTEs are not in sight.
    """
    if isinstance(value, list):
        for item in value:
            _take_out(item, ctes, mark, texts)
        return
    if not isinstance(value, dict):
        return
    seen = list(ctes)
    for entry in value.get("cte_map", {}).get("map", []):
        _take_out(entry["value"], seen, mark, texts)
        seen = [other for other in seen if other["key"] != entry["key"]] + [entry]
    for key, item in value.items():
        if key != "cte_map":
            _take_out(item, seen, mark, texts)
    if value.get("type") == "PIVOT" and any(is_marked(item, mark) for item in value["pivots"]):
        _carry(value, seen)
        _replace(value, mark, texts)


def _replace(pivot: Node, mark: str, texts: list[tuple[str, str]]) -> None:
    place = f"{mark}_{len(texts)}_"
    texts.append((place, _statement(pivot, mark)))
    kept = {key: pivot[key] for key in ("alias", "column_name_alias") if key in pivot}
    pivot.clear()
    pivot.update(type="BASE_TABLE", table_name=place, qualified_name={"path": [place]}, **kept)


def _carry(pivot: Node, ctes: list[Node]) -> None:
    named = {
        node["table_name"].lower()
        for node in nodes(pivot["source"])
        if node.get("type") == "BASE_TABLE"
    }
    if not ctes or not named:
        return
    select = select_from(pivot["source"])["statements"][0]["node"]
    select["cte_map"] = {"map": deepcopy(ctes)}
    pivot["source"] = {"type": "SUBQUERY", "subquery": {"node": select}}
