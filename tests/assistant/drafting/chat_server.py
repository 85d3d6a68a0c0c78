"""A chat model's server on loopback: real HTTP, scripted answers."""

import json
import threading
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer


def completion(
    content: str | None, *, finish_reason: str = "stop", usage: tuple[int, int] | None = (120, 7)
) -> bytes:
    """Return the body of one chat completion."""
    body: dict[str, object] = {
        "id": "c1",
        "object": "chat.completion",
        "created": 1,
        "model": "tiny",
        "choices": [
            {
                "index": 0,
                "finish_reason": finish_reason,
                "message": {"role": "assistant", "content": content},
            }
        ],
    }
    if usage:
        body["usage"] = {
            "prompt_tokens": usage[0],
            "completion_tokens": usage[1],
            "total_tokens": sum(usage),
        }
    return json.dumps(body).encode()


@dataclass(frozen=True, kw_only=True)
class Canned:
    """One answer of the server."""

    body: bytes = b""
    status: int = 200
    headers: Mapping[str, str] = field(default_factory=dict)
    drip_s: float | None = None
    """Send the body one byte at a time, this far apart."""
    before_s: float = 0.0
    """Keep silent this long first."""


@dataclass
class ChatServer:
    """What the server was asked, and how its callers left."""

    url: str = ""
    answers: list[Canned] = field(default_factory=list)
    bodies: list[dict[str, object]] = field(default_factory=list)
    keys: list[str | None] = field(default_factory=list)
    hung_up: threading.Event = field(default_factory=threading.Event)
    asked: threading.Event = field(default_factory=threading.Event)
    closing: threading.Event = field(default_factory=threading.Event)

    @property
    def address(self) -> str:
        return self.url.removeprefix("http://").removesuffix("/v1")


@contextmanager
def chat_server(*answers: Canned) -> Iterator[ChatServer]:
    """Serve these answers in turn; the last one is repeated."""
    state = ChatServer(answers=list(answers))
    server = ThreadingHTTPServer(("127.0.0.1", 0), _handler(state))
    server.daemon_threads = True
    state.url = f"http://127.0.0.1:{server.server_port}/v1"
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02})
    thread.start()
    try:
        yield state
    finally:
        state.closing.set()
        server.shutdown()
        thread.join()
        server.server_close()


def _handler(state: ChatServer) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_POST(self) -> None:
            length = int(self.headers["content-length"])
            state.bodies.append(json.loads(self.rfile.read(length)))
            state.keys.append(self.headers.get("authorization"))
            state.asked.set()
            answer = state.answers.pop(0) if len(state.answers) > 1 else state.answers[0]
            state.closing.wait(answer.before_s)
            _send(self, answer, state)

        def log_message(self, *_: object) -> None:
            pass

    return Handler


def _send(handler: BaseHTTPRequestHandler, answer: Canned, state: ChatServer) -> None:
    try:
        handler.send_response(answer.status)
        handler.send_header("content-type", "application/json")
        handler.send_header("content-length", str(len(answer.body)))
        for name, value in answer.headers.items():
            handler.send_header(name, value)
        handler.end_headers()
        if answer.drip_s is None:
            handler.wfile.write(answer.body)
            return
        for byte in answer.body:
            if state.closing.is_set():
                return
            handler.wfile.write(bytes([byte]))
            time.sleep(answer.drip_s)
    except OSError:
        state.hung_up.set()
        handler.close_connection = True


def wait_until(holds: Callable[[], bool], *, within_s: float = 5.0) -> bool:
    """Wait for something that another thread brings about."""
    end = time.monotonic() + within_s
    while time.monotonic() < end:
        if holds():
            return True
        time.sleep(0.01)
    return holds()
