"""Calls of a book retold as the events of an acceptance case; docs/cases.md says what that is."""

from collections.abc import Callable, Iterable, Mapping
from decimal import Decimal
from typing import Any, Final

import attrs

from truebook.impl.book import (
    Ambiguous,
    BookConfig,
    CancelRequested,
    ListedOrder,
    Listing,
    ListingRequest,
    ModifyRequested,
    Strangers,
    UnifiedOrderBook,
)
from truebook.impl.journal.calls import PARAMETERS, Call
from truebook.model.vocabulary import Side, TimeInForce

Event = dict[str, Any]

_ABOUT: Final = {
    "position": ("fills-move-position", "position-is-unique-fills"),
    "open": ("fill-binds", "tracked-or-in-grace"),
    "exposure to buy": ("exposure-bounds", "exposure-bounds-truth"),
    "exposure to sell": ("exposure-bounds", "exposure-bounds-truth"),
}
"""The rule that a tracker most likely lacks, and the property that it breaks."""

FEATURES: Final = {
    "cancel": "cancel",
    "cancel_answer": "cancel",
    "modify": "modify",
    "modify_answer": "modify",
    "listing": "listing",
    "listing_requested": "listing",
    "listing_failed": "listing",
    "position": "position",
    "rebase": "position",
    "reversal": "corrections",
    "correction": "corrections",
}
"""What a book must be able to do besides the core, by the type of event."""

_WAITING: Final = {"reduce_only", "time_in_force", "trigger", "parent", "covers_triggers"}
_WAITS: Final = ("waiting", "triggered")
_NOT_TOLD: Final = (
    *("max_events", "scope", "cloid_seed", "own_cloid", "max_forgotten_cloids"),
    *("max_forgotten_oids", "fill_identity", "oids_ascend", "times_comparable"),
    "strangers",
)


def case(
    slug: str, found: list[str], what: Iterable[str], calls: Iterable[Call], book: UnifiedOrderBook
) -> Event:
    """Return the case of some calls, at whose end `book` is what was to be shown.

    `found` is what a tracker shows otherwise; of `book` the case expects `what` was compared.
    """
    rule, property_ = _ABOUT[found[0]]
    config = attrs.asdict(book.config).items()
    policy = {"leave_strangers": "1"} if book.config.strangers is Strangers.LEAVE else {}
    told = events(calls, book.config)
    steps = [{"at": str(at), "event": event} for at, event in told]
    shown = {
        "position": text(book.position),
        "open": sorted(str(oid) for oid in book.get_active_oids()),
        "exposure": {side.value: text(book.pending_exposure(side)) for side in Side},
    }
    expect = {name: shown[name] for name in shown if name in what}
    last = {"at": str(book.now), "event": {"type": "tick"}, "expect": expect}
    return {
        "slug": slug,
        "title": f"A tracker and the reference differ: {', '.join(found)}",
        "source": "a shadow run",
        "requires": _required([event for _, event in told]) + ["strangers"] * bool(policy),
        "rule": rule,
        "property": property_,
        "severity": "critical",
        "config": {n: str(value) for n, value in config if n not in _NOT_TOLD} | policy,
        "steps": [*steps, last],
    }


def _required(told: list[Event]) -> list[str]:
    """Return what a book must be able to do, to be told all this."""
    features = {FEATURES[event["type"]] for event in told if event["type"] in FEATURES}
    if any("answers" in event or "old" in event for event in told):
        features.add("requests")
    if any("fee" in event for event in told):
        features.add("corrections")
    cloids = {event["cloid"] for event in told if event["type"] == "register"}
    if any(event["type"] == "rebase" and "orders" in event for event in told):
        features.add("start")
    listed = (one for event in told if event["type"] == "listing" for one in event["orders"])
    if any(order.get("cloid") not in cloids for order in listed):
        features.add("orphans")
    if any(_WAITING & event.keys() or event.get("status") in _WAITS for event in told):
        features.add("waiting")
    return ["core", *sorted(features)]


