"""Where our orders stand in the queue of their level: bounds that hold."""

import random
from decimal import Decimal
from itertools import count

import pytest

from truebook.impl import Side, UnifiedOrderBook
from truebook.impl.views.queue import QueueTracker


def resting(book: UnifiedOrderBook, oid: int, size: int = 5) -> str:
    cloid = book.register_pending(Side.BUY, 100, size)
    book.finalize_order(cloid, oid, size, Side.BUY, 100)
    return cloid


def bounds(queue: QueueTracker) -> list[tuple[int, int | None]]:
    return [
        (int(place.least), None if place.most is None else int(place.most))
        for place in queue.positions()
    ]


def test_an_order_joins_the_end_and_moves_up_by_trades() -> None:
    book = UnifiedOrderBook()
    queue = QueueTracker(book)
    queue.depth(Side.BUY, 100, 20)
    resting(book, 1)
    assert bounds(queue) == [(20, 20)]
    queue.depth(Side.BUY, 100, 25)  # it shows us
    queue.depth(Side.BUY, 100, 32)  # others join behind
    assert bounds(queue) == [(20, 20)]
    queue.trade(Side.BUY, 100, 8)
    assert bounds(queue) == [(12, 12)]
    queue.depth(Side.BUY, 100, 24)  # which shows the trade, and nothing else
    assert bounds(queue) == [(12, 12)]


def test_what_has_traded_since_the_level_was_shown_stands_before_nobody() -> None:
    book = UnifiedOrderBook()
    queue = QueueTracker(book)
    queue.depth(Side.BUY, 100, 20)
    queue.trade(Side.BUY, 100, 5)
    resting(book, 1)
    assert bounds(queue) == [(15, 15)]
    queue.depth(Side.BUY, 100, 20)
    assert bounds(queue) == [(15, 15)]


def test_those_who_cancel_may_stand_before_us_or_behind() -> None:
    book = UnifiedOrderBook()
    queue = QueueTracker(book)
    queue.depth(Side.BUY, 100, 20)
    resting(book, 1)
    queue.depth(Side.BUY, 100, 35)  # 5 of us, 10 behind
    queue.depth(Side.BUY, 100, 29)
    assert bounds(queue) == [(14, 20)]
    queue.depth(Side.BUY, 100, 15)  # no more than the level has but for us
    assert bounds(queue) == [(0, 10)]
    queue.trade(Side.BUY, 100, 4)
    queue.depth(Side.BUY, 100, 9)  # 4 traded, 2 cancelled
    assert bounds(queue) == [(0, 4)]


def test_a_fill_means_that_nothing_stands_before_us() -> None:
    book = UnifiedOrderBook()
    queue = QueueTracker(book)
    queue.depth(Side.BUY, 100, 20)
    cloid = resting(book, 1)
    assert bounds(queue) == [(20, 20)]
    book.process_fill(1, 1, 1, 100, True, cloid=cloid, time=1, crossed=False)
    assert bounds(queue) == [(0, 0)]
    book.process_fill(1, 2, 4, 100, True, cloid=cloid, time=2, crossed=False)
    assert queue.positions() == ()


def test_our_own_orders_stand_behind_one_another() -> None:
    book = UnifiedOrderBook()
    queue = QueueTracker(book)
    queue.depth("buy", 100, 10)
    resting(book, 1)
    queue.depth("buy", 100, 15)
    resting(book, 2, size=3)
    assert bounds(queue) == [(10, 10), (15, 15)]
    queue.depth("sell", 100, 99)  # of another level
    queue.depth("buy", 99, 7)
    assert bounds(queue) == [(10, 10), (15, 15)]
    queue.depth("buy", 100, 18)  # which shows both
    queue.depth("buy", 100, 30)
    assert bounds(queue) == [(10, 10), (15, 15)]
    queue.trade("buy", 100, 4)
    queue.depth("buy", 100, 26)
    assert bounds(queue) == [(6, 6), (11, 11)]
    book.request_cancel(1)
    book.cancel_confirmed(1)
    queue.depth("buy", 100, 21)  # who left stood before it, or behind
    assert bounds(queue) == [(6, 11)]


