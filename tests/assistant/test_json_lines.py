"""A file of JSON lines: nothing whole is lost, nothing half is read."""

from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from assistant.json_lines import BadLine, JsonLines
from tests.full_disk import full_disk


def test_what_is_appended_is_read_in_order(tmp_path: Path) -> None:
    lines = JsonLines(tmp_path / "deep" / "a.jsonl")
    assert list(lines.read()) == []
    for n in range(3):
        lines.append({"n": n, "text": "zwei\nZeilen"})
    assert [each["n"] for each in JsonLines(lines.path).read()] == [0, 1, 2]


def test_a_half_written_line_is_not_read_and_is_cut_off_by_the_next(tmp_path: Path) -> None:
    lines = JsonLines(tmp_path / "a.jsonl")
    lines.append({"n": 0})
    with lines.path.open("a", encoding="utf-8") as file:
        file.write('{"n": 1, "text": "' + "x" * 100_000)
    assert list(lines.read()) == [{"n": 0}]
    lines.append({"n": 2})
    assert list(lines.read()) == [{"n": 0}, {"n": 2}]


def test_a_full_disk_is_an_error_and_leaves_whole_lines(tmp_path: Path) -> None:
    lines = JsonLines(tmp_path / "a.jsonl")
    lines.append({"n": 0})
    with full_disk(60), pytest.raises(OSError, match="File too large"):
        lines.append({"n": 1, "text": "x" * 100})
    assert lines.path.read_bytes() == b'{"n": 0}\n'
    lines.append({"n": 2})
    assert list(lines.read()) == [{"n": 0}, {"n": 2}]


def test_threads_write_whole_lines(tmp_path: Path) -> None:
    lines = JsonLines(tmp_path / "a.jsonl")
    with ThreadPoolExecutor(4) as pool:
        list(pool.map(lambda n: lines.append({"n": n}), range(40)))
    assert sorted(each["n"] for each in lines.read()) == list(range(40))


@pytest.mark.parametrize("text", ["not json\n", "[1]\n"])
def test_a_broken_line_is_named(tmp_path: Path, text: str) -> None:
    path = tmp_path / "a.jsonl"
    path.write_text(f'{{"n": 0}}\n{text}', encoding="utf-8")
    with pytest.raises(BadLine, match=r"a\.jsonl:2: is not"):
        list(JsonLines(path).read())
