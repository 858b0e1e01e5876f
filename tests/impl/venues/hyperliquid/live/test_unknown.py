"""An answer that does not come proves nothing: the order counts until the venue tells."""

from decimal import Decimal
from typing import Any

import attrs
import pytest

from hyperliquid_venue import QUICK, SLOW, HyperliquidVenue, a_book, until
from truebook.impl import OrderState
from truebook.impl.venues.hyperliquid.live import Cancel, HyperliquidBook, Modify, Place

SIZE = Decimal("0.01")
DEAF = attrs.evolve(SLOW, ping=20.0, silence=30.0)
"""How a book waits that hears no more of the stream, and does not open it again."""


def settled(book: HyperliquidBook) -> bool:
    return book.snapshot().config is not None and not any(
        order.state is OrderState.PENDING for order in book.orders()
    )


def without_a_stream(venue: HyperliquidVenue) -> None:
    """Let no more come over the stream, so that only what is asked for tells."""
    venue.deaf = True


@pytest.mark.parametrize("status", [None, 500, 429])
def test_an_order_without_an_answer_lives_and_is_found(
    venue: HyperliquidVenue, status: int | None
) -> None:
    with a_book(venue, live=DEAF) as book:
        without_a_stream(venue)
        if status is None:
            venue.late = None
        else:
            venue.status = status
        cloid = book.place("BTC", "buy", 60_000, SIZE)
        venue.late, venue.status = 0.0, 200
        assert book.exposure("buy", "BTC") == SIZE
        (oid,) = venue.open_orders()
        until(lambda: [order.oid for order in book.orders()] == [oid])  # asked for at once
        found = book.get_order(cloid)
        assert found is not None
        assert found.state is OrderState.RESTING


def test_a_fill_of_an_order_without_an_answer_counts(venue: HyperliquidVenue) -> None:
    with a_book(venue) as book:
        venue.late = None
        venue.offer("BTC", "0.004")
        cloid = book.place("BTC", "sell", 60_000, SIZE)
        venue.late = 0.0
        until(lambda: book.position("BTC") == Decimal("-0.004"))
        order = book.get_order(cloid)
        assert order is not None
        assert (order.filled, book.exposure("sell", "BTC")) == (Decimal("0.004"), Decimal("0.006"))


def test_a_cancel_and_a_modify_without_an_answer_are_found(venue: HyperliquidVenue) -> None:
    with a_book(venue, live=DEAF) as book:
        one, two = (book.place("BTC", "buy", 60_000, SIZE) for _ in range(2))
        without_a_stream(venue)
        venue.late = None
        book.batch([Cancel(one), Modify(two, price=60_001, size=2 * SIZE)])
        venue.late = 0.0
        assert book.exposure("buy", "BTC") == 3 * SIZE  # until it is known that either is over
        (oid,) = venue.open_orders()

        def found() -> bool:
            book.sync()
            order = book.get_order(two)
            return order is not None and order.oid == oid

        until(found)
        assert book.exposure("buy", "BTC") >= 2 * SIZE


SHORT: Any = {"status": "ok", "response": {"type": "order", "data": {"statuses": []}}}
NONCE: Any = {"status": "err", "response": "Invalid nonce: duplicate nonce 5"}
GARBAGE: Any = ["upstream", "timed out"]


@pytest.mark.parametrize("reply", [SHORT, NONCE, GARBAGE], ids=["short", "nonce", "garbage"])
def test_an_answer_that_says_nothing_of_an_order_proves_nothing(
    venue: HyperliquidVenue, reply: Any
) -> None:
    with a_book(venue) as book:
        venue.matching.replies.append(reply)
        book.batch([Place(market="BTC", side="buy", price=60_000, size=SIZE)] * 2)
        assert book.exposure("buy", "BTC") == 2 * SIZE
        until(lambda: {order.oid for order in book.orders()} == set(venue.open_orders()))


def test_an_order_that_did_not_leave_is_over_at_once() -> None:
    with HyperliquidVenue() as venue:
        book = a_book(venue, live=attrs.evolve(QUICK, time_limit=5.0)).open()
        cloid = book.place("BTC", "buy", 60_000, SIZE)
    try:
        other = book.place("BTC", "buy", 60_000, SIZE)
        left = book.get_order(other)
        assert left is not None
        assert (left.state, left.reason[:15]) == (OrderState.DEAD, "it was not sent")
        assert book.exposure("buy", "BTC") == SIZE
        before = book.get_order(cloid)
        book.cancel(cloid)
        after = book.get_order(cloid)
        assert before is not None
        assert after is not None
        assert after.state is before.state is OrderState.RESTING
    finally:
        book.close()


def test_what_was_lost_is_over_once_its_nonce_is_used_up(venue: HyperliquidVenue) -> None:
    with a_book(venue, live=SLOW) as book:
        one, two = (book.place("BTC", "buy", 60_000, SIZE) for _ in range(2))
        venue.losing = True
        placed, _, _ = book.batch(
            [
                Place(market="BTC", side="buy", price=60_000, size=SIZE),
                Cancel(one),
                Modify(two, price=60_001, size=2 * SIZE),
            ]
        )
        until(lambda: book.exposure("buy", "BTC") == 2 * SIZE)  # long before E has passed
        lost = book.get_order(placed)
        assert lost is not None
        assert lost.state is OrderState.DEAD
        venue.losing = False
        assert [answer["response"][:13] for answer in venue.find()] == ["Invalid nonce"] * 3
        assert {order.oid for order in book.orders()} == set(venue.open_orders())
        assert {order.cloid for order in book.orders()} == {one, two}
        book.cancel_all()
        assert venue.open_orders() == {}


def test_what_was_done_without_an_answer_is_not_taken_for_lost(venue: HyperliquidVenue) -> None:
    with a_book(venue, live=SLOW) as book:
        venue.late = None
        cloid = book.place("BTC", "buy", 60_000, SIZE)
        until(lambda: [action["type"] for action in venue.posted] == ["order"])
        venue.late = 0.0
        until(lambda: venue.refused)
        order = book.get_order(cloid)
        assert order is not None
        assert order.is_open
        assert book.exposure("buy", "BTC") == SIZE


def test_a_venue_that_answers_nothing_for_a_while_is_asked_until_it_does(
    venue: HyperliquidVenue,
) -> None:
    with a_book(venue, live=attrs.evolve(SLOW, time_limit=0.1)) as book:
        venue.losing, venue.late = True, None
        cloid = book.place("BTC", "buy", 60_000, SIZE)
        until(lambda: "noop" in [action["type"] for action in venue.posted])
        assert book.exposure("buy", "BTC") == SIZE
        venue.late = 0.0
        until(lambda: book.get_order(cloid).state is OrderState.PENDING, 0.1)  # type: ignore[union-attr]
        venue.losing = False
        until(lambda: venue.refused)  # the nonce had been used up by what was not answered
        assert book.exposure("buy", "BTC") == SIZE
