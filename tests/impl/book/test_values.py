"""What is no value for a book is refused, with what was wrong and what to pass."""

from collections.abc import Callable
from decimal import Decimal
from fractions import Fraction
from typing import Any

import attrs
import pytest

from truebook.impl import BookConfig, ListedOrder, Listing, Side, UnifiedOrderBook

ONE = Decimal(1)


def placed(**options: Any) -> UnifiedOrderBook:
    book = UnifiedOrderBook(BookConfig(**options))
    book.register_pending("buy", ONE, ONE, cloid="c1")
    book.finalize_order("c1", 101, ONE, "buy", ONE)
    return book


Call = Callable[[UnifiedOrderBook], Any]

REFUSED: list[tuple[Call, type[Exception], str]] = [
    (lambda b: b.register_pending("buy", ONE, 0.1), TypeError, r"pass Decimal\('0.1'\)"),  # type: ignore[arg-type]
    (lambda b: b.register_pending("buy", 0.1, ONE), TypeError, "price is the float 0.1"),  # type: ignore[arg-type]
    (lambda b: b.register_pending("buy", ONE, "1"), TypeError, "size must be a Decimal"),  # type: ignore[arg-type]
    (lambda b: b.register_pending("buy", ONE, True), TypeError, "size must be a Decimal"),
    (lambda b: b.register_pending("buy", ONE, Fraction(1)), TypeError, "must be a Decimal"),  # type: ignore[arg-type]
    (lambda b: b.register_pending("buy", ONE, Decimal("NaN")), ValueError, "finite"),
    (lambda b: b.register_pending("buy", ONE, Decimal("sNaN")), ValueError, "finite"),
    (lambda b: b.register_pending("buy", ONE, Decimal("Infinity")), ValueError, "finite"),
    (lambda b: b.register_pending("buy", ONE, Decimal(-1)), ValueError, "above zero, not -1"),
    (lambda b: b.register_pending("buy", ONE, 0), ValueError, "above zero, not 0"),
    (lambda b: b.register_pending("buy", -1, ONE), ValueError, "price must not be negative"),
    (lambda b: b.register_pending("buy", ONE, Decimal("1E+51")), ValueError, "within"),
    (lambda b: b.register_pending("buy", ONE, Decimal("1E-51")), ValueError, "within"),
    (lambda b: b.register_pending("buy", ONE, Decimal("1." + "1" * 100)), ValueError, "100 digits"),
    (lambda b: b.register_pending("up", ONE, ONE), ValueError, "Side.BUY or Side.SELL, not 'up'"),
    (lambda b: b.register_pending(True, ONE, ONE), ValueError, "Side.BUY or Side.SELL"),  # type: ignore[arg-type]
    (lambda b: b.register_pending("buy", ONE, ONE, cloid=""), ValueError, "cloid is empty"),
    (lambda b: b.register_pending("buy", ONE, ONE, cloid=5), TypeError, "cloid must be a text"),  # type: ignore[arg-type]
    (lambda b: b.register_pending("buy", ONE, ONE, cloid="c1"), ValueError, "known already"),
    (lambda b: b.register_pending("buy", ONE, ONE, now=-1), ValueError, "must not be negative"),
    (lambda b: b.tick(6.0), TypeError, "int of nanoseconds"),  # type: ignore[arg-type]
    (lambda b: b.tick(True), TypeError, "int of nanoseconds"),
    (lambda b: b.process_fill("x", 1, ONE, ONE, True), TypeError, "a text that is no number"),
    (lambda b: b.process_fill("0101", 1, ONE, ONE, True), TypeError, "a text that is no number"),
    (lambda b: b.process_fill(1.5, 1, ONE, ONE, True), TypeError, "oid must be an int"),  # type: ignore[arg-type]
    (lambda b: b.process_fill(101, None, ONE, ONE, True), TypeError, "tid must be an int"),  # type: ignore[arg-type]
    (lambda b: b.process_fill(101, "", ONE, ONE, True), ValueError, "tid is empty"),
    (lambda b: b.process_fill(101, 1, 0.5, ONE, True), TypeError, "size is the float"),  # type: ignore[arg-type]
    (lambda b: b.process_fill(101, 1, -ONE, ONE, True), ValueError, "above zero"),
    (lambda b: b.process_fill(101, 1, Decimal("NaN"), ONE, True), ValueError, "size must be a fin"),
    (lambda b: b.process_fill(101, 1, ONE, Decimal("NaN"), True), ValueError, "price must be a f"),
    (lambda b: b.process_fill(101, 1, ONE, 2.5, True), TypeError, "price is the float"),  # type: ignore[arg-type]
    (lambda b: b.process_fill(101, 1, ONE, ONE, 1), TypeError, "is_buy must be True or False"),  # type: ignore[arg-type]
    (lambda b: b.process_fill(101, 1, ONE, ONE, True, time=-1), ValueError, "time must not be"),
    (lambda b: b.process_fill(101, 1, ONE, ONE, True, time="1"), TypeError, "time must be an int"),  # type: ignore[arg-type]
    (lambda b: b.process_fill(101, 1, ONE, ONE, True, cloid=1.5), TypeError, "cloid must be an i"),  # type: ignore[arg-type]
    (lambda b: b.process_fill(101, 1, ONE, ONE, True, crossed="yes"), TypeError, "crossed must be"),  # type: ignore[arg-type]
    (
        lambda b: b.finalize_order("c1", "x", ONE, "buy", ONE),
        TypeError,
        "oid 'x' is a text that is no",
    ),
    (lambda b: b.finalize_order("c1", 7, -ONE, "buy", ONE), ValueError, "resting_size must not"),
    (
        lambda b: b.finalize_order("c1", 7, ONE, "buy", ONE, filled_size=1.0),  # type: ignore[arg-type]
        TypeError,
        "filled_size is the float",
    ),
    (lambda b: b.handle_immediate_fill("c1", 7, -1, ONE, True), ValueError, "filled_size must not"),
    (lambda b: b.order_status(101, "gone"), ValueError, "open, filled, cancelled, rejected"),
    (lambda b: b.order_status(None, "open", cloid="c1"), ValueError, "needs the oid"),
    (lambda b: b.order_status(101, "open", filled=0.5), TypeError, "filled is the float"),  # type: ignore[arg-type]
    (lambda b: b.request_modify(101, ONE, 0), ValueError, "new_size must be above zero"),
    (lambda b: b.request_modify(101, 1.5, ONE), TypeError, "new_price is the float"),  # type: ignore[arg-type]
    (lambda b: b.reconcile({"x"}), TypeError, "those before were numbers"),
    (lambda b: b.reconcile({0}), ValueError, "oid is 0"),
    (lambda b: b.position_reported(1.5), TypeError, "position is the float"),  # type: ignore[arg-type]
    (lambda b: b.position_reported(ONE, as_of=-1), ValueError, "as_of must not be negative"),
    (lambda b: b.rebase(ONE, 1.5), TypeError, "as_of must be an int"),  # type: ignore[arg-type]
    (lambda b: b.pending_exposure("long"), ValueError, "side must be"),
]


