"""What a venue of one order to sell, "c", finds wrong with the book that is told of it."""

from collections.abc import Iterator
from decimal import Decimal

from truebook.impl import Conflict, OrderState, Overfill, UnifiedOrderBook


def restarted(book: UnifiedOrderBook, problems: list[str]) -> UnifiedOrderBook:
    """Return the book as it was saved, and note where it is another."""
    saved = UnifiedOrderBook.from_json(book.to_json())
    if saved != book or saved.get_orders() != book.get_orders():
        problems.append("the saved book is another")
    return saved


def alarms(book: UnifiedOrderBook) -> Iterator[str]:
    """Yield what it reports though all words were true."""
    for event in book.drain_events():
        if isinstance(event, (Conflict, Overfill)):
            yield f"all words were true: {event}"


def unbounded(book: UnifiedOrderBook, most: Decimal) -> Iterator[str]:
    """Yield that it does not bound the most that can have traded, where it does not."""
    bound = book.pending_exposure("sell") + book.unsettled("sell")
    if -book.position + bound < most:
        yield f"{most} can have traded, and the book bounds {bound}"


def taken_for_dead(book: UnifiedOrderBook) -> Iterator[str]:
    """Yield that it takes the order for dead, where it does."""
    order = book.get_order("c")
    if order is None or order.state is OrderState.DEAD:
        yield "it is alive, and the book has it dead"
