"""A file that people write keeps what they wrote, whatever is added to it."""

import subprocess
import tempfile
from pathlib import Path
from typing import Any

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from catalogue.errors import BadFile
from catalogue.writers.yaml_file import YamlFile, put_early

OURS = """\
# What we know, kept by the data team.
terms:
    on-time: "Arrives less than 15 minutes late."   # the airport's rule

tables:
    gold.orders:     # the golden one
        owner: 'ops@example.org'
        columns: {region: {description: "Where it went."}}
joins: [{from: a.b, to: c.d}]
"""
LISTS = """\
version: 2

models:
- name: orders
  # agreed in March
  columns:
  - name: id
    tests:
    - unique
"""


def _file(directory: Path, text: str) -> YamlFile:
    (directory / "catalogue.yaml").write_text(text)
    return YamlFile(directory / "catalogue.yaml")


def file_lines(text: str) -> list[str]:
    """Lines with single spaces inside: what stands at the end of a line may move."""
    return [
        f"{len(line) - len(line.lstrip())} {' '.join(line.split())}" for line in text.splitlines()
    ]


def test_an_untouched_file_stays_as_it_is_to_the_letter(tmp_path: Path) -> None:
    file = _file(tmp_path, LISTS)
    file.save()
    assert file.path.read_text() == LISTS
    assert file.patch() == ""


def test_comments_order_and_quotes_stay_when_something_is_added(tmp_path: Path) -> None:
    file = _file(tmp_path, OURS)
    file.section("tables", "GOLD.ORDERS", "columns", "amount")["unit"] = "EUR"
    file.save()
    text = file.path.read_text()
    for kept in ("kept by the data team", "# the airport's rule", "# the golden one", "'ops@ex"):
        assert kept in text
    read = yaml.safe_load(text)
    assert read["tables"]["gold.orders"]["columns"]["amount"] == {"unit": "EUR"}
    assert list(read) == ["terms", "tables", "joins"]
    lost = [line for line in file_lines(OURS) if line not in file_lines(text)]
    assert [line.split()[1] for line in lost] == ["columns:"]


def test_a_file_that_is_not_there_yet_is_made(tmp_path: Path) -> None:
    file = YamlFile(tmp_path / "new" / "catalogue.yaml")
    file.section("terms")["profit"] = "What is left."
    assert file.patch("catalogue.yaml").startswith("--- /dev/null\n+++ b/catalogue.yaml\n")
    file.save()
    assert yaml.safe_load(file.path.read_text()) == {"terms": {"profit": "What is left."}}


@pytest.mark.parametrize("text", [OURS, LISTS, "# only a comment\n", ""])
def test_a_patch_applies_with_git(tmp_path: Path, text: str) -> None:
    file = _file(tmp_path, text)
    file.section("terms")["profit"] = "What is left."
    (tmp_path / "change.patch").write_text(file.patch())
    subprocess.run(["git", "apply", "change.patch"], cwd=tmp_path, check=True, capture_output=True)
    assert file.path.read_text() == file.text()


@pytest.mark.parametrize(
    "text", ["- a list\n", "a: [1\n", "a: 1\na: 2\n"], ids=["list", "cut", "twice"]
)
def test_a_file_of_another_kind_is_named_and_left(tmp_path: Path, text: str) -> None:
    with pytest.raises(BadFile, match=r"catalogue\.yaml: is not"):
        _file(tmp_path, text)
    assert (tmp_path / "catalogue.yaml").read_text() == text


def test_a_file_that_cannot_be_written_stays(tmp_path: Path) -> None:
    file = YamlFile(tmp_path / "taken" / "catalogue.yaml")
    (tmp_path / "taken").write_text("a file where a directory should be")
    file.section("terms")["a"] = "b"
    with pytest.raises(BadFile, match="cannot be written"):
        file.save()


_TEXTS = st.text(max_size=8).filter(str.isprintable)
_KEYS = _TEXTS.filter(bool)
_TREES = st.recursive(
    st.none() | st.booleans() | st.integers() | _TEXTS,
    lambda inner: st.dictionaries(_KEYS, inner, max_size=3) | st.lists(inner, max_size=3),
    max_leaves=8,
)


def _with(content: Any, keys: list[str], value: str) -> Any:
    """Return plain content with the value put below the keys, compared without case."""
    if not keys:
        return value
    held = dict(content or {})
    key = next((each for each in held if str(each).lower() == keys[0].lower()), keys[0])
    held[key] = _with(held.get(key), keys[1:], value)
    return held


@given(
    content=st.dictionaries(_KEYS, _TREES, max_size=4),
    keys=st.lists(_KEYS, min_size=1, max_size=3),
    value=_TEXTS,
    is_flow=st.sampled_from([None, False, True]),
)
def test_any_file_holds_the_old_content_and_what_was_put_in(
    content: dict[str, object], keys: list[str], value: str, is_flow: bool | None
) -> None:
    text = yaml.safe_dump(content, default_flow_style=is_flow, sort_keys=False, allow_unicode=True)
    with tempfile.TemporaryDirectory() as place:
        try:
            file = _file(Path(place), text)
            put_early(file.section(*keys), "description", value)
        except BadFile:
            return
        assert yaml.safe_load(file.text()) == _with(content, [*keys, "description"], value)
