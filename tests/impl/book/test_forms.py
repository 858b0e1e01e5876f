"""A true fact is never lost to its form: it is taken in the book's own, and that is said once."""

import json
from collections.abc import Callable
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from truebook.impl import (
    BookConfig,
    ClockSetBack,
    Conflict,
    ListedOrder,
    Listing,
    ListingRequest,
    Normalised,
    NotAnOrder,
    OrderState,
    Rejected,
    Side,
    Unattributed,
    UnifiedOrderBook,
)
from truebook.impl.journal import JournaledBook, load

ONE = Decimal(1)
Tell = Callable[[UnifiedOrderBook, Any], Any]


def placed(oid: int | str = 7, now: int = 5) -> UnifiedOrderBook:
    book = UnifiedOrderBook()
    book.register_pending("buy", 100, 10, cloid="c", now=now)
    book.finalize_order("c", oid, 10, "buy", 100)
    return book


def said(book: UnifiedOrderBook, kind: type) -> list[Any]:
    return [event for event in book.drain_events() if isinstance(event, kind)]


# The clock


TELLS: dict[str, Callable[[UnifiedOrderBook, int], Any]] = {
    "fill": lambda b, now: b.process_fill(7, 1, ONE, ONE, True, time=1, now=now),
    "status": lambda b, now: b.order_status(7, "cancelled", now=now),
    "answer": lambda b, now: b.finalize_order("c", 7, 10, "buy", 100, now=now),
    "refusal": lambda b, now: b.order_rejected("c", "no", oid=8, now=now),
    "listing": lambda b, now: b.reconcile(Listing((ListedOrder(8),), ListingRequest(1)), now=now),
    "cancel": lambda b, now: b.cancel_confirmed(7, now=now),
    "position": lambda b, now: b.position_reported(3, now=now),
    "request": lambda b, now: b.register_pending("sell", 1, 1, cloid="d", now=now),
    "unknown": lambda b, now: b.status_unknown(7, now=now),
    "tick": lambda b, now: b.tick(now),
}


@given(st.lists(st.tuples(st.sampled_from(sorted(TELLS)), st.integers(0, 20)), max_size=8))
def test_a_clock_set_back_changes_nothing_but_that_it_is_said(told: list[tuple[str, int]]) -> None:
    book, held = placed(), placed()
    latest, backs = 5, 0
    reported: set[int] = set()
    for name, now in told:
        if name == "request" and book.get_order("d"):
            continue
        backs += now < latest
        if now < latest:
            reported.add(latest)
        latest = max(latest, now)
        result = TELLS[name](book, now)
        assert result == TELLS[name](held, latest)
        assert book == held
        assert book.now == latest
    events = said(book, ClockSetBack)
    assert bool(events) is bool(backs)
    assert len(events) <= len(reported)
    assert all(event.told < event.latest for event in events)


def test_a_clock_set_back_is_said_once_until_time_has_moved_on() -> None:
    book = placed(now=100)
    for now in (90, 91, 99, 90):
        book.tick(now)
    assert book.drain_events() == (ClockSetBack(told=90, latest=100),)
    book.tick(95)
    assert book.drain_events() == ()
    book.tick(101)
    book.tick(100)
    assert book.drain_events() == (ClockSetBack(told=100, latest=101),)


def test_two_clocks_that_differ_do_not_fill_the_log() -> None:
    book = placed(now=100)
    for now in range(101, 200):
        book.tick(now)
        book.tick(now - 5)
    assert len(book.drain_events()) == 1


# Ids


ID_TELLS: dict[str, Tell] = {
    "fill": lambda b, oid: b.process_fill(oid, 1, ONE, ONE, True, time=1),
    "status": lambda b, oid: b.order_status(oid, "cancelled", filled=1),
    "answer": lambda b, oid: b.finalize_order("c", oid, 10, "buy", 100, filled_size=2),
    "refusal": lambda b, oid: b.order_rejected("c", "no", oid=oid),
    "listing": lambda b, oid: b.reconcile([ListedOrder(oid, "c", remaining=4, size=10)]),
    "bare": lambda b, oid: b.reconcile([oid]),
    "unknown": lambda b, oid: b.status_unknown(oid, request=ListingRequest(0)),
    "cancelled": lambda b, oid: b.cancel_confirmed(oid),
    "not open": lambda b, oid: b.cancel_not_open(oid, "gone"),
    "uncancelled": lambda b, oid: b.cancel_rejected(oid, "no"),
    "timed out": lambda b, oid: b.cancel_timed_out(oid),
    "modified": lambda b, oid: b.modify_confirmed("c", oid),
}


