"""What the tests of the command line share: the program, and what is read from what it prints."""

import fcntl
import os
import pty
import re
import struct
import subprocess
import sys
import termios
from collections.abc import Callable, Mapping
from contextlib import suppress
from subprocess import CompletedProcess
from types import MappingProxyType
from typing import Any

from truebook.specs.properties.sentences import PROPERTY_NAMES

Command = Callable[..., CompletedProcess[str]]

SMALL = ("--size", "1", "--jobs", "1")
PROGRAM = [sys.executable, "-c", "from truebook.cli import main; main()"]
PROGRESS = re.compile(
    r"\[\d+/\d+\] \w.*, \w.*: "
    r"(done|[\d,]+ of [\d,]+|[\d,]+ states?, [\d,]+ states/s, depth \d+, frontier [\d,]+)"
)


def said(stderr: str) -> list[str]:
    """Return what was said on stderr besides progress, which a slow machine prints, too."""
    return [line for line in stderr.splitlines() if line and not PROGRESS.fullmatch(line)]


def verdicts(ran: CompletedProcess[str]) -> dict[str, str]:
    """Return the word of each property's verdict, as printed for one design."""
    found = re.findall(r"^  (\w+) +([\w-]+)  ", ran.stdout, re.MULTILINE)
    return {name: word for word, name in found if name in PROPERTY_NAMES}


def timeless(found: Any) -> Any:
    """Return an object without what differs from run to run."""
    if isinstance(found, dict):
        return {key: timeless(value) for key, value in found.items() if key != "seconds"}
    return [timeless(value) for value in found] if isinstance(found, list) else found


def environment(**more: str) -> dict[str, str]:
    """Return this environment without what decides on colours, and with more."""
    colours = ("NO_COLOR", "FORCE_COLOR", "CLICOLOR", "CLICOLOR_FORCE", "TTY_COMPATIBLE")
    kept = {name: value for name, value in os.environ.items() if name not in colours}
    return kept | {"TERM": "xterm", "PYTHONIOENCODING": "utf-8"} | more


def on_terminal(
    *arguments: str,
    stdout: int | None = None,
    stderr: int | None = None,
    columns: int = 0,
    more: Mapping[str, str] = MappingProxyType({}),
) -> CompletedProcess[str]:
    """Run the program on a terminal, but for a stream that goes elsewhere; return what it shows.

    Without `columns` the terminal does not say how wide it is. `more` is for the environment.
    """
    ours, theirs = pty.openpty()
    size = struct.pack("HHHH", 24 if columns else 0, columns, 0, 0)
    fcntl.ioctl(theirs, termios.TIOCSWINSZ, size)
    process = subprocess.Popen(
        [*PROGRAM, *arguments],
        env=environment(**more),
        stdout=theirs if stdout is None else stdout,
        stderr=theirs if stderr is None else stderr,
    )
    os.close(theirs)
    shown = b""
    with suppress(OSError):  # how Linux says that the other side is closed
        while some := os.read(ours, 4096):
            shown += some
    os.close(ours)
    return CompletedProcess(process.args, process.wait(timeout=10), shown.decode())
