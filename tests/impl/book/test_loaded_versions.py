"""A saved book of an earlier version is read as what that version kept, and as nothing else."""

from decimal import Decimal
from typing import Any

import pytest

from old_versions import written_by
from truebook.impl import ListedOrder, Listing, OrderState, UnifiedOrderBook
from truebook.impl.book.loaded_versions import (
    BOOK_SINCE,
    CONFIG_SINCE,
    EARLY_SINCE,
    LEG_SINCE,
    ORPHAN_SINCE,
)

PRICE = Decimal(100)
SINCE = {
    "the book": BOOK_SINCE,
    "config": CONFIG_SINCE,
    "orders": LEG_SINCE,
    "orphans": ORPHAN_SINCE,
    "early": EARLY_SINCE,
}
NEWER = [
    (version, where, name)
    for where, since in SINCE.items()
    for version in (1, 2)
    for later in since
    if later > version
    for name in since[later]
]


def saved() -> dict[str, Any]:
    """Return a saved book that has an order, an orphan and a fill that waits."""
    book = UnifiedOrderBook()
    book.register_pending("buy", PRICE, 5, cloid="c", now=1)
    book.process_fill(9, 1, 1, PRICE, True, time=1)
    book.reconcile([8], now=2)
    return book.to_json()


def places(data: dict[str, Any]) -> dict[str, dict[str, Any]]:
    return {
        "the book": data,
        "config": data["config"],
        "orders": data["orders"][0][0],
        "orphans": data["orphans"][0],
        "early": data["early"][0][1],
    }


@pytest.mark.parametrize("version", [1, 2])
def test_what_an_earlier_version_wrote_is_read(version: int) -> None:
    book = UnifiedOrderBook.from_json(written_by(version, saved()))
    assert [orphan.oid for orphan in book.get_orphans()] == [8]
    assert book.pending_exposure("buy") == 5


@pytest.mark.parametrize(("version", "where", "name"), NEWER)
def test_what_an_earlier_version_could_not_have_kept_is_refused(
    version: int, where: str, name: str
) -> None:
    """Whoever marked it as of that version, it is none: what it says may mean something else."""
    data = saved()
    value = places(data)[where][name]
    data = written_by(version, data)
    places(data)[where][name] = value
    words = f"damaged: {where} has a field '{name}', which no book of its version has"
    with pytest.raises(ValueError, match=words):
        UnifiedOrderBook.from_json(data)


@pytest.mark.parametrize("version", [1, 2])
def test_a_book_of_this_version_is_of_no_other(version: int) -> None:
    with pytest.raises(ValueError, match="which no book of its version has"):
        UnifiedOrderBook.from_json(saved() | {"version": version})


@pytest.mark.parametrize("word", ["filled", "cancelled"])
def test_an_order_that_version_2_was_told_is_over_stays_so(word: str) -> None:
    """Its fills made it whole, the word came, and a listing of then shows it with more to trade."""
    book = UnifiedOrderBook()
    book.register_pending("buy", PRICE, 5, cloid="c", now=1)
    book.order_status(1, word, cloid="c", filled=None if word == "filled" else 5)
    book.process_fill(1, 1, 5, PRICE, True, time=1)
    loaded = UnifiedOrderBook.from_json(written_by(2, book.to_json()))
    assert loaded == book
    listed = ListedOrder(1, "c", "buy", price=PRICE, remaining=3, size=8)
    loaded.reconcile(Listing((listed,), loaded.listing_requested()))
    order = loaded.get_order("c")
    assert order is not None
    assert order.state is (OrderState.FILLED if word == "filled" else OrderState.CANCELLED)
    assert loaded.pending_exposure("buy") == 0
