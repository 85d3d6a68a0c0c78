"""The docs mention every command, every option and every setting, and link to what is there."""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
import yaml
from typer import Typer
from typer.main import get_command

from assistant.cli import app
from assistant.platform_file import ModelSection, PlatformFile, read_platform_file
from evals.cli import app as evals_app

ROOT = Path(__file__).parent.parent
DOCS = sorted([*ROOT.glob("*.md"), *(ROOT / "docs").glob("*.md")])


def _settings() -> Iterator[tuple[str, str]]:
    for section, field in PlatformFile.model_fields.items():
        keys = getattr(field.annotation, "model_fields", ModelSection.model_fields)
        yield from ((section, key) for key in keys)


def _blocks(document: Path, language: str) -> list[str]:
    text = document.read_text(encoding="utf-8")
    return re.findall(rf"^```{language}\n(.*?)^```", text, re.MULTILINE | re.DOTALL)


@pytest.mark.parametrize(("section", "key"), list(_settings()))
def test_every_setting_is_documented(section: str, key: str) -> None:
    assert f"| `{section}.{key}` |" in (ROOT / "docs/platform.md").read_text(encoding="utf-8")


def test_no_setting_is_documented_that_does_not_exist() -> None:
    text = (ROOT / "docs/platform.md").read_text(encoding="utf-8")
    documented = re.findall(r"^\| `(\w+)\.(\w+)` \|", text, re.MULTILINE)
    assert set(documented) == set(_settings())


@pytest.mark.parametrize(
    ("program", "document"),
    [(app, "docs/command-line.md"), (evals_app, "docs/evals.md")],
    ids=["assistant", "evals"],
)
def test_every_command_and_option_is_documented(program: Typer, document: str) -> None:
    text = (ROOT / document).read_text(encoding="utf-8")
    commands = vars(get_command(program))["commands"]
    for name, command in commands.items():
        below = getattr(command, "commands", {})
        leaves = {f"{name} {sub}": leaf for sub, leaf in below.items()} or {name: command}
        for path, leaf in leaves.items():
            assert f"| `{path}" in text
            for parameter in (p for p in leaf.params if p.param_type_name == "option"):
                assert any(
                    option in text for option in (*parameter.opts, *parameter.secondary_opts)
                ), (path, parameter.opts)


def test_the_documented_platform_files_are_accepted(tmp_path: Path) -> None:
    document = ROOT / "docs/platform.md"
    for block in _blocks(document, "toml"):
        (tmp_path / "platform.toml").write_text(block)
        read_platform_file(tmp_path / "platform.toml")
    assert all(yaml.safe_load(block) for block in _blocks(document, "yaml"))


@pytest.mark.parametrize("document", DOCS, ids=lambda path: path.name)
def test_every_link_leads_somewhere(document: Path) -> None:
    links = re.findall(r"\]\((?!https?://)([^)#]+)", document.read_text(encoding="utf-8"))
    missing = [link for link in links if not (document.parent / link).exists()]
    assert missing == []
