"""Text from data, from a model or from the catalogue never becomes a link, a picture or a tag.

Every text of an answer and of a catalogue is poisoned; nothing that the pages hand on as Markdown
may hold the poison in a form that is interpreted.
"""

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass, fields, is_dataclass, replace
from typing import Any

import pytest
from streamlit.testing.v1 import AppTest

from assistant.answer import Answer, Clarification, Option, Refusal
from catalogue.model import Column, ColumnProfile, Evidence
from tests.assistant.present.samples import CATALOGUE, FLIGHTS, query, rows
from tests.assistant.ui import test_ask, test_catalogue_page
from tests.assistant.ui.fakes import FakeAssistant, answered

POISON = (
    "<img src=x onerror=alert(1)> ![p](http://evil.example/p.png) [l](http://evil.example) "
    ":red[r] :material/home: $x$ `c` https://evil.example"
)
_CODE = re.compile(r"(?<!`)(`+)(?!`)(.*?)(?<!`)\1(?!`)", re.DOTALL)
_LIVE = re.compile(r"(?<!\\)(?:<img|\[p\]|\[l\]|\[r\]|\$x|:material/)|https?:")
_KEPT = {
    "kind", "health", "level", "code", "band", "certification", "id", "conversation", "status",
    "sent_to_model", "as_of", "loaded_at", "sql", "timezone", "week_start", "currency", "schema",
    "data_type", "better", "grain", "classification", "question",
}  # fmt: skip


def poisoned(value: Any) -> Any:
    """Return a record whose every free text is the poison."""
    if isinstance(value, str):
        return POISON
    if isinstance(value, tuple | list):
        return type(value)(poisoned(item) for item in value)
    if isinstance(value, dict):
        return {key: poisoned(item) for key, item in value.items()}
    if is_dataclass(value) and not isinstance(value, type):
        named = {each.name: getattr(value, each.name) for each in fields(value)}
        return replace(
            value, **{key: poisoned(each) for key, each in named.items() if key not in _KEPT}
        )
    return value


@dataclass
class Hostile(FakeAssistant):
    """Answers with nothing but poison."""

    def _answer(self, question: str) -> Answer:
        result = rows({f"a {POISON}": [POISON, "b"], f"n {POISON}": [1.5, 2.5], "day": ["x", "y"]})
        given = answered(question, query("on_time_rate"), result, None)
        answer = replace(
            given,
            receipt=poisoned(replace(given.receipt, masked=("m",), lineage=("a <- b, c",))),
            text=POISON,
            headline=POISON,
            drafted_sql=POISON,
        )
        if "refuse" in question:
            refusal = poisoned(Refusal(reason="r", missing=("m",), suggestions=("s",), contact="c"))
            return replace(answer, kind="refused", refusal=refusal, result=None, chart=None)
        if "clarify" in question:
            options = (Option(label=POISON, question=POISON, value=POISON),)
            back = Clarification(question=POISON, options=options)
            return replace(answer, kind="clarify", clarification=back, result=None, chart=None)
        return answer

    def follow_ups(self, answer: Answer, **_: Any) -> tuple[str, ...]:
        return (POISON,)


def handed_on(page: AppTest) -> Iterator[str]:
    """Yield every text that the browser reads as Markdown."""
    for kind in ("markdown", "caption", "header", "subheader", "title", "success", "warning"):
        yield from (str(getattr(element, "value", "")) for element in page.get(kind))
    for kind in ("expander", "button", "expandable", "tab", "link_button", "page_link"):
        yield from (str(getattr(element, "label", "")) for element in page.get(kind))
    for table in page.dataframe:
        for column in json.loads(table.proto.columns or "{}").values():
            yield str(column.get("help") or "")


def live(page: AppTest) -> list[str]:
    """Return what of it would be interpreted; a code span shows its text as it is."""
    return [text for text in handed_on(page) if _LIVE.search(_CODE.sub("", text))]


def test_the_check_knows_live_markdown_from_dead() -> None:
    assert _LIVE.search(_CODE.sub("", POISON))
    assert not _LIVE.search(_CODE.sub("", f"``` {POISON} ```"))


@pytest.mark.parametrize("question", ["show", "refuse", "clarify", POISON])
def test_no_answer_makes_the_page_interpret_its_text(question: str) -> None:
    page = test_ask.ask(test_ask.opened(Hostile()), question)
    seen = list(handed_on(page))
    assert any("evil" in text for text in seen)
    assert live(page) == []


def test_no_catalogue_makes_the_page_interpret_its_text() -> None:
    column = Column(
        name=POISON,
        data_type="VARCHAR",
        description=POISON,
        label=POISON,
        profile=ColumnProfile(nulls=1, distinct=1, top_values=((POISON, 3),)),
    )
    table = replace(
        FLIGHTS,
        description=POISON,
        owner=POISON,
        domain=POISON,
        columns=(column,),
        upstream=(POISON,),
    )
    metrics = tuple(
        replace(each, label=POISON, description=POISON, owner=POISON, synonyms=(POISON,))
        for each in CATALOGUE.metrics
    )
    evidence = {table.full_name: Evidence(health="unhealthy", reasons=(POISON,))}
    shown = replace(CATALOGUE, tables=(table,), metrics=metrics, evidence=evidence)
    for place in ({}, {"table": table.full_name}, {"metric": metrics[0].name}):
        page = test_catalogue_page.opened(place, FakeAssistant(catalogue_shown=shown))
        assert any("evil" in text for text in handed_on(page))
        assert live(page) == []
