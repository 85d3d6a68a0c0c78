"""A small shop's catalogue, with a classified column, for tests of what a model is shown."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from catalogue.catalogue import Catalogue
from catalogue.model import (
    Column,
    ColumnProfile,
    Dimension,
    Metric,
    Relationship,
    Table,
    Term,
    VerifiedQuery,
)

DIMENSIONS = ("customer__country", "customer__segment", "order__channel", "customer__email")


def _profile(*values: str) -> ColumnProfile:
    return ColumnProfile(
        nulls=0, distinct=len(values), top_values=tuple((value, 10) for value in values)
    )


ORDERS = Table(
    schema="gold",
    name="fct_orders",
    description="One row per order.",
    event_time="ordered_on",
    loaded_at="loaded_at",
    primary_key=("order_id",),
    columns=(
        Column(name="order_id", data_type="BIGINT"),
        Column(name="customer_id", data_type="BIGINT"),
        Column(name="channel", data_type="VARCHAR", profile=_profile("web", "phone")),
        Column(
            name="ordered_on",
            data_type="DATE",
            profile=ColumnProfile(nulls=0, minimum="2020-01-01", maximum="2020-12-31"),
        ),
        Column(name="amount", data_type="DECIMAL(9,2)", unit="EUR", description="Paid amount."),
        Column(name="loaded_at", data_type="TIMESTAMP"),
    ),
)
CUSTOMERS = Table(
    schema="gold",
    name="dim_customer",
    description="One row per customer.",
    primary_key=("customer_id",),
    columns=(
        Column(name="customer_id", data_type="BIGINT"),
        Column(name="country", data_type="VARCHAR", profile=_profile("France", "Spain")),
        Column(name="segment", data_type="VARCHAR", profile=_profile("Retail", "Trade")),
        Column(
            name="email",
            data_type="VARCHAR",
            classification="personal",
            profile=_profile("secret@example.org"),
        ),
    ),
)
CATALOGUE = Catalogue(
    name="Shop",
    tables=(ORDERS, CUSTOMERS),
    relationships=(
        Relationship(
            from_table="gold.fct_orders",
            from_column="customer_id",
            to_table="gold.dim_customer",
            to_column="customer_id",
        ),
    ),
    metrics=(
        Metric(
            name="orders",
            label="Orders",
            description="Orders placed.",
            unit="orders",
            dimensions=DIMENSIONS,
            tables=("gold.fct_orders",),
            synonyms=("number of orders",),
        ),
        Metric(
            name="return_rate",
            label="Return rate",
            description="Returned orders divided by orders.",
            unit="share",
            better="lower",
            dimensions=DIMENSIONS,
            tables=("gold.fct_orders",),
        ),
    ),
    dimensions=(
        Dimension(
            name="customer__country",
            entity="customer",
            kind="categorical",
            table="gold.dim_customer",
            column="country",
            label="Country",
            description="Country of the customer.",
        ),
        Dimension(
            name="customer__segment",
            entity="customer",
            kind="categorical",
            table="gold.dim_customer",
            column="segment",
            label="Segment",
        ),
        Dimension(
            name="order__channel",
            entity="order",
            kind="categorical",
            table="gold.fct_orders",
            column="channel",
            label="Channel",
        ),
        Dimension(
            name="customer__email",
            entity="customer",
            kind="categorical",
            table="gold.dim_customer",
            column="email",
            label="Email",
        ),
    ),
    terms=(Term(name="trade", description="Customers that resell."),),
    verified=(
        VerifiedQuery(
            id="by-country",
            questions=("Orders by country",),
            metric_query={
                "metrics": ["orders"],
                "group_by": ["customer__country"],
                "order_by": ["-orders"],
            },
        ),
        VerifiedQuery(
            id="one-customer",
            questions=("Orders of our first customer",),
            sql="SELECT 1 FROM gold.dim_customer AS c WHERE c.email = 'first@example.org'",
        ),
    ),
)


@dataclass(frozen=True)
class FixedValues:
    """A value index of fixed values."""

    by_dimension: Mapping[str, Mapping[str, int]] = field(default_factory=dict)

    def of_dimension(self, name: str) -> Mapping[str, int]:
        """Return value -> rows."""
        return self.by_dimension.get(name, {})


VALUES = FixedValues(
    {
        "customer__country": {"France": 50, "Spain": 40, "United Kingdom": 30, "United States": 9},
        "customer__segment": {"Retail": 60, "Trade": 40},
        "order__channel": {"web": 80, "phone": 20},
        "customer__email": {"secret@example.org": 1},
    }
)
