"""The parts of DuckDB's parse tree that a query may consist of, field by field.

Written down from the trees of DuckDB 2.0.0. A record, a kind or a field that is not here is
refused, so that what a newer DuckDB adds to its grammar stays outside until it is reviewed.
"""

from collections.abc import Mapping

EVERYWHERE = frozenset({"class", "type", "alias"})


def _fields(text: str = "") -> frozenset[str]:
    return frozenset(text.split()) | EVERYWHERE


EXPRESSIONS: Mapping[str, frozenset[str]] = {
    "BETWEEN": _fields("input lower upper"),
    "CASE": _fields("case_checks else_expr"),
    "CAST": _fields("child type_expr try_cast"),
    "COLLATE": _fields("child collation"),
    "COLUMN_REF": _fields("column_names"),
    "COMPARISON": _fields("left right"),
    "CONJUNCTION": _fields("children"),
    "CONSTANT": _fields("literal"),
    "FUNCTION": _fields(
        "function_name schema catalog qualified_name arguments distinct filter order_bys"
        " is_operator"
    ),
    "LAMBDA": _fields("lhs expr syntax_type"),
    "OPERATOR": _fields("children"),
    "POSITIONAL_REFERENCE": _fields("index"),
    "STAR": _fields(
        "columns expr relation_name exclude_list replace_list rename_list qualified_exclude_list"
    ),
    "SUBQUERY": _fields("subquery_type subquery comparison_type child"),
    "TYPE": _fields("type_name schema catalog qualified_name children"),
    "WINDOW": _fields(
        "function_name schema catalog qualified_name arguments partitions orders start end"
        " start_expr end_expr exclude_clause ignore_nulls has_ignore_nulls distinct filter_expr"
        " arg_orders offset_expr default_expr"
    ),
}
"""By class of expression."""

OPERATORS = frozenset(
    {
        "ARRAY_CONSTRUCTOR",
        "ARRAY_EXTRACT",
        "ARRAY_SLICE",
        "COMPARE_IN",
        "COMPARE_NOT_IN",
        "GROUPING_FUNCTION",
        "OPERATOR_COALESCE",
        "OPERATOR_IS_NOT_NULL",
        "OPERATOR_IS_NULL",
        "OPERATOR_NOT",
        "OPERATOR_NULLIF",
        "OPERATOR_TRY",
        "OPERATOR_UNPACK",
        "STRUCT_EXTRACT",
    }
)
"""What the class OPERATOR may be; it is the one class that DuckDB uses for anything at hand."""

QUERIES: Mapping[str, frozenset[str]] = {
    "SELECT_NODE": _fields(
        "modifiers cte_map select_list from_table where_clause group_expressions group_sets"
        " aggregate_handling having qualify sample"
    ),
    "SET_OPERATION_NODE": _fields("modifiers cte_map setop_type setop_all children left right"),
    "RECURSIVE_CTE_NODE": _fields(
        "modifiers cte_map cte_name union_all left right aliases key_targets"
    ),
}

SOURCES: Mapping[str, frozenset[str]] = {
    "BASE_TABLE": _fields(
        "table_name schema_name catalog_name qualified_name column_name_alias sample"
    ),
    "EMPTY": _fields(),
    "EXPRESSION_LIST": _fields("values column_name_alias expected_names sample"),
    "JOIN": _fields(
        "left right join_type ref_type condition using_columns is_implicit sample column_name_alias"
    ),
    "PIVOT": _fields(
        "source aggregates pivots groups unpivot_names include_nulls column_name_alias sample"
    ),
    "SHOW_REF": _fields("query show_type qualified_name column_name_alias"),
    "SUBQUERY": _fields("subquery column_name_alias sample"),
    "TABLE_FUNCTION": _fields("function column_name_alias with_ordinality sample"),
}

MODIFIERS: Mapping[str, frozenset[str]] = {
    "DISTINCT_MODIFIER": _fields("distinct_on_targets"),
    "LIMIT_MODIFIER": _fields("limit offset limit_type"),
    "ORDER_MODIFIER": _fields("orders"),
}

ORDERS = frozenset({"ASCENDING", "DESCENDING", "ORDER_DEFAULT"})

RECORDS: Mapping[str, frozenset[str]] = {
    "arguments": frozenset({"expression", "name"}),
    "case_checks": frozenset({"when_expr", "then_expr"}),
    "cte_map": frozenset({"map"}),
    "entries": frozenset({"star_expr", "values", "alias"}),
    "exclude_list": frozenset({"table", "column"}),
    "key": frozenset({"table", "column"}),
    "literal": frozenset({"kind", "text"}),
    "map": frozenset({"key", "value"}),
    "orders": frozenset({"type", "null_order", "expression"}),
    "pivots": frozenset({"pivot_expressions", "entries", "unpivot_names"}),
    "qualified_exclude_list": frozenset({"table", "column"}),
    "qualified_name": frozenset({"path"}),
    "rename_list": frozenset({"key", "value"}),
    "replace_list": frozenset({"key", "value"}),
    "sample": frozenset({"sample_size", "is_percentage", "method", "seed", "repeatable"}),
    "sample_size": frozenset({"type", "is_null", "value"}),
    "subquery": frozenset({"node"}),
    "type": frozenset({"id"}),
    "value": frozenset({"materialized", "query_node", "aliases", "key_targets"}),
}
"""Records without a kind of their own, by the field that holds them."""

LITERALS = frozenset({"BOOLEAN", "HEX", "INTEGER", "NULL_LITERAL", "NUMERIC", "STRING"})

TYPES = frozenset(
    """array bigint bignum binary bit bitstring blob bool boolean bpchar bytea char date datetime
    dec decimal double enum float float4 float8 geometry guid hugeint int int1 int128 int16 int2
    int32 int4 int64 int8 integer integral interval json list logical long map null numeric
    nvarchar real row short signed smallint string struct text time time_ns timestamp timestamp_ms
    timestamp_ns timestamp_s timestamp_us timestamptz timestamptz_ns timetz tinyint tuple ubigint
    uhugeint uint128 uint16 uint32 uint64 uint8 uinteger union usmallint utinyint uuid varbinary
    varchar variant varint""".split()  # noqa: SIM905
) | {"time with time zone", "timestamp with time zone"}
"""Built-in types; a type of the database itself would show values that no row shows."""
