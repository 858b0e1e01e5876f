"""Which word comes first, and how often, makes no difference to the book or to what is reported.

Words of one order to buy: that it was refused, under its own oid or another or none; fills of it on
arrival, and of another cloid or side; answers, also for the other side; statuses and listings.
"""

from collections import Counter
from collections.abc import Callable, Iterable
from decimal import Decimal
from itertools import permutations
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from older_saves import as_of_version
from truebook.impl import BookConfig, Conflict, ListedOrder, Listing, UnifiedOrderBook

PRICE = Decimal(10)
SIZE = 5
CONFIG = BookConfig()

Message = Callable[[UnifiedOrderBook], Any]


def fill(
    tid: int = 1, size: int = 1, cloid: str | None = "c", *, buy: bool = True, crossed: bool = True
) -> Message:
    return lambda book: book.process_fill(
        7, tid, size, PRICE, buy, cloid=cloid, time=1, crossed=crossed
    )


def refused(oid: int | None = 7) -> Message:
    return lambda book: book.order_rejected("c", "ioc", oid=oid)


def status(word: str, filled: int | None = None) -> Message:
    return lambda book: book.order_status(7, word, cloid="c", filled=filled)


def answer(taken: int, rest: int, side: str = "buy") -> Message:
    return lambda book: book.finalize_order("c", 7, rest, side, PRICE, filled_size=taken)


def listed(left: int) -> Message:
    order = ListedOrder(7, "c", "buy", price=PRICE, remaining=left, size=SIZE)
    return lambda book: book.reconcile(Listing((order,), book.listing_requested()))


def told(messages: Iterable[Message]) -> UnifiedOrderBook:
    book = UnifiedOrderBook(CONFIG)
    book.register_pending("buy", PRICE, SIZE, cloid="c", now=0)
    book.tick(1)
    for message in messages:
        message(book)
    return book


def seen(book: UnifiedOrderBook) -> tuple[Any, ...]:
    """Return the sums, what the order was reported for, and of which cloid and oid."""
    ((leg,),) = book.to_json()["orders"]
    conflicts = [event for event in book.drain_events() if isinstance(event, Conflict)]
    reported = Counter((event.cloid, event.oid) for event in conflicts)
    assert len(conflicts) == len(leg["disputed"])
    sums = (book.position, book.pending_exposure("buy"), book.unsettled("buy"))
    return sums, leg["disputed"], reported


def in_every_order(*messages: Message) -> tuple[Any, ...]:
    """Return what all orders of some words come to, each once and again."""
    first = told(messages)
    found = seen(first)
    for order in permutations(messages):
        for again in ((), order, order[::-1]):
            book = told((*order, *again))
            assert book == first
            assert seen(book) == found
    return found


@pytest.mark.parametrize(
    "also", [(), (status("rejected"),), (fill(2),), (answer(1, 0),), (refused(), status("open"))]
)
def test_what_took_liquidity_on_arrival_may_be_refused_under_its_oid(
    also: tuple[Message, ...],
) -> None:
    (_, exposure, _), disputed, reported = in_every_order(fill(), refused(), *also)
    assert exposure == 0
    assert not disputed
    assert not reported


@pytest.mark.parametrize("also", [(), (refused(),), (status("rejected"),)])
def test_rejected_with_nothing_filled_is_held_against_a_fill(also: tuple[Message, ...]) -> None:
    sums, disputed, reported = in_every_order(fill(), status("rejected", 0), *also)
    assert sums == (1, 0, 4)
    assert disputed == ["end"]
    assert reported == {("c", 7): 1}


NAMED = fill(cloid="zz")
SOLD = fill(cloid=None, buy=False)


@pytest.mark.parametrize(
    "binding", [answer(1, 4), answer(0, 5), fill(2), status("open"), listed(5)]
)
@pytest.mark.parametrize(
    ("word", "kind", "position"),
    [
        pytest.param(NAMED, ["cloid"], 1, id="another cloid"),
        pytest.param(SOLD, ["side"], -1, id="the other side"),
        pytest.param(fill(cloid="zz", buy=False), ["cloid", "side"], -1, id="both"),
    ],
)
def test_a_fill_of_another_cloid_or_side_is_reported_early_and_late(
    word: Message, kind: list[str], position: int, binding: Message
) -> None:
    sums, disputed, reported = in_every_order(word, binding)
    assert sums[0] - position in (0, 1)
    assert disputed == kind
    assert reported == {("c", 7): len(kind)}


def test_what_an_early_fill_named_is_kept_with_a_saved_book_but_not_in_version_1() -> None:
    data = told([NAMED]).to_json()
    loaded = UnifiedOrderBook.from_json(data)
    answer(0, 5)(loaded)
    assert seen(loaded)[1] == ["cloid"]
    for ((_, early),) in [data["early"]]:
        del early["cloid"]
    old = UnifiedOrderBook.from_json(as_of_version(data, 1))
    answer(0, 5)(old)
    assert seen(old)[1] == []
    assert old.position == 1


@pytest.mark.parametrize(
    "also", [(), (answer(1, 4),), (fill(),), (fill(), refused()), (listed(5), fill(cloid="zz"))]
)
def test_an_answer_for_the_other_side_is_reported_once(also: tuple[Message, ...]) -> None:
    _, disputed, reported = in_every_order(answer(0, 5, "sell"), *also)
    assert "side" in disputed
    assert reported == {("c", 7): len(disputed)}


@st.composite
def words(draw: st.DrawFn) -> list[Message]:
    """Make up to four words; one refusal has one oid, or none."""
    oid = draw(st.sampled_from([7, 7, 9, None]))
    amounts = st.integers(0, SIZE)
    states = ["open", "filled", "cancelled"] + ["rejected"] * (oid == 7)
    sides = st.sampled_from(["buy", "buy", "sell"])
    kinds = [
        st.just(refused(oid)),
        st.builds(status, st.sampled_from(states), st.none() | amounts),
        st.builds(answer, amounts, amounts, sides),
        st.builds(listed, amounts),
    ]
    told = draw(st.lists(st.one_of(kinds), max_size=3))
    for tid in range(draw(st.integers(0, 2))):
        named = draw(st.sampled_from(["c", "c", None, "zz"]))
        buy, crossed = draw(st.sampled_from([True, True, False])), draw(st.booleans())
        told.append(fill(tid, draw(st.integers(1, 2)), named, buy=buy, crossed=crossed))
    return told[-4:]


@settings(max_examples=300)
@given(words())
def test_all_orders_of_words_give_the_same_book_and_reports(told: list[Message]) -> None:
    in_every_order(*told)
