"""A recording: all that is said, each way, with its time, and the venue's truth beside it."""

import json
from pathlib import Path
from typing import IO, Any

import attrs

from truebook.impl.venues.hyperliquid import shown, write
from truebook.venue.engine import Account
from truebook.venue.server.clock import now
from truebook.venue.wire import listed


@attrs.define
class Recorder:
    """Writes lines of JSON: what was said, over what, to whom; and what was true."""

    file: IO[str]

    @classmethod
    def of(cls, path: Path) -> "Recorder":
        """Return a recorder that writes a file anew."""
        return cls(path.open("w", encoding="utf-8"))

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
        """End the recording."""
        self.file.close()

    def _line(self, told: dict[str, Any]) -> None:
        self.file.write(json.dumps({"time": now(), **told}) + "\n")
        self.file.flush()
