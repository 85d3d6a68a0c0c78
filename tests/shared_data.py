"""Where public data sets lie that the repository does not carry: beside the checkout, or named."""

import os
from pathlib import Path

import pytest

VARIABLE = "ASSISTANT_BENCH_DATA"
_BESIDE = Path(__file__).parents[2] / "shared" / "data"


def shared_data(*parts: str) -> Path:
    """Return a place in the shared data, or skip the test where it is not on this machine."""
    place = Path(os.environ.get(VARIABLE) or _BESIDE).joinpath(*parts)
    if not place.exists():
        pytest.skip(f"{'/'.join(parts)} is not on this machine; {VARIABLE} names the data's place")
    return place
