"""Laws of the judge: whatever of a right state is damaged, it is seen; and said, if it is a lie."""

from collections.abc import Callable, Mapping
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from truebook.oracle.cases import FEATURES, Case
from truebook.oracle.cases.truth import Truth, truth_of
from truebook.oracle.driver import Client, Direct
from truebook.oracle.judge import Deviation, Kind, Result, run_case
from truebook.oracle.reference.subject import ReferenceBook
from truebook.oracle.serve import Session
from truebook.oracle.vectors import all_vectors

CASES = [case for case in all_vectors() if all(step.repeat == 1 for step in case.steps)]
TOLD = [case for case in CASES if any(step.truth is not None for step in case.steps)]
FAR = 10**9
Shown = dict[str, Any]


def damaged(case: Case, number: int, damage: Callable[[Shown], Mapping[str, Any]]) -> Result:
    """Hold the reference to a case, with what it shows after one step, numbered from 1, damaged."""

    class Damaged(ReferenceBook):
        shown = -1  # the first state is that of a fresh book

        def state(self) -> Mapping[str, Any]:
            self.shown += 1
            right = dict(super().state())
            return {**right, **damage(right)} if self.shown == number else right

    return run_case(Client(lambda: Direct(Session(Damaged, features=FEATURES))), case)


def begun(result: Result, number: int) -> list[Deviation]:
    return [one for onset in result.onsets if onset.step == number for one in onset.deviations]


def truth_at(case: Case, number: int) -> Truth:
    truth = case.steps[number - 1].truth
    assert truth is not None
    return truth_of(truth)


@st.composite
def places(draw: st.DrawFn, *, told: bool = True) -> tuple[Case, int]:
    """Return a case and one of its steps, numbered from 1; `told`, one that tells the truth."""
    case = draw(st.sampled_from(TOLD if told else CASES))
    numbers = [n for n, step in enumerate(case.steps, 1) if step.truth is not None or not told]
    return case, draw(st.sampled_from(numbers))


quickly = settings(max_examples=60, deadline=None)


@quickly
@given(places(told=False), st.data())
def test_no_damage_of_what_is_expected_passes(place: tuple[Case, int], data: st.DataObject) -> None:
    case, number = place
    expect = case.steps[number - 1].expect
    parts = sorted(
        {"position", "exposure", "unsettled", "open", "pending", "orphans"} & set(expect)
    )
    assume(parts)
    part = data.draw(st.sampled_from(parts))
    by = data.draw(st.sampled_from(["1", "-1", "0.00000001", str(FAR)]))

    def damage(right: Shown) -> Shown:
        value = right[part]
        if isinstance(value, list):
            kept = value[1:] if value and by == "-1" else [*value, "something else"]
            return {part: kept}
        if isinstance(value, Mapping):
            side = sorted(expect[part])[0]
            return {part: {**value, side: Decimal(value[side]) + Decimal(by)}}
        return {part: Decimal(value) + Decimal(by)}

    result = damaged(case, number, damage)
    assert result.kind in (Kind.FAIL, Kind.DIFFERS)
    assert any(one.part == part for one in begun(result, number))
    assert damaged(case, number, lambda right: {}).kind is Kind.PASS


@quickly
@given(places(), st.sampled_from([1, -1]), st.integers(1, FAR))
def test_a_position_that_nothing_can_have_made_is_a_broken_promise(
    place: tuple[Case, int], sign: int, more: int
) -> None:
    case, number = place
    truth = truth_at(case, number)
    true = truth.position
    assert true is not None
    side = "buy" if sign > 0 else "sell"
    unheard = abs(true) + sum(truth.traded.values())  # no more can come
    result = damaged(case, number, lambda right: {"position": str(true + sign * (unheard + more))})
    assert result.kind is Kind.FAIL
    (one,) = (one for one in begun(result, number) if one.part == "position")
    assert one.promise in ("no-fill-twice", "position-is-unique-fills")
    event, orders = case.steps[number - 1].event, truth.orders.values()
    told = sum(o.fills or 0 for o in orders if o.ours and o.side == side)
    if told and event["type"] not in ("fill", "reversal", "correction"):
        assert one.promise == "no-fill-twice"
    elif orders and not sum(truth.traded.values()):  # no fill can have been counted twice
        assert one.promise == "position-is-unique-fills"
    assert one.amount == sign * (unheard + more)


