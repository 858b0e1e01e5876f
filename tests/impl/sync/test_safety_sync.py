"""A pass tells the book what the venue has, and concludes nothing from what fails."""

import asyncio
import gc
from collections.abc import Callable, Coroutine
from decimal import Decimal
from pathlib import Path
from typing import Any

import attrs
import pytest

from truebook.impl import (
    SECOND,
    ListedOrder,
    OrderState,
    PositionMatches,
    PositionMismatch,
    Side,
    UnifiedOrderBook,
)
from truebook.impl.journal.journaled_book import JournaledBook
from truebook.impl.sync.client import (
    CancelAnswer,
    VenueFill,
    VenueFills,
    VenueListing,
    VenuePosition,
    VenueStatus,
)
from truebook.impl.sync.safety_sync import SafetySync, SyncConfig, SyncReport
from truebook.impl.views.metrics import Metrics

ONE = Decimal(1)
QUICK = SyncConfig(time_limit=0.02, attempts=2, back_off=0, fills_overlap=5)


@attrs.define
class Venue:
    """A venue that answers what it is given; an error is raised, a function is called."""

    listing: Any = attrs.field(factory=lambda: VenueListing(()))
    holds: Any = attrs.field(factory=lambda: VenuePosition(Decimal(0), 1))
    fills: Any = attrs.field(factory=lambda: VenueFills(()))
    statuses: dict[Any, Any] = attrs.field(factory=dict)
    cancels: dict[Any, Any] = attrs.field(factory=dict)
    asked: list[tuple[Any, ...]] = attrs.field(factory=list)
    slow: bool = False

    async def _answer(self, answer: Any, *asked: Any) -> Any:
        self.asked.append(asked)
        if self.slow:
            await asyncio.sleep(0)
        if isinstance(answer, list):
            answer = answer.pop(0)
        if isinstance(answer, Exception):
            raise answer
        if callable(answer):
            answer = answer()
        if asyncio.iscoroutine(answer):
            answer = await answer
        return answer

    async def open_orders(self) -> VenueListing:
        return await self._answer(self.listing, "listing")  # type: ignore[no-any-return]

    async def position(self) -> VenuePosition:
        return await self._answer(self.holds, "position")  # type: ignore[no-any-return]

    async def fills_since(self, time: int) -> VenueFills:
        return await self._answer(self.fills, "fills", time)  # type: ignore[no-any-return]

    async def order_status(self, id: Any) -> VenueStatus | None:
        return await self._answer(self.statuses.get(id), "status", id)  # type: ignore[no-any-return]

    async def cancel(self, oid: Any) -> CancelAnswer:
        return await self._answer(self.cancels[oid], "cancel", oid)  # type: ignore[no-any-return]


@attrs.define
class Setting:
    book: UnifiedOrderBook
    venue: Venue
    sync: SafetySync
    seconds: list[float]
    slept: list[float]

    def at(self, seconds: float) -> Any:
        self.seconds[0] = seconds
        return asyncio.run(self.sync.run_once())


@pytest.fixture
def setting() -> Setting:
    return a_setting()


def a_setting() -> Setting:
    book, venue, seconds, slept = UnifiedOrderBook(), Venue(), [0.0], list[float]()

    async def sleep(wait: float) -> None:
        slept.append(wait)
        await asyncio.sleep(0)

    sync = SafetySync(book, venue, lambda: int(seconds[0] * SECOND), config=QUICK, sleep=sleep)
    return Setting(book, venue, sync, seconds, slept)


def resting(setting: Setting, oid: int, at: float = 0) -> str:
    now = int(at * SECOND)
    cloid = setting.book.register_pending(Side.BUY, 100, 10, now=now)
    setting.book.finalize_order(cloid, oid, 10, Side.BUY, 100, now=now)
    return cloid


def hang() -> Coroutine[Any, Any, Any]:
    return asyncio.Event().wait()


# What a pass does


