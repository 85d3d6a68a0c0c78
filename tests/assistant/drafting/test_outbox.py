"""Nothing leaves for a model that was not written down first."""

import json

import pytest

from assistant.drafting.chat import ScriptedChat
from assistant.drafting.outbox import Outbox
from assistant.ports import Message

MESSAGES = (Message(role="system", content="Be exact."), Message(role="user", content="Zoë?"))
FORM: dict[str, object] = {"type": "object", "title": "Zoë"}
REPLY = '{"reply": {"action": "refuse", "reason": "no", "missing": []}}'


def test_messages_and_form_are_kept_word_for_word_before_the_model_is_asked() -> None:
    chat = ScriptedChat([REPLY])
    kept: list[tuple[str, ...]] = []

    def keep(texts: tuple[str, ...]) -> None:
        assert not chat.asked
        kept.append(texts)

    Outbox(model=chat, keep=keep).reply(MESSAGES, FORM)
    assert len(chat.asked) == 1
    ((*contents, form),) = kept
    assert contents == ["Be exact.", "Zoë?"]
    assert json.loads(form) == FORM
    assert "Zoë" in form


def test_where_it_cannot_be_kept_nothing_leaves() -> None:
    chat = ScriptedChat([REPLY])

    def keep(_: tuple[str, ...]) -> None:
        raise OSError("No space left on device")

    with pytest.raises(OSError, match="No space"):
        Outbox(model=chat, keep=keep).reply(MESSAGES, FORM)
    assert not chat.asked
