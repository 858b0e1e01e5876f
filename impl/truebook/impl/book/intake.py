"""What a book is told is held against what it was told before, before anything is noted of it.

Time only moves on; ids are of one kind; fills have venue times or they have not; a listing is of
this market, and not too old. What only comes in another form is taken (forms.py).
"""

from collections.abc import Iterable
from decimal import Decimal
from typing import Any

import attrs

from truebook.impl.book import ageing, checks, forms
from truebook.impl.book.checks import Oid, Tid
from truebook.impl.book.ending import OrderStatus
from truebook.impl.book.fills import FillKey
from truebook.impl.book.ledger import Ledger
from truebook.impl.book.listed import ListedOrder, Listing, ListingRequest, listed
from truebook.impl.book.results import ListingRefused
from truebook.model.vocabulary import TimeInForce

_STATUSES: dict[str, OrderStatus] = {
    "canceled": OrderStatus.CANCELLED,
    **{word.value: word for word in OrderStatus},
}


def move_on(ledger: Ledger, now: int) -> None:
    """Let time pass until `now`; where that is in the past, the latest time told holds."""
    if now.__class__ is not int or not ledger.now <= now < checks.MOST_TIME:
        now = checks.time(now)
        if now < ledger.now:
            forms.clock(ledger, now)
            return
    ledger.now = now
    if not now < ledger.wake_at:
        ageing.age(ledger)


def oid(ledger: Ledger, value: Oid | None) -> Oid:
    """Return an oid, of the kind of those before; refuse one that is none."""
    if value is not None and value.__class__ is ledger.oid_kind and value in ledger.by_oid:
        return value
    return of_kind(ledger, checks.oid(value))


def of_kind(ledger: Ledger, found: Oid) -> Oid:
    """Return an oid that was found right, of the kind of those before."""
    if found.__class__ is ledger.oid_kind and not ledger.config.oids_ascend:
        return found  # nothing of it is news
    taken = forms.of_kind(found, ledger.oid_kind, "oid")
    _keep_kinds(ledger, (found, taken), None)
    return taken


def id_of(ledger: Ledger, value: Any) -> Oid:
    """Return an oid or a cloid as the book has it."""
    found = checks.oid_or_cloid(value)
    if found in ledger.by_oid or found in ledger.by_cloid:
        return found
    taken = forms.same(found, ledger.oid_kind)
    if taken is None or taken.__class__ is found.__class__:
        return found
    forms.note(ledger, "oid", found, taken)
    return taken


def fill_key(ledger: Ledger, oid: Any, tid: Any, time: Any) -> tuple[Oid, Tid, int | None]:
    """Return what identifies a fill; refuse what cannot identify it beside those before.

    Where those before had no venue times, that of this one is left out.
    """
    found_tid = checks.tid(tid)
    tid = forms.of_kind(found_tid, ledger.tid_kind, "tid")
    told = None if time is None else checks.time(time, "time")
    if told is None and ledger.timed:
        raise TypeError(
            "this fill comes without its venue time, unlike those before, or a rebase: whether it "
            "was counted cannot be told, so ask the venue for it with its time"
        )
    kept = None if ledger.timed is False else told
    kind = int if ledger.config.oids_ascend else None
    found_oid = forms.fill_oid(oid, ledger.oid_kind or kind)
    oid = forms.of_kind(found_oid, ledger.oid_kind, "oid")
    _keep_kinds(ledger, (found_oid, oid), (found_tid, tid))
    ledger.timed = kept is not None
    forms.note(ledger, "time", told, kept)
    return oid, tid, kept


def _keep_kinds(ledger: Ledger, oid: tuple[Oid, Oid], tid: tuple[Tid, Tid] | None) -> None:
    """Keep the kinds of ids, of which each is given as it came and as it is taken."""
    ledger.oid_kind = oid[1].__class__
    if ledger.config.oids_ascend and forms.names_order(oid[1]):
        ledger.past.told(oid[1])
    forms.note(ledger, "oid", *oid)
    if tid is not None:
        ledger.tid_kind = tid[1].__class__
        forms.note(ledger, "tid", *tid)


