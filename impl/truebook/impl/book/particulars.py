"""What is to be said of few orders: the terms they are on, and what they have gone through.

Of most there is nothing, so that these share one value of each: slots of their own for all of this
would make every order half as large again.
"""

from decimal import Decimal
from enum import StrEnum
from typing import Final

import attrs

from truebook.impl.book.checks import Oid
from truebook.model.vocabulary import TimeInForce, Wait


class Dispute(StrEnum):
    """What words of the venue contradict each other about, or what is known; see docs/book.md."""

    SIZE = "size"
    """More is said to have filled, or to be left with it, than the order's size."""
    END = "end"
    """A last word says less than is known to have filled, or is two words in one."""
    REFUSAL = "refusal"
    """It is told as refused, and known at the venue."""
    SIDE = "side"
    """It is listed or answered for the other side, or a fill of it is of that."""
    PRICE = "price"
    """It is listed at another price."""
    LISTED_SIZE = "listed size"
    """Reported by books of before, which took another size for a contradiction."""
    CLOID = "cloid"
    """A listing, fill or status of its oid names another cloid."""
    EARLIER = "earlier order"
    """A fill, status or listing names its cloid, and may be of an earlier order of that."""
    TIME_IN_FORCE = "time in force"
    """Its answer says that it rests or takes, which its time in force rules out."""
    LESS = "filled with less"
    """It is told as filled with less than its size, which a modify on its way may explain.

    Reported as `END` once that modify is known to be refused, or to have made another order.
    """


@attrs.frozen(kw_only=True, weakref_slot=False)
class Terms:
    """On what terms an order trades, beside its side, price and size.

    `wait`: whether it may be outside the venue's book, as one with a `trigger` or a `parent`. One
    that `follows` the position has no size until it trades.
    """

    reduce_only: bool = False
    time_in_force: TimeInForce = TimeInForce.GTC
    trigger: Decimal | None = None
    parent: str | None = None
    wait: Wait = Wait.NEVER
    follows: bool = False


@attrs.frozen(kw_only=True, weakref_slot=False)
class Course:
    """What an order has gone through beside what any does: odd answers, and contradictions.

    `refused_oid` is the oid under which the venue told a refusal. `accepted`: the venue took a
    modify, and has told no oid yet. `first_request` is the number of the request that made it,
    where a later one amended it in place. `blind_cancel` is that of the latest cancel asked for
    before it was known at the venue; `cancelled`: a cancel was confirmed then. `recancelled`: it
    had a cancel before its latest. `ambiguous`: another request of its cloid, older than it or
    forgotten, was never accepted. `unclear`: it was reported that an answer may be of it, or of
    another. `absent_at` is when it was taken for dead, as the venue did not have it, where a word
    has shown since that there is such an order. `doubted`: a listing contradicted its end, so only
    a listing or its fills close it.
    `named`: a listing showed it with its cloid, as one that waits, or did. `disputed` are the kinds
    of contradictions that were reported of it.
    """

    refused_oid: Oid | None = None
    accepted: bool = False
    first_request: int = attrs.field(default=0, eq=False)
    blind_cancel: int = attrs.field(default=0, eq=False)
    cancelled: bool = False
    recancelled: bool = False
    ambiguous: bool = False
    unclear: bool = attrs.field(default=False, eq=False)
    absent_at: int | None = attrs.field(default=None, eq=False)
    doubted: bool = False
    named: bool = attrs.field(default=False, eq=False)
    disputed: frozenset[Dispute] = frozenset()


PLAIN: Final = Terms()
SMOOTH: Final = Course()

_COMMON: Final = {
    kind: (Terms(time_in_force=kind), Terms(time_in_force=kind, reduce_only=True))
    for kind in TimeInForce
} | {TimeInForce.GTC: (PLAIN, Terms(reduce_only=True))}


def common(time_in_force: TimeInForce, *, reduce_only: bool) -> Terms:
    """Return the terms of an order that has no others, which all such orders share."""
    return _COMMON[time_in_force][reduce_only]