def events(calls: Iterable[Call], config: BookConfig) -> list[tuple[int, Event]]:
    """Return the events of some calls, each with its time; what tells nothing is left out.

    The calls are all that a book of this configuration was told: they tell which number each
    request had, which is its name where an answer says that it is of that.
    """
    told: list[tuple[int, Event]] = []
    asked: set[int] = set()
    named: set[int | None] = set()
    now = 0
    every = [Call.of(one.method, (), one.arguments) for one in calls]
    answered = {number for call in every if (number := _answered(call)) is not None}
    book = UnifiedOrderBook(config)
    for call in every:
        given = dict.fromkeys(PARAMETERS[call.method]) | dict(call.arguments)
        if type(given.get("cloid")) is int:  # a case has texts alone
            given["cloid"] = str(given["cloid"])
        now = max(now, given.get("now") or 0)
        request = given["request"] = _held(given.get("request"), now)
        snapshot = given.get("snapshot")
        if isinstance(snapshot, Listing):
            snapshot = given["snapshot"] = attrs.evolve(
                snapshot, request=_held(snapshot.request, now)
            )
            request = request or snapshot.request
        if call.method == "listing_requested":
            request = ListingRequest(now)
        if isinstance(request, ListingRequest) and request.at not in asked:
            asked.add(request.at)
            before = sum(1 for at, _ in told if at <= request.at)
            told.insert(before, (request.at, _listing_requested(request.at)))
        event = _EVENTS[call.method](given)
        result = _result(book, call)
        if event is not None and not isinstance(result, Ambiguous):  # which told nothing
            plain = {name: value for name, value in event.items() if value is not None}
            if event["type"] in ("answer", "status"):  # which may have no oid
                plain["oid"] = event["oid"]
            number = _number_of(book, result)
            if number in answered:
                plain["name"] = str(number)
                named.add(number)
            if (answers := _answered(call)) in named:  # the cancel of an orphan has no name
                plain["answers"] = str(answers)
            told.append((now, plain))
    return told


def _result(book: UnifiedOrderBook, call: Call) -> object:
    """Tell a book a call, and return what came of it."""
    try:
        return call.tell(book)
    except Exception:  # it was refused when it was told first, too
        return None


def _number_of(book: UnifiedOrderBook, result: object) -> int | None:
    """Return the number of the request that was made, if one was."""
    if isinstance(result, str):  # the cloid of an order that was registered
        return book.legs(result)[-1].request
    return result.request if isinstance(result, (CancelRequested, ModifyRequested)) else None


def _answered(call: Call) -> int | None:
    """Return the number of the request that a call says it is the answer to."""
    request = call.arguments.get("request")
    return request if isinstance(request, int) else None


def text(number: Decimal) -> str:
    """Return a number without an exponent and without zeros at its end."""
    plain = format(number, "f")
    plain = plain.rstrip("0").rstrip(".") if "." in plain else plain
    return "0" if plain in ("-0", "") else plain


def _number(value: Decimal | int | None) -> str | None:
    return None if value is None else text(Decimal(value))


def _id(value: object) -> str | None:
    return None if value is None else str(value)


def _held(request: Any, now: int) -> Any:
    """Return a request as of no later than the time told, as a book takes it."""
    if isinstance(request, ListingRequest) and now < request.at:
        return ListingRequest(now)
    return request


def _name(request: ListingRequest | None) -> str | None:
    return None if request is None else f"asked at {request.at}"


def _listing_requested(at: int) -> Event:
    return {"type": "listing_requested", "request": _name(ListingRequest(at))}


def _register(given: Mapping[str, Any]) -> Event:
    return {
        "type": "register",
        "cloid": given["cloid"],
        "side": str(given["side"]),
        "price": _number(given["price"]),
        "size": _number(given["size"]),
        "reduce_only": "true" if given["reduce_only"] else None,
        "time_in_force": _not_gtc(given["time_in_force"]),
        "trigger": _number(given["trigger"]),
        "parent": given["parent"],
    }


def _not_gtc(kind: str | None) -> str | None:
    return None if kind is None or kind == TimeInForce.GTC else str(kind)


def _answer(given: Mapping[str, Any]) -> Event:
    return {
        "type": "answer",
        "cloid": given["cloid"],
        "oid": _id(given["oid"]),
        "side": str(given["side"]),
        "price": _number(given["price"]),
        "resting": _number(given["resting_size"]),
        "filled": _number(given["filled_size"]),
    }


def _immediate(given: Mapping[str, Any]) -> Event:
    return {
        "type": "answer",
        "cloid": given["cloid"],
        "oid": _id(given["oid"]),
        "side": "buy" if given["is_buy"] else "sell",
        "price": _number(given["fill_price"]),
        "filled": _number(given["filled_size"]),
    }


def _fill(given: Mapping[str, Any]) -> Event:
    return {
        "type": "fill",
        "oid": _id(given["oid"] or 0),
        "tid": _id(given["tid"]),
        "side": "buy" if given["is_buy"] else "sell",
        "size": _number(given["size"]),
        "price": _number(given["price"]),
        "time": str(given["time"] or 0),
        "cloid": given["cloid"],
        "crossed": None if given["crossed"] is None else str(given["crossed"]).lower(),
        "fee": _number(given["fee_in_base"]),
    }


