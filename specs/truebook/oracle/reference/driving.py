"""Driving a `UnifiedOrderBook` by the events of a case, and showing its state as texts.

The book has no use for `snapshot`, `batch`, `word`, nor for the `time` of what is no fill: it knows
fills by their ids, answers by their requests, and takes no word for newer than another.
"""

from collections.abc import Callable, Iterable, Mapping
from decimal import Decimal
from typing import Any, Self

import attrs

from truebook.impl import (
    BookConfig,
    CancelRequested,
    ListedOrder,
    Listing,
    ListingRequest,
    ModifyRequested,
    NotAnOrder,
    Order,
    OrderState,
    RebaseRefused,
    ReconcileResult,
    Refused,
    Strangers,
    UnifiedOrderBook,
    UnknownOrder,
)
from truebook.oracle.cases import Case, Step

Texts = dict[str, Any]
"""A state, or a part of one: objects and lists of texts."""

_FLAGS = {"true": True, "false": False}
_REPORTED = (NotAnOrder, RebaseRefused, Refused, UnknownOrder)
"""Results that are reported by being returned."""


@attrs.define
class Driver:
    """A book, the listings that were asked for, by name, and the numbers of other requests."""

    book: UnifiedOrderBook
    requests: dict[str, ListingRequest] = attrs.field(factory=dict)
    numbers: dict[str, int] = attrs.field(factory=dict)

    @classmethod
    def of(cls, case: Case) -> Self:
        """Return a driver of a fresh book under the case's configuration."""
        return cls.under(case.config)

    @classmethod
    def under(cls, config: Mapping[str, int]) -> Self:
        """Return a driver of a fresh book under a configuration."""
        told = dict[str, Any](config)
        policy = Strangers.LEAVE if told.pop("leave_strangers", 0) else Strangers.CANCEL
        return cls(UnifiedOrderBook(BookConfig(**told, strangers=policy)))

    def take(self, step: Step) -> Texts:
        """Tell the book a step's events; return the state that it then shows."""
        effects = self.hear(step)
        return {**self.show(), "effects": effects}

    def hear(self, step: Step) -> Texts:
        """Tell the book a step's events; return what it asks for and reports."""
        effects: Texts = {"cancels": [], "statuses": [], "reports": []}
        for event in step.events():
            for name, asked in self.tell(event, step.at).items():
                effects[name] += asked
        return effects

    def tell(self, event: Mapping[str, Any], at: int) -> Texts:
        """Tell the book one event; return what it asks for and reports."""
        effects: Texts = {"cancels": [], "statuses": [], "reports": []}
        self._note(self.apply(event, at), effects)
        return effects

    def show(self) -> Texts:
        """Return what the book shows."""
        return show(self.book)

    def apply(self, event: Mapping[str, Any], at: int) -> object:
        """Tell the book one event; return its result."""
        told = {key: value for key, value in event.items() if key != "type"}
        self.book.tick(at)
        return _APPLY[event["type"]](self, told)

    def _note(self, result: object, effects: Texts) -> None:
        if isinstance(result, ReconcileResult):
            effects["cancels"] += map(str, result.orphans_to_cancel)
            effects["statuses"] += map(str, result.statuses_to_ask)
        elif isinstance(result, CancelRequested):
            effects["cancels"].append(str(result.id))
        reports = [*self.book.drain_events(), *([result] if isinstance(result, _REPORTED) else [])]
        effects["reports"] += [_snake(type(report).__name__) for report in reports]


def show(book: UnifiedOrderBook) -> Texts:
    """Return what a book shows, as texts; an order stands under its cloid and each of its oids."""
    orders: Texts = {}
    for order in book.get_orders():
        shown = _order(order)
        orders.update({str(id_): shown for id_ in (order.cloid, *order.oids)})
    return {
        "position": text(book.position),
        "expected_position": text(book.expected_position),
        "orders": orders,
        "open": [str(oid) for oid in book.get_active_oids()],
        "pending": list(book.get_pending_cloids()),
        "exposure": {side: text(book.pending_exposure(side)) for side in ("buy", "sell")},
        "unsettled": {side: text(book.unsettled(side)) for side in ("buy", "sell")},
        "orphans": [str(o.oid) for o in book.get_orphans() if o.since is not None],
        "stuck": [str(order.oid or order.cloid) for order in book.stuck_cancels()],
    }


