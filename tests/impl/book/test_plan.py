"""The unit tests of the plan for the book, translated."""

from decimal import Decimal

from truebook.impl import (
    SECOND,
    AlreadyTracked,
    DirectCreation,
    FillResult,
    FromPending,
    ReconcileResult,
    Side,
    UnifiedOrderBook,
)

PRICE = Decimal(100)
ONE = Decimal("1.0")


def test_a_pending_order_is_finalized() -> None:
    book = UnifiedOrderBook()
    cloid = book.register_pending(Side.BUY, PRICE, ONE)
    assert book.pending_count == 1
    assert isinstance(book.finalize_order(cloid, 12345, ONE, Side.BUY, PRICE), FromPending)
    assert book.pending_count == 0
    assert len(book) == 1
    assert book.get_order(12345) is not None


def test_an_order_that_nobody_registered_is_created_directly() -> None:
    book = UnifiedOrderBook()
    result = book.finalize_order("unknown-cloid", 12345, ONE, Side.BUY, PRICE)
    assert isinstance(result, DirectCreation)
    assert book.get_order(12345) is not None
    assert book.get_active_oids() == {12345}


def test_an_order_is_finalized_once() -> None:
    book = UnifiedOrderBook()
    cloid = book.register_pending(Side.BUY, PRICE, ONE)
    book.finalize_order(cloid, 12345, ONE, Side.BUY, PRICE)
    assert isinstance(book.finalize_order(cloid, 12345, ONE, Side.BUY, PRICE), AlreadyTracked)
    assert len(book) == 1


def test_a_fill_counts_once() -> None:
    book = UnifiedOrderBook()
    cloid = book.register_pending(Side.BUY, PRICE, ONE)
    book.finalize_order(cloid, 12345, ONE, Side.BUY, PRICE)
    assert book.process_fill(12345, 1, Decimal("0.5"), PRICE, True) is not None
    assert book.process_fill(12345, 1, Decimal("0.5"), PRICE, True) is None
    assert book.position == Decimal("0.5")


def test_a_fill_moves_the_position() -> None:
    book = UnifiedOrderBook()
    cloid = book.register_pending(Side.SELL, PRICE, ONE)
    book.finalize_order(cloid, 12345, ONE, Side.SELL, PRICE)
    result = book.process_fill(12345, 1, ONE, PRICE, False)
    assert isinstance(result, FillResult)
    assert result.position_delta == -1
    assert result.new_position == -1
    assert result.order_complete
    assert book.position == -1


def test_orphans_are_cancelled_after_their_grace() -> None:
    book = UnifiedOrderBook()
    result = book.reconcile({100, 200, 300}, now=0)
    assert isinstance(result, ReconcileResult)
    assert result.new_orphans == 3
    assert result.orphans_to_cancel == ()
    result = book.reconcile({100, 200, 300}, now=6 * SECOND)
    assert isinstance(result, ReconcileResult)
    assert result.new_orphans == 0
    assert set(result.orphans_to_cancel) == {100, 200, 300}
