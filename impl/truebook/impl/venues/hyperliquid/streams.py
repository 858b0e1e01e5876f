"""Frames: what the venue sends over a websocket, and what a client sends."""

from typing import Any, Literal, TypeAlias

from msgspec import UNSET

from truebook.impl.venues.hyperliquid import meta, state
from truebook.impl.venues.hyperliquid.actions import Signed
from truebook.impl.venues.hyperliquid.answers import Answer
from truebook.impl.venues.hyperliquid.fills import Fill, TwapSliceFill
from truebook.impl.venues.hyperliquid.orders import Order, OrderUpdate
from truebook.impl.venues.hyperliquid.questions import Question
from truebook.impl.venues.hyperliquid.wire import Maybe, Wire

# What the venue sends


class OrderUpdates(Wire, frozen=True, tag_field="channel", tag="orderUpdates"):
    """What became of orders; it is never sent again."""

    data: list[OrderUpdate]


class FillsOfUser(Wire, frozen=True, kw_only=True):
    """Fills; `is_snapshot`: some of them were told before the stream was connected (anew)."""

    is_snapshot: bool | Maybe = UNSET
    user: str
    fills: list[Fill]


class UserFills(Wire, frozen=True, tag_field="channel", tag="userFills"):
    """Fills as they happen, and recent ones at each subscription."""

    data: FillsOfUser


class SlicesOfUser(Wire, frozen=True, kw_only=True):
    """Fills of TWAPs."""

    is_snapshot: bool | Maybe = UNSET
    user: str
    twap_slice_fills: list[TwapSliceFill]


class UserTwapSliceFills(Wire, frozen=True, tag_field="channel", tag="userTwapSliceFills"):
    """Fills of TWAPs as they happen, and recent ones at each subscription."""

    data: SlicesOfUser


class CancelledOrder(Wire, frozen=True):
    """An order whose cancel nobody asked for."""

    coin: str
    oid: int


class Funding(Wire, frozen=True):
    """A payment of funding."""

    time: int
    coin: str
    usdc: str
    szi: str
    funding_rate: str
    n_samples: int | Maybe | None = UNSET


class AccountLiquidation(Wire, frozen=True, rename="lower"):
    """That an account was liquidated."""

    lid: int
    liquidator: str
    liquidated_user: str
    liquidated_ntl_pos: str
    liquidated_account_value: str


class UserEvent(Wire, frozen=True):
    """What happened to an account: one of the fields is there."""

    fills: list[Fill] | Maybe = UNSET
    funding: Funding | Maybe = UNSET
    liquidation: AccountLiquidation | Maybe = UNSET
    non_user_cancel: list[CancelledOrder] | Maybe = UNSET
    twap_slice_fills: list[TwapSliceFill] | Maybe = UNSET


class UserEvents(Wire, frozen=True, tag_field="channel", tag="user"):
    """What happens to an account, of the subscription userEvents; it is never sent again."""

    data: UserEvent


class InfoPayload(Wire, frozen=True):
    """The answer to a question; `questions.TO_INFO` reads its data."""

    type: str
    data: Any


class PostedAction(Wire, frozen=True, tag_field="type", tag="action"):
    """The answer to an action that was sent over the websocket."""

    payload: Answer


class PostedInfo(Wire, frozen=True, tag_field="type", tag="info"):
    """The answer to a question that was sent over the websocket."""

    payload: InfoPayload


class PostedError(Wire, frozen=True, tag_field="type", tag="error"):
    """That a request over the websocket failed, with the text of an HTTP error."""

    payload: str


class Posted(Wire, frozen=True):
    """An answer, and the number of its request."""

    id: int
    response: PostedAction | PostedInfo | PostedError


class PostAnswer(Wire, frozen=True, tag_field="channel", tag="post"):
    """The answer to a request that was sent over the websocket."""

    data: Posted


class Subscription(Wire, frozen=True, kw_only=True):
    """A stream; `user` is another name of the type userEvents."""

    type: str
    user: str | Maybe = UNSET
    coin: str | Maybe = UNSET
    dex: str | Maybe | None = UNSET
    interval: str | Maybe = UNSET
    aggregate_by_time: bool | Maybe | None = UNSET
    n_sig_figs: int | Maybe | None = UNSET
    mantissa: int | Maybe | None = UNSET


class Subscribed(Wire, frozen=True):
    """Whether it was subscribed, or unsubscribed."""

    method: Literal["subscribe", "unsubscribe"]
    subscription: Subscription


class SubscriptionResponse(Wire, frozen=True, tag_field="channel", tag="subscriptionResponse"):
    """That a subscription was taken."""

    data: Subscribed


class Error(Wire, frozen=True, tag_field="channel", tag="error"):
    """That the venue did not take a frame, and why."""

    data: str


class Pong(Wire, frozen=True, tag_field="channel", tag="pong"):
    """The answer to a ping."""


