"""The real app on a free loopback port, and Debian's chromium to look at it."""

import os
import re
import socket
import subprocess
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from urllib.error import URLError
from urllib.request import urlopen

from playwright.sync_api import Browser, Page, expect, sync_playwright

from assistant.cli.server import command
from assistant.settings import ANY_ROLE_VARIABLE, PLATFORM_VARIABLE

ROOT = Path(__file__).parents[2]
CHROMIUM = Path("/usr/bin/chromium")
_FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
_START_S = 60.0
_STILL_MS = 600
_IS_STILL = f"""() => {{
    const app = document.querySelector('[data-testid=stApp]');
    const busy = app?.dataset.testScriptState !== 'notRunning'
        || document.querySelector('[data-testid=stSkeleton], [data-stale=true]');
    const now = performance.now(), seen = document.body.innerHTML.length;
    if (busy || window.seenLength !== seen) {{
        window.seenLength = seen;
        window.stillSince = now;
    }}
    return now - window.stillSince > {_STILL_MS};
}}"""
_STOP_S = 10.0
_PAGE_MS = 150_000
"""So long a loaded machine may take to draw a page or to answer."""
_ANY_TEXT = re.compile(r"\S")
QUESTION_BOX = "[data-testid=stChatInputTextArea]"


@dataclass(frozen=True, kw_only=True)
class Server:
    """A server that answers."""

    address: str
    process: "subprocess.Popen[bytes]"


@contextmanager
def served(platform: Path, log: Path) -> Iterator[str]:
    """Serve a platform and yield its address; the server is stopped by its own process."""
    server = started(platform, log)
    try:
        yield server.address
    finally:
        stop(server.process)


def started(platform: Path, log: Path) -> Server:
    """Start what `assistant serve --any-role` starts; the caller ends its process."""
    port = free_port()
    environ = {PLATFORM_VARIABLE: str(platform), ANY_ROLE_VARIABLE: "1"}
    return waited_for(command("127.0.0.1", port), port, log, environ)


def waited_for(
    arguments: Sequence[str], port: int, log: Path, environ: Mapping[str, str] | None = None
) -> Server:
    """Start a server and wait until it answers; the caller ends its process."""
    with log.open("wb") as out:
        process = subprocess.Popen(
            arguments, cwd=ROOT, env={**os.environ, **(environ or {})}, stdout=out, stderr=out
        )
    server = Server(address=f"http://127.0.0.1:{port}", process=process)
    try:
        _wait_until_healthy(server.address, process, log)
    except BaseException:
        stop(process)
        raise
    return server


@contextmanager
def browser() -> Iterator[Browser]:
    """Yield a browser that asks nothing of the network on its own."""
    with sync_playwright() as playwright:
        opened = playwright.chromium.launch(executable_path=CHROMIUM, args=_FLAGS)
        try:
            yield opened
        finally:
            opened.close()


def open_page(page: Page, address: str) -> None:
    """Open the Ask page and wait until a question can be typed."""
    page.goto(address)
    page.wait_for_selector(QUESTION_BOX, timeout=_PAGE_MS)


def ask(page: Page, question: str) -> None:
    """Type a question, send it, and wait for its verdict."""
    page.locator(QUESTION_BOX).fill(question)
    page.keyboard.press("Enter")
    expect_heading(page, 2, question)
    expect_heading(page, 3)


def expect_heading(page: Page, level: int, text: str | re.Pattern[str] = _ANY_TEXT) -> None:
    """Wait until there is one heading of the level, and it says this.

    Streamlit keeps what stood on a page until the next one is drawn; for that moment there may be
    two, on which every expectation of a single element fails at once instead of waiting.
    """
    heading = page.get_by_role("heading", level=level)
    expect(heading).to_have_text([text], timeout=_PAGE_MS)


def settle(page: Page) -> None:
    """Wait until the page has stopped drawing: no script, no skeleton, nothing that moves."""
    page.wait_for_function(_IS_STILL, timeout=_PAGE_MS)


def free_port() -> int:
    """Return a loopback port that nobody listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


def _wait_until_healthy(address: str, server: "subprocess.Popen[bytes]", log: Path) -> None:
    deadline = time.monotonic() + _START_S
    while time.monotonic() < deadline:
        if server.poll() is not None:
            raise RuntimeError(f"The app did not start: {log.read_text()[-2000:]}")
        try:
            with urlopen(f"{address}/_stcore/health", timeout=2) as reply:
                if reply.status == 200:
                    return
        except (URLError, OSError):
            time.sleep(0.2)
    raise RuntimeError(
        f"The app was not healthy within {_START_S:.0f} s: {log.read_text()[-2000:]}"
    )


def stop(server: "subprocess.Popen[bytes]") -> None:
    """Ask a server to end, and end it where it does not."""
    server.terminate()
    try:
        server.wait(_STOP_S)
    except subprocess.TimeoutExpired:
        server.kill()
        server.wait()
