"""Recorded replies: given back to the same request, and to no other."""

import json
from pathlib import Path

import pytest

from assistant.drafting.chat import ScriptedChat
from assistant.drafting.recording import Cassette, RecordingChat, ReplayingChat
from assistant.errors import BadReply, BadSettings, ModelUnreachable, NotRecorded
from assistant.ports import Message

SCHEMA: dict[str, object] = {"type": "object", "title": "reply"}
SYSTEM = Message(role="system", content="You turn one question into JSON.\nBe brief.")


def asked(question: str, system: Message = SYSTEM) -> tuple[Message, ...]:
    return (system, Message(role="user", content=question))


def recorded(path: Path, *questions: str) -> Cassette:
    cassette = Cassette(path)
    replies = [json.dumps({"to": question}) for question in questions]
    chat = RecordingChat(model=ScriptedChat(replies), cassette=cassette)
    for question in questions:
        chat.reply(asked(question), SCHEMA)
    return cassette


def test_a_replay_gives_the_reply_and_the_usage_that_were_recorded(tmp_path: Path) -> None:
    recorded(tmp_path / "c.jsonl", "How many flights?", "And in June?")
    cassette = Cassette(tmp_path / "c.jsonl")
    assert (len(cassette), cassette.models) == (2, ("scripted",))
    reply = ReplayingChat(name="scripted", cassette=cassette).reply(asked("And in June?"), SCHEMA)
    assert reply.content == '{"to": "And in June?"}'
    assert (reply.usage.calls, reply.usage.input_tokens) == (1, 100)


def test_what_is_recorded_is_not_asked_again(tmp_path: Path) -> None:
    recorded(tmp_path / "c.jsonl", "How many flights?")
    model = ScriptedChat([])
    chat = RecordingChat(model=model, cassette=Cassette(tmp_path / "c.jsonl"))
    assert chat.reply(asked("How many flights?"), SCHEMA).content
    assert model.asked == []


def test_a_bad_reply_is_replayed_and_an_unreachable_model_is_not_recorded(tmp_path: Path) -> None:
    cassette = Cassette(tmp_path / "c.jsonl")
    model = ScriptedChat([BadReply("It was cut off."), ModelUnreachable("No connection.")])
    chat = RecordingChat(model=model, cassette=cassette)
    with pytest.raises(BadReply):
        chat.reply(asked("a"), SCHEMA)
    with pytest.raises(ModelUnreachable):
        chat.reply(asked("b"), SCHEMA)
    again = ReplayingChat(name="scripted", cassette=Cassette(tmp_path / "c.jsonl"))
    with pytest.raises(BadReply, match="cut off"):
        again.reply(asked("a"), SCHEMA)
    assert len(cassette) == 1


def test_a_miss_shows_what_changed_against_the_nearest_request(tmp_path: Path) -> None:
    cassette = recorded(tmp_path / "c.jsonl", "How many flights?", "Average delay by month?")
    system = Message(role="system", content="You turn one question into JSON.\nBe thorough.")
    with pytest.raises(NotRecorded) as caught:
        ReplayingChat(name="scripted", cassette=cassette).reply(
            asked("Average delay by month?", system), SCHEMA
        )
    told = str(caught.value)
    assert "changed: message 1 (system)." in told
    assert "-Be brief." in told
    assert "+Be thorough." in told
    assert "flights" not in told


@pytest.mark.parametrize(
    ("name", "schema", "part"),
    [("another", SCHEMA, "the model"), ("scripted", {"type": "array"}, "the schema")],
)
def test_another_model_or_schema_is_another_request(
    tmp_path: Path, name: str, schema: dict[str, object], part: str
) -> None:
    cassette = recorded(tmp_path / "c.jsonl", "a")
    with pytest.raises(NotRecorded, match=f"changed: {part}"):
        ReplayingChat(name=name, cassette=cassette).reply(asked("a"), schema)


def test_an_empty_cassette_says_so(tmp_path: Path) -> None:
    chat = ReplayingChat(name="m", cassette=Cassette(tmp_path / "none.jsonl"))
    with pytest.raises(NotRecorded, match="Nothing is recorded there"):
        chat.reply(asked("a"), SCHEMA)


@pytest.mark.parametrize(
    ("change", "problem"),
    [
        ({"version": 0}, "version 0; this reads 1"),
        ({"request": {"model": "m"}}, "not a recorded reply"),
        ({"digest": "0"}, "was edited"),
    ],
)
def test_a_cassette_that_cannot_be_read_is_named_with_its_line(
    tmp_path: Path, change: dict[str, object], problem: str
) -> None:
    path = recorded(tmp_path / "c.jsonl", "a").path
    line = {**json.loads(path.read_text(encoding="utf-8")), **change}
    path.write_text(json.dumps(line) + "\n", encoding="utf-8")
    with pytest.raises(BadSettings, match=rf"c\.jsonl:1: .*{problem}.* Record it anew"):
        Cassette(path)
