"""The chat model's client against a real HTTP server on loopback, and the scripted double."""

import json
import time
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from threading import Thread

import pytest

from assistant.drafting.chat import LangChainChat, ScriptedChat
from assistant.drafting.endpoint import endpoint
from assistant.drafting.model_errors import explain, retry_after_s
from assistant.drafting.prices import Price, price_of
from assistant.errors import (
    BadReply,
    BadSettings,
    Cancelled,
    ModelBusy,
    ModelError,
    ModelFailed,
    ModelRefusedKey,
    ModelUnreachable,
)
from assistant.ports import ChatModel, Message
from tests.assistant.drafting.chat_server import Canned, chat_server, completion, wait_until

ASKED = (
    Message(role="system", content="Reply in JSON."),
    Message(role="user", content="How many flights?"),
)
SCHEMA: dict[str, object] = {
    "title": "answer",
    "description": "An answer.",
    "type": "object",
    "properties": {"n": {"type": "integer"}, "why": {"type": "string", "maxLength": 40}},
    "required": ["n", "why"],
    "additionalProperties": False,
}
GOOD = Canned(body=completion('{"n": 3, "why": "counted"}'))
SECRET = "sk-very-secret-4711"

MakeChat = Callable[..., LangChainChat]


@pytest.fixture
def make_chat() -> Iterator[MakeChat]:
    made: list[LangChainChat] = []

    def make(url: str, timeout_s: float = 20, retries: int = 0) -> LangChainChat:
        made.append(LangChainChat("openai:tiny", url, timeout_s=timeout_s, retries=retries))
        return made[-1]

    yield make
    for chat in made:
        chat.close()


def test_reply_carries_json_and_counts_tokens(make_chat: MakeChat) -> None:
    with chat_server(GOOD) as server:
        reply = make_chat(server.url).reply(ASKED, SCHEMA)
    assert json.loads(reply.content) == {"n": 3, "why": "counted"}
    assert (reply.usage.calls, reply.usage.input_tokens, reply.usage.output_tokens) == (1, 120, 7)
    assert reply.usage.model == "openai:tiny"
    assert reply.usage.cost_usd is None


def test_the_request_holds_the_messages_and_the_schema_and_nothing_else(
    make_chat: MakeChat,
) -> None:
    with chat_server(GOOD) as server:
        make_chat(server.url).reply(ASKED, SCHEMA)
        (body,) = server.bodies
    assert body["messages"] == [{"role": m.role, "content": m.content} for m in ASKED]
    sent_format = body["response_format"]
    assert isinstance(sent_format, dict)
    assert sent_format["type"] == "json_schema"
    assert sent_format["json_schema"]["schema"]["properties"] == SCHEMA["properties"]
    assert body["temperature"] == 0
    assert set(body) <= {
        "messages",
        "model",
        "response_format",
        "temperature",
        "max_completion_tokens",
        "max_tokens",
        "stream",
    }


def test_a_server_that_counts_nothing_is_still_counted_as_a_call(make_chat: MakeChat) -> None:
    with chat_server(Canned(body=completion('{"n": 3, "why": ""}', usage=None))) as server:
        usage = make_chat(server.url).reply(ASKED, SCHEMA).usage
    assert (usage.calls, usage.input_tokens, usage.cost_usd) == (1, 0, None)


