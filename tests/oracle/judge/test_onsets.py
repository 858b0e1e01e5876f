"""Where something begins to be wrong: what lasts, what follows from what was wrong, what grows."""

from decimal import Decimal

import pytest

from truebook.oracle.judge import Deviation
from truebook.oracle.judge.onset import onsets_of

Wrong = Deviation
Step = tuple[Wrong, ...]


def position(amount: int) -> Wrong:
    way = "too much" if amount > 0 else "too little"
    return Wrong("position", way, "", "0", str(amount), "", Decimal(amount))


def filled(of: str, promise: str = "") -> Wrong:
    return Wrong("orders.filled", "too little", of, "4", "3", promise, Decimal(-1))


def dropped(of: str) -> Wrong:
    return Wrong("open", "missing", of, "open", "nothing", "no-live-order-dropped")


EXPOSURE = Wrong("exposure", "too much", "buy", "6", "9", "", Decimal(3))
RIGHT: Step = ()


def test_a_run_without_anything_wrong_has_no_onset() -> None:
    assert onsets_of([RIGHT, RIGHT]) == onsets_of([]) == ()


@pytest.mark.parametrize(
    ("steps", "begins", "lasts"),
    [
        ([RIGHT, (position(1),), (position(1),)], [2], [True]),
        ([(position(1),), RIGHT], [1], [False]),
        ([(position(1),), RIGHT, (position(1),)], [1, 3], [True, True]),
        ([(position(1),), (position(2),), (position(2),)], [1, 2], [True, True]),
        ([(position(2),), (position(1),)], [1], [True]),
        ([(position(2),), (position(1),), (position(2),)], [1, 3], [True, True]),
        ([(position(-1),), (position(-2),)], [1, 2], [True, True]),
        ([(position(1),), (position(-1),)], [1, 2], [True, True]),
        ([(dropped("101"),), (dropped("101"),), RIGHT], [1], [False]),
        ([(dropped("101"),), (dropped("101"), dropped("102"))], [1, 2], [True, True]),
        ([(position(1), EXPOSURE), (EXPOSURE,)], [1], [True]),
    ],
)
def test_what_begins_and_what_lasts(
    steps: list[Step], begins: list[int], lasts: list[bool]
) -> None:
    onsets = onsets_of(steps)
    assert [onset.step for onset in onsets] == begins
    assert [onset.lasts for onset in onsets] == lasts


def test_an_onset_has_what_is_new_alone() -> None:
    first, second = onsets_of([(position(1), EXPOSURE), (position(2), EXPOSURE, dropped("101"))])
    assert first.deviations == (position(1), EXPOSURE)
    assert second.deviations == (position(2), dropped("101"))
    assert (first.broken, second.broken) == ((), (dropped("101"),))


@pytest.mark.parametrize(
    ("first", "then", "follows"),
    [
        ((dropped("101"),), (filled("101"),), True),
        ((dropped("101"),), (filled("102"),), False),
        ((dropped("101"),), (position(1),), True),
        ((dropped("101"),), (EXPOSURE, position(1)), True),
        ((dropped("101"),), (EXPOSURE, filled("102")), False),
        ((position(1),), (position(2),), True),
        ((position(1),), (dropped("101"),), False),
    ],
)
def test_what_is_of_the_same_order_or_a_sum_may_follow(
    first: Step, then: Step, follows: bool
) -> None:
    for between in ((), (RIGHT,)):
        begun, later = onsets_of([first, *between, then])
        assert not begun.follows
        assert later.follows == follows


def test_another_promise_of_the_same_part_begins_anew() -> None:
    steps = [(filled("101"),), (filled("101", "filled-is-its-fills"),)]
    assert [onset.step for onset in onsets_of(steps)] == [1, 2]
