"""A small shop with people's salaries, indexed once."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from catalogue.access import Grant, TableGrant
from catalogue.catalogue import Catalogue
from catalogue.embeddings import MiniLM
from catalogue.model import (
    Certification,
    Column,
    Entity,
    Evidence,
    Metric,
    Relationship,
    Table,
    Term,
    VerifiedQuery,
)
from catalogue.search.index import build_index
from catalogue.search.search import CatalogueSearch


def table(name: str, *columns: str, **more: object) -> Table:
    schema, _, bare = name.partition(".")
    described = tuple(Column(name=column, data_type="VARCHAR") for column in columns)
    return Table(schema=schema, name=bare, columns=described, **more)  # type: ignore[arg-type]


CATALOGUE = Catalogue(
    name="shop",
    tables=(
        table("gold.fct_orders", "order_id", "customer_id", "ordered_on", "amount", layer="gold"),
        table("silver.orders", "order_id", "customer_id", "ordered_on", "amount", layer="silver"),
        table("bronze.orders", "order_id", "customer_id", "ordered_on", "amount", layer="bronze"),
        table("gold.dim_customer", "customer_id", "name", "country", layer="gold"),
        table("gold.dim_product", "product_id", "title", "weight", layer="gold"),
        table("gold.fct_returns", "return_id", "order_id", "reason", layer="gold"),
        table(
            "gold.returns_old",
            "return_id",
            "order_id",
            "reason",
            layer="gold",
            certification=Certification(status="deprecated"),
        ),
        table("hr.salaries", "employee", "salary", "bonus", description="Pay of every employee."),
        table("hr.people", "employee", "hobby", "blood_pressure"),
    ),
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
            name="revenue",
            label="Revenue",
            description="Sum of order amounts.",
            synonyms=("turnover", "sales"),
            tables=("gold.fct_orders",),
            columns=("gold.fct_orders.amount",),
        ),
        Metric(name="returns", label="Returned orders", tables=("gold.fct_returns",)),
    ),
    entities=(Entity(name="customer", description="Who buys.", golden="gold.dim_customer"),),
    terms=(Term(name="churn", description="A customer who has not bought for a year."),),
    verified=(
        VerifiedQuery(
            id="best-customer",
            questions=("Who is our best customer?",),
            sql="SELECT name FROM gold.dim_customer",
        ),
    ),
    evidence={"gold.fct_returns": Evidence(health="unhealthy")},
)


def grant_of(*hidden: str) -> Grant:
    """Return a grant of everything but these tables and columns."""
    return Grant(
        role="-".join(hidden) or "all",
        key="-".join(hidden) or "all",
        tables={
            each.full_name: TableGrant(
                columns=frozenset(
                    column.name
                    for column in each.columns
                    if f"{each.full_name}.{column.name}" not in hidden
                )
            )
            for each in CATALOGUE.tables
            if each.full_name not in hidden
        },
    )


@pytest.fixture(scope="session")
def embedder() -> MiniLM:
    return MiniLM()


@pytest.fixture(scope="session")
def built(tmp_path_factory: pytest.TempPathFactory, embedder: MiniLM) -> Path:
    directory = tmp_path_factory.mktemp("index")
    build_index(directory, CATALOGUE, embedder)
    return directory


@pytest.fixture(scope="session")
def search(built: Path, embedder: MiniLM) -> Iterator[CatalogueSearch]:
    found = CatalogueSearch(built, CATALOGUE, embedder)
    yield found
    found.close()


@pytest.fixture
def grant() -> Callable[..., Grant]:
    return grant_of
