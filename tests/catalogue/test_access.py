"""policy.yaml decides who sees what; what it hides is absent from the narrowed catalogue."""

import logging
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest

from catalogue.access import Grant, load_policy, narrow
from catalogue.catalogue import Catalogue
from catalogue.errors import BadPolicy, RoleNotAllowed, UnknownRole
from catalogue.model import (
    Check,
    CheckResult,
    Classification,
    Column,
    ColumnProfile,
    Dimension,
    Entity,
    Evidence,
    Exposure,
    Metric,
    Relationship,
    Suspicion,
    Table,
    VerifiedQuery,
)
from catalogue.policy import Policy

AT = datetime(2026, 1, 1, tzinfo=UTC)


def column(name: str, data_type: str = "VARCHAR", kind: Classification | None = None) -> Column:
    profile = ColumnProfile(nulls=0, minimum="CANARY", top_values=(("CANARY", 1),))
    return Column(name=name, data_type=data_type, classification=kind, profile=profile)


def table(name: str, *columns: Column, view: str | None = None) -> Table:
    schema, bare = name.split(".")
    return Table(
        schema=schema,
        name=bare,
        kind="view" if view else "table",
        columns=columns,
        definition=view,
        row_count=1000,
        event_time="day",
        as_of="2026-01-01",
    )


CUSTOMERS = table(
    "gold.customers",
    column("id", "BIGINT"),
    column("name", "VARCHAR", "personal"),
    column("email"),
    column("ssn", "VARCHAR", "restricted"),
    column("joined", "DATE"),
    column("mood", "ENUM('happy', 'sad')", "personal"),
)
ORDERS = table(
    "gold.orders",
    column("id", "BIGINT"),
    column("customer_id", "BIGINT"),
    column("region"),
    column("amount", "DECIMAL(10,2)"),
    column("day", "DATE"),
)
SALARIES = table("hr.salaries", column("id", "BIGINT"), column("amount", "DECIMAL(10,2)"))
MAILS = "SELECT id, email AS mail FROM gold.customers"
COPY = "CREATE VIEW gold.copy AS SELECT * FROM gold.customers"
CATALOGUE = Catalogue(
    name="shop",
    tables=(
        CUSTOMERS,
        ORDERS,
        SALARIES,
        table("gold.mails", column("id"), column("mail"), view=MAILS),
        table("gold.second", column("mail"), view="SELECT mail FROM gold.mails"),
        replace(CUSTOMERS, name="copy", kind="view", definition=COPY),
        table("gold.pay", column("id"), view="CREATE VIEW gold.pay AS SELECT id FROM hr.salaries"),
        table("gold.sums", column("n", "BIGINT"), view="SELECT count(*) AS n FROM gold.orders"),
    ),
)  # fmt: skip


@pytest.fixture
def policy(tmp_path: Path) -> Callable[..., Policy]:
    def load(text: str, catalogue: Catalogue = CATALOGUE, **given: object) -> Policy:
        path = tmp_path / "policy.yaml"
        path.write_text(text, encoding="utf-8")
        return load_policy(path, catalogue, **given)  # type: ignore[arg-type]

    return load


def role(body: str) -> str:
    return f"default_role: analyst\nroles:\n  steward: {{}}\n  analyst:\n    {body}\n"


Loader = Callable[..., Policy]


def granted(policy: Loader, body: str, user: str | None = None) -> Grant:
    return policy(role(body)).grant(user=user, role=None)


def test_the_policy_of_the_contract(policy: Loader) -> None:
    grant = policy(
        """
default_role: analyst
users: {"anna@example.org": [analyst, steward]}
roles:
  steward: {}
  analyst:
    tables: {allow: ["gold.*", "silver.*"], deny: ["*.salaries"]}
    columns:
      deny: ["customers.email", "*.ssn"]
      mask: {"customers.name": "left(name, 1) || '***'"}
    rows: {"orders": "region = 'EU'"}
    classification: {deny: [restricted], mask: [personal]}
"""
    ).grant(user=None, role=None)
    customers = grant.tables["gold.customers"]
    assert customers.columns == {"id", "name", "joined", "mood"}
    assert set(customers.masks) == {"name", "mood"}
    assert customers.masks["mood"] == "CAST(NULL AS VARCHAR)"
    assert grant.tables["gold.orders"].row_filter == "((region = 'EU'))"
    assert "hr.salaries" not in grant.tables


