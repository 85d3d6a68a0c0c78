"""A platform of one table and a suite beside it, for tests that run whole evals."""

from pathlib import Path

import duckdb

SUITE = """suite: little
platform: here
as_of: 2013-12-31
cases:
  - id: total
    question: How much did we sell altogether?
    expect: answer
    gold: {sql: SELECT sum(amount) AS amount FROM main.sales}
    tables: main.sales
    tags: [sum]
  - id: weather
    question: Will it rain tomorrow?
    expect: refuse
    tags: [absent]
"""


def little(directory: Path, suite: str = SUITE) -> Path:
    """Write the platform and the suite; return the suite's file."""
    platform = directory / "here"
    platform.mkdir(parents=True)
    with duckdb.connect(str(platform / "w.duckdb")) as connection:
        connection.execute("CREATE TABLE sales AS FROM (VALUES (1, 40), (2, 2)) v(id, amount)")
    settings = '[platform]\nname = "x"\nas_of = 2013-12-31\n[warehouse]\npath = "w.duckdb"\n'
    (platform / "platform.toml").write_text(settings, encoding="utf-8")
    path = directory / "little.yaml"
    path.write_text(suite, encoding="utf-8")
    return path
