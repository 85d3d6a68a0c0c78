"""`assistant serve` says what a sign-in lacks before it listens, and never a secret."""

from dataclasses import replace
from importlib.util import find_spec
from pathlib import Path

import pytest

from assistant.cli.server import command, refuse_unsafe
from assistant.cli.sign_in import SECRETS, lacking_sign_in, secrets_file
from assistant.errors import BadSettings
from assistant.settings import Settings

SHARED = '[auth]\nredirect_uri = "https://e.org/oauth2callback"\ncookie_secret = "s3cret"\n'
PROVIDER = 'client_id = "a"\nclient_secret = "b"\nserver_metadata_url = "https://id.e.org/m"\n'


@pytest.fixture
def root(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A platform's directory; the home and the current directory hold no secrets."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("HOME", str(tmp_path / "home"))
    return tmp_path / "platform"


def write(root: Path, text: str) -> Path:
    (root / SECRETS).parent.mkdir(parents=True)
    (root / SECRETS).write_text(text)
    return root / SECRETS


def test_without_secrets_every_key_is_named(root: Path) -> None:
    lacking = lacking_sign_in(root) or ""
    assert str(root / SECRETS) in lacking
    assert "cookie_secret" in lacking
    assert "server_metadata_url" in lacking


def test_only_missing_keys_are_named(root: Path) -> None:
    write(root, SHARED + 'client_id = "a"\n')
    lacking = lacking_sign_in(root) or ""
    assert "lacks client_secret, server_metadata_url" in lacking
    assert "s3cret" not in lacking


@pytest.mark.parametrize("text", [SHARED + PROVIDER, f"{SHARED}[auth.google]\n{PROVIDER}"])
def test_a_whole_sign_in_lacks_at_most_its_library(root: Path, text: str) -> None:
    write(root, text)
    lacking = lacking_sign_in(root)
    assert lacking is None if find_spec("authlib") else "Authlib" in (lacking or "")


def test_broken_secrets_are_an_error_without_their_text(root: Path) -> None:
    write(root, "[auth\ncookie_secret = 's3cret'")
    with pytest.raises(BadSettings) as caught:
        lacking_sign_in(root)
    assert "s3cret" not in str(caught.value)


def test_the_server_reads_the_secrets_beside_the_platform(root: Path) -> None:
    file = write(root, SHARED + PROVIDER)
    assert secrets_file(root) == file
    assert f"--secrets.files={file}" in command("127.0.0.1", 8501, secrets=file)


def test_both_needs_are_said_at_once(root: Path) -> None:
    settings = Settings(place=root, name="x", root=root, state=root, warehouse=root / "x.duckdb")
    with pytest.raises(BadSettings) as caught:
        refuse_unsafe(settings, host="0.0.0.0", any_role=False)
    assert "a policy ([access] policy in platform.toml) and a sign-in" in str(caught.value)
    with pytest.raises(BadSettings, match="needs a sign-in"):
        refuse_unsafe(
            replace(settings, policy=root / "policy.yaml"), host="0.0.0.0", any_role=False
        )
