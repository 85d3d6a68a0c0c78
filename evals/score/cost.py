"""What an answer cost: dollars, with calls and tokens as evidence."""

from dataclasses import asdict

from evals.record import Record, Score

NAME = "cost"


def cost(record: Record) -> Score:
    """Return dollars; 0 only where no model was called, None where its price is not known."""
    usage = record.usage
    evidence = asdict(usage)
    if not usage.calls:
        return Score(name=NAME, value=0.0, reason="no model was called", evidence=evidence)
    if usage.cost_usd is None:
        reason = f"the price of {usage.model or 'the model'} is not known"
        return Score(name=NAME, value=None, reason=reason, evidence=evidence)
    return Score(name=NAME, value=usage.cost_usd, evidence=evidence)
