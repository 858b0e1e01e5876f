"""A client may answer anything at all, and never end: the book stays as it is."""

import asyncio
import gc
from decimal import Decimal
from typing import Any

import pytest

from sync_venue import ONE, QUICK, Setting, resting
from truebook.impl import ListedOrder, Side
from truebook.impl.sync.client import VenueFill, VenueFills, VenueListing, VenueStatus


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
