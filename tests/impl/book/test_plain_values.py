"""What is a text, an int or a Decimal of another type is taken for what it is, or refused.

What was taken is found again, saved, journaled and copied, and is as if it had been told plainly.
"""

import json
from collections.abc import Callable
from decimal import Decimal
from enum import Enum, IntEnum, StrEnum
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from truebook.impl import BookConfig, ListedOrder, Listing, OrderStatus, Side, UnifiedOrderBook
from truebook.impl.journal.journaled_book import JournaledBook, load
from truebook.impl.views.queue import QueueTracker


class Loud(str):
    """A text whose every other word of itself is something else."""

    __slots__ = ()

    def __str__(self) -> str:
        return "loud"

    def __repr__(self) -> str:
        return "loud"

    def __eq__(self, other: object) -> bool:
        return False

    def __hash__(self) -> int:
        return 7

    def __bool__(self) -> bool:
        return False


class Odd(int):
    def __int__(self) -> int:
        return 99

    def __index__(self) -> int:
        return 99

    def __str__(self) -> str:
        return "odd"

    def __eq__(self, other: object) -> bool:
        return False

    def __hash__(self) -> int:
        return 7


class Money(Decimal):
    def __str__(self) -> str:
        return "money"

    def is_finite(self) -> bool:
        return False

    def __eq__(self, other: object) -> bool:
        return False

    def __hash__(self) -> int:
        return 7


def mixed(value: str) -> Any:
    return Enum("Mixed", {"ONE": value}, type=str).ONE  # type: ignore[attr-defined]


def word(value: str) -> Any:
    return StrEnum("Word", {"ONE": value}).ONE  # type: ignore[attr-defined]


def number(value: int) -> Any:
    return IntEnum("Number", {"ONE": value}).ONE  # type: ignore[attr-defined]


TEXTS: list[Callable[[str], Any]] = [str, Loud, mixed, word]
WHOLE: list[Callable[[int], Any]] = [int, Odd, number]
NUMBERS: list[Callable[[int], Any]] = [int, Decimal, Money, Odd, number]
Form = Callable[[Any], Any]


def tell(book: UnifiedOrderBook, text: Form, whole: Form, size: Form, id: Form) -> list[Any]:
    """Tell a book some of everything; return its results."""
    side = text("buy")
    request = book.listing_requested(now=whole(1))
    return [
        book.register_pending(side, size(100), size(5), cloid=text("c1")),
        book.register_pending(text("sell"), size(101), size(6), cloid=text("c2"), now=whole(2)),
        book.process_fill(id(1), id(11), size(2), size(100), True, cloid=text("c1"), time=whole(3)),
        book.finalize_order(text("c2"), id(2), size(6), text("sell"), size(101)),
        book.handle_immediate_fill(text("c3"), id(3), size(1), size(9), True),
        book.process_fill(id(9), id(12), size(2), size(100), False, time=whole(3), crossed=False),
        book.order_unknown(text("c1"), text("lost")),
        book.request_cancel(text("c1"), now=whole(4)),
        book.cancel_rejected(id(1), text("busy")),
        book.request_modify(id(1), size(99), size(7)),
        book.modify_confirmed(text("c1"), id(4), filled_size=size(1)),
        book.order_status(id(2), text("cancelled"), filled=size(3), reason=text("by hand")),
        book.order_rejected(text("c4"), text("too late"), oid=id(5)),
        book.reconcile([ListedOrder(id(7), text("x"), side, price=size(1), size=size(2)), id(8)]),
        book.reconcile(Listing([ListedOrder(id(4), text("c1"))], request, text("")), now=whole(5)),
        book.cancel_not_open(id(7), text("gone")),
        book.status_unknown(text("c3")),
        book.position_reported(size(3), as_of=whole(9)),
        book.rebase(size(3), whole(9)),
    ]


forms = st.tuples(
    st.sampled_from(TEXTS), st.sampled_from(WHOLE), st.sampled_from(NUMBERS), st.booleans()
)


