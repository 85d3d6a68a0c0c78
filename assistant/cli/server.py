"""Runs the web app as a child process: Streamlit, headless unless a person sits there.

Beyond loopback there is no serving without a policy and a sign-in.
"""

import contextlib
import os
import signal
import socket
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import assistant
from assistant.cli.sign_in import lacking_sign_in, secrets_file
from assistant.errors import BadSettings
from assistant.loopback import is_loopback
from assistant.settings import ANY_ROLE_VARIABLE, PLATFORM_VARIABLE, Settings

_STOP_WAIT_S = 5


def run_server(
    settings: Settings,
    platform: Path,
    *,
    host: str,
    port: int,
    any_role: bool,
    say: Callable[[str], None],
) -> int:
    """Serve until stopped and return the child's exit code."""
    refuse_unsafe(settings, host=host, any_role=any_role)
    _refuse_taken(host, port)
    environ = {**os.environ, PLATFORM_VARIABLE: str(platform.absolute())}
    environ[ANY_ROLE_VARIABLE] = "1" if any_role else ""
    say(f"Serving {settings.name} on http://{host}:{port} (Ctrl-C stops it).")
    arguments = command(host, port, secrets=secrets_file(settings.root))
    with _child(arguments, environ) as child:
        return child.wait()


def command(host: str, port: int, *, secrets: Path | None = None) -> list[str]:
    """Return the command line that serves the page; its look lies beside `app.py`."""
    page = Path(assistant.__file__).parent.parent / "app.py"
    options = {
        "server.address": host,
        "server.port": str(port),
        "server.headless": "false" if _a_person_sits_here() else "true",
        "server.showEmailPrompt": "false",
        "server.fileWatcherType": "none",
        "browser.gatherUsageStats": "false",
    }
    if secrets is not None:
        options["secrets.files"] = str(secrets)
    flags = [f"--{name}={value}" for name, value in options.items()]
    return [sys.executable, "-m", "streamlit", "run", str(page), *flags]


def refuse_unsafe(settings: Settings, *, host: str, any_role: bool) -> None:
    """Raise BadSettings where others could reach data without saying who they are."""
    if is_loopback(host):
        return
    if any_role:
        raise BadSettings("--any-role is for loopback only: leave it out, or leave --host out.")
    policy = None if settings.policy else "a policy ([access] policy in platform.toml)"
    lacking = [need for need in (policy, lacking_sign_in(settings.root)) if need]
    if lacking:
        raise BadSettings(
            f"Serving beyond this machine ({host}) needs {' and '.join(lacking)}. "
            "docs/serving.md shows how to set them."
        )


def _refuse_taken(host: str, port: int) -> None:
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    with socket.socket(family) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except OSError as error:
            raise BadSettings(
                f"Port {port} on {host} cannot be used ({error.strerror}). "
                "Name another with --port."
            ) from error


def _a_person_sits_here() -> bool:
    display = sys.platform in ("darwin", "win32") or any(
        os.environ.get(name) for name in ("DISPLAY", "WAYLAND_DISPLAY")
    )
    return display and sys.stderr.isatty()


@contextlib.contextmanager
def _child(arguments: list[str], environ: dict[str, str]) -> Iterator["subprocess.Popen[bytes]"]:
    """Start the child and see to it that it ends with us, however we end."""
    child = subprocess.Popen(arguments, env=environ, stdout=sys.stderr)
    previous = signal.signal(signal.SIGTERM, lambda *_: sys.exit(128 + signal.SIGTERM))
    try:
        yield child
    finally:
        signal.signal(signal.SIGTERM, previous)
        if child.poll() is None:
            child.terminate()
            try:
                child.wait(_STOP_WAIT_S)
            except subprocess.TimeoutExpired:
                child.kill()
