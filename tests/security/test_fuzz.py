"""A few thousand mutated queries; docs/security.md records the long runs."""

from itertools import islice
from pathlib import Path

from tests.assistant.guard.shop import build
from tests.security.fuzz import Fuzzer, mutants

COUNT = 2000


def test_no_mutated_query_shows_a_canary_crashes_or_hangs(tmp_path: Path) -> None:
    fuzzer = Fuzzer(build(tmp_path))
    for sql in islice(mutants(seed=5), COUNT):
        fuzzer.run(sql)
    fuzzer.close()
    assert fuzzer.bad == []
    assert fuzzer.counts["ran"] > COUNT / 20