@given(forms)
def test_other_types_are_told_as_the_plain_ones(form: tuple[Form, Form, Form, bool]) -> None:
    text, whole, size, by_text = form
    plain, book = UnifiedOrderBook(), UnifiedOrderBook()
    expected = tell(plain, str, int, Decimal, str if by_text else int)
    results = tell(book, text, whole, size, (lambda n: text(str(n))) if by_text else whole)
    assert repr(results) == repr(expected)
    assert book == plain
    assert book.to_json() == plain.to_json()
    assert book.copy() == plain
    assert UnifiedOrderBook.from_json(json.loads(json.dumps(book.to_json()))) == plain
    assert book.drain_events() == plain.drain_events()
    one = text("4") if by_text else whole(4)
    for id in (one, text("c1"), "4" if by_text else 4, "c1"):
        order = book.get_order(id)
        assert order is not None
        assert type(order.cloid) is str
        assert type(order.oid) is (str if by_text else int)
        assert {type(order.price), type(order.size)} == {Decimal}
        assert type(order.request_at) is int
        assert book.legs(id) == plain.legs(id)
    assert book.pending_exposure(text("buy")) == plain.pending_exposure(Side.BUY)
    assert book.unsettled(text("sell")) == plain.unsettled("sell")
    key = (text("1"), text("11")) if by_text else (whole(1), whole(11))
    assert book.knows_fill(*key, time=whole(3))
    queue = QueueTracker(book)
    queue.depth(text("buy"), size(99), size(20))
    assert plain_types(book.to_json())


def plain_types(value: Any) -> bool:
    if isinstance(value, dict):
        return all(type(key) is str and plain_types(one) for key, one in value.items())
    if type(value) is list:
        return all(plain_types(one) for one in value)
    return type(value) in (str, int, bool, type(None))


@pytest.mark.parametrize("text", TEXTS)
@pytest.mark.parametrize("whole", WHOLE)
def test_other_types_are_journaled_as_the_plain_ones(
    text: Form, whole: Form, tmp_path: Path
) -> None:
    plain = UnifiedOrderBook()
    tell(plain, str, int, Decimal, int)
    with JournaledBook(tmp_path / "book.journal", snapshot_every=7) as book:
        tell(book, text, whole, Money, whole)
        assert book.to_json() == plain.to_json()
    assert load(tmp_path / "book.journal")[0] == plain


NO_IDS: tuple[Any, ...] = (
    True,
    False,
    1.0,
    float("nan"),
    Decimal(1),
    b"1",
    1j,
    (1,),
    [1],
    {},
    object(),
)


@pytest.mark.parametrize("wrong", NO_IDS, ids=lambda wrong: repr(wrong).split(" at ")[0])
def test_what_is_no_id_is_refused_wherever_one_is_told(wrong: Any) -> None:
    book = UnifiedOrderBook()
    tell(book, str, int, Decimal, int)
    before = book.to_json()
    tells: list[Callable[[], Any]] = [
        lambda: book.process_fill(wrong, 20, 1, 1, True, time=20),
        lambda: book.process_fill(1, wrong, 1, 1, True, time=20),
        lambda: book.finalize_order("c1", wrong, 1, "buy", 1),
        lambda: book.handle_immediate_fill("c1", wrong, 1, 1, True),
        lambda: book.modify_confirmed("c1", wrong),
        lambda: book.order_rejected("c1", oid=wrong),
        lambda: book.order_status(wrong, "open"),
        lambda: book.status_unknown(wrong),
        lambda: book.request_cancel(wrong),
        lambda: book.cancel_confirmed(wrong),
        lambda: book.cancel_not_open(wrong),
        lambda: book.cancel_rejected(wrong),
        lambda: book.cancel_timed_out(wrong),
        lambda: book.request_modify(wrong, 1, 1),
        lambda: book.reconcile([wrong]),
        lambda: ListedOrder(wrong),
        lambda: book.get_order(wrong),
        lambda: book.legs(wrong),
        lambda: book.knows_fill(wrong, 1),
        lambda: book.knows_fill(1, wrong),
    ]
    for told in tells:
        with pytest.raises(TypeError, match="must be an int or a text, not"):
            told()
    assert book.to_json() == before


