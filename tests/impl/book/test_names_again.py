"""A cloid is used again: what is from before the request of its new order binds that to nothing.

By kind: each word of the order before, at each moment of the new order, however the first ended.
"""

from collections.abc import Callable
from typing import Any, TypeAlias

import pytest
from hypothesis import given
from hypothesis import strategies as st

from truebook.impl import (
    SECOND,
    Ambiguous,
    BookConfig,
    Conflict,
    FromPending,
    ListedOrder,
    Listing,
    ListingRequest,
    UnifiedOrderBook,
)

SIZE, OLD, NEW = 5, 1, 2
FORGOTTEN = 130 * SECOND
Word: TypeAlias = Callable[[UnifiedOrderBook, int], object]


def listed(oid: int, asked_at: int | None = None) -> Word:
    def tell(book: UnifiedOrderBook, now: int) -> object:
        row = ListedOrder(oid, "c", "buy", price=100, remaining=SIZE, size=SIZE)
        at = book.listing_requested(now=now).at if asked_at is None else asked_at
        return book.reconcile(Listing((row,), ListingRequest(at)), now=now)

    return tell


def fill(oid: int, tid: int, size: int, time: int) -> Word:
    return lambda b, t: b.process_fill(oid, tid, size, 100, True, cloid="c", time=time, now=t)


def status(oid: int, word: str) -> Word:
    return lambda b, t: b.order_status(oid, word, cloid="c", now=t)


ENDS: dict[str, list[Word]] = {
    "filled": [fill(OLD, 1, SIZE, 2)],
    "cancelled": [fill(OLD, 1, 2, 2), status(OLD, "cancelled")],
    "cancelled by us": [lambda b, t: b.request_cancel(OLD), lambda b, t: b.cancel_confirmed(OLD)],
    "rejected": [status(OLD, "rejected")],
}
OF_BEFORE: dict[str, Word] = {
    "a replayed fill": fill(OLD, 1, 2, 2),
    "a new fill": fill(OLD, 9, 1, 3),
    "open": status(OLD, "open"),
    "filled": status(OLD, "filled"),
    "cancelled": status(OLD, "cancelled"),
    "rejected": status(OLD, "rejected"),
    "its answer": lambda b, t: b.finalize_order("c", OLD, SIZE, "buy", 100, now=t),
    "its refusal": lambda b, t: b.order_rejected("c", oid=OLD, now=t),
    "a listing from before": listed(NEW, FORGOTTEN - 1),
}
OWN = st.sampled_from(["", "c"])  # whether a book knows by its form that the cloid is its own
words = st.lists(st.sampled_from(sorted(OF_BEFORE)), min_size=1, max_size=5)


def used_again(end: str, **options: Any) -> UnifiedOrderBook:
    book = UnifiedOrderBook(BookConfig(**options))
    book.register_pending("buy", 100, SIZE, cloid="c", now=0)
    book.finalize_order("c", OLD, SIZE, "buy", 100, now=1)
    for word in ENDS[end]:
        word(book, 2)
    with pytest.raises(ValueError, match="is known already"):
        book.register_pending("buy", 101, SIZE, cloid="c", now=FORGOTTEN - 20 * SECOND)
    book.register_pending("buy", 101, SIZE, cloid="c", now=FORGOTTEN)
    book.drain_events()
    return book


def answered(book: UnifiedOrderBook) -> None:
    """Answer the new order, and see that it is there and counted."""
    assert book.get_pending_cloids() == {"c"}
    assert book.pending_exposure("buy") >= SIZE
    result = book.finalize_order("c", NEW, SIZE, "buy", 101)
    assert result == FromPending("c", NEW)
    assert book.get_active_oids() == {NEW}
    order = book.get_order("c")
    assert order is not None
    assert order.filled == 0


@given(st.sampled_from(sorted(ENDS)), words, st.integers(0, 29 * SECOND), st.booleans(), OWN)
def test_no_word_of_the_order_before_binds_the_new_one(
    end: str, told: list[str], later: int, saved: bool, own: str
) -> None:
    book = used_again(end, own_cloid=own)
    position = book.position
    for word in told:
        OF_BEFORE[word](book, FORGOTTEN + later)
        if saved:
            book = UnifiedOrderBook.from_json(book.to_json())
        assert book.get_active_oids() == frozenset()
    new_fills = {"a new fill"} | (
        {"a replayed fill"} if end not in ("filled", "cancelled") else set()
    )
    assert (book.position == position) is not bool(new_fills & set(told))
    answered(book)


@given(st.sampled_from(sorted(ENDS)), words)
def test_its_own_words_bind_it_all_the_same(end: str, told: list[str]) -> None:
    for own in (fill(NEW, 2, 1, 200), status(NEW, "open"), listed(NEW)):
        book = used_again(end)
        for word in told:
            OF_BEFORE[word](book, book.now)
        own(book, book.now + 1)
        assert book.get_active_oids() == {NEW}
        assert book.pending_count == 0