def _reversal(given: Mapping[str, Any]) -> Event | None:
    """Return how a reversal is retold; one that does not say what the fill was is not."""
    if given["size"] is None:
        return None
    return {
        **_of_fill("reversal", given),
        "side": "buy" if given["is_buy"] else "sell",
        "size": _number(given["size"]),
    }


def _of_fill(kind: str, given: Mapping[str, Any]) -> Event:
    """Return what names the fill that the venue changed, and when it did."""
    told = _of(kind, "tid", "at")(given)
    return {**told, "oid": _id(given["oid"] or 0), "time": str(given["time"] or 0)}


def _correction(given: Mapping[str, Any]) -> Event:
    return {
        **_of_fill("correction", given),
        "size": _number(given["size"]),
        "fee": _number(given["fee_in_base"]),
    }


def _listing(given: Mapping[str, Any]) -> Event:
    snapshot: Listing | None = given["snapshot"]
    if snapshot is None:
        return {"type": "listing_failed", "request": _name(given["request"])}
    return {
        "type": "listing",
        "orders": [_listed(order) for order in snapshot.orders],
        "request": _name(given["request"] or snapshot.request),
        "scope": snapshot.scope,
        "covers_triggers": "true" if snapshot.covers_triggers else None,
    }


def _listed(order: ListedOrder) -> Event:
    event = {
        "oid": str(order.oid),
        "cloid": order.cloid,
        "side": None if order.side is None else order.side.value,
        "price": _number(order.price),
        "size": _number(order.size),
        "remaining": _number(order.remaining),
        "trigger": None if order.trigger is None else str(order.trigger).lower(),
    }
    return {name: value for name, value in event.items() if value is not None}


def _of(kind: str, *names: str, **fixed: str) -> Callable[[Mapping[str, Any]], Event]:
    """Return how a call is retold whose arguments are ids, or texts, of the same names."""

    def event(given: Mapping[str, Any]) -> Event:
        return {"type": kind, **fixed, **{name: _id(given[name]) for name in names}}

    return event


_EVENTS: Final[dict[str, Callable[[Mapping[str, Any]], Event | None]]] = {
    "register_pending": _register,
    "finalize_order": _answer,
    "handle_immediate_fill": _immediate,
    "order_waits": lambda given: {
        **_of("status", "oid", "cloid")(given),
        "status": "waiting",
    },
    "order_rejected": _of("reject", "cloid", "reason", "oid"),
    "order_unknown": _of("unknown", "cloid", "reason"),
    "order_cannot_land": _of("reject", "cloid", "reason"),
    "process_fill": _fill,
    "order_status": lambda given: {
        **_of("status", "oid", "status", "cloid", "reason")(given),
        "filled": _number(given["filled"]),
    },
    "status_unknown": lambda given: {
        **_of("status_unknown", "id")(given),
        "request": _name(given["request"]),
    },
    "request_cancel": _of("cancel", "id"),
    "cancel_confirmed": _of("cancel_answer", "id", outcome="confirmed"),
    "cancel_not_open": _of("cancel_answer", "id", outcome="not_open"),
    "cancel_rejected": _of("cancel_answer", "id", outcome="rejected"),
    "cancel_timed_out": _of("cancel_answer", "id", outcome="timed_out"),
    "request_modify": lambda given: {
        "type": "modify",
        "id": _id(given["id"]),
        "price": _number(given["new_price"]),
        "size": _number(given["new_size"]),
    },
    "modify_confirmed": lambda given: {
        **_of("modify_answer", "cloid", outcome="confirmed")(given),
        "oid": _id(given["new_oid"]),
    },
    "modify_failed": _of("modify_answer", "cloid", "reason", "old", outcome="failed"),
    "modify_unknown": _of("modify_answer", "cloid", "reason", outcome="unknown"),
    "listing_requested": lambda given: None,
    "reconcile": _listing,
    "listing_failed": lambda given: {"type": "listing_failed", "request": _name(given["request"])},
    "position_reported": lambda given: {
        "type": "position",
        "position": _number(given["position"]),
        "as_of": _id(given["as_of"]),
    },
    "rebase": lambda given: {
        "type": "rebase",
        "position": _number(given["position"]),
        "as_of": _id(given["as_of"]),
        "orders": None if given["orders"] is None else [_listed(one) for one in given["orders"]],
    },
    "fill_reversed": _reversal,
    "fill_corrected": _correction,
    "tick": _of("tick"),
    "stuck_cancels": _of("tick"),
    "drain_events": lambda given: None,
}