def test_a_steward_sees_everything(policy: Loader) -> None:
    grant = policy(role("{}")).grant(user=None, role="steward", any_role=True)
    assert set(grant.tables) == set(CATALOGUE.tables_by_name)
    assert all(t.row_filter is None and not t.masks for t in grant.tables.values())


def test_without_a_policy_the_reader_sees_everything() -> None:
    policy = load_policy(None, CATALOGUE)
    assert policy.roles == ("reader",)
    assert set(policy.grant(user="x", role="reader").tables) == set(CATALOGUE.tables_by_name)
    with pytest.raises(UnknownRole):
        policy.grant(user=None, role="steward")


def suspecting(said: Classification | None = None) -> Catalogue:
    """The shop with an e-mail column that looks like one, and what a person said of it."""
    suspicion = Suspicion(kind="email", why="all of 9 values are e-mail addresses", confidence=1.0)
    columns = tuple(
        replace(each, suspicion=suspicion, classification=said) if each.name == "email" else each
        for each in CUSTOMERS.columns
    )
    changed = replace(CUSTOMERS, columns=columns)
    others = tuple(each for each in CATALOGUE.tables if each is not CUSTOMERS)
    return replace(CATALOGUE, tables=(changed, *others))


def test_the_reader_does_not_see_what_is_suspected() -> None:
    grant = load_policy(None, suspecting()).grant(user=None, role=None)
    assert not grant.sees("gold.customers", "email")
    assert not grant.sees("gold.mails", "mail"), "a view over it"
    assert not grant.sees("gold.second", "mail"), "a view over the view"
    assert grant.sees("gold.customers", "joined")


@pytest.mark.parametrize("said", ["public", "internal"])
def test_a_person_clears_a_suspicion(said: Classification) -> None:
    grant = load_policy(None, suspecting(said)).grant(user=None, role=None)
    assert grant.sees_plainly("gold.customers", "email")


@pytest.mark.parametrize(
    ("body", "seen", "plainly"),
    [
        ("{}", False, False),
        ("classification: {allow: [suspected]}", True, True),
        ("classification: {mask: [suspected]}", True, False),
        ('columns: {mask: {"customers.email": "left(email, 1)"}}', True, False),
        ("classification: {deny: [suspected], allow: [suspected]}", False, False),
    ],
)
def test_a_role_says_what_holds_for_suspected_columns(
    policy: Loader, body: str, seen: bool, plainly: bool
) -> None:
    found = policy(role(body), suspecting())
    grant = found.grant(user=None, role=None)
    assert grant.sees("gold.customers", "email") is seen
    assert grant.sees_plainly("gold.customers", "email") is plainly
    assert found.grant(user=None, role="steward", any_role=True).sees_plainly(
        "gold.customers", "email"
    )


def test_a_confirmed_column_follows_the_rules_of_its_class(policy: Loader) -> None:
    found = policy(role("classification: {mask: [personal]}"), suspecting("personal"))
    grant = found.grant(user=None, role=None)
    assert grant.sees("gold.customers", "email")
    assert not grant.sees_plainly("gold.customers", "email")


@pytest.mark.parametrize(
    ("pattern", "seen"),
    [
        ("orders", True),
        ("GOLD.Orders", True),
        ("*", True),
        ("*.orders", True),
        ("gold.o*s", True),
        ("gold*", False),
        ("hr.*", False),
        ("*orders", True),
        ("ord", False),
    ],
)
def test_patterns_match_segment_by_segment(policy: Loader, pattern: str, seen: bool) -> None:
    if pattern == "ord":
        with pytest.raises(BadPolicy):
            granted(policy, f'tables: {{allow: ["{pattern}"]}}')
        return
    grant = granted(policy, f'tables: {{allow: ["{pattern}"]}}')
    assert ("gold.orders" in grant.tables) is seen


