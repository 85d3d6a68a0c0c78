"""The process that runs queries: one DuckDB, locked down, with limits the kernel keeps.

Started by `process.Worker` as a file, never imported by the application: it needs little but
DuckDB and pyarrow. Requests and replies are frames on stdin and stdout: four bytes of length,
JSON, and after a reply with rows their Arrow IPC stream.
"""

import json
import os
import resource
import select
import signal
import sys
import threading
from collections.abc import Mapping
from pathlib import Path
from typing import Any, BinaryIO

import duckdb
import pyarrow as pa

from catalogue.unlocked import Version, let_writers_in, version_of
from catalogue.write_lock import is_held_for_writing

ROWS_PER_BATCH = 2048
_NICENESS = 5
_FATAL = (duckdb.FatalException, duckdb.InternalException, duckdb.IOException)
"""After these DuckDB answers nothing more on the connection, or reads a damaged file."""
_SEALED = {
    "enable_external_access": "false",
    "autoload_known_extensions": "false",
    "autoinstall_known_extensions": "false",
    "allow_community_extensions": "false",
    "python_enable_replacements": "false",
    "temp_directory": "",
}


def main() -> None:
    """Serve queries until the parent closes the pipe."""
    settings = json.loads(sys.argv[1])
    requests, replies = _private_pipes()
    threading.Thread(target=_die_with_parent, args=(requests.fileno(),), daemon=True).start()
    _limit_process(settings)
    server = Server(settings)
    _send(replies, {"ready": True})
    hold_s = settings["hold_s"]
    while True:
        if hold_s is not None and not _has_request(requests, hold_s):
            server.let_go()
        if (request := _receive(requests)) is None:
            return
        header, rows = server.answer(request)
        _send(replies, {**header, "is_worn": server.is_worn()}, rows)


class Server:
    """Holds the connection and answers one request at a time."""

    def __init__(self, settings: Mapping[str, Any]) -> None:
        self._settings = settings
        self._is_live = settings["hold_s"] is not None
        self._path = ""
        self._version: Version | None = None
        """What the connection reads."""
        self._wal: Version | None = None
        self._connection: duckdb.DuckDBPyConnection | None = None
        self._idle_at_start = _idle_bytes()

    def is_worn(self) -> bool:
        """True where half of the memory given is taken up by nothing, and will stay so."""
        half: int = self._settings["memory_bytes"] // 2
        return _idle_bytes() - self._idle_at_start > half

    def answer(self, request: Mapping[str, Any]) -> tuple[dict[str, Any], memoryview]:
        """Run one query; an error becomes its kind and its text, which the parent judges."""
        try:
            connection = self._open(request["path"])
        except (duckdb.Error, OSError) as error:
            return _failure("open", error)
        header, rows = self._run(connection, request)
        if self._is_live and not self._is_as_opened():
            self.let_go()
            return {"error": "changed", "kind": "", "message": ""}, memoryview(b"")
        return {**header, "version": str(self._version)}, rows

    def _run(
        self, connection: duckdb.DuckDBPyConnection, request: Mapping[str, Any]
    ) -> tuple[dict[str, Any], memoryview]:
        cursor = connection.cursor()
        try:
            return _run(cursor, request)
        except (duckdb.Error, pa.ArrowException, MemoryError, RuntimeError, ValueError) as error:
            if isinstance(error, _FATAL):
                self.let_go()
            return _failure("run", error)
        finally:
            cursor.close()

    def _open(self, path: str) -> duckdb.DuckDBPyConnection:
        """Return the connection to the file that stands there now, also after a rename."""
        if path != self._path or not self._is_as_opened() or self._has_new_commits():
            self.let_go()
        if self._connection is None:
            self._path, self._version, self._wal = path, version_of(path), _wal_of(path)
            self._connection = self._connect(path)
        return self._connection

    def _is_as_opened(self) -> bool:
        try:
            return version_of(self._path) == self._version
        except OSError:
            return False

    def _has_new_commits(self) -> bool:
        """True where a writer has left commits beside a live file without a checkpoint."""
        is_news = self._is_live and _wal_of(self._path) != self._wal
        return is_news and not is_held_for_writing(Path(self._path))

    def let_go(self) -> None:
        """Close the file, so that others can write it; the next query opens it again."""
        if self._connection is not None:
            self._connection.close()
            self._connection = None

    def _connect(self, path: str) -> duckdb.DuckDBPyConnection:
        config: dict[str, str | bool | int | float | list[str]] = {
            **_SEALED,
            "memory_limit": f"{self._settings['duckdb_bytes'] // 1_000_000}MB",
            "max_execution_time": str(self._settings["timeout_ms"]),
        }
        connection = duckdb.connect(path, read_only=True, config=config)
        if self._is_live:
            self._version = let_writers_in(path)
        connection.execute(f"SET GLOBAL TimeZone = '{self._settings['timezone']}'")
        # Refused while connecting; without it the open file itself could be read as text.
        connection.execute("SET disabled_filesystems = 'LocalFileSystem'")
        connection.execute("SET lock_configuration = true")
        _refuse_shadowing(connection)
        return connection


