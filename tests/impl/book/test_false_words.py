"""The venue says something false of an order of ours; then it says the truth.

By kind: each false word that an order is over, at each moment, and what follows it.
"""

from collections.abc import Callable
from decimal import Decimal
from typing import TypeAlias

from hypothesis import given
from hypothesis import strategies as st

from truebook.impl import (
    SECOND,
    BookConfig,
    Conflict,
    ListedOrder,
    Listing,
    ReconcileResult,
    UnifiedOrderBook,
)

SIZE, OID = 5, 1
LAG, WINDOW, TOMBSTONE = (10 * SECOND, 60 * SECOND, 60 * SECOND)
OTHER = ListedOrder(99, "0xsomebody", "sell", price=100, remaining=1, size=1)

Word: TypeAlias = Callable[[UnifiedOrderBook, str, int], object]
"""Tells a book something false, given the order's cloid and the time."""


def listing(book: UnifiedOrderBook, now: int, *orders: ListedOrder) -> ReconcileResult:
    request = book.listing_requested(now=now)
    result = book.reconcile(Listing(orders, request), now=now)
    assert isinstance(result, ReconcileResult)
    return result


def listed(cloid: str | None, filled: int = 0, oid: int = OID) -> ListedOrder:
    return ListedOrder(oid, cloid, "buy", price=100, remaining=SIZE - filled, size=SIZE)


OVER: dict[str, Word] = {
    "cancelled": lambda b, c, t: b.order_status(OID, "cancelled", cloid=c, filled=0, now=t),
    "cancelled, no amount": lambda b, c, t: b.order_status(OID, "cancelled", cloid=c, now=t),
    "filled": lambda b, c, t: b.order_status(OID, "filled", cloid=c, now=t),
    "rejected": lambda b, c, t: b.order_status(OID, "rejected", cloid=c, now=t),
    "unknown": lambda b, c, t: b.status_unknown(OID, now=t),
    "answered as filled": lambda b, c, t: b.finalize_order(
        c, OID, 0, "buy", 100, filled_size=SIZE, now=t
    ),
    "cancel confirmed": lambda b, c, t: b.cancel_confirmed(OID, now=t),
    "cancel not open": lambda b, c, t: b.cancel_not_open(OID, now=t),
    "an empty listing": lambda b, c, t: listing(b, t),
    "a listing of another market": lambda b, c, t: listing(b, t, OTHER),
}
over = st.sampled_from(sorted(OVER))
asked_after = st.integers(LAG + 1, WINDOW + TOMBSTONE - 1)


def open_order(filled: int = 0, cloid: str | None = None) -> tuple[UnifiedOrderBook, str]:
    """Return a book with an order that rests, and has been listed for long."""
    book = UnifiedOrderBook()
    cloid = book.register_pending("buy", 100, SIZE, cloid=cloid, now=0)
    book.finalize_order(cloid, OID, SIZE, "buy", 100, now=1)
    fill(book, filled)
    listing(book, 100 * SECOND, listed(cloid, filled))
    assert book.drain_events() == ()
    return book, cloid


def fill(book: UnifiedOrderBook, lots: int, first: int = 0) -> None:
    for tid in range(first + 1, first + lots + 1):
        book.process_fill(OID, tid, 1, 100, True, time=tid, crossed=False)


def conflicts(book: UnifiedOrderBook) -> list[Conflict]:
    return [event for event in book.drain_events() if isinstance(event, Conflict)]


def asked_nothing(result: ReconcileResult) -> bool:
    return result.orphans_to_cancel == () and OID not in result.orphans


@given(word=over, filled=st.integers(0, SIZE - 1), cancelling=st.booleans(), later=asked_after)
def test_an_order_that_is_listed_after_all_is_open(
    word: str, filled: int, cancelling: bool, later: int
) -> None:
    book, cloid = open_order(filled)
    now = 200 * SECOND
    if cancelling:
        book.request_cancel(OID, now=now)
    OVER[word](book, cloid, now)
    assert book.get_active_oids() == frozenset()
    book.drain_events()
    for n in range(4):
        assert asked_nothing(listing(book, now + later + n * 30 * SECOND, listed(cloid, filled)))
        assert book.get_active_oids() == frozenset({OID})
        assert book.pending_exposure("buy") == SIZE - filled
        assert len(conflicts(book)) == (n == 0)
    order = book.get_order(cloid)
    assert order is not None
    assert order.doubted
    assert order.filled == filled == book.position


@given(word=over, again=st.lists(over, min_size=1, max_size=4), later=asked_after)
def test_a_false_word_said_again_changes_nothing(word: str, again: list[str], later: int) -> None:
    book, cloid = open_order()
    now = 200 * SECOND
    OVER[word](book, cloid, now)
    book.drain_events()
    now += later
    listing(book, now, listed(cloid))
    assert len(conflicts(book)) == 1
    for said in (word for word in again if not word.endswith(("listing", "market"))):
        now += 50 * SECOND
        OVER[said](book, cloid, now)
        assert book.get_active_oids() == frozenset({OID})
        assert book.pending_exposure("buy") == SIZE
        assert asked_nothing(listing(book, now, listed(cloid)))
    assert conflicts(book) == []


