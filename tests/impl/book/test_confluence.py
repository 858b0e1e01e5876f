"""The same facts in any order, any number of times, give the same book.

A run of the venue is made up: orders that take on arrival, fill while resting, end, are modified or
cancelled, with pictures of the open orders along the way. All that the book is told of it comes at
one instant, shuffled and repeated.
"""

from collections.abc import Callable
from decimal import Decimal
from functools import partial
from typing import Any

import attrs
from hypothesis import given
from hypothesis import strategies as st

from truebook.impl import (
    BookConfig,
    Conflict,
    ListedOrder,
    Listing,
    ModifyRequested,
    UnifiedOrderBook,
)

PRICE = Decimal("99.5")
LOT = Decimal("0.1")
CONFIG = BookConfig(
    expected_cloid_ttl=1,
    finalized_protection=0,
    orphan_grace_period=2,
    fill_window_duration=3,
    tombstone_duration=20,
    listing_timeout=10,
    cancel_timeout=2,
)
ASKED = 5
NOW = 6
MODIFY = 2
"""The number of the modify of an order that is the first request."""

Message = Callable[[UnifiedOrderBook], Any]


@attrs.frozen
class Life:
    """What becomes of one order at the venue; `shown` is how many of its fills each picture has."""

    number: int
    buy: bool
    size: int
    taken: int
    made: int
    cancelled: bool
    known: bool
    """Its answer came long before."""
    cancel: str
    """What came of asking to cancel it, once it was known: not asked, lost or refused."""
    named: bool
    """Its fills carry its cloid."""
    shown: tuple[int, ...]

    @property
    def oid(self) -> str:
        return f"oid{self.number}"

    @property
    def cloid(self) -> str:
        return f"c{self.number}"

    @property
    def executed(self) -> int:
        return self.taken + self.made

    @property
    def over(self) -> bool:
        return self.cancelled or self.executed == self.size

    def messages(self) -> list[Message]:
        found = [self.fill(n) for n in range(self.executed)]
        if not self.known:
            found.append(self.answer)
        found.append(
            lambda book: book.order_status(
                self.oid, "open", cloid=self.cloid, filled=LOT * self.taken
            )
        )
        if self.over:
            word = "filled" if self.executed == self.size else "cancelled"
            found.append(
                lambda book: book.order_status(
                    self.oid, word, cloid=self.cloid, filled=LOT * self.executed
                )
            )
            if self.asks and self.cancel == "refused":
                found.append(lambda book: book.cancel_not_open(self.oid))
        elif self.asks and self.cancel == "refused":
            found.append(lambda book: book.cancel_rejected(self.oid))
        return found

    @property
    def asks(self) -> bool:
        return self.known and self.cancel != "not asked" and self.taken < self.size

    def answer(self, book: UnifiedOrderBook) -> Any:
        side = "buy" if self.buy else "sell"
        rest, taken = LOT * (self.size - self.taken), LOT * self.taken
        return book.finalize_order(self.cloid, self.oid, rest, side, PRICE, filled_size=taken)

    def fill(self, n: int) -> Message:
        cloid = self.cloid if self.named else None
        taker = n < self.taken
        return lambda book: book.process_fill(
            self.oid, f"t{n}", LOT, PRICE, self.buy, cloid=cloid, time=n, crossed=taker
        )

    def listed(self, picture: int) -> list[ListedOrder]:
        shown = max(self.taken, min(self.shown[picture], self.executed))
        if shown == self.size or (self.cancelled and shown == self.executed):
            return []
        side = "buy" if self.buy else "sell"
        size = LOT * self.size
        left = size - LOT * shown
        return [ListedOrder(self.oid, self.cloid, side, price=PRICE, remaining=left, size=size)]


@st.composite
def lives(draw: st.DrawFn, number: int) -> Life:
    size = draw(st.integers(1, 4))
    taken = draw(st.integers(0, size))
    made = draw(st.integers(0, size - taken))
    return Life(
        number=number,
        buy=draw(st.booleans()),
        size=size,
        taken=taken,
        made=made,
        cancelled=draw(st.booleans()) and taken + made < size,
        known=draw(st.booleans()),
        cancel=draw(st.sampled_from(["not asked", "lost", "refused"])),
        named=draw(st.booleans()),
        shown=(draw(st.integers(0, size)), draw(st.integers(0, size))),
    )


def started(runs: list[Life]) -> UnifiedOrderBook:
    """Return the book before the messages: all sent, some answered, some asked to be cancelled."""
    book = UnifiedOrderBook(CONFIG)
    for life in runs:
        side = "buy" if life.buy else "sell"
        book.register_pending(side, PRICE, LOT * life.size, cloid=life.cloid, now=0)
    for life in runs:
        if life.known:
            life.answer(book)
        if life.asks:
            book.request_cancel(life.oid, now=1)
    book.tick(ASKED)
    return book


def reconcile(listing: Listing, book: UnifiedOrderBook) -> Any:
    return book.reconcile(listing)


def pictures(runs: list[Life]) -> list[Message]:
    request = UnifiedOrderBook().listing_requested(ASKED)
    found: list[Message] = []
    for picture in (0, 1):
        orders = tuple(order for life in runs for order in life.listed(picture))
        found.append(partial(reconcile, Listing(orders, request)))
    return found


def assert_nothing_contradicts(books: list[UnifiedOrderBook]) -> None:
    """Hold that what a truthful venue tells, however late, is not reported as a contradiction."""
    for book in books:
        assert not [event for event in book.drain_events() if isinstance(event, Conflict)]


