"""All that the venue sends is as the official SDK's own types say, and as ours: without loss."""

import json
import time
from collections.abc import Callable, Iterator
from decimal import Decimal
from typing import Any, Final, Literal, get_args, get_type_hints

import pytest

pytest.importorskip("hyperliquid", reason="hyperliquid-python-sdk is not installed")

import attrs
import eth_account
import websocket
from hyperliquid.exchange import Exchange
from hyperliquid.info import Info
from hyperliquid.utils import types as sdk

from truebook.impl.venues.hyperliquid import FRAMES, TO_INFO, Reader, Unreadable, write
from truebook.venue.engine import Asked, Order
from truebook.venue.server import OTHERS
from truebook.venue.wire import STREAMS
from typed_dicts import wrong
from venue_server import Served, served

WALLET = eth_account.Account.from_key("0x" + "11" * 32)
USER = WALLET.address.lower()
GTC = {"limit": {"tif": "Gtc"}}
CLOID = sdk.Cloid.from_int(7)

BEYOND: Final[dict[str, dict[str, Any]]] = {
    "AssetInfo": {"maxLeverage": int, "marginTableId": int},
    "Meta": {"marginTables": list[Any], "collateralToken": int},
    "SpotTokenInfo": {"deployerTradingFeeShare": str},
    "SpotAssetCtx": {"totalSupply": str, "dayBaseVlm": str},
    "Fill": {"cloid": str, "twapId": None.__class__, "liquidation": dict[str, str]},
    "Trade": {"sz": str, "tid": int, "users": list[str]},
    "UserFillsData": {"isSnapshot": Literal[True]},
    "UserEventsData": {"nonUserCancel": list[Any], "liquidation": dict[str, Any]},
}
"""Where the SDK's types are behind the venue's recorded messages.

A trade's size is a text there, as every number; `isSnapshot` is missing of a frame that is none.
"""
SHAPES: Final[dict[str, Any]] = {
    "meta": sdk.Meta,
    "metaAndAssetCtxs": tuple[sdk.Meta, list[sdk.PerpAssetCtx]],
    "allPerpMetas": list[sdk.Meta],
    "spotMeta": sdk.SpotMeta,
    "spotMetaAndAssetCtxs": sdk.SpotMetaAndAssetCtxs,
    "allMids": dict[str, str],
    "l2Book": sdk.L2BookData,
    "recentTrades": list[sdk.Trade],
    "userFills": list[sdk.Fill],
    "userFillsByTime": list[sdk.Fill],
    "activeAssetData": sdk.ActiveAssetData,
}
"""The SDK's type of the answer to a question; it has none for the others."""
ASKED: Final[dict[str, Callable[[Info], Any]]] = {
    "meta": lambda info: info.meta(),
    "metaAndAssetCtxs": lambda info: info.meta_and_asset_ctxs(),
    "allPerpMetas": lambda info: info.post("/info", {"type": "allPerpMetas"}),
    "perpDexs": lambda info: info.perp_dexs(),
    "spotMeta": lambda info: info.spot_meta(),
    "spotMetaAndAssetCtxs": lambda info: info.spot_meta_and_asset_ctxs(),
    "allMids": lambda info: info.all_mids(),
    "l2Book": lambda info: info.l2_snapshot("ETH"),
    "candleSnapshot": lambda info: info.candles_snapshot("ETH", "1h", 0, 2**50),
    "recentTrades": lambda info: info.post("/info", {"type": "recentTrades", "coin": "ETH"}),
    "openOrders": lambda info: info.open_orders(USER),
    "frontendOpenOrders": lambda info: info.frontend_open_orders(USER),
    "orderStatus": lambda info: info.query_order_by_cloid(USER, CLOID),
    "historicalOrders": lambda info: info.historical_orders(USER),
    "userFills": lambda info: info.user_fills(USER),
    "userFillsByTime": lambda info: info.user_fills_by_time(USER, 0),
    "userTwapSliceFills": lambda info: info.user_twap_slice_fills(USER),
    "clearinghouseState": lambda info: info.user_state(USER),
    "spotClearinghouseState": lambda info: info.spot_user_state(USER),
    "userRateLimit": lambda info: info.user_rate_limit(USER),
    "activeAssetData": lambda info: info.post(
        "/info", {"type": "activeAssetData", "user": USER, "coin": "ETH"}
    ),
    "webData2": lambda info: info.post("/info", {"type": "webData2", "user": USER}),
}
EMPTY: Final = ("userTwapSliceFills",)
"""What there is nothing of at the venue."""
SDK_STREAMS: Final = {
    get_args(get_type_hints(one)["type"])[0]: one for one in get_args(sdk.Subscription)
}


