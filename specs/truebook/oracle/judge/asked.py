"""What a subject asks to be cancelled, over a whole run: whose order it is, when, and how often."""

from collections.abc import Iterator, Mapping
from typing import Any

import attrs

from truebook.oracle.cases import TrueOrder, Truth
from truebook.oracle.judge.deviation import EXTRA, MISSING, Deviation

_FAILED = ("rejected", "timed_out", "not_open")


@attrs.define
class Asked:
    """What was asked so far: by the owner, by the subject, and by the reference in its place.

    `left`: the orders of others are to be left alone. `by_reference` are the times at which it
    asked first, `again` what was listed later than that. `missing` are those whose cancel is on its
    way and that the listing lacks which was told last.
    """

    left: bool
    by_owner: set[str] = attrs.field(factory=set)
    by_subject: set[str] = attrs.field(factory=set)
    by_reference: dict[str, int] = attrs.field(factory=dict)
    again: set[str] = attrs.field(factory=set)
    at: int = 0
    in_flight: set[str] = attrs.field(factory=set)
    missing: set[str] = attrs.field(factory=set)

    def hear(self, event: Mapping[str, Any], at: int) -> None:
        """Note an event before it is told, at a time."""
        self.at = at
        if event["type"] == "cancel":
            self.by_owner.add(event["id"])
        if event["type"] == "cancel_answer" and event["outcome"] in _FAILED:
            self.in_flight.discard(event["id"])
        if event["type"] == "listing":
            listed = {order["oid"] for order in event["orders"]}
            self.missing |= self.in_flight - listed - self.by_owner
            self.again |= {oid for oid in listed if self.by_reference.get(oid, at) < at}

    def broken(
        self, cancels: list[str], wanted: list[str] | None, truth: Truth | None
    ) -> Iterator[Deviation]:
        """Yield the promises that asking to cancel breaks.

        `wanted` the reference asks for; None where the step expects nothing of it.
        """
        names = {} if truth is None else _by_every_name(truth)
        self._forget_missing(truth)
        for id_ in cancels:
            order = names.get(id_)
            if order is not None and not {id_, order.id, order.cloid} & self.by_owner:
                promise = self._broken(id_, order, wanted)
                if promise:
                    yield Deviation("effects.cancels", EXTRA, id_, wanted, cancels, promise)
        self.by_subject.update(cancels)
        self.in_flight.update(cancels)
        for id_ in set(wanted or ()) - self.by_owner:
            self.by_reference.setdefault(id_, self.at)

    def _forget_missing(self, truth: Truth | None) -> None:
        """Let go of what has left the listings: another of its oid is new.

        What is open all the same was lacking in an old listing, and its cancel is on its way still.
        """
        if truth is not None and not truth.misled:
            self.missing -= {id_ for id_, one in truth.orders.items() if one.stands == "open"}
        self.in_flight -= self.missing
        self.missing = set()

    def _broken(self, id_: str, order: TrueOrder, wanted: list[str] | None) -> str:
        if order.ours:
            return "no-false-orphan" if order.stands != "over" else ""
        if self.left:
            return "strangers-left-alone"
        if wanted is not None and id_ in wanted:
            return ""
        if id_ in self.in_flight:
            return "orphan-cancelled-once"
        return "" if wanted is None or id_ in self.by_reference else "no-false-orphan"

    def never(self) -> Iterator[Deviation]:
        """Yield the orphans that were never asked to be cancelled, once a run is over.

        One that was not listed later than the reference asked may have ended before its turn came.
        """
        for id_ in sorted(self.again - self.by_subject):
            yield Deviation("effects.cancels", MISSING, id_, [id_], [], "convergence")


def _by_every_name(truth: Truth) -> Mapping[str, TrueOrder]:
    cloids = {one.cloid: one for one in truth.orders.values() if one.cloid}
    return {**cloids, **truth.orders}
