"""Passes run one at a time, on their interval; one cut short leaves the book right."""

import asyncio
from collections.abc import Callable
from decimal import Decimal
from typing import Any

import attrs
import pytest

from sync_venue import ONE, QUICK, Setting, a_setting, hang, resting
from truebook.impl import SECOND, ListedOrder, OrderState, Side
from truebook.impl.sync.client import (
    CancelAnswer,
    VenueFill,
    VenueFills,
    VenueListing,
    VenuePosition,
)
from truebook.impl.sync.config import SyncConfig
from truebook.impl.sync.report import SyncReport
from truebook.impl.views.metrics import Metrics


def test_two_passes_never_overlap(setting: Setting) -> None:
    async def both() -> tuple[Any, Any]:
        go = asyncio.Event()

        async def slow() -> VenueListing:
            await go.wait()
            return VenueListing(())

        setting.venue.listing = slow
        setting.sync.config = attrs.evolve(QUICK, time_limit=10)
        first = asyncio.create_task(setting.sync.run_once())
        await asyncio.sleep(0)
        await asyncio.sleep(0)
        second = await setting.sync.run_once()
        go.set()
        return await first, second

    first, second = asyncio.run(both())
    assert first.clean
    assert second.failed == ["another pass is under way"]
    assert setting.at(1).clean  # and the next one can


def test_a_pass_cancelled_anywhere_leaves_the_book_right() -> None:
    """Cancelled at each step of the loop in turn, the next passes come to what a whole one does.

    No cancel is sent again before it is settled, though the pass that sent it was cut short; one
    that was not sent is sent soon, unless it was just about to be.
    """
    cut = steps = about_to_be = 0
    while True:
        setting = a_setting()
        listed = _much_to_do(setting)
        if not _cut_after(setting, steps):
            break
        cut += 1
        for second in (8, 20):
            setting.at(second)
        cancels = [what[1] for what in setting.venue.asked if what[0] == "cancel"]
        assert len(cancels) == len(set(cancels)), steps
        about_to_be += len(cancels) < 2
        for second in (70, 90, 130, 180):
            cancels = [what[1] for what in setting.venue.asked if what[0] == "cancel"]
            setting.venue.listing = VenueListing([o for o in listed if o.oid not in cancels])
            setting.at(second)
        assert sorted(set(cancels)) == [7, 8], steps
        assert setting.book.get_active_oids() == {1}
        assert setting.book.get_orphans() == ()
        assert setting.book.position == 1
        assert setting.book.pending_count == 0
        steps += 1
    assert cut > 30
    assert about_to_be <= 2


def _much_to_do(setting: Setting) -> list[ListedOrder]:
    cloid = resting(setting, 1)
    setting.book.register_pending(Side.SELL, 101, 5, now=0)
    listed = [ListedOrder(1, cloid), ListedOrder(7, "theirs"), ListedOrder(8, "theirs too")]
    setting.venue.listing = VenueListing(listed)
    setting.venue.cancels = {7: CancelAnswer.CONFIRMED, 8: CancelAnswer.CONFIRMED}
    setting.at(1)
    setting.venue.listing = [OSError("once"), VenueListing(listed)] + 9 * [VenueListing(listed)]
    fill = VenueFill(1, 1, size=ONE, price=ONE, is_buy=True, time=5, cloid=cloid, crossed=False)
    setting.venue.fills = [OSError("once")] + 9 * [VenueFills([fill])]
    setting.venue.holds = VenuePosition(ONE, 6)
    setting.venue.slow = True
    return listed


def _cut_after(setting: Setting, steps: int) -> bool:
    setting.seconds[0] = 7

    async def cut() -> bool:
        task = asyncio.create_task(setting.sync.run_once())
        for _ in range(steps):
            await asyncio.sleep(0)
        task.cancel()
        await asyncio.wait([task])
        return task.cancelled()

    return asyncio.run(cut())


def test_a_cut_pass_takes_back_no_cancel_of_our_own(setting: Setting) -> None:
    """Of an orphan whose cancel was not sent, and which turned out to be ours meanwhile."""
    setting.venue.listing = VenueListing([ListedOrder(7), ListedOrder(8)])
    setting.at(1)
    cloid = setting.book.register_pending(Side.BUY, 100, 1, cloid="late", now=2 * SECOND)

    async def cut() -> None:
        task = asyncio.create_task(setting.sync.run_once())

        def cancelled() -> Any:
            setting.book.finalize_order(cloid, 8, 1, Side.BUY, 100)
            setting.book.request_cancel(8)
            task.cancel()
            return hang()

        setting.venue.cancels = {7: cancelled}
        await asyncio.wait([task])
        assert task.cancelled()

    setting.seconds[0] = 12
    asyncio.run(cut())
    order = setting.book.get_order(cloid)
    assert order is not None
    assert order.state is OrderState.CANCEL_PENDING


def test_a_refused_cancel_takes_back_no_cancel_of_our_own(setting: Setting) -> None:
    setting.venue.listing = VenueListing([ListedOrder(8)])
    setting.at(1)
    cloid = setting.book.register_pending(Side.BUY, 100, 1, cloid="late", now=2 * SECOND)

    def refused() -> CancelAnswer:
        setting.book.finalize_order(cloid, 8, 1, Side.BUY, 100)
        setting.book.request_cancel(8)
        return CancelAnswer.REJECTED

    setting.venue.cancels = {8: refused}
    assert setting.at(12).failed == ["cancel of 8: rejected"]
    order = setting.book.get_order(cloid)
    assert order is not None
    assert order.state is OrderState.CANCEL_PENDING


def test_what_a_pass_tells_and_reports_can_be_heard(setting: Setting) -> None:
    _much_to_do(setting)
    metrics, reports = Metrics(setting.book), list[SyncReport]()
    setting.sync.told = metrics.told

    def report(made: SyncReport) -> None:
        reports.append(made)
        raise OSError("of whoever listens")

    async def sleep(wait: float) -> None:
        if wait:
            raise KeyboardInterrupt

    setting.sync.report, setting.sync.sleep = report, sleep
    setting.seconds[0] = 7
    stop: Callable[[], None] = lambda: asyncio.run(setting.sync.run())  # noqa: E731
    with pytest.raises(KeyboardInterrupt):
        stop()
    (made,) = reports
    assert made.clean
    assert metrics.orphan_cancels == len(made.orphans_cancelled) == 2
    assert metrics.fills == {"counted": 1}
    assert metrics.unknown == {}
    setting.sync.told = lambda method, result: 1 / 0
    assert setting.at(8).failed == []


def test_it_runs_on_its_interval_and_longer_while_it_fails(setting: Setting) -> None:
    waits: list[float] = []

    async def sleep(wait: float) -> None:
        waits.append(wait)
        if len(waits) == 3:
            setting.venue.holds = VenuePosition(Decimal(0), 1)
        if len(waits) == 4:
            raise KeyboardInterrupt

    setting.sync.sleep = sleep
    setting.sync.config = SyncConfig(attempts=1, interval=10, longest_interval=30)
    setting.venue.holds = OSError("down")
    stop: Callable[[], None] = lambda: asyncio.run(setting.sync.run())  # noqa: E731
    with pytest.raises(KeyboardInterrupt):
        stop()
    assert waits == [20, 30, 30, 10]
