"""The Catalogue page lists what the role may see, narrowed by what is typed."""

from pathlib import Path

from streamlit.testing.v1 import AppTest

PAGE = Path(__file__).with_name("catalogue_under_test.py")


def opened() -> AppTest:
    page = AppTest.from_file(str(PAGE), default_timeout=30).run()
    assert not page.exception
    return page


def test_everything_is_listed_at_first() -> None:
    assert [header.value for header in opened().header] == ["Metrics, 6", "Tables, 1"]


def test_words_narrow_the_list() -> None:
    page = opened()
    page.text_input[0].set_value("on-time").run()
    assert [header.value for header in page.header] == ["Metrics, 1"]


def test_nothing_found_is_said() -> None:
    page = opened()
    page.text_input[0].set_value("profit").run()
    assert not page.header
    assert "Nothing here is called" in page.markdown[0].value