@given(
    st.booleans(), st.lists(st.sampled_from(sorted(ID_TELLS)), max_size=5), st.sampled_from([7, 8])
)
def test_an_oid_is_the_same_as_its_digits(ints: bool, names: list[str], number: int) -> None:
    own, other = (int, str) if ints else (str, int)
    book, usual = placed(own(7)), placed(own(7))
    for name in names:
        assert ID_TELLS[name](book, other(number)) == ID_TELLS[name](usual, own(number)), name
        assert book == usual
    assert book.get_order(other(7)) == usual.get_order(own(7))
    forms = said(book, Normalised)
    assert len(forms) <= 1
    assert all(form.what == "oid" for form in forms)
    assert bool(forms) is bool(names)
    assert not said(usual, Normalised)


@pytest.mark.parametrize(("own", "other"), [(int, str), (str, int)])
def test_a_fill_is_the_same_by_its_tid_as_number_or_text(own: Any, other: Any) -> None:
    book = placed()
    book.process_fill(7, own(1), ONE, ONE, True, time=1)
    assert book.process_fill(7, other(1), ONE, ONE, True, time=1) is None
    assert book.process_fill("7", other(2), ONE, ONE, True, time=1) is not None
    assert book.knows_fill(7, own(2), 1)
    assert book.knows_fill("7", other(2), 1)
    assert book.position == 2
    assert {form.what for form in said(book, Normalised)} == {"oid", "tid"}


@pytest.mark.parametrize("wrong", ["x", "07", "+7", " 7", "7.0", "\u0667", "1" * 5000, "--7", "-"])
def test_a_text_that_is_no_number_is_no_id_among_numbers(wrong: str) -> None:
    book = placed()
    before = book.to_json()
    for tell in (ID_TELLS["fill"], ID_TELLS["status"], ID_TELLS["bare"]):
        with pytest.raises(TypeError, match="a text that is no number"):
            tell(book, wrong)
    assert book.to_json() == before


@pytest.mark.parametrize("none", [None, 0, "0", ""])
@pytest.mark.parametrize("oids", [None, int, str])
def test_a_fill_that_names_no_order_moves_the_position_once(none: Any, oids: Any) -> None:
    """As of what was traded by hand, or by the venue."""
    book = UnifiedOrderBook() if oids is None else placed(oids(7))
    for _ in range(2):
        result = book.process_fill(none, "t", 3, 100, False, cloid="c", time=1)
        assert isinstance(result, Unattributed) or _
        book = UnifiedOrderBook.from_json(json.loads(json.dumps(book.to_json())))
    assert book.position == -3
    assert book.knows_fill(none, "t", 1)
    if oids is not None:
        order = book.get_order("c")
        assert order is not None
        assert order.filled == 0
        assert order.oid == oids(7)


def test_fills_that_name_no_order_may_take_the_position_back() -> None:
    """They are of several orders, so that none is a piece of another that went the same way."""
    book = placed()
    for tid, oid, buy, start in ((1, None, True, 0), (2, 0, False, 5), (3, "", True, 0)):
        book.process_fill(oid, tid, 5, ONE, buy, time=1, start_position=start, cloid="c")
    assert book.position == 5
    assert said(book, Conflict) == []


def test_oids_that_ascend_do_so_in_any_form() -> None:
    book = UnifiedOrderBook(BookConfig(oids_ascend=True))
    book.process_fill(None, 1, ONE, ONE, True, time=1)  # tells no oid, and of none the kind
    book.process_fill("9", 2, ONE, ONE, True, time=1)
    book.register_pending("buy", 1, 1, cloid="c")
    book.order_status("8", "open", cloid="c")  # it was there before
    assert book.get_pending_cloids() == {"c"}
    book.reconcile([ListedOrder("12")])
    book.order_status(10, "open", cloid="c")
    assert book.get_active_oids() == {10}
    assert book.to_json()["greatest"] == 12


@pytest.mark.parametrize("method", ["cancelled", "not open", "uncancelled", "timed out"])
def test_an_answer_that_is_refused_says_nothing_of_its_form(method: str) -> None:
    book = placed()
    before = book.to_json()
    calls: dict[str, Tell] = {
        "cancelled": lambda b, oid: b.cancel_confirmed(oid, request=99),
        "not open": lambda b, oid: b.cancel_not_open(oid, request=99),
        "uncancelled": lambda b, oid: b.cancel_rejected(oid, request=99),
        "timed out": lambda b, oid: b.cancel_timed_out(oid, request=99),
    }
    with pytest.raises(ValueError, match="never handed out"):
        calls[method](book, "7")
    assert book.to_json() == before


# What is said beside a fact


@pytest.mark.parametrize("odd", [None, 5, 1.5, OSError("down"), {"code": 1}, b"no", ["no"]])
def test_a_refusal_is_not_lost_to_its_reason(odd: Any) -> None:
    book = UnifiedOrderBook()
    book.register_pending("buy", 1, 1, cloid="c")
    assert isinstance(book.order_rejected("c", odd), Rejected)
    assert book.pending_exposure("buy") == 0