@pytest.mark.parametrize(
    ("answer", "expected", "words"),
    [
        pytest.param(Canned(status=401, body=b"{}"), ModelRefusedKey, "HTTP 401", id="401"),
        pytest.param(Canned(status=403, body=b"{}"), ModelRefusedKey, "HTTP 403", id="403"),
        pytest.param(Canned(status=429, body=b"{}"), ModelBusy, "rate limit", id="429"),
        pytest.param(Canned(status=500, body=b"{}"), ModelFailed, "HTTP 500", id="500"),
        pytest.param(Canned(status=503, body=b"<html>"), ModelFailed, "HTTP 503", id="503"),
        pytest.param(Canned(status=404, body=b"{}"), ModelFailed, "base_url", id="404"),
        pytest.param(Canned(body=b"<html>no</html>"), BadReply, "malformed", id="not json"),
        pytest.param(Canned(body=b"{}"), BadReply, "malformed", id="no choices"),
        pytest.param(Canned(body=b'{"choices": []}'), BadReply, "malformed", id="none chosen"),
        pytest.param(Canned(body=b"[]"), BadReply, "malformed", id="a list"),
        pytest.param(Canned(body=completion('{"n": 3,')), BadReply, "malformed", id="half json"),
        pytest.param(Canned(body=completion("Hello")), BadReply, "malformed", id="prose"),
        pytest.param(Canned(body=completion("[1]")), BadReply, "malformed", id="not an object"),
        pytest.param(Canned(body=completion("")), BadReply, "empty", id="empty"),
        pytest.param(Canned(body=completion(" \n")), BadReply, "empty", id="blank"),
        pytest.param(Canned(body=completion("{}")), BadReply, "empty", id="empty object"),
        pytest.param(Canned(body=completion(None)), BadReply, "empty", id="null"),
        pytest.param(Canned(body=b""), BadReply, "malformed", id="no body"),
        pytest.param(
            Canned(body=completion('{"n": 3, "wh', finish_reason="length")),
            BadReply,
            "cut off",
            id="cut off",
        ),
        pytest.param(
            Canned(body=completion("", finish_reason="content_filter")),
            BadReply,
            "declined",
            id="filtered",
        ),
    ],
)
def test_each_failure_is_one_sentence_with_model_and_address(
    answer: Canned,
    expected: type[ModelError],
    words: str,
    make_chat: MakeChat,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("OPENAI_API_KEY", SECRET)
    with chat_server(answer) as server:
        chat = make_chat(server.url)
        with pytest.raises(expected, match=words) as caught:
            chat.reply(ASKED, SCHEMA)
        assert server.keys == [f"Bearer {SECRET}"]
        assert str(caught.value).startswith(f"The model tiny at {server.address} ")
    assert type(caught.value) is expected
    assert SECRET not in f"{caught.value} {chat!r}"
    assert "\n" not in str(caught.value)


def test_quota_is_told_apart_and_not_tried_again(make_chat: MakeChat) -> None:
    body = b'{"error": {"code": "insufficient_quota", "message": "pay"}}'
    with chat_server(Canned(status=429, body=body)) as server:
        with pytest.raises(ModelBusy, match="no quota left"):
            make_chat(server.url, retries=2).reply(ASKED, SCHEMA)
        assert len(server.bodies) == 1


@pytest.mark.parametrize("status", [429, 500, 503])
def test_temporary_failures_are_tried_again(status: int, make_chat: MakeChat) -> None:
    failing = Canned(status=status, body=b"{}", headers={"retry-after": "0.3"})
    with chat_server(failing, failing, GOOD) as server:
        began = time.monotonic()
        reply = make_chat(server.url, retries=2).reply(ASKED, SCHEMA)
        assert time.monotonic() - began >= 0.6
        assert len(server.bodies) == 3
    assert reply.usage.calls == 1


def test_tries_are_bounded(make_chat: MakeChat) -> None:
    with chat_server(Canned(status=500, body=b"{}", headers={"retry-after": "0"})) as server:
        with pytest.raises(ModelFailed):
            make_chat(server.url, retries=2).reply(ASKED, SCHEMA)
        assert len(server.bodies) == 3


def test_a_wait_beyond_the_time_allowed_is_told_at_once(make_chat: MakeChat) -> None:
    busy = Canned(status=429, body=b"{}", headers={"retry-after": "3600"})
    with chat_server(busy) as server:
        began = time.monotonic()
        with pytest.raises(ModelBusy, match="asks to wait 3600 s"):
            make_chat(server.url, retries=2).reply(ASKED, SCHEMA)
        assert time.monotonic() - began < 15
        assert len(server.bodies) == 1


def test_an_unreachable_port_is_one_sentence(make_chat: MakeChat) -> None:
    with chat_server(GOOD) as server:
        gone = server.url
    with pytest.raises(ModelUnreachable, match=r"at 127\.0\.0\.1:\d+ cannot be reached"):
        make_chat(gone).reply(ASKED, SCHEMA)


@pytest.mark.parametrize(
    "answer",
    [
        pytest.param(Canned(before_s=30, body=GOOD.body), id="silent"),
        pytest.param(Canned(drip_s=0.05, body=GOOD.body), id="dripping"),
    ],
)
def test_a_model_that_takes_too_long_is_given_up(answer: Canned, make_chat: MakeChat) -> None:
    with chat_server(GOOD, answer) as server:
        chat = make_chat(server.url, timeout_s=0.7)
        chat.reply(ASKED, SCHEMA)
        began = time.monotonic()
        with pytest.raises(ModelUnreachable, match=r"did not answer within 0\.7 s\. The question"):
            chat.reply(ASKED, SCHEMA)
        assert time.monotonic() - began < 1.5


@pytest.mark.parametrize(
    "answer",
    [
        pytest.param(Canned(drip_s=0.05, body=GOOD.body), id="slow stream"),
        pytest.param(
            Canned(status=429, body=b"{}", headers={"retry-after": "9"}), id="between tries"
        ),
    ],
)
def test_stopping_a_question_is_quick(answer: Canned, make_chat: MakeChat) -> None:
    with chat_server(GOOD, answer) as server:
        chat = make_chat(server.url, retries=2)
        chat.reply(ASKED, SCHEMA)
        server.asked.clear()
        stopped_at: list[float] = []

        def stop() -> bool:
            if server.asked.is_set() and not stopped_at:
                time.sleep(0.2)
                stopped_at.append(time.monotonic())
            return bool(stopped_at)

        with pytest.raises(Cancelled):
            chat.reply(ASKED, SCHEMA, stop=stop)
        assert time.monotonic() - stopped_at[0] < 0.2
        if answer.drip_s:
            assert wait_until(server.hung_up.is_set), "the server never saw the caller leave"


def test_several_questions_at_once_do_not_wait_for_each_other(make_chat: MakeChat) -> None:
    with chat_server(Canned(body=GOOD.body, before_s=0.5)) as server:
        chat = make_chat(server.url)
        chat.reply(ASKED, SCHEMA)
        threads = [Thread(target=chat.reply, args=(ASKED, SCHEMA)) for _ in range(6)]
        began = time.monotonic()
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        assert time.monotonic() - began < 2.0
        assert len(server.bodies) == 7


def test_a_model_on_this_machine_needs_no_key(make_chat: MakeChat) -> None:
    with chat_server(GOOD) as server:
        make_chat(server.url).reply(ASKED, SCHEMA)
        assert server.keys == ["Bearer local"]


def test_a_proxy_of_the_environment_is_not_used_on_this_machine(
    make_chat: MakeChat, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("HTTP_PROXY", "http_proxy", "ALL_PROXY", "all_proxy"):
        monkeypatch.setenv(name, "http://127.0.0.1:9")
    with chat_server(GOOD) as server:
        make_chat(server.url).reply(ASKED, SCHEMA)


def test_a_closed_chat_can_be_asked_again(make_chat: MakeChat) -> None:
    with chat_server(GOOD) as server:
        chat = make_chat(server.url)
        chat.reply(ASKED, SCHEMA)
        chat.close()
        chat.reply(ASKED, SCHEMA)
        assert len(server.bodies) == 2


@pytest.mark.parametrize(
    ("name", "variable"),
    [("openai:gpt-5.2", "OPENAI_API_KEY"), ("anthropic:claude-sonnet-4-5", "ANTHROPIC_API_KEY")],
)
def test_a_missing_key_names_its_variable(name: str, variable: str) -> None:
    with pytest.raises(ModelRefusedKey, match=f"set the environment variable {variable}"):
        LangChainChat(name).reply(ASKED, SCHEMA)


def test_a_provider_without_its_package_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("MISTRAL_API_KEY", SECRET)
    with pytest.raises(BadSettings, match="package langchain-mistralai, which") as caught:
        LangChainChat("mistralai:large").reply(ASKED, SCHEMA)
    assert SECRET not in str(caught.value)


def test_a_provider_that_nobody_knows_is_named() -> None:
    with pytest.raises(BadSettings, match="acme:large"):
        LangChainChat("acme:large").reply(ASKED, SCHEMA)


@pytest.mark.parametrize("name", ["", "llama", "openai:", ":", " "])
def test_a_name_that_names_no_provider_is_refused(name: str) -> None:
    with pytest.raises(BadSettings, match="provider:model"):
        LangChainChat(name)


@pytest.mark.parametrize("url", ["127.0.0.1:8080", "ftp://x/v1", "http://", "http://h:x/v1"])
def test_an_address_that_is_none_is_refused(url: str) -> None:
    with pytest.raises(BadSettings, match="base_url"):
        LangChainChat("tiny", url)


@pytest.mark.parametrize(
    ("name", "url", "label"),
    [
        ("openai:gpt-5.2", None, "The model gpt-5.2 at openai"),
        ("gpt-5.2", None, "The model gpt-5.2 at openai"),
        ("claude-x", None, "The model claude-x at anthropic"),
        ("qwen:1.5b", "http://localhost:1/v1", "The model qwen:1.5b at localhost:1"),
        ("tiny", "http://me:pw@[::1]:8080/v1", "The model tiny at [::1]:8080"),
    ],
)
def test_a_model_is_called_by_name_and_address(name: str, url: str | None, label: str) -> None:
    assert endpoint(name, url).label == label


@pytest.mark.parametrize(
    ("headers", "seconds"),
    [({"retry-after": "2"}, 2.0), ({"retry-after-ms": "1500"}, 1.5), ({}, None)],
)
def test_retry_after_is_read_as_seconds(headers: dict[str, str], seconds: float | None) -> None:
    assert retry_after_s(headers) == seconds


def test_retry_after_is_read_as_a_date() -> None:
    later = format_datetime(datetime.now(UTC) + timedelta(seconds=30), usegmt=True)
    assert retry_after_s({"retry-after": later}) == pytest.approx(30, abs=2)
    assert retry_after_s({"retry-after": "soon"}) is None


def test_an_unknown_exception_is_named_by_its_kind_only() -> None:
    class Odd(Exception):
        pass

    failure = explain(Odd(SECRET), endpoint("openai:gpt-5.2"))
    assert type(failure.error) is ModelFailed
    assert "Odd" in str(failure.error)
    assert SECRET not in str(failure.error)


def test_prices_count_cached_tokens_apart() -> None:
    price = Price(input=2.0, output=8.0, cached_input=0.5)
    assert price.of(
        input_tokens=1_000_000, output_tokens=500_000, cached_tokens=400_000
    ) == pytest.approx(1.2 + 0.2 + 4.0)


def test_a_dated_release_costs_what_its_family_costs() -> None:
    assert price_of("openai", "gpt-5.2-2026-01-15") == price_of("openai", "gpt-5.2")
    assert price_of("openai", "unheard-of") is None


def test_the_scripted_chat_replies_in_turn_and_remembers() -> None:
    chat: ChatModel = ScriptedChat([{"n": 1}, '{"n": 2}', ModelBusy("busy")])
    assert json.loads(chat.reply(ASKED, SCHEMA).content) == {"n": 1}
    assert chat.reply(ASKED, SCHEMA).content == '{"n": 2}'
    with pytest.raises(ModelBusy):
        chat.reply(ASKED, SCHEMA)
    with pytest.raises(BadReply, match="no reply left"):
        chat.reply(ASKED, SCHEMA)
    assert isinstance(chat, ScriptedChat)
    assert chat.asked == [ASKED] * 4
