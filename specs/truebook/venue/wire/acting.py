"""What an action does at the venue, and how it is answered."""

from collections.abc import Sequence
from decimal import Decimal
from typing import Any, Final

from truebook.impl.venues.hyperliquid import actions, answers, cloids, given, numbers
from truebook.venue.engine import (
    NO_MATCH,
    NOT_OPEN,
    Asked,
    Condition,
    Exchange,
    Market,
    Order,
    Place,
    Refusal,
    Tif,
    schedule,
    set_leverage,
)
from truebook.venue.wire.shown import or_missing

MOST: Final = 200
"""An action weighs so much at most: an order or a cancel of it each one."""
OVERWEIGHT: Final = f"Signed action over weight limit of {MOST}."
SMALLEST, LARGEST, DIGITS = Decimal("1e-8"), Decimal(10) ** 10, 28
"""A price or size is zero or within these, either sign, and has so many digits at most."""
NO_TYPE: Final = "Failed to deserialize the JSON body into the target type"
NOT_SERVED: Final = "is not served here, and nothing of it was done."


class RefusedError(Exception):
    """An action is refused as a whole, with this text."""


def act(exchange: Exchange, user: str, action: actions.Action, now: int) -> answers.Answer:
    """Do what an account asks, and return the answer."""
    try:
        return answers.Done(_response(exchange, user, action, now))
    except RefusedError as error:
        return answers.Failed(str(error))


def _response(exchange: Exchange, user: str, action: actions.Action, now: int) -> answers.Response:
    match action:
        case actions.PlaceOrders():
            return answers.OrderResponse(answers.Statuses(_placed(exchange, user, action, now)))
        case actions.CancelOrders():
            each = [(one.a, one.o) for one in action.cancels]
            return _cancelled(exchange, user, each, now)
        case actions.CancelByCloid():
            named = [(one.asset, _cloid(one.cloid)) for one in action.cancels]
            return _cancelled(exchange, user, named, now)
        case actions.ModifyOrder():
            made = _modified(exchange, user, action.oid, action.order, given(action.a, False), now)
            if isinstance(made, answers.Outcome) and made.error:
                raise RefusedError(made.error)
            return answers.DefaultResponse()
        case actions.ModifyOrders():
            _weighed(action.modifies)
            always = given(action.a, False)
            each_of = [
                _modified(exchange, user, one.oid, one.order, always, now)
                for one in action.modifies
            ]
            return answers.OrderResponse(answers.Statuses(each_of))
        case actions.ScheduleCancel():
            _taken(schedule(exchange, user, given(action.time, None), now))
        case actions.UpdateLeverage():
            if not action.is_cross:
                raise RefusedError(f"Isolated margin {NOT_SERVED}")
            coin = _market(exchange, action.asset).coin
            _taken(set_leverage(exchange, user, coin, action.leverage))
        case actions.UpdateIsolatedMargin():
            raise RefusedError(f"Isolated margin {NOT_SERVED}")
        case actions.TwapOrder() | actions.TwapCancel():
            raise RefusedError(f"A TWAP {NOT_SERVED}")
    return answers.DefaultResponse()


def _weighed(items: Sequence[Any]) -> None:
    if len(items) > MOST:
        raise RefusedError(OVERWEIGHT)


# Orders


def _placed(
    exchange: Exchange, user: str, action: actions.PlaceOrders, now: int
) -> list[answers.Item]:
    _weighed(action.orders)
    some = [_asked(exchange, one) for one in action.orders]
    if action.grouping == "normalTpsl" and len(some) > 1:
        if any(one.condition is None for one in some[1:]):
            raise RefusedError("Unexpected number of trigger orders")
        made = exchange.place_with_children(user, some[0], some[1:], now)
        rest: list[answers.Item] = ["waitingForFill" for _ in some[1:]]
        return [_item(exchange, made[0], some[0]), *(rest if len(made) > 1 else [])]
    return [_item(exchange, exchange.place(user, one, now), one) for one in some]


def _asked(exchange: Exchange, one: actions.NewOrder) -> Asked:
    market = _market(exchange, one.a)
    limit, trigger = given(one.t.limit, None), given(one.t.trigger, None)
    return Asked(
        coin=market.coin,
        is_buy=one.b,
        price=_number(one.p),
        size=_number(one.s),
        tif=_tif(limit.tif) if limit is not None else Tif.GTC,
        reduce_only=one.r,
        condition=None
        if trigger is None
        else Condition(_number(trigger.trigger_px), trigger.tpsl == "tp", trigger.is_market),
        cloid=None if not given(one.c, None) else _cloid(str(one.c)),
    )


def _market(exchange: Exchange, asset: int) -> Market:
    market = next((m for m in exchange.markets.values() if m.asset == asset), None)
    if market is None:
        raise RefusedError(f"Invalid asset. asset={asset}")
    return market


def _tif(word: str) -> Tif:
    try:
        return Tif.IOC if word in ("FrontendMarket", "LiquidationMarket") else Tif(word)
    except ValueError:
        raise RefusedError(NO_TYPE) from None


def _number(text: str) -> Decimal:
    """Return a number that sums and products of others can be made of without loss."""
    try:
        number = numbers.decimal(text)
    except ValueError:
        raise RefusedError(NO_TYPE) from None
    size = number.copy_abs()
    if len(number.as_tuple().digits) > DIGITS or (number and not SMALLEST <= size <= LARGEST):
        raise RefusedError(NO_TYPE)
    return number


def _cloid(text: str) -> str:
    if not cloids.is_cloid(text):
        raise RefusedError(NO_TYPE)
    return text.lower()


def _item(exchange: Exchange, made: Order | Refusal, asked: Asked) -> answers.Item:
    if isinstance(made, Refusal):
        return _error(exchange, made.text, asked)
    if asked.condition is not None:
        return "waitingForTrigger"
    cloid = or_missing(asked.cloid)
    if made.filled:
        total, average = numbers.shown(made.filled), numbers.shown(made.average)
        return answers.Outcome(filled=answers.Filled(total, average, made.oid, cloid))
    if asked.tif is Tif.IOC and made.where is Place.OVER:
        # what it met was an order of its own, or of one without margin, and neither trades
        return _error(exchange, NO_MATCH, asked)
    return answers.Outcome(resting=answers.Resting(made.oid, cloid))


def _error(exchange: Exchange, words: str, asked: Asked) -> answers.Item:
    return answers.Outcome(error=f"{words} asset={exchange.markets[asked.coin].asset}")


def _modified(
    exchange: Exchange, user: str, oid: int | str, one: actions.NewOrder, always: bool, now: int
) -> answers.Item:
    asked = _asked(exchange, one)
    made = exchange.modify(user, _name(oid), asked, now, always=always)
    return _item(exchange, made, asked)


def _name(oid: int | str) -> int | str:
    return _cloid(oid) if isinstance(oid, str) else oid


# Cancels


def _cancelled(
    exchange: Exchange, user: str, named: Sequence[tuple[int, int | str]], now: int
) -> answers.CancelResponse:
    _weighed(named)
    coins = {market.asset: coin for coin, market in exchange.markets.items()}
    items: list[answers.Item] = []
    for asset, name in named:
        made = exchange.cancel(user, coins.get(asset, ""), name, now)
        text = f"{NOT_OPEN} asset={asset}"
        items.append(answers.Outcome(error=text) if isinstance(made, Refusal) else "success")
    return answers.CancelResponse(answers.Statuses(items))


def _taken(refused: Refusal | None) -> None:
    if refused is not None:
        raise RefusedError(refused.text)
