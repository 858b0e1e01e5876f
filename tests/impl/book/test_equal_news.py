"""Equal news from several sources stays equal: a refusal, a status, a fill, a listing of one order.

Each source tells what it knows of it, true or not, with its oid or by its cloid alone.
In whichever of the 24 orders they come, and whichever of them come again, the book shows the same,
and what it reports of the order is as much.
"""

from collections import Counter
from collections.abc import Callable
from decimal import Decimal
from itertools import permutations
from typing import Any

from hypothesis import Phase, given, settings
from hypothesis import strategies as st

from truebook.impl import Conflict, ListedOrder, Listing, Overfill, UnifiedOrderBook

OID, SIZE, PRICE = 7, 5, Decimal(100)
Fact = Callable[[UnifiedOrderBook], Any]

AMOUNTS = st.none() | st.integers(0, SIZE)


def refusal(oid: int | None, by_status: bool) -> Fact:
    if by_status:
        return lambda book: book.order_status(oid, "rejected", cloid="c", reason="no")
    return lambda book: book.order_rejected("c", "no", oid=oid)


def status(word: str, filled: int | None) -> Fact:
    return lambda book: book.order_status(OID, word, cloid="c", filled=filled)


def fill(size: int, named: bool, crossed: bool | None) -> Fact:
    cloid = "c" if named else None
    return lambda book: book.process_fill(
        OID, 1, size, PRICE, True, cloid=cloid, time=1, crossed=crossed
    )


def listing(left: int | None, size: int = SIZE) -> Fact:
    order = ListedOrder(OID, "c", "buy", price=PRICE, remaining=left, size=size)
    return lambda book: book.reconcile(Listing((order,), book.listing_requested()))


def cancel(confirmed: bool) -> Fact:
    if confirmed:
        return lambda book: book.cancel_confirmed(OID)
    return lambda book: book.cancel_not_open(OID, "never placed, already cancelled, or filled")


REFUSALS = st.builds(refusal, st.sampled_from([None, OID, 9]), st.booleans())
STATUSES = st.builds(status, st.sampled_from(["open", "filled", "cancelled"]), AMOUNTS)
CROSSED = st.sampled_from([None, True, False])
WITHIN = st.builds(fill, st.integers(1, SIZE), st.booleans(), CROSSED)
BEYOND = st.builds(fill, st.just(SIZE + 1), st.booleans(), CROSSED)
FILLS = WITHIN | BEYOND
FACTS = st.tuples(REFUSALS, STATUSES, FILLS, st.builds(listing, AMOUNTS))
ENDS = st.builds(status, st.sampled_from(["filled", "cancelled"]), AMOUNTS) | st.builds(
    cancel, st.booleans()
)
RESIZED = st.integers(1, SIZE + 3).flatmap(
    lambda size: st.builds(listing, st.none() | st.integers(0, size), st.just(size))
)


def told(facts: tuple[Fact, ...], later: int) -> UnifiedOrderBook:
    book = UnifiedOrderBook()
    book.register_pending("buy", PRICE, SIZE, cloid="c", now=0)
    book.tick(later)
    for fact in facts:
        fact(book)
    return book


def reported(book: UnifiedOrderBook) -> Counter[tuple[type, Any]]:
    events = [event for event in book.drain_events() if isinstance(event, Conflict | Overfill)]
    return Counter((type(event), event.cloid) for event in events)


@settings(max_examples=200, phases=(Phase.generate,))
@given(FACTS, st.sampled_from([0, 100 * 10**9]), st.integers(0, 3))
def test_all_orders_of_arrival_give_one_book(
    facts: tuple[Fact, ...], later: int, again: int
) -> None:
    books = [told(order, later) for order in permutations(facts)]
    assert all(book == books[0] for book in books)
    sums = {
        (book.position, book.pending_exposure("buy"), book.unsettled("buy"), book.get_active_oids())
        for book in books
    }
    assert len(sums) == 1
    assert len({frozenset(reported(book).items()) for book in books}) == 1
    assert told((*facts, facts[again]), later) == books[0]


@settings(max_examples=200, phases=(Phase.generate,))
@given(st.tuples(ENDS, FILLS, RESIZED))
def test_an_order_that_was_told_as_over_is_opened_by_no_size_of_a_listing_of_then(
    facts: tuple[Fact, ...],
) -> None:
    """Whichever comes first; not even where its fills had made it whole before the word came."""
    for order in permutations(facts):
        book = UnifiedOrderBook()
        book.register_pending("buy", PRICE, SIZE, cloid="c", now=0)
        book.finalize_order("c", OID, SIZE, "buy", PRICE)
        for fact in order:
            fact(book)
        assert not book.get_active_oids()
        assert book.pending_exposure("buy") == 0
        assert UnifiedOrderBook.from_json(book.to_json()) == book


def refused_modify(book: UnifiedOrderBook) -> Any:
    return book.modify_failed("c", "it has filled", request=2)


def beside_a_modify(facts: list[Fact], new_size: int) -> list[UnifiedOrderBook]:
    """Return a book for each order of arrival, told once, twice, and twice the other way round."""
    books = []
    for order in permutations(facts):
        for again in ((), order, order[::-1]):
            book = UnifiedOrderBook()
            book.register_pending("buy", PRICE, SIZE, cloid="c", now=0)
            book.finalize_order("c", OID, SIZE, "buy", PRICE, request=1)
            book.request_modify(OID, PRICE, new_size)
            for fact in (*order, *again):
                fact(book)
            books.append(book)
    return books


@settings(max_examples=200, phases=(Phase.generate,))
@given(STATUSES, WITHIN, st.sampled_from([None, refused_modify]), st.integers(1, SIZE + 3))
def test_beside_a_modify_on_its_way_all_orders_of_arrival_give_one_book(
    status: Fact, fill: Fact, answer: Fact | None, new_size: int
) -> None:
    """Also where it has filled with less than its size: it was cut down, or amended in place.

    A fill beyond the size is left out: it shows that the modify has taken effect, and how much then
    filled before that, as with the answer of the modify, is what was told by then.
    """
    facts = [fact for fact in (status, fill, answer) if fact is not None]
    books = beside_a_modify(facts, new_size)
    assert all(book == books[0] for book in books)
    assert (
        len({(b.pending_exposure("buy"), b.unsettled("buy"), b.pending_count) for b in books}) == 1
    )
    assert len({frozenset(reported(book).items()) for book in books}) == 1


@settings(max_examples=50, phases=(Phase.generate,))
@given(STATUSES, BEYOND, st.integers(1, SIZE + 3))
def test_a_fill_beyond_the_size_and_the_refusal_of_its_modify_cannot_both_be_and_are_reported(
    status: Fact, fill: Fact, new_size: int
) -> None:
    """Whichever comes first is believed: the modify has taken effect, or the order overfilled."""
    for book in beside_a_modify([status, fill, refused_modify], new_size):
        assert book.position == SIZE + 1
        assert book.pending_count == 0
        assert reported(book)
