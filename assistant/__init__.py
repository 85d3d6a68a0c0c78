"""Ask a data platform in plain words: the number, and why it can be believed.

Names are resolved when first used, so that `import assistant` stays cheap.
"""

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from assistant.answer import (
        Answer,
        Draft,
        Event,
        Finding,
        Receipt,
        Result,
        SafeQuery,
    )
    from assistant.assistant import Assistant
    from assistant.errors import AssistantError, QueryRejected

_HOMES = {
    "Answer": "assistant.answer",
    "Assistant": "assistant.assistant",
    "AssistantError": "assistant.errors",
    "Draft": "assistant.answer",
    "Event": "assistant.answer",
    "Finding": "assistant.answer",
    "QueryRejected": "assistant.errors",
    "Receipt": "assistant.answer",
    "Result": "assistant.answer",
    "SafeQuery": "assistant.answer",
}

__all__ = [
    "Answer",
    "Assistant",
    "AssistantError",
    "Draft",
    "Event",
    "Finding",
    "QueryRejected",
    "Receipt",
    "Result",
    "SafeQuery",
]


def __getattr__(name: str) -> Any:
    home = _HOMES.get(name)
    if home is None:
        raise AttributeError(f"module 'assistant' has no attribute {name!r}")
    return getattr(import_module(home), name)