def test_it_adopts_closes_asks_and_repairs(setting: Setting) -> None:
    gone = resting(setting, 1)
    kept = resting(setting, 2)
    pending = setting.book.register_pending(Side.SELL, 101, 5, now=SECOND)
    lost = setting.book.register_pending(Side.SELL, 101, 5, now=SECOND)
    setting.venue.listing = VenueListing([ListedOrder(2, kept), ListedOrder(3, pending)])
    setting.venue.statuses = {1: VenueStatus(1, "filled", gone), lost: None}
    fill = VenueFill(
        1, 11, size=Decimal(10), price=Decimal(100), is_buy=True, time=50, cloid=gone, crossed=False
    )
    setting.venue.fills = VenueFills([fill])
    setting.venue.holds = VenuePosition(Decimal(10), 60)
    report = setting.at(20)
    assert report.reconciled.recovered == (3,)
    assert report.reconciled.removed == (1,)
    assert report.statuses_told == [1, lost]
    assert report.fills_repaired == 1
    assert report.position == PositionMatches(Decimal(10))
    assert report.clean
    assert setting.book.get_active_oids() == {2, 3}
    order = setting.book.get_order(gone)
    assert order is not None
    assert order.state is OrderState.FILLED
    assert setting.book.get_pending_cloids() == {lost}  # 20 s after 1 s is no proof yet
    setting.at(60)
    assert setting.book.get_pending_cloids() == frozenset()


def test_it_cancels_orphans_once_they_have_aged(setting: Setting) -> None:
    orphans = [ListedOrder(oid, side=Side.BUY, remaining=ONE) for oid in (7, 8, 9)]
    setting.venue.listing = VenueListing(orphans)
    setting.venue.cancels = {
        7: CancelAnswer.CONFIRMED,
        8: CancelAnswer.NOT_OPEN,
        9: CancelAnswer.REJECTED,
    }
    assert setting.at(1).orphans_cancelled == []
    report = setting.at(7)
    assert (report.orphans_cancelled, report.failed) == ([7, 8], ["cancel of 9: rejected"])
    assert setting.book.pending_exposure(Side.BUY) == 1
    setting.venue.listing = VenueListing([orphans[2]])
    assert setting.at(8).orphans_cancelled == []  # in no listing that is newer than its answer
    setting.venue.cancels[9] = CancelAnswer.CONFIRMED
    assert setting.at(18).orphans_cancelled == [9]


def test_an_orphan_that_turns_out_to_be_ours_is_not_cancelled(setting: Setting) -> None:
    setting.venue.listing = VenueListing([ListedOrder(7), ListedOrder(8)])
    setting.at(1)
    cloid = setting.book.register_pending(Side.BUY, 100, 1, cloid="late", now=2 * SECOND)

    def answer() -> CancelAnswer:
        setting.book.finalize_order(cloid, 8, 1, Side.BUY, 100)
        return CancelAnswer.CONFIRMED

    setting.venue.cancels = {7: answer}
    report = setting.at(12)
    assert (report.orphans_cancelled, report.failed) == ([7], [])
    assert ("cancel", 8) not in setting.venue.asked
    assert setting.book.get_active_oids() == {8}


def test_fills_are_asked_for_from_where_they_were_seen(setting: Setting) -> None:
    cloid = resting(setting, 1)
    setting.venue.listing = VenueListing([ListedOrder(1, cloid)])
    setting.venue.fills = VenueFills(
        [VenueFill(1, 1, size=ONE, price=ONE, is_buy=True, time=100, cloid=cloid)]
    )
    setting.venue.holds = VenuePosition(ONE, 101)
    for _ in range(2):
        assert setting.at(1).clean
    setting.venue.holds = VenuePosition(Decimal(3), 101)
    report = setting.at(2)
    assert isinstance(report.position, PositionMismatch)
    assert report.position.difference == 2
    setting.at(3)
    asked = [what[1] for what in setting.venue.asked if what[0] == "fills"]
    assert asked == [0, 95, 95, 0]  # after the mismatch from the beginning