def test_the_fill_of_an_order_before_is_a_replay_and_no_more() -> None:
    book = used_again("filled")
    assert book.process_fill(OLD, 1, SIZE, 100, True, cloid="c", time=2) is None
    assert book.drain_events() == ()
    answered(book)
    assert book.drain_events() == ()


@given(st.booleans(), st.integers(0, 1))
def test_a_fill_that_was_counted_before_the_request_is_not_of_it(named: bool, later: int) -> None:
    """Of an order that nobody knew, in the same instant too; told after it, it binds."""
    book = UnifiedOrderBook()
    cloid = "c" if named else None
    book.process_fill(OLD, 1, 2, 100, True, cloid=cloid, time=2, now=5)
    book.register_pending("buy", 100, SIZE, cloid="c", now=5 + later)
    book.process_fill(OLD, 1, 2, 100, True, cloid="c", time=2)
    assert book.get_active_oids() == frozenset()
    book.process_fill(NEW, 2, 1, 100, True, time=3)
    book.process_fill(NEW, 2, 1, 100, True, cloid="c", time=3)
    assert book.get_active_oids() == {NEW}


def test_a_fill_at_or_below_the_floor_binds_nothing() -> None:
    book = UnifiedOrderBook(BookConfig(max_tracked_tids=1))
    for tid in (1, 2):
        book.process_fill(9, tid, 1, 100, True, time=10 * tid)
    book.register_pending("buy", 100, SIZE, cloid="c")
    for time in (9, 10):
        assert book.process_fill(OLD, 7, 1, 100, True, cloid="c", time=time) is None
    assert book.get_pending_cloids() == {"c"}
    book.process_fill(NEW, 8, 1, 100, True, cloid="c", time=11)
    assert book.get_active_oids() == {NEW}


@given(st.booleans(), st.integers(-3, 3))
def test_venue_times_tell_where_they_are_comparable(comparable: bool, after: int) -> None:
    book = UnifiedOrderBook(BookConfig(times_comparable=comparable))
    book.register_pending("buy", 100, SIZE, cloid="c", now=10)
    book.process_fill(NEW, 1, 1, 100, True, cloid="c", time=10 + after, now=20)
    bound = not comparable or after >= 0
    assert (book.get_active_oids() == {NEW}) is bound
    assert any(isinstance(event, Conflict) for event in book.drain_events()) is not bound
    book.finalize_order("c", NEW, SIZE, "buy", 100, filled_size=1)
    order = book.get_order("c")
    assert order is not None
    assert order.filled == 1


@given(st.sampled_from(["", "c"]), st.booleans(), st.integers(1, 3))
def test_where_the_old_oid_is_not_remembered_its_words_bind_nothing(
    own: str, saved: bool, others: int
) -> None:
    book = UnifiedOrderBook(BookConfig(own_cloid=own, max_forgotten_oids=1))
    for number, cloid in enumerate(["c", "d", "e", "f"][: 1 + others]):
        book.register_pending("buy", 100, SIZE, cloid=cloid, now=number)
        book.finalize_order(cloid, OLD + 10 * number, SIZE, "buy", 100)
        book.order_status(OLD + 10 * number, "cancelled")
    book.tick(FORGOTTEN)
    if saved:
        book = UnifiedOrderBook.from_json(book.to_json())
    book.register_pending("buy", 101, SIZE, cloid="c")
    for word in ("a new fill", "open", "cancelled", "rejected"):
        OF_BEFORE[word](book, book.now)
    answered(book)


UNSEEN: dict[str, tuple[Word, tuple[str, ...]]] = {
    "absent": (lambda b, t: b.reconcile(Listing((), b.listing_requested(t))), ("open", "rejected")),
    "refused without an oid": (lambda b, t: b.order_rejected("c", now=t), ("rejected",)),
}


@given(st.sampled_from(sorted(UNSEEN)), st.booleans(), st.booleans(), OWN)
def test_of_an_order_whose_oid_was_never_known_nothing_binds_but_answer_and_listing(
    how: str, answer: bool, saved: bool, own: str
) -> None:
    end, doubtful = UNSEEN[how]
    for word in doubtful:
        book = UnifiedOrderBook(BookConfig(own_cloid=own))
        book.register_pending("buy", 100, SIZE, cloid="c", now=0)
        end(book, 45 * SECOND)
        book.tick(200 * SECOND)
        if saved:
            book = UnifiedOrderBook.from_json(book.to_json())
        book.register_pending("buy", 101, SIZE, cloid="c")
        for _ in range(3):
            status(OLD, word)(book, book.now)
        assert book.get_pending_cloids() == {"c"}
        assert len(book.drain_events()) == 1
        if word == "open":
            fill(OLD, 1, 1, 300)(book, book.now)
            assert book.get_pending_cloids() == {"c"}
        if answer:
            answered(book)
        else:
            listed(NEW)(book, book.now + 1)
            assert book.get_active_oids() == {NEW}


