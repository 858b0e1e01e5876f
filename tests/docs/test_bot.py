"""docs/bot.md: its blocks are a program, which test_fenced.py runs; here it is made to go wrong."""

import asyncio
import re
import sys
from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path
from types import ModuleType

import pytest

from truebook.impl import SECOND, PositionMismatch, UnifiedOrderBook
from truebook.impl.book.results import EVENTS

ROOT = Path(__file__).resolve().parents[2]
PAGE = (ROOT / "docs" / "bot.md").read_text("utf-8")


@pytest.fixture
def bot(monkeypatch: pytest.MonkeyPatch) -> Iterator[ModuleType]:
    monkeypatch.syspath_prepend(ROOT / "examples")
    import bot

    yield bot
    for name in ("bot", "memory_venue"):
        del sys.modules[name]


def test_the_blocks_are_the_program() -> None:
    blocks = re.findall(r"```python bot\.py\n(.*?)```", PAGE, re.DOTALL)
    assert "\n\n".join(blocks) == (ROOT / "examples" / "bot.py").read_text("utf-8")


def test_an_order_that_is_there_is_taken_over_with_what_has_filled_of_it(
    bot: ModuleType, tmp_path: Path
) -> None:
    async def begin() -> None:
        venue = bot.MemoryVenue()
        venue.positions["ETH"] = Decimal(5)
        await venue.place("ETH", "yesterday", "buy", "99", "10")
        venue.trade("101", "3")
        market = bot.Market("ETH", venue, bot.open_book(tmp_path, "ETH"))
        await bot.take_over(market)
        order = market.book.get_order("yesterday")
        assert (order.filled, order.remaining, order.unsettled) == (3, 7, 0)
        assert market.book.position == 8
        assert market.book.expected_position == 8
        assert bot.agrees(market)
        venue.trade("101", "1")
        assert not bot.agrees(market)

    asyncio.run(begin())


def test_fills_beyond_the_history_are_in_the_position_that_was_taken_over(
    bot: ModuleType, tmp_path: Path
) -> None:
    async def begin() -> None:
        venue = bot.MemoryVenue()
        await venue.place("ETH", "yesterday", "buy", "99", "10")
        venue.trade("101", "3")
        venue.fills.clear()
        market = bot.Market("ETH", venue, bot.open_book(tmp_path, "ETH"))
        await bot.take_over(market)
        report = await bot.sync_of(market).run_once()
        assert report.clean
        assert market.book.position == 3
        assert market.book.get_order("yesterday").remaining == 7
        assert market.book.unsettled("buy") == 0

    asyncio.run(begin())


def test_every_request_ends_in_what_the_venue_answers(bot: ModuleType, tmp_path: Path) -> None:
    async def trade() -> None:
        venue = bot.MemoryVenue()
        market = bot.Market("ETH", venue, bot.open_book(tmp_path, "ETH"))
        await bot.take_over(market)
        book: UnifiedOrderBook = market.book
        side, price, size = bot.Side.BUY, Decimal(99), Decimal(2)
        rests = await bot.place(market, side, price, size)
        await bot.modify(market, rests, price, Decimal(3))
        order = book.get_order(rests)
        assert order is not None
        assert order.size == 3
        assert len(order.oids) == 2
        venue.end(str(order.oid))  # the stream is not heard here
        await bot.cancel(market, rests)
        assert book.pending_exposure("buy") == 0
        venue.silent = True
        lost = await bot.place(market, side, price, size)
        assert book.get_pending_cloids() == {lost}
        venue.silent = False
        assert (await bot.sync_of(market).run_once()).clean
        assert book.get_pending_cloids() == frozenset()
        assert bot.agrees(market)
        venue.silent = True
        await bot.modify(market, lost, price, Decimal(5))
        assert book.get_pending_cloids() == {lost}

    asyncio.run(trade())


def test_a_fill_that_no_message_and_no_history_tells_is_seen(
    bot: ModuleType, tmp_path: Path
) -> None:
    async def trade() -> None:
        venue = bot.MemoryVenue()
        await venue.place("ETH", "mine", "buy", "99", "10")
        market = bot.Market("ETH", venue, bot.open_book(tmp_path, "ETH"))
        await bot.take_over(market)
        venue.trade("101", "1")
        venue.fills.clear()
        report = await bot.sync_of(market).run_once()
        assert isinstance(report.position, PositionMismatch)
        assert not report.clean
        assert not bot.agrees(market)

    asyncio.run(trade())


def test_a_grace_that_never_ends_cancels_nothing(bot: ModuleType, tmp_path: Path) -> None:
    async def trade() -> None:
        venue = bot.MemoryVenue()
        await venue.place("ETH", "a stranger's", "buy", "99", "10")
        config = bot.BookConfig(scope="ETH", orphan_grace_period=10**18)
        market = bot.Market("ETH", venue, bot.JournaledBook(tmp_path / "j", config))
        market.book.rebase(Decimal(0), 1, now=market.now())
        sync = bot.sync_of(market)
        for _ in range(3):
            market.book.tick(market.book.now + 3_600 * SECOND)
            await sync.run_once()
        assert [orphan.oid for orphan in market.book.get_orphans()] == ["101"]
        assert venue.orders["101"]["status"] == "open"

    asyncio.run(trade())


def test_every_method_and_event_is_on_the_page() -> None:
    for event in EVENTS:
        assert f"| `{event.__name__}` |" in PAGE
    told = """finalize_order order_rejected order_unknown process_fill order_status status_unknown
        cancel_confirmed cancel_not_open cancel_rejected cancel_timed_out modify_confirmed
        modify_failed modify_unknown reconcile listing_failed position_reported"""
    for name in told.split():
        assert hasattr(UnifiedOrderBook, name)
        assert f"`{name}(" in PAGE
