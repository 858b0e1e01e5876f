"""A recording: all that is said, each way, with its time, and the venue's truth beside it."""

import json
from pathlib import Path
from typing import IO, Any, Final

import attrs

from truebook.impl.venues.hyperliquid import shown, write
from truebook.venue.engine import Account
from truebook.venue.server.clock import now
from truebook.venue.wire import listed

FORM: Final = 1
"""The form of a recording: a line of another one has another number."""


@attrs.define
class Recorder:
    """Writes lines of JSON: what was said, over what, to whom; and what was true."""

    file: IO[str]
    _failed: OSError | None = None

    @classmethod
    def of(cls, path: Path) -> "Recorder":
        """Return a recorder that writes a file anew; its first line says what it is."""
        recorder = cls(path.open("w", encoding="utf-8"))
        recorder._line({"recording": FORM})
        return recorder

    def said(self, way: str, over: str, raw: bytes | str, **more: Any) -> None:
        """Note what came in, or went out: over http or ws, with its path, status or number."""
        text = shown(raw)
        try:
            body: Any = json.loads(text)
        except (ValueError, RecursionError):
            body = text
        self._line({"way": way, "over": over, **more, "body": body})

    def true(self, account: Account) -> None:
        """Note what is true of an account."""
        positions = {coin: str(one.size) for coin, one in account.positions.items() if one.size}
        orders = json.loads(write(listed(account, front=False)))
        truth = {"user": account.user, "positions": positions, "open": orders}
        self._line({"truth": truth})

    def close(self) -> None:
        """End the recording; OSError where some of it could not be written."""
        try:
            self.file.close()
        except OSError as error:
            self._failed = self._failed or error
        if self._failed is not None:
            raise OSError(self._failed.errno, self._failed.strerror, self.file.name)

    def _line(self, told: dict[str, Any]) -> None:
        if self._failed is None:
            try:
                self.file.write(json.dumps({"time": now(), **told}) + "\n")
                self.file.flush()
            except OSError as error:  # the venue goes on
                self._failed = error