def test_deny_beats_mask_beats_allow(policy: Loader) -> None:
    grant = granted(
        policy,
        'columns: {deny: ["customers.name"], mask: {"*.name": "\'x\'"}}\n'
        "    classification: {mask: [personal]}",
    )
    assert "name" not in grant.tables["gold.customers"].columns
    assert granted(policy, 'tables: {allow: ["hr.*"], deny: ["salaries"]}').tables == {}


def test_a_literal_mask_beats_one_with_a_star(policy: Loader) -> None:
    grant = granted(
        policy, 'columns: {mask: {"*.name": "\'star\'", "customers.name": "\'literal\'"}}'
    )
    assert grant.tables["gold.customers"].masks["name"] == "'literal'"


def test_row_filters_of_several_patterns_all_apply(policy: Loader) -> None:
    grant = granted(policy, 'rows: {"orders": "region = \'EU\'", "gold.*rders": "amount > 1"}')
    found = grant.tables["gold.orders"].row_filter
    assert found is not None
    assert "region" in found
    assert " AND " in found


@pytest.mark.parametrize("user", ["o'hara@example.org", "x' OR true --", '"; DROP TABLE x', "ü"])
def test_the_user_is_bound_as_a_literal(policy: Loader, user: str) -> None:
    grant = granted(policy, 'rows: {"orders": "region = {user} AND {role} = \'analyst\'"}', user)
    escaped = user.replace("'", "''")
    assert grant.tables["gold.orders"].row_filter == (
        f"(((region = '{escaped}') AND ('analyst' = 'analyst')))"
    )


def test_no_user_equals_nobody(policy: Loader) -> None:
    grant = granted(policy, 'rows: {"orders": "region = {user}"}')
    assert grant.tables["gold.orders"].row_filter == "((region = NULL))"


def test_equal_keys_mean_equal_sight(policy: Loader) -> None:
    loaded = policy(role('rows: {"orders": "region = {user}"}'))
    anna, omar = (loaded.grant(user=user, role=None) for user in ("anna", "omar"))
    plain = policy(role("{}"))
    assert anna.key != omar.key
    assert plain.grant(user="anna", role=None).key == plain.grant(user="omar", role=None).key


@pytest.mark.parametrize(
    ("body", "told"),
    [
        ('tables: {allow: ["gold.ordrs"]}', "Did you mean 'gold.orders'?"),
        ('tables: {deny: ["salarys"]}', "Did you mean 'salaries'?"),
        ('tables: {allow: ["a.b.c"]}', "[schema.]table"),
        ('columns: {deny: ["customers.emial"]}', "Did you mean 'customers.email'?"),
        ('columns: {deny: ["email"]}', "[schema.]table.column"),
        ('columns: {mask: {"customers.name": "upper("}}', "cannot be read"),
        ('columns: {mask: {"customers.name": "nme"}}', "'nme'"),
        ('columns: {mask: {"customers.joined": "\'x\'"}}', "the column is DATE"),
        ('columns: {mask: {"customers.name": "(SELECT 1)"}}', "pure scalar expression"),
        ('columns: {mask: {"customers.name": "max(name)"}}', "'max'"),
        ('columns: {mask: {"customers.name": "random()::VARCHAR"}}', "'random'"),
        ('columns: {mask: {"customers.name": "row_number() OVER ()"}}', "pure scalar expression"),
        ('columns: {mask: {"customers.name": "name, email"}}', "one expression"),
        ('columns: {mask: {"customers.name": "getvariable(\'x\')"}}', "'getvariable'"),
        ('rows: {"orders": "region"}', "must be a condition"),
        ('rows: {"orders": "regoin = 1"}', "'regoin'"),
        ('rows: {"orders": "region = \'{user}\'"}', "without quotes"),
        ('rows: {"orders": "region = $1"}', "{user} and {role}"),
        ('rows: {"orders": "true; DROP TABLE x"}', "one expression"),
        ('rows: {"nowhere": "true"}', "does not exist"),
        ("classification: {deny: [secret]}", "classification.deny"),
        ("tabels: {}", "tabels is not a key"),
        ("columns: {allow: []}", "allow is not a key"),
        ("tables: {allow: gold}", "tables.allow"),
    ],
)
def test_a_policy_that_does_not_hold_is_refused(policy: Loader, body: str, told: str) -> None:
    with pytest.raises(BadPolicy) as caught:
        policy(role(body))
    assert told in str(caught.value)
    assert "policy.yaml" in str(caught.value)


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("roles: {a: {}}", "default_role is missing"),
        ("default_role: a", "roles is missing"),
        ("default_role: b\nroles: {a: {}}", "'b'"),
        ("default_role: a\nroles: {a: {}}\nusers: {x: [b]}", "users.x"),
        ("default_role: a\nroles: {a: {}}\nusers: {x: a}", "users.x"),
        ("default_role: a\nroles: {a: {}}\nusers: {x: []}", "users.x has no role"),
        ("default_role: a\nroles: {a: {}}\nusers: [x]", "users"),
        ("default_role: [", "is not YAML"),
        ("- a", "must hold"),
        ("default_role: a\nroles: {a: {}}\nextra: 1", "extra is not a key"),
    ],
)
def test_a_policy_of_another_form_is_refused(policy: Loader, text: str, told: str) -> None:
    with pytest.raises(BadPolicy) as caught:
        policy(text)
    assert told in str(caught.value)


