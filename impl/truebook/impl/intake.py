"""What a book is told is held against what it was told before, before anything is noted of it.

Time only moves on; ids are always of one kind; fills have venue times or they have not; a listing
is of this market, and not too old.
"""

from collections.abc import Iterable
from decimal import Decimal
from typing import Any

from truebook.impl import checks
from truebook.impl.checks import Oid
from truebook.impl.ending import OrderStatus
from truebook.impl.ledger import Ledger
from truebook.impl.listings import ListedOrder, Listing, ListingRequest
from truebook.impl.results import ListingRefused

_STATUSES: dict[str, OrderStatus] = {word.value: word for word in OrderStatus}


def move_on(ledger: Ledger, now: int) -> None:
    """Let time pass until `now`; ValueError where that is in the past."""
    if now.__class__ is not int or now < ledger.now:
        checks.time(now)
        raise ValueError(f"now goes back from {ledger.now} to {now}: time only moves on")
    ledger.now = now
    if not now < ledger.wake_at:
        ledger.age()


def check_oid(ledger: Ledger, oid: Oid | None) -> None:
    """Refuse an oid that is none, or of another kind than those before."""
    if oid.__class__ is ledger.oid_kind and oid and oid != "0":
        return
    ledger.oid_kind = oid_kind(oid, ledger.oid_kind)


def oid_kind(oid: Oid | None, kind: type | None) -> type:
    """Return the kind of an oid, which is that of those before (None: there were none)."""
    if checks.is_no_oid(oid):
        raise ValueError(f"oid is {oid!r}: no venue has an order of that id")
    return checks.identity(oid, kind, "oid")


def check_identity(ledger: Ledger, oid: Any, tid: Any, time: Any) -> None:
    """Refuse what cannot identify a fill beside those before."""
    kind = checks.identity(tid, ledger.tid_kind, "tid")
    timed = time is not None
    if timed:
        checks.time(time, "time")
    if ledger.timed is not None and ledger.timed is not timed:
        raise TypeError(
            f"this fill comes {'with' if timed else 'without'} its venue time, unlike those "
            "before, or a rebase: give it for every fill or for none, or one could count twice"
        )
    check_oid(ledger, oid)
    ledger.tid_kind = kind
    ledger.timed = timed


def check_fill(
    size: Any, price: Any, is_buy: Any, cloid: Any, crossed: Any
) -> tuple[Decimal, Decimal]:
    """Return the size and price of a fill, after everything about it is found right."""
    checks.flag(is_buy, "is_buy")
    if cloid is not None:
        checks.cloid(cloid)
    if crossed is not None:
        checks.flag(crossed, "crossed")
    return checks.size(size), checks.amount(price, "price")


def status(word: OrderStatus | str) -> OrderStatus:
    """Return what a venue says of an order; ValueError where that is not one of its words."""
    found = _STATUSES.get(word) if isinstance(word, str) else None
    if found is not None:
        return found
    raise ValueError(f"status must be one of {', '.join(OrderStatus)}, not {word!r}")


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
) -> tuple[tuple[ListedOrder, ...], int] | ListingRefused:
    """Return the orders of a listing and when it was asked for, unless it cannot be believed."""
    if snapshot is None:
        return ListingRefused("the listing failed")
    if isinstance(snapshot, str):
        raise TypeError(f"a listing is its orders, or their oids, not the text {snapshot!r}")
    if not isinstance(snapshot, Listing):
        listed = (o if isinstance(o, ListedOrder) else ListedOrder(o) for o in snapshot)
        snapshot = Listing(tuple(listed))
    request = snapshot.request if request is None else request
    scope = ledger.config.scope
    if snapshot.scope is not None and snapshot.scope != scope:
        return ListingRefused(f"the listing is of {snapshot.scope!r}, the book of {scope!r}")
    asked = requested_at(ledger, request)
    if ledger.now - asked > ledger.config.listing_timeout:
        return ListingRefused(f"the listing was asked for {ledger.now - asked} ns ago")
    if request is None and not snapshot.orders:
        return ListingRefused("the listing is empty, and when it was asked for is not told")
    kind = ledger.oid_kind
    for order in snapshot.orders:
        kind = oid_kind(order.oid, kind)
    ledger.oid_kind = kind
    return snapshot.orders, asked
