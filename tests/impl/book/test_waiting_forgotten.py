"""An order that waited under one oid and traded under another is forgotten, by both of them."""

from hypothesis import example, given, settings
from hypothesis import strategies as st

from truebook.impl import SECOND, ListedOrder, Listing, UnifiedOrderBook

S = SECOND
WORDS = st.tuples(
    st.sampled_from((1, 2)), st.sampled_from(("open", "cancelled", "triggered", "waiting"))
)
STEPS = st.lists(
    st.sampled_from((1, 11, 45, 61, 100)) | WORDS | st.lists(st.sampled_from((1, 2)), unique=True),
    max_size=20,
)


@given(STEPS)
def test_whatever_is_told_of_either_nothing_of_it_stays(
    steps: list[int | tuple[int, str] | list[int]],
) -> None:
    book = UnifiedOrderBook()
    book.register_pending("sell", 100, 5, cloid="c", trigger=95, now=0)
    now = 0
    for step in [*steps, *(11 for _ in range(25))]:
        match step:
            case int():
                now += step
                book.tick(now * S)
            case oid, str(word):
                book.order_status(oid, word, cloid="c")
            case oids:
                orders = [ListedOrder(oid, "c", "sell", remaining=5, size=5) for oid in oids]
                book.reconcile(Listing(orders, book.listing_requested()))
        if now and step == 11:
            book.reconcile(Listing((), book.listing_requested(), covers_triggers=True))
    assert book.get_order("c") is None
    assert book.unsettled("sell") == 0
    assert book.pending_exposure("sell") == 0


TOLD = st.tuples(
    st.sampled_from((1, 2, 3)),
    st.sampled_from(("open", "rejected", "cancelled", "triggered", "waiting", "fill", "list")),
)


@settings(max_examples=300)
@example([(1, "list"), 45, (2, "rejected"), 11, (2, "fill"), 61, 61, 61])
@given(st.lists(st.sampled_from((11, 61)) | TOLD, max_size=15))
def test_told_refused_under_an_oid_that_another_word_shows_it_is_saved_as_ever(
    steps: list[int | tuple[int, str]],
) -> None:
    """What is remembered of the order by its first oid is not the oid by which it trades."""
    book = UnifiedOrderBook()
    book.register_pending("sell", 100, 5, cloid="c", trigger=95, now=0)
    for number, step in enumerate(steps):
        match step:
            case int():
                book.tick(book.now + step * S)
            case oid, "fill":
                book.process_fill(oid, number, 1, 100, False, cloid="c", time=number, crossed=False)
            case oid, "list":
                shown = ListedOrder(oid, "c", "sell", remaining=5, size=5)
                book.reconcile(Listing([shown], book.listing_requested()))
            case oid, word:
                book.order_status(oid, word, cloid="c")
        assert UnifiedOrderBook.from_json(book.to_json()) == book


def test_a_late_word_of_what_is_remembered_for_its_other_name_opens_no_window() -> None:
    book = UnifiedOrderBook()
    book.register_pending("sell", 100, 5, cloid="c", trigger=95, now=0)
    book.order_status(1, "open", cloid="c", now=S)
    book.order_status(2, "open", cloid="c")
    book.order_status(2, "cancelled", cloid="c")
    book.reconcile(Listing((), book.listing_requested(now=100 * S)))  # the end of the first
    book.tick(125 * S)
    book.order_status(2, "cancelled", cloid="c")
    assert {leg.oid for leg in book.legs("c")} == {1, 2}
    for later in (130, 161, 225):
        book.tick(later * S)
        assert book.unsettled("sell") == (5 if later < 160 else 0)
    assert book.get_order("c") is None


@given(st.integers(0, 130), st.booleans())
def test_where_both_its_oids_were_known_what_comes_next_of_its_cloid_is_known_by_any_word(
    gap: int, told: bool
) -> None:
    book = UnifiedOrderBook()
    book.register_pending("sell", 100, 5, cloid="c", trigger=95, now=0)
    if told:
        book.order_waits("c", oid=1)
    book.order_status(2, "open", cloid="c", now=S)
    book.order_status(2, "cancelled", filled=0, now=(1 + gap) * S)
    book.tick(300 * S)
    book.register_pending("sell", 100, 5, cloid="c")
    book.order_status(3, "open", cloid="c")
    assert book.get_active_oids() == ({3} if told else set())
    assert book.pending_exposure("sell") == 5
