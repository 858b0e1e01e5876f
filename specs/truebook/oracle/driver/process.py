"""A subject as a program: asked over pipes, held to time and size, and ended with all it began."""

import json
import os
import select
import signal
import subprocess
import time
import uuid
from collections.abc import Callable, Sequence
from functools import partial
from pathlib import Path
from typing import Any

from truebook.oracle.driver.client import Channel, Fault, Kind

LONGEST = 16 * 1024 * 1024
"""Bytes of the longest line that is read."""
KEPT = 16 * 1024
"""Bytes of stderr that are kept: the last."""
GRACE = 0.5
"""Seconds that a program has to end by itself once its stdin has ended."""
MARK = "TRUEBOOK_SUBJECT"
"""Set in the environment of a subject, by which whatever it began is found again."""

_CHUNK = 1 << 16
_encode = json.JSONEncoder(separators=(",", ":")).encode
_LOOK = 0.1
"""Seconds between two looks at whether a silent program still lives."""


def program(
    command: Sequence[str],
    *,
    timeout: float = 5.0,
    longest: int = LONGEST,
    option: str = "--timeout",
) -> Callable[[], Channel]:
    """Return what starts a command as a subject; `option` is what its user sets the timeout by."""
    return partial(Program, tuple(command), timeout, longest, option)


class Program:
    """A running command, in a process group of its own."""

    def __init__(self, command: Sequence[str], timeout: float, longest: int, option: str) -> None:
        self._timeout, self._longest, self._option = timeout, longest, option
        self._mark = uuid.uuid4().hex
        self._read, self._errors = bytearray(), bytearray()
        try:
            self._process = subprocess.Popen(
                command,
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=subprocess.PIPE,
                start_new_session=True,
                bufsize=0,
                env={**os.environ, MARK: self._mark},
            )
        except OSError as error:
            hint = "give the command after --, as in: truebook conform -- python adapter.py"
            why = error.strerror
            if Path(command[0]).is_file():
                why = why if os.access(command[0], os.X_OK) else "it is not executable"
            elif " " in command[0]:
                hint = f"it is taken for the name of one program: leave out its quotes; {hint}"
            what = f"cannot start {command[0]!r}: {why}"
            raise Fault(Kind.CRASH, what, hint) from error
        pipes = (self._process.stdin, self._process.stdout, self._process.stderr)
        self._in, self._out, self._err = (pipe.fileno() for pipe in pipes if pipe is not None)
        for pipe in (self._in, self._out, self._err):
            os.set_blocking(pipe, False)
        self._poll = select.poll()
        self._poll.register(self._out, select.POLLIN)
        self._poll.register(self._err, select.POLLIN)

    def ask(self, message: dict[str, Any]) -> Any:
        """Return the answer to a message; raises Fault, and is then of no more use."""
        self._asked = message["type"]
        if self._read:
            shown = _shown(self._read.partition(b"\n")[0])
            self._fault(Kind.PROTOCOL, f"it wrote a line that nobody asked for: {shown}", _ONE_LINE)
        unsent = _encode(message).encode() + b"\n"
        line = self._exchange(unsent, time.monotonic() + self._timeout)
        try:
            return json.loads(line)
        except (ValueError, RecursionError):
            what = f"it answered {self._asked} with a line that is not JSON: {_shown(line)}"
            self._fault(Kind.PROTOCOL, what, _STDOUT)

    def kill(self) -> None:
        """Kill the program, so that whoever waits for its answer learns that it has died."""
        _kill_group(self._process.pid)

    def close(self) -> None:
        """End the program and all that it began."""
        process = self._process
        if process.stdin is not None:
            process.stdin.close()
        if not self._closed and process.poll() is None:
            self._let_end(time.monotonic() + GRACE)
        self._closed = True
        _kill_group(process.pid)
        process.wait()
        _kill_marked(self._mark)
        for pipe in (process.stdout, process.stderr):
            if pipe is not None:
                pipe.close()

    _closed = False
    _asked = ""

    def _let_end(self, deadline: float) -> None:
        """Wait for the program to end, reading what it still has to say."""
        while self._process.poll() is None and time.monotonic() < deadline:
            for fd, _ in self._poll.poll(10):
                if not _read(fd):
                    self._poll.unregister(fd)

    def _exchange(self, unsent: bytes, deadline: float) -> bytes:
        """Write a line and read one, whichever can be done first."""
        unsent = self._write(unsent)
        while True:
            if unsent:
                self._poll.register(self._in, select.POLLOUT)
            left = deadline - time.monotonic()
            ready = self._poll.poll(min(max(left, 0.0), _LOOK) * 1000)
            if unsent:
                self._poll.unregister(self._in)
                unsent = self._write(unsent)
            ended = self._take({fd for fd, _ in ready})
            end = self._read.find(b"\n")
            if end >= 0:
                line = bytes(self._read[:end])
                del self._read[: end + 1]
                return line
            if len(self._read) > self._longest:
                much = f"{self._longest:,} bytes without an end of line"
                what = f"it answered {self._asked} with more than {much}"
                self._fault(Kind.PROTOCOL, what, "one line of JSON for each message")
            # Where a child of it holds stdout open, the end of the program does not end stdout.
            if ended or (not ready and self._process.poll() is not None):
                self._died()
            if left <= 0:
                what = f"no answer to {self._asked} within {self._timeout:g} s"
                self._fault(Kind.HANG, what, _NEWLINE if self._read else _FLUSH + self._option)

    def _take(self, ready: set[int]) -> bool:
        """Read what is there; return whether stdout has ended."""
        if self._err in ready:
            told = _read(self._err)
            if not told:
                self._poll.unregister(self._err)
            self._errors = (self._errors + told)[-KEPT:]
        if self._out in ready:
            told = _read(self._out)
            self._read += told
            return not told
        return False

    def _write(self, unsent: bytes) -> bytes:
        try:
            return unsent[os.write(self._in, unsent) :]
        except BlockingIOError:
            return unsent
        except BrokenPipeError:
            return b""  # what became of the program is found out by reading

    def _died(self) -> None:
        try:
            code = self._process.wait(GRACE)
        except subprocess.TimeoutExpired:
            what = f"it closed its stdout before it answered {self._asked}"
            self._fault(Kind.CRASH, what, "keep stdout open until stdin ends")
        how = f"signal {signal.Signals(-code).name}" if code < 0 else f"exit code {code}"
        where = "in the middle of its answer to" if self._read else "before it answered"
        self._errors += _read(self._err)
        said = self._errors.decode("utf-8", "replace").strip()
        hint = _tail(said) + ("" if code else f"\n{_GO_ON}")
        self._fault(Kind.CRASH, f"it died {where} {self._asked}, with {how}", hint)

    def _fault(self, kind: Kind, what: str, hint: str) -> Any:
        self._closed = True  # it gets no grace
        raise Fault(kind, what, hint)


