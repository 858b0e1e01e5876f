"""A bot with Truebook in it, on a venue in memory: the program of docs/bot.md.

python examples/bot.py
"""

import asyncio
import tempfile
import time
from collections.abc import Awaitable, Callable
from decimal import Decimal
from pathlib import Path
from typing import Any

import attrs
from memory_venue import MemoryVenue

from truebook.impl import (
    BookConfig,
    CancelRequested,
    ListedOrder,
    ModifyRequested,
    Rebased,
    Side,
    Strangers,
)
from truebook.impl.journal import JournaledBook
from truebook.impl.sync import (
    CancelAnswer,
    SafetySync,
    SyncReport,
    VenueFill,
    VenueFills,
    VenueListing,
    VenuePosition,
    VenueStatus,
)
from truebook.impl.views import summary

UNANSWERED = (OSError,)
"""What your client raises where nobody knows what came of a request: add its own exceptions."""
IS_OVER = "already canceled, or filled"
"""What the venue says of an order that is not open."""


@attrs.define
class Market:
    """One market of the account: its name, the venue, and its book."""

    name: str
    venue: MemoryVenue
    book: JournaledBook

    def now(self) -> int:
        """Return the time, which never goes back, not even when the system's clock does."""
        return max(time.time_ns(), self.book.now)


def open_book(folder: Path, name: str) -> JournaledBook:
    """Open the book of a market as it was when the last process ended, or a new one."""
    path = folder / f"{name}.journal"
    if path.exists():
        return JournaledBook(path)
    return JournaledBook(path, BookConfig(scope=name))


async def place(market: Market, side: Side, price: Decimal, size: Decimal) -> str:
    """Place an order; return its cloid."""
    book = market.book
    cloid = book.register_pending(side, price, size, now=market.now())  # before it is sent
    try:
        answer = await market.venue.place(market.name, cloid, side, str(price), str(size))
    except UNANSWERED as error:
        book.order_unknown(cloid, repr(error), now=market.now())
        return cloid
    match answer:
        case {"resting": {"oid": oid}}:
            book.finalize_order(cloid, oid, size, side, price, now=market.now())
        case {"filled": {"oid": oid, "size": filled}}:
            rest = size - Decimal(filled)
            book.finalize_order(
                cloid, oid, rest, side, price, filled_size=Decimal(filled), now=market.now()
            )
        case {"error": reason}:
            book.order_rejected(cloid, reason, now=market.now())
    return cloid


async def cancel(market: Market, cloid: str) -> None:
    """Cancel an order, unless the book refuses."""
    book = market.book
    asked = book.request_cancel(cloid, now=market.now())
    if not isinstance(asked, CancelRequested):
        return
    try:
        answer = await market.venue.cancel(str(asked.id))
    except UNANSWERED:
        book.cancel_timed_out(asked.id, request=asked.request, now=market.now())
        return
    match answer:
        case {"success": _}:
            book.cancel_confirmed(asked.id, request=asked.request, now=market.now())
        case {"error": reason} if IS_OVER in reason:
            book.cancel_not_open(asked.id, reason, request=asked.request, now=market.now())
        case {"error": reason}:
            book.cancel_rejected(asked.id, reason, request=asked.request, now=market.now())


async def modify(market: Market, cloid: str, price: Decimal, size: Decimal) -> None:
    """Modify an order, unless the book refuses."""
    book = market.book
    asked = book.request_modify(cloid, price, size, now=market.now())
    if not isinstance(asked, ModifyRequested):
        return
    try:
        answer = await market.venue.modify(str(asked.oid), str(price), str(size))
    except UNANSWERED as error:
        book.modify_unknown(cloid, repr(error), request=asked.request, now=market.now())
        return
    match answer:
        case {"resting": {"oid": oid}}:
            book.modify_confirmed(cloid, oid, request=asked.request, now=market.now())
        case {"error": reason}:
            book.modify_failed(cloid, reason, request=asked.request, now=market.now())


def hear(market: Market, message: dict[str, Any]) -> None:
    """Tell the book what a message of the stream says of its market."""
    for said in message.get("fills", ()):
        if said["market"] == market.name:
            tell_fill(market, fill_of(said))
    for said in message.get("orders", ()):
        if said["market"] == market.name:
            told = status_of(said)
            market.book.order_status(
                told.oid, told.status, cloid=told.cloid, filled=told.filled, now=market.now()
            )