def test_what_a_listing_from_before_shows_is_held_until_one_from_after() -> None:
    book = used_again("filled")
    row = ListedOrder(NEW, "c", "buy", price=101, remaining=SIZE, size=SIZE)
    for second in (125, 126):
        request = ListingRequest(second * SECOND)
        result = book.reconcile(Listing((row,), request), now=FORGOTTEN + 10 * SECOND)
        assert not result.orphans_to_cancel  # type: ignore[union-attr]
    (found,) = book.drain_events()
    assert isinstance(found, Conflict)
    book.reconcile(Listing((row,), book.listing_requested()))
    assert book.get_active_oids() == {NEW}
    assert book.get_orphans() == ()
    assert book.pending_exposure("buy") == SIZE


@given(st.lists(st.sampled_from(["fill", "open", "cancelled"]), min_size=2, max_size=6))
def test_what_names_the_cloid_of_an_order_under_another_oid_is_said_once(told: list[str]) -> None:
    """However often it is told again, as after each break of a stream."""
    book = UnifiedOrderBook()
    book.register_pending("buy", 100, SIZE, cloid="c", now=0)
    book.finalize_order("c", NEW, SIZE, "buy", 100, now=1)
    for n, word in enumerate(told):
        (fill(OLD, 1, 1, 2) if word == "fill" else status(OLD, word))(book, n * 100 * SECOND)
        book = UnifiedOrderBook.from_json(book.to_json()) if n % 2 else book
    said = [event for event in book.drain_events() if isinstance(event, Conflict)]
    assert len(said) == 1
    assert book.get_active_oids() == {NEW}


@pytest.mark.parametrize("known", [(), (3,), (3, 4)])
def test_a_fill_counted_before_a_request_is_not_of_it_whatever_came_between(
    known: tuple[int, ...],
) -> None:
    book = UnifiedOrderBook()
    for oid in known:
        book.register_pending("buy", 100, SIZE, cloid=f"c{oid}", now=0)
    fill(OLD, 1, 1, 2)(book, 1)
    for oid in known:  # fills that came later, and whose orders came to be known
        book.process_fill(oid, oid, 1, 100, True, time=2)
        book.finalize_order(f"c{oid}", oid, SIZE, "buy", 100)
    book.register_pending("buy", 100, SIZE, cloid="c")
    again = UnifiedOrderBook.from_json(book.to_json())
    for one in (book, again):
        fill(OLD, 1, 1, 2)(one, 3)
        assert one.get_order("c").oid is None  # type: ignore[union-attr]
        one.finalize_order("c", NEW, SIZE, "buy", 100)
    assert again.to_json() == book.to_json()


@pytest.mark.parametrize("waits", [False, True])
@pytest.mark.parametrize("word", ["triggered", "waiting", "cancelled", "open"])
def test_an_oid_by_which_an_order_waited_that_was_never_told_is_not_of_a_later_one(
    word: str, waits: bool
) -> None:
    book = UnifiedOrderBook()
    book.register_pending("buy", 100, SIZE, cloid="c", trigger=99, now=0)
    book.process_fill(NEW, 1, SIZE, 100, True, cloid="c", time=1)
    book.tick(200 * SECOND)
    book.register_pending("buy", 100, SIZE, cloid="c", trigger=98 if waits else None)
    if waits:
        book.order_waits("c")
    for _ in range(2):
        book.order_status(OLD, word, cloid="c")
    assert (book.get_waiting_cloids() if waits else book.get_pending_cloids()) == {"c"}
    assert book.pending_exposure("buy") == SIZE
    found = [type(event) for event in book.drain_events()]
    assert found in ([], [Ambiguous])
    book.finalize_order("c", NEW + 1, SIZE, "buy", 100)
    assert book.get_active_oids() == {NEW + 1}


@pytest.mark.parametrize("told", [False, True])
def test_an_old_refusal_does_not_end_a_later_order_that_waits(told: bool) -> None:
    book = UnifiedOrderBook()
    book.register_pending("buy", 100, SIZE, cloid="c", now=0)
    book.order_rejected("c", "tick size")  # under an oid that is not told
    book.tick(200 * SECOND)
    book.register_pending("buy", 100, SIZE, cloid="c", trigger=99)
    book.order_waits("c", oid=NEW if told else None)
    for _ in range(2):
        found = book.order_status(OLD, "rejected", cloid="c")
        assert isinstance(found, Ambiguous)
    assert book.get_waiting_cloids() == {"c"}
    assert len(book.drain_events()) == 1
    if told:
        book.order_status(NEW, "rejected", cloid="c")
        assert book.get_waiting_cloids() == frozenset()
