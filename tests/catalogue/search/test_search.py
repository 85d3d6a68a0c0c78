"""Search over a small shop: what is found first, why, and what a grant keeps out."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor

import pytest

from catalogue.access import Grant
from catalogue.model import Hit
from catalogue.search.search import CatalogueSearch

Grants = Callable[..., Grant]


def names(hits: list[Hit]) -> list[str]:
    return [hit.name for hit in hits]


@pytest.mark.parametrize(
    ("question", "kind", "name"),
    [
        ("turnover by country", "metric", "revenue"),
        ("columns ordered on and amount of orders", "table", "gold.fct_orders"),
        ("What do employees earn?", "table", "hr.salaries"),
        ("Who is the best customer of ours?", "query", "best-customer"),
        ("what does churn mean", "term", "churn"),
        ("how heavy are the products", "table", "gold.dim_product"),
    ],
)
def test_what_is_meant_comes_first(
    search: CatalogueSearch, grant: Grants, question: str, kind: str, name: str
) -> None:
    first = search.search(question, k=3, grant=grant())[0]

    assert (first.kind, first.name) == (kind, name)


def test_gold_stands_before_silver_before_bronze(search: CatalogueSearch, grant: Grants) -> None:
    found = names(search.search("orders", k=9, grant=grant(), kinds={"table"}))

    assert found.index("gold.fct_orders") < found.index("silver.orders")
    assert found.index("silver.orders") < found.index("bronze.orders")


def test_deprecated_stands_behind_unhealthy(search: CatalogueSearch, grant: Grants) -> None:
    hits = search.search("reason of returns", k=9, grant=grant(), kinds={"table"})

    assert names(hits)[:2] == ["gold.fct_returns", "gold.returns_old"]
    assert "unhealthy" in hits[0].why
    assert "deprecated" in hits[1].why


def test_a_joined_table_is_lifted_and_says_so(search: CatalogueSearch, grant: Grants) -> None:
    hits = search.search("amount ordered", k=6, grant=grant(), kinds={"table"})
    customer = next(hit for hit in hits if hit.name == "gold.dim_customer")

    assert "joins to gold.fct_orders" in customer.why


def test_reasons_are_in_plain_words(search: CatalogueSearch, grant: Grants) -> None:
    hit = search.search("What was our turnover?", k=1, grant=grant())[0]

    assert hit.why == ("its synonyms: turnover",) or "close in meaning" in hit.why
    assert all(reason and "_" not in reason for reason in hit.why)


def test_scores_fall_and_k_bounds(search: CatalogueSearch, grant: Grants) -> None:
    hits = search.search("revenue per customer", k=7, grant=grant())

    assert len(hits) == 7
    assert [hit.score for hit in hits] == sorted((hit.score for hit in hits), reverse=True)
    assert len(set(names(hits))) == 7


def test_kinds_limit_what_is_found(search: CatalogueSearch, grant: Grants) -> None:
    hits = search.search("revenue", k=20, grant=grant(), kinds={"metric", "term"})

    assert {hit.kind for hit in hits} == {"metric", "term"}


def test_hidden_table_is_never_found(search: CatalogueSearch, grant: Grants) -> None:
    hits = search.search("salary of employees", k=50, grant=grant("hr.salaries"))

    assert "hr.salaries" not in names(hits)
    assert "salar" not in repr(hits)


def test_hidden_column_moves_nothing_and_is_not_named(
    search: CatalogueSearch, grant: Grants
) -> None:
    question = "blood pressure"
    seen = search.search(question, k=20, grant=grant(), kinds={"table"})
    kept = search.search(question, k=20, grant=grant("hr.people.blood_pressure"), kinds={"table"})

    score = {hit.name: hit.score for hit in kept}
    assert seen[0].name == "hr.people"
    assert score["hr.people"] < seen[0].score - 2
    assert "blood" not in repr(kept)


def test_a_grant_of_nothing_finds_no_table(search: CatalogueSearch) -> None:
    hits = search.search("orders", k=5, grant=Grant(role="none", key="none"))

    assert not [hit for hit in hits if hit.kind in {"table", "metric"}]


def test_threads_find_the_same(search: CatalogueSearch, grant: Grants) -> None:
    questions = ["orders", "revenue", "salary", "churn"] * 6
    alone = [search.search(question, k=5, grant=grant()) for question in questions]

    with ThreadPoolExecutor(8) as pool:
        together = list(
            pool.map(lambda question: search.search(question, k=5, grant=grant()), questions)
        )

    assert together == alone
