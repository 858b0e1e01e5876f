"""Bots of a script: one that does right, and those that each do one thing wrong, the same always.

A bot quotes both sides of two markets, takes now and then, moves and cancels its orders in every
way that there is, asks what can be asked, and keeps one order in each market that rests for long.
"""

import asyncio
from decimal import Decimal
from enum import StrEnum
from random import Random
from typing import Any, Final

import attrs

from truebook.audit.measure.client import Client
from truebook.impl.venues.hyperliquid import actions

COINS: Final = ("BTC", "ETH")
DECIMALS: Final = {"BTC": 0, "ETH": 1}
"""How many decimals a price has in each market."""
SIZE: Final = Decimal("0.1")
CYCLE: Final = 0.25
"""Seconds between two looks."""
HASTE: Final = 0.3
"""Who is hasty looks so many seconds after a request for what became of it."""
GIVEN_UP: Final = 4.0
"""An order of which nobody tells for so many seconds, and which is unknown then, never was."""


class Habit(StrEnum):
    """What a bot does wrong."""

    RIGHT = "nothing"
    TWICE = "it sends again what was not answered"
    LOOP = "it cancels again and again what is over"
    LEAVES = "it ends, and leaves orders open"
    UNKNOWN = "it cancels what it takes for unknown"
    MUCH = "it goes beyond its limit"


@attrs.define
class Mine:
    """An order as the bot has it; `before` are the oids of what it replaces."""

    cloid: str
    coin: str
    is_buy: bool
    price: Decimal
    sent: float
    oid: int | None = None
    rests: bool = False
    is_over: bool = False
    before: frozenset[int] = frozenset()