@pytest.mark.parametrize(("call", "error", "message"), REFUSED)
def test_a_wrong_value_is_refused_and_changes_nothing(
    call: Call, error: type[Exception], message: str
) -> None:
    book = placed()
    book.tick(5)
    before = book.to_json()
    with pytest.raises(error, match=message):
        call(book)
    assert book.to_json() == before


def test_a_fill_without_its_venue_time_is_refused_where_others_have_it() -> None:
    book = placed()
    book.process_fill(101, 1, ONE, ONE, True, time=7)
    with pytest.raises(TypeError, match="comes without its venue time"):
        book.process_fill(101, 2, ONE, ONE, True)
    assert book.position == 1


def test_ints_are_exact_and_so_are_taken() -> None:
    book = UnifiedOrderBook()
    book.register_pending(Side.SELL, 100, 3, cloid="c")
    book.finalize_order("c", "o", 3, "sell", 100)
    book.process_fill("o", "t", 2, 100, False)
    assert book.position == Decimal(-2)
    order = book.get_order("c")
    assert order is not None
    assert [str(n) for n in (order.filled, order.remaining, order.price)] == ["2", "1", "100"]
    assert all(type(n) is Decimal for n in (order.filled, order.price, book.position))


@pytest.mark.parametrize(
    ("options", "error", "message"),
    [
        ({"max_tracked_tids": 0}, ValueError, "max_tracked_tids must be at least 1, not 0"),
        ({"max_events": 0}, ValueError, "max_events must be at least 1"),
        ({"orphan_grace_period": 0}, ValueError, "at least 1"),
        ({"expected_cloid_ttl": -1}, ValueError, "at least 0"),
        ({"fill_window_duration": 1.5}, TypeError, "must be an int of nanoseconds, not 1.5"),
        ({"max_tracked_tids": True}, TypeError, "must be an int, not True"),
        ({"cloid_seed": 1 << 64}, ValueError, "cloid_seed"),
        ({"scope": None}, TypeError, "scope"),
        (
            {"listing_timeout": 3, "finalized_protection": 2, "fill_window_duration": 3,
             "tombstone_duration": 2},
            ValueError,
            "a listing could show an order that is forgotten",
        ),
    ],
)  # fmt: skip
def test_a_wrong_configuration_is_refused(
    options: dict[str, Any], error: type[Exception], message: str
) -> None:
    with pytest.raises(error, match=message):
        BookConfig(**options)