class L2Book(Wire, frozen=True, tag_field="channel", tag="l2Book"):
    """The venue's book of one market."""

    data: state.L2Snapshot


class BestPrices(Wire, frozen=True):
    """The best bid and the best ask, or null."""

    coin: str
    time: int
    bbo: tuple[state.L2Level | None, state.L2Level | None]


class Bbo(Wire, frozen=True, tag_field="channel", tag="bbo"):
    """The best prices of one market."""

    data: BestPrices


class Mids(Wire, frozen=True):
    """The mid prices by coin."""

    mids: dict[str, str]
    dex: str | Maybe | None = UNSET


class AllMids(Wire, frozen=True, tag_field="channel", tag="allMids"):
    """The mid prices of a dex."""

    data: Mids


class Trades(Wire, frozen=True, tag_field="channel", tag="trades"):
    """Trades of one market."""

    data: list[state.Trade]


class Candles(Wire, frozen=True, tag_field="channel", tag="candle"):
    """A candle of one market, each time that something trades: the same until its time is over."""

    data: state.Candle


class AssetContext(Wire, frozen=True):
    """What trades in a perpetual future."""

    coin: str
    ctx: meta.PerpContext


class ActiveAssetCtx(Wire, frozen=True, tag_field="channel", tag="activeAssetCtx"):
    """What trades in a perpetual future, again and again."""

    data: AssetContext


class ActiveAssetData(Wire, frozen=True, tag_field="channel", tag="activeAssetData"):
    """How much an account may trade in a market, again and again."""

    data: state.ActiveAsset


class StateOfUser(Wire, frozen=True):
    """The positions of an account on one dex."""

    dex: str
    user: str
    clearinghouse_state: state.ClearinghouseState


class ClearinghouseStates(Wire, frozen=True, tag_field="channel", tag="clearinghouseState"):
    """The positions of an account, again and again."""

    data: StateOfUser


class OrdersOfUser(Wire, frozen=True):
    """The open orders of an account on one dex, as frontendOpenOrders has them."""

    dex: str
    user: str
    orders: list[Order]


class OpenOrders(Wire, frozen=True, tag_field="channel", tag="openOrders"):
    """The open orders of an account, again and again: a listing that nobody asked for."""

    data: OrdersOfUser


class FundingsOfUser(Wire, frozen=True, kw_only=True):
    """Payments of funding."""

    is_snapshot: bool | Maybe = UNSET
    user: str
    fundings: list[Funding]


class UserFundings(Wire, frozen=True, tag_field="channel", tag="userFundings"):
    """Payments of funding as they happen, and recent ones at each subscription."""

    data: FundingsOfUser


class LedgerOfUser(Wire, frozen=True, kw_only=True):
    """Deposits, withdrawals, transfers, liquidations."""

    is_snapshot: bool | Maybe = UNSET
    user: str
    non_funding_ledger_updates: list[Any]


class UserNonFundingLedgerUpdates(
    Wire, frozen=True, tag_field="channel", tag="userNonFundingLedgerUpdates"
):
    """What else moves an account's money, as it happens, and so far at each subscription."""

    data: LedgerOfUser


class WebData2(Wire, frozen=True, tag_field="channel", tag="webData2"):
    """What the venue's own page shows of an account, every few seconds.

    Its open orders are a listing that nobody asked for: as of when it is, only the venue knows.
    """

    data: state.FrontendData


Frame: TypeAlias = (
    OrderUpdates
    | UserFills
    | UserTwapSliceFills
    | UserEvents
    | PostAnswer
    | SubscriptionResponse
    | Error
    | Pong
    | L2Book
    | Bbo
    | AllMids
    | Trades
    | Candles
    | ActiveAssetCtx
    | ActiveAssetData
    | ClearinghouseStates
    | OpenOrders
    | UserFundings
    | UserNonFundingLedgerUpdates
    | WebData2
)

# What a client sends


class Subscribe(Wire, frozen=True, tag_field="method", tag="subscribe"):
    """Begin a stream."""

    subscription: Subscription


class Unsubscribe(Wire, frozen=True, tag_field="method", tag="unsubscribe"):
    """End a stream."""

    subscription: Subscription


class Ping(Wire, frozen=True, tag_field="method", tag="ping"):
    """Keep the connection: the venue closes one on which it has sent nothing for a minute."""


class ActionRequest(Wire, frozen=True, tag_field="type", tag="action"):
    """An action to be executed."""

    payload: Signed


class InfoRequest(Wire, frozen=True, tag_field="type", tag="info"):
    """A question to be answered."""

    payload: Question


class Post(Wire, frozen=True, tag_field="method", tag="post"):
    """A request, with a number by which its answer is known."""

    id: int
    request: ActionRequest | InfoRequest


Call: TypeAlias = Subscribe | Unsubscribe | Ping | Post
