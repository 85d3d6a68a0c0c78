"""Settings: what platform.toml may say, where a platform is looked for, what a mistake is told."""

from datetime import date
from pathlib import Path

import pytest

from assistant.errors import AssistantError, BadSettings, PlatformNotFound
from assistant.settings import Settings, find_platform
from catalogue.errors import WarehouseUnavailable
from catalogue.model import Conventions

FULL = """
[platform]
name = "NYC flights"
timezone = "America/New_York"
as_of = 2013-12-31
[conventions]
fiscal_year_start = 4
week_start = "sunday"
currency = "USD"
[warehouse]
engine = "duckdb"
path = "nyc.duckdb"
serve = "live"
[catalogue]
dbt = "target"
overlay = "catalogue.yaml"
verified = "verified"
[model]
name = "openai:gpt-5.2"
base_url = "http://127.0.0.1:8080/v1"
send = "samples"
[limits]
timeout_s = 12.5
memory = "512MB"
rows = 50
hold_s = 2
[access]
policy = "policy.yaml"
"""
LEAST = '[warehouse]\npath = "nyc.duckdb"\n'


@pytest.fixture
def platform(tmp_path: Path) -> Path:
    """A directory that holds every file a platform.toml may name."""
    for name in ("nyc.duckdb", "catalogue.yaml", "policy.yaml"):
        (tmp_path / name).touch()
    (tmp_path / "verified").mkdir()
    (tmp_path / "platform.toml").write_text(LEAST)
    return tmp_path


def test_every_contracted_key_is_read(platform: Path) -> None:
    (platform / "platform.toml").write_text(FULL)
    settings = Settings.open(platform)
    assert settings.name == "NYC flights"
    assert settings.today() == date(2013, 12, 31)
    assert settings.conventions == Conventions(
        fiscal_year_start=4, week_start="sunday", currency="USD", timezone="America/New_York"
    )
    assert settings.serve == "live"
    assert settings.dbt == platform / "target"
    assert settings.overlay == platform / "catalogue.yaml"
    assert settings.verified == platform / "verified"
    assert settings.policy == platform / "policy.yaml"
    assert settings.model is not None
    assert settings.model.name == "openai:gpt-5.2"
    assert settings.model.base_url == "http://127.0.0.1:8080/v1"
    assert settings.model.send == "samples"
    assert settings.limits.timeout_s == 12.5
    assert settings.limits.memory_bytes == 512_000_000
    assert settings.limits.rows == 50


def test_defaults_are_the_contracted_ones(platform: Path) -> None:
    settings = Settings.open(platform)
    assert settings.name == platform.name
    assert settings.timezone == "UTC"
    assert settings.serve == "snapshot"
    assert settings.model is None
    assert settings.policy is None
    assert settings.state == platform / ".assistant"
    assert (settings.limits.timeout_s, settings.limits.rows) == (30, 10_000)
    assert settings.limits.memory_bytes == 2_000_000_000


def test_the_file_itself_names_its_platform(platform: Path) -> None:
    assert Settings.open(platform / "platform.toml") == Settings.open(platform)


def test_a_bare_database_keeps_its_state_in_the_users_cache(tmp_path: Path) -> None:
    database = tmp_path / "sales.duckdb"
    database.touch()
    settings = Settings.open(database, environ={"XDG_CACHE_HOME": str(tmp_path / "cache")})
    assert settings.name == "sales"
    assert settings.state.is_relative_to(tmp_path / "cache" / "data-platform-assistant")
    assert not settings.state.exists()


def test_a_bare_data_folder_keeps_its_state_in_the_users_cache(tmp_path: Path) -> None:
    (tmp_path / "sales" / "crm").mkdir(parents=True)
    (tmp_path / "sales" / "crm" / "customers.csv").write_text("id\n1\n")
    environ = {"XDG_CACHE_HOME": str(tmp_path / "cache")}
    settings = Settings.open(tmp_path / "sales", environ=environ)
    assert (settings.name, settings.serve) == ("sales", "snapshot")
    assert settings.warehouse == tmp_path / "sales"
    assert settings.state.is_relative_to(tmp_path / "cache" / "data-platform-assistant")


def test_a_data_folder_is_named_in_platform_toml(platform: Path) -> None:
    (platform / "data").mkdir()
    (platform / "platform.toml").write_text('[warehouse]\nfiles = "data/"\n')
    settings = Settings.open(platform)
    assert settings.warehouse == platform / "data"
    assert settings.state == platform / ".assistant"


def test_sources_carry_what_the_catalogue_reads(platform: Path) -> None:
    (platform / "platform.toml").write_text(FULL)
    sources = Settings.open(platform).sources()
    assert sources.warehouse == platform / "nyc.duckdb"
    assert sources.as_of == date(2013, 12, 31)
    assert sources.state == platform / ".assistant"