def test_a_tick_may_be_a_nanosecond() -> None:
    BookConfig(
        max_tracked_tids=1,
        orphan_grace_period=1,
        expected_cloid_ttl=0,
        finalized_protection=0,
        fill_window_duration=1,
        cancel_timeout=0,
        tombstone_duration=1,
        listing_timeout=0,
    )


def test_sums_are_exact_whatever_the_digits_and_the_context() -> None:
    book = UnifiedOrderBook()
    book.register_pending("buy", ONE, Decimal("1E+40"), cloid="c")
    book.finalize_order("c", 1, ONE, "buy", ONE)
    tiny, huge = Decimal("1E-40"), Decimal("9.5E+39")
    book.process_fill(1, 1, huge, ONE, True)
    book.process_fill(1, 2, tiny, ONE, True)
    book.process_fill(2, 3, huge, ONE, False)
    assert book.position == tiny
    order = book.get_order("c")
    assert order is not None
    assert str(order.filled) == "95" + "0" * 38 + "." + "0" * 39 + "1"
    assert book.pending_exposure("buy") == order.remaining


def test_values_are_frozen() -> None:
    book = placed()
    order = book.get_order(101)
    assert order is not None
    for value, name in ((order, "size"), (book.config, "scope"), (Listing(()), "orders")):
        with pytest.raises(attrs.exceptions.FrozenInstanceError):
            setattr(value, name, None)
    with pytest.raises(AttributeError):
        book.extra = 1  # type: ignore[attr-defined]
    with pytest.raises(TypeError, match="unhashable"):
        hash(book)


@pytest.mark.parametrize(
    ("told", "error"),
    [
        ({"oid": ""}, ValueError),
        ({"oid": 1.5}, TypeError),
        ({"oid": 1, "cloid": 1.5}, TypeError),
        ({"oid": 1, "side": "up"}, ValueError),
        ({"oid": 1, "size": 0.5}, TypeError),
        ({"oid": 1, "remaining": Decimal(-1)}, ValueError),
    ],
)
def test_a_listed_order_is_checked(told: dict[str, Any], error: type[Exception]) -> None:
    with pytest.raises(error):
        ListedOrder(**told)
