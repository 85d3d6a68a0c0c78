"""The shop, built once."""

from collections.abc import Iterator

import pytest

from tests.assistant.guard.shop import Shop, build


@pytest.fixture(scope="session")
def shop(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Shop]:
    built = build(tmp_path_factory.mktemp("shop"))
    yield built
    built.whole.close()
    built.seen.close()
