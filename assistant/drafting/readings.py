"""The question that asks for one reading of an ambiguous one, so that a choice can be asked."""

import re

from assistant.drafting.planner import Choice, Planner


def question_for(choice: Choice, ambiguous: str, question: str, planner: Planner) -> str:
    """Return the question with its open words replaced; empty where none reads as the choice."""
    words = r"\s+".join(re.escape(word) for word in ambiguous.split())
    label = choice.label[:1].lower() + choice.label[1:]
    reworded = re.sub(rf"\b{words}\b", lambda _: label, question, count=1, flags=re.IGNORECASE)
    scoped = f"{choice.label} in {choice.query.period.label}" if choice.query.period else ""
    for asked in (choice.question, reworded[:1].upper() + reworded[1:], scoped, choice.label):
        if asked and planner.plan(asked).query == choice.query:
            return asked
    return ""