@quickly
@given(places(), st.sampled_from(["buy", "sell"]))
def test_an_exposure_below_what_can_trade_is_a_broken_promise(
    place: tuple[Case, int], side: str
) -> None:
    case, number = place
    truth = truth_at(case, number)
    assume(truth.orders and not truth.misled)
    result = damaged(
        case, number, lambda right: {"exposure": {**right["exposure"], side: str(-FAR)}}
    )
    assert result.kind is Kind.FAIL
    promises = {(one.promise, one.about) for one in begun(result, number)}
    assert ("exposure-bounds-truth", side) in promises


@quickly
@given(places(), st.data())
def test_what_asks_to_cancel_a_live_order_of_ours_breaks_a_promise(
    place: tuple[Case, int], data: st.DataObject
) -> None:
    case, number = place
    events = [step.event for step in case.steps[:number]]
    wanted = {event["id"] for event in events if event["type"] == "cancel"}
    live = [
        order.id
        for order in truth_at(case, number).orders.values()
        if order.ours and order.stands == "open" and not {order.id, order.cloid} & wanted
    ]
    assume(live)
    id_ = data.draw(st.sampled_from(live))

    class Asking(ReferenceBook):
        told = 0

        def step(self, event: Mapping[str, Any], at: int) -> Mapping[str, Any]:
            self.told += 1
            found = super().step(event, at)
            more = [id_] if self.told == number else []
            return {**found, "cancels": [*found["cancels"], *more]}

    session = Session(Asking, features=FEATURES)
    result = run_case(Client(lambda: Direct(session)), case)
    assert result.kind is Kind.FAIL
    assert ("no-false-orphan", id_) in {(o.promise, o.about) for o in begun(result, number)}


@quickly
@given(places(), st.data())
def test_a_live_order_that_is_nowhere_is_a_broken_promise(
    place: tuple[Case, int], data: st.DataObject
) -> None:
    case, number = place
    truth = truth_at(case, number)
    live = [o for o in truth.orders.values() if o.ours and o.stands == "open" and not o.replaces]
    assume(live and not truth.misled)
    order = data.draw(st.sampled_from(live))
    names = {
        order.id,
        order.cloid,
        *(o.id for o in truth.orders.values() if o.cloid == order.cloid),
    }

    def damage(right: Shown) -> Shown:
        lists = {part: [x for x in right[part] if x not in names] for part in ("open", "pending")}
        orphans = [x for x in right["orphans"] if x not in names]
        orders = {id_: o for id_, o in right["orders"].items() if id_ not in names}
        return {**lists, "orphans": orphans, "orders": orders}

    result = damaged(case, number, damage)
    assert result.kind is Kind.FAIL
    promise = "tracked-or-in-grace" if order.told == "nothing" else "no-live-order-dropped"
    assert (promise, order.id) in {(o.promise, o.about) for o in begun(result, number)}


@quickly
@given(places(), st.sampled_from([1, -1]))
def test_what_shows_as_filled_beyond_what_has_executed_is_a_broken_promise(
    place: tuple[Case, int], sign: int
) -> None:
    case, number = place
    truth = truth_at(case, number)
    assume(not truth.misled)

    def damage(right: Shown) -> Shown:
        orders = {id_: {**o} for id_, o in right["orders"].items()}
        for order in truth.orders.values():
            shown = orders.get(order.id)
            if order.ours and order.fills is not None and shown and shown["oid"] == order.id:
                wrong = order.executed + 1 if sign > 0 else order.fills - 1
                shown["filled"] = str(wrong)
                changed.append(order.id)
        return {"orders": orders}

    changed: list[str] = []
    result = damaged(case, number, damage)
    assume(changed)
    promises = {(one.promise, one.about) for one in begun(result, number)}
    assert {("filled-is-its-fills", id_) for id_ in changed} <= promises


def test_there_are_enough_cases_to_damage() -> None:
    assert len(TOLD) >= 284


@pytest.mark.parametrize("number", [1, 3])
def test_what_is_damaged_for_one_step_is_gone_by_the_end(number: int) -> None:
    case = next(case for case in TOLD if case.slug == "plan-no-fill-twice")
    result = damaged(case, number, lambda right: {"position": str(FAR)})
    assert [(onset.step, onset.lasts) for onset in result.onsets] == [(number, False)]
