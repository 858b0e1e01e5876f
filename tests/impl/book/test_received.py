"""The position is what was received: fees in the asset, fills reversed and corrected."""

from collections.abc import Callable
from decimal import Decimal
from functools import partial
from itertools import permutations
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from truebook.impl import (
    BookConfig,
    Conflict,
    FillChanged,
    FillIdentity,
    PositionMatches,
    Rebased,
    RebaseRefused,
    UnifiedOrderBook,
)

Message = Callable[[UnifiedOrderBook], Any]
amounts = st.decimals(min_value="0.001", max_value="1000", places=3)


def told(book: UnifiedOrderBook, tid: int, size: Any, *, buy: bool = True, **more: Any) -> Any:
    return book.process_fill(1, tid, size, 100, buy, time=10 * tid, **more)


@given(st.lists(st.tuples(amounts, st.booleans(), st.none() | amounts, st.booleans()), max_size=6))
def test_the_position_is_what_was_received(
    fills: list[tuple[Decimal, bool, Decimal | None, bool]],
) -> None:
    book = UnifiedOrderBook()
    received = Decimal(0)
    for tid, (size, buy, fee, rebate) in enumerate(fills):
        taken = None if fee is None or not fee < size else -fee if rebate else fee
        received += (size if buy else -size) - (taken or 0)
        result = told(book, tid, size, buy=buy, fee_in_base=taken)
        assert result.position_delta == (size if buy else -size) - (taken or 0)
        assert told(book, tid, size, buy=buy, fee_in_base=taken) is None
    assert book.position == received
    assert book.position_reported(received) == PositionMatches(received)


def test_a_fee_in_the_asset_is_exact_and_the_order_has_traded_its_size() -> None:
    book = UnifiedOrderBook()
    book.register_pending("buy", 100, 3, cloid="c", now=0)
    book.finalize_order("c", 1, 3, "buy", 100)
    told(book, 1, 3, fee_in_base=Decimal("0.00000000000000000000000000003"))
    assert book.position == Decimal("2.99999999999999999999999999997")
    order = book.get_order("c")
    assert order is not None
    assert order.filled == 3
    assert book.pending_exposure("buy") == 0


@pytest.mark.parametrize("fee", [3, -3, 4, Decimal("Infinity"), 0.1, True])
def test_a_fee_that_cannot_be_is_refused_and_tells_nothing(fee: Any) -> None:
    book = UnifiedOrderBook()
    with pytest.raises((TypeError, ValueError), match="fee_in_base"):
        told(book, 1, 3, fee_in_base=fee)
    assert book == UnifiedOrderBook()


def reversal(tid: int, **more: Any) -> Message:
    return lambda book: book.fill_reversed(1, tid, time=10 * tid, **more)


def correction(tid: int, size: int, at: int) -> Message:
    return lambda book: book.fill_corrected(1, tid, size, time=10 * tid, at=at)


@st.composite
def words(draw: st.DrawFn) -> tuple[list[Message], int]:
    """Make fills and what becomes of them; return them and what the position is then."""
    messages: list[Message] = []
    position = 0
    for tid in range(1, draw(st.integers(1, 2)) + 1):
        size, buy = draw(st.integers(1, 5)), draw(st.booleans())
        messages.append(partial(told, tid=tid, size=size, buy=buy))
        sign = 1 if buy else -1
        match draw(st.sampled_from(["nothing", "reversed", "corrected", "both"])):
            case "reversed":
                messages.append(reversal(tid, at=draw(st.none() | st.just(50))))
                size = 0
            case "corrected":
                size = draw(st.integers(1, 5))
                messages.append(correction(tid, size, 50))
            case "both":
                messages += [correction(tid, 9, 50), reversal(tid, at=60)]
                size = 0
        position += sign * size
    return messages, position


@settings(max_examples=60)
@given(words(), st.booleans())
def test_in_every_order_and_twice_they_come_to_the_same(
    made: tuple[list[Message], int], known: bool
) -> None:
    messages, position = made
    books = []
    for order in permutations(messages):
        book = UnifiedOrderBook(BookConfig())
        if known:
            book.register_pending("buy", 100, 20, cloid="c", now=0)
            book.finalize_order("c", 1, 20, "buy", 100)
        for message in (*order, *order):
            message(book)
        assert book.position == position
        books.append(book)
        assert UnifiedOrderBook.from_json(book.to_json()) == book == book.copy()
    assert all(book == books[0] for book in books)


def test_a_reversal_is_an_event_and_its_order_does_not_trade_again() -> None:
    book = UnifiedOrderBook()
    book.register_pending("buy", 100, 5, cloid="c", now=0)
    book.finalize_order("c", 1, 5, "buy", 100)
    told(book, 1, 5, fee_in_base=1)
    before = book.get_order("c")
    result = book.fill_reversed(1, 1, time=10)
    assert isinstance(result, FillChanged)
    assert [result.position_delta, result.new_position] == [-4, 0]
    assert result.cloid == "c"
    assert book.drain_events() == (result,)
    assert book.fill_reversed(1, 1, time=10) is None
    assert book.get_order("c") == before
    assert book.pending_exposure("buy") == 0