@given(st.data())
def test_messages_commute_and_repeat_harmlessly(data: st.DataObject) -> None:
    runs = [data.draw(lives(number)) for number in range(data.draw(st.integers(1, 3)))]
    messages = pictures(runs) + [message for life in runs for message in life.messages()]
    one, other = started(runs), started(runs)
    for message in messages:
        one.tick(NOW)
        message(one)
    shuffled = data.draw(st.permutations(messages))
    repeated = data.draw(st.lists(st.sampled_from(messages), max_size=5))
    other.tick(NOW)
    for message in [*shuffled, *repeated]:
        message(other)
    assert one == other
    truth = sum((LOT * (life.executed if life.buy else -life.executed) for life in runs), LOT * 0)
    assert one.position == truth
    for book in (one, other):
        assert UnifiedOrderBook.from_json(book.to_json()) == book
        for side in ("buy", "sell"):
            assert book.pending_exposure(side) == other.pending_exposure(side)
            assert book.unsettled(side) == other.unsettled(side)
    assert_nothing_contradicts([one, other])


@given(st.data())
def test_messages_of_a_modify_commute_and_repeat_harmlessly(data: st.DataObject) -> None:
    old = attrs.evolve(data.draw(lives(1)), known=True, cancel="not asked", shown=(0, 0))
    new = attrs.evolve(data.draw(lives(2)), buy=old.buy, known=False, cancel="not asked")
    if old.taken == old.size:
        return
    old = attrs.evolve(old, cancelled=old.executed < old.size)
    messages = [
        message for life in (old, attrs.evolve(new, named=True)) for message in life.messages()
    ]
    messages = [as_leg_of(old.cloid, message) for message in messages]
    if data.draw(st.booleans(), label="its answer has no oid"):
        messages.append(lambda book: book.modify_confirmed(old.cloid, request=MODIFY))
    books = []
    repeated = data.draw(st.lists(st.sampled_from(messages), max_size=5))
    for order in (messages, [*data.draw(st.permutations(messages)), *repeated]):
        book = started([old])
        sent = book.request_modify(old.oid, PRICE, LOT * new.size, force=True)
        assert isinstance(sent, ModifyRequested)
        assert sent.request == MODIFY
        book.tick(NOW)
        for message in order:
            message(book)
        books.append(book)
    assert books[0] == books[1]
    assert books[0].position == books[1].position
    assert_nothing_contradicts(books)


@attrs.frozen
class Taker:
    """An order that may only take: some of it does on arrival, and the rest of it is refused."""

    life: Life
    tells: bool
    """The venue says how much of it has filled when it says that it is refused."""

    def messages(self) -> list[Message]:
        life = self.life
        filled = LOT * life.taken if self.tells else None
        found = [life.fill(n) for n in range(life.taken)]
        found.append(
            lambda book: book.order_status(life.oid, "rejected", cloid=life.cloid, filled=filled)
        )
        if life.taken:
            found.append(life.answer)
        else:
            found.append(lambda book: book.order_rejected(life.cloid, "nothing to take"))
        return found


@st.composite
def takers(draw: st.DrawFn, number: int) -> Taker:
    life = draw(lives(number))
    taken = min(life.taken, life.size - 1)
    only = attrs.evolve(
        life, taken=taken, made=0, known=False, cancelled=True, shown=(taken, taken)
    )
    return Taker(only, draw(st.booleans()))


@given(st.data())
def test_messages_of_what_never_rested_commute_and_repeat_harmlessly(data: st.DataObject) -> None:
    runs = [data.draw(takers(number)) for number in range(data.draw(st.integers(1, 2)))]
    taken = [taker.life for taker in runs]
    messages = pictures(taken) + [message for taker in runs for message in taker.messages()]
    books = []
    repeated = data.draw(st.lists(st.sampled_from(messages), max_size=5))
    for order in (messages, [*data.draw(st.permutations(messages)), *repeated]):
        book = started(taken)
        book.tick(NOW)
        for message in order:
            message(book)
        books.append(book)
    one, other = books
    assert one == other
    assert one.position == sum(LOT * (life.taken if life.buy else -life.taken) for life in taken)
    for life in taken:
        shown = one.get_order(life.cloid)
        assert shown is not None
        assert not shown.is_open
        assert shown.filled == LOT * life.taken
    for side in ("buy", "sell"):
        assert one.pending_exposure(side) == other.pending_exposure(side) == 0
        assert one.unsettled(side) == other.unsettled(side)
    assert_nothing_contradicts(books)


class Renamed:
    """A book that is told another cloid than the message has: both orders of a modify share one."""

    def __init__(self, book: UnifiedOrderBook, cloid: str) -> None:
        self.book = book
        self.cloid = cloid

    def finalize_order(self, cloid: str, *args: Any, **told: Any) -> Any:
        return self.book.finalize_order(self.cloid, *args, **told)

    def process_fill(self, *args: Any, cloid: str | None, **told: Any) -> Any:
        name = None if cloid is None else self.cloid
        return self.book.process_fill(*args, cloid=name, **told)

    def order_status(self, *args: Any, cloid: str, **told: Any) -> Any:
        return self.book.order_status(*args, cloid=self.cloid, **told)


def as_leg_of(cloid: str, message: Message) -> Message:
    return lambda book: message(Renamed(book, cloid))  # type: ignore[arg-type]