def test_a_missing_policy_is_one_sentence(tmp_path: Path) -> None:
    with pytest.raises(BadPolicy, match="there is no such file"):
        load_policy(tmp_path / "policy.yaml", CATALOGUE)


def test_a_pattern_may_match_nothing_with_a_warning(
    policy: Loader, caplog: pytest.LogCaptureFixture
) -> None:
    with caplog.at_level(logging.WARNING):
        granted(policy, 'tables: {allow: ["gold.*", "silver.*"]}')
    assert "silver.*" in caplog.text


USERS = role("{}") + 'users: {"anna": [steward, analyst], "omar": [steward]}\n'


@pytest.mark.parametrize(
    ("user", "asked", "given"),
    [
        (None, None, "analyst"),
        (None, "analyst", "analyst"),
        ("anna", None, "steward"),
        ("anna", "analyst", "analyst"),
        ("omar", None, "steward"),
        ("stranger", None, "analyst"),
    ],
)
def test_who_gets_which_role(
    policy: Loader, user: str | None, asked: str | None, given: str
) -> None:
    assert policy(USERS).grant(user=user, role=asked).role == given


@pytest.mark.parametrize(
    ("user", "asked", "error"),
    [
        (None, "steward", RoleNotAllowed),
        ("omar", "analyst", RoleNotAllowed),
        ("stranger", "steward", RoleNotAllowed),
        (None, "nobody", UnknownRole),
        ("anna", "nobody", UnknownRole),
    ],
)
def test_who_does_not_get_a_role(
    policy: Loader, user: str | None, asked: str, error: type[Exception]
) -> None:
    with pytest.raises(error):
        policy(USERS).grant(user=user, role=asked)


@pytest.mark.parametrize("user", ["omar\x00", "omar\x00 of elsewhere", "omar\n", "\u200bomar"])
def test_a_user_who_could_be_taken_for_another_gets_nothing(policy: Loader, user: str) -> None:
    with pytest.raises(RoleNotAllowed):
        granted(policy, 'rows: {"orders": "region = {user}"}', user)


def test_any_role_is_for_everybody(policy: Loader) -> None:
    loaded = policy(USERS)
    assert loaded.grant(user=None, role="steward", any_role=True).role == "steward"
    assert loaded.roles_of(None, any_role=True) == ("analyst", "steward")


def test_a_view_does_not_show_a_denied_column_under_another_name(policy: Loader) -> None:
    grant = granted(policy, 'columns: {deny: ["customers.email"]}')
    assert grant.tables["gold.mails"].columns == {"id"}
    assert "gold.second" not in grant.tables
    assert grant.tables["gold.copy"].columns == grant.tables["gold.customers"].columns


def test_a_view_does_not_show_what_is_masked_beneath_it(policy: Loader) -> None:
    grant = granted(policy, 'columns: {mask: {"gold.customers.email": "\'x\'"}}')
    assert grant.tables["gold.mails"].columns == {"id"}


