"""Nothing that shows a book changes it: views of it, and a line for the log."""

import json
from decimal import Decimal
from typing import Any

import pytest

from busy_book import busy
from truebook.impl import Side, UnifiedOrderBook
from truebook.impl.journal.calls import PARAMETERS
from truebook.impl.views.book_view import BookView, summary
from truebook.impl.views.queue import QueueTracker


def test_a_view_shows_the_book_as_it_is_and_cannot_tell_it_anything() -> None:
    book, _ = busy()
    view = BookView(book)
    assert view.get_orders() == book.get_orders()
    book.process_fill(1, 5, 1, 100, True, time=3)
    assert view.position == book.position
    assert [name for name in PARAMETERS if hasattr(view, name)] == []
    with pytest.raises(AttributeError):
        view.position = Decimal(0)  # type: ignore[misc]


def test_no_view_changes_the_book() -> None:
    book, metrics = busy()
    queue = QueueTracker(book)
    saved, now = book.to_json(), book.now
    for view in (metrics.book, queue.book):
        assert type(view) is BookView
    metrics.page()
    summary(book)
    queue.depth(Side.BUY, 100, 50)
    queue.trade(Side.BUY, 100, 50)
    queue.positions()
    for shown in (book.get_orders(), book.get_orphans(), book.legs(1), book.get_early_fills()):
        for one in shown:
            with pytest.raises(AttributeError):
                one.size = Decimal(0)  # type: ignore[misc]
    assert (book.to_json(), book.now) == (saved, now)


def test_no_question_changes_the_book_or_hands_out_what_could() -> None:
    book, _ = busy()
    view, saved = BookView(book), json.dumps(book.to_json())
    arguments: dict[str, tuple[Any, ...]] = {
        "get_order": (1,),
        "legs": (1,),
        "knows_fill": (1, 1, 1),
        "pending_exposure": ("buy",),
        "foreign_exposure": ("buy",),
        "unsettled": ("buy",),
        "waiting_exposure": ("buy",),
    }
    asked = 0
    for name in dir(view):
        if name.startswith("_"):
            continue
        shown = getattr(view, name)
        if callable(shown):
            shown = shown(*arguments.get(name, ()))
        hash(shown)  # so nothing in it can be changed
        asked += 1
    assert asked > 15
    assert (len(view), bool(view)) == (2, True)
    assert json.dumps(book.to_json()) == saved


def test_a_line_for_the_log() -> None:
    book, _ = busy()
    assert summary(book) == (
        "position -2; +1 answered and yet to come; 2 open, 0 pending; exposure 16 to buy, 2 to "
        "sell; 1 cancels on their way; 1 orphans; 1 fills of unknown orders"
    )
    assert summary(UnifiedOrderBook()) == (
        "position 0; 0 open, 0 pending; exposure 0 to buy, 0 to sell"
    )


def test_a_question_is_answered_while_another_thread_tells() -> None:
    """Every fill that is read makes another come, as a thread may that tells meanwhile."""
    book = UnifiedOrderBook()
    for number in range(1, 4):
        book.process_fill(number, number, 1, 1, True, time=number, now=number)
    fills = book._ledger.early.waiting()
    first = next(fills)
    book.process_fill(9, 9, 1, 1, True, time=9, now=9)
    assert [key[1] for key, _ in (first, *fills)] == [1, 2, 3]
    assert "4 fills of unknown orders" in summary(book)