def trade(
    size: Any, price: Any, is_buy: Any, cloid: Any, crossed: Any
) -> tuple[Decimal, Decimal, str | None]:
    """Return size, price and cloid of a fill, after everything about it is found right."""
    checks.flag(is_buy, "is_buy")
    cloid = forms.cloid(cloid)
    if crossed is not None:
        checks.flag(crossed, "crossed")
    return checks.size(size), checks.number(price, "price"), cloid


def fee(value: Any, size: Any) -> Decimal:
    """Return a fee in the asset itself, which is less than the size that it is taken of."""
    found = checks.number(value, "fee_in_base")
    if not found.copy_abs() < size:
        raise ValueError(f"fee_in_base must be less than the size {size}, not {found}")
    return found


def moved(size: Any, is_buy: Any) -> Decimal | None:
    """Return by how much a fill moved the position; None where that is not told."""
    if size is None and is_buy is None:
        return None
    if size is None or is_buy is None:
        raise TypeError("size and is_buy of a fill that was reversed go together: pass both")
    amount = checks.size(size)
    return amount if checks.flag(is_buy, "is_buy") else amount.copy_negate()


def changed(ledger: Ledger, oid: Any, tid: Any, time: Any, at: Any) -> tuple[FillKey, int | None]:
    """Return what identifies a fill that the venue changed, and when it did."""
    at = None if at is None else checks.time(at, "at")
    oid, tid, time = fill_key(ledger, oid, tid, time)
    return ledger.memory.key(time, tid, oid), at


def status(word: OrderStatus | str) -> OrderStatus:
    """Return what a venue says of an order; ValueError where that is not one of its words."""
    if isinstance(word, str):
        word = checks.text(word, "status")
        found = _STATUSES.get(word.lower())
        if found is not None:
            return found
    raise ValueError(f"status must be one of {', '.join(OrderStatus)}, not {word!r}")


def time_in_force(word: TimeInForce | str) -> TimeInForce:
    """Return how long an order may rest; ValueError where that is not one of its words."""
    if type(word) is TimeInForce:
        return word
    if isinstance(word, str):
        for known in TimeInForce:
            if known == word:
                return known
    raise ValueError(f"time_in_force must be one of {', '.join(TimeInForce)}, not {word!r}")


def requested_at(ledger: Ledger, request: ListingRequest | None) -> int:
    """Return when a picture was asked for; where that is not told, as long ago as may be.

    One asked for later than the latest time told is taken as of that: older, it shows less.
    """
    if request is None:
        return ledger.now - ledger.config.listing_timeout
    if not isinstance(request, ListingRequest):
        raise TypeError(f"request must be what listing_requested returned, not {request!r}")
    return min(request.at, ledger.now)


def note_late(ledger: Ledger, request: ListingRequest | None) -> None:
    """Report a picture asked for later than the latest time told."""
    if request is not None and ledger.now < request.at:
        forms.note(ledger, "request", request.at, ledger.now)


def accept(
    ledger: Ledger,
    snapshot: Listing | Iterable[Oid | ListedOrder] | None,
    request: ListingRequest | None,
) -> tuple[tuple[ListedOrder, ...], int, bool] | ListingRefused:
    """Return what is listed, when that was asked for, and whether what waits would be in it.

    Refused where it cannot be believed.
    """
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
    taken = of_one_kind(ledger, snapshot.orders)
    note_late(ledger, request)
    return taken, asked_at, snapshot.covers_triggers


def of_one_kind(ledger: Ledger, orders: tuple[ListedOrder, ...]) -> tuple[ListedOrder, ...]:
    """Return listed orders with their oids of the kind of those before."""
    kind, odd = ledger.oid_kind, None
    taken = []
    for order in orders:
        oid = forms.of_kind(order.oid, kind, "oid")
        kind = oid.__class__
        if oid.__class__ is not order.oid.__class__:
            odd = odd or (order.oid, oid)
            order = attrs.evolve(order, oid=oid)
        taken.append(order)
    ledger.oid_kind = kind
    if ledger.config.oids_ascend:
        for order in taken:
            ledger.past.told(order.oid)
    if odd is not None:
        forms.note(ledger, "oid", *odd)
    return tuple(taken)
