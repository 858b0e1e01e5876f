"""What others may see of a book, and a line that says how it stands; nothing here changes it."""

from collections import Counter

from truebook.impl.book import BookReader, Strangers, ledger_of, subtract
from truebook.model.vocabulary import OrderState, Side


class BookView(BookReader):
    """A book to be read: it shows what the book shows, always as it is now, and tells it nothing.

    Hand this to what has no business changing the book.
    """

    __slots__ = ()

    def __init__(self, book: BookReader) -> None:
        self._ledger = ledger_of(book)


def orders_by_state(book: BookReader) -> dict[OrderState, int]:
    """Return how many orders are in each state; those of no order too, with zero."""
    found = Counter(order.state for order in book.get_orders())
    return {state: found[state] for state in OrderState if state is not OrderState.ABSENT}


def summary(book: BookReader) -> str:
    """Return a line for the log: position, what is open and pending, exposure, what is odd."""
    said = [f"position {book.position}"]
    awaited = subtract(book.expected_position, book.position)
    if awaited:
        said.append(f"{awaited:+f} answered and yet to come")
    said.append(f"{len(book)} open, {book.pending_count} pending")
    buy, sell = (book.pending_exposure(side) for side in (Side.BUY, Side.SELL))
    said.append(f"exposure {buy} to buy, {sell} to sell")
    if book.config.strangers is Strangers.LEAVE:
        buy, sell = (book.foreign_exposure(side) for side in (Side.BUY, Side.SELL))
        said.append(f"strangers {buy} to buy, {sell} to sell")
    states = orders_by_state(book)
    waiting = [(side, book.waiting_exposure(side)) for side in (Side.BUY, Side.SELL)]
    if any(size for _, size in waiting):
        said.append("of which " + ", ".join(f"{n} to {s.value}" for s, n in waiting) + " waits")
    for name, count in (
        ("waiting", states[OrderState.WAITING]),
        ("cancels on their way", states[OrderState.CANCEL_PENDING]),
        ("orphans", sum(1 for orphan in book.get_orphans() if orphan.since is not None)),
        ("fills of unknown orders", len(book.get_early_fills())),
    ):
        if count:
            said.append(f"{count} {name}")
    return "; ".join(said)
