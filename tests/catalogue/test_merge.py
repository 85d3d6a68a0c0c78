"""Sources laid over each other: who wins, and what is said about it."""

from catalogue.merge import Merger, is_same_type, merge_entities, merge_relationships
from catalogue.model import Certification, Column, Entity, Relationship, Table

_HELD = Table(
    schema="gold",
    name="Orders",
    description="comment",
    columns=(Column(name="Id", data_type="INTEGER"), Column(name="amount", data_type="DOUBLE")),
)


def _merged(*notes: tuple[str, Table]) -> Merger:
    merger = Merger.over([_HELD])
    for source, note in notes:
        merger.lay([note], source=source)
    return merger


def _note(**changes: object) -> Table:
    return Table(schema="gold", name="orders", **changes)  # type: ignore[arg-type]


def test_the_later_source_wins_and_the_conflict_is_said() -> None:
    merger = _merged(
        ("dbt", _note(owner="Ben", layer="gold")), ("catalogue.yaml", _note(owner="Ada"))
    )
    table = merger.tables["gold.orders"]
    assert (table.full_name, table.owner, table.layer) == ("gold.Orders", "Ada", "gold")
    assert merger.conflicts == [
        "gold.Orders: dbt and catalogue.yaml give a different owner; catalogue.yaml wins."
    ]


def test_silence_does_not_win() -> None:
    merger = _merged(("dbt", _note(description="")), ("catalogue.yaml", _note()))
    assert merger.tables["gold.orders"].description == "comment"
    assert merger.conflicts == []


def test_agreement_is_no_conflict() -> None:
    assert _merged(("dbt", _note(description="comment"))).conflicts == []


def test_columns_keep_the_warehouses_order_and_type() -> None:
    note = _note(
        columns=(
            Column(name="amount", data_type="VARCHAR", description="Money."),
            Column(name="ID", data_type="int", synonyms=("key",)),
        )
    )
    merger = _merged(("dbt", note))
    key, amount = merger.tables["gold.orders"].columns
    assert (key.name, key.data_type, key.synonyms) == ("Id", "INTEGER", ("key",))
    assert (amount.data_type, amount.description) == ("DOUBLE", "Money.")
    assert merger.conflicts == [
        "gold.Orders.amount: dbt says the type is VARCHAR, the warehouse says DOUBLE; "
        "the warehouse wins."
    ]


def test_what_the_warehouse_does_not_hold_is_said_and_left_out() -> None:
    merger = _merged(
        ("dbt", _note(columns=(Column(name="gone", data_type=""),))),
        ("catalogue.yaml", Table(schema="gold", name="nowhere")),
    )
    assert list(merger.tables) == ["gold.orders"]
    assert merger.conflicts == [
        "dbt describes gold.Orders.gone, which the table does not have.",
        "catalogue.yaml describes gold.nowhere, which the warehouse does not hold.",
    ]


def test_a_certification_is_taken_over() -> None:
    said = Certification(status="verified", by="Ada")
    assert _merged(("c", _note(certification=said))).tables["gold.orders"].certification == said


def test_types_are_compared_by_meaning() -> None:
    assert is_same_type("text", "VARCHAR")
    assert is_same_type("numeric(10,2)", "DECIMAL(18,3)")
    assert is_same_type("timestamptz", "TIMESTAMP WITH TIME ZONE")
    assert not is_same_type("DATE", "TIMESTAMP")


def test_entities_merge_by_name_whatever_the_spelling() -> None:
    known = [Entity(name="weather_hour", description="An hour.", key="k", golden="gold.w")]
    notes = [Entity(name="weather hour", description="One hour."), Entity(name="pilot")]
    assert merge_entities(known, notes) == (
        Entity(name="weather hour", description="One hour.", key="k", golden="gold.w"),
        Entity(name="pilot"),
    )


def test_a_join_is_kept_once_and_a_test_is_remembered() -> None:
    tested = Relationship(
        from_table="GOLD.orders",
        from_column="id",
        to_table="gold.orders",
        to_column="AMOUNT",
        origin="tested",
    )
    declared = Relationship(
        from_table="gold.orders", from_column="ID", to_table="gold.orders", to_column="amount"
    )
    dangling = Relationship(
        from_table="gold.orders", from_column="id", to_table="gold.gone", to_column="id"
    )
    found = merge_relationships([tested, declared, dangling], {"gold.orders": _HELD})
    assert found == (
        Relationship(
            from_table="gold.Orders",
            from_column="Id",
            to_table="gold.Orders",
            to_column="amount",
            origin="tested",
        ),
    )
