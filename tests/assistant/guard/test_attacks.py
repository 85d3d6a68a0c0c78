"""Whatever reaches beyond the grant is refused by the rule that is there for it."""

import pytest

from assistant.errors import QueryRejected
from tests.assistant.guard.shop import Shop, blocks

ATTACKS = [(title.split(": ", 1)[0], title, sql) for title, sql in blocks("attacks.sql")]
POLICY_RULES = frozenset({"statement", "kinds", "column_aliases"})


@pytest.mark.parametrize(("rule", "title", "sql"), ATTACKS, ids=[t for _, t, _ in ATTACKS])
def test_an_attack_is_refused(shop: Shop, rule: str, title: str, sql: str) -> None:
    with pytest.raises(QueryRejected) as caught:
        shop.check(sql, shop.analyst)
    assert caught.value.rule == rule


@pytest.mark.parametrize(("rule", "title", "sql"), ATTACKS, ids=[t for _, t, _ in ATTACKS])
def test_a_refusal_names_nothing_beyond_the_query(
    shop: Shop, rule: str, title: str, sql: str
) -> None:
    with pytest.raises(QueryRejected) as caught:
        shop.check(sql, shop.analyst)
    told = f"{caught.value} {caught.value.repair}".lower()
    for hidden in ("salaries", "ssn", "email", "kpi", "canary", "pay", "hr."):
        assert hidden in sql.lower() or hidden not in told.replace("kpi", "kpi")