# What fails changes nothing


@pytest.mark.parametrize(
    ("listing", "said"),
    [
        (OSError("down"), "open orders: OSError: down"),
        (hang, "open orders: TimeoutError"),
        (VenueListing([ListedOrder(9)], complete=False), "open orders: not all of them came"),
        (VenueListing([ListedOrder(9)], scope="other"), "open orders: the listing is of 'other'"),
        (VenueListing([ListedOrder("9")]), "open orders: TypeError: oid '9' is of type str"),
        (lambda: 1 / 0, "open orders: ZeroDivisionError"),
    ],
    ids=["failed", "hangs", "partial", "another market", "of another kind", "broken client"],
)
def test_a_listing_that_cannot_be_believed(setting: Setting, listing: Any, said: str) -> None:
    cloid = resting(setting, 1)
    setting.venue.listing = listing
    report = setting.at(100)
    assert report.failed[0].startswith(said)
    assert report.reconciled is None
    assert setting.book.get_active_oids() == {1}
    assert setting.book.get_orphans() == ()
    order = setting.book.get_order(cloid)
    assert order is not None
    assert order.exposure == 10


def test_an_empty_listing_closes_nothing_by_itself(setting: Setting) -> None:
    kept = resting(setting, 1)
    done = resting(setting, 2)
    setting.venue.statuses = {
        1: VenueStatus(1, "open", kept),
        2: VenueStatus(2, "cancelled", done, Decimal(0), "canceled"),
    }
    report = setting.at(100)
    assert report.statuses_told == [1, 2]
    assert setting.book.get_active_oids() == {1}


def test_a_modify_of_which_the_venue_has_only_the_old_order_has_not_come_to_be(
    setting: Setting,
) -> None:
    """With nothing listed no listing can tell; the status of the cloid does, once settled."""
    cloid = resting(setting, 1)
    setting.book.request_modify(1, 99, 10, now=SECOND)
    setting.venue.statuses = dict.fromkeys((1, cloid), VenueStatus(1, "cancelled", cloid))
    setting.at(2)
    assert setting.book.get_pending_cloids() == {cloid}
    setting.at(200)  # the old order is long forgotten
    assert setting.book.get_pending_cloids() == frozenset()
    assert setting.book.pending_exposure(Side.BUY) == 0


def test_orphans_go_when_the_venue_has_nothing_open(setting: Setting) -> None:
    setting.venue.listing = VenueListing([ListedOrder(7, side=Side.BUY, remaining=ONE)])
    setting.at(1)
    assert setting.book.pending_exposure(Side.BUY) == 1
    setting.venue.listing = VenueListing(())
    setting.at(2)
    assert setting.book.pending_exposure(Side.BUY) == 0
    setting.at(43)  # once no listing can be older than that, it is forgotten
    assert setting.book.get_orphans() == ()


def test_every_question_may_fail(setting: Setting) -> None:
    resting(setting, 1)
    pending = setting.book.register_pending(Side.BUY, 100, 1, now=0)
    error = OSError("no")
    setting.venue.listing = VenueListing([ListedOrder(1), ListedOrder(7, "theirs")])
    setting.venue.statuses = {pending: error}
    setting.venue.cancels = {7: error}
    setting.venue.holds = setting.venue.fills = error
    setting.at(1)
    report = setting.at(10)
    assert [line.split(":")[0] for line in report.failed] == [
        "cancel of 7",
        f"status of {pending}",
        "position",
        "fills",
    ]
    assert report.position is None
    assert setting.book.get_active_oids() == {1}
    assert setting.book.get_pending_cloids() == {pending}
    (orphan,) = setting.book.get_orphans()
    assert orphan.cancel_at == 10 * SECOND  # it may have been sent: not again before it is settled