def text(number: Decimal) -> str:
    """Return a number without an exponent and without zeros at the end."""
    plain = format(number, "f")
    plain = plain.rstrip("0").rstrip(".") if "." in plain else plain
    return "0" if plain in ("-0", "") else plain


def _order(order: Order) -> Texts:
    return {
        "cloid": order.cloid,
        "oid": None if order.oid is None else str(order.oid),
        "side": order.side.value,
        "price": text(order.price),
        "size": text(order.size),
        "filled": text(order.filled),
        "remaining": text(order.remaining),
        "state": OrderState(order.state).name.lower(),
        "reason": order.reason,
    }


def _snake(name: str) -> str:
    return "".join(f"_{c.lower()}" if c.isupper() else c for c in name).lstrip("_")


def _number(told: Texts, key: str) -> Decimal | None:
    return Decimal(told[key]) if key in told else None


def _time(told: Texts, key: str) -> int | None:
    return int(told[key]) if key in told else None


def _register(driver: Driver, told: Texts) -> object:
    cloid = driver.book.register_pending(
        told["side"],
        Decimal(told["price"]),
        Decimal(told["size"]),
        cloid=told["cloid"],
        reduce_only=told.get("reduce_only") == "true",
        time_in_force=told.get("time_in_force", "gtc"),
        trigger=_number(told, "trigger"),
        parent=told.get("parent"),
    )
    _name(driver, told, driver.book.legs(cloid)[-1].request)
    return cloid


def _name(driver: Driver, told: Texts, number: int) -> None:
    if "name" in told:
        driver.numbers[told["name"]] = number


def _number_of(driver: Driver, told: Texts) -> int | None:
    """Return the number of the request that an answer names; None where it names none."""
    return driver.numbers[told["answers"]] if "answers" in told else None


def _answer(driver: Driver, told: Texts) -> object:
    return driver.book.finalize_order(
        told["cloid"],
        told["oid"],
        _number(told, "resting") or 0,
        told["side"],
        Decimal(told["price"]),
        filled_size=_number(told, "filled"),
        request=_number_of(driver, told),
    )


def _reject(driver: Driver, told: Texts) -> object:
    return driver.book.order_rejected(
        told["cloid"],
        told.get("reason", ""),
        oid=told.get("oid"),
        request=_number_of(driver, told),
    )


def _unknown(driver: Driver, told: Texts) -> object:
    request = _number_of(driver, told)
    return driver.book.order_unknown(told["cloid"], told.get("reason", "unknown"), request=request)


def _fill(driver: Driver, told: Texts) -> object:
    return driver.book.process_fill(
        told["oid"],
        told["tid"],
        Decimal(told["size"]),
        Decimal(told["price"]),
        told["side"] == "buy",
        cloid=told.get("cloid"),
        time=int(told["time"]),
        crossed=_FLAGS.get(told.get("crossed", "")),
        fee_in_base=_number(told, "fee"),
    )


def _reversal(driver: Driver, told: Texts) -> object:
    return driver.book.fill_reversed(
        told["oid"],
        told["tid"],
        time=int(told["time"]),
        at=_time(told, "at"),
        size=Decimal(told["size"]),
        is_buy=told["side"] == "buy",
    )


def _correction(driver: Driver, told: Texts) -> object:
    return driver.book.fill_corrected(
        told["oid"],
        told["tid"],
        Decimal(told["size"]),
        time=int(told["time"]),
        at=_time(told, "at"),
        fee_in_base=_number(told, "fee"),
    )


def _status(driver: Driver, told: Texts) -> object:
    if told["status"] == "waiting" and "answers" in told:
        request = _number_of(driver, told)
        return driver.book.order_waits(told["cloid"], oid=told["oid"], request=request)
    return driver.book.order_status(
        told["oid"],
        told["status"],
        cloid=told.get("cloid"),
        filled=_number(told, "filled"),
        reason=told.get("reason", ""),
    )


def _status_unknown(driver: Driver, told: Texts) -> object:
    return driver.book.status_unknown(
        told["id"], request=driver.requests.get(told.get("request", ""))
    )


def _cancel(driver: Driver, told: Texts) -> object:
    result = driver.book.request_cancel(told["id"])
    if isinstance(result, CancelRequested):
        _name(driver, told, result.request)
    return result


