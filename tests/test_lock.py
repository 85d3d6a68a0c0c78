"""requirements.lock: whole, hashed, naming no host, and without torch."""

import re
import tomllib
from pathlib import Path

ROOT = Path(__file__).parent.parent
LOCK = (ROOT / "requirements.lock").read_text(encoding="utf-8")
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]


def _locked() -> dict[str, str]:
    return dict(re.findall(r"^([a-z0-9._-]+)(?:\[[^]]*\])?==([^ ;\\]+)", LOCK, re.MULTILINE))


def _name(requirement: str) -> str:
    match = re.match(r"[A-Za-z0-9._-]+", requirement)
    assert match is not None
    return re.sub(r"[-_.]+", "-", match[0]).lower()


def test_every_dependency_is_pinned() -> None:
    extras = PROJECT["optional-dependencies"].values()
    wanted = [*PROJECT["dependencies"], *[name for extra in extras for name in extra]]
    assert {_name(requirement) for requirement in wanted} <= set(_locked())


def test_every_pin_has_a_hash() -> None:
    pins = re.split(r"^(?=[a-z0-9])", LOCK, flags=re.MULTILINE)[1:]
    assert all("--hash=sha256:" in pin for pin in pins)


def test_no_host_is_named() -> None:
    assert "://" not in LOCK
    assert "--index-url" not in LOCK
    assert "--find-links" not in LOCK


def test_nothing_pulls_in_torch() -> None:
    heavy = [name for name in _locked() if re.match(r"(torch|triton|nvidia|tensorflow|jax)", name)]
    assert heavy == []


def test_lower_bounds_hold_in_the_lock() -> None:
    from packaging.requirements import Requirement

    locked = _locked()
    for text in PROJECT["dependencies"]:
        requirement = Requirement(text)
        assert requirement.specifier.contains(locked[_name(text)]), text