def test_what_the_venue_says_may_be_nonsense(setting: Setting) -> None:
    cloid = resting(setting, 1)
    pending = setting.book.register_pending(Side.BUY, 100, 1, now=0)
    setting.venue.listing = VenueListing([ListedOrder(1, cloid)])
    setting.venue.statuses = {pending: VenueStatus(2, "broken", pending)}
    wrong = VenueFill(1, 1, size=Decimal("NaN"), price=ONE, is_buy=True, time=7)
    setting.venue.fills = VenueFills(
        [wrong, VenueFill(1, 2, size=ONE, price=ONE, is_buy=True, time=8, cloid=cloid)]
    )
    setting.venue.holds = VenuePosition(ONE, -1)
    report = setting.at(1)
    assert [line.split(":")[0] for line in report.failed] == [
        f"status of {pending}",
        "fill 1 of 1",
        "position",
    ]
    assert setting.book.position == 1


def test_fills_that_may_not_be_all_are_told_and_asked_for_again(setting: Setting) -> None:
    setting.venue.fills = VenueFills(
        [VenueFill(1, 1, size=ONE, price=ONE, is_buy=True, time=500)], complete=False
    )
    setting.venue.holds = VenuePosition(Decimal(5), 600)
    report = setting.at(1)
    assert (report.fills_repaired, report.position) == (1, None)
    setting.at(2)
    assert [what for what in setting.venue.asked if what[0] == "fills"] == [("fills", 0)] * 2


def test_a_question_is_asked_again_after_a_while(setting: Setting) -> None:
    cloid = resting(setting, 1)
    setting.venue.listing = [OSError("once"), VenueListing([ListedOrder(1, cloid)])]
    assert setting.at(1).clean
    setting.sync.config = attrs.evolve(QUICK, attempts=4, back_off=3)
    setting.slept.clear()
    setting.venue.listing = OSError("always")
    assert not setting.at(2).clean
    assert setting.slept == [3, 6, 12]


def test_every_order_gets_its_turn(setting: Setting) -> None:
    for n in range(5):
        setting.book.register_pending(Side.BUY, 100, 1, cloid=f"c{n}", now=0)
    setting.sync.config = attrs.evolve(QUICK, max_statuses=2)
    told = [id for second in (1, 2, 3) for id in setting.at(second).statuses_told]
    assert sorted(set(told)) == ["c0", "c1", "c2", "c3", "c4"]
    assert len(told) == 6


# Two at a time, and one cut short


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


# What the client does that it should not


def _raise(error: BaseException) -> Any:
    raise error


NONSENSE = {
    "None": None,
    "a number": 5,
    "a text": "open",
    "a list": [[]],
    "an object": object(),
    "of another question": VenueFills(()),
    "given up": lambda: _raise(asyncio.CancelledError()),
    "an assertion": lambda: _raise(AssertionError()),
    "a name": lambda: _raise(NameError("x")),
}


@pytest.mark.parametrize("answer", NONSENSE.values(), ids=NONSENSE)
@pytest.mark.parametrize("question", ["listing", "statuses", "cancels", "holds", "fills"])
def test_any_answer_at_all_is_survived_and_changes_nothing(
    setting: Setting, question: str, answer: Any
) -> None:
    cloid = resting(setting, 1)
    pending = setting.book.register_pending(Side.SELL, 101, 5, now=0)
    listed = [ListedOrder(1, cloid), ListedOrder(7, "theirs")]
    setting.venue.listing = VenueListing(listed)
    setting.at(1)
    setting.venue.statuses = {pending: None}
    setting.venue.cancels = {7: OSError("down")}
    if question in ("statuses", "cancels"):
        setattr(setting.venue, question, {7: answer, pending: answer})
    elif question != "fills" or not isinstance(answer, VenueFills):
        setattr(setting.venue, question, answer)
    report = setting.at(12)
    fine = (question, answer) in (("statuses", None), ("fills", NONSENSE["of another question"]))
    others = ["cancel of 7: OSError: down"] if question not in ("listing", "cancels") else []
    assert len(report.failed) == len(others) + (not fine), report.failed
    assert report.clean is False
    assert setting.book.get_active_oids() == {1}
    assert setting.book.get_pending_cloids() == {pending}
    assert [orphan.oid for orphan in setting.book.get_orphans()] == [7]
    assert setting.book.position == 0


