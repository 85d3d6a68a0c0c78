"""`init`: one commented file for whatever a newcomer has, never over another."""

import re
import shutil
from pathlib import Path

import duckdb
import pytest

from assistant.cli import main
from assistant.new_platform import look_at, write_platform
from assistant.platform_file import read_platform_file
from assistant.settings import Settings
from catalogue.errors import BadFile, WarehouseUnavailable
from tests.catalogue.folders import write_folder
from tests.catalogue.platforms import make_duckdb, schema

Captured = pytest.CaptureFixture[str]
PROFILES = """
config: {send_anonymous_usage_stats: false}
tea:
  target: dev
  outputs:
    dev: {type: duckdb, path: "{{ env_var('TEA_FILE', 'tea.duckdb') }}", threads: 2}
    prod: {type: duckdb, path: prod.duckdb}
    needs: {type: duckdb, path: "{{ env_var('TEA_SECRET_PATH') }}"}
    cloud: {type: duckdb, path: "md:tea"}
    pg: {type: postgres, host: db.example.org}
    odd: {type: duckdb, path: "{{ target.name }}.duckdb"}
"""


@pytest.fixture
def project(tmp_path: Path) -> Path:
    """A dbt project of the usual form, built but not documented."""
    root = tmp_path / "tea"
    root.mkdir()
    make_duckdb(root / "tea.duckdb")
    (root / "dbt_project.yml").write_text("name: tea_shop\nprofile: tea\nmodels: {+schema: x}\n")
    (root / "profiles.yml").write_text(PROFILES)
    _write_manifest(root, database="tea")
    return root


def _write_manifest(root: Path, database: str, adapter: str = "duckdb") -> None:
    import json

    node = {"resource_type": "model", "database": database, "schema": "main", "name": "orders"}
    content = {
        "metadata": {**schema("manifest", 12), "adapter_type": adapter},
        "nodes": {"model.tea.orders": node},
    }
    (root / "target").mkdir(exist_ok=True)
    (root / "target" / "manifest.json").write_text(json.dumps(content))


def test_a_database_file_becomes_a_platform(tmp_path: Path, capsys: Captured) -> None:
    make_duckdb(tmp_path / "shop.duckdb")
    assert main(["init", str(tmp_path / "shop.duckdb"), "--dir", str(tmp_path / "here")]) == 0
    said = capsys.readouterr()
    assert said.out.strip() == str(tmp_path / "here" / "platform.toml")
    assert "Next: `assistant --platform" in said.err
    settings = Settings.open(tmp_path / "here")
    assert (settings.name, settings.warehouse.resolve()) == ("shop", tmp_path / "shop.duckdb")
    assert [path.name for path in (tmp_path / "here").iterdir()] == ["platform.toml"]


def test_a_data_folder_may_hold_its_own_platform(tmp_path: Path) -> None:
    write_folder(tmp_path, {"orders.csv": "id\n1\n"})
    write_platform(tmp_path, tmp_path, {})
    assert Settings.open(tmp_path).warehouse.resolve() == tmp_path


def test_every_commented_key_is_a_key(tmp_path: Path) -> None:
    """What stands there as an example must work when the mark before it is taken away."""
    make_duckdb(tmp_path / "shop.duckdb")
    file, _ = write_platform(tmp_path / "shop.duckdb", tmp_path, {})
    text = re.sub(r"^# (?=\w+ = |\[)", "", file.read_text(), flags=re.MULTILINE)
    file.write_text(text)
    content = read_platform_file(file)
    assert content.conventions.fiscal_year_start == 4
    assert (content.catalogue.dbt, content.access.policy) == ("target", "policy.yaml")
    assert content.model is not None


def test_nothing_is_ever_overwritten(tmp_path: Path, capsys: Captured) -> None:
    make_duckdb(tmp_path / "shop.duckdb")
    (tmp_path / "platform.toml").write_text("mine")
    assert main(["init", str(tmp_path / "shop.duckdb"), "--dir", str(tmp_path)]) == 2
    assert "never overwritten" in capsys.readouterr().err
    assert (tmp_path / "platform.toml").read_text() == "mine"


def test_a_dbt_project_gives_file_and_artifacts(project: Path) -> None:
    write_platform(project / "dbt_project.yml", project, {})
    settings = Settings.open(project)
    assert (settings.name, settings.warehouse) == ("tea shop", project / "tea.duckdb")
    assert settings.dbt == project / "target"


