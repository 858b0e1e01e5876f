"""Words of the venue that contradict each other are reported, once, and whatever comes first.

What is told of one order is made up word by word: answers, statuses, listings, refusals and fills,
with amounts below, at and above its size. Which sets of words contradict is stated here by itself,
of the set alone; the book is told them in any order, with any repetition.
"""

from decimal import Decimal
from typing import Any, TypeAlias

import attrs
from hypothesis import given, settings
from hypothesis import strategies as st

from truebook.impl import BookConfig, Conflict, ListedOrder, Listing, Overfill, UnifiedOrderBook

PRICE = Decimal("99.5")
CONFIG = BookConfig(
    expected_cloid_ttl=1,
    finalized_protection=0,
    fill_window_duration=3,
    tombstone_duration=20,
    listing_timeout=10,
)
ASKED, NOW = 5, 6
LASTS = ("filled", "cancelled", "rejected")


@attrs.frozen
class Answer:
    """The order was accepted: `taken` filled on arrival, and `rest` is left."""

    taken: int
    rest: int

    def tell(self, book: UnifiedOrderBook) -> Any:
        if self.taken and not self.rest:
            return book.handle_immediate_fill("c", 1, self.taken, PRICE, True)
        return book.finalize_order("c", 1, self.rest, "buy", PRICE, filled_size=self.taken)


@attrs.frozen
class Status:
    """What the venue says of it, perhaps with what has filled, perhaps under another cloid."""

    word: str
    filled: int | None
    cloid: str

    def tell(self, book: UnifiedOrderBook) -> Any:
        return book.order_status(1, self.word, cloid=self.cloid, filled=self.filled)


@attrs.frozen
class Listed:
    """It is listed, perhaps otherwise than it is."""

    cloid: str
    side: str
    price: Decimal
    remaining: int | None
    size: int | None

    def tell(self, book: UnifiedOrderBook) -> Any:
        order = ListedOrder(
            oid=1,
            cloid=self.cloid,
            side=self.side,
            price=self.price,
            remaining=self.remaining,
            size=self.size,
        )
        return book.reconcile(Listing((order,), book.listing_requested()))


@attrs.frozen
class Refused:
    """The answer says that it was refused, perhaps under an oid that is not its own."""

    oid: int | None

    def tell(self, book: UnifiedOrderBook) -> Any:
        return book.order_rejected("c", "no", oid=self.oid)


@attrs.frozen
class Fill:
    """One fill of it, perhaps under another cloid."""

    tid: int
    size: int
    crossed: bool
    cloid: str

    def tell(self, book: UnifiedOrderBook) -> Any:
        return book.process_fill(
            1, self.tid, self.size, PRICE, True, cloid=self.cloid, time=1, crossed=self.crossed
        )


Word: TypeAlias = Answer | Status | Listed | Refused | Fill


@attrs.frozen
class Told:
    """A set of words of an order of `size`; `known`: its oid was, before them."""

    size: int
    known: bool
    words: tuple[Word, ...]

    def of(self, kind: type) -> list[Any]:
        return [word for word in self.words if isinstance(word, kind)]

    @property
    def fills(self) -> int:
        return sum(fill.size for fill in self.of(Fill))

    def contradictions(self) -> set[str]:
        """Return what the words contradict each other about."""
        size = self.size
        taker = sum(fill.size for fill in self.of(Fill) if fill.crossed)
        maker = self.fills - taker
        arrived = max([a.taken for a in self.of(Answer) if a.taken + a.rest <= size], default=0)
        found = set()

        if any(answer.taken + answer.rest > size for answer in self.of(Answer)):
            found.add("size")
        if any(status.filled is not None and status.filled > size for status in self.of(Status)):
            found.add("size")
        if arrived and arrived + maker > size:
            found.add("size")

        least, most = None, max(self.fills, min(size, arrived + maker))
        for status in self.of(Status):
            filled = status.filled
            if status.word in LASTS and filled is not None:
                least = filled if least is None else min(least, filled)
            if status.word == "filled":
                if filled is not None and filled < size:
                    found.add("end")
                else:
                    most = max(most, size)
            if filled is not None and filled <= size:
                most = max(most, filled)
            if status.word == "rejected" and maker:
                found.add("end")
        for listed in self.of(Listed):
            differs = self.listed_otherwise(listed)
            found |= differs
            if not differs - {"price"} and listed.remaining is not None:
                most = max(most, size - listed.remaining)
        if least is not None and least < most:
            found.add("end")

        if any(word.cloid != "c" for kind in (Status, Fill) for word in self.of(kind)):
            found.add("cloid")
        if self.of(Refused) and self.is_seen():
            found.add("refusal")
        return found

    def listed_otherwise(self, listed: Listed) -> set[str]:
        found = set()
        if listed.cloid != "c":
            found.add("cloid")
        if listed.side != "buy":
            found.add("side")
        if listed.price != PRICE:
            found.add("price")
        return found

    def is_seen(self) -> bool:
        """Return whether anything but a refusal shows that it is at the venue."""
        return self.known or any(
            not isinstance(word, Refused)
            and not (isinstance(word, Status) and word.word == "rejected" and not word.filled)
            for word in self.words
        )

    def book(self) -> UnifiedOrderBook:
        book = UnifiedOrderBook(CONFIG)
        book.register_pending("buy", PRICE, self.size, cloid="c", now=0)
        if self.known:
            book.finalize_order("c", 1, self.size, "buy", PRICE)
        book.tick(NOW)
        return book


