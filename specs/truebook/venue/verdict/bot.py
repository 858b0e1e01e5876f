"""A bot as a process: told where the venue is, started, and ended as a person would end it."""

import asyncio
import contextlib
import json
import os
import signal
from collections.abc import Sequence
from pathlib import Path
from typing import Final

import attrs

GRACE: Final = 10.0
"""So many seconds a bot has to end, once it is asked to (SIGTERM); then it is killed."""
SHORT_GRACE: Final = 1.0
"""So many it has where nobody waits for what comes of the run any more."""
_TAIL: Final = 4_000
_PIECE: Final = 1 << 16
_LOOK: Final = 0.02
"""Each so many seconds it is looked whether anything of it still runs."""
_PATIENCE: Final = 0.5
"""So many seconds what it has printed may take to be read once it has ended."""


@attrs.frozen
class Place:
    """Where a bot finds the venue, and with what: told in its environment, and in a file."""

    url: str
    ws: str
    key: str
    account: str

    def environment(self, file: Path) -> dict[str, str]:
        """Return the environment of a bot, with the file that says the same."""
        return os.environ | {
            "TRUEBOOK_VENUE": self.url,
            "TRUEBOOK_VENUE_WS": self.ws,
            "TRUEBOOK_VENUE_KEY": self.key,
            "TRUEBOOK_VENUE_ACCOUNT": self.account,
            "TRUEBOOK_VENUE_FILE": str(file),
        }

    def write(self, file: Path) -> None:
        """Write it as JSON."""
        file.write_text(json.dumps(attrs.asdict(self), indent=1) + "\n", "utf-8")


class CannotStartError(Exception):
    """There is no such program, or it cannot be run."""


@attrs.define
class Bot:
    """A bot that runs; `said` is the end of what it has printed.

    `killed`: it did not end by itself when it was asked to.
    """

    process: asyncio.subprocess.Process
    killed: bool = False
    _tail: bytes = b""
    _reading: "asyncio.Task[None] | None" = None

    @classmethod
    async def start(cls, command: Sequence[str], place: Place, folder: Path) -> "Bot":
        """Start a bot in a group of its own; CannotStartError where there is no such program."""
        file = folder / "venue.json"
        place.write(file)
        try:
            process = await asyncio.create_subprocess_exec(
                *command,
                env=place.environment(file),
                stdin=asyncio.subprocess.DEVNULL,
                stdout=asyncio.subprocess.PIPE,
                stderr=asyncio.subprocess.STDOUT,
                start_new_session=True,
            )
        except OSError as error:
            raise CannotStartError(f"cannot start {command[0]}: {error.strerror}") from error
        bot = cls(process)
        bot._reading = asyncio.create_task(bot._read())
        return bot

    @property
    def is_running(self) -> bool:
        """Whether it has not ended by itself."""
        return self.process.returncode is None

    @property
    def said(self) -> str:
        """The end of what it has printed."""
        return self._tail.decode("utf-8", "replace")

    async def end(self, grace: float | None = None) -> int:
        """Ask it to end, and kill it where it does not; return its exit code.

        `grace`: other seconds than GRACE that it has for that.
        """
        self._signal(signal.SIGTERM)
        try:
            await asyncio.wait_for(self._all_ended(), GRACE if grace is None else grace)
        except TimeoutError:
            self.killed = True
        finally:
            self._signal(signal.SIGKILL)
        code = await self.process.wait()
        if self._reading is not None:  # whoever left its session may hold the pipe open
            await asyncio.wait([self._reading], timeout=_PATIENCE)
            self._reading.cancel()
        return code

    async def _all_ended(self) -> None:
        """Wait until all of its group has ended: a shell may end before the bot that it began."""
        await self.process.wait()
        while _runs(self.process.pid):
            await asyncio.sleep(_LOOK)

    async def _read(self) -> None:
        """Read what it prints, so that it never waits, and keep the end of it."""
        out = self.process.stdout
        assert out is not None
        while piece := await out.read(_PIECE):
            self._tail = (self._tail + piece)[-_TAIL:]

    def _signal(self, number: int) -> None:
        with contextlib.suppress(ProcessLookupError):
            os.killpg(self.process.pid, number)


def _runs(group: int) -> bool:
    """Return whether any process of a group runs; one that only waits to be reaped does not."""
    try:
        os.killpg(group, 0)
    except ProcessLookupError:
        return False
    states = [_state_in(group, one) for one in Path("/proc").glob("[0-9]*/stat")]
    return any(state not in ("", "Z", "X") for state in states) if states else True


def _state_in(group: int, stat: Path) -> str:
    """Return the state of a process of a group, as proc(5) has it; empty: it is of another."""
    try:
        state, _, found, *_ = stat.read_text().rpartition(")")[2].split()
    except (OSError, ValueError):  # it is gone
        return ""
    return state if int(found) == group else ""
