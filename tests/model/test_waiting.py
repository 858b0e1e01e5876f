"""The model of an order that waits: what happens to it, and what the book makes of it."""

import pytest

from truebook.model import waiting as world
from truebook.model import waiting_book as book
from truebook.model.config import Bounds
from truebook.model.designs import REFERENCE, without
from truebook.model.rules import Rules
from truebook.model.vocabulary import CancelAsked, OrderState, Venue
from truebook.model.waiting import WaitingWorld


def placed(keeps: Rules = REFERENCE.keeps) -> WaitingWorld:
    """Return a world whose order was accepted, and its answer told."""
    w = WaitingWorld(bounds=Bounds(), keeps=keeps)
    assert world.send(w)
    assert world.accept(w)
    assert world.answer(w)
    return w


def pass_time(w: WaitingWorld, ticks: int) -> None:
    for _ in range(ticks):
        assert world.tick(w)
        for part in (world.age_wire, world.age_book, world.age_listing):
            part(w)


def list_orders(w: WaitingWorld, covers: int) -> None:
    assert world.ask_listing(w, covers)
    assert world.take_listing(w)
    assert world.process_listing(w)


def test_it_waits_for_as_long_as_it_likes() -> None:
    w = placed()
    for covers in (0, 1, 0):
        pass_time(w, 4)
        list_orders(w, covers)
        assert w.book_a.state == OrderState.WAITING
        assert book.exposure(w) == 2


def test_without_the_rule_it_is_dead_while_it_waits() -> None:
    w = placed(without("waits-is-not-dead").keeps)
    pass_time(w, 2)
    list_orders(w, 0)
    assert (w.status, w.book_a.state, book.exposure(w)) == (Venue.OPEN, OrderState.DEAD, 0)


def test_it_trades_only_once_its_parent_has_filled() -> None:
    w = placed()
    assert not world.trigger(w)
    assert not world.fill(w)
    assert world.fill_parent(w)
    assert world.trigger(w)
    assert world.fill(w)
    assert world.tell_fill(w)
    assert (w.book_a.state, book.exposure(w)) == (OrderState.PARTIALLY_FILLED, 1)


def test_it_goes_with_its_parent() -> None:
    w = placed()
    assert world.end_parent(w)
    assert w.status == Venue.CANCELLED
    assert world.tell_parent(w)
    assert (w.book_a.state, book.exposure(w)) == (OrderState.CANCELLED, 0)
    late = WaitingWorld(bounds=Bounds(), keeps=REFERENCE.keeps)
    for happens in (world.send, world.end_parent, world.tell_parent, world.accept, world.answer):
        assert happens(late)
    assert late.book_a.state == OrderState.CANCELLED


@pytest.mark.parametrize("named", [0, 1])
def test_not_open_ends_it_unless_what_trades_may_have_another_oid(named: int) -> None:
    w = placed()
    w.book_a.named = named
    assert world.ask_cancel(w)
    assert not world.ask_cancel(w)
    assert world.cancel_unasked(w)
    assert world.cancel(w)
    assert world.answer_cancel(w)
    state = OrderState.WAITING if named else OrderState.CANCEL_CONFIRMED
    assert (w.book_a.state, w.book_a.cancel) == (state, CancelAsked.OVER)
    assert book.exposure(w) + book.unsettled(w) == 2
    if named:
        pass_time(w, 1)
        list_orders(w, 0)
        assert w.book_a.state == OrderState.CANCEL_CONFIRMED


def test_a_listing_that_has_those_that_wait_ends_one_that_it_lacks() -> None:
    w = placed()
    assert world.cancel_unasked(w)
    pass_time(w, 1)
    list_orders(w, 0)
    assert w.book_a.state == OrderState.WAITING
    list_orders(w, 1)
    assert w.book_a.state == OrderState.CANCEL_CONFIRMED
