"""SQL laid out for people, a clause a line: what is shown and edited, never what runs."""

import logging

LOG = logging.getLogger(__name__)


def laid_out(sql: str) -> str:
    """Return the SQL over several lines; as it is where its dialect cannot be laid out.

    >>> print(laid_out("SELECT a, b FROM t WHERE c"))
    SELECT
      a,
      b
    FROM t
    WHERE
      c
    """
    from sqlglot import parse_one
    from sqlglot.errors import SqlglotError

    # A parser's bug in what is only shown must not cost the answer.
    try:
        return parse_one(sql, dialect="duckdb").sql(dialect="duckdb", pretty=True, comments=False)
    except (SqlglotError, RecursionError):
        LOG.info("shown as it is, it cannot be laid out", exc_info=True)
        return sql