@pytest.mark.parametrize(
    ("at", "position"), [pytest.param(30, 7, id="in it"), pytest.param(50, 2, id="after it")]
)
@pytest.mark.parametrize("first", [True, False])
def test_a_position_taken_over_has_a_reversal_from_before_it(
    at: int, position: int, first: bool
) -> None:
    book = UnifiedOrderBook()
    told(book, 1, 5)
    if first:
        reversal(1, at=at)(book)
    assert isinstance(book.rebase(7, 40), Rebased)
    reversal(1, at=at, size=5, is_buy=True)(book)
    reversal(1, at=at, size=5, is_buy=True)(book)
    assert book.position == position
    assert book.position_reported(7, as_of=40) == PositionMatches(Decimal(7))


def test_a_fill_that_is_forgotten_is_taken_back_once_told_what_it_was() -> None:
    book = UnifiedOrderBook(BookConfig(max_tracked_tids=1))
    told(book, 1, 5)
    told(book, 2, 3)
    assert isinstance(reversal(1)(book), Conflict)
    assert book.position == 8
    assert isinstance(reversal(1, size=5, is_buy=True)(book), FillChanged)
    assert reversal(1, size=5, is_buy=True)(book) is None
    assert book.position == 3
    with pytest.raises(TypeError, match="go together"):
        reversal(1, size=5)(book)


def test_a_position_is_not_taken_over_that_has_a_fill_reversed_since_and_yet_to_come() -> None:
    book = UnifiedOrderBook()
    reversal(1, at=50)(book)
    refused = book.rebase(5, 40)
    assert isinstance(refused, RebaseRefused)
    assert "was changed since" in refused.reason
    told(book, 1, 5)
    assert isinstance(book.rebase(5, 40), Rebased)
    assert book.position == 0


def test_a_correction_of_an_earlier_time_is_no_news() -> None:
    book = UnifiedOrderBook()
    told(book, 1, 5)
    correction(1, 3, 60)(book)
    assert correction(1, 4, 50)(book) is None
    assert book.position == 3


def test_a_fill_told_again_as_it_was_corrected_or_as_it_was_is_not_told_otherwise() -> None:
    book = UnifiedOrderBook()
    told(book, 1, 5, fee_in_base=1)
    book.fill_corrected(1, 1, 3, time=10, at=20, fee_in_base=Decimal("0.5"))
    told(book, 2, 4)
    book.fill_reversed(1, 2, time=20, at=30)
    book.drain_events()
    for size, fee in ((5, 1), (3, Decimal("0.5")), (3, None), (5, None)):
        assert told(book, 1, size, fee_in_base=fee) is None
    assert told(book, 2, 4) is None
    assert not book.drain_events()
    assert book.position == Decimal("2.5")


@pytest.mark.parametrize(
    ("fee", "again", "reason"),
    [
        (None, 1, "counted with the fee 0, and told again with 1"),
        (1, 2, "counted with the fee 1, and told again with 2"),
        (-1, 1, "counted with the fee -1, and told again with 1"),
    ],
)
def test_a_fee_told_otherwise_is_reported_once_and_the_first_stands(
    fee: int | None, again: int, reason: str
) -> None:
    book = UnifiedOrderBook()
    told(book, 1, 5, fee_in_base=fee)
    book.drain_events()
    for _ in range(2):
        told(book, 1, 5, fee_in_base=again)
    (event,) = book.drain_events()
    assert isinstance(event, Conflict)
    assert event.reason == f"its fill 1 was {reason}"
    assert book.position == 5 - (fee or 0)
    assert UnifiedOrderBook.from_json(book.to_json()) == book


@pytest.mark.parametrize("first", ["fill", "reversal"])
def test_a_fill_that_its_tid_identifies_is_taken_back_at_whatever_time_it_is_named(
    first: str,
) -> None:
    book = UnifiedOrderBook(BookConfig(fill_identity=FillIdentity.TID_OID))
    words: list[Message] = [
        lambda book: book.process_fill(1, 7, 5, 100, True, time=10, fee_in_base=1),
        lambda book: book.fill_reversed(1, 7, time=11),
    ]
    for word in words if first == "fill" else words[::-1]:
        word(book)
    for one in (book, book.copy(), UnifiedOrderBook.from_json(book.to_json())):
        for word in words:
            assert word(one) is None
        assert one.position == 0


def test_fills_that_begin_where_the_position_is_net_of_fees_are_no_pieces_of_each_other() -> None:
    book = UnifiedOrderBook()
    before = Decimal(0)
    for tid in range(3):
        book.process_fill(
            1, tid, 5, 100, True, time=10, fee_in_base=Decimal("0.1"), start_position=before
        )
        before += Decimal("4.9")
    assert book.position == before
    assert not [event for event in book.drain_events() if isinstance(event, Conflict)]
