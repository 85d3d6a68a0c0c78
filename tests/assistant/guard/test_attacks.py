"""Whatever reaches beyond the grant is refused by the rule that is there for it."""

import pytest

from assistant.errors import QueryRejected
from tests.assistant.guard.shop import Shop, blocks

ATTACKS = [(title.split(": ", 1)[0], title, sql) for title, sql in blocks("attacks.sql")]
HIDDEN = ("salaries", "ssn", "email", "kpi", "canary", "gold.pay", "hr.")


@pytest.mark.parametrize(("rule", "title", "sql"), ATTACKS, ids=[t for _, t, _ in ATTACKS])
def test_an_attack_is_refused_without_a_name_beyond_it(
    shop: Shop, rule: str, title: str, sql: str
) -> None:
    with pytest.raises(QueryRejected) as caught:
        shop.check(sql, shop.analyst)
    assert caught.value.rule == rule
    told = f"{caught.value} {caught.value.repair}".lower()
    assert [name for name in HIDDEN if name in told and name not in sql.lower()] == []
