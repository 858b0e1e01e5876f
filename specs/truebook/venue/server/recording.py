"""A recording at the venue: all that is said, each way, and the venue's truth beside it."""

from collections.abc import Callable, Sequence
from pathlib import Path

import attrs

from truebook.impl.venues.hyperliquid import plain_of, write
from truebook.venue.engine import Account, Changed, Filled
from truebook.venue.faults import Fault
from truebook.venue.recording import Lines, Recording, now
from truebook.venue.wire import fill, listed, update


@attrs.define
class Recorder(Recording):
    """Writes what was said, over what, to whom; and what was true."""

    @classmethod
    def of(cls, path: Path, clock: Callable[[], int] = now) -> "Recorder":
        """Return a recorder that writes a file anew; OSError as `open` raises it."""
        return cls.to(Lines.anew(path), clock)

    def true(self, account: Account, news: Sequence[Changed | Filled]) -> None:
        """Note what is true of an account, and what has happened there since."""
        positions = {coin: str(one.size) for coin, one in account.positions.items() if one.size}
        orders = plain_of(write(listed(account, front=False)))
        fills = [plain_of(write(fill(one))) for one in news if isinstance(one, Filled)]
        words = [plain_of(write(update(one))) for one in news if isinstance(one, Changed)]
        truth = {"user": account.user, "positions": positions, "open": orders}
        self._line({"truth": truth | {"fills": fills, "words": words}})

    def wrong(self, fault: Fault, of: bytes) -> None:
        """Note what goes wrong with a message, and what it was to be."""
        did = attrs.asdict(fault)
        self._line({"fault": did | {"of": plain_of(of)}})
