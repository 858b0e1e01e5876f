"""One order modified for long: no word of an old leg binds the newest request, at no length.

What a modify costs is counted: how many legs are looked at, whatever the length.
"""

from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from truebook.impl import (
    SECOND,
    Ambiguous,
    BookConfig,
    FromPending,
    ListedOrder,
    Listing,
    ModifyRequested,
    OldOrder,
    UnifiedOrderBook,
)
from truebook.impl.book import orders

SIZE = 5
EACH = SECOND


def modified(legs: int, *, every: int = EACH, **options: Any) -> UnifiedOrderBook:
    """Return a book with one order that was modified so often; its oids are 1, 2, and so on.

    The first leg had a fill. A modify is on its way.
    """
    book = UnifiedOrderBook(BookConfig(**options))
    book.register_pending("buy", 100, SIZE, cloid="c", now=0)
    book.finalize_order("c", 1, SIZE, "buy", 100)
    book.process_fill(1, 1, 1, 100, True, cloid="c", time=1)
    for leg in range(2, legs + 1):
        book.request_modify("c", 100 + leg % 7, SIZE, now=book.now + every)
        book.modify_confirmed("c", leg)
    book.request_modify("c", 99, SIZE, now=book.now + every)
    book.drain_events()
    return book


WORDS = ("replay", "new fill", "open", "filled", "cancelled", "rejected", "answer")


def say(book: UnifiedOrderBook, word: str, oid: int) -> None:
    if word == "replay":
        book.process_fill(1, 1, 1, 100, True, cloid="c", time=1)
    elif word == "new fill":
        book.process_fill(oid, 5, 1, 100, True, cloid="c", time=9)
    elif word == "answer":
        book.modify_confirmed("c", oid)
    else:
        book.order_status(oid, word, cloid="c")


@settings(max_examples=40, deadline=None)
@given(
    st.sampled_from([3, 150, 300]),
    st.lists(st.tuples(st.sampled_from(WORDS), st.floats(0, 0.9)), min_size=1, max_size=6),
    st.booleans(),
    st.sampled_from([1, 30, 10_000]),
)
def test_no_word_of_an_old_leg_is_of_the_newest(
    legs: int, told: list[tuple[str, float]], ascend: bool, most: int
) -> None:
    book = modified(legs, oids_ascend=ascend, max_forgotten_oids=most)
    for word, part in told:
        oid = 1 + int(part * (legs - 1))
        forgotten = book.get_order(oid) is None
        if word == "answer" and forgotten and most < 10_000:
            continue  # answers come while their orders are remembered
        say(book, word, oid)
        assert book.get_active_oids() == {legs}
        assert book.get_pending_cloids() == {"c"}
    assert book.modify_confirmed("c", legs + 1) == FromPending("c", legs + 1)
    assert book.get_active_oids() == {legs + 1}


