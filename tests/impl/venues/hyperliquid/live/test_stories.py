"""Stories drawn from seeds: however the venue fails, the book ends as the venue is."""

from decimal import Decimal
from pathlib import Path
from random import Random
from typing import Any

import attrs
import pytest

from hyperliquid_venue import QUICK, HyperliquidVenue, a_book, until
from truebook.impl import SECOND, BookConfig
from truebook.impl.venues.hyperliquid.live import Cancel, HyperliquidBook, Modify, Place

HASTY = BookConfig(
    orphan_grace_period=SECOND // 10, finalized_protection=0, expected_cloid_ttl=2 * SECOND
)
LIVE = attrs.evolve(QUICK, time_limit=0.15)
LOT = Decimal("0.001")
COINS = {"BTC": 60_000, "ETH": 3_000}


@attrs.define
class Story:
    """A bot that trades at random on a venue that fails so; `ended` is whose end was wanted."""

    venue: HyperliquidVenue
    random: Random
    folder: Path
    ended: set[Any] = attrs.field(factory=set)

    def book(self) -> HyperliquidBook:
        return a_book(self.venue, journal=self.folder, config=HASTY, live=LIVE)

    def step(self, book: HyperliquidBook) -> None:
        draw = self.random
        match draw.choice("aaabbbbcddeffghijkkl"):
            case "a":
                book.batch([self.place() for _ in range(draw.randint(1, 3))])
            case "b":
                self.change(book)
            case "c" | "d":
                self.trade()
            case "e":
                self.venue.drop(draw.choice((0.0, 0.1)))
            case "f":
                self.venue.late = draw.choice((None, 0.05, 0.2))
            case "g":
                self.venue.losing = True
            case "h":
                self.venue.status = draw.choice((429, 500))
            case "i":
                self.venue.offer(draw.choice(list(COINS)), str(draw.randint(1, 5) * LOT))
            case "j":
                self.end()
            case "k":
                self.venue.deaf = True
            case "l":
                self.venue.jumbles = self.delays
        if draw.random() < 0.3:
            self.mend()

    def delays(self) -> list[float]:
        """Return after how many seconds a frame is sent: in any order, twice, or never."""
        return [0.1 * self.random.random() for _ in range(self.random.randint(0, 2))]

    def place(self) -> Place:
        coin = self.random.choice(list(COINS))
        size, side = self.random.randint(5, 9) * LOT, self.random.choice(("buy", "sell"))
        return Place(market=coin, side=side, price=COINS[coin], size=size)

    def change(self, book: HyperliquidBook) -> None:
        requests: list[Cancel | Modify] = []
        for order in book.orders():
            if self.random.random() < 0.5:
                requests.append(Modify(order.cloid, price=order.price, size=order.size + LOT))
            elif self.random.random() < 0.5:
                requests.append(Cancel(order.cloid))
        self.ended.update(one.id for one in requests)
        book.batch(requests)

    def trade(self) -> None:
        for oid in list(self.venue.open_orders())[:2]:
            self.venue.trade(oid, str(LOT))

    def end(self) -> None:
        for oid in list(self.venue.open_orders())[-1:]:
            self.ended.add(self.venue.matching.orders[oid]["cloid"])
            self.venue.end(oid, "marginCanceled")

    def mend(self) -> None:
        self.venue.late, self.venue.status, self.venue.jumbles = 0.0, 200, None
        self.venue.losing = self.venue.deaf = False


def bounds(book: HyperliquidBook, venue: HyperliquidVenue) -> bool:
    """Return whether what the book says can still trade is no less than what can."""
    open_now = venue.do(
        lambda: [
            ("buy" if one["side"] == "B" else "sell", one["coin"], one["left"])
            for one in venue.matching.orders.values()
            if one["status"] == "open"
        ]
    )
    truth: dict[tuple[str, str], Decimal] = {}
    for side, coin, left in open_now:
        truth[side, coin] = truth.get((side, coin), Decimal(0)) + left
    return all(book.exposure(*where) >= left for where, left in truth.items())


def agrees(book: HyperliquidBook, venue: HyperliquidVenue) -> bool:
    """Return whether the book shows what the venue has."""
    known = book.snapshot()
    held = {coin: known.position(coin) for coin in COINS}
    shown = {order.oid: order.remaining for order in book.orders()}
    truth = {oid: Decimal(left) for oid, left in venue.open_orders().items()}
    exposure = sum(book.exposure(side, coin) for side in ("buy", "sell") for coin in COINS)
    positions = {coin: venue.matching.positions.get(coin, Decimal(0)) for coin in COINS}
    return (held, shown, exposure) == (positions, truth, sum(truth.values()))


@pytest.mark.parametrize("seed", range(12))
def test_a_book_ends_as_its_venue_is(venue: HyperliquidVenue, tmp_path: Path, seed: int) -> None:
    story = Story(venue, Random(seed), tmp_path)
    for _ in range(2):
        with story.book() as book:
            for _ in range(20):
                story.step(book)
                assert bounds(book, venue)
            story.mend()
    with story.book() as book:
        until(lambda: agrees(book, venue), 15)
        assert all(report.clean for report in book.sync().values())
    over = {one["cloid"] for one in venue.matching.orders.values() if one["status"] != "filled"}
    over -= {one["cloid"] for one in venue.matching.orders.values() if one["status"] == "open"}
    assert over <= story.ended, "an order of its own was cancelled that it wanted"
