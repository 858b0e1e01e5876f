"""Who listens to what is said at the venue: a recording, or whoever tells a run's story."""

from typing import Any, Protocol

from truebook.venue.engine import Account


class Listener(Protocol):
    """Hears all that is said, each way, and what becomes true of an account."""

    def said(self, way: str, over: str, raw: bytes | str, **more: Any) -> None:
        """Hear what came in, went out or was lost (`way`), over http or ws."""
        ...

    def true(self, account: Account) -> None:
        """Hear that something has become of an account."""
        ...
