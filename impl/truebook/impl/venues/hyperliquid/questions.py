"""Questions of the info endpoint, and what answers each."""

from typing import Any, Final, TypeAlias

from msgspec import UNSET

from truebook.impl.venues.hyperliquid import meta, state
from truebook.impl.venues.hyperliquid.fills import Fill, TwapSliceFill
from truebook.impl.venues.hyperliquid.orders import Order, OrderStatusAnswer, OrderUpdate
from truebook.impl.venues.hyperliquid.reading import Reader
from truebook.impl.venues.hyperliquid.wire import Maybe, Wire


class OpenOrders(Wire, frozen=True, tag_field="type", tag="openOrders"):
    """Which orders are open on one dex; those of spot markets are with the venue's own."""

    user: str
    dex: str | Maybe | None = UNSET


class FrontendOpenOrders(Wire, frozen=True, tag_field="type", tag="frontendOpenOrders"):
    """The same, and which of them wait for a trigger."""

    user: str
    dex: str | Maybe | None = UNSET


class OrderStatus(Wire, frozen=True, tag_field="type", tag="orderStatus"):
    """What became of an order, by its oid or its cloid."""

    user: str
    oid: int | str


class HistoricalOrders(Wire, frozen=True, tag_field="type", tag="historicalOrders"):
    """What became of the latest 2,000 orders."""

    user: str


class UserFills(Wire, frozen=True, tag_field="type", tag="userFills"):
    """The latest 2,000 fills, newest first. Aggregated, they are no fills any more."""

    user: str
    aggregate_by_time: bool | Maybe | None = UNSET


class UserFillsByTime(Wire, frozen=True, tag_field="type", tag="userFillsByTime"):
    """Fills of a time and later, in milliseconds: a page of 2,000, oldest first."""

    user: str
    start_time: int
    end_time: int | Maybe | None = UNSET
    aggregate_by_time: bool | Maybe | None = UNSET


class UserTwapSliceFills(Wire, frozen=True, tag_field="type", tag="userTwapSliceFills"):
    """The latest 2,000 fills of TWAPs."""

    user: str


class ClearinghouseState(Wire, frozen=True, tag_field="type", tag="clearinghouseState"):
    """The positions on one dex."""

    user: str
    dex: str | Maybe | None = UNSET


class SpotClearinghouseState(Wire, frozen=True, tag_field="type", tag="spotClearinghouseState"):
    """What an account has of each token."""

    user: str


class UserRateLimit(Wire, frozen=True, tag_field="type", tag="userRateLimit"):
    """How many requests an account may make."""

    user: str


class Meta(Wire, frozen=True, tag_field="type", tag="meta"):
    """The perpetual futures of one dex."""

    dex: str | Maybe | None = UNSET


class SpotMeta(Wire, frozen=True, tag_field="type", tag="spotMeta"):
    """The spot markets."""


class MetaAndAssetCtxs(Wire, frozen=True, tag_field="type", tag="metaAndAssetCtxs"):
    """The perpetual futures of one dex, and what trades in them."""

    dex: str | Maybe | None = UNSET


class SpotMetaAndAssetCtxs(Wire, frozen=True, tag_field="type", tag="spotMetaAndAssetCtxs"):
    """The spot markets, and what trades in them."""


class AllPerpMetas(Wire, frozen=True, tag_field="type", tag="allPerpMetas"):
    """The perpetual futures of every dex."""


class PerpDexs(Wire, frozen=True, tag_field="type", tag="perpDexs"):
    """The dexes."""


class AllMids(Wire, frozen=True, tag_field="type", tag="allMids"):
    """The mid prices of one dex."""

    dex: str | Maybe | None = UNSET


class L2Book(Wire, frozen=True, tag_field="type", tag="l2Book"):
    """The venue's book of one market."""

    coin: str
    n_sig_figs: int | Maybe | None = UNSET
    mantissa: int | Maybe | None = UNSET


class CandleSpan(Wire, frozen=True, kw_only=True):
    """Which candles: of a coin, of an interval as 1m, 4h or 1d, from a time on."""

    coin: str
    interval: str
    start_time: int
    end_time: int | Maybe | None = UNSET


class CandleSnapshot(Wire, frozen=True, tag_field="type", tag="candleSnapshot"):
    """The latest 5,000 candles of a market."""

    req: CandleSpan


class RecentTrades(Wire, frozen=True, tag_field="type", tag="recentTrades"):
    """The latest trades of a market."""

    coin: str


class ActiveAssetData(Wire, frozen=True, tag_field="type", tag="activeAssetData"):
    """How much an account may trade in a market."""

    user: str
    coin: str


class WebData2(Wire, frozen=True, tag_field="type", tag="webData2"):
    """What the venue's own page shows of an account."""

    user: str


Question: TypeAlias = (
    OpenOrders
    | FrontendOpenOrders
    | OrderStatus
    | HistoricalOrders
    | UserFills
    | UserFillsByTime
    | UserTwapSliceFills
    | ClearinghouseState
    | SpotClearinghouseState
    | UserRateLimit
    | Meta
    | SpotMeta
    | MetaAndAssetCtxs
    | SpotMetaAndAssetCtxs
    | AllPerpMetas
    | PerpDexs
    | AllMids
    | L2Book
    | CandleSnapshot
    | RecentTrades
    | ActiveAssetData
    | WebData2
)

ANSWERS: Final[dict[type[Question], Any]] = {
    OpenOrders: list[Order],
    FrontendOpenOrders: list[Order],
    OrderStatus: OrderStatusAnswer,
    HistoricalOrders: list[OrderUpdate],
    UserFills: list[Fill],
    UserFillsByTime: list[Fill],
    UserTwapSliceFills: list[TwapSliceFill],
    ClearinghouseState: state.ClearinghouseState,
    SpotClearinghouseState: state.SpotClearinghouseState,
    UserRateLimit: state.UserRateLimit,
    Meta: meta.Meta,
    SpotMeta: meta.SpotMeta,
    MetaAndAssetCtxs: meta.MetaAndContexts,
    SpotMetaAndAssetCtxs: meta.SpotMetaAndContexts,
    AllPerpMetas: list[meta.Meta],
    PerpDexs: meta.PerpDexs,
    AllMids: dict[str, str],
    L2Book: state.L2Snapshot,
    CandleSnapshot: list[state.Candle],
    RecentTrades: list[state.Trade],
    ActiveAssetData: state.ActiveAsset,
    WebData2: state.FrontendData,
}
"""The type of the answer to each question."""


def word_of(question: type[Question]) -> str:
    """Return the venue's name of a question: its `type`."""
    return str(question.__struct_config__.tag)


TO_INFO: Final[dict[str, Reader[Any]]] = {
    word_of(question): Reader(of, f"the answer to {word_of(question)}")
    for question, of in ANSWERS.items()
}
"""What reads the answer to each question, by its `type`."""
