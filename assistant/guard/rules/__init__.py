"""The rules, in the order in which they look at a query; each rejection carries its rule's name."""

from collections.abc import Callable

from assistant.guard.query import Query
from assistant.guard.rules.column_aliases import refuse_lists_over_hidden_columns
from assistant.guard.rules.column_ranges import refuse_ranges_of_hidden_rows
from assistant.guard.rules.functions import allow_listed_functions
from assistant.guard.rules.kinds import allow_listed_kinds
from assistant.guard.rules.lambdas import write_lambdas_with_the_keyword
from assistant.guard.rules.minimum_group import keep_small_groups_back
from assistant.guard.rules.names import resolve_names
from assistant.guard.rules.naming import keep_names
from assistant.guard.rules.rewriting import wrap_base_tables
from assistant.guard.rules.row_limit import limit_rows
from assistant.guard.rules.second_opinion import regenerate_and_recheck
from assistant.guard.rules.size import limit_grouping_sets, limit_size
from assistant.guard.rules.statement import require_one_query

Rule = Callable[[Query], None]

RULES: tuple[Rule, ...] = (
    limit_size,
    require_one_query,
    allow_listed_kinds,
    limit_grouping_sets,
    keep_names,
    allow_listed_functions,
    write_lambdas_with_the_keyword,
    resolve_names,
    refuse_lists_over_hidden_columns,
    refuse_ranges_of_hidden_rows,
    keep_small_groups_back,
    wrap_base_tables,
    limit_rows,
    regenerate_and_recheck,
)
