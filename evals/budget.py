"""What a run may spend, and when it is spent; between cases, so that no answer is cut short."""

from collections.abc import Iterable
from dataclasses import dataclass, field

from assistant.answer import Usage
from evals.record import Record


@dataclass(frozen=True, kw_only=True)
class Budget:
    """Limits of one run, of everything in its directory; None is no limit."""

    calls: int | None = None
    tokens: int | None = None
    dollars: float | None = None
    minutes: float | None = None
    """Of this process alone: a run that goes on starts its clock anew."""


@dataclass
class Spent:
    """What the records so far have cost."""

    usage: Usage = field(default_factory=Usage)
    unpriced: str | None = None
    """A model that was called and whose price is not known."""

    def add(self, records: Iterable[Record]) -> None:
        for record in records:
            self.usage = self.usage + record.usage
            if record.usage.calls and record.usage.cost_usd is None:
                self.unpriced = record.usage.model or "the model"

    def over(self, budget: Budget, minutes: float) -> str | None:
        """Return which limit is reached, as a sentence, or None."""
        tokens = self.usage.input_tokens + self.usage.output_tokens
        if budget.dollars is not None and self.unpriced:
            return f"The price of {self.unpriced} is not known: a budget of dollars cannot be kept."
        reached = (
            (budget.calls, self.usage.calls, "calls of the model"),
            (budget.tokens, tokens, "tokens"),
            (budget.dollars, self.usage.cost_usd or 0.0, "dollars"),
            (budget.minutes, minutes, "minutes"),
        )
        for limit, used, unit in reached:
            if limit is not None and used >= limit:
                return f"The budget of {limit:g} {unit} is spent ({used:.4g} used)."
        return None