@pytest.mark.parametrize("odd", ["", "half \ud800", 5])
def test_a_fill_is_not_lost_to_a_cloid(odd: Any) -> None:
    book = placed()
    for tid in (1, 2):
        book.process_fill(7, tid, ONE, ONE, True, cloid=odd, time=1)
    assert book.position == 2
    assert len(said(book, Normalised)) == 1
    assert ListedOrder(7, odd).cloid == {"": None, 5: "5"}.get(odd, "half \ufffd")


def test_a_cloid_that_comes_as_a_number_is_its_digits() -> None:
    book = UnifiedOrderBook()
    for cloid in ("1", "2", "3"):
        book.register_pending("buy", 1, 1, cloid=cloid)
    book.finalize_order(1, 7, 1, "buy", 1)  # type: ignore[arg-type]
    book.order_rejected(2, "no")  # type: ignore[arg-type]
    book.process_fill(9, 1, ONE, ONE, True, cloid=3, time=1)  # type: ignore[arg-type]
    assert book.get_active_oids() == {7}
    states = {order.cloid: order.state for order in book.get_orders()}
    assert states == {
        "1": OrderState.RESTING, "2": OrderState.DEAD, "3": OrderState.FILLED
    }  # fmt: skip
    assert said(book, Normalised) == [Normalised("cloid", "1", "'1'")]


def test_a_venue_time_too_many_is_left_out() -> None:
    book = placed()
    book.process_fill(7, 1, ONE, ONE, True)
    assert book.process_fill(7, 1, ONE, ONE, True, time=9) is None
    assert book.process_fill(7, 2, ONE, ONE, True, time=9) is not None
    assert book.position == 2
    assert len(said(book, Normalised)) == 1


def test_a_listing_asked_for_after_the_latest_time_shows_no_more_than_one_from_then() -> None:
    book, usual = placed(), placed()
    assert book.reconcile([8], request=ListingRequest(99)) == usual.reconcile(
        [8], request=ListingRequest(5)
    )
    assert book == usual
    assert said(book, Normalised) == [Normalised("request", "99", "5")]


def test_a_negative_price_is_one() -> None:
    """As of a spread, or of oil in April 2020."""
    book = placed()
    assert book.process_fill(7, 1, ONE, Decimal(-37), True, time=1) is not None
    book.reconcile([ListedOrder(9, side="buy", price=Decimal(-1), size=1)])
    book.finalize_order("d", 10, 1, Side.SELL, -2)
    assert UnifiedOrderBook.from_json(book.to_json()) == book


def test_an_answer_that_nothing_filled_is_one() -> None:
    book = UnifiedOrderBook()
    book.register_pending("buy", 1, 5, cloid="c")
    book.handle_immediate_fill("c", 7, 0, 1, True)
    assert book.get_active_oids() == {7}
    assert isinstance(book.handle_immediate_fill("d", 8, 0, 1, True), NotAnOrder)


@pytest.mark.parametrize("word", ["CANCELED", "Cancelled", "canceled"])
def test_words_are_taken_in_any_case(word: str) -> None:
    book = placed()
    book.order_status(7, word)
    assert book.get_active_oids() == frozenset()
    assert ListedOrder(1, side="SELL").side is Side.SELL


# A journal


def test_a_journal_and_what_it_tells_again_agree(tmp_path: Path) -> None:
    path = tmp_path / "book.journal"
    plain = placed()
    with JournaledBook(path) as book:
        book.register_pending("buy", 100, 10, cloid="c", now=5)
        book.finalize_order("c", 7, 10, "buy", 100)
        for one in (plain, book):
            one.process_fill("7", 1, ONE, ONE, True, cloid="", time=1, now=3)
            one.process_fill(None, "2", ONE, ONE, True, cloid=5, time=1)  # type: ignore[arg-type]
            one.order_unknown("c", OSError("down"))  # type: ignore[arg-type]
            one.reconcile(["7", 8], request=ListingRequest(50), now=1)
            with pytest.raises(TypeError):
                one.process_fill(7, 1.5, ONE, ONE, True, time=1, now=2)  # type: ignore[arg-type]
        assert book.to_json() == plain.to_json()
        book.snapshot()
    assert load(path)[0].to_json() == plain.to_json()
    what = [event.what for event in plain.drain_events() if isinstance(event, Normalised)]
    assert what == ["oid", "cloid", "tid", "request"]
    fresh = UnifiedOrderBook.from_json(plain.to_json())
    fresh.process_fill("7", 9, ONE, ONE, True, time=1)
    assert said(fresh, Normalised) == []  # it was said before the book was saved
