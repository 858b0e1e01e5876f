"""The shadow tells both the same, answers as the tracker does, and keeps the first difference."""

import copy
import json
import subprocess
import sys
from collections.abc import Iterator, Mapping
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from truebook import cli
from truebook.impl import BookConfig, ListedOrder, Listing, ListingRequest, Side, UnifiedOrderBook
from truebook.impl.journal.calls import Call, retell
from truebook.impl.journal.journaled_book import calls_of
from truebook.impl.shadow.shadow_book import Difference, Divergence, ShadowBook, shrink
from truebook.oracle.cases.case import Case, all_cases, parse
from truebook.oracle.reference.driving import Driver

EXAMPLES = Path(__file__).resolve().parents[3] / "examples"


class Crooked(UnifiedOrderBook):
    """A book that forgets one fill in three."""

    __slots__ = ()
    told = 0

    def process_fill(self, *args: Any, **kwargs: Any) -> Any:
        Crooked.told += 1
        return None if Crooked.told % 3 == 0 else super().process_fill(*args, **kwargs)


class Broken(UnifiedOrderBook):
    """A book of which everything that shows it raises."""

    __slots__ = ()

    @property
    def position(self) -> Decimal:
        raise ZeroDivisionError


def differences(expect: Mapping[str, Any], shown: Mapping[str, Any]) -> list[str]:
    """Return what is not as a case of the shadow expects it."""
    assert set(expect) <= {"position", "open", "exposure"}
    plain = {**shown, "open": sorted(shown["open"])}
    return [f"{name}: {plain[name]}" for name, value in expect.items() if plain[name] != value]


def broken_by(case: Case) -> list[str]:
    """Run a case on the reference; return what is not as expected."""
    driver = Driver.of(case)
    found = []
    for number, step in enumerate(case.steps, 1):
        shown = driver.take(step)
        found += [f"step {number}: {line}" for line in differences(step.expect, shown)]
    return found


def run(shadow: ShadowBook, orders: int) -> None:
    for n in range(1, orders + 1):
        cloid = shadow.register_pending(Side.BUY, 100, 10, now=n)
        shadow.finalize_order(cloid, n, 10, Side.BUY, 100, now=n)
        shadow.process_fill(n, n, 4, 100, True, cloid=cloid, time=n, now=n)
        shadow.compare(n)


def test_two_books_never_differ() -> None:
    shadow = ShadowBook(UnifiedOrderBook())
    run(shadow, 30)
    assert (shadow.cycles, shadow.differing, shadow.divergence) == (30, 0, None)
    assert shadow.position == shadow.reference.position == 120
    assert shadow.get_orders() == shadow.reference.get_orders()


def test_the_first_difference_is_kept_with_what_led_to_it() -> None:
    Crooked.told = 0
    reported: list[Divergence] = []
    shadow = ShadowBook(Crooked(), report=reported.append)
    run(shadow, 7)
    assert shadow.differing == 5
    (divergence,) = reported
    assert divergence is shadow.divergence
    assert [found.what for found in divergence.differences] == ["position", "exposure to buy"]
    assert (divergence.at, len(divergence.calls), divergence.complete) == (3, 9, True)
    assert "at 3, after 9 calls: position: the tracker shows 8, the reference 12" in str(divergence)


def test_what_was_kept_of_a_long_run_says_that_it_is_not_all() -> None:
    Crooked.told = -300
    shadow = ShadowBook(Crooked(), history=5)
    Crooked.told = 1
    run(shadow, 5)
    assert shadow.divergence is not None
    assert len(shadow.divergence.calls) == 5
    assert not shadow.divergence.complete


def test_nothing_of_the_shadow_reaches_the_trading_path() -> None:
    def fail(divergence: Divergence) -> None:
        raise OSError

    shadow = ShadowBook(Broken(), report=fail)
    run(shadow, 1)
    assert (shadow.failures, shadow.last_failure) == (1, "ZeroDivisionError: ")
    Crooked.told = 2
    shadow = ShadowBook(Crooked(), report=fail)
    run(shadow, 1)
    assert (shadow.failures, shadow.last_failure) == (1, "OSError: ")
    shadow.reference.tick(10**9)
    assert shadow.register_pending(Side.BUY, 1, 1, cloid="late", now=5) == "late"
    assert shadow.refused == 1  # by the reference, whose time is later
    with pytest.raises(ValueError, match="known already"):  # by the tracker itself
        shadow.register_pending(Side.BUY, 1, 1, cloid="late", now=5)
    with pytest.raises(TypeError):
        shadow.tick(1, 2, 3)
    with pytest.raises(AttributeError, match="fly"):
        shadow.fly()


