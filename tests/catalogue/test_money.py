"""The platform's currency stands on money, and on nothing that says otherwise."""

import pytest

from catalogue.catalogue import Catalogue
from catalogue.model import Aggregation, Column, Conventions, Metric, Table
from catalogue.money import with_currency


def unit_of(
    column: str,
    *others: str,
    governed: bool = False,
    unit: str | None = None,
    aggregation: Aggregation | None = "sum",
    currency: str | None = "EUR",
) -> str | None:
    names = (column, *others)
    columns = tuple(Column(name=each, data_type="DECIMAL(9,2)") for each in names)
    metric = Metric(
        name="m",
        label="M",
        unit=unit,
        governed=governed,
        aggregation=aggregation,
        columns=(f"main.sales.{column}",),
    )
    catalogue = Catalogue(
        name="shop",
        tables=(Table(schema="main", name="sales", columns=columns),),
        metrics=(metric,),
        conventions=Conventions(currency=currency),
    )
    return with_currency(catalogue).metrics[0].unit


@pytest.mark.parametrize(
    ("column", "unit"),
    [("net_amount", "EUR"), ("sbTxCommission", "EUR"), ("net_amount_eur", "EUR"),
     ("amount_usd", None), ("tax_rate", None), ("quantity", None), ("discount_pct", None)],
)  # fmt: skip
def test_an_inferred_metric_of_money_has_the_currency(column: str, unit: str | None) -> None:
    assert unit_of(column) == unit


def test_what_speaks_for_itself_is_left_alone() -> None:
    assert unit_of("amount", "currency_code") is None, "the table has many currencies"
    assert unit_of("amount_eur", "currency_code") == "EUR"
    assert unit_of("amount", aggregation="count") is None
    assert unit_of("amount", unit="points") == "points"
    assert unit_of("amount", governed=True) is None, "people declared it without a unit"
    assert unit_of("amount", governed=True, unit="currency") == "EUR"
    assert unit_of("amount", currency=None) is None
