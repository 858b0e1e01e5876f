"""What a book is told is held against what it was told before, before anything is noted of it.

Time only moves on; ids are always of one kind; fills have venue times or they have not; a listing
is of this market, and not too old.
"""

from collections.abc import Iterable
from decimal import Decimal
from typing import Any

from truebook.impl.book import ageing, checks
from truebook.impl.book.checks import Oid, Tid
from truebook.impl.book.ending import OrderStatus
from truebook.impl.book.ledger import Ledger
from truebook.impl.book.listings import ListedOrder, Listing, ListingRequest, listed
from truebook.impl.book.results import ListingRefused
from truebook.model.vocabulary import TimeInForce

_STATUSES: dict[str, OrderStatus] = {word.value: word for word in OrderStatus}


def move_on(ledger: Ledger, now: int) -> None:
    """Let time pass until `now`; ValueError where that is in the past."""
    if now.__class__ is not int or not ledger.now <= now < checks.MOST_TIME:
        now = checks.time(now)
        if now < ledger.now:
            raise ValueError(f"now goes back from {ledger.now} to {now}: time only moves on")
    ledger.now = now
    if not now < ledger.wake_at:
        ageing.age(ledger)


def oid(ledger: Ledger, value: Oid | None) -> Oid:
    """Return an oid; refuse one that is none, or of another kind than those before."""
    if value is not None and value.__class__ is ledger.oid_kind and value in ledger.by_oid:
        return value
    found = checks.oid(value)
    ledger.oid_kind = checks.same_kind(found, ledger.oid_kind, "oid")
    if ledger.config.oids_ascend:
        ledger.past.told(found)
    return found


def fill_key(ledger: Ledger, oid: Any, tid: Any, time: Any) -> tuple[Oid, Tid, int | None]:
    """Return what identifies a fill; refuse what cannot identify it beside those before."""
    tid = checks.tid(tid)
    kind = checks.same_kind(tid, ledger.tid_kind, "tid")
    timed = time is not None
    if timed:
        time = checks.time(time, "time")
    if ledger.timed is not None and ledger.timed is not timed:
        raise TypeError(
            f"this fill comes {'with' if timed else 'without'} its venue time, unlike those "
            "before, or a rebase: give it for every fill or for none, or one could count twice"
        )
    oid = checks.oid(oid)
    ledger.oid_kind = checks.same_kind(oid, ledger.oid_kind, "oid")
    ledger.tid_kind = kind
    ledger.timed = timed
    if ledger.config.oids_ascend:
        ledger.past.told(oid)
    return oid, tid, time


def trade(
    size: Any, price: Any, is_buy: Any, cloid: Any, crossed: Any
) -> tuple[Decimal, Decimal, str | None]:
    """Return size, price and cloid of a fill, after everything about it is found right."""
    checks.flag(is_buy, "is_buy")
    if cloid is not None:
        cloid = checks.cloid(cloid)
    if crossed is not None:
        checks.flag(crossed, "crossed")
    return checks.size(size), checks.amount(price, "price"), cloid


def status(word: OrderStatus | str) -> OrderStatus:
    """Return what a venue says of an order; ValueError where that is not one of its words."""
    if isinstance(word, str):
        word = checks.text(word, "status")
        found = _STATUSES.get(word)
        if found is not None:
            return found
    raise ValueError(f"status must be one of {', '.join(OrderStatus)}, not {word!r}")


def time_in_force(word: TimeInForce | str) -> TimeInForce:
    """Return how long an order may rest; ValueError where that is not one of its words."""
    if isinstance(word, str):
        for known in TimeInForce:
            if known == word:
                return known
    raise ValueError(f"time_in_force must be one of {', '.join(TimeInForce)}, not {word!r}")


def requested_at(ledger: Ledger, request: ListingRequest | None) -> int:
    """Return when a picture was asked for; where that is not told, as long ago as may be."""
    if request is None:
        return ledger.now - ledger.config.listing_timeout
    if not isinstance(request, ListingRequest):
        raise TypeError(f"request must be what listing_requested returned, not {request!r}")
    if request.at > ledger.now:
        raise ValueError(f"the listing was asked for at {request.at}, after now ({ledger.now})")
    return request.at


def accept(
    ledger: Ledger,
    snapshot: Listing | Iterable[Oid | ListedOrder] | None,
    request: ListingRequest | None,
) -> tuple[Listing, int] | ListingRefused:
    """Return a listing and when it was asked for, unless it cannot be believed."""
    asked_at = requested_at(ledger, request)
    if snapshot is None:
        return ListingRefused("the listing failed")
    if not isinstance(snapshot, Listing):
        snapshot = Listing(listed(snapshot))
    if request is None:
        request = snapshot.request
        asked_at = requested_at(ledger, request)
    scope = ledger.config.scope
    if snapshot.scope is not None and snapshot.scope != scope:
        return ListingRefused(f"the listing is of {snapshot.scope!r}, the book of {scope!r}")
    if ledger.now - asked_at > ledger.config.listing_timeout:
        return ListingRefused(f"the listing was asked for {ledger.now - asked_at} ns ago")
    if request is None and not snapshot.orders:
        return ListingRefused("the listing is empty, and when it was asked for is not told")
    kind = ledger.oid_kind
    for order in snapshot.orders:
        kind = checks.same_kind(order.oid, kind, "oid")
    ledger.oid_kind = kind
    if ledger.config.oids_ascend:
        for order in snapshot.orders:
            ledger.past.told(order.oid)
    return snapshot, asked_at