def test_a_client_that_is_not_even_asynchronous(setting: Setting) -> None:
    class Plain:
        def __getattr__(self, name: str) -> Any:
            return lambda *_: VenueListing(()) if name == "open_orders" else 1 / 0

    setting.sync.client = Plain()
    report = setting.at(1)
    assert [line.split(":")[0] for line in report.failed] == ["open orders", "position", "fills"]


def test_a_client_that_cannot_be_cut_short_is_not_waited_for(setting: Setting) -> None:
    heard: list[object] = []

    async def passes() -> Any:
        done = asyncio.Event()
        asyncio.get_running_loop().set_exception_handler(lambda _, told: heard.append(told))

        async def stubborn() -> Any:
            try:
                await done.wait()
            except asyncio.CancelledError:
                heard.append("cut")
            await done.wait()
            raise OSError("too late for anybody")

        setting.venue.listing = stubborn
        report = await setting.sync.run_once()
        done.set()
        for _ in range(3):
            await asyncio.sleep(0)
        return report

    assert asyncio.run(passes()).failed == ["open orders: TimeoutError"]
    gc.collect()
    assert heard == ["cut"] * QUICK.attempts


def test_the_status_of_another_order_is_not_taken_for_the_one_asked_for(setting: Setting) -> None:
    cloid = resting(setting, 1)
    resting(setting, 2)
    pending = setting.book.register_pending(Side.BUY, 100, 1, now=0)
    setting.venue.statuses = {
        1: VenueStatus(2, "cancelled", cloid),
        2: VenueStatus(2, "open"),
        pending: VenueStatus(3, "open", "another"),
    }
    report = setting.at(1)
    assert [line.split(":")[0] for line in report.failed] == [f"status of {pending}", "status of 1"]
    assert setting.book.get_active_oids() == {1, 2}
    assert setting.book.get_pending_cloids() == {pending}


def test_a_fill_that_is_refused_is_asked_for_again(setting: Setting) -> None:
    wrong = VenueFill(1, 1, size=Decimal("NaN"), price=ONE, is_buy=True, time=100)
    setting.venue.fills = VenueFills(
        [wrong, VenueFill(1, 2, size=ONE, price=ONE, is_buy=True, time=200)]
    )
    for second in (1, 2):
        assert setting.at(second).failed[0].startswith("fill 1 of 1: ValueError: size must be")
    assert [what for what in setting.venue.asked if what[0] == "fills"] == [("fills", 0)] * 2


def test_a_journal_that_cannot_be_written_fails_the_pass_and_nothing_else(
    setting: Setting, tmp_path: Path
) -> None:
    with JournaledBook(tmp_path / "book.journal") as book:
        cloid = book.register_pending(Side.BUY, 100, 1, now=0)
        setting.sync.book = book
        setting.venue.listing = VenueListing([ListedOrder(1, cloid)])
        assert book._journal is not None
        book._journal.connection.execute("PRAGMA query_only = 1")
        report = setting.at(1)
        assert report.failed
        assert all("NotWrittenError" in line for line in report.failed)
        assert book.calls_written == 1
        book._journal.connection.execute("PRAGMA query_only = 0")
        assert setting.at(2).clean
        assert book.get_active_oids() == {1}


def test_a_clock_behind_the_book_s_time_stops_nothing(setting: Setting) -> None:
    setting.book.tick(5 * SECOND)
    assert setting.at(1).clean
    setting.sync.clock = lambda: 1 / 0  # type: ignore[assignment, return-value]
    assert all("ZeroDivisionError" in line for line in setting.at(1).failed)


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