def test_missing_artifacts_are_named_with_their_command(project: Path) -> None:
    notes = look_at(project, {}).notes
    assert [note.partition("`")[2].partition("`")[0] for note in notes] == [
        "dbt docs generate",
        "dbt build",
    ]
    shutil.rmtree(project / "target")
    found = look_at(project, {})
    assert found.dbt is None
    assert "run `dbt parse`" in found.notes[0]


@pytest.mark.parametrize(
    ("database", "adapter", "says"),
    [
        pytest.param("prod", "duckdb", "another target (database prod, not tea)", id="target"),
        pytest.param("tea", "snowflake", "the adapter snowflake, not for DuckDB", id="adapter"),
    ],
)
def test_a_manifest_of_another_target_is_a_warning(
    project: Path, database: str, adapter: str, says: str
) -> None:
    _write_manifest(project, database, adapter)
    assert says in look_at(project, {}).notes[-1]


def test_the_environment_is_read_as_dbt_reads_it(project: Path) -> None:
    make_duckdb(project / "prod.duckdb")
    elsewhere = project / "elsewhere"
    elsewhere.mkdir()
    shutil.move(project / "profiles.yml", elsewhere / "profiles.yml")
    environ = {"DBT_PROFILES_DIR": str(elsewhere), "TEA_FILE": "prod.duckdb"}
    assert look_at(project, environ).place == project / "prod.duckdb"
    assert look_at(project, {**environ, "DBT_TARGET": "prod"}).place == project / "prod.duckdb"
    with pytest.raises(BadFile, match=r"has no profiles.yml: looked in"):
        look_at(project, {"HOME": str(project / "nobody")})


@pytest.mark.parametrize(
    ("target", "error", "says"),
    [
        ("pg", WarehouseUnavailable, "the adapter 'postgres'.*Add a target of dbt-duckdb"),
        ("cloud", WarehouseUnavailable, "'md:tea', which is no file on this machine"),
        ("prod", WarehouseUnavailable, "which does not exist yet. Run `dbt build`"),
        ("needs", BadFile, "needs the variable TEA_SECRET_PATH, which is not set"),
        ("odd", BadFile, "env_var is all that is understood"),
        ("gone", BadFile, "has no target 'gone'. Targets there: cloud, dev"),
    ],
)
def test_a_target_that_cannot_be_read_says_what_is_missing(
    project: Path, target: str, error: type[Exception], says: str
) -> None:
    with pytest.raises(error, match=says):
        write_platform(project, project, {"DBT_TARGET": target})
    assert not (project / "platform.toml").exists()


@pytest.mark.parametrize(
    ("name", "content", "code", "says"),
    [
        pytest.param(
            "x.db", b"SQLite format 3\x00" + bytes(100), 3, "is a SQLite file", id="sqlite"
        ),
        pytest.param("x.duckdb", b"garbage" * 99, 3, "is not a DuckDB file", id="garbage"),
        pytest.param("x.duckdb", b"", 3, "is empty, not a DuckDB file", id="empty"),
        pytest.param("docs/readme.txt", b"x", 3, "holds no data", id="no-data"),
        pytest.param("docs/platform.toml", b"x", 3, "holds no data", id="a-platform-already"),
    ],
)
def test_what_is_no_source_is_one_sentence_and_writes_nothing(
    tmp_path: Path, capsys: Captured, name: str, content: bytes, code: int, says: str
) -> None:
    (tmp_path / "docs").mkdir()
    (tmp_path / name).write_bytes(content)
    source = tmp_path / Path(name).parts[0]
    assert main(["init", str(source), "--dir", str(tmp_path / "out")]) == code
    assert says in capsys.readouterr().err
    assert not (tmp_path / "out").exists()


def test_a_directory_that_may_not_be_written_is_named(tmp_path: Path, capsys: Captured) -> None:
    make_duckdb(tmp_path / "shop.duckdb")
    (tmp_path / "file").write_text("")
    words = ["init", str(tmp_path / "shop.duckdb"), "--dir", str(tmp_path / "file" / "below")]
    assert main(words) == 3
    assert "Not a directory" in capsys.readouterr().err


def test_an_init_needs_no_open_of_the_file(tmp_path: Path) -> None:
    """The pipeline may be writing at this very moment."""
    make_duckdb(tmp_path / "shop.duckdb")
    with duckdb.connect(str(tmp_path / "shop.duckdb")):
        file, _ = write_platform(tmp_path / "shop.duckdb", tmp_path, {})
    assert file.is_file()
