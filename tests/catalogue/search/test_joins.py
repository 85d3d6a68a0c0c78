"""The join graph: neighbours, shortest ways, and trees that connect several tables."""

from catalogue.model import Relationship
from catalogue.search.joins import JoinGraph


def edge(left: str, right: str) -> Relationship:
    return Relationship(from_table=left, from_column="id", to_table=right, to_column="id")


LINES_ORDERS = edge("shop.lines", "shop.orders")
ORDERS_CUSTOMERS = edge("shop.orders", "shop.customers")
LINES_PRODUCTS = edge("shop.lines", "shop.products")
PRODUCTS_SUPPLIERS = edge("shop.products", "shop.suppliers")
SELF = edge("shop.customers", "shop.customers")
GRAPH = JoinGraph([LINES_ORDERS, ORDERS_CUSTOMERS, LINES_PRODUCTS, PRODUCTS_SUPPLIERS, SELF])


def test_neighbours_are_found_in_both_directions_and_without_case() -> None:
    assert GRAPH.neighbours("Shop.Orders") == {"shop.lines", "shop.customers"}
    assert GRAPH.neighbours("shop.customers") == {"shop.orders"}
    assert GRAPH.neighbours("elsewhere.t") == frozenset()


def test_path_is_the_shortest_way() -> None:
    assert GRAPH.path("shop.customers", "shop.products") == (
        ORDERS_CUSTOMERS,
        LINES_ORDERS,
        LINES_PRODUCTS,
    )
    assert GRAPH.path("shop.lines", "shop.lines") == ()
    assert GRAPH.path("shop.lines", "elsewhere.t") is None


def test_connect_joins_every_table_once() -> None:
    tables = ["shop.customers", "shop.suppliers", "shop.orders", "elsewhere.t"]

    assert GRAPH.connect(tables) == (
        ORDERS_CUSTOMERS,
        LINES_ORDERS,
        LINES_PRODUCTS,
        PRODUCTS_SUPPLIERS,
    )


def test_connect_goes_on_after_a_table_that_cannot_be_reached() -> None:
    assert GRAPH.connect(["elsewhere.t", "shop.orders", "shop.lines"]) == (LINES_ORDERS,)
    assert GRAPH.connect([]) == ()
