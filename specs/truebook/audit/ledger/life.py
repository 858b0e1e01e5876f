"""The ordinary life of an order: open, filled bit by bit, over as its fills say."""

from decimal import Decimal
from typing import Final, TypeAlias

from msgspec import Struct

from truebook.audit.ledger.orders import CONFIG
from truebook.audit.seen import FillLine, FillText, Place
from truebook.impl.book import OrderStatus
from truebook.impl.venues.hyperliquid import orders

Told: TypeAlias = orders.OrderUpdate | FillText | FillLine
Mark: TypeAlias = tuple[str, int, int]
"""A place that is not made yet: its file, line and item."""
RESTING, PARTLY, FILLED, CANCELLED = "RESTING", "PARTIALLY_FILLED", "FILLED", "CANCELLED"
OVER: Final = frozenset((FILLED, CANCELLED))
ZERO: Final = Decimal(0)
_Update = orders.OrderUpdate


class Said(Struct, gc=False, eq=False):
    """A word or a fill, the how manieth it is of all, its place, and the time of the book."""

    number: int
    told: Told
    place: Place | Mark
    now: int


class Life(Struct, gc=False, eq=False):
    """An order as far as its words and fills are ordinary.

    `size` is None as long as fills alone are known of it. `told` has all words and
    fills.
    """

    oid: int
    buys: bool = True
    size: Decimal | None = None
    filled: Decimal = ZERO
    state: str = ""
    cloid: str | None = None
    closed_at: int | None = None
    first_due: int = 0
    due: int = 0
    told: list[Said] = []

    def can_be(self, buys: bool, size: Decimal, cloid: str | None, now: int) -> bool:
        """Return whether the fills that came before any word can be of such an order."""
        if not self.told:
            return True
        fills = (one.told for one in self.told)
        named = {told.cloid or None for told in fills if not isinstance(told, _Update)}
        right = self.buys is buys and self.filled <= size and now < self.first_due
        return right and named <= {None, cloid}

    @property
    def is_short(self) -> bool:
        """Whether it was said to be filled, from its beginning on, and fills of it lack."""
        if self.state is not FILLED or self.size is None or self.filled >= self.size:
            return False
        return any(isinstance(s.told, _Update) and s.told.status == "open" for s in self.told)

    @property
    def told_whole(self) -> "Place | Mark":
        """Where it was said to be filled."""
        words = (s for s in self.told if isinstance(s.told, _Update) and s.told.status != "open")
        return next(words).place

    def is_over_at_another_time(self, update: _Update) -> bool:
        """Return whether it was told to be over at another time than this says."""
        return any(
            isinstance(s.told, _Update)
            and s.told.status != "open"
            and s.told.status_timestamp != update.status_timestamp
            for s in self.told
        )

    def is_past(self, now: int) -> bool:
        """Return whether it is over for so long that a fill of it counts no more."""
        at = self.closed_at
        return at is not None and now >= at + CONFIG.fill_window_duration

    def after(self, word: OrderStatus | None, size: Decimal, left: Decimal, now: int) -> str | None:
        """Return what it is after a word; None for one that is not the ordinary next."""
        if self.is_past(now):
            return None
        over, as_filled = self.closed_at is not None, left == size - self.filled
        if word is OrderStatus.OPEN and not over:
            if self.state:
                return self.state if as_filled else None
            if left != size:
                return None
            return FILLED if self.filled == size else PARTLY if self.filled else RESTING
        if word is OrderStatus.FILLED and self.state is not CANCELLED and not left:
            return FILLED
        if word is OrderStatus.CANCELLED and not over and as_filled and left:
            return CANCELLED
        return None
