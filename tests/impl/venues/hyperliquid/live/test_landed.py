"""Where the nonce of a request without an answer is used up, it has landed: its order is asked for.

Nothing else tells: the stream has lost it, and every listing fails.
"""

from collections.abc import Callable

import pytest

from hyperliquid_venue import SECRET, SLOW, until
from truebook.impl import OrderState
from truebook.impl.venues.hyperliquid.live import HyperliquidBook
from truebook.venue.faults import LISTINGS, Do, Fault
from venue_server import served

SIZE = 1
FAILING = tuple(
    Fault(message=one, nth=nth, do=Do.BAD_GATEWAY) for one in LISTINGS for nth in range(3, 50)
)


def cut(message: str) -> tuple[Fault, ...]:
    """Return faults in which nothing tells what came of the first such request."""
    told = (Fault(message="orderUpdates", nth=nth, do=Do.LOST) for nth in (2, 3))
    return (Fault(message=message, nth=1, do=Do.UNANSWERED), *told, *FAILING)


def a_book(url: str) -> HyperliquidBook:
    """Return a book that makes a pass only where something asks for one."""
    return HyperliquidBook(
        url=url, wallet=SECRET, markets=["ETH"], strangers="cancel", journal=None, live=SLOW
    )


@pytest.mark.parametrize(
    ("message", "change", "left"),
    [
        ("cancel", lambda book, cloid: book.cancel(book.get_order(cloid).oid), 0),
        ("batchModify", lambda book, cloid: book.modify(cloid, 2901, 2 * SIZE), 2 * SIZE),
    ],
)
def test_what_became_of_a_request_that_landed_is_asked_of_its_order(
    message: str, change: Callable[[HyperliquidBook, str], object], left: int
) -> None:
    with served(*cut(message)) as venue, a_book(venue.url) as book:
        cloid = book.place("ETH", "buy", 2900, SIZE)
        change(book, cloid)
        until(lambda: book.exposure("buy", "ETH") == left)
        order = book.get_order(cloid)
        assert order is not None
        assert order.state is (OrderState.RESTING if left else OrderState.CANCELLED)