def _cancel_answer(driver: Driver, told: Texts) -> object:
    """Tell the answer to a cancel; one that names none is of the latest, as vectors have it."""
    book, id = driver.book, told["id"]
    request = _number_of(driver, told)
    if request is None:
        asked = [leg.cancel_request for leg in book.legs(id) if id in (leg.oid, leg.cloid)]
        asked += [orphan.request for orphan in book.get_orphans() if orphan.oid == id]
        request = max(asked, default=0) or None
    answer: Callable[..., object] = getattr(book, f"cancel_{told['outcome']}")
    words = _words(told) if told["outcome"] in ("not_open", "rejected") else {}
    return answer(id, request=request, **words)


def _modify(driver: Driver, told: Texts) -> object:
    result = driver.book.request_modify(told["id"], Decimal(told["price"]), Decimal(told["size"]))
    if isinstance(result, ModifyRequested):
        _name(driver, told, result.request)
    return result


def _modify_answer(driver: Driver, told: Texts) -> object:
    book, cloid, request = driver.book, told["cloid"], _number_of(driver, told)
    match told["outcome"]:
        case "confirmed" if "filled" in told and "oid" in told:
            return _modified(driver, told, request)
        case "confirmed":
            return book.modify_confirmed(cloid, told.get("oid"), request=request)
        case "failed":
            old = told.get("old", "unknown")
            return book.modify_failed(cloid, old=old, request=request, **_words(told))
        case _:
            return book.modify_unknown(cloid, request=request, **_words(told))


def _words(told: Texts) -> dict[str, Any]:
    """Return the venue's words for what it answers, where they are told."""
    return {"reason": told["reason"]} if "reason" in told else {}


def _modified(driver: Driver, told: Texts, request: int | None) -> object:
    """Tell an answer to a modify that says what of the new order has filled on arrival."""
    legs = [leg for leg in driver.book.legs(told["cloid"]) if request in (None, leg.request)]
    if not legs:  # nobody knows what was to be modified
        return driver.book.modify_confirmed(told["cloid"], told["oid"], request=request)
    return driver.book.finalize_order(
        told["cloid"],
        told["oid"],
        _number(told, "resting") or 0,
        legs[-1].side,
        legs[-1].price,
        filled_size=_number(told, "filled"),
        request=request,
    )


def _listing_requested(driver: Driver, told: Texts) -> object:
    request = driver.requests[told["request"]] = driver.book.listing_requested()
    return request


def _listed(rows: Iterable[Texts]) -> tuple[ListedOrder, ...]:
    return tuple(
        ListedOrder(
            order["oid"],
            order.get("cloid"),
            order.get("side"),
            price=_number(order, "price"),
            remaining=_number(order, "remaining"),
            size=_number(order, "size"),
            trigger=_FLAGS.get(order.get("trigger", "")),
        )
        for order in rows
    )


def _listing(driver: Driver, told: Texts) -> object:
    orders = _listed(told["orders"])
    request = driver.requests[told["request"]] if "request" in told else None
    covers = told.get("covers_triggers") == "true"
    listing = Listing(orders, request, told.get("scope"), covers_triggers=covers)
    return driver.book.reconcile(listing)


def _listing_failed(driver: Driver, told: Texts) -> object:
    return driver.book.listing_failed(driver.requests.get(told.get("request", "")))


def _position(driver: Driver, told: Texts) -> object:
    as_of = _time(told, "as_of")
    return driver.book.position_reported(Decimal(told["position"]), as_of=as_of)


def _rebase(driver: Driver, told: Texts) -> object:
    orders = _listed(told["orders"]) if "orders" in told else None
    return driver.book.rebase(Decimal(told["position"]), int(told["as_of"]), orders=orders)


def _tick(driver: Driver, told: Texts) -> object:
    return None


def _restart(driver: Driver, told: Texts) -> object:
    driver.book = UnifiedOrderBook.from_json(driver.book.to_json())
    return None


_APPLY: dict[str, Callable[[Driver, Texts], object]] = {
    "register": _register,
    "answer": _answer,
    "reject": _reject,
    "unknown": _unknown,
    "fill": _fill,
    "reversal": _reversal,
    "correction": _correction,
    "status": _status,
    "status_unknown": _status_unknown,
    "cancel": _cancel,
    "cancel_answer": _cancel_answer,
    "modify": _modify,
    "modify_answer": _modify_answer,
    "listing_requested": _listing_requested,
    "listing": _listing,
    "listing_failed": _listing_failed,
    "position": _position,
    "rebase": _rebase,
    "tick": _tick,
    "restart": _restart,
}
