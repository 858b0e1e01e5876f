"""A book that begins with what is already there: a position, and open orders in part filled."""

from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from truebook.impl import (
    SECOND,
    Conflict,
    ListedOrder,
    Listing,
    OrderState,
    Overfill,
    Rebased,
    RebaseRefused,
    UnifiedOrderBook,
)
from truebook.impl.journal import JournaledBook, load

SIZE = 5
AS_OF = 50


def order(oid: int, filled: int, *, side: str = "buy", size: int = SIZE) -> ListedOrder:
    return ListedOrder(oid, f"c{oid}", side, price=100, remaining=size - filled, size=size)


def registered(*sides: str) -> UnifiedOrderBook:
    book = UnifiedOrderBook()
    for oid, side in enumerate(sides, 1):
        book.register_pending(side, 100, SIZE, cloid=f"c{oid}")
        book.finalize_order(f"c{oid}", oid, SIZE, side, 100)
    return book


def listed(book: UnifiedOrderBook, second: int, *orders: ListedOrder) -> None:
    request = book.listing_requested(now=second * SECOND)
    book.reconcile(Listing(orders, request))


def state(book: UnifiedOrderBook, oid: int = 1) -> OrderState:
    found = book.get_order(oid)
    assert found is not None
    return found.state


@pytest.mark.parametrize("listing_first", [True, False])
def test_a_position_that_has_exactly_what_is_told_as_filled_settles_it(listing_first: bool) -> None:
    book = registered("buy", "sell")
    if listing_first:
        listed(book, 60, order(1, 4), order(2, 1, side="sell"))
    assert isinstance(book.rebase(3, AS_OF), Rebased)
    if not listing_first:
        listed(book, 60, order(1, 4), order(2, 1, side="sell"))
    assert book.unsettled("buy") == book.unsettled("sell") == 0
    assert [book.pending_exposure(side) for side in ("buy", "sell")] == [1, 4]
    book.process_fill(1, 9, 1, 100, True, time=70)
    assert state(book) is OrderState.FILLED
    assert book.position == 4
    assert book.process_fill(1, 8, 4, 100, True, time=40) is None
    assert not [e for e in book.drain_events() if isinstance(e, Conflict | Overfill)]


@pytest.mark.parametrize("position", [0, 2, 5])
def test_where_the_position_does_not_say_so_fills_may_be_on_their_way(position: int) -> None:
    book = registered("buy")
    assert isinstance(book.rebase(position, AS_OF), Rebased)
    listed(book, 60, order(1, 4))
    assert book.unsettled("buy") == 4
    book.process_fill(1, 8, 4, 100, True, time=55)
    assert [book.position, book.unsettled("buy")] == [position + 4, 0]
    listed(book, 90, order(1, 4))
    assert book.pending_exposure("buy") == 1


def test_what_an_answer_said_has_filled_is_not_expected_beside_a_position_that_has_it() -> None:
    book = UnifiedOrderBook()
    book.register_pending("buy", 100, SIZE, cloid="c1", now=0)
    book.finalize_order("c1", 1, 1, "buy", 100, filled_size=4, now=1)
    assert book.expected_position == 4
    other = book.copy()
    book.rebase(4, AS_OF)
    assert [book.expected_position, book.position, book.unsettled("buy")] == [4, 4, 0]
    other.rebase(0, 1)
    assert [other.expected_position, other.position, other.unsettled("buy")] == [4, 0, 4]


@st.composite
def pictures(draw: st.DrawFn) -> tuple[list[tuple[int, int, int, int, bool]], int, int]:
    """Make fills (oid, tid, size, time, whether to buy), and what else is held and how many know.

    Of two orders to buy and to sell, of a lot each time, before AS_OF and after.
    """
    fills = []
    for oid in (1, 2):
        for tid in range(draw(st.integers(0, SIZE))):
            fills.append((oid, tid, 1, draw(st.integers(40, 60)), oid == 1))
    return draw(st.permutations(fills)), draw(st.integers(-9, 9)), draw(st.integers(0, len(fills)))


@settings(max_examples=100)
@given(pictures(), st.booleans(), st.data())
def test_a_book_begins_with_the_picture_and_recent_fills_in_any_order_and_late(
    made: tuple[list[tuple[int, int, int, int, bool]], int, int], known: bool, data: st.DataObject
) -> None:
    fills, held, early = made
    book = registered("buy", "sell") if known else UnifiedOrderBook()

    def tell(oid: int, tid: int, size: int, time: int, buy: bool) -> None:
        book.process_fill(oid, tid, size, 100, buy, time=time, cloid=f"c{oid}" if known else None)

    for one in fills[:early]:
        tell(*one)
    before = [one for one in fills if one[3] < AS_OF]
    position = held + sum(1 if one[4] else -1 for one in before)
    filled = {oid: sum(one[0] == oid for one in before) for oid in (1, 2)}
    picture = [order(1, filled[1]), order(2, filled[2], side="sell")]
    result = book.rebase(position, AS_OF, orders=data.draw(st.permutations(picture)))
    assert isinstance(result, Rebased)
    assert UnifiedOrderBook.from_json(book.to_json()) == book == book.copy()
    for one in data.draw(st.permutations(fills)):
        tell(*one)
    for oid, side in ((1, "buy"), (2, "sell")):
        whole = sum(one[0] == oid for one in fills)
        found = book.get_order(oid)
        assert found is not None
        assert found.filled == whole
        assert book.pending_exposure(side) == SIZE - whole
        assert book.unsettled(side) == 0
        assert found.state is (
            OrderState.FILLED
            if whole == SIZE
            else OrderState.PARTIALLY_FILLED
            if whole
            else OrderState.RESTING
        )
    assert book.position == held + sum(1 if one[4] else -1 for one in fills)
    assert not [e for e in book.drain_events() if isinstance(e, Conflict | Overfill)]