@given(word=over, soon=st.integers(0, LAG))
def test_a_listing_that_may_be_older_than_the_word_proves_nothing(word: str, soon: int) -> None:
    book, cloid = open_order()
    OVER[word](book, cloid, 200 * SECOND)
    book.drain_events()
    listing(book, 200 * SECOND + soon, listed(cloid))
    assert book.get_active_oids() == frozenset()
    assert conflicts(book) == []


@given(word=over, more=st.integers(0, SIZE - 1), later=asked_after)
def test_fills_and_a_listing_end_it(word: str, more: int, later: int) -> None:
    book, cloid = open_order()
    OVER[word](book, cloid, 200 * SECOND)
    book.drain_events()
    now = 200 * SECOND + later
    listing(book, now, listed(cloid))
    fill(book, more)
    assert book.pending_exposure("buy") == SIZE - more
    listing(book, now + LAG + 1)
    assert book.get_active_oids() == frozenset()
    assert book.pending_exposure("buy") == 0
    assert book.position == more
    fill(book, SIZE - more, more)
    assert book.position == SIZE


def test_its_last_fill_ends_an_order_whose_end_is_disputed() -> None:
    book, cloid = open_order()
    OVER["cancelled"](book, cloid, 200 * SECOND)
    listing(book, 220 * SECOND, listed(cloid))
    fill(book, SIZE)
    order = book.get_order(cloid)
    assert order is not None
    assert not order.is_open
    assert order.filled == SIZE


@given(
    filled=st.integers(0, SIZE),
    every=st.integers(LAG + 1, 2 * (WINDOW + TOMBSTONE)),
    times=st.integers(1, 6),
)
def test_a_listing_that_goes_on_showing_an_order_that_is_over(
    filled: int, every: int, times: int
) -> None:
    book, cloid = open_order(filled if filled < SIZE else 0)
    if filled == SIZE:
        fill(book, SIZE)
    else:
        book.order_status(OID, "cancelled", cloid=cloid, filled=filled, now=200 * SECOND)
    now = max(book.now, 200 * SECOND)
    shown = []
    said = 0
    for _ in range(times):
        now += every
        old = listed(cloid, min(filled, SIZE - 1))
        assert asked_nothing(listing(book, now, old))
        book.order_status(OID, "cancelled", cloid=cloid, filled=filled, now=now)
        shown.append(OID in book.get_active_oids())
        said += len(conflicts(book))
    assert shown == sorted(shown), "it goes back and forth"
    assert said <= 1 + (filled == SIZE)
    listing(book, now + LAG + 1)
    assert book.get_active_oids() == frozenset()


forgotten_after = st.integers(WINDOW + TOMBSTONE, 10 * (WINDOW + TOMBSTONE))


@given(
    word=over,
    made=st.booleans(),
    named=st.booleans(),
    filled=st.integers(0, SIZE - 1),
    later=forgotten_after,
)
def test_what_is_forgotten_is_ours_when_it_is_listed(
    word: str, made: bool, named: bool, filled: int, later: int
) -> None:
    """By its cloid, or by its oid where the venue lists no cloids."""
    book, cloid = open_order(filled, None if made else "mine")
    OVER[word](book, cloid, 200 * SECOND)
    book.tick(200 * SECOND + later)
    assert book.get_order(cloid) is None
    book.drain_events()
    for n in range(3):
        now = 200 * SECOND + later + n * 30 * SECOND
        assert asked_nothing(listing(book, now, listed(cloid if named else None, filled)))
        assert book.pending_exposure("buy") == SIZE - filled
        assert len(conflicts(book)) == (n == 0)
    order = book.get_order(cloid)
    assert order is not None
    assert order.size == SIZE
    assert order.filled == filled


@given(later=asked_after, filled=st.integers(0, SIZE - 1), oid=st.sampled_from([None, OID, 7]))
def test_a_request_that_was_told_refused_and_is_listed(
    later: int, filled: int, oid: int | None
) -> None:
    """Under no oid, its own, or another."""
    book = UnifiedOrderBook()
    cloid = book.register_pending("buy", 100, SIZE, now=0)
    book.order_rejected(cloid, "post only", oid=oid, now=1)
    assert book.pending_exposure("buy") == 0
    listing(book, 1 + later, listed(cloid, filled))
    assert book.pending_exposure("buy") == SIZE - filled
    book.order_rejected(cloid, "post only", now=2 + later)
    assert book.get_active_oids() == frozenset({OID})
    assert len(conflicts(book)) == 1


