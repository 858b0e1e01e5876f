"""What a bot is seen to do: held against its limit and what is over, at whatever moment."""

from decimal import Decimal

import pytest

from chaos_market import exchange_of
from truebook.impl.venues.hyperliquid import actions, signing
from truebook.venue.engine import Asked, Condition, Exchange, Order
from truebook.venue.server import Request
from truebook.venue.verdict import Promise
from truebook.venue.verdict.watching import LOOP, Watch

BOT, OTHER = "0xa", "0xb"
KEY = signing.Key.of("11" * 32)
CLOID = "0x" + "ab" * 16


class Scene:
    def __init__(self, limit: str | None = None) -> None:
        self.exchange: Exchange = exchange_of()
        held = None if limit is None else Decimal(limit)
        self.watch = Watch(BOT, self.exchange, "at {}".format, held)

    def place(
        self, *, user: str = BOT, buys: bool, size: str, price: int, at: int | None = None
    ) -> Order:
        condition = (
            None if at is None else Condition(Decimal(at), takes_profit=False, is_market=False)
        )
        asked = Asked(
            coin="ETH",
            is_buy=buys,
            price=Decimal(price),
            size=Decimal(size),
            condition=condition,
            cloid=CLOID if user == BOT else None,
        )
        order = self.exchange.place(user, asked, 1)
        assert isinstance(order, Order)
        return order

    def ask(self, action: actions.Action, *, taken: bool = True, times: int = 1) -> list[str]:
        signed = signing.sign(action, KEY, nonce=1, mainnet=False)
        for _ in range(times):
            self.watch.before(Request(signed, BOT), 9, taken=taken)
        return self.found()

    def found(self) -> list[str]:
        return [str(one.promise) for one in self.watch.found()]


def new(cloid: str = CLOID) -> actions.NewOrder:
    return actions.NewOrder(
        1, True, "2990", "0.1", False, actions.Kind(actions.Limit("Gtc")), cloid
    )


def test_a_limit_is_passed_by_what_waits_for_a_price_too() -> None:
    scene = Scene("0.1")
    scene.place(buys=False, size="0.5", price=2900, at=2950)
    scene.watch.after(7)
    (breach,) = scene.watch.found()
    assert breach.promise is Promise.LIMIT
    assert breach.words == "at 7 it could come to hold -0.5 ETH, and its limit is 0.1"


def test_what_only_reduces_passes_no_limit() -> None:
    scene = Scene("0.1")
    scene.place(buys=True, size="0.1", price=3000)
    scene.place(user=OTHER, buys=False, size="0.1", price=3000)
    asked = Asked(
        coin="ETH", is_buy=False, price=Decimal(3010), size=Decimal("0.1"), reduce_only=True
    )
    assert isinstance(scene.exchange.place(BOT, asked, 2), Order)
    scene.watch.after(7)
    assert scene.found() == []


def test_what_will_not_be_taken_asks_for_nothing() -> None:
    scene = Scene()
    scene.place(buys=True, size="0.1", price=2990)
    again = actions.PlaceOrders([new()], "na")
    assert scene.ask(again, taken=False) == []
    assert scene.watch.requests == 1
    assert scene.ask(again) == [Promise.AGAIN]


@pytest.mark.parametrize("kind", ["cancel", "cancelByCloid"])
def test_what_is_over_is_cancelled_again_and_again(kind: str) -> None:
    scene = Scene()
    order = scene.place(buys=True, size="0.1", price=2990)
    asked: dict[str, actions.Action] = {
        "cancel": actions.CancelOrders([actions.Cancel(1, order.oid)]),
        "cancelByCloid": actions.CancelByCloid([actions.NamedCancel(1, CLOID)]),
    }
    assert scene.ask(asked[kind], times=10) == []
    scene.exchange.cancel(BOT, "ETH", order.oid, 5)
    assert scene.ask(asked[kind], times=LOOP - 1) == []
    assert scene.ask(asked[kind]) == [Promise.LOOP]


def test_an_oid_that_never_was_is_none_that_a_bot_can_have_been_told() -> None:
    scene = Scene()
    unknown: actions.Action = actions.CancelByCloid([actions.NamedCancel(1, "0x" + "cd" * 16)])
    assert scene.ask(unknown, times=20) == [], "its order may have been lost on its way"
    assert scene.ask(actions.CancelOrders([actions.Cancel(1, 5)]), times=LOOP) == [Promise.LOOP]
