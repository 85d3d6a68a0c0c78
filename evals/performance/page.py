"""How quick the page is to a person: Enter to the number in a real browser, and ten at once.

Serves the platform as `assistant serve` does, without a model, and drives Debian's chromium. The
clock runs in the page itself: from the key press until the question's verdict with a digit in it
is on the screen. Memory is what the server and its workers hold, over what they held before.

    python -m evals.performance.page [--platform .assistant/demo] [--questions 20] [--sessions 10]
"""

import argparse
import os
import shutil
import socket
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.error import URLError
from urllib.request import urlopen

from evals.performance.overhead import questions

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

TARGET_MS = 700
CHROMIUM = Path("/usr/bin/chromium")
_BOX = "[data-testid=stChatInputTextArea]"
_WAIT_MS = 60_000
_MB = 2**20
_CLOCK = """question => {
    window.tookMs = null;
    const shown = () => {
        const asked = [...document.querySelectorAll('h2')]
            .some(each => each.innerText.trim() === question);
        const verdict = document.querySelector('h3');
        return asked && verdict && /[0-9]/.test(verdict.innerText);
    };
    document.addEventListener('keydown', event => {
        const began = event.timeStamp;
        const look = () => {
            if (shown()) window.tookMs = performance.now() - began;
            else requestAnimationFrame(look);
        };
        look();
    }, {capture: true, once: true});
}"""


class NoNumber(Exception):
    """A question got no number in time; says what stood on the page instead."""


@dataclass(frozen=True, kw_only=True)
class Server:
    """The page, served by a process of its own."""

    address: str
    process: int

    @property
    def memory(self) -> int:
        """Resident bytes of the server and all its children."""
        return sum(_held(process) for process in _family(self.process))


def main() -> int:
    """Measure and print; the target is printed, not asserted, since machines differ."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("--platform", type=Path, default=Path(".assistant/demo"))
    parser.add_argument("--questions", type=int, default=20)
    parser.add_argument("--sessions", type=int, default=10)
    options = parser.parse_args()
    asked = questions(options.questions + options.sessions)
    with copied(options.platform) as platform, serve(platform) as server, chromium() as browser:
        took = one_by_one(browser, server, asked[: options.questions])
        errors, per_session = at_once(browser, server, asked[options.questions :])
    median = statistics.median(took)
    print(f"Enter to number, {len(took)} questions, one person: median {median:.0f} ms", end="")
    print(f" (target {TARGET_MS}), slowest {max(took):.0f} ms")
    print(f"{options.sessions} sessions at once: {len(errors)} errors", end="")
    print(f", {per_session / _MB:.1f} MB of memory per session")
    for error in errors:
        print(f"  {error}")
    return 1 if errors else 0


def one_by_one(browser: "Browser", server: Server, asked: Sequence[str]) -> list[float]:
    """Ask in one tab and return milliseconds; the first question, which warms up, is left out."""
    page = _opened(browser, server)
    found = []
    for question in ("Flights by month", *asked):
        _ask(page, question)
        found.append(_took(page, question))
    page.context.close()
    return found[1:]


def at_once(browser: "Browser", server: Server, asked: Sequence[str]) -> tuple[list[str], float]:
    """Ask one question in each of many sessions at once; return errors and bytes per session."""
    before = server.memory
    pages = [_opened(browser, server) for _ in asked]
    errors: list[str] = []
    for page in pages:
        page.on("pageerror", lambda error: errors.append(str(error)))
    for page, question in zip(pages, asked, strict=True):
        _ask(page, question)
    for page, question in zip(pages, asked, strict=True):
        try:
            _took(page, question)
        except NoNumber as error:
            errors.append(str(error))
    held = server.memory - before
    for page in pages:
        page.context.close()
    return errors, held / len(pages)


def _opened(browser: "Browser", server: Server) -> "Page":
    page = browser.new_context(viewport={"width": 1280, "height": 900}).new_page()
    page.goto(server.address)
    page.wait_for_selector(_BOX, timeout=_WAIT_MS)
    return page


def _ask(page: "Page", question: str) -> None:
    page.locator(_BOX).fill(question)
    page.evaluate(_CLOCK, question)
    page.keyboard.press("Enter")


def _took(page: "Page", question: str) -> float:
    """Return the milliseconds from the key press to the number; raise NoNumber without one."""
    from playwright.sync_api import TimeoutError as TookTooLong

    try:
        page.wait_for_function("window.tookMs !== null", timeout=_WAIT_MS)
    except TookTooLong as error:
        said = page.get_by_test_id("stMain").inner_text()
        raise NoNumber(
            f"{question}: no number within {_WAIT_MS / 1000:.0f} s, but {said!r}"
        ) from error
    # What follows the number, charts and tables, must not count for the next question.
    page.wait_for_timeout(1_000)
    return float(page.evaluate("window.tookMs"))


@contextmanager
def copied(platform: Path) -> Iterator[Path]:
    """Copy the platform, so that what is measured leaves nothing in its journal."""
    with tempfile.TemporaryDirectory() as place:
        left = shutil.ignore_patterns("journal.sqlite*", "dbt", "logs")
        yield Path(shutil.copytree(platform, Path(place) / platform.name, ignore=left))


@contextmanager
def serve(platform: Path) -> Iterator[Server]:
    """Serve a platform on a free loopback port; the server ends with this process's own signal."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    command = [sys.executable, "-m", "assistant", "--platform", str(platform)]
    with tempfile.TemporaryFile() as log:
        process = subprocess.Popen([*command, "serve", "--port", str(port)], stdout=log, stderr=log)
        try:
            address = f"http://127.0.0.1:{port}"
            _wait(address, process)
            yield Server(address=address, process=process.pid)
        finally:
            process.terminate()
            process.wait(30)


@contextmanager
def chromium() -> Iterator["Browser"]:
    """Open the browser."""
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        flags = ["--no-sandbox", "--disable-gpu", "--disable-background-networking"]
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=flags)
        yield browser
        browser.close()


def _wait(address: str, process: "subprocess.Popen[bytes]") -> None:
    for _ in range(300):
        if process.poll() is not None:
            raise SystemExit("The server ended before it answered.")
        try:
            with urlopen(f"{address}/_stcore/health", timeout=2):
                return
        except (URLError, OSError):
            time.sleep(0.2)
    raise SystemExit("The server did not answer within 60 s.")


def _family(process: int) -> list[int]:
    """Return the process and all its descendants."""
    threads = Path(f"/proc/{process}/task").glob("*/children")
    below = {int(child) for thread in threads for child in thread.read_text().split()}
    return [process, *(each for child in sorted(below) for each in _family(child))]


def _held(process: int) -> int:
    """Resident bytes, from the second field of statm, which counts pages."""
    try:
        pages = int(Path(f"/proc/{process}/statm").read_text().split()[1])
    except OSError:
        return 0
    return pages * os.sysconf("SC_PAGE_SIZE")


if __name__ == "__main__":
    sys.exit(main())