def test_what_no_form_of_json_holds_is_refused() -> None:
    book = UnifiedOrderBook()
    book.process_fill(1, 1, 1, 1, True, time=1)
    words = UnifiedOrderBook()
    words.process_fill("1", "1", 1, 1, True, time=1)
    tells: list[tuple[Callable[[], Any], str]] = [
        (lambda: book.process_fill(10**5000, 2, 1, 1, True, time=1), "oid must lie within"),
        (lambda: book.process_fill(1, 10**5000, 1, 1, True, time=1), "tid must lie within"),
        (lambda: book.process_fill(1, -(1 << 256), 1, 1, True, time=1), "tid must lie within"),
        (lambda: book.process_fill(1, 2, 1, 1, True, time=1 << 96), "time must be less than 2"),
        (lambda: book.tick(10**5000), "now must be less than"),
        (lambda: words.process_fill("\ud800", "2", 1, 1, True, time=1), "half a character"),
        (lambda: words.process_fill("1", "\udfff", 1, 1, True, time=1), "half a character"),
        (lambda: words.process_fill("1", "", 1, 1, True, time=1), "tid is empty"),
        (lambda: book.register_pending("buy", 1, 1, cloid="\ud800"), "half a character"),
        (lambda: book.reconcile(Listing((), scope="\ud800")), "half a character"),
        (lambda: BookConfig(scope="\ud800"), "half a character"),
    ]
    before = book.to_json(), words.to_json()
    for told, error in tells:
        with pytest.raises(ValueError, match=error):
            told()
    assert (book.to_json(), words.to_json()) == before
    assert book.process_fill(1, (1 << 256) - 1, 1, 1, True, time=1)
    assert words.process_fill("é", "é\N{CROCODILE}", 1, 1, True, cloid="é", time=1)


@pytest.mark.parametrize("side", [Side.BUY, "buy", "BUY", Loud("buy"), mixed("buy")])
def test_sides_are_taken_in_their_forms(side: Any) -> None:
    assert ListedOrder(1, side=side).side is Side.BUY
    assert UnifiedOrderBook().pending_exposure(side) == 0


@pytest.mark.parametrize("side", ["B", "b", "", "Side.BUY", True, 1, None, b"buy", ["buy"]])
def test_what_is_no_side_is_told_how_one_is_written(side: Any) -> None:
    book = UnifiedOrderBook()
    tells: list[Callable[[], Any]] = [
        lambda: book.register_pending(side, 1, 1),
        lambda: book.finalize_order("c", 1, 1, side, 1),
        lambda: book.pending_exposure(side),
        lambda: book.unsettled(side),
        lambda: QueueTracker(book).depth(side, 1, 1),
        lambda: QueueTracker(book).trade(side, 1, 1),
    ]
    words = r"side must be 'buy' or 'sell', or Side\.BUY or Side\.SELL, not"
    if side is not None:  # which a listing may leave out
        tells.append(lambda: ListedOrder(1, side=side))
    for told in tells:
        with pytest.raises(ValueError, match=words):
            told()


@pytest.mark.parametrize(
    "status", [*OrderStatus, "open", "Filled", "CANCELED", Loud("filled"), mixed("cancelled")]
)
def test_a_status_is_taken_in_its_forms(status: Any) -> None:
    book = UnifiedOrderBook()
    book.register_pending("buy", 1, 1, cloid="c", now=1)
    book.finalize_order("c", 1, 1, "buy", 1)
    book.order_status(1, status)
    is_open = str.__str__(status) in ("open", "waiting", "triggered")
    assert book.get_active_oids() == ({1} if is_open else set())


@pytest.mark.parametrize("status", ["done", "opened", "", None, 1, b"open", OrderStatus])
def test_what_is_no_status_is_told_which_there_are(status: Any) -> None:
    words = "status must be one of open, filled, cancelled, rejected, waiting, triggered, not"
    with pytest.raises(ValueError, match=words):
        UnifiedOrderBook().order_status(1, status)
