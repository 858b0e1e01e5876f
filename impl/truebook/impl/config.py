"""How a book is configured: for how long it waits, and how much it remembers."""

from typing import Any

import attrs
from attrs.validators import and_, ge, instance_of, lt

SECOND = 1_000_000_000
"""Nanoseconds in a second."""


def _whole(least: int, default: int) -> int:
    return attrs.field(default=default, validator=_at_least(least))


def _at_least(least: int) -> Any:
    def check(_: object, attribute: "attrs.Attribute[Any]", value: object) -> None:
        if type(value) is not int:
            unit = "" if attribute.name.startswith("max_") else " of nanoseconds"
            raise TypeError(f"{attribute.name} must be an int{unit}, not {value!r}")
        if value < least:
            raise ValueError(f"{attribute.name} must be at least {least}, not {value}")

    return check


@attrs.frozen(kw_only=True)
class BookConfig:
    """The timers and bounds of a book; durations are whole nanoseconds.

    - `expected_cloid_ttl` (E): no request takes effect later than this after it was sent.
    - `finalized_protection` (L): a listing shows the venue as it was at most this long before it
      was asked for.
    - `listing_timeout`: a listing that takes longer is refused.
    - `fill_window_duration`: how long a closed order still takes fills; a fill message must come
      sooner after the end of its order.
    - `tombstone_duration`: how much longer a closed order is remembered, so that a late answer
      does not bring it back.
    - `orphan_grace_period`: how long a listed order may be unknown before it is to be cancelled.
    - `cancel_timeout`: after this an unanswered cancel is listed as stuck; nothing else changes.
    - `max_tracked_tids`: how many fills are remembered by id. `max_events`: how many events wait
      to be drained. In both the oldest go first.
    - `scope`: the market that listings are of, where the venue has several; a listing of another
      one is refused.
    - `cloid_seed`: the upper 64 bits of the cloids that the book makes. Give each book of an
      account its own: two with the same seed make the same cloids.

    ValueError where a listing could be older than what the book remembers of the orders in it.
    """

    max_tracked_tids: int = _whole(1, 10_000)
    orphan_grace_period: int = _whole(1, 5 * SECOND)
    expected_cloid_ttl: int = _whole(0, 30 * SECOND)
    finalized_protection: int = _whole(0, 10 * SECOND)
    fill_window_duration: int = _whole(1, 60 * SECOND)
    cancel_timeout: int = _whole(0, 5 * SECOND)
    tombstone_duration: int = _whole(1, 60 * SECOND)
    listing_timeout: int = _whole(0, 30 * SECOND)
    max_events: int = _whole(1, 10_000)
    scope: str = attrs.field(default="", validator=instance_of(str))
    cloid_seed: int = attrs.field(default=0, validator=and_(instance_of(int), ge(0), lt(1 << 64)))

    def __attrs_post_init__(self) -> None:
        """Refuse timers under which a listing could show an order that is forgotten."""
        if not self.listing_timeout + self.finalized_protection < self.remembered:
            raise ValueError(
                f"listing_timeout + finalized_protection ({self.listing_timeout} + "
                f"{self.finalized_protection}) must be less than fill_window_duration + "
                f"tombstone_duration ({self.fill_window_duration} + {self.tombstone_duration}): "
                "a listing could show an order that is forgotten, and it would be cancelled as "
                "an orphan; make the tombstone longer, or the listing timeout shorter"
            )

    @property
    def settled(self) -> int:
        """E + L: a listing asked for later than this after a request shows what came of it."""
        return self.expected_cloid_ttl + self.finalized_protection

    @property
    def remembered(self) -> int:
        """For how long a closed order is remembered: the fill window and the tombstone."""
        return self.fill_window_duration + self.tombstone_duration
