"""The chat model behind the port: LangChain, asked for JSON of a schema, and a scripted double.

Calls run on one background event loop: cancelling a call closes its connection, so that the
server stops too. LangChain and its providers are imported by the first call, not before.
"""

import asyncio
import json
import os
import re
import threading
from collections.abc import Mapping, Sequence
from concurrent.futures import wait
from functools import cached_property
from typing import TYPE_CHECKING, Any

from assistant.answer import Usage
from assistant.drafting.background import start
from assistant.drafting.endpoint import Endpoint, endpoint
from assistant.drafting.model_errors import (
    cut_off,
    declined,
    empty,
    explain,
    malformed,
    timed_out,
)
from assistant.drafting.prices import price_of
from assistant.errors import BadReply, BadSettings, Cancelled, ModelError
from assistant.ports import Message, Reply, Stop, never_stops

if TYPE_CHECKING:
    from langchain_core.language_models import BaseChatModel
    from langchain_core.messages import AIMessage

MODEL_TIMEOUT_S = 60.0
"""For one reply, retries and waits included."""
MAX_OUTPUT_TOKENS = 4_000
POLL_S = 0.05
_BACKOFF_S = 0.5
_CLOSING_S = 5
_CUT_OFF = frozenset({"length", "max_tokens", "MAX_TOKENS"})
_BOUNDS = ("maxLength", "minLength", "maxItems", "minItems")


class LangChainChat:
    """A chat model named as LangChain names it, or any OpenAI-compatible server.

    `name` is `provider:model`; at a `base_url` a bare model name will do. Keys come from the
    environment when the model is first asked. Raises BadSettings for a name it cannot place.
    """

    def __init__(
        self,
        name: str,
        base_url: str | None = None,
        *,
        timeout_s: float = MODEL_TIMEOUT_S,
        retries: int = 2,
        max_output_tokens: int = MAX_OUTPUT_TOKENS,
    ) -> None:
        self._name = name
        self._endpoint = endpoint(name, base_url)
        self._timeout_s = timeout_s
        self._retries = retries
        self._max_output_tokens = max_output_tokens
        self._building = threading.Lock()
        self._http: Any = None

    def __repr__(self) -> str:
        return f"LangChainChat({self._name!r} at {self._endpoint.address})"

    @property
    def name(self) -> str:
        return self._name

    @property
    def address(self) -> str:
        """Host and port, or the provider."""
        return self._endpoint.address

    def reply(
        self,
        messages: Sequence[Message],
        schema: dict[str, object],
        *,
        stop: Stop = never_stops,
    ) -> Reply:
        """Answer with JSON of `schema`, or raise a ModelError, BadSettings or Cancelled."""
        call = start(self._reply(messages, schema))
        try:
            while not wait([call], timeout=POLL_S).done:
                if stop():
                    raise Cancelled("The question was stopped.")
        finally:
            call.cancel()
        raw = call.result()
        return Reply(content=self._content(raw), usage=self._usage(raw))

    def close(self) -> None:
        """Close idle connections; the model can still be asked afterwards."""
        with self._building:
            http, self._http = self._http, None
            self.__dict__.pop("_model", None)
        if http is not None:
            start(http.aclose()).result(timeout=_CLOSING_S)

    async def _reply(self, messages: Sequence[Message], schema: dict[str, object]) -> "AIMessage":
        model = await asyncio.to_thread(self._built)
        wanted = schema if self._endpoint.base_url else _without_bounds(schema)
        strict = {"strict": True} if self._endpoint.provider == "openai" else {}
        try:
            structured = model.with_structured_output(
                wanted, method="json_schema", include_raw=True, **strict
            )
        except (NotImplementedError, TypeError, ValueError) as error:
            raise BadSettings(
                f"{self._endpoint.label} cannot reply by JSON schema; "
                "choose another under [model] in platform.toml."
            ) from error
        prompt = [(message.role, message.content) for message in messages]
        deadline = asyncio.get_running_loop().time() + self._timeout_s
        for attempt in range(self._retries + 1):
            try:
                return await self._attempt(structured, prompt, deadline)
            except _TryAgain as failed:
                pause = failed.wait_s if failed.wait_s is not None else _BACKOFF_S * 2**attempt
                resumes = asyncio.get_running_loop().time() + pause
                if attempt == self._retries or resumes >= deadline:
                    raise failed.error from failed.__cause__
                await asyncio.sleep(pause)
        raise AssertionError("the last attempt returns or raises")

    async def _attempt(self, structured: Any, prompt: object, deadline: float) -> "AIMessage":
        from langsmith import tracing_context

        try:
            # A tracing variable in the environment would send the prompt to a third party.
            with tracing_context(enabled=False):
                async with asyncio.timeout_at(deadline):
                    raw: AIMessage = (await structured.ainvoke(prompt))["raw"]
                    return raw
        except TimeoutError as error:
            raise timed_out(self._endpoint, self._timeout_s) from error
        except Exception as error:  # every provider has its own tree; `explain` names what it was
            failure = explain(error, self._endpoint)
            if failure.is_temporary:
                raise _TryAgain(failure.error, failure.retry_after_s) from error
            raise failure.error from error

    def _built(self) -> "BaseChatModel":
        with self._building:
            return self._model

    @cached_property
    def _model(self) -> "BaseChatModel":
        at = self._endpoint
        options: dict[str, Any] = {
            "timeout": self._timeout_s,
            "max_retries": 0,
            "max_tokens": self._max_output_tokens,
        }
        if not at.model.startswith(("o1", "o3", "o4")):
            options["temperature"] = 0
        if key := at.key(os.environ):
            options["api_key"] = key
        if at.base_url:
            options["base_url"] = at.base_url
        return self._openai(options) if at.provider == "openai" else _by_provider(at, options)

    def _openai(self, options: dict[str, Any]) -> "BaseChatModel":
        from langchain_openai import ChatOpenAI
        from openai import DefaultAsyncHttpxClient

        # A proxy of the environment must not stand between us and a model on this machine.
        self._http = DefaultAsyncHttpxClient(trust_env=not self._endpoint.is_loopback)
        return ChatOpenAI(
            model=self._endpoint.model, http_async_client=self._http, cache=False, **options
        )

    def _content(self, raw: "AIMessage") -> str:
        metadata: Mapping[str, Any] = raw.response_metadata
        if {metadata.get("finish_reason"), metadata.get("stop_reason")} & _CUT_OFF:
            raise cut_off(self._endpoint)
        if raw.additional_kwargs.get("refusal"):
            raise declined(self._endpoint)
        # LangChain's own parser mends half a reply in silence: read the text itself.
        text = raw.text.strip() or (json.dumps(raw.tool_calls[0]["args"]) if raw.tool_calls else "")
        try:
            parsed = json.loads(text) if text else {}
        except ValueError as error:
            raise malformed(self._endpoint) from error
        if not parsed:
            raise empty(self._endpoint)
        if not isinstance(parsed, dict):
            raise malformed(self._endpoint)
        return text

    def _usage(self, raw: "AIMessage") -> Usage:
        counted = raw.usage_metadata
        if counted is None:
            return Usage(model=self._name, calls=1)
        spent = {
            "input_tokens": counted["input_tokens"],
            "output_tokens": counted["output_tokens"],
        }
        # Behind another address the same name may cost anything, or nothing.
        is_listed = self._endpoint.base_url is None
        price = price_of(self._endpoint.provider, self._endpoint.model) if is_listed else None
        cached = counted.get("input_token_details", {}).get("cache_read", 0)
        cost = price.of(**spent, cached_tokens=cached) if price else None
        return Usage(model=self._name, calls=1, cost_usd=cost, **spent)


