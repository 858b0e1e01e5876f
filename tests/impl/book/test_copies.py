"""A copy is equal, and changes by itself: however it is made, and however long the chains are."""

import copy
import pickle
from collections.abc import Callable
from functools import cache
from pathlib import Path
from typing import Any

import pytest

from truebook.impl import BookConfig, UnifiedOrderBook
from truebook.impl.journal.journaled_book import JournaledBook, load
from truebook.impl.shadow.shadow_book import ShadowBook
from truebook.impl.views.book_view import BookView
from truebook.impl.views.metrics import Metrics

LEGS = 10_000


def pickled(protocol: int) -> Callable[[Any], Any]:
    return lambda value: pickle.loads(pickle.dumps(value, protocol))


MADE: dict[str, Callable[[Any], Any]] = {
    "copy.copy": copy.copy,
    "copy.deepcopy": copy.deepcopy,
    "pickle": pickled(pickle.DEFAULT_PROTOCOL),
    "pickle, protocol 2": pickled(2),
    "pickle, protocol 5": pickled(5),
    "copy": lambda book: book.copy(),
}
copies = pytest.mark.parametrize("made", MADE.values(), ids=MADE)


def eventful(book: UnifiedOrderBook) -> UnifiedOrderBook:
    book.register_pending("buy", 1, 9, cloid="a", now=1)
    book.finalize_order("a", "1", 8, "buy", 1, filled_size=2)
    book.register_pending("sell", 1, 5, cloid="b")
    book.process_fill("1", "x", 4, 1, True, time=3)
    book.process_fill("9", "y", 3, 1, False, time=5)
    book.request_modify("1", 2, 7, now=4)
    book.reconcile({"1", "7"}, now=5)
    book.order_rejected("b", "too small")
    return book


def change(book: Any) -> None:
    book.process_fill("1", "new", 1, 1, True, time=9, now=10)
    book.register_pending("sell", 1, 1, cloid="new")
    book.finalize_order("a", "3", 7, "buy", 2)
    book.reconcile({"8"})
    book.drain_events()


@copies
def test_a_copy_is_equal_and_independent(made: Callable[[Any], Any]) -> None:
    book = eventful(UnifiedOrderBook())
    saved = book.to_json()
    twin = made(book)
    assert twin == book
    assert type(twin) is UnifiedOrderBook
    assert twin.to_json() == saved
    change(twin)
    assert book.to_json() == saved
    again = made(book)
    change(book)
    assert again.to_json() == saved
    assert book == twin
    assert book.to_json() == twin.to_json()


@cache
def long_chain() -> UnifiedOrderBook:
    """Return a book in which one order was modified again and again."""
    book = UnifiedOrderBook(BookConfig(max_tracked_tids=1))
    book.register_pending("buy", 1, 9, cloid="a", now=1)
    book.finalize_order("a", 1, 9, "buy", 1)
    book.request_modify(1, 2, 9)
    book.modify_confirmed("a", 2)
    data = book.to_json()
    old, live = data["orders"][0]
    data["orders"] = [[old | {"oid": oid} for oid in range(LEGS, 1, -1)] + [live | {"oid": 1}]]
    data["live"] = [1]
    return UnifiedOrderBook.from_json(data)


@copies
def test_a_copy_of_a_long_chain_of_modifies(made: Callable[[Any], Any]) -> None:
    book = long_chain()
    order = book.get_order("a")
    assert order is not None
    assert len(order.oids) == LEGS
    twin = made(book)
    assert twin == book
    twin.process_fill(1, 1, 1, 2, True, time=1)
    assert twin != book
    assert book.get_order("a") == order


def test_a_chain_of_many_modifies_is_told_and_copied() -> None:
    book = UnifiedOrderBook()
    book.register_pending("buy", 1, 9, cloid="a", now=1)
    book.finalize_order("a", 1, 9, "buy", 1)
    for oid in range(2, 700):
        book.request_modify(oid - 1, 2, 9)
        book.modify_confirmed("a", oid)
    for made in MADE.values():
        assert made(book) == book


def test_what_is_copied_together_stays_together() -> None:
    """A book and its views, copied at once, are a book and its views."""
    book = eventful(UnifiedOrderBook())
    kept = {"book": book, "view": BookView(book), "metrics": Metrics(book)}
    for made in (copy.deepcopy, pickled(4)):
        twin = made(kept)
        change(twin["book"])
        assert twin["view"].position == twin["metrics"].book.position == twin["book"].position
        assert twin["book"].position != book.position == kept["view"].position  # type: ignore[attr-defined]


def test_a_view_copied_alone() -> None:
    """A copy shows the same book; a deep copy, or a pickle, one of its own as it was then."""
    book = eventful(UnifiedOrderBook())
    same, apart, pickle_of = copy.copy(view := BookView(book)), copy.deepcopy(view), None
    pickle_of = pickled(4)(view)
    before = book.position
    change(book)
    assert same.position == view.position == book.position != before
    assert apart.position == pickle_of.position == before
    assert not hasattr(apart, "process_fill")


def test_a_copy_of_a_journaled_book_is_in_memory_alone(tmp_path: Path) -> None:
    path = tmp_path / "book.journal"
    with JournaledBook(path) as book:
        eventful(book)
        saved, written = book.to_json(), book.calls_written
        for made in ("copy.copy", "copy.deepcopy", "copy"):
            twin = MADE[made](book)
            assert twin == book
            change(twin)
            assert (twin.calls_written, book.calls_written) == (0, written)
            assert book.to_json() == saved
            assert pickled(4)(twin).to_json() == twin.to_json()
        for protocol in (0, 2, 5):
            with pytest.raises(TypeError, match=r"has a file of its own: pickle its copy\(\)"):
                pickle.dumps(book, protocol)
    assert load(path)[0].to_json() == saved


def test_a_copy_of_a_shadow_tells_books_of_its_own() -> None:
    reported: list[Any] = []
    shadow = ShadowBook(UnifiedOrderBook(), report=reported.append)
    eventful(shadow)  # type: ignore[arg-type]
    saved = shadow.to_json()
    for make in (copy.copy, copy.deepcopy):
        twin = make(shadow)
        assert type(twin) is ShadowBook
        change(twin)
        assert twin.tracker == twin.reference
        assert (twin.reference.now, shadow.reference.now) == (10, 5)
        assert shadow.to_json() == shadow.tracker.to_json() == saved  # type: ignore[attr-defined]
        twin.tracker.process_fill("1", "z", 1, 1, True, time=10)  # type: ignore[attr-defined]
        twin.compare(11)
        assert twin.divergence is not None
        assert shadow.divergence is None
        assert reported.pop() is twin.divergence
