"""A stream that ends, or goes silent, is opened again; what it missed is told, once."""

from decimal import Decimal

import attrs
import pytest

from hyperliquid_venue import QUICK, SLOW, HyperliquidVenue, a_book, until
from truebook.impl.venues.hyperliquid.live import HyperliquidBook, LiveConfig

SIZE = Decimal("0.01")


def resting(book: HyperliquidBook) -> tuple[str, int]:
    cloid = book.place("BTC", "buy", 60_000, SIZE)
    order = book.get_order(cloid)
    assert order is not None
    assert isinstance(order.oid, int)
    return cloid, order.oid


@pytest.mark.parametrize("live", [QUICK, SLOW], ids=["passes", "no passes"])
def test_a_fill_and_an_end_while_nothing_was_heard_are_learnt(
    venue: HyperliquidVenue, live: LiveConfig
) -> None:
    with a_book(venue, live=live) as book:
        (filled, oid), (ended, other) = resting(book), resting(book)
        venue.trade(oid, "0.001")
        until(lambda: book.position("BTC") == Decimal("0.001"))
        venue.drop(0.2)
        until(lambda: not book.is_connected)
        venue.trade(oid, "0.004")
        venue.end(other, "marginCanceled")
        until(lambda: book.position("BTC") == Decimal("0.005"))
        until(lambda: [order.cloid for order in book.orders()] == [filled])
        assert book.is_connected
        assert venue.connections == 2
        venue.trade(oid, "0.005")
        until(lambda: book.position("BTC") == SIZE)
        lost = book.get_order(ended)
        assert lost is not None
        assert lost.reason == "marginCanceled"
        assert book.sync()["BTC"].clean


def test_fills_that_are_told_again_count_once(venue: HyperliquidVenue) -> None:
    with a_book(venue) as book:
        _, oid = resting(book)
        for count in range(1, 4):
            venue.trade(oid, "0.002")
            venue.drop()
            until(lambda count=count: venue.connections == 1 + count)  # type: ignore[misc]
        until(lambda: book.position("BTC") == Decimal("0.006"))
        assert book.sync()["BTC"].clean
        assert book.position("BTC") == Decimal("0.006")


def test_a_stream_on_which_nothing_comes_is_opened_again(venue: HyperliquidVenue) -> None:
    with a_book(venue, live=SLOW) as book:
        _, oid = resting(book)
        venue.deaf = True  # half-open: its socket stays as it is
        venue.trade(oid, "0.001")
        until(lambda: not book.is_connected)
        venue.deaf = False
        until(lambda: book.position("BTC") == Decimal("0.001"))
        assert venue.connections >= 2


def test_a_stream_that_is_not_confirmed_is_opened_again(venue: HyperliquidVenue) -> None:
    with a_book(venue, live=SLOW) as book:
        venue.confirming = False
        venue.drop()
        until(lambda: venue.connections >= 3)  # though its pings are answered
        assert not book.is_connected
        venue.confirming = True
        until(lambda: book.is_connected)


def test_a_stream_that_never_lasts_is_opened_less_and_less_often(venue: HyperliquidVenue) -> None:
    with a_book(venue, live=SLOW) as book:
        end = book.snapshot().now + 1_000_000_000
        while book.snapshot().now < end:
            venue.drop()
        assert 3 < venue.connections < 9  # after 0.01, 0.02, 0.04, … 0.64 s


def test_a_quiet_stream_is_kept_by_its_pings(venue: HyperliquidVenue) -> None:
    with a_book(venue, live=SLOW) as book:
        end = book.snapshot().now + 2_000_000_000  # twice as long as a dead one is kept
        until(lambda: book.snapshot().now > end)
        assert venue.connections == 1


def test_a_stream_must_be_pinged_before_it_is_dead() -> None:
    with pytest.raises(ValueError, match="ping"):
        attrs.evolve(QUICK, ping=1.0)
