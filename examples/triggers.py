"""Orders of the simulated venue that wait: stops, take profits, and children of other orders.

Each waits outside the venue's book until its trigger is reached, and a child for its parent before.
By its seed a venue tells the oid by which an order waits, or not, and lets what is triggered trade
under that oid or a new one. Siblings cancel each other once one of them is triggered.
"""

from typing import TYPE_CHECKING

from venue_orders import TRIGGERED, WAITING, Terms, VenueOrder

if TYPE_CHECKING:
    from simulated_venue import Answered, Venue


def names(venue: "Venue") -> bool:
    """Return whether the venue tells the oid by which an order waits; a listing does always."""
    return venue.seed // 2 % 2 == 0


def renames(venue: "Venue") -> bool:
    """Return whether what is triggered trades under another oid than that by which it waited."""
    return venue.seed // 4 % 2 == 0


def take(venue: "Venue", order: VenueOrder, terms: Terms) -> "Answered":
    """Let an order wait, and return the answer; one of the size 0 closes the position.

    A child is rejected whose parent is over, or never was, with nothing filled.
    """
    if terms.parent is not None:
        if _is_empty(venue, terms.parent):
            return "rejected", {}, None
        venue.false_words.born(order.name, terms.parent)
    venue.orders[order.oid] = order
    order.terms, order.closes, order.state = terms, not order.size, WAITING
    venue.happened["orders that wait taken"] += 1
    venue.tell_status(order)
    return "waits", {"oid": order.oid if names(venue) else None}, None


def parent_ended(venue: "Venue", order: VenueOrder) -> None:
    """Cancel the children of an order that is over, if nothing of it, as modified, has filled."""
    children = [
        child
        for child in waiting(venue)
        if child.terms is not None and child.terms.parent == order.cloid
    ]
    if children and _is_empty(venue, order.cloid):
        for child in children:
            venue.happened["children cancelled with their parent"] += 1
            venue.end(child, "cancelled")


def position_closed(venue: "Venue") -> None:
    """Cancel what would close the position where there is none of its side any more."""
    for order in waiting(venue):
        if order.closes and not venue.closable(order.is_buy):
            venue.happened["orders that close the position cancelled without one"] += 1
            venue.end(order, "cancelled")


def waiting(venue: "Venue") -> list[VenueOrder]:
    """Return the orders that wait."""
    return [order for order in venue.orders.values() if order.state == WAITING]


def move(venue: "Venue") -> None:
    """Let what is due be triggered, now that the market has moved; cancel some unasked."""
    for order in waiting(venue):
        if order.state == WAITING and _is_due(venue, order):
            _trigger(venue, order)
        elif order.state == WAITING and venue.goes_wrong(0.03):
            venue.end(order, "cancelled")


def _is_empty(venue: "Venue", cloid: str | None) -> bool:
    """Return whether all orders of a cloid are over, or it has none, and nothing has filled."""
    orders = [order for order in venue.orders.values() if order.cloid == cloid]
    return not any(order.filled or order.is_alive for order in orders)


def _is_due(venue: "Venue", order: VenueOrder) -> bool:
    terms = order.terms
    assert terms is not None
    reached = venue.mid >= terms.trigger if terms.above else venue.mid <= terms.trigger
    if terms.parent is None:
        return reached
    parents = [one for one in venue.orders.values() if one.cloid == terms.parent]
    return reached and not any(one.is_alive for one in parents)


def _trigger(venue: "Venue", order: VenueOrder) -> None:
    """Let an order trade; one that closes the position has its size from now on."""
    terms = order.terms
    assert terms is not None
    venue.happened["orders triggered"] += 1
    if order.closes:
        order.size = venue.closable(order.is_buy)
    for other in waiting(venue):
        group = None if other is order or other.terms is None else other.terms.group
        if group is not None and group == terms.group:
            venue.happened["orders cancelled with a sibling"] += 1
            venue.end(other, "cancelled")
    order.state = TRIGGERED
    venue.tell_status(order)
    if not renames(venue):
        venue.take(order)
        return
    venue.over(order, TRIGGERED)
    new = venue.new(order.cloid, order.is_buy, order.price, order.size)
    new.reduce_only, new.closes, new.waited = order.reduce_only, order.closes, order.oid
    venue.take(new)