class ScriptedChat:
    """A chat model that gives prepared replies in turn and keeps what it was asked.

    A reply is JSON text, a mapping, or an exception to raise.
    """

    def __init__(
        self,
        replies: Sequence[str | Mapping[str, object] | Exception],
        *,
        name: str = "scripted",
        tokens: tuple[int, int] = (100, 10),
    ) -> None:
        self._replies = list(replies)
        self._name = name
        self._tokens = tokens
        self.asked: list[tuple[Message, ...]] = []
        """The messages of every call, in order."""

    @property
    def name(self) -> str:
        return self._name

    def reply(
        self,
        messages: Sequence[Message],
        schema: dict[str, object],
        *,
        stop: Stop = never_stops,
    ) -> Reply:
        """Give the next reply; running out of replies is a BadReply."""
        if stop():
            raise Cancelled("The question was stopped.")
        self.asked.append(tuple(messages))
        if not self._replies:
            raise BadReply("The scripted model has no reply left.")
        prepared = self._replies.pop(0)
        if isinstance(prepared, Exception):
            raise prepared
        content = prepared if isinstance(prepared, str) else json.dumps(prepared)
        usage = Usage(
            model=self._name,
            calls=1,
            input_tokens=self._tokens[0],
            output_tokens=self._tokens[1],
        )
        return Reply(content=content, usage=usage)


class _TryAgain(Exception):
    """An attempt failed in a way that may pass."""

    def __init__(self, error: ModelError, wait_s: float | None) -> None:
        super().__init__(str(error))
        self.error = error
        self.wait_s = wait_s


def _by_provider(at: Endpoint, options: dict[str, Any]) -> "BaseChatModel":
    from langchain.chat_models import init_chat_model

    try:
        model: BaseChatModel = init_chat_model(at.model, model_provider=at.provider, **options)
        return model
    except ImportError as error:
        package = re.search(r"langchain[-_]\w+", str(error))
        raise BadSettings(
            f"The model '{at.provider}:{at.model}' needs the package "
            f"{package[0] if package else 'of its provider'}, which is not installed."
        ) from error
    except ValueError as error:
        raise BadSettings(
            f"[model] name in platform.toml is '{at.provider}:{at.model}', "
            "which LangChain cannot place; write it as provider:model, such as openai:gpt-5.2."
        ) from error


def _without_bounds(node: Any) -> Any:
    """Drop the size limits that strict schemas of hosted providers do not accept."""
    if isinstance(node, dict):
        return {key: _without_bounds(value) for key, value in node.items() if key not in _BOUNDS}
    return [_without_bounds(value) for value in node] if isinstance(node, list) else node
