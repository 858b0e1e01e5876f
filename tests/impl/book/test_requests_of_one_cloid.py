"""Answers late, twice, on the stream, with their number or without: what can trade stays counted.

And with their numbers the book comes to know all that they say.
"""

from hypothesis import example, given, settings
from hypothesis import strategies as st

from one_cloid import OneCloid, Sent
from truebook.impl import SECOND, Ambiguous, Conflict, OrderUpdate, UnifiedOrderBook

STEPS = ("modify", "cancel", "arrive", "tell", "show", "wait", "list")
Step = tuple[str, int, str, bool, int]
steps = st.lists(
    st.tuples(
        st.sampled_from(STEPS),
        st.integers(0, 3),
        st.sampled_from(["accepted", "refused", "refused", "lost"]),
        st.booleans(),
        st.sampled_from([5, 20]),
    ),
    max_size=30,
)


def take(venue: OneCloid, step: Step) -> None:
    kind, which, word, flag, size = step
    recent = [*venue.modifies, *venue.cancels]
    sent = recent[-1 - which % len(recent)] if recent else None
    if kind == "modify":
        venue.modify(size)
    elif kind == "cancel":
        venue.cancel()
    elif kind == "wait":
        venue.wait((1, 6, 45, 130)[which])
    elif kind == "list":
        venue.list()
    elif sent is not None:
        told_of = {
            "arrive": lambda: venue.arrive(sent, word),
            "tell": lambda: venue.tell(sent, flag),
            "show": lambda: venue.show(sent),
        }
        told_of[kind]()


def refusals(*told: str) -> list[Step]:
    """Return the steps of two modifies, of which the first is refused and told of so."""
    words: dict[str, Step] = {
        "modify": ("modify", 0, "", False, 20),
        "refused": ("arrive", 0, "refused", False, 0),
        "answer": ("tell", 0, "", False, 0),
        "late answer": ("tell", 1, "", False, 0),
        "stream": ("show", 0, "", False, 0),
        "late stream": ("show", 1, "", False, 0),
        "long": ("wait", 3, "", False, 0),
    }
    return [words[word] for word in told]


@settings(max_examples=400)
@given(steps)
@example(refusals("modify", "refused", "stream", "modify", "late answer"))
@example(refusals("modify", "refused", "answer", "modify", "late answer"))
@example(refusals("modify", "refused", "answer", "long", "modify", "late stream"))
@example(refusals("modify", "refused", "stream", "long", "modify", "late answer"))
def test_what_can_trade_is_counted_whatever_is_told(taken: list[Step]) -> None:
    venue = OneCloid()
    for step in taken:
        take(venue, step)
        venue.hold()
    assert UnifiedOrderBook.from_json(venue.book.to_json()) == venue.book


@given(steps)
def test_with_their_numbers_the_book_comes_to_know_all(taken: list[Step]) -> None:
    venue = OneCloid()
    for step in taken:
        if step[0] in ("modify", "cancel", "arrive"):
            take(venue, step)
    sent: list[Sent] = [*venue.modifies, *venue.cancels]
    for one in sent:
        venue.arrive(one, "refused")
        venue.tell(one, True)
    assert venue.book.get_active_oids() == ({venue.open} if venue.open else set())
    assert not venue.book.get_pending_cloids()
    assert venue.book.pending_exposure("buy") == venue.can_trade()
    assert not venue.book.drain_events()


def two_modifies() -> OneCloid:
    """Return a venue that has refused a modify, shown so, with another on its way."""
    venue = OneCloid()
    for size in (10, 20):
        venue.modify(size)
        if size == 10:
            venue.arrive(venue.modifies[0], "refused")
            venue.show(venue.modifies[0])
    return venue


def test_an_answer_that_may_be_of_two_is_reported_once() -> None:
    venue = two_modifies()
    for _ in range(2):
        assert isinstance(venue.book.modify_failed("c", "post only"), Ambiguous)
    assert [type(event) for event in venue.book.drain_events()] == [Ambiguous]
    assert venue.book.pending_count == 1
    assert venue.book.pending_exposure("buy") + venue.book.unsettled("buy") == 20 + 10


def test_with_its_number_it_is_of_one_and_of_no_other() -> None:
    venue = two_modifies()
    first, second = (sent.number for sent in venue.modifies)
    for _ in range(2):
        venue.book.modify_failed("c", "late", request=first)
        assert venue.book.pending_count == 1
    venue.book.modify_failed("c", "its own", request=second)
    assert venue.book.pending_count == 0
    assert venue.book.drain_events() == ()


def test_once_its_request_is_forgotten_it_is_of_none() -> None:
    venue = two_modifies()
    first = venue.modifies[0].number
    venue.wait(20)
    for seconds in (100, 1, 1):
        venue.wait(seconds)
    assert [leg.request for leg in venue.book.legs("c")] == [1, venue.modifies[1].number]
    before = venue.book.to_json()
    venue.book.modify_failed("c", "late", request=first)
    venue.book.order_cannot_land("c", "late", request=first)
    venue.book.modify_unknown("c", "late", request=first)
    assert venue.book.to_json() == before


def test_an_answer_that_accepts_is_of_its_request_too() -> None:
    venue = two_modifies()
    first, second = (sent.number for sent in venue.modifies)
    book = venue.book
    book.modify_confirmed("c", 9, request=second)
    assert [leg.oid for leg in book.legs("c")] == [1, None, 9]
    assert isinstance(book.modify_confirmed("c", 9, request=first), Conflict)
    assert isinstance(book.modify_confirmed("c", 8, request=second), Conflict)
    assert book.get_active_oids() == {8, 9}  # until a listing tells which of both it is
    assert len(book.drain_events()) == 2


def test_an_accepted_request_that_was_taken_for_dead_lives_under_its_own_size() -> None:
    venue = OneCloid()
    venue.modify(20)
    venue.wait(45)
    venue.list()
    assert venue.book.pending_count == 0
    venue.modify(5)
    venue.book.modify_confirmed("c", 7, request=venue.modifies[0].number)
    order = venue.book.get_order(7)
    assert order is not None
    assert order.size == 20
    assert order.request == venue.modifies[0].number
    assert venue.book.pending_count == 1


def test_shown_under_an_oid_once_its_modify_is_forgotten_a_refusal_contradicts_nothing() -> None:
    book = UnifiedOrderBook()
    book.register_pending("sell", 100, 5, cloid="c", now=0)
    book.finalize_order("c", 1, 5, "sell", 100, request=1, now=0)
    book.request_modify("c", 101, 5, now=SECOND)
    book.modify_failed("c", "post only", request=2, old="open")
    book.tick(200 * SECOND)
    assert len(book.legs("c")) == 1
    before = book.copy()
    for _ in range(3):
        assert isinstance(book.order_status(2, "rejected", cloid="c"), Ambiguous)
    assert [type(event) for event in book.drain_events()] == [Ambiguous]
    assert book == before
    assert isinstance(book.order_status(1, "rejected", cloid="c"), OrderUpdate)  # of its own oid
    assert not book.get_active_oids()