class Recorder:
    """A tracker of another kind: it keeps what it is given, and does as it is told."""

    position = Decimal(0)

    def __init__(self) -> None:
        self.given: list[Any] = []
        self.does: Any = lambda: None

    def __len__(self) -> int:
        return len(self.given)

    def get_active_oids(self) -> tuple[()]:
        return ()

    def pending_exposure(self, side: Side) -> Decimal:
        return Decimal(0)

    def tick(self, now: object) -> object:
        return self.does()

    def reconcile(self, snapshot: Any, request: Any = None, **more: Any) -> object:
        self.given.append(snapshot)
        if isinstance(snapshot, Iterator):
            self.given[-1] = [next(snapshot), *snapshot]
        return more


def test_a_tracker_is_given_what_was_given() -> None:
    shadow = ShadowBook(Recorder())
    listed = [5, 6]
    assert shadow.reconcile(listed, now=1) == {"now": 1}
    assert shadow.tracker.given[0] is listed  # type: ignore[attr-defined]
    shadow.reconcile(iter([{"oid": 5}, {"oid": 6}]), now=2)  # rows that the reference cannot read
    assert shadow.tracker.given[1] == [{"oid": 5}, {"oid": 6}]  # type: ignore[attr-defined]
    shadow.reconcile(snapshot=iter([5, 6]), now=3)
    assert shadow.tracker.given[2] == [5, 6]  # type: ignore[attr-defined]
    assert (shadow.refused, shadow.reference.now, len(shadow)) == (1, 3, 3)
    assert shadow

    def breaks() -> Iterator[int]:
        yield 5
        raise ConnectionError

    with pytest.raises(ConnectionError):  # as the tracker alone would have
        shadow.reconcile(breaks(), now=4)
    assert (shadow.refused, shadow.reference.now) == (2, 4)
    assert [orphan.oid for orphan in shadow.reference.get_orphans()] == [5, 6]
    assert not ShadowBook(Recorder())


@pytest.mark.parametrize("error", [KeyboardInterrupt, SystemExit, GeneratorExit, MemoryError])
def test_what_the_tracker_raises_is_raised_and_the_reference_told(
    error: type[BaseException],
) -> None:
    shadow = ShadowBook(Recorder())

    def fail() -> None:
        raise error

    shadow.tracker.does = fail  # type: ignore[attr-defined]
    with pytest.raises(error):
        shadow.tick(5)
    assert shadow.reference.now == 5


class UnspeakableError(Exception):
    def __str__(self) -> str:
        raise RecursionError


@pytest.mark.parametrize("position", [Decimal("sNaN"), UnspeakableError(), None, [], object()])
def test_whatever_a_tracker_shows_is_compared_or_counted(position: Any) -> None:
    class Odd(Recorder):
        @property
        def position(self) -> Any:  # type: ignore[override]
            if isinstance(position, Exception):
                raise position
            return position

    shadow = ShadowBook(Odd())
    found = shadow.compare(1)
    assert len(found) + shadow.failures == 1
    assert all(str(one).startswith("position: ") for one in found)
    assert shadow.compare("soon") == ()  # type: ignore[arg-type]


def test_a_report_that_fails_hides_nothing() -> None:
    Crooked.told = 2
    shadow = ShadowBook(Crooked(), report=lambda divergence: 1 / 0)
    shadow.process_fill(1, 1, 4, 100, True, time=1, now=1)
    assert [found.what for found in shadow.compare(1)] == ["position"]
    assert shadow.last_failure == "ZeroDivisionError: division by zero"


def test_a_copy_tells_its_own_books() -> None:
    shadow = ShadowBook(UnifiedOrderBook())
    again = copy.deepcopy(shadow)
    again.process_fill(1, 1, 4, 100, True, time=1, now=1)
    assert again.position == again.reference.position == 4
    assert shadow.position == shadow.reference.position == 0


def test_a_listing_that_can_be_read_once_reaches_both() -> None:
    def listed() -> Iterator[ListedOrder]:
        yield ListedOrder(1)
        yield ListedOrder(2)

    shadow = ShadowBook(UnifiedOrderBook())
    shadow.reconcile(listed(), request=ListingRequest(0), now=1)
    assert len(shadow.get_orphans()) == len(shadow.reference.get_orphans()) == 2


