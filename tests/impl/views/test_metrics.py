"""The metrics of a book: what is counted, and the page that Prometheus reads."""

import subprocess
import sys
import threading
import urllib.request
from collections.abc import Callable, Iterator
from typing import Any

import prometheus_client
import pytest
from prometheus_client.parser import text_string_to_metric_families

from busy_book import busy
from truebook.impl import SECOND, ReconcileResult, Side, UnifiedOrderBook
from truebook.impl.views.book_view import BookView
from truebook.impl.views.metrics import KINDS, Metrics


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
        page = urllib.request.urlopen(address, timeout=60).read().decode()
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
