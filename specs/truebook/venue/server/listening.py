"""Who listens to what is said at the venue: a recording, or whoever tells a run's story."""

from collections.abc import Sequence
from typing import Any, Protocol

from truebook.venue.engine import Account, Changed, Filled
from truebook.venue.faults import Fault


class Listener(Protocol):
    """Hears all that is said, each way, and what becomes true of an account."""

    def said(self, way: str, over: str, raw: bytes | str, **more: Any) -> None:
        """Hear what came in, went out or was lost (`way`), over http or ws."""
        ...

    def true(self, account: Account, news: Sequence[Changed | Filled]) -> None:
        """Hear what has become of an account: how it is, and what has happened."""
        ...

    def wrong(self, fault: Fault, of: bytes) -> None:
        """Hear what goes wrong with a message: a frame as it was to be, a question or a nonce."""
        ...
