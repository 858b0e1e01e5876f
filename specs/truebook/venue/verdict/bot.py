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
    log: Path
    killed: bool = False

    @classmethod
    async def start(cls, command: Sequence[str], place: Place, folder: Path) -> "Bot":
        """Start a bot in a group of its own; CannotStartError where there is no such program."""
        file, log = folder / "venue.json", folder / "bot.log"
        place.write(file)
        with log.open("wb") as out:
            try:
                process = await asyncio.create_subprocess_exec(
                    *command,
                    env=place.environment(file),
                    stdin=asyncio.subprocess.DEVNULL,
                    stdout=out,
                    stderr=asyncio.subprocess.STDOUT,
                    start_new_session=True,
                )
            except OSError as error:
                raise CannotStartError(f"cannot start {command[0]}: {error.strerror}") from error
        return cls(process, log)

    @property
    def is_running(self) -> bool:
        """Whether it has not ended by itself."""
        return self.process.returncode is None

    @property
    def said(self) -> str:
        """The end of what it has printed."""
        return self.log.read_bytes()[-_TAIL:].decode("utf-8", "replace")

    async def end(self, grace: float | None = None) -> int:
        """Ask it to end, and kill it where it does not; return its exit code.

        `grace`: other seconds than GRACE that it has for that.
        """
        self._signal(signal.SIGTERM)
        try:
            await asyncio.wait_for(self.process.wait(), GRACE if grace is None else grace)
        except TimeoutError:
            self.killed = True
        finally:
            self._signal(signal.SIGKILL)
        return await self.process.wait()

    def _signal(self, number: int) -> None:
        with contextlib.suppress(ProcessLookupError):
            os.killpg(self.process.pid, number)
