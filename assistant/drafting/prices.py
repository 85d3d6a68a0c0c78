"""What a chat model's tokens cost, from the dated table in `prices.toml`; None where unknown."""

import re
import tomllib
from dataclasses import dataclass
from functools import cache
from pathlib import Path

_TABLE = Path(__file__).with_name("prices.toml")
_DATED = re.compile(r"-(?:20\d{6}|20\d\d-\d\d-\d\d|latest)$")
_MILLION = 1_000_000


@dataclass(frozen=True, kw_only=True)
class Price:
    """US dollars per million tokens."""

    input: float
    output: float
    cached_input: float | None = None

    def of(self, *, input_tokens: int, output_tokens: int, cached_tokens: int = 0) -> float:
        """Return the cost in US dollars; `cached_tokens` are part of `input_tokens`."""
        cached_price = self.input if self.cached_input is None else self.cached_input
        fresh = max(input_tokens - cached_tokens, 0)
        dollars = fresh * self.input + cached_tokens * cached_price + output_tokens * self.output
        return dollars / _MILLION


def price_of(provider: str, model: str) -> Price | None:
    """Return the list price of a model, a dated release like its family, or None."""
    listed = _prices().get(provider, {})
    return listed.get(model) or listed.get(_DATED.sub("", model))


@cache
def _prices() -> dict[str, dict[str, Price]]:
    table = tomllib.loads(_TABLE.read_text(encoding="utf-8"))
    return {
        provider: {model: Price(**price) for model, price in models.items()}
        for provider, models in table.items()
        if isinstance(models, dict)
    }
