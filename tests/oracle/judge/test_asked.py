"""What a subject asks to be cancelled: whose it may be, when, how often, and that it is asked."""

from collections.abc import Mapping, Sequence
from typing import Any

import attrs
import pytest

from truebook.oracle.cases.truth import Truth, truth_of
from truebook.oracle.judge.asked import Asked
from truebook.oracle.judge.deviation import EXTRA, MISSING

TRUTH = truth_of(
    {
        "orders": {
            "101": {"side": "buy", "stands": "open", "cloid": "c1", "left": "6"},
            "c2": {"side": "buy", "stands": "sent", "cloid": "c2", "left": "6"},
            "103": {"side": "buy", "stands": "over", "cloid": "c3"},
            "900": {"side": "sell", "stands": "open", "left": "5", "of_others": "true"},
        }
    }
)
Ask = tuple[Sequence[str], Sequence[str]]
"""What a subject asks for in a step, and what the reference does."""
Heard = Mapping[str, Any]


def cancel(id_: str) -> Heard:
    return {"type": "cancel", "id": id_}


def answered(outcome: str) -> Heard:
    return {"type": "cancel_answer", "id": "900", "outcome": outcome}


def listing(*oids: str) -> Heard:
    return {"type": "listing", "orders": [{"oid": oid} for oid in oids]}


ONCE: Ask = (["900"], ["900"])
AGAIN: Ask = (["900"], [])
NOTHING: Ask = ([], [])
DUE: Ask = ([], ["900"])


def promises(steps: Sequence[Heard | Ask], *, left: bool = False) -> list[str]:
    """Return which promises what is asked breaks, step by step."""
    asked, found = Asked(left), []
    for step in steps:
        if isinstance(step, Mapping):
            asked.hear(step, 0)
        else:
            for one in asked.broken(list(step[0]), list(step[1]), TRUTH):
                assert (one.part, one.way) == ("effects.cancels", EXTRA)
                assert one.about in step[0]
                found.append(one.promise)
    return found


@pytest.mark.parametrize(
    ("steps", "broken"),
    [
        # ours
        ([(["101"], [])], ["no-false-orphan"]),
        ([(["c1"], [])], ["no-false-orphan"]),
        ([(["c2"], [])], ["no-false-orphan"]),
        ([(["103"], [])], []),
        ([cancel("101"), (["101"], ["101"])], []),
        ([cancel("c1"), (["101"], ["101"])], []),
        ([cancel("101"), (["c1"], ["c1"])], []),
        ([cancel("103"), (["101"], [])], ["no-false-orphan"]),
        ([(["101"], []), cancel("101")], ["no-false-orphan"]),
        # of others
        ([ONCE], []),
        ([AGAIN], ["no-false-orphan"]),
        ([DUE, NOTHING, AGAIN], []),
        ([ONCE, AGAIN], ["orphan-cancelled-once"]),
        ([ONCE, AGAIN, AGAIN], ["orphan-cancelled-once"] * 2),
        ([ONCE, ONCE], []),
        ([DUE, AGAIN, AGAIN], ["orphan-cancelled-once"]),
        ([ONCE, answered("rejected"), AGAIN], []),
        ([ONCE, answered("timed_out"), AGAIN], []),
        ([ONCE, answered("not_open"), AGAIN], []),
        ([ONCE, answered("confirmed"), AGAIN], ["orphan-cancelled-once"]),
        ([ONCE, listing("900"), AGAIN], ["orphan-cancelled-once"]),
        ([ONCE, listing("101"), AGAIN], ["orphan-cancelled-once"]),
        # nobody knows it
        ([(["777"], [])], []),
    ],
)
def test_what_is_asked_breaks_what_it_breaks(
    steps: Sequence[Heard | Ask], broken: list[str]
) -> None:
    assert promises(steps) == broken


OVER = truth_of({"orders": {"900": {"side": "sell", "stands": "over", "of_others": "true"}}})
MISLED = attrs.evolve(TRUTH, misled=True)


@pytest.mark.parametrize(
    ("at_the_listing", "broken"),
    [(OVER, []), (MISLED, []), (None, []), (TRUTH, ["orphan-cancelled-once"])],
)
def test_what_left_a_listing_is_another_unless_it_was_there_all_the_time(
    at_the_listing: Truth | None, broken: list[str]
) -> None:
    asked = Asked(left=False)
    asked.hear(listing("900"), 0)
    assert list(asked.broken(["900"], ["900"], TRUTH)) == []
    asked.hear(listing("101"), 1)
    assert list(asked.broken([], [], at_the_listing)) == []
    asked.hear(listing("900"), 2)
    assert [one.promise for one in asked.broken(["900"], [], TRUTH)] == broken


def test_the_orders_of_others_are_left_alone_where_that_is_asked_for() -> None:
    assert promises([ONCE], left=True) == ["strangers-left-alone"]
    assert promises([(["101"], [])], left=True) == ["no-false-orphan"]
    assert promises([NOTHING], left=True) == []


def test_where_the_truth_is_not_told_nobody_is_blamed() -> None:
    assert list(Asked(left=False).broken(["101", "900"], [], None)) == []


@pytest.mark.parametrize(
    ("steps", "missed"),
    [
        ([DUE, listing("900")], ["900"]),
        ([DUE], []),
        ([DUE, listing("101")], []),
        ([listing("900"), DUE], []),
        ([ONCE, listing("900")], []),
        ([DUE, listing("900"), AGAIN], []),
        ([AGAIN, DUE, listing("900")], []),
        ([NOTHING, listing("900")], []),
        ([cancel("900"), DUE, listing("900")], []),
        ([([], ["900", "901"]), listing("900", "901")], ["900", "901"]),
    ],
)
def test_an_orphan_is_missed_if_it_is_listed_later_and_never_asked_for(
    steps: Sequence[Heard | Ask], missed: list[str]
) -> None:
    asked = Asked(left=False)
    for at, step in enumerate(steps):
        if isinstance(step, Mapping):
            asked.hear(step, at)
        else:
            list(asked.broken(list(step[0]), list(step[1]), TRUTH))
    never = list(asked.never())
    assert [one.about for one in never] == missed
    assert {(one.promise, one.way) for one in never} <= {("convergence", MISSING)}
