"""Users and a pipeline at one file for a few seconds, and the judge that tells a mix of builds."""

from pathlib import Path
from typing import Any

import pytest

from evals.performance.beside_dbt import judge, run_beside
from evals.platforms.versions import TABLES, Writer, make_platform, rows_of, writer_of


def read(*versions: int | None, missing: int = 0) -> list[tuple[Any, ...]]:
    return [
        (table, version, version, rows_of(version or 0) - missing)
        for table, version in zip(TABLES, versions, strict=True)
    ]


@pytest.mark.parametrize(
    ("rows", "kind"),
    [
        (read(3, 3, 3, 3, 3), "right"),
        (read(3, 3, 2, 3, 3), "mixed"),
        (read(3, 3, 3, 3, None), "mixed"),
        (read(3, 3, 3, 3, 3, missing=1), "wrong"),
        (read(None, None, None, None, None), "wrong"),
        (read(9, 9, 9, 9, 9), "wrong"),
        (read(3, 3, 3, 3, 3)[:4], "wrong"),
        ([("t_alpha", 2, 3, rows_of(3)), *read(3, 3, 3, 3, 3)[1:]], "mixed"),
    ],
    ids=["whole", "mixed", "an empty one", "torn", "all empty", "ahead", "lacking", "half"],
)
def test_a_mix_of_two_builds_is_told(rows: list[tuple[Any, ...]], kind: str) -> None:
    assert judge(rows, begun=4)[0] == kind


@pytest.mark.parametrize("writer", ["plain", "replace"])
def test_users_and_a_writer_do_not_meet(writer: Writer, tmp_path: Path) -> None:
    platform = make_platform(tmp_path / "p")
    write = writer_of(writer, platform, pause_s=0.05)
    diary = run_beside(platform, write, askers=4, seconds=3)
    assert diary.is_clean, str(diary)
    assert diary.finished >= 2


def test_a_file_served_live_keeps_no_writer_out(tmp_path: Path) -> None:
    platform = make_platform(tmp_path / "p", serve="live")
    write = writer_of("plain", platform, pause_s=0.05)
    diary = run_beside(platform, write, askers=4, seconds=4)
    assert diary.is_clean, str(diary)
    assert diary.finished >= 2