@st.composite
def tellings(draw: st.DrawFn) -> Told:
    size = draw(st.integers(1, 4))
    known = draw(st.booleans())
    amounts = st.integers(0, size + 2)
    cloids = st.sampled_from(["c", "c", "c", "other"]) if known else st.just("c")
    answers = st.builds(Answer, amounts, amounts)
    statuses = st.builds(Status, st.sampled_from(["open", *LASTS]), st.none() | amounts, cloids)
    listed = st.builds(
        Listed,
        cloids,
        st.sampled_from(["buy", "buy", "sell"]),
        st.sampled_from([PRICE, PRICE, Decimal(98)]),
        st.none() | amounts,
        st.none() | st.just(size),  # another size is news, not a contradiction: see test_sizes.py
    ).filter(lambda listed: (listed.remaining or 0) <= size)
    refused = st.builds(Refused, st.sampled_from([None, 9]))
    words: list[Word] = draw(st.lists(answers | statuses | listed, max_size=3))
    rejected = any(isinstance(word, Status) and word.word == "rejected" for word in words)
    if not rejected and draw(st.booleans()):  # one refusal has one oid
        words.append(draw(refused))
    for tid in range(draw(st.integers(0, 3))):
        words.append(Fill(tid, draw(st.integers(1, size + 1)), draw(st.booleans()), draw(cloids)))
    return Told(size, known, tuple(words))


def reported(book: UnifiedOrderBook) -> tuple[list[str], list[Conflict]]:
    """Return what the contradictions known of an order are about, and those reported."""
    (legs,) = book.to_json()["orders"]
    conflicts = [event for event in book.drain_events() if isinstance(event, Conflict)]
    return legs[0]["disputed"], conflicts


def assert_it_bounds(book: UnifiedOrderBook, size: int) -> None:
    """Hold that an order counts whole where words contradict each other about what filled."""
    (legs,) = book.to_json()["orders"]
    if {"size", "end"} & set(legs[0]["disputed"]):
        assert book.position + book.pending_exposure("buy") + book.unsettled("buy") >= size


@settings(max_examples=300)
@given(tellings(), st.data())
def test_a_conflict_is_reported_once_if_and_only_if_words_contradict(
    told: Told, data: st.DataObject
) -> None:
    books = []
    for words in (told.words, data.draw(st.permutations(told.words))):
        book = told.book()
        again = data.draw(st.lists(st.sampled_from(words), max_size=4)) if words else []
        for word in [*words, *words, *again]:
            word.tell(book)
            assert_it_bounds(book, told.size)
        books.append(book)
        overfills = [event for event in book.copy().drain_events() if isinstance(event, Overfill)]
        assert bool(overfills) is (told.fills > told.size)
        about, conflicts = reported(book)
        assert set(about) == told.contradictions()
        assert len(conflicts) == len(about)
        assert book.position == told.fills
        assert book.position <= book.expected_position <= max(told.size, told.fills)
    one, other = books
    assert one == other
    for side in ("buy", "sell"):
        assert one.pending_exposure(side) == other.pending_exposure(side)
        assert one.unsettled(side) == other.unsettled(side)
