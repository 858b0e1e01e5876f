"""A recording at the venue: all that is said, each way, and the venue's truth beside it."""

import json
from pathlib import Path

import attrs

from truebook.impl.venues.hyperliquid import write
from truebook.venue.engine import Account
from truebook.venue.recording import Lines, Recording
from truebook.venue.wire import listed


@attrs.define
class Recorder(Recording):
    """Writes what was said, over what, to whom; and what was true."""

    @classmethod
    def of(cls, path: Path) -> "Recorder":
        """Return a recorder that writes a file anew; OSError as `open` raises it."""
        return cls.to(Lines.anew(path))

    def true(self, account: Account) -> None:
        """Note what is true of an account."""
        positions = {coin: str(one.size) for coin, one in account.positions.items() if one.size}
        orders = json.loads(write(listed(account, front=False)))
        truth = {"user": account.user, "positions": positions, "open": orders}
        self._line({"truth": truth})