@given(early=st.integers(0, LAG), later=asked_after)
def test_what_binds_a_refused_request_does_not_put_off_its_end(early: int, later: int) -> None:
    """An older listing gives it its oid; it is over since the refusal all the same."""
    book = UnifiedOrderBook()
    cloid = book.register_pending("buy", 100, SIZE, now=0)
    request = book.listing_requested(now=1)
    book.order_status(OID, "rejected", cloid=cloid, now=1)
    book.reconcile(Listing((listed(cloid),), request), now=1 + early)
    assert book.get_active_oids() == frozenset()
    listing(book, max(1 + later, 1 + early), listed(cloid))
    assert book.get_active_oids() == frozenset({OID})
    assert len(conflicts(book)) == 1


@given(later=asked_after)
def test_a_refused_modify_told_as_the_end_of_its_order(later: int) -> None:
    book, cloid = open_order()
    book.request_modify(OID, 101, SIZE, now=200 * SECOND)
    book.order_status(OID, "cancelled", cloid=cloid, filled=0, now=201 * SECOND)
    book.modify_failed(cloid, "post only", now=202 * SECOND)
    listing(book, 201 * SECOND + later, listed(cloid))
    assert book.get_active_oids() == frozenset({OID})
    assert book.pending_exposure("buy") == SIZE
    assert book.pending_count == 0


@given(later=forgotten_after)
def test_the_old_order_of_a_modify_that_is_listed_is_no_orphan(later: int) -> None:
    book, cloid = open_order()
    book.request_modify(OID, 101, SIZE, now=200 * SECOND)
    book.modify_confirmed(cloid, 2, now=201 * SECOND)
    both = listed(cloid), listed(cloid, oid=2)
    now = 201 * SECOND + later
    listing(book, now, both[1])
    for n in range(3):
        assert asked_nothing(listing(book, now + n * 30 * SECOND, *both))
        assert book.get_active_oids() == frozenset({OID, 2})
    listing(book, now + 200 * SECOND, both[1])
    assert book.get_active_oids() == frozenset({2})


# Whose a cloid is


@given(cloid=st.sampled_from(["mm-1", "mm-" + "9" * 40]), later=forgotten_after)
def test_cloids_of_the_configured_form_are_ours_for_ever(cloid: str, later: int) -> None:
    book = UnifiedOrderBook(BookConfig(own_cloid="mm-"))
    for n in range(3):
        assert asked_nothing(listing(book, later + n * 30 * SECOND, listed(cloid)))
    assert book.pending_exposure("buy") == SIZE
    assert len(conflicts(book)) == 1


def test_a_cloid_that_nobody_here_made_is_an_orphan() -> None:
    book = UnifiedOrderBook(BookConfig(own_cloid="mm-", cloid_seed=7))
    for cloid in ("nn-1", f"0x{8:016x}{1:016x}", f"0x{7:016x}", f"0x{7:016x}{1:017x}"):
        other = book.copy()
        assert listing(other, SECOND, listed(cloid)).orphans == (OID,)
        assert listing(other, 10 * SECOND, listed(cloid)).orphans_to_cancel == (OID,)


def test_of_the_forgotten_cloids_of_others_the_latest_are_remembered() -> None:
    book = UnifiedOrderBook(BookConfig(max_forgotten_cloids=2))
    for n in range(1, 4):
        book.register_pending("buy", 100, 1, cloid=f"c{n}", now=n)
        book.order_rejected(f"c{n}")
    book.tick(1000 * SECOND)
    orders = [ListedOrder(n, f"c{n}", "buy", price=100, remaining=1, size=1) for n in range(1, 4)]
    result = listing(UnifiedOrderBook.from_json(book.to_json()), 1001 * SECOND, *orders)
    assert result.orphans == (1,)
    assert result.recovered == (2, 3)


def test_ours_without_its_side_is_held_and_asked_for() -> None:
    book = UnifiedOrderBook(BookConfig(own_cloid="mm-"))
    for n in range(4):
        bare = ListedOrder(OID, "mm-1", remaining=Decimal(3))
        result = listing(book, n * 30 * SECOND, bare)
        assert (result.orphans, result.orphans_to_cancel) == ((), ())
        assert result.statuses_to_ask == (OID,)
    assert len(conflicts(book)) == 1
    assert listing(book, 150 * SECOND, listed("mm-1")).recovered == (OID,)
    assert book.get_orphans() == ()


# Kept


@given(word=over, filled=st.integers(0, SIZE - 1), later=asked_after)
def test_a_book_that_was_misled_is_saved_and_copied(word: str, filled: int, later: int) -> None:
    book, cloid = open_order(filled, "mine")
    OVER[word](book, cloid, 200 * SECOND)
    for now in (200 * SECOND + later, 200 * SECOND + later + 30 * SECOND):
        listing(book, now, listed(cloid, filled))
        loaded = UnifiedOrderBook.from_json(book.to_json())
        assert loaded == book == book.copy()
        assert loaded.get_order(cloid) == book.get_order(cloid)
        book = loaded
    assert len(conflicts(book)) >= 1