def test_a_view_column_with_a_mask_of_its_own_is_shown_through_it(policy: Loader) -> None:
    grant = granted(
        policy,
        'columns: {deny: ["customers.email"], mask: {"mails.mail": "left(mail, 1)"}}',
    )
    assert set(grant.tables["gold.mails"].masks) == {"mail"}


def test_a_view_over_a_denied_table_is_hidden_unless_it_is_named(policy: Loader) -> None:
    assert "gold.pay" not in granted(policy, 'tables: {deny: ["salaries"]}').tables
    body = 'tables: {allow: ["gold.*"], deny: ["hr.*"]}'
    assert "gold.pay" not in granted(policy, body).tables
    body = 'tables: {allow: ["gold.pay"], deny: ["hr.*"]}'
    assert "gold.pay" in granted(policy, body).tables


def test_a_view_over_filtered_rows_is_hidden_unless_it_is_filtered_itself(policy: Loader) -> None:
    assert "gold.sums" not in granted(policy, 'rows: {"orders": "region = \'EU\'"}').tables
    body = 'rows: {"orders": "region = \'EU\'", "sums": "n > 5"}'
    assert "gold.sums" in granted(policy, body).tables


def test_lineage_denies_what_is_made_of_a_denied_column(policy: Loader) -> None:
    lineage = {
        "gold.orders.region": ["gold.customers.ssn"],
        "gold.orders.id": ["gold.orders.region"],
    }
    loaded = policy(role('columns: {deny: ["*.ssn"]}'), lineage=lineage)
    orders = loaded.grant(user=None, role=None).tables["gold.orders"]
    assert orders.columns.isdisjoint({"region", "id"})


def test_a_table_that_the_build_fills_shows_no_denied_column_under_another_name(
    policy: Loader,
) -> None:
    filled = replace(
        SALARIES,
        schema="gold",
        name="people",
        columns=(column("id", "BIGINT"), column("contact"), column("n", "BIGINT")),
        built_by='WITH c AS (SELECT * FROM "shop"."gold"."customers"), d AS (SELECT id,'
        " lower(email) AS e, count(*) AS n FROM c GROUP BY ALL) SELECT id, e AS contact, n FROM d",
    )
    told = replace(CATALOGUE, tables=(*CATALOGUE.tables, filled))
    body = 'columns: {deny: ["gold.customers.email"]}'
    tables = policy(role(body), told).grant(user=None, role=None).tables
    assert tables["gold.people"].columns == {"id", "n"}
    body = 'columns: {deny: ["gold.customers.email"], mask: {"people.contact": "left(contact, 1)"}}'
    tables = policy(role(body), told).grant(user=None, role=None).tables
    assert set(tables["gold.people"].masks) == {"contact"}


RICH = replace(
    CATALOGUE,
    metrics=(
        Metric(name="orders", label="Orders", tables=("gold.orders",), columns=("gold.orders.id",)),
        Metric(name="pay", label="Pay", tables=("hr.salaries",), columns=("hr.salaries.amount",)),
        Metric(
            name="mails",
            label="Mails",
            tables=("gold.customers",),
            columns=("gold.customers.email",),
        ),
        Metric(
            name="names",
            label="Names",
            tables=("gold.customers",),
            columns=("gold.customers.name",),
            dimensions=("customer__name", "customer__joined"),
        ),
        Metric(
            name="joined",
            label="Joined",
            tables=("gold.customers",),
            columns=("gold.customers.id",),
            dimensions=("customer__name", "customer__joined"),
        ),
    ),
    dimensions=(
        Dimension(
            name="customer__name", entity="customer", kind="categorical",
            table="gold.customers", column="upper(name)",
        ),
        Dimension(
            name="customer__joined", entity="customer", kind="time",
            table="gold.customers", column="joined",
        ),
    ),
    relationships=(
        Relationship(
            from_table="gold.orders", from_column="customer_id",
            to_table="gold.customers", to_column="id",
        ),
        Relationship(
            from_table="hr.salaries", from_column="id",
            to_table="gold.customers", to_column="id",
        ),
    ),
    entities=(Entity(name="order", golden="gold.orders"), Entity(name="pay", golden="hr.salaries")),
    verified=(
        VerifiedQuery(id="ok", questions=("?",), metric_query={"metrics": ["orders"]}),
        VerifiedQuery(id="pay", questions=("?",), metric_query={"metrics": ["pay"]}),
        VerifiedQuery(id="sql", questions=("?",), sql="SELECT * FROM hr.salaries"),
        VerifiedQuery(id="column", questions=("?",), sql="SELECT email FROM gold.customers"),
    ),
    exposures=(
        Exposure(name="a", kind="dashboard", tables=("gold.orders",)),
        Exposure(name="b", kind="dashboard", tables=("gold.orders", "hr.salaries")),
    ),
    checks=(
        Check(id="1", name="t", kind="test", table="gold.orders"),
        Check(id="2", name="t", kind="test", table="hr.salaries"),
        Check(id="3", name="t", kind="test", table="gold.customers", column="email"),
    ),
    results=tuple(
        CheckResult(check_id=str(n), status="fail", at=AT, failures=7) for n in (1, 2, 3)
    ),
    evidence={
        "gold.orders": Evidence(health="caution", reasons=("7 rows fail",), tests=1),
        "hr.salaries": Evidence(health="healthy"),
    },
)  # fmt: skip
HIDING = """tables: {deny: ["hr.*"]}
    columns: {deny: ["customers.email"]}
    classification: {deny: [restricted], mask: [personal]}"""


