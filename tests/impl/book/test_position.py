"""The position, beyond the cases and the model: as of when it is compared and rebased."""

from decimal import Decimal

from order_books import CONFIG
from truebook.impl import (
    PositionMatches,
    PositionMismatch,
    Rebased,
    RebaseRefused,
    UnifiedOrderBook,
)


def test_a_position_is_compared_as_of_its_time(book: UnifiedOrderBook) -> None:
    book.process_fill("A", "t1", 4, 100, True, time=10)
    book.process_fill("A", "t2", 3, 100, True, time=20)
    assert book.position_reported(7) == PositionMatches(Decimal(7))
    assert book.position_reported(4, as_of=20) == PositionMatches(Decimal(4))
    result = book.position_reported(9, as_of=20)
    assert isinstance(result, PositionMismatch)
    assert result.ours == 4
    assert result.difference == 5
    assert result.expected == 7
    assert book.drain_events() == (result,)
    assert book.position == 7


def test_a_rebase_takes_over_what_was_missed(book: UnifiedOrderBook) -> None:
    book.process_fill("A", "t2", 3, 100, True, time=20)
    assert book.rebase(50, 20) == Rebased(position=Decimal(53), before=Decimal(3), as_of=20)
    assert book.process_fill("A", "t1", 4, 100, True, time=19) is None
    assert book.process_fill("A", "t3", 4, 100, True, time=20) is not None
    assert book.position == 57


def test_why_a_rebase_is_refused(book: UnifiedOrderBook) -> None:
    for time in (10, 20, 30, 40, 50):
        book.process_fill("X", time, 1, 100, True, time=time)
    assert book.fill_floor == 10
    assert isinstance(book.rebase(0, 10), RebaseRefused)
    assert isinstance(book.rebase(0, 11), Rebased)
    book.request_modify("A", 101, 20)
    assert isinstance(book.rebase(0, 60), RebaseRefused)
    untimed = UnifiedOrderBook(CONFIG)
    untimed.process_fill("X", 1, 1, 100, True)
    assert isinstance(untimed.rebase(0, 60), RebaseRefused)