@attrs.frozen
class Stage:
    """A venue at which an account trades, and its client."""

    venue: Served
    info: Info
    exchange: Exchange

    def others(self, *, is_buy: bool, size: str, price: int) -> None:
        """Let others place an order of ETH."""
        asked = Asked(coin="ETH", is_buy=is_buy, price=Decimal(price), size=Decimal(size))
        self.venue.within(lambda: self.truth.place("0xother", asked, 1))

    @property
    def truth(self) -> Any:
        """The venue's own truth."""
        return self.venue.server.desk.exchange

    def trade(self) -> None:
        """Do what leaves something of every kind: orders, a fill, a listing, a child."""
        self.others(is_buy=True, size="200", price=2980)
        self.others(is_buy=False, size="5", price=3020)
        for one in (
            self.exchange.order("ETH", True, 0.2, 2990, GTC, cloid=CLOID),
            self.exchange.order("ETH", True, 1.0, 3020, {"limit": {"tif": "Ioc"}}),
            self.exchange.order(
                "ETH",
                False,
                0.5,
                2900,
                {"trigger": {"triggerPx": 2950, "isMarket": True, "tpsl": "sl"}},
                reduce_only=True,
            ),
        ):
            assert one["status"] == "ok"
            assert "error" not in str(one), one
        self.others(is_buy=False, size="0.1", price=2990)

    def end(self) -> None:
        """Do what nobody asks for: a cancel, and a liquidation."""

        def poor() -> None:
            account = self.truth.account(USER)
            order = account.order_of(CLOID.to_raw())
            assert isinstance(order, Order)
            self.truth.cancel_unasked(order, "marginCanceled", 1)
            account.balance -= account.cash - 1

        self.venue.within(poor)


@pytest.fixture
def stage() -> Iterator[Stage]:
    with served() as venue:
        info = Info(venue.url)
        try:
            yield Stage(venue, info, Exchange(WALLET, venue.url))
        finally:
            info.disconnect_websocket()


def same(reader: Reader[Any], value: Any) -> Any:
    """Read a message with our own types; return it. All of it is known, and written back."""
    raw = json.dumps(value)
    message = reader.read(raw)
    assert not isinstance(message, Unreadable), message
    assert json.loads(write(message)) == json.loads(raw)
    assert "extra=" not in repr(message).replace("extra=UNSET", "")
    return message


def until(done: Callable[[], object]) -> None:
    end = time.monotonic() + 10
    while not done():
        assert time.monotonic() < end, "it never comes"
        time.sleep(0.01)


def test_every_answer_is_as_the_types_say(stage: Stage) -> None:
    assert set(ASKED) == set(TO_INFO), "every question is asked"
    assert not set(ASKED) & set(OTHERS)
    stage.info.open_orders(USER)
    stage.trade()
    for name, ask in ASKED.items():
        told = ask(stage.info)
        same(TO_INFO[name], told)
        assert told or name in EMPTY, name
        assert list(wrong(told, SHAPES.get(name, Any), BEYOND, name)) == []
    assert not stage.venue.server.desk.unanswered


def test_every_frame_is_as_the_types_say(stage: Stage) -> None:
    of_channel = {
        name: one
        for one in get_args(sdk.WsMsg)
        for channel in [get_type_hints(one)["channel"]]
        for part in get_args(channel)
        for name in (get_args(part) or (part,))
    }
    heard: list[Any] = []
    assert set(SDK_STREAMS) <= set(STREAMS), "all that the SDK knows is there"
    for kind, of in SDK_STREAMS.items():
        given = {"type": kind, "user": USER, "coin": "ETH", "interval": "1m"}
        asked = {name: given[name] for name in get_type_hints(of)}
        stage.info.subscribe(asked, heard.append)
    until(lambda: any(one["channel"] == "userFills" for one in heard))
    stage.trade()
    until(lambda: len([one for one in heard if one["channel"] == "userFills"]) == 3)
    stage.end()
    until(lambda: any("liquidation" in one["data"] for one in heard if one["channel"] == "user"))
    until(lambda: {"user" if k == "userEvents" else k for k in SDK_STREAMS} <= channels(heard))
    for frame in list(heard):
        same(FRAMES, frame)
        name = frame["channel"]
        assert list(wrong(frame, of_channel[name], BEYOND, name)) == []
    events = {name for one in heard if one["channel"] == "user" for name in one["data"]}
    assert events == {"fills", "nonUserCancel", "liquidation"}


def channels(heard: list[Any]) -> set[str]:
    return {one["channel"] for one in list(heard)}


def test_the_streams_that_the_sdk_has_not_are_as_our_types_say(stage: Stage) -> None:
    stage.info.open_orders(USER)
    stage.trade()
    socket = websocket.create_connection("ws" + stage.venue.url[4:] + "/ws", timeout=5)
    try:
        told: list[Any] = []
        rest = sorted(set(STREAMS) - set(SDK_STREAMS))
        assert rest == ["clearinghouseState", "notification", "openOrders", "userTwapSliceFills"]
        for kind in rest:
            subscription = {"type": kind, "user": USER}
            socket.send(json.dumps({"method": "subscribe", "subscription": subscription}))
        while set(rest) - {"notification"} - channels(told):
            told.append(json.loads(socket.recv()))
        socket.send('{"method":"subscribe","subscription":{"type":"weather"}}')
        socket.send('{"method":"ping"}')
        while not {"error", "pong"} <= channels(told):
            told.append(json.loads(socket.recv()))
        for frame in told:
            same(FRAMES, frame)
        (listed,) = (one["data"] for one in told if one["channel"] == "openOrders")
        assert listed["orders"] == stage.info.frontend_open_orders(USER)
    finally:
        socket.close()