@pytest.fixture
def narrowed(policy: Loader) -> Catalogue:
    return narrow(RICH, policy(role(HIDING), RICH).grant(user=None, role=None))


def test_narrowing_leaves_out_whatever_is_hidden(narrowed: Catalogue) -> None:
    assert "hr.salaries" not in narrowed.tables_by_name
    assert [c.name for c in narrowed.table("gold.customers").columns] == [
        "id", "name", "joined", "mood",
    ]  # fmt: skip
    assert [m.name for m in narrowed.metrics] == ["orders", "joined"]
    assert [d.name for d in narrowed.dimensions] == ["customer__joined"]
    assert narrowed.metric("joined").dimensions == ("customer__joined",)
    assert [r.from_table for r in narrowed.relationships] == ["gold.orders"]
    assert [e.name for e in narrowed.entities] == ["order"]
    assert [v.id for v in narrowed.verified] == ["ok"]
    assert [e.name for e in narrowed.exposures] == ["a"]
    assert [c.id for c in narrowed.checks] == ["1"]
    assert [r.check_id for r in narrowed.results] == ["1"]
    assert set(narrowed.evidence) == {"gold.orders"}


def test_narrowing_drops_statistics_of_masked_columns(narrowed: Catalogue) -> None:
    customers = narrowed.table("gold.customers")
    name, joined, mood = (customers.column(n) for n in ("name", "joined", "mood"))
    assert name is not None
    assert joined is not None
    assert mood is not None
    assert name.profile is None
    assert joined.profile is not None
    assert mood.data_type == "VARCHAR"


def test_narrowing_drops_statistics_of_filtered_tables(policy: Loader) -> None:
    loaded = policy(role('rows: {"orders": "region = \'EU\'"}'), RICH)
    narrowed = narrow(RICH, loaded.grant(user=None, role=None))
    orders = narrowed.table("gold.orders")
    assert orders.row_count is None
    assert orders.as_of is None
    assert all(column.profile is None for column in orders.columns)
    assert narrowed.evidence["gold.orders"].reasons == ()
    assert "1" not in [result.check_id for result in narrowed.results]
    assert narrowed.table("gold.customers").row_count == 1000


def test_narrowing_keeps_reasons_that_name_no_hidden_column(policy: Loader) -> None:
    reasons = ("unique of email fails", "not_null of joined fails")
    told = replace(RICH, evidence={"gold.customers": Evidence(health="caution", reasons=reasons)})
    grant = policy(role(HIDING), told).grant(user=None, role=None)
    assert narrow(told, grant).evidence["gold.customers"].reasons == reasons[1:]


def test_narrowing_for_a_steward_keeps_everything(policy: Loader) -> None:
    grant = policy(role(HIDING), RICH).grant(user=None, role="steward", any_role=True)
    kept = narrow(RICH, grant)
    assert len(kept.tables) == len(RICH.tables)
    assert kept.metrics == RICH.metrics
    assert kept.results == RICH.results
