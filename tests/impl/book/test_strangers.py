"""What becomes of listed orders that are not ours: cancelled, or left and shown apart."""

from decimal import Decimal
from typing import Any

import attrs
import pytest
from hypothesis import given
from hypothesis import strategies as st

from old_versions import written_by
from truebook.impl import (
    SECOND,
    BookConfig,
    ListedOrder,
    Listing,
    Side,
    Strangers,
    Unattributed,
    UnifiedOrderBook,
)
from truebook.impl.views import BookView, summary

LEAVE = BookConfig(strangers=Strangers.LEAVE, own_cloid="mine-")
CANCEL = BookConfig(own_cloid="mine-")


def listing(book: UnifiedOrderBook, seconds: int, *orders: ListedOrder) -> Any:
    request = book.listing_requested(now=seconds * SECOND)
    return book.reconcile(Listing(orders, request), now=seconds * SECOND)


def stranger(
    oid: int = 9, left: int = 4, side: str = "sell", cloid: str | None = None
) -> ListedOrder:
    return ListedOrder(oid, cloid, side, price=100, remaining=left, size=10)


def test_a_stranger_is_left_for_ever_and_shown_apart() -> None:
    book = UnifiedOrderBook(LEAVE)
    for seconds in range(0, 1000, 10):
        result = listing(book, seconds, stranger())
        assert result.orphans_to_cancel == ()
        assert result.orphans == ((9,) if seconds == 0 else ())
        assert book.pending_exposure("sell") == 0
        assert book.foreign_exposure("sell") == 4
        assert book.foreign_exposure("buy") == 0
    (shown,) = book.get_orphans()
    assert (shown.side, shown.size, shown.cancel_at) == (Side.SELL, Decimal(4), None)
    listing(book, 1000, stranger(left=1))
    assert book.foreign_exposure(Side.SELL) == 1
    listing(book, 1010)
    assert book.foreign_exposure("sell") == 0
    assert book.get_orphans() == ()


def test_the_same_stranger_is_cancelled_and_counted_where_that_is_the_policy() -> None:
    book = UnifiedOrderBook(CANCEL)
    assert BookConfig().strangers is Strangers.CANCEL
    listing(book, 0, stranger())
    assert book.pending_exposure("sell") == book.foreign_exposure("sell") == 4
    assert listing(book, 10, stranger()).orphans_to_cancel == (9,)


def test_what_is_ours_is_never_a_stranger() -> None:
    book = UnifiedOrderBook(LEAVE)
    result = listing(book, 0, stranger(cloid="mine-7"), stranger(8, 2, cloid="theirs"))
    assert (result.recovered, result.orphans) == ((9,), (8,))
    assert book.pending_exposure("sell") == 4
    assert book.foreign_exposure("sell") == 2
    cloid = book.register_pending("sell", 100, 3)
    listing(book, 10, stranger(cloid="mine-7"), ListedOrder(11, cloid))
    assert book.get_active_oids() == {9, 11}


def test_fills_of_strangers_move_the_position_as_the_venue_says() -> None:
    book = UnifiedOrderBook(LEAVE)
    listing(book, 0, stranger())
    result = book.process_fill(9, 1, 3, 100, False, time=1)
    assert isinstance(result, Unattributed)
    assert book.position == -3
    assert book.foreign_exposure("sell") == 4  # until a listing says less
    assert book.expected_position == -3
    listing(book, 10, stranger(left=1))
    assert book.position == -3
    assert book.foreign_exposure("sell") == 1


ORDERS = st.lists(
    st.builds(
        stranger,
        st.integers(1, 6),
        st.integers(0, 10),
        st.sampled_from(["buy", "sell"]),
        st.sampled_from([None, None, "theirs", "mine-1", "mine-2"]),
    ),
    max_size=4,
    unique_by=lambda order: order.oid,
)


@given(st.lists(st.tuples(ORDERS, st.integers(1, 60)), max_size=6), st.booleans())
def test_the_policies_differ_in_what_is_asked_and_counted_alone(
    told: list[tuple[list[ListedOrder], int]], pending: bool
) -> None:
    left, cancelled = UnifiedOrderBook(LEAVE), UnifiedOrderBook(CANCEL)
    seconds = 0
    for book in (left, cancelled):
        if pending:
            book.register_pending("buy", 100, 10, cloid="mine-1", now=0)
    for orders, later in told:
        seconds += later
        mine = listing(left, seconds, *orders)
        theirs = listing(cancelled, seconds, *orders)
        assert mine.orphans_to_cancel == ()
        assert mine == attrs.evolve(theirs, orphans_to_cancel=())
        assert left.get_orders() == cancelled.get_orders()
        for side in Side:
            of_strangers = [
                orphan.size
                for orphan in left.get_orphans()
                if orphan.side is side and orphan.since is not None
            ]
            assert left.foreign_exposure(side) == sum(of_strangers)
            legs = [leg for order in left.get_orders() for leg in left.legs(order.cloid)]
            ours = sum(leg.exposure for leg in legs if leg.side is side)
            assert left.pending_exposure(side) == ours
        assert all(orphan.cancel_at is None for orphan in left.get_orphans())


def test_the_policy_is_saved_and_shown() -> None:
    book = UnifiedOrderBook(LEAVE)
    listing(book, 0, stranger())
    saved = book.to_json()
    assert type(saved["config"]["strangers"]) is str
    again = UnifiedOrderBook.from_json(saved)
    assert again == book
    assert again.config.strangers is Strangers.LEAVE
    assert BookView(again).foreign_exposure("sell") == 4
    assert "strangers 0 to buy, 4 to sell" in summary(book)
    assert "strangers" not in summary(UnifiedOrderBook())
    with pytest.raises(ValueError, match="strangers must be one of cancel, leave, not 'keep'"):
        UnifiedOrderBook.from_json({**saved, "config": saved["config"] | {"strangers": "keep"}})


@pytest.mark.parametrize("version", [1, 2])
def test_a_book_of_a_version_before_is_loaded_with_the_policy_of_then(version: int) -> None:
    book = UnifiedOrderBook()
    listing(book, 0, stranger())
    saved = written_by(version, book.to_json())
    assert "strangers" not in saved["config"]
    assert saved.keys().isdisjoint({"set_back", "odd_forms"})
    assert UnifiedOrderBook.from_json(saved) == book
