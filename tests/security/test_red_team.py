"""The red team: no attack shows what a role may not see, and analytic SQL passes.

Attacks are those of tests/fixtures/guard, which name the rule that refuses them, and those of
this folder, which may also run and show nothing. What runs, runs in the engine.
"""

import re
from collections.abc import Iterator
from itertools import chain
from pathlib import Path

import duckdb
import pytest

from assistant.answer import SafeQuery
from assistant.engines.duckdb import DuckDBEngine, Limits
from assistant.errors import AssistantError, QueryRejected
from catalogue.access import Grant
from tests.assistant.guard.shop import FIXTURES, Shop, blocks, build, rows

HERE = Path(__file__).parent
SECRET = re.compile(
    r"canary (?:row|salary|kpi|type)|name \d+ canary|canary\d+@|canary-\d+|canary|\b900\d\d\b"
    r"|ssn|email|salaries|kpi|gold\.pay|secret_kind|/etc/passwd:"
)
"""Values and names that only a role above the analyst may see."""
LEAST_ATTACKS, LEAST_BENIGN, SHARE = 250, 150, 0.98


def lines(path: Path) -> list[str]:
    """Return the queries of a file, one a line."""
    text = path.read_text(encoding="utf-8")
    return [line for line in text.splitlines() if line and not line.startswith("--")]


ATTACKS = list(
    dict.fromkeys(chain((sql for _, sql in blocks("attacks.sql")), lines(HERE / "attacks.sql")))
)
BENIGN = list(
    dict.fromkeys(
        chain(
            lines(HERE / "benign.sql"),
            lines(FIXTURES / "idioms.sql"),
        )
    )
)


@pytest.fixture(scope="module")
def shop(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Shop]:
    built = build(tmp_path_factory.mktemp("red"))
    yield built
    built.whole.close()
    built.seen.close()


@pytest.fixture(scope="module")
def engine(shop: Shop) -> Iterator[DuckDBEngine]:
    limits = Limits(timeout_s=5.0, memory_bytes=800_000_000)
    opened = DuckDBEngine(database=lambda: shop.path, timezone="UTC", limits=limits)
    yield opened
    opened.close()


def told(shop: Shop, engine: DuckDBEngine, sql: str, grant: Grant) -> str:
    """Return all that an asker gets to read of a query."""
    try:
        safe: SafeQuery = shop.check(sql, grant)
        table = engine.run(safe).table
    except QueryRejected as error:
        return f"{error} {error.repair}"
    except AssistantError as error:
        return f"{error} {getattr(error, 'repair', '')}"
    return f"{table.schema} {table.to_pylist()}"


def is_escape(shown: str, sql: str) -> bool:
    """True where an answer holds a secret that the attack did not spell itself."""
    return any(secret not in sql.lower() for secret in SECRET.findall(shown.lower()))


def outcome(connection: duckdb.DuckDBPyConnection, sql: str) -> tuple[list[str], list[str]]:
    table = rows(connection, sql)
    return table.column_names, sorted(map(repr, table.to_pylist()))


def passes(shop: Shop, sql: str) -> bool:
    """True where both roles get the names and rows of the raw query over what they may see."""
    for grant, seen in ((shop.steward, shop.whole), (shop.analyst, shop.seen)):
        try:
            safe = shop.check(sql, grant)
        except QueryRejected:
            return False
        if outcome(shop.whole, safe.sql) != outcome(seen, sql):
            return False
    return True


def test_no_attack_escapes(
    shop: Shop, engine: DuckDBEngine, capsys: pytest.CaptureFixture[str]
) -> None:
    escapes = [sql for sql in ATTACKS if is_escape(told(shop, engine, sql, shop.analyst), sql)]
    with capsys.disabled():
        print(f"\n{len(ATTACKS)} attacks, {len(escapes)} escapes")
    assert len(ATTACKS) >= LEAST_ATTACKS
    assert escapes == []


def test_each_rejection_names_its_rule_and_a_way_out(shop: Shop) -> None:
    dead_ends = []
    for sql in ATTACKS:
        try:
            shop.check(sql, shop.analyst)
        except QueryRejected as error:
            sentences = re.findall(r"[.?](?: |$)", str(error))
            if not error.rule or len(sentences) < 2:
                dead_ends.append(f"{error.rule}: {error}")
    assert dead_ends == []


def test_the_measure_of_an_escape_finds_one(shop: Shop, engine: DuckDBEngine) -> None:
    """A steward may see it all: the same attacks, told as escapes."""
    for sql in ("SELECT * FROM hr.salaries", "FROM gold.customers", "SELECT note FROM gold.orders"):
        assert is_escape(told(shop, engine, sql, shop.steward), sql)


def test_analytic_sql_passes(shop: Shop, capsys: pytest.CaptureFixture[str]) -> None:
    refused = [sql for sql in BENIGN if not passes(shop, sql)]
    with capsys.disabled():
        print(f"\n{len(BENIGN)} benign queries, {len(BENIGN) - len(refused)} pass: {refused}")
    assert len(BENIGN) >= LEAST_BENIGN
    assert 1 - len(refused) / len(BENIGN) >= SHARE
