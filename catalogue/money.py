"""The currency of the platform as the unit of what is money and has none of its own."""

from collections.abc import Mapping
from dataclasses import replace

from catalogue.catalogue import Catalogue
from catalogue.classify.spelling import word_set, words_of
from catalogue.model import Metric, Table

_SAID = ("currency", "money")
"""Units that a declared metric may name in place of a code."""
_MONEY = word_set(
    "amount price revenue cost fee commission tax balance salary payment discount turnover sales "
    "spend profit margin income expense betrag preis umsatz kosten montant prix importe precio"
)
_OTHER = word_set("rate ratio pct percent share count quantity qty number id index score days")
_CURRENCIES = word_set("currency ccy curr waehrung waers devise moneda valuta")
_CODES = word_set("eur usd gbp chf jpy cny pln sek nok dkk czk huf cad aud inr brl")


def with_currency(catalogue: Catalogue) -> Catalogue:
    """Return the catalogue with the currency on its money metrics; without one, as it is.

    A table with a currency column, or a code in the column's name, speaks for itself.
    """
    currency = catalogue.conventions.currency
    if currency is None:
        return catalogue
    tables = catalogue.tables_by_name
    metrics = tuple(
        replace(metric, unit=currency) if _is_money(metric, tables, currency) else metric
        for metric in catalogue.metrics
    )
    return replace(catalogue, metrics=metrics)


def _is_money(metric: Metric, tables: Mapping[str, Table], currency: str) -> bool:
    if metric.governed:
        return (metric.unit or "").lower() in _SAID
    if metric.unit is not None or metric.aggregation in (None, "count", "count_distinct"):
        return False
    return len(metric.columns) == 1 and _holds_money(metric.columns[0], tables, currency)


def _holds_money(column: str, tables: Mapping[str, Table], currency: str) -> bool:
    table_name, _, name = column.rpartition(".")
    table, words = tables.get(table_name.lower()), set(words_of(name))
    if table is None or not words & _MONEY or words & _OTHER:
        return False
    foreign = words & (_CODES - {currency.lower()})
    has_own = any(_CURRENCIES & set(words_of(each.name)) for each in table.columns)
    return not foreign and (not has_own or currency.lower() in words)
