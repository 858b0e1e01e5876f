"""What others see of a book: where orders stand in the queue, the metrics, a line for the log."""

import json
import random
import subprocess
import sys
import threading
import urllib.request
from collections.abc import Callable, Iterator
from decimal import Decimal
from itertools import count
from typing import Any

import prometheus_client
import pytest
from prometheus_client.parser import text_string_to_metric_families

from truebook.impl import SECOND, ListedOrder, Listing, ReconcileResult, Side, UnifiedOrderBook
from truebook.impl.journal.calls import PARAMETERS
from truebook.impl.views.book_view import BookView, summary
from truebook.impl.views.metrics import KINDS, Metrics
from truebook.impl.views.queue import QueueTracker


def busy() -> tuple[UnifiedOrderBook, Metrics]:
    """A book to which much has happened, and the metrics that were told of it."""
    book = UnifiedOrderBook()
    metrics = Metrics(book)

    def told(method: str, *args: Any, **kwargs: Any) -> Any:
        result = getattr(book, method)(*args, **kwargs)
        metrics.told(method, result)
        return result

    one, two = (told("register_pending", Side.BUY, 100, 10, now=1) for _ in range(2))
    told("finalize_order", one, 1, 6, Side.BUY, 100, filled_size=4)
    for _ in range(2):
        told("process_fill", 1, 1, 3, 100, True, cloid=one, time=1, crossed=True)
    told("process_fill", 9, 2, 5, 101, False, time=2)
    told("request_modify", "nobody", 1, 1)
    told("request_cancel", "nobody")
    for second in (1, 10):
        request = told("listing_requested", now=second * SECOND)
        orphan = ListedOrder(77, "theirs", Side.SELL, price=Decimal(100), remaining=Decimal(2))
        told("reconcile", Listing((ListedOrder(1, one), ListedOrder(2, two), orphan), request))
    told("listing_failed")
    told("position_reported", 50)
    told("request_cancel", 1)
    metrics.attended(book.drain_events())
    return book, metrics


def samples(page: str) -> dict[tuple[str, ...], float]:
    return {
        (sample.name.removeprefix("truebook_"), *sample.labels.values()): sample.value
        for family in text_string_to_metric_families(page)
        for sample in family.samples
    }


def test_the_page_is_read_by_the_parser_of_prometheus() -> None:
    _, metrics = busy()
    server, thread = prometheus_client.start_http_server(0, "127.0.0.1", metrics.registry())
    try:
        address = f"http://127.0.0.1:{server.server_port}/metrics"
        page = urllib.request.urlopen(address).read().decode()
    finally:
        server.shutdown()
        server.server_close()
        thread.join()
    assert isinstance(thread, threading.Thread)
    shown = samples(page)
    assert page == metrics.page()
    expected: dict[tuple[str, ...], float] = {
        ("position",): -2,
        ("expected_position",): -1,
        ("position_awaited",): 1,
        ("exposure", "buy"): 16,
        ("exposure", "sell"): 2,
        ("unsettled", "buy"): 1,
        ("orders", "cancel_pending"): 1,
        ("orders", "resting"): 1,
        ("orders", "filled"): 0,
        ("pending_requests",): 0,
        ("orphans",): 1,
        ("waiting_fills",): 1,
        ("fills_total", "counted"): 2,
        ("fills_total", "deduplicated"): 1,
        ("state_mismatches_total", "recovered"): 1,
        ("state_mismatches_total", "orphan"): 1,
        ("state_mismatches_total", "unattributed"): 1,
        ("state_mismatches_total", "position_mismatch"): 1,
        ("state_mismatches_total", "conflict"): 0,
        ("unknown_orders_total", "modify"): 1,
        ("unknown_orders_total", "request_cancel"): 1,
        ("orphan_cancels_total",): 1,
        ("orphan_cancels_last_hour",): 1,
        ("listings_refused_total",): 1,
        ("rebases_total",): 0,
        ("events_dropped_total",): 0,
    }
    assert {name: shown.get(name) for name in expected} == expected
    assert {kind for name, *of in shown for kind in of if name == "state_mismatches_total"} == set(
        KINDS
    )


def test_an_hour_goes_by() -> None:
    book, metrics = busy()
    book.tick(10 * SECOND + metrics.hour - 1)
    assert metrics.orphan_cancels_last_hour == 1
    book.tick(10 * SECOND + metrics.hour)
    assert metrics.orphan_cancels_last_hour == 0
    assert metrics.orphan_cancels == 1
    metrics.told("reconcile", ReconcileResult(orphans_to_cancel=(8,)))
    assert (metrics.orphan_cancels_last_hour, metrics.orphan_cancels) == (1, 2)
    assert len(metrics._cancelled_at) == 1


def test_the_rest_of_the_events_is_counted() -> None:
    from truebook.impl import BookConfig

    book = UnifiedOrderBook(BookConfig(max_events=1))
    metrics = Metrics(book)
    book.finalize_order("direct", 1, 5, Side.BUY, 100, now=1)
    book.rebase(7, 5, now=2)
    metrics.attended(book.drain_events())
    assert (metrics.events_dropped, metrics.rebases) == (1, 1)
    book.finalize_order("another", 2, 5, Side.BUY, 100, now=3)
    metrics.attended(book.drain_events())
    assert metrics.mismatches["direct_creation"] == 1


def test_the_page_can_be_made_while_another_thread_tells_the_book(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    _, metrics = busy()
    page = metrics.page()
    for name in ("get_orders", "get_orphans", "get_early_fills"):
        read, fails = getattr(BookView, name), iter(range(3))

        def changing(
            self: BookView, read: Callable[..., Any] = read, fails: Iterator[int] = fails
        ) -> Any:
            for _ in fails:
                raise RuntimeError("dictionary changed size during iteration")
            return read(self)

        monkeypatch.setattr(BookView, name, changing)
    assert metrics.page() == page


def test_counting_needs_nothing_installed() -> None:
    code = """
import sys
sys.modules["prometheus_client"] = None
from truebook.impl import UnifiedOrderBook
from truebook.impl.views import Metrics
metrics = Metrics(UnifiedOrderBook())
metrics.told("process_fill", None)
assert metrics.fills["deduplicated"] == 1
try:
    metrics.page()
except ImportError:
    print("no page")
"""
    done = subprocess.run([sys.executable, "-c", code], check=True, capture_output=True, text=True)
    assert done.stdout == "no page\n"


# Nothing changes the book


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
        "unsettled": ("buy",),
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


# The queue


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