def test_ten_thousand_modifies() -> None:
    book = modified(10_500, every=EACH // 50)
    for word in WORDS:
        for oid in (1, 64, 4000):
            if word == "answer" and oid == 1:
                continue
            say(book, word, oid)
    assert book.get_active_oids() == {10_500}
    assert book.get_pending_cloids() == {"c"}
    say(book, "new fill", 10_501)
    order = book.get_order("c")
    assert order is not None
    assert order.oid == 10_501
    book.tick(book.now + 500 * SECOND)
    assert len(book.legs("c")) == 1


@given(st.booleans())
def test_a_fill_of_the_newest_binds_where_every_old_oid_is_remembered_or_numbers_tell(
    ascend: bool,
) -> None:
    for most in (10, 10_000):
        book = modified(300, oids_ascend=ascend, max_forgotten_oids=most)
        book.process_fill(301, 9, 1, 100, True, cloid="c", time=500)
        bound = ascend or most == 10_000
        assert (book.get_active_oids() == {301}) is bound
        reported = [event for event in book.drain_events() if isinstance(event, Ambiguous)]
        assert bool(reported) is not bound
        row = ListedOrder(301, "c", "buy", price=99, remaining=4, size=SIZE)
        book.reconcile(Listing((row,), book.listing_requested(now=book.now + 1)))
        assert book.get_active_oids() == {301}
        assert book.pending_count == 0
        assert book.position == 2


@pytest.mark.parametrize("names", [True, False])
def test_a_lost_modify_is_over_though_a_stranger_looks_like_it(names: bool) -> None:
    book = modified(1)
    ours = ListedOrder(1, "c" if names else None, "buy", price=100, remaining=4, size=SIZE)
    theirs = ListedOrder(77, None, "buy", price=99, remaining=SIZE, size=SIZE)
    for second in range(1, 60):
        request = book.listing_requested(now=book.now + SECOND)
        result = book.reconcile(Listing((ours, theirs), request))
        assert 1 not in result.orphans_to_cancel  # type: ignore[union-attr]
        assert (book.pending_count == 1) is (second <= 40)
    assert book.get_active_oids() == {1}
    book.order_status(2, "open", cloid="c")  # it was there after all
    assert book.get_active_oids() == {2}


def test_one_that_may_be_ours_is_held_where_listings_name_nobody() -> None:
    book = UnifiedOrderBook()
    book.register_pending("buy", 99, SIZE, cloid="c", now=0)
    theirs = ListedOrder(77, None, "buy", price=99, remaining=SIZE, size=SIZE)
    for _ in range(100):
        request = book.listing_requested(now=book.now + SECOND)
        result = book.reconcile(Listing((theirs,), request))
        assert not result.orphans_to_cancel  # type: ignore[union-attr]
        assert "c" in result.statuses_to_ask  # type: ignore[union-attr]
    named = ListedOrder(78, "somebody's", "sell", price=99, remaining=SIZE, size=SIZE)
    book.reconcile(Listing((theirs, named), book.listing_requested(now=book.now + SECOND)))
    assert book.pending_count == 0


def test_one_from_before_is_not_ours_where_oids_ascend() -> None:
    for ascend in (True, False):
        book = UnifiedOrderBook(BookConfig(oids_ascend=ascend))
        book.process_fill(80, 1, 1, 100, True, time=1)
        book.register_pending("buy", 99, SIZE, cloid="c", now=0)
        theirs = ListedOrder(77, None, "buy", price=99, remaining=SIZE, size=SIZE)
        book.reconcile(Listing((theirs,), book.listing_requested(now=60 * SECOND)))
        assert (book.pending_count == 0) is ascend


class Walked:
    """How many legs were come to, one after the other."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self.steps = 0
        chain = orders.chain

        def counted(head: orders.Leg) -> Any:
            for leg in chain(head):
                self.steps += 1
                yield leg

        monkeypatch.setattr(orders, "chain", counted)


@pytest.mark.parametrize("refused", [False, True])
def test_a_modify_looks_at_no_more_legs_the_more_there_are(
    refused: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    walked = Walked(monkeypatch)
    book = UnifiedOrderBook()
    book.register_pending("buy", 100, SIZE, cloid="c", now=0)
    book.finalize_order("c", 1, SIZE, "buy", 100)
    for leg in range(2, 1000):
        asked = book.request_modify("c", 100 + leg, SIZE, now=leg)
        assert isinstance(asked, ModifyRequested)
        if refused:
            book.modify_failed("c", "post only", request=asked.request, old=OldOrder.OPEN)
        else:
            book.order_status(leg, "open", cloid="c")
            book.process_fill(leg, leg, 1, 100, True, cloid="c", time=leg)
    most = 10 + (1000 if refused else 0)  # the last leg at each answer, which is of that
    assert book.pending_count == 0
    assert walked.steps < most
    book.tick(500 * SECOND)
    assert walked.steps < most
    assert len(book.legs("c")) == 1
