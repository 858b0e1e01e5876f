"""A book begins where its journal ends, or with what the venue has; none of its orders is lost."""

from decimal import Decimal
from pathlib import Path
from typing import Any

import attrs
import pytest

from hyperliquid_venue import OWNER, QUICK, HyperliquidVenue, a_book, until
from truebook.impl import SECOND, BookConfig, OrderState
from truebook.impl.venues.hyperliquid.live import HyperliquidBook, Place
from truebook.impl.venues.hyperliquid.requests import Stop
from truebook.impl.venues.hyperliquid.signing import Key

SIZE = Decimal("0.01")
HASTY = BookConfig(orphan_grace_period=1, finalized_protection=0, expected_cloid_ttl=2 * SECOND)
"""Of a book that asks for orphans to be cancelled as soon as it may."""


def oid_of(book: HyperliquidBook, cloid: str) -> int:
    order = book.get_order(cloid)
    assert order is not None
    assert isinstance(order.oid, int)
    return order.oid


def cancels(venue: HyperliquidVenue) -> list[dict[str, Any]]:
    return [action for action in venue.posted if action["type"].startswith("cancel")]


def test_a_book_begins_again_with_what_filled_and_ended_meanwhile(
    venue: HyperliquidVenue, tmp_path: Path
) -> None:
    with a_book(venue, journal=tmp_path) as book:
        whole, part, gone, open_ = (book.place("BTC", "buy", 60_000, SIZE) for _ in range(4))
        oids = [oid_of(book, cloid) for cloid in (whole, part, gone, open_)]
        venue.trade(oids[1], "0.001")
        until(lambda: book.position("BTC") == Decimal("0.001"))
    venue.trade(oids[0], "0.01")
    venue.trade(oids[1], "0.002")
    venue.end(oids[2])
    with a_book(venue, journal=tmp_path) as book:
        until(lambda: book.position("BTC") == Decimal("0.013"))
        until(lambda: {order.cloid for order in book.orders()} == {part, open_})
        filled = book.get_order(whole)
        assert filled is not None
        assert filled.state is OrderState.FILLED
        assert book.exposure("buy", "BTC") == Decimal("0.017")
        assert all(report.clean for report in book.sync().values())
        book.cancel_all()
        assert venue.open_orders() == {}


def test_a_request_without_an_answer_is_found_by_the_next_process(
    venue: HyperliquidVenue, tmp_path: Path
) -> None:
    with a_book(venue, journal=tmp_path, config=HASTY) as book:
        venue.deaf, venue.late = True, None
        cloid = book.place("BTC", "buy", 60_000, SIZE)
    venue.deaf, venue.late = False, 0.0
    (oid,) = venue.open_orders()
    venue.trade(oid, "0.004")
    with a_book(venue, journal=tmp_path, config=HASTY) as book:
        until(lambda: book.position("BTC") == Decimal("0.004"))
        until(lambda: [order.oid for order in book.orders()] == [oid])
        assert book.orders()[0].cloid == cloid
        for _ in range(3):
            assert book.sync()["BTC"].clean
    assert cancels(venue) == []


def test_addresses_that_share_a_folder_share_no_journal(tmp_path: Path) -> None:
    other = "0x" + "22" * 32
    with HyperliquidVenue(OWNER, Key.of(other).address) as venue:
        with a_book(venue, journal=tmp_path) as book:
            venue.offer("BTC", "0.004")
            book.place("BTC", "buy", 60_000, SIZE)
            until(lambda: book.position("BTC") == Decimal("0.004"))
        venue.matching.orders.clear()
        venue.matching.positions.clear()
        venue.matching.fills.clear()
        with a_book(venue, wallet=other, journal=tmp_path) as book:
            assert book.position("BTC") == 0
            assert book.orders() == []
        found = sorted(str(path.relative_to(tmp_path)) for path in tmp_path.rglob("BTC*.journal"))
        owners = sorted((OWNER, Key.of(other).address))
        assert found == [f"testnet/{owner}/BTC,,,net.journal" for owner in owners]


@pytest.mark.parametrize("policy", ["cancel", "leave"])
def test_a_new_book_begins_with_what_is_there(venue: HyperliquidVenue, policy: str) -> None:
    with a_book(venue, config=HASTY) as other:
        limit = other.place("BTC", "buy", 60_000, SIZE)
        waits = other.place(
            "BTC", "sell", 49_000, SIZE, trigger=50_000, stop=Stop("sl"), reduce_only=True
        )
        venue.trade(oid_of(other, limit), "0.004")
    assert len(venue.open_orders()) == 2
    with a_book(venue, strangers=policy, config=HASTY) as book:
        assert book.position("BTC") == Decimal("0.004")
        for _ in range(4):
            assert book.sync()["BTC"].clean
        shown = {order.cloid: order.state for order in book.orders()}
        if policy == "cancel":  # the market has one owner, whose they are
            assert shown == {limit: OrderState.PARTIALLY_FILLED, waits: OrderState.WAITING}
            assert book.exposure("buy", "BTC") == Decimal("0.006")
        else:
            assert shown == {}
            foreign = book.snapshot().foreign_exposure("buy", "BTC")
            assert foreign == Decimal("0.006")
            assert book.exposure("buy", "BTC") == 0
    assert cancels(venue) == []
    assert len(venue.open_orders()) == 2


def test_an_order_of_a_stranger_is_cancelled_where_that_was_chosen(
    venue: HyperliquidVenue,
) -> None:
    with a_book(venue, config=HASTY) as book, a_book(venue, strangers="leave") as other:
        mine, stranger = (one.place("BTC", "buy", 60_000, SIZE) for one in (book, other))
        until(lambda: len(venue.open_orders()) == 1)
        assert list(venue.open_orders()) == [oid_of(book, mine)]
        (action,) = cancels(venue)
        assert action["cancels"] == [{"a": 0, "o": oid_of(other, stranger)}]


def test_no_order_of_its_own_is_cancelled_however_late_its_answer(
    venue: HyperliquidVenue,
) -> None:
    live = attrs.evolve(QUICK, time_limit=3.0)
    with a_book(venue, config=HASTY, live=live) as book:
        venue.late = 1.0  # several passes list them meanwhile
        cloids = book.batch([Place(market="BTC", side="buy", price=60_000, size=SIZE)] * 3)
        venue.late = 0.0
        book.modify(cloids[0], 60_001, SIZE)
        for _ in range(3):
            assert book.sync()["BTC"].clean
        assert {order.oid for order in book.orders()} == set(venue.open_orders())
    assert cancels(venue) == []
    assert len(venue.open_orders()) == 3


def test_a_spot_market_is_held_to_its_balance(venue: HyperliquidVenue, tmp_path: Path) -> None:
    venue.do(lambda: venue.matching.positions.update({"PURR/USDC": Decimal(7)}))
    with a_book(venue, markets=["PURR/USDC"], journal=tmp_path) as book:
        assert book.position("PURR/USDC") == 7
        cloid = book.place("PURR/USDC", "sell", 20, 5)
        venue.trade(oid_of(book, cloid), "2")
        until(lambda: book.position("PURR/USDC") == 5)
        assert book.sync()["PURR/USDC"].clean