def every_kind_of_call() -> list[Call]:
    listing = Listing(
        (ListedOrder(1, "a", Side.BUY, price=Decimal(9), remaining=Decimal(4)),), ListingRequest(30)
    )
    calls: list[tuple[str, dict[str, Any]]] = [
        ("register_pending", {"side": "buy", "price": 9, "size": 5, "cloid": "a", "now": 1}),
        ("finalize_order", {"cloid": "a", "oid": 1, "resting_size": 5, "side": "buy", "price": 9}),
        ("process_fill", {"oid": 1, "tid": 1, "size": 1, "price": 9, "is_buy": True, "time": 2}),
        ("register_pending", {"side": "sell", "price": 9, "size": 5, "cloid": "b"}),
        (
            "handle_immediate_fill",
            {"cloid": "b", "oid": 2, "filled_size": 5, "fill_price": 9, "is_buy": False},
        ),
        ("register_pending", {"side": "sell", "price": 9, "size": 5, "cloid": "c"}),
        ("order_unknown", {"cloid": "c"}),
        ("order_rejected", {"cloid": "c", "reason": "no", "oid": 3, "now": 9}),
        (
            "finalize_order",
            {"cloid": "c", "oid": None, "resting_size": 0, "side": "sell", "price": 0},
        ),
        ("request_cancel", {"id": 1}),
        ("cancel_rejected", {"id": 1}),
        ("request_cancel", {"id": "a"}),
        ("cancel_timed_out", {"id": 1, "now": 20}),
        ("listing_failed", {}),
        ("reconcile", {"snapshot": listing, "now": 35}),
        ("reconcile", {"snapshot": None}),
        ("status_unknown", {"id": 1, "request": ListingRequest(33)}),
        ("order_status", {"oid": 1, "status": "open", "filled": 1}),
        ("cancel_rejected", {"id": 1}),
        ("request_modify", {"id": 1, "new_price": 8, "new_size": 6}),
        ("modify_unknown", {"cloid": "a"}),
        ("modify_confirmed", {"cloid": "a", "new_oid": 4}),
        ("request_modify", {"id": 4, "new_price": 7, "new_size": 6}),
        ("modify_failed", {"cloid": "a", "reason": "no", "now": 50}),
        ("position_reported", {"position": 0, "as_of": 3}),
        ("stuck_cancels", {}),
        ("drain_events", {}),
        ("cancel_not_open", {"id": 4}),
        ("cancel_confirmed", {"id": 99, "now": 60}),
        ("listing_requested", {}),
        ("rebase", {"position": 7, "as_of": 100}),
        ("tick", {"now": 70}),
    ]
    return [Call(method, arguments) for method, arguments in calls]


def test_every_kind_of_call_is_retold_as_a_case_that_holds() -> None:
    shadow = ShadowBook(UnifiedOrderBook())
    for call in every_kind_of_call():
        getattr(shadow, call.method)(**call.arguments)
    shadow.tracker.tick(10**6)  # type: ignore[attr-defined]
    shadow.tracker.process_fill(9, 9, 1, 1, True, time=10**6)  # type: ignore[attr-defined]
    shadow.compare(10**6)
    assert shadow.divergence is not None
    told = json.loads(json.dumps(shadow.divergence.as_case("a-slug")))
    case = parse(told, "a-slug")
    assert broken_by(case) == []
    assert len(case.steps) == 1 + len(every_kind_of_call()) - 1 + 2  # without draining; requests
    again = Driver.of(case)
    for step in case.steps:
        again.take(step)
    shown = shadow.reference
    assert again.book.position == shown.position == 7
    assert {str(o.oid): o.state for o in shown.get_orders()} == {
        str(o.oid): o.state for o in again.book.get_orders()
    }


def test_a_case_expects_what_the_reference_shows() -> None:
    """What the calls lead to is expected in the last step, so a book without a fill fails it."""
    Crooked.told = 2
    shadow = ShadowBook(Crooked())
    run(shadow, 1)
    assert shadow.divergence is not None
    case = parse(shadow.divergence.as_case(), "shadow-divergence")
    assert broken_by(case) == []
    assert case.steps[-1].expect["position"] == "4"
    without = Driver.of(case)
    for step in case.steps:
        if step.event["type"] != "fill":
            shown = without.take(step)
    assert differences(case.steps[-1].expect, shown) != []


def test_what_the_reference_refused_is_in_no_case() -> None:
    Crooked.told = 2
    shadow = ShadowBook(Crooked())
    for wrong in ("x", object(), 0.5):  # which another tracker may have taken
        with pytest.raises(TypeError):
            shadow.register_pending(Side.BUY, 1, wrong, cloid="b", now=1)
    run(shadow, 1)
    assert shadow.divergence is not None
    told = shadow.divergence.as_case("x")
    assert [step["event"]["type"] for step in told["steps"]] == [
        "register",
        "answer",
        "fill",
        "tick",
    ]
    assert broken_by(parse(told, "x")) == []