def tell_fill(market: Market, fill: VenueFill) -> None:
    """Tell the book a fill, which it counts once, however often it is told."""
    market.book.process_fill(
        fill.oid,
        fill.tid,
        fill.size,
        fill.price,
        fill.is_buy,
        cloid=fill.cloid,
        time=fill.time,
        crossed=fill.crossed,
        now=market.now(),
    )


def fill_of(said: dict[str, Any]) -> VenueFill:
    """Return a fill, as the venue writes one."""
    return VenueFill(
        oid=said["oid"],
        tid=said["tid"],
        size=Decimal(said["size"]),
        price=Decimal(said["price"]),
        is_buy=said["side"] == "buy",
        time=int(said["time"]),
        cloid=said["cloid"],
        crossed=said["crossed"],
    )


def status_of(said: dict[str, Any]) -> VenueStatus:
    """Return the status of an order, as the venue writes one."""
    return VenueStatus(
        oid=said["oid"],
        status=said["status"],
        cloid=said["cloid"],
        filled=Decimal(said["filled"]),
    )


@attrs.define
class Client:
    """One market as SafetySync asks for it."""

    market: str
    venue: MemoryVenue

    async def open_orders(self) -> VenueListing:
        """Return the listing."""
        listed = [
            ListedOrder(
                oid=said["oid"],
                cloid=said["cloid"],
                side=said["side"],
                price=Decimal(said["price"]),
                size=Decimal(said["size"]),
                remaining=Decimal(said["size"]) - Decimal(said["filled"]),
            )
            for said in await self.venue.open_orders(self.market)
        ]
        return VenueListing(listed, scope=self.market)

    async def position(self) -> VenuePosition:
        """Return the position, and the time up to which it holds the fills."""
        said = await self.venue.position(self.market)
        return VenuePosition(position=Decimal(said["position"]), as_of=int(said["time"]))

    async def fills_since(self, time: int) -> VenueFills:
        """Return the fills from a time of the venue on."""
        return VenueFills([fill_of(f) for f in await self.venue.fills_since(self.market, time)])

    async def order_status(self, id: int | str) -> VenueStatus | None:
        """Return what the venue knows of an order."""
        said = await self.venue.order_status(str(id))
        return None if said is None else status_of(said)

    async def cancel(self, oid: int | str) -> CancelAnswer:
        """Cancel an orphan."""
        answer = await self.venue.cancel(str(oid))
        if "success" in answer:
            return CancelAnswer.CONFIRMED
        return CancelAnswer.NOT_OPEN if IS_OVER in answer["error"] else CancelAnswer.REJECTED


async def take_over(market: Market) -> None:
    """Begin with the open orders and the position that the venue has already."""
    book, name = market.book, market.name
    listed = await market.venue.open_orders(name)
    for said in listed:
        cloid, side = said["cloid"], said["side"]
        price, size = Decimal(said["price"]), Decimal(said["size"])
        if book.get_order(cloid) is None:
            book.register_pending(side, price, size, cloid=cloid, now=market.now())
            book.finalize_order(cloid, said["oid"], size, side, price, now=market.now())
    oids = {said["oid"] for said in listed}
    for said in await market.venue.fills_since(name, 0):
        if said["oid"] in oids:
            tell_fill(market, fill_of(said))
    told = await market.venue.position(name)
    taken = book.rebase(Decimal(told["position"]), int(told["time"]), now=market.now())
    if not isinstance(taken, Rebased):
        raise RuntimeError(f"{name}: {taken.reason}")


async def listen(venue: MemoryVenue, markets: list[Market]) -> None:
    """Hear the stream, and connect again where it breaks."""
    while True:
        try:
            async for message in venue.stream():
                for market in markets:
                    hear(market, message)
                    if message.get("history"):  # connected, and told the fills again
                        await ask_again(market)
        except UNANSWERED:
            await asyncio.sleep(0.1)


async def ask_again(market: Market) -> None:
    """Ask for the status of each open order: what the stream said meanwhile is not repeated."""
    for oid in market.book.get_active_oids():
        said = await market.venue.order_status(str(oid))
        if said is not None:
            hear(market, {"orders": [said]})


