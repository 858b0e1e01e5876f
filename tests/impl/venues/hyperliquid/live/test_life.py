"""A book is used from any thread, ends when it is told, and says why it is not kept."""

import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable
from decimal import Decimal
from pathlib import Path
from typing import Any

import attrs
import pytest

from hyperliquid_venue import QUICK, SLOW, HyperliquidVenue, a_book, until
from truebook.impl import SECOND, AlreadyTracked, BookConfig, FillResult, FromPending, Side
from truebook.impl.journal import JournaledBook, NotWrittenError
from truebook.impl.venues.hyperliquid.live import BookStoppedError
from truebook.impl.venues.hyperliquid.signing import SignatureError

SIZE = Decimal("0.01")


def running() -> list[str]:
    return [thread.name for thread in threading.enumerate() if "truebook" in thread.name]


def test_many_threads_may_use_it(venue: HyperliquidVenue) -> None:
    found: list[str] = []
    with a_book(venue) as book:

        def trade() -> None:
            for _ in range(10):
                cloid = book.place("BTC", "buy", 60_000, SIZE)
                book.modify(cloid, 60_001, SIZE)
                found.append(cloid)
                if len(found) % 2:
                    book.cancel(cloid)
                assert book.exposure("buy", "BTC") > 0

        keep = book.place("BTC", "buy", 60_000, SIZE)
        threads = [threading.Thread(target=trade) for _ in range(4)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        assert len(set(found)) == 40
        until(lambda: {order.oid for order in book.orders()} == set(venue.open_orders()))
        assert keep in {order.cloid for order in book.orders()}
    assert running() == []


def test_what_is_heard_is_handed_on(venue: HyperliquidVenue) -> None:
    heard: list[Any] = []

    def listener(market: str, result: Any) -> None:
        heard.append((market, result))
        raise RuntimeError("of whoever listens")

    def fills() -> list[Any]:
        return [(market, one.size) for market, one in heard if isinstance(one, FillResult)]

    with a_book(venue, listener=listener) as book:
        venue.offer("BTC", "0.004")
        cloid = book.place("BTC", "buy", 60_000, SIZE)
        until(fills)
        assert fills() == [("BTC", Decimal("0.004"))]
        bound = [one for _, one in heard if isinstance(one, FromPending | AlreadyTracked)]
        assert {one.cloid for one in bound} == {cloid}
        assert book.position("BTC") == Decimal("0.004")
        venue.deaf = True
        (oid,) = venue.open_orders()
        venue.trade(oid, "0.001")
        book.sync()
        assert fills()[1:] == [("BTC", Decimal("0.001"))]  # which the stream did not tell


def test_a_listener_must_not_call_the_book(venue: HyperliquidVenue) -> None:
    raised: list[BaseException] = []

    def listener(market: str, result: Any) -> None:
        for call in (lambda: book.position("BTC"), book.close):
            try:
                call()
            except RuntimeError as error:
                raised.append(error)

    with a_book(venue, listener=listener) as book:
        book.place("BTC", "buy", 60_000, SIZE)
        until(lambda: raised)
        assert book.position("BTC") == 0
    assert all("listener" in str(error) for error in raised)
    assert len(raised) % 2 == 0


def test_the_worst_position_has_what_is_told_to_have_traded_before_its_fills_come(
    venue: HyperliquidVenue,
) -> None:
    with a_book(venue, live=SLOW) as book:
        bought = book.place("BTC", "buy", 60_000, 2 * SIZE)
        sold = book.get_order(book.place("BTC", "sell", 61_000, SIZE))
        assert book.worst_position("buy", "BTC") == 2 * SIZE
        assert book.worst_position(Side.SELL, "BTC") == -SIZE
        hears = venue.matching.tell
        venue.matching.tell = lambda kind, frame: kind == "orderUpdates" and hears(kind, frame)
        assert sold is not None
        assert isinstance(sold.oid, int)
        venue.trade(sold.oid, str(SIZE))
        until(lambda: book.exposure("sell", "BTC") == 0)
        assert book.position("BTC") == 0
        assert book.worst_position("sell", "BTC") == -SIZE
        book.cancel(bought)
        until(lambda: book.worst_position("buy", "BTC") == 0)  # how much it had filled comes after


def test_it_is_used_between_its_beginning_and_its_end(venue: HyperliquidVenue) -> None:
    book = a_book(venue)
    with pytest.raises(BookStoppedError, match="not open"):
        book.position("BTC")
    with book:
        assert book.position("BTC") == 0
        with pytest.raises(ValueError, match="DOGE"):
            book.position("DOGE")
        with pytest.raises(BookStoppedError, match="another"):
            book.open()
    book.close()
    with pytest.raises(BookStoppedError, match="not open"):
        book.place("BTC", "buy", 60_000, SIZE)


def test_who_waits_at_the_end_is_told(venue: HyperliquidVenue, tmp_path: Path) -> None:
    raised: list[BaseException] = []

    def place() -> None:
        try:
            book.place("BTC", "buy", 60_000, SIZE)
        except BookStoppedError as error:
            raised.append(error)

    with a_book(venue, journal=tmp_path, live=attrs.evolve(QUICK, time_limit=30.0)) as book:
        venue.late = None
        waiting = threading.Thread(target=place)
        waiting.start()
        until(lambda: venue.posted)
        started = time.monotonic()
    assert time.monotonic() - started < 5
    waiting.join(5)
    assert len(raised) == 1
    venue.late = 0.0
    with a_book(venue, journal=tmp_path) as book:
        assert [order.oid for order in book.orders()] == list(venue.open_orders())


def test_a_journal_that_cannot_be_written_ends_it(
    venue: HyperliquidVenue, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(self: Any, *args: Any, **more: Any) -> Any:
        raise NotWrittenError("the disk is full")

    with a_book(venue, journal=tmp_path) as book:
        book.place("BTC", "buy", 60_000, SIZE)
        monkeypatch.setattr(JournaledBook, "register_pending", full)
        with pytest.raises(NotWrittenError, match="full"):
            book.place("BTC", "buy", 60_000, SIZE)
        with pytest.raises(BookStoppedError, match="the disk is full"):
            book.position("BTC")
        assert len(venue.open_orders()) == 1
    assert running() == []


@pytest.mark.parametrize(
    ("more", "error", "says"),
    [
        ({"markets": ["BTC", "DOGE"]}, ValueError, "DOGE"),
        ({"markets": []}, ValueError, "one at least"),
        ({"markets": "BTC"}, ValueError, "list"),
        ({"strangers": "eat"}, ValueError, "strangers"),
        ({"wallet": "0x12"}, SignatureError, "private key"),
        ({"config": BookConfig(expected_cloid_ttl=SECOND)}, ValueError, "two seconds"),
        ({"url": "http://127.0.0.1:9"}, ConnectionError, "127.0.0.1:9"),
    ],
)
def test_what_cannot_be_opened_says_why(
    venue: HyperliquidVenue, more: Any, error: type[Exception], says: str
) -> None:
    with pytest.raises(error, match=says):
        a_book(venue, **more).open()
    assert running() == []


def test_a_venue_that_says_nothing_is_waited_for_no_longer(venue: HyperliquidVenue) -> None:
    venue.deaf = True
    with pytest.raises(TimeoutError, match="nothing was heard"):
        a_book(venue, live=attrs.evolve(QUICK, start=0.5)).open()
    assert running() == []


def test_what_is_not_answered_at_the_beginning_is_asked_again(venue: HyperliquidVenue) -> None:
    venue.status = 502
    mends = threading.Timer(0.5, lambda: setattr(venue, "status", 200))
    mends.start()
    with a_book(venue) as book:
        assert venue.asked.count("meta") > 1
        assert book.orders() == []
    mends.join()


def test_a_beginning_that_is_never_answered_says_what_was_wrong(venue: HyperliquidVenue) -> None:
    venue.status = 502
    with pytest.raises(TimeoutError, match="could not begin") as found:
        a_book(venue, live=attrs.evolve(QUICK, start=0.5)).open()
    assert "HTTP 502" in str(found.value.__cause__)
    assert running() == []


def test_a_wallet_that_the_venue_does_not_know_is_refused() -> None:
    with HyperliquidVenue("0x" + "ab" * 20) as venue, a_book(venue) as book:
        order = book.get_order(book.place("BTC", "buy", 60_000, SIZE))
        assert order is not None
        assert "does not exist" in order.reason
        assert book.exposure("buy", "BTC") == 0


PROGRAM = """
import sys
from hyperliquid_venue import QUICK, SECRET
from truebook.impl.venues.hyperliquid.live import HyperliquidBook
url, journal = sys.argv[1:]
with HyperliquidBook(
    url=url, wallet=SECRET, markets=["BTC"], strangers="cancel", journal=journal, live=QUICK
) as book:
    print("open", flush=True)
    while True:
        book.place("BTC", "buy", 60_000, 1)
"""


@pytest.mark.parametrize("late", [0.0, None], ids=["answered", "unanswered"])
def test_ctrl_c_ends_it_and_its_orders_stay_known(
    venue: HyperliquidVenue, tmp_path: Path, late: float | None
) -> None:
    support = Path(__file__).resolve().parents[4] / "support"
    venue.late = late
    program = subprocess.Popen(
        [sys.executable, "-c", PROGRAM, venue.url, str(tmp_path)],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        env={"PYTHONPATH": str(support)},
    )
    with program:
        until(lambda: len(venue.posted) > (5 if late is not None else 0), 30)
        program.send_signal(signal.SIGINT)
        _, told = program.communicate(timeout=20)
    assert told.rstrip().endswith("KeyboardInterrupt")
    assert "Task" not in told
    venue.late = 0.0
    with a_book(venue, journal=tmp_path, markets=["BTC"]) as book:
        known: Callable[[], set[Any]] = lambda: {order.oid for order in book.orders()}  # noqa: E731
        until(lambda: known() == set(venue.open_orders()))
    assert not any(action["type"].startswith("cancel") for action in venue.posted)