def test_an_order_without_a_cloid_is_given_one_and_a_fee_is_not_taken_for_less_traded() -> None:
    book = UnifiedOrderBook()
    book.process_fill(1, 1, 2, 100, True, time=60, fee_in_base=Decimal("0.1"))
    bare = ListedOrder(1, side="buy", price=100, remaining=2, size=3)
    assert isinstance(book.rebase(7, AS_OF, orders=[bare]), Rebased)
    assert book.position == Decimal("8.9")
    found = book.get_order(1)
    assert found is not None
    assert found.filled == 3
    assert found.state is OrderState.FILLED
    assert found.cloid == "oid 1"  # the same in every book that begins with it


@pytest.mark.parametrize(
    "wrong", [ListedOrder(1, "c1"), ListedOrder(1, "c1", "buy"), ListedOrder(1, "c1", size=3)]
)
def test_an_unknown_order_needs_its_side_and_size(wrong: ListedOrder) -> None:
    book = UnifiedOrderBook()
    with pytest.raises(ValueError, match="needs its side and its size"):
        book.rebase(1, AS_OF, orders=[wrong])
    assert book == UnifiedOrderBook()
    with pytest.raises(TypeError, match="orders"):
        book.rebase(1, AS_OF, orders="c1")  # type: ignore[arg-type]


def test_what_is_refused_takes_up_nothing() -> None:
    book = UnifiedOrderBook()
    book.register_pending("buy", 100, 1, cloid="c9", now=0)
    before = book.copy()
    assert isinstance(book.rebase(1, AS_OF, orders=[order(1, 2)]), RebaseRefused)
    assert book == before


def test_a_journal_has_the_orders_of_a_rebase(tmp_path: Path) -> None:
    path = tmp_path / "journal"
    with JournaledBook(path) as book:
        book.rebase(4, AS_OF, orders=iter([order(1, 4)]))
        book.process_fill(1, 9, 1, 100, True, time=70, fee_in_base=Decimal("0.5"))
        book.fill_reversed(1, 9, time=70)
        book.fill_corrected(1, 7, 2, time=80, at=90)
        kept: Any = book.copy()
    found, _ = load(path)
    assert found == kept
    assert found.position == 4
    assert state(found) is OrderState.FILLED


@given(
    told=st.lists(st.sampled_from(["listing", "fill", "status"]), min_size=1, max_size=4),
    size=st.integers(SIZE, 9),
    kept=st.booleans(),
)
def test_an_order_begun_without_its_cloid_may_be_told_with_it(
    told: list[str], size: int, kept: bool
) -> None:
    """The cloid that the book gave it is no word of the venue: its own contradicts nothing."""
    book = UnifiedOrderBook()
    shown = ListedOrder(1, None, "buy", price=100, remaining=SIZE, size=SIZE)
    book.rebase(0, AS_OF, orders=[shown], now=SECOND)
    book.drain_events()
    filled = 0
    for n, word in enumerate(told, 1):
        if word == "fill":
            filled += 1
            book.process_fill(1, n, 1, 100, True, cloid="own", time=AS_OF + n)
        elif word == "status":
            book.order_status(1, "open", cloid="own", filled=filled)
        else:
            left = size - filled
            named = ListedOrder(1, "own", "buy", price=100, remaining=left, size=size)
            listed(book, 20 * n, named)
            assert book.pending_exposure("buy") == left
        if kept:
            book = UnifiedOrderBook.from_json(book.to_json())
    assert book.drain_events() == ()
    book.order_status(1, "cancelled", cloid="own")
    book.tick(300 * SECOND)  # it was over, and is forgotten
    assert book.get_orders() == ()
    for n in range(3):
        listed(book, 300 + 20 * n, ListedOrder(1, "own", "buy", price=100, remaining=1, size=size))
        assert book.get_active_oids() == {1}
        assert book.get_orphans() == ()


def test_a_listing_from_before_it_began_explains_nothing_and_hides_nothing() -> None:
    book = registered("buy")
    book.rebase(2, AS_OF, now=SECOND)
    listed(book, 1)  # as it was before: the order is not there yet
    listed(book, 12, order(1, 2))
    assert book.pending_exposure("buy") == 3
    assert book.unsettled("buy") == 0


def test_what_fills_long_after_it_began_is_not_in_the_position() -> None:
    book = registered("buy")
    book.rebase(2, AS_OF, now=SECOND)
    listed(book, 12, order(1, 0))
    listed(book, 13, order(1, 2))
    assert book.pending_exposure("buy") == 3
    assert book.unsettled("buy") == 2