def _wal_of(path: str) -> Version | None:
    try:
        return version_of(f"{path}.wal")
    except OSError:
        return None


def _refuse_shadowing(connection: duckdb.DuckDBPyConnection) -> None:
    """A macro of the database that is called like a built-in function would run in its place."""
    rows = connection.execute(
        "SELECT lower(function_name) FROM duckdb_functions() WHERE NOT internal INTERSECT"
        " SELECT lower(function_name) FROM duckdb_functions() WHERE internal ORDER BY 1"
    ).fetchall()
    if rows:
        raise OSError("shadowed: " + ", ".join(name for (name,) in rows))


def _run(
    cursor: duckdb.DuckDBPyConnection, request: Mapping[str, Any]
) -> tuple[dict[str, Any], memoryview]:
    relation = cursor.sql(request["sql"])
    types = [str(data_type) for data_type in relation.types]
    reader = relation.to_arrow_reader(ROWS_PER_BATCH)
    sink = pa.BufferOutputStream()
    most_rows, most_bytes = request["rows"], request["bytes"]
    kept, truncated, too_large = 0, False, False
    with pa.ipc.new_stream(sink, reader.schema) as writer:
        for batch in reader:
            if kept + batch.num_rows > most_rows:
                batch, truncated = batch.slice(0, most_rows - kept), True
            if sink.tell() + batch.nbytes > most_bytes:
                truncated = too_large = True
                break
            writer.write_batch(batch)
            kept += batch.num_rows
            if truncated:
                break
    reader.close()
    if too_large and not kept:
        return {"error": "size", "kind": "", "message": ""}, memoryview(b"")
    header = {"types": types, "truncated": truncated, "rows": kept}
    return header, memoryview(sink.getvalue())


def _failure(stage: str, error: Exception) -> tuple[dict[str, Any], memoryview]:
    kind = type(error).__name__
    return {"error": stage, "kind": kind, "message": str(error)[:2000]}, memoryview(b"")


def _private_pipes() -> tuple[BinaryIO, BinaryIO]:
    """Keep the protocol on descriptors of its own: whatever a library prints goes nowhere."""
    requests = os.fdopen(os.dup(0), "rb")
    replies = os.fdopen(os.dup(1), "wb")
    nowhere = os.open(os.devnull, os.O_RDWR)
    for descriptor in (0, 1, 2):
        os.dup2(nowhere, descriptor)
    return requests, replies


def _die_with_parent(descriptor: int) -> None:
    """End at once when nobody holds the other end of the pipe, also in the middle of a query.

    The kernel's own signal for that is sent when the *thread* that started us ends, and a page's
    threads live for one question.
    """
    poll = select.poll()
    poll.register(descriptor, 0)
    while not any(event & (select.POLLHUP | select.POLLERR) for _, event in poll.poll()):
        pass
    os._exit(1)


def _limit_process(settings: Mapping[str, Any]) -> None:
    """Step back for the parent, dump no core, and stay within the memory given."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    os.nice(_NICENESS)
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    most = _address_space() + settings["memory_bytes"]
    resource.setrlimit(resource.RLIMIT_AS, (most, most))


def _address_space() -> int:
    """What the interpreter and its libraries take before any query."""
    try:
        return _pages()[0] * resource.getpagesize()
    except OSError:
        return 1 << 30


def _idle_bytes() -> int:
    """Address space that holds nothing: what allocators keep of it counts against the limit."""
    try:
        taken, resident = _pages()
    except OSError:
        return 0
    return (taken - resident) * resource.getpagesize()


def _pages() -> tuple[int, int]:
    """Return the pages of address space taken, and those of them in memory."""
    with open("/proc/self/statm", encoding="ascii") as statm:
        taken, resident = statm.read().split()[:2]
    return int(taken), int(resident)


def _has_request(requests: BinaryIO, wait_s: float) -> bool:
    return bool(select.select([requests], [], [], wait_s)[0])


def _receive(requests: BinaryIO) -> dict[str, Any] | None:
    length = requests.read(4)
    if len(length) < 4:
        return None
    request: dict[str, Any] = json.loads(requests.read(int.from_bytes(length, "big")))
    return request


def _send(replies: BinaryIO, header: dict[str, Any], rows: memoryview | None = None) -> None:
    body = json.dumps({**header, "size": len(rows) if rows is not None else 0}).encode()
    replies.write(len(body).to_bytes(4, "big") + body)
    if rows is not None:
        replies.write(rows)
    replies.flush()


if __name__ == "__main__":
    main()
