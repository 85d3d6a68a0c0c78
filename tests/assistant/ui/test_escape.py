"""Text from data is shown as it is, never as a link, a picture or a colour."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant.ui.escape import code, escape


@given(st.text())
def test_escaping_loses_nothing_but_spaces(text: str) -> None:
    shown = re.sub(r"\\([!-/:-@\[-`{-~])", r"\1", escape(text)).replace("\u2060", "")
    assert shown.split() == text.replace("\u2060", "").split()


@given(st.text())
def test_every_mark_is_escaped(text: str) -> None:
    assert not re.search(r"(?<!\\)(?:\\\\)*[<\[\]()*_`$~]", escape(text).replace("\\\\", ""))


@pytest.mark.parametrize(
    "text",
    ["https://example.org", "www.example.org", "a@example.org", "mailto:a@example.org"],
)
def test_bare_links_are_broken(text: str) -> None:
    assert "\u2060" in escape(text)


def test_shortcodes_are_broken() -> None:
    assert ":\u2060" in escape(":material/home:").replace("\\", "")


@given(st.text(alphabet="`ab "))
def test_a_code_span_ends_where_it_should(text: str) -> None:
    span = code(text)
    flat = " ".join(text.split())
    if flat:
        fence = re.match(r"`+", span)
        assert fence is not None
        longest = max((len(run) for run in re.findall(r"`+", flat)), default=0)
        assert span.endswith("`" * (longest + 1))