def test_where_no_size_was_told_it_is_not_known_what_stands_before() -> None:
    book = UnifiedOrderBook()
    queue = QueueTracker(book)
    resting(book, 1)
    assert bounds(queue) == [(0, None)]
    queue.trade("buy", 100, 3)
    queue.depth("sell", 100, 50)
    assert bounds(queue) == [(0, None)]
    queue.depth("buy", 100, 30)
    assert bounds(queue) == [(0, 25)]
    queue.depth("buy", 100, 0)  # the venue has none, and so not ours either
    assert bounds(queue) == [(0, 0)]
    resting(book, 2)
    assert bounds(queue) == [(0, 0), (0, None)]


def test_sizes_that_cannot_be_right_keep_the_bounds_in_order() -> None:
    book = UnifiedOrderBook()
    queue = QueueTracker(book)
    queue.depth("buy", 100, 20)
    queue.depth("sell", 99, 7)  # crossed: the sides are apart
    resting(book, 1)
    queue.depth("buy", 100, 2)  # less than ours alone
    assert bounds(queue) == [(0, 0)]
    queue.trade("buy", 100, 1000)  # more than there is
    queue.depth("buy", 100, 40)
    assert bounds(queue) == [(0, 0)]
    for wrong, why in (
        (("up", 100, 1), "side must be"),
        (("buy", 100, -1), "size must not be negative"),
        (("buy", Decimal("NaN"), 1), "price must be a finite number"),
        (("buy", 100, 0.5), "size is the float 0.5"),
    ):
        with pytest.raises((TypeError, ValueError), match=why):
            queue.depth(*wrong)
    with pytest.raises(ValueError, match="size must be above zero"):
        queue.trade("buy", 100, 0)
    assert bounds(queue) == [(0, 0)]


@pytest.mark.parametrize("seed", range(20))
def test_the_bounds_hold_what_really_stands_before(seed: int) -> None:
    """Against a queue of one level: others join, cancel and trade, and so do we."""
    dice = random.Random(seed)
    book = UnifiedOrderBook()
    queue = QueueTracker(book)
    level: list[list[int]] = []  # whose (0: another's, else our oid), and what is left
    traded = count(1)

    def tell_depth() -> None:
        queue.depth("buy", 100, sum(left for _, left in level))

    tell_depth()
    for oid in range(1, 120):
        what = dice.choice(("join", "join", "place", "trade", "cancel", "cancel"))
        if what == "join":
            level.append([0, dice.randint(1, 9)])
        elif what == "place":
            size = dice.randint(1, 9)
            resting(book, oid, size)
            queue.positions()
            level.append([oid, size])
        elif what == "cancel" and level:
            whose, _ = level.pop(dice.randrange(len(level)))
            if whose:
                book.request_cancel(whose)
                book.cancel_confirmed(whose)
        elif what == "trade" and level:
            front = level[0]
            size = dice.randint(1, front[1])
            if front[0]:
                book.process_fill(front[0], next(traded), size, 100, True, time=1, crossed=False)
            queue.trade("buy", 100, size)
            front[1] -= size
            level[:] = [one for one in level if one[1]]
        tell_depth()
        before = 0
        real: dict[object, int] = {}
        for whose, left in level:
            real[whose] = before
            before += left
        for place in queue.positions():
            assert place.least <= real[place.oid], oid
            assert place.most is None or real[place.oid] <= place.most, oid
        assert {place.oid for place in queue.positions()} == set(real) - {0}


def test_orders_that_are_over_cost_nothing() -> None:
    book = UnifiedOrderBook()
    queue = QueueTracker(book)
    for oid in range(1, 4):
        resting(book, oid)
    queue.depth("buy", 100, 15)
    for oid in (1, 2):
        book.cancel_confirmed(oid)
    queue.depth("buy", 100, 5)
    assert len(queue._places) == 1


def test_a_modified_order_begins_anew() -> None:
    book = UnifiedOrderBook()
    queue = QueueTracker(book)
    queue.depth("buy", 100, 10)
    cloid = resting(book, 1)
    queue.depth("buy", 100, 15)
    queue.depth("buy", 101, 40)
    book.request_modify(1, 101, 5)
    book.modify_confirmed(cloid, 2)
    assert [place.oid for place in queue.positions()] == [2]
    assert bounds(queue) == [(40, 40)]