async def watch(market: Market) -> None:
    """Let time pass once a second, and print what demands attention."""
    while True:
        market.book.tick(market.now())
        for event in market.book.drain_events():
            print(f"  {market.name}: {event}")
        for order in market.book.stuck_cancels():
            print(f"  {market.name}: nobody answers the cancel of {order.oid}")
        await asyncio.sleep(1)


def sync_of(market: Market) -> SafetySync:
    """Return what holds the book against the venue, every ten seconds."""
    client, since = Client(market.name, market.venue), market.book.fill_floor
    assert since is not None
    return SafetySync(
        market.book,
        client,
        clock=market.now,
        since=since,
        report=show,
        strangers=Strangers.CANCEL,
    )


def show(report: SyncReport) -> None:
    """Print what a pass could not do."""
    for failure in report.failed:
        print(f"  sync: {failure}")


async def run(
    venue: MemoryVenue, folder: Path, names: list[str], trade: Callable[..., Awaitable[None]]
) -> None:
    """Open the books, begin where they have not begun, and trade until `trade` returns."""
    markets = [Market(name, venue, open_book(folder, name)) for name in names]
    try:
        for market in markets:
            if market.book.fill_floor is None:
                await take_over(market)
        async with asyncio.TaskGroup() as group:
            tasks = [group.create_task(listen(venue, markets))]
            tasks += [group.create_task(sync_of(market).run()) for market in markets]
            tasks += [group.create_task(watch(market)) for market in markets]
            await trade(*markets)
            for task in tasks:
                task.cancel()
    finally:
        for market in markets:
            market.book.close()


async def agreed(*markets: Market) -> None:
    """Wait until each book shows what its venue has."""
    async with asyncio.timeout(10):
        while not all(agrees(market) for market in markets):
            await asyncio.sleep(0.01)
    for market in markets:
        print(f"  {market.name}: {summary(market.book)}")


def agrees(market: Market) -> bool:
    """Return whether the book shows the position and the open orders that the venue has."""
    orders = market.venue.orders.values()
    open_orders = {
        order["oid"]: Decimal(order["size"]) - Decimal(order["filled"])
        for order in orders
        if order["market"] == market.name and order["status"] == "open"
    }
    shown = {order.oid: order.remaining for order in market.book.get_orders() if order.is_open}
    position = market.venue.positions.get(market.name, Decimal(0))
    return shown == open_orders and market.book.position == position


async def first_process(btc: Market, eth: Market) -> None:
    """Trade, miss a fill and a cancel, and end with a request that nobody answered."""
    venue = eth.venue
    print("begun, with what there was:")
    await agreed(btc, eth)

    venue.offered["ETH"] = (Decimal(100), Decimal(2))
    cloid = await place(eth, Side.BUY, Decimal(100), Decimal(5))
    print("placed; 2 filled on arrival, before the answer:")
    await agreed(eth)
    await modify(eth, cloid, Decimal(98), Decimal(4))
    print("modified:")
    await agreed(eth)

    venue.drop()
    venue.trade("101", "1")
    order = eth.book.get_order(cloid)
    assert order is not None
    venue.end(str(order.oid))
    print("connected again, after a fill and a cancel that nobody told:")
    await agreed(eth)

    venue.drop()
    venue.silent = True
    await place(btc, Side.SELL, Decimal(50_000), Decimal(1))
    print("placed, with no answer and no stream; and here the process ends:")
    print(f"  BTC: {summary(btc.book)}")


async def second_process(btc: Market, eth: Market) -> None:
    """Show what the journals know, once what happened meanwhile is asked for."""
    print("begun again from the journals, after one more fill:")
    await agreed(btc, eth)
    await cancel(eth, "yesterday")
    print("cancelled:")
    await agreed(eth)


async def main() -> None:
    """Run the bot twice on one venue."""
    venue = MemoryVenue()
    venue.positions["ETH"] = Decimal(5)
    await venue.place("ETH", "yesterday", "buy", "99", "10")
    venue.trade("101", "3")
    with tempfile.TemporaryDirectory() as folder:
        await run(venue, Path(folder), ["BTC", "ETH"], first_process)
        venue.silent = False
        (unanswered,) = await venue.open_orders("BTC")
        venue.trade(unanswered["oid"], "0.4")
        await run(venue, Path(folder), ["BTC", "ETH"], second_process)


if __name__ == "__main__":
    asyncio.run(main())