@attrs.define(eq=False)
class Scripted:
    """A bot of a script; `named`: its orders have cloids."""

    client: Client
    chance: Random
    habit: Habit
    limit: Decimal
    named: bool = True
    orders: dict[str, Mine] = attrs.field(factory=dict)
    mids: dict[str, Decimal] = attrs.field(factory=dict)
    early: dict[int, bool] = attrs.field(factory=dict)
    position: dict[str, Decimal] = attrs.field(factory=dict)
    _seen: set[tuple[int, int]] = attrs.field(factory=set)
    _count: int = 0

    # What it hears

    def say(self, frame: Any) -> None:
        """Hear a frame."""
        if frame.get("channel") == "orderUpdates":
            for one in frame["data"]:
                self._word(one["order"], over=one["status"] != "open")
        elif frame.get("channel") in ("userFills", "user"):
            for fill in sorted(frame["data"].get("fills", ()), key=lambda one: one["time"]):
                if (fill["tid"], fill["oid"]) not in self._seen:
                    self._seen.add((fill["tid"], fill["oid"]))
                    moved = Decimal(fill["sz"]) * (1 if fill["side"] == "B" else -1)
                    start = Decimal(fill["startPosition"])
                    self.position[fill["coin"]] = start + moved

    def _word(self, order: Any, *, over: bool) -> None:
        mine = self._named(order["oid"], order.get("cloid"))
        if mine is None:
            self.early[order["oid"]] = over
            return
        if order["oid"] in mine.before:
            return
        mine.oid = mine.oid or order["oid"]
        if mine.oid == order["oid"]:
            mine.is_over = mine.is_over or over

    def _named(self, oid: int, cloid: str | None) -> Mine | None:
        if cloid in self.orders:
            return self.orders[cloid]
        return next((one for one in self.orders.values() if one.oid == oid), None)

    # What it does

    async def run(self, seconds: float) -> None:
        """Trade for so many seconds, and end."""
        loop = asyncio.get_running_loop()
        await self.client.ask("meta")
        end = loop.time() + seconds
        while loop.time() < end:
            for coin, price in (await self.client.ask("allMids") or {}).items():
                self.mids[coin] = Decimal(price)
            for coin in COINS:
                if coin in self.mids:
                    await self._trade(coin)
            await self._look()
            await asyncio.sleep(CYCLE * self.chance.uniform(0.5, 1.5))
        await self._end()

    async def _trade(self, coin: str) -> None:
        open_orders = [one for one in self.orders.values() if one.coin == coin and not one.is_over]
        if not any(one.rests for one in open_orders):
            await self._place(coin, self.chance.random() < 0.5, away=Decimal("0.02"), rests=True)
        for is_buy in (True, False):
            side = [one for one in open_orders if one.is_buy is is_buy]
            some = [one for one in side if not one.rests]
            held = self.position.get(coin, Decimal(0)) * (1 if is_buy else -1)
            fits = held + SIZE * (len(side) + 1) <= self.limit or self.habit is Habit.MUCH
            if not some or (self.habit is Habit.MUCH and self.chance.random() < 0.2):
                takes = self.chance.random() < 0.2
                away = Decimal("-0.0005") if takes else Decimal("0.00005")
                if fits:
                    await self._place(coin, is_buy, away=away)
                continue
            one = self.chance.choice(some)
            if one.oid is None or self.chance.random() < 0.4:
                continue
            if self.chance.random() < 0.6:
                await self._move(one)
            else:
                await self._cancel(one)

    async def _look(self) -> None:
        what = self.chance.random()
        if what < 0.2:
            listed = await self.client.ask("openOrders" if what < 0.1 else "frontendOpenOrders")
            if listed is not None:
                await self._listed(listed)
        elif what < 0.3:
            await self.client.ask("clearinghouseState")
        elif what < 0.6:
            known = [one for one in self.orders.values() if one.oid and not one.is_over]
            if known:
                await self.client.ask("orderStatus", oid=self.chance.choice(known).oid)
        for mine in list(self.orders.values()):
            age = asyncio.get_running_loop().time() - mine.sent
            if mine.oid is None and not mine.is_over and age > GIVEN_UP:
                await self._settle(mine)

    async def _settle(self, mine: Mine) -> None:
        """Ask what became of an order that nobody has told of."""
        told = await self.client.ask("orderStatus", oid=mine.cloid) if self.named else {}
        if told and told.get("status") == "order":
            order = told["order"]
            mine.oid = order["order"]["oid"]
            mine.is_over = order["status"] != "open"
        elif told is not None:
            mine.is_over = True

    async def _listed(self, listed: list[Any]) -> None:
        """Take up what is listed; or cancel what is not known, where that is its habit."""
        for order in listed:
            mine = self._named(order["oid"], order.get("cloid"))
            if self.habit is Habit.UNKNOWN and (mine is None or mine.oid is None):
                asset = COINS.index(order["coin"])
                await self.client.act(
                    actions.CancelOrders(cancels=[actions.Cancel(asset, order["oid"])])
                )
            elif mine is not None and mine.oid is None:
                mine.oid = order["oid"]

    # Its requests

    async def _place(self, coin: str, is_buy: bool, *, away: Decimal, rests: bool = False) -> None:
        self._count += 1
        price = _near(self.mids[coin] * (1 - away if is_buy else 1 + away), coin)
        mine = Mine(
            cloid=f"0x{self._count:032x}",
            coin=coin,
            is_buy=is_buy,
            price=price,
            sent=asyncio.get_running_loop().time(),
            rests=rests,
        )
        self.orders[mine.cloid] = mine
        order = self._order(mine, price, "Ioc" if away < 0 else "Gtc")
        sent = actions.PlaceOrders(orders=[order], grouping="na")
        answer = (
            await self._hasty(sent) if self.habit is Habit.UNKNOWN else await self.client.act(sent)
        )
        if answer is None and self.habit is Habit.TWICE:
            answer = await self.client.act(sent)
        self._answered(mine, answer)

    async def _hasty(self, sent: actions.PlaceOrders) -> Any:
        """Place an order, and look for what is not known while its answer is on its way."""
        answer = asyncio.create_task(self.client.act(sent))
        await asyncio.wait([answer], timeout=HASTE)
        if not answer.done():
            await self._listed(await self.client.ask("openOrders") or [])
        return await answer

    def _order(self, mine: Mine, price: Decimal, tif: str) -> actions.NewOrder:
        return actions.NewOrder(
            COINS.index(mine.coin),
            mine.is_buy,
            str(price),
            str(SIZE),
            False,
            actions.Kind(actions.Limit(tif)),
            *((mine.cloid,) if self.named else ()),
        )

    def _answered(self, mine: Mine, answer: Any) -> None:
        if answer is None:
            return
        if answer["status"] != "ok":
            mine.is_over = True
            return
        (item,) = answer["response"]["data"]["statuses"]
        if "resting" in item:
            mine.oid = item["resting"]["oid"]
            mine.is_over = mine.is_over or self.early.get(mine.oid, False)
        elif "filled" in item:
            filled = item["filled"]
            mine.oid = filled["oid"]
            mine.is_over = Decimal(filled["totalSz"]) == SIZE or self.early.get(mine.oid, False)
        else:
            mine.is_over = True

    async def _move(self, mine: Mine) -> None:
        assert mine.oid is not None
        away = Decimal("0.00005") * (1 if mine.is_buy else -1)
        price = _near(self.mids[mine.coin] * (1 - away), mine.coin)
        if price == mine.price:
            return
        order, old = self._order(mine, price, "Alo"), mine.oid
        new = Mine(
            cloid=mine.cloid,
            coin=mine.coin,
            is_buy=mine.is_buy,
            price=price,
            sent=asyncio.get_running_loop().time(),
            before=mine.before | {old},
        )
        self.orders[mine.cloid] = new
        if self.chance.random() < 0.5:
            one = actions.Modify(oid=old, order=order)
            answer = await self.client.act(actions.ModifyOrders(modifies=[one]))
            self._answered(new, answer)
        else:
            answer = await self.client.act(actions.ModifyOrder(oid=old, order=order))
            if answer is not None and answer["status"] != "ok":
                new.is_over = True

    async def _cancel(self, mine: Mine) -> None:
        times = 6 if self.habit is Habit.LOOP and self.chance.random() < 0.1 else 1
        for _ in range(times):
            asset = COINS.index(mine.coin)
            if self.named and self.chance.random() < 0.5:
                named = actions.NamedCancel(asset=asset, cloid=mine.cloid)
                answer = await self.client.act(actions.CancelByCloid(cancels=[named]))
            else:
                assert mine.oid is not None
                one = actions.Cancel(asset, mine.oid)
                answer = await self.client.act(actions.CancelOrders(cancels=[one]))
            mine.is_over = mine.is_over or answer is not None

    async def _end(self) -> None:
        """Cancel what is open, until a listing has nothing any more."""
        leaves = self.habit is Habit.LEAVES
        if leaves and self.chance.random() < 0.5:
            await self.client.ask("openOrders")
        for _ in range(0 if leaves else 20):
            listed = await self.client.ask("openOrders")
            for order in listed or ():
                one = actions.Cancel(COINS.index(order["coin"]), order["oid"])
                await self.client.act(actions.CancelOrders(cancels=[one]))
            if listed == []:
                break
            await asyncio.sleep(1.0)
        await asyncio.sleep(3.5)
        await self.client.ask("clearinghouseState")
        await asyncio.sleep(0.1)


def _near(price: Decimal, coin: str) -> Decimal:
    return price.quantize(Decimal(1).scaleb(-DECIMALS[coin]))
