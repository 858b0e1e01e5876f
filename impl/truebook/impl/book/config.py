"""How a book is configured: for how long it waits, and how much it remembers."""

import attrs

from truebook.impl.book import checks, fields

SECOND = 1_000_000_000
"""Nanoseconds in a second."""


def _count(default: int) -> int:
    return attrs.field(default=default, validator=fields.whole(1))


def _duration(least: int, default: int) -> int:
    return attrs.field(default=default, validator=fields.whole(least, " of nanoseconds"))


def _scope(value: str) -> str:
    return checks.name(value, "scope")


def _own_cloid(value: str) -> str:
    return checks.name(value, "own_cloid")


def _seed(_: object, field: "attrs.Attribute[int]", value: int) -> None:
    fields.whole(0)(_, field, value)
    if not value < 1 << 64:
        raise ValueError(f"{field.name} must be less than 2**64, not {value}")


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
    - `own_cloid`: how the cloids begin that are ours for ever, beside those that the book makes: a
      listed order with such a cloid is never an orphan. Give the prefix of yours if you make them.
    - `max_forgotten_cloids`: how many other cloids of orders that are forgotten are known as ours.
    - `cloid_seed`: the upper 64 bits of the cloids that the book makes. Give each book of an
      account its own: two with the same seed make the same cloids.

    ValueError where a listing could be older than what the book remembers of the orders in it.
    """

    max_tracked_tids: int = _count(10_000)
    orphan_grace_period: int = _duration(1, 5 * SECOND)
    expected_cloid_ttl: int = _duration(0, 30 * SECOND)
    finalized_protection: int = _duration(0, 10 * SECOND)
    fill_window_duration: int = _duration(1, 60 * SECOND)
    cancel_timeout: int = _duration(0, 5 * SECOND)
    tombstone_duration: int = _duration(1, 60 * SECOND)
    listing_timeout: int = _duration(0, 30 * SECOND)
    max_events: int = _count(10_000)
    scope: str = attrs.field(default="", converter=_scope)
    own_cloid: str = attrs.field(default="", converter=_own_cloid)
    max_forgotten_cloids: int = _count(10_000)
    cloid_seed: int = attrs.field(default=0, validator=_seed)

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
