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
WINDOW: Final = CONFIG.fill_window_duration
_OPEN, _FILLED, _CANCELLED = OrderStatus.OPEN, OrderStatus.FILLED, OrderStatus.CANCELLED
_Update = orders.OrderUpdate


Said: TypeAlias = tuple[int, Told, Place | Mark, int]
"""The how manieth word or fill of all it is, itself, its place, and the time of the book."""


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
        fills = (told for _, told, _, _ in self.told)
        named = {told.cloid or None for told in fills if not isinstance(told, _Update)}
        right = self.buys is buys and self.filled <= size and now < self.first_due
        return right and named <= {None, cloid}

    @property
    def is_short(self) -> bool:
        """Whether it was said to be filled, from its beginning on, and fills of it lack."""
        if self.state is not FILLED or self.size is None or self.filled >= self.size:
            return False
        return any(
            isinstance(said, _Update) and said.status == "open" for _, said, _, _ in self.told
        )

    @property
    def told_whole(self) -> "Place | Mark":
        """Where it was said to be filled."""
        return next(
            place
            for _, said, place, _ in self.told
            if isinstance(said, _Update) and said.status != "open"
        )

    def is_over_at_another_time(self, update: _Update) -> bool:
        """Return whether it was told to be over at another time than this says."""
        return any(
            isinstance(said, _Update)
            and said.status != "open"
            and said.status_timestamp != update.status_timestamp
            for _, said, _, _ in self.told
        )

    def is_past(self, now: int) -> bool:
        """Return whether it is over for so long that a fill of it counts no more."""
        return self.closed_at is not None and now >= self.closed_at + WINDOW

    def after(self, word: OrderStatus | None, size: Decimal, left: Decimal, now: int) -> str | None:
        """Return what it is after a word; None for one that is not the ordinary next."""
        if self.closed_at is not None:
            again = word is _FILLED and self.state is FILLED and not left
            return FILLED if again and not self.is_past(now) else None
        if word is _FILLED:
            return None if left else FILLED
        if word is _OPEN and not self.state:
            if left != size:
                return None
            return FILLED if self.filled == size else PARTLY if self.filled else RESTING
        if left != size - self.filled:
            return None
        if word is _OPEN:
            return self.state
        return CANCELLED if word is _CANCELLED and left else None
