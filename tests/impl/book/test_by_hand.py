"""What the owner of an account does to our orders by hand: the book learns it from listings."""

from decimal import Decimal

from hypothesis import given
from hypothesis import strategies as st

from sized import CONFIG
from truebook.impl import (
    Conflict,
    ListedOrder,
    Listing,
    ModifyRequested,
    ReconcileResult,
    Side,
    UnifiedOrderBook,
)

PRICE = Decimal(100)
SIDES = st.sampled_from([Side.BUY, Side.SELL])


class Venue:
    """One order, as the venue has it, and the book that is told of it."""

    def __init__(self, side: Side, size: int) -> None:
        self.oid, self.side, self.price, self.size, self.filled = 1, side, PRICE, size, 0
        self.book = UnifiedOrderBook(CONFIG)
        self.book.register_pending(side, PRICE, size, cloid="c", now=0)
        self.book.finalize_order("c", 1, size, side, PRICE, now=1)

    def fill(self, size: int) -> None:
        """Fill so much of it, and tell so."""
        self.filled += size
        book, buy = self.book, self.side is Side.BUY
        book.process_fill(self.oid, self.filled, size, self.price, buy, time=self.filled)

    def list(self) -> None:
        """Tell what the venue lists, once that is newer than all before."""
        left = self.size - self.filled
        shown = ListedOrder(
            self.oid, "c", self.side, price=self.price, remaining=left, size=self.size
        )
        book = self.book
        now = book.now + CONFIG.finalized_protection + 1
        result = book.reconcile(Listing((shown,), book.listing_requested(now=now)))
        assert isinstance(result, ReconcileResult)
        assert not result.orphans_to_cancel

    def agrees(self) -> None:
        left = self.size - self.filled
        assert self.book.pending_exposure(self.side) == left
        assert self.book.unsettled(self.side) == 0
        assert self.book.get_active_oids() == {self.oid}


@given(side=SIDES, size=st.integers(1, 9), data=st.data())
def test_what_is_amended_under_its_oid_counts_with_its_size_at_any_price(
    side: Side, size: int, data: st.DataObject
) -> None:
    venue = Venue(side, size)
    differed = False
    for _ in range(data.draw(st.integers(1, 4), label="amends")):
        venue.fill(data.draw(st.integers(1, venue.size - venue.filled), label="filled"))
        venue.size = venue.filled + data.draw(st.integers(1, 9), label="left")
        venue.price = PRICE + data.draw(st.integers(-1, 1), label="price")
        differed = differed or venue.price != PRICE
        venue.list()
        venue.list()
        venue.agrees()
    said = [event for event in venue.book.drain_events() if isinstance(event, Conflict)]
    assert len(said) == differed  # once, however often


@given(side=SIDES, size=st.integers(1, 9), ours=st.integers(1, 9), his=st.integers(1, 9))
def test_what_he_replaces_while_our_modify_is_on_its_way_counts_with_his_size(
    side: Side, size: int, ours: int, his: int
) -> None:
    venue = Venue(side, size)
    asked = venue.book.request_modify("c", PRICE + 1, ours)
    assert isinstance(asked, ModifyRequested)
    venue.oid, venue.size, venue.price = 2, his, PRICE + 2
    venue.book.order_status(2, "open", cloid="c")
    venue.book.order_status(1, "cancelled", filled=0)
    venue.book.modify_failed("c", "already cancelled", request=asked.request)
    venue.list()
    venue.agrees()
    venue.fill(his)
    assert venue.book.pending_exposure(side) == venue.book.unsettled(side) == 0