_ONE_LINE = "write one line for each line read, and nothing else to stdout"
_STDOUT = "stdout is for the protocol alone, a message a line; print everything else to stderr"
_GO_ON = "answer line by line until stdin ends, and only then end"
_FLUSH = (
    "answer every line, end each answer with a newline, and flush stdout after it; "
    "what only is slow needs a longer "
)
_NEWLINE = "it wrote something, but no end of line: end each answer with a newline"


def _shown(line: bytes | bytearray) -> str:
    return repr(line[:60].decode("utf-8", "replace"))


def _tail(said: str, lines: int = 8) -> str:
    return "\n".join(said.splitlines()[-lines:]) or "it wrote nothing to stderr"


def _read(fd: int) -> bytes:
    try:
        return os.read(fd, _CHUNK)
    except BlockingIOError:
        return b""


def _kill_group(group: int) -> None:
    try:
        os.killpg(group, signal.SIGKILL)
    except (ProcessLookupError, PermissionError):
        return


def _kill_marked(mark: str) -> None:
    """Kill whatever carries a mark: children that left the group. Only Linux shows them."""
    wanted = f"{MARK}={mark}".encode()
    for _ in range(20):
        found = [pid for pid in _others() if wanted in _environment(pid).split(b"\0")]
        if not found:
            return
        for pid in found:
            try:
                os.kill(pid, signal.SIGKILL)
            except ProcessLookupError:
                continue
        time.sleep(0.01)


def _others() -> list[int]:
    proc = Path("/proc")
    if not proc.is_dir():
        return []
    return [
        int(p.name) for p in proc.iterdir() if p.name.isdecimal() and int(p.name) != os.getpid()
    ]


def _environment(pid: int) -> bytes:
    """Return the environment that a process was started with, if it is ours to read."""
    try:
        return Path(f"/proc/{pid}/environ").read_bytes()
    except OSError:
        return b""
