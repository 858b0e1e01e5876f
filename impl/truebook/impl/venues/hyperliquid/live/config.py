"""How a live book connects and waits."""

import attrs

from truebook.impl.book import fields
from truebook.impl.sync import SyncConfig


def _seconds(default: float) -> float:
    return attrs.field(default=default, validator=fields.seconds(or_none=False))


@attrs.frozen(kw_only=True)
class LiveConfig:
    """How a live book connects and waits: durations in seconds.

    - `time_limit`: a request that is not answered within it has no known outcome; a question has
      failed.
    - `ping`: how often the stream is pinged. `silence`: a stream on which nothing came for so long
      is dead, whatever its socket says, and is opened again; it must be above `ping`.
    - `first_wait`: before a stream that has ended is opened again, and twice as long each further
      time up to `longest_wait`, until one has lasted for longer than that.
    - `start`: how long beginning may take. `closing`: how long requests that are on their way are
      waited for at the end.
    - `sync`: how the safety sync asks; None: a pass every ten seconds, and every 2.5 for each
      market where there are more than four, which is within the venue's limit of requests.
    """

    time_limit: float = _seconds(10.0)
    ping: float = _seconds(10.0)
    silence: float = _seconds(25.0)
    first_wait: float = _seconds(0.05)
    longest_wait: float = _seconds(10.0)
    start: float = _seconds(60.0)
    closing: float = _seconds(2.0)
    sync: SyncConfig | None = attrs.field(
        default=None, validator=attrs.validators.optional(fields.instance(SyncConfig))
    )

    def __attrs_post_init__(self) -> None:
        """Refuse a stream that would be dead between two pings."""
        if not self.ping < self.silence:
            raise ValueError(
                f"ping ({self.ping}) must be below silence ({self.silence}): the answer to a ping "
                "is what keeps a quiet stream alive"
            )

    def sync_of(self, markets: int) -> SyncConfig:
        """Return how the safety sync asks, of so many markets."""
        return SyncConfig(interval=max(10.0, 2.5 * markets)) if self.sync is None else self.sync
