"""catalogue.yaml: what it says, and how it is refused."""

from datetime import date
from pathlib import Path

import pytest

from catalogue.errors import BadFile
from catalogue.model import Certification, Entity, Relationship, Term
from catalogue.readers.overlay import Overlay, read_overlay

_WHOLE = """
entities: {customer: {description: "Who buys.", key: customer_id, golden: gold.customer}}
tables:
  gold.orders:
    description: "One row per order."
    layer: gold
    domain: sales
    owner: sales@example.org
    certification: {status: verified, by: "Ada", on: 2026-11-01, expires: 2027-11-01}
    columns: {customer_id: {description: "Buyer.", synonyms: [buyer], classification: public}}
joins: [{from: gold.orders.customer_id, to: gold.customer.customer_id, many_to: one}]
terms: {on-time: "Arrives early enough."}
synonyms: {metric.revenue: [turnover, takings]}
"""


def _read(directory: Path, text: str) -> Overlay:
    path = directory / "catalogue.yaml"
    path.write_text(text, encoding="utf-8")
    return read_overlay(path)


def test_every_contracted_key_is_read(tmp_path: Path) -> None:
    overlay = _read(tmp_path, _WHOLE)
    (table,) = overlay.table_notes()
    assert (table.full_name, table.layer, table.domain) == ("gold.orders", "gold", "sales")
    assert table.certification == Certification(
        status="verified", by="Ada", on=date(2026, 11, 1), expires=date(2027, 11, 1)
    )
    assert table.columns[0].synonyms == ("buyer",)
    assert table.columns[0].classification == "public"
    assert overlay.entity_notes() == (
        Entity(name="customer", description="Who buys.", key="customer_id", golden="gold.customer"),
    )
    assert overlay.relationships() == (
        Relationship(
            from_table="gold.orders",
            from_column="customer_id",
            to_table="gold.customer",
            to_column="customer_id",
        ),
    )
    assert overlay.glossary() == (Term(name="on-time", description="Arrives early enough."),)
    assert overlay.synonyms_of("metric") == {"revenue": ("turnover", "takings")}
    assert overlay.synonyms_of("table") == {}


def test_an_empty_file_says_nothing(tmp_path: Path) -> None:
    assert _read(tmp_path, "") == Overlay()


def test_words_that_yaml_takes_for_truth_stay_words(tmp_path: Path) -> None:
    overlay = _read(tmp_path, "terms: {on: yes, off: no}\nsynonyms: {entity.y: [n, on]}")
    assert [(term.name, term.description) for term in overlay.glossary()] == [
        ("on", "yes"),
        ("off", "no"),
    ]
    assert overlay.synonyms_of("entity") == {"y": ("n", "on")}


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ("tabels: {}", "unknown key 'tabels'. Did you mean 'tables'?"),
        ("tables: {gold.orders: {ownr: x}}", "unknown key 'tables.gold.orders.ownr'. Did you"),
        ("tables: {orders: {owner: x}}", "should match pattern"),
        ("tables: {a.b: {certification: {by: x}}}", "'tables.a.b.certification.status' is missing"),
        ("tables: {a.b: {certification: {status: good}}}", "input should be 'none', 'draft'"),
        ("tables: {a.b: {columns: {c: {classification: secret}}}}", "input should be 'public'"),
        ("joins: [{from: a.b, to: c.d.e}]", "should match pattern"),
        ("joins: [{to: c.d.e}]", "'joins.0.from' is missing"),
        ("synonyms: {revenue: [x]}", "must be a kind and a name"),
        ("synonyms: {metrics.revenue: [x]}", "kinds are metric, dimension"),
        ("terms: {a: b", "is not YAML as expected at line"),
        ("terms: {a: 1}\nterms: {b: 2}", "the key 'terms' stands twice"),
        ("- a\n- b", "must be a mapping"),
        ("terms: !!python/object/apply:os.system ['true']", "is not YAML as expected"),
    ],
)
def test_a_mistake_is_named(tmp_path: Path, text: str, problem: str) -> None:
    with pytest.raises(BadFile) as caught:
        _read(tmp_path, text)
    assert problem in str(caught.value)
    assert str(caught.value).startswith(str(tmp_path / "catalogue.yaml"))
    assert "\n" not in str(caught.value)


def test_a_file_that_is_not_there_or_not_text_is_named(tmp_path: Path) -> None:
    with pytest.raises(BadFile, match="does not exist"):
        read_overlay(tmp_path / "catalogue.yaml")
    (tmp_path / "catalogue.yaml").write_bytes(b"\xff\xfe\x00")
    with pytest.raises(BadFile, match="is not"):
        read_overlay(tmp_path / "catalogue.yaml")
