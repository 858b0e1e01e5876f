"""The answer to one cancel of an orphan is not that to the next, however late or often."""

from hypothesis import given
from hypothesis import strategies as st

from truebook.impl import SECOND, Ambiguous, ListedOrder, Listing, ReconcileResult, UnifiedOrderBook

OID = 9
GRACE, SETTLED = 5, 41
ANSWERS = ("cancel_confirmed", "cancel_not_open", "cancel_rejected")


def listed(book: UnifiedOrderBook, seconds: int) -> ReconcileResult:
    request = book.listing_requested(now=book.now + seconds * SECOND)
    result = book.reconcile(Listing([_order()], request))
    assert isinstance(result, ReconcileResult)
    return result


def _order() -> ListedOrder:
    return ListedOrder(OID, None, "sell", price=1, remaining=3, size=3)


def asked_twice() -> tuple[UnifiedOrderBook, int, int]:
    """Return a book whose first cancel of an orphan was never answered, with another on its way."""
    book = UnifiedOrderBook()
    listed(book, 1)
    numbers: list[int] = []
    for seconds in (GRACE, SETTLED):
        result = listed(book, seconds)
        while not result.orphans_to_cancel:
            result = listed(book, 11)
        assert len(result.cancel_requests) == 1
        numbers += result.cancel_requests
    return book, numbers[0], numbers[1]


@given(st.lists(st.sampled_from(ANSWERS), min_size=1, max_size=3), st.integers(0, 28))
def test_a_late_answer_to_the_first_cancel_leaves_the_second_awaited(
    answers: list[str], seconds: int
) -> None:
    book, first, second = asked_twice()
    assert first < second
    for answer in answers:
        getattr(book, answer)(OID, request=first)
    assert listed(book, seconds).orphans_to_cancel == ()
    (orphan,) = book.get_orphans()
    assert orphan.request == second
    assert orphan.cancel_at is not None
    assert book.pending_exposure("sell") == 3


@given(st.integers(1, 3), st.integers(0, 28))
def test_a_refusal_without_a_number_may_be_of_either_and_is_reported_once(
    times: int, seconds: int
) -> None:
    book, _, _ = asked_twice()
    for _ in range(times):
        assert isinstance(book.cancel_rejected(OID, "rate limit"), Ambiguous)
    assert listed(book, seconds).orphans_to_cancel == ()
    assert [type(event) for event in book.drain_events()] == [Ambiguous]


def test_the_answer_to_the_second_is_taken() -> None:
    book, _, second = asked_twice()
    book.cancel_rejected(OID, "rate limit", request=second)
    assert listed(book, 11).orphans_to_cancel == (OID,)
    book, _, second = asked_twice()
    book.cancel_confirmed(OID, request=second)
    assert book.pending_exposure("sell") == 0
    assert book.drain_events() == ()


def test_the_first_refusal_needs_no_number_and_an_end_needs_none() -> None:
    book = UnifiedOrderBook()
    listed(book, 1)
    assert listed(book, GRACE).orphans_to_cancel == (OID,)
    book.cancel_rejected(OID, "rate limit")
    assert listed(book, 11).orphans_to_cancel == (OID,)
    book.cancel_confirmed(OID)
    assert book.pending_exposure("sell") == 0
    assert UnifiedOrderBook.from_json(book.to_json()) == book
