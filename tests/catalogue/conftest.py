"""The demo platform's catalogue, built once per test session without the search index."""

from datetime import date

import pytest

from catalogue.builder import Built, build
from catalogue.model import Conventions
from catalogue.sources import Sources
from tests.demo import demo_directory


@pytest.fixture(scope="session")
def demo_sources(tmp_path_factory: pytest.TempPathFactory) -> Sources:
    """The demo platform's sources, with a state of this test run."""
    root = demo_directory()
    return Sources(
        name="NYC flights",
        root=root,
        state=tmp_path_factory.mktemp("state"),
        warehouse=root / "nyc.duckdb",
        dbt=root / "target",
        overlay=root / "catalogue.yaml",
        verified=root / "verified",
        as_of=date(2013, 12, 31),
        conventions=Conventions(timezone="America/New_York", currency="USD"),
    )


@pytest.fixture(scope="session")
def demo(demo_sources: Sources) -> Built:
    """The demo platform's build."""
    return build(demo_sources, index=lambda directory, catalogue, progress: None)