def test_a_case_requires_no_more_than_it_tells() -> None:
    def required(*calls: Call) -> list[str]:
        config = BookConfig()
        found = (Difference("open", (), ()),)
        told = Divergence(99, found, calls, config, True, ("open",)).as_case()
        assert told["steps"][-1]["expect"].keys() == {"open"}
        requires: list[str] = told["requires"]
        return requires

    placed = Call(
        "register_pending", {"side": "buy", "price": 1, "size": 1, "cloid": "a", "now": 1}
    )
    cancel, modify = Call("request_cancel", {"id": 1}), Call("modify_unknown", {"cloid": "a"})
    ours = Call("reconcile", {"snapshot": Listing((ListedOrder(1, "a"),)), "now": 2})
    theirs = Call("reconcile", {"snapshot": Listing((ListedOrder(2),)), "now": 3})
    assert required(placed) == ["core"]
    assert required(placed, ours, cancel, modify) == ["core", "cancel", "listing", "modify"]
    assert required(placed, theirs) == ["core", "listing", "orphans"]
    assert required(Call("position_reported", {"position": 1})) == ["core", "position"]


def test_shrinking_keeps_what_is_needed_and_nothing_else() -> None:
    class NoFills(UnifiedOrderBook):
        __slots__ = ()

        def process_fill(self, oid: Any, *args: Any, **kwargs: Any) -> Any:
            return None if oid == 40 else super().process_fill(oid, *args, **kwargs)

    shadow = ShadowBook(NoFills())
    run(shadow, 60)
    assert shadow.divergence is not None
    small = shrink(shadow.divergence, NoFills)
    assert [call.method for call in small.calls] == ["register_pending", "process_fill"]
    assert small.calls[1].arguments["oid"] == 40
    assert broken_by(parse(small.as_case(), "shadow-divergence")) == []
    assert shrink(shadow.divergence, UnifiedOrderBook) is shadow.divergence


def test_what_is_not_compared_need_not_be_shown() -> None:
    class Bare:
        position = Decimal(7)

    shadow = ShadowBook(Bare(), what=("position",))  # type: ignore[arg-type]
    shadow.process_fill(1, 1, 4, 100, True, time=1, now=1)
    shadow.compare(2)
    assert shadow.divergence is not None
    small = shrink(shadow.divergence, Bare)  # type: ignore[arg-type]
    assert (small.calls, small.complete) == ((), True)
    assert shadow.failures == 0


def test_the_example_shows_the_race_of_the_plan(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = tmp_path / "the-race.json"
    command = [sys.executable, str(EXAMPLES / "shadow.py"), str(path)]
    said = subprocess.run(command, check=True, capture_output=True, text=True).stdout
    assert "open: the tracker shows frozenset(), the reference frozenset({999})" in said
    assert "of its 303 calls 2 are enough" in said
    case = parse(json.loads(path.read_text()), "the-race")
    assert broken_by(case) == []
    assert [step.event["type"] for step in case.steps] == ["register", "fill", "tick"]
    assert case.rule == "fill-binds"

    def replayed(adapter: str) -> tuple[int, str]:
        book = (sys.executable, str(EXAMPLES / "adapters" / adapter))
        code = cli.run(("conform", "--replay", str(path), "--", *book))
        return code, capsys.readouterr().out

    code, said = replayed("reference.py")
    assert (code, "vectors  1 pass" in said) == (0, True)
    code, said = replayed("legacy.py")
    assert (code, "vectors  1 fail" in said) == (1, True)
    assert ["open", '["999"]', "[]"] in [line.split() for line in said.splitlines()]


def test_a_journal_can_be_held_against_a_tracker(tmp_path: Path) -> None:
    """What was journaled is told to a shadow afterwards."""
    from truebook.impl.journal.journaled_book import JournaledBook

    with JournaledBook(tmp_path / "book.journal") as book:
        for call in every_kind_of_call():
            retell(book, call)
    shadow = ShadowBook(UnifiedOrderBook())
    for _, call in calls_of(tmp_path / "book.journal"):
        getattr(shadow, call.method)(**call.arguments)
    assert shadow.compare(10**6) == ()
    assert shadow.reference.position == book.position


def test_every_case_is_retold_as_itself() -> None:
    """The calls that a case makes are retold as its events (but for what is told by time)."""
    retold = 0
    for case in all_cases():
        if len(case.steps) > 100 or any(step.repeat > 1 for step in case.steps):
            continue
        driver = Driver.of(case)
        shadow = ShadowBook(driver.book, UnifiedOrderBook(driver.book.config))
        driver.book = shadow  # type: ignore[assignment]
        for step in case.steps:
            if step.event["type"] != "restart":
                driver.apply(step.event, step.at)
        assert shadow.compare(shadow.reference.now) == ()
        shadow.tracker.process_fill("x", "x", 1, 1, True, time=10**9)  # type: ignore[attr-defined]
        shadow.compare(shadow.reference.now)
        assert shadow.divergence is not None
        assert broken_by(parse(shadow.divergence.as_case("x"), "x")) == [], case.slug
        retold += 1
    assert retold > 40