@pytest.mark.parametrize(
    ("content", "error", "says"),
    [
        pytest.param(
            '[warehouse]\npth = "a"', BadSettings, "`warehouse.pth`. Did you mean `path`?", id="key"
        ),
        pytest.param(
            LEAST + "[limitz]", BadSettings, "`limitz`. Did you mean `limits`?", id="section"
        ),
        pytest.param(
            LEAST + '[model]\nname="a:b"\nsnd=1', BadSettings, "`model.snd`", id="model-key"
        ),
        pytest.param(
            LEAST + "[access]\nzzz = 1", BadSettings, "Known here: policy.", id="far-off-key"
        ),
        pytest.param("[warehouse", BadSettings, "not valid TOML", id="not-toml"),
        pytest.param("[platform]", BadSettings, "`warehouse` is missing", id="no-warehouse"),
        pytest.param("[warehouse]", BadSettings, "`warehouse.path` is missing", id="no-path"),
        pytest.param(
            '[warehouse]\nfiles = "data/"', WarehouseUnavailable, "no folder", id="data-folder"
        ),
        pytest.param(
            '[warehouse]\nfiles = "a"\npath = "b"', BadSettings, "both set; keep one", id="both"
        ),
        pytest.param(
            '[warehouse]\nfiles = "a"\nserve = "live"', BadSettings, "not read live", id="live"
        ),
        pytest.param(
            '[warehouse]\nengine = "oracle"\npath = "a"',
            BadSettings,
            "`warehouse.engine` should be 'duckdb', not 'oracle'",
            id="engine",
        ),
        pytest.param(
            LEAST + '[limits]\nrows = "ten"',
            BadSettings,
            "`limits.rows` should be a valid integer, not 'ten'",
            id="type",
        ),
        pytest.param(
            LEAST + '[limits]\nmemory = "lots"', BadSettings, "a size such as", id="memory"
        ),
        pytest.param(LEAST + '[limits]\nmemory = "1KB"', BadSettings, "at least", id="too-little"),
        pytest.param(
            LEAST + '[platform]\ntimezone = "Mars"', BadSettings, "a time zone such as", id="zone"
        ),
        pytest.param(
            LEAST + '[platform]\nas_of = "yesterday"',
            BadSettings,
            "`platform.as_of` should be a valid date",
            id="as-of",
        ),
        pytest.param(
            LEAST + '[model]\nname = "gpt"', BadSettings, "should be provider:model", id="model"
        ),
        pytest.param(
            LEAST + '[access]\npolicy = "none.yaml"', BadSettings, "`access.policy`", id="policy"
        ),
        pytest.param(
            '[warehouse]\npath = "gone.duckdb"',
            WarehouseUnavailable,
            "there is no file",
            id="no-file",
        ),
    ],
)
def test_a_mistake_is_told_in_one_sentence_with_its_key_and_file(
    platform: Path, content: str, error: type[Exception], says: str
) -> None:
    file = platform / "platform.toml"
    file.write_text(content)
    with pytest.raises(error) as caught:
        Settings.open(platform)
    assert says in str(caught.value)
    assert str(file) in str(caught.value)
    assert "\n" not in str(caught.value)


def test_a_key_in_an_address_is_refused_and_never_echoed(platform: Path) -> None:
    secret = '[model]\nname = "openai:m"\nbase_url = "http://me:s3cret@host/v1"'
    (platform / "platform.toml").write_text(LEAST + secret)
    with pytest.raises(BadSettings, match="environment only") as caught:
        Settings.open(platform)
    assert "s3cret" not in str(caught.value)


@pytest.mark.parametrize("name", ["nowhere", "notes.txt", "empty", "data"])
def test_what_is_no_platform_says_so(tmp_path: Path, name: str) -> None:
    (tmp_path / "notes.txt").touch()
    (tmp_path / "empty").mkdir()
    (tmp_path / "data").mkdir()
    (tmp_path / "data" / "sales.xlsx").touch()
    with pytest.raises(PlatformNotFound) as caught:
        Settings.open(tmp_path / name)
    assert str(tmp_path / name) in str(caught.value)
    assert caught.value.exit_code == 3


def test_search_prefers_the_flag_then_the_variable_then_the_nearest_file(platform: Path) -> None:
    below = platform / "a" / "b"
    below.mkdir(parents=True)
    environ = {"ASSISTANT_PLATFORM": "/from/environment"}
    assert find_platform("/named", environ=environ, start=below) == Path("/named")
    assert find_platform(environ=environ, start=below) == Path("/from/environment")
    assert find_platform(environ={}, start=below) == platform


def test_search_ends_at_the_demo_and_says_so(platform: Path, tmp_path: Path) -> None:
    (platform / "platform.toml").unlink()
    demo = tmp_path / ".assistant" / "demo"
    demo.mkdir(parents=True)
    (demo / "platform.toml").write_text(LEAST)
    said: list[str] = []
    assert find_platform(environ={}, start=tmp_path, say=said.append) == demo
    assert said == ["Using the demo platform in .assistant/demo."]


def test_search_without_any_platform_names_the_way_out(tmp_path: Path) -> None:
    with pytest.raises(AssistantError, match="`assistant demo` builds one"):
        find_platform(environ={}, start=tmp_path)
