"""A cancel by cloid that is asked for when its request can no longer come: not open is over."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from truebook.impl import (
    SECOND,
    CancelRequested,
    Conflict,
    ListedOrder,
    Listing,
    OrderState,
    Refused,
    UnifiedOrderBook,
)

S = SECOND
EXPIRY = 30
"""E, as the book is configured unless told otherwise."""


@given(after=st.integers(0, 60), waits=st.booleans(), numbered=st.booleans(), before=st.booleans())
def test_not_open_is_over_where_nothing_could_come_after_the_cancel(
    after: int, waits: bool, numbered: bool, before: bool
) -> None:
    book = UnifiedOrderBook()
    trigger = 95 if waits else None
    book.register_pending("sell", 100, 5, cloid="c", trigger=trigger, now=0)
    first = None
    if before:
        first = book.request_cancel("c", now=0)
    at = after + 6 if before else after
    asked = book.request_cancel("c", now=at * S)
    if first is not None:
        book.cancel_not_open("c", request=first.request)  # type: ignore[union-attr]
        assert book.pending_count == 1
    for _ in range(2):
        number = asked.request if numbered else None  # type: ignore[union-attr]
        book.cancel_not_open("c", request=number, now=(at + 1) * S)
    over = at > EXPIRY and (numbered or not before)
    assert book.pending_count == (0 if over else 1)
    assert book.pending_exposure("sell") == (0 if over else 5)
    assert book.pending_exposure("sell") + book.unsettled("sell") == 5
    assert book.drain_events() == ()


def test_where_it_was_not_so_a_listing_opens_it_again() -> None:
    book = UnifiedOrderBook()
    book.register_pending("sell", 100, 5, cloid="c", now=0)
    book.request_cancel("c", now=31 * S)
    book.cancel_not_open("c", now=32 * S)
    order = ListedOrder(7, "c", "sell", price=100, remaining=5, size=5)
    book.reconcile(Listing((order,), book.listing_requested(now=43 * S)))
    (event,) = book.drain_events()
    assert isinstance(event, Conflict)
    shown = book.get_order(7)
    assert shown is not None
    assert shown.state is OrderState.RESTING


@pytest.mark.parametrize("there", [True, False])
def test_what_waits_beside_a_modify_nobody_answered_can_be_cancelled(there: bool) -> None:
    """It was amended, replaced or lost: no listing tells, and the cloid names whichever it is."""
    book = UnifiedOrderBook()
    book.register_pending("sell", 100, 8, cloid="c", trigger=95, now=0)
    book.order_waits("c", oid=1)
    book.request_modify("c", 100, 3, now=S)
    assert isinstance(book.request_cancel("c", now=31 * S), Refused)  # it may land yet
    first = book.request_cancel("c", now=32 * S)
    assert isinstance(first, CancelRequested)
    assert first.id == "c"
    if there:
        book.cancel_confirmed("c", request=first.request)
    else:
        book.cancel_not_open("c", request=first.request)
    assert book.pending_exposure("sell") == 0
    assert book.unsettled("sell") == 11  # either may have traded before
    book.tick(now=200 * S)
    assert book.unsettled("sell") == 0
    assert book.get_order("c") is None
