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

from assistant.errors import QueryRejected
from assistant.guard.query import reject
from catalogue.sql_tree import Node, expression_to_sql, nodes, select_from, to_sql

MOST_OPEN = 32
"""Columns pivoted without a list of values, in a query as it is read or as it is written out."""
MOST_WRITTEN = 200_000
"""Characters: a chain of pivots without lists doubles the text with each."""
_ADVICE = "List the values of each PIVOT: PIVOT t ON column IN ('a', 'b') USING sum(x)."
_PIVOTS = frozenset({"pivot", "pivot_wider"})
_ENDS = frozenset({"using", "group", "order", "limit", "offset", "union", "except", "intersect"})
_SPACES = " \t\r\n\f\v"
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
    """Return the text with a list of the mark after every pivoted column that has none.

    Raises QueryRejected where there are too many.
    """
    # The tokenizer counts bytes: one character stands for each while text is put in.
    sql = sql.encode("utf-8").decode("latin-1")
    tokens = _tokens(sql)
    inserts: list[tuple[int, str]] = []
    for at, token in enumerate(tokens):
        if token.word in _PIVOTS and not _is_clause(tokens, at):
            for first, last in _columns(tokens, at):
                inserts.append((tokens[first].start, "("))
                inserts.append((tokens[last].end, f") IN ('{mark}')"))
    if len(inserts) > 2 * MOST_OPEN:
        raise _too_many()
    for position, text in sorted(inserts, key=lambda item: item[0], reverse=True):
        sql = sql[:position] + text + sql[position:]
    return sql.encode("latin-1").decode("utf-8")


def _too_many() -> QueryRejected:
    return reject("size", f"The query pivots too much without lists. {_ADVICE}", repair=_ADVICE)


def _tokens(sql: str) -> list[_Token]:
    """Return the tokens of a text in which one character stands for each byte."""
    text = sql.encode("latin-1").decode("utf-8")
    found = sorted(duckdb.tokenize(text), key=lambda item: item[0])
    ends = [*(start for start, _ in found[1:]), len(sql)]
    tokens: list[_Token] = []
    for (start, kind), end in zip(found, ends, strict=True):
        if "comment" not in str(kind):
            tokens.extend(_split(sql[start:end].rstrip(_SPACES), start))
    return tokens


def _split(text: str, start: int) -> Iterator[_Token]:
    """Yield brackets one by one: the tokenizer may hand several operators over as one."""
    if text[:1] not in _OPENING + _CLOSING + ",;":
        yield _Token(text, start, start + len(text))
        return
    yield _Token(text[0], start, start + 1)
    rest = text[1:]
    stripped = rest.lstrip(_SPACES)
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
        if len(sql) > MOST_WRITTEN:
            raise _too_many()
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
