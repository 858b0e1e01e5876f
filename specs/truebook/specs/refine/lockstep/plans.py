"""Interpreted plans: lists of numbers, each taken for a thing to happen to the book and its orders.

A number that means nothing possible is passed over, so any part of a plan is a plan: that is how
one is shrunk.
"""

from collections.abc import Callable
from decimal import Decimal
from random import Random

import attrs

from truebook.model.config import Delays, Timers
from truebook.model.system import Action
from truebook.specs.refine.lockstep.environment import RESTART, DivergedError, Lockstep, Setup
from truebook.specs.refine.lockstep.order_pair import Placing
from truebook.specs.refine.lockstep.orders import Member, actions_of_ours
from truebook.specs.refine.replay import Difference

Choose = Callable[[int], int]
"""Returns a number below the one given."""

LENGTH = 400
"""How many numbers a plan has."""
LOTS = tuple(map(Decimal, ("1", "0.1", "0.25", "0.00001", "1000")))
FEW, MANY = 2, 10_000
"""How many fills a book remembers by id: so few that it forgets, or all."""
SNAPSHOTS = tuple(
    f"{step}-snapshot:{slot}"
    for slot in ("first", "second")
    for step in ("ask", "take", "process", "fail")
) + tuple(f"read-early:{slot}" for slot in ("first", "second"))
OFTEN = ("tick",) * 4 + tuple(step for step in SNAPSHOTS if not step.startswith(("fail", "read")))
SELDOM = ("reconnect", RESTART, *(step for step in SNAPSHOTS if step not in OFTEN))
"""What happens to all orders, often and seldom."""
FAULTS = ("lose", "refuse", "time-out", "cancel-unasked", "end", "lie")
"""What happens to one order and leaves little more to happen to it: seldom, too."""

SAID = {RESTART: "the book is saved and loaded"} | {
    name: action.words for name, action in actions_of_ours(1, 1, False).shared.items()
}
"""What happens to all orders, in words."""


def choose_setup(choose: Choose) -> Setup:
    """Return timers of the book, and delays within what it takes for granted of them."""
    expiry, lag, fill_window, tombstone = choose(3), choose(2), 1 + choose(3), 1 + choose(2)
    remembered = fill_window + tombstone
    timers = Timers(
        expiry=expiry,
        lag=lag,
        grace=1 + choose(3),
        fill_window=fill_window,
        tombstone=tombstone,
        listing=choose(remembered - lag),
    )
    delays = Delays(
        expiry=choose(expiry + 1),
        lag=choose(lag + 1),
        fill=choose(fill_window),
        answer=choose(remembered),
    )
    return Setup(timers, delays, FEW if choose(3) == 0 else MANY, 1 + choose(2))


def choose_placing(choose: Choose, number: int, setup: Setup) -> Placing:
    """Return an order to be sent.

    Where few fills are remembered they all carry the cloid: a fill that waits for its order is
    forgotten with the others.
    """
    return Placing(
        number=number,
        buy=choose(2) == 0,
        size=1 + choose(3),
        new_size=1 + choose(3),
        lot=LOTS[choose(len(LOTS))],
        bare=choose(3) == 0 and setup.memory == MANY,
    )


@attrs.frozen
class Plan:
    """What a run has from the start, the orders that there are, and the numbers to interpret."""

    setup: Setup
    placings: tuple[Placing, ...]
    numbers: tuple[int, ...]


@attrs.frozen
class Run:
    """What came of a plan: the steps that happened, and how the book diverged, if it did."""

    steps: int
    words: tuple[str, ...] = ()
    differences: tuple[Difference, ...] = ()
    error: str = ""

    @property
    def diverged(self) -> bool:
        """Whether the book and the model differ at the end."""
        return bool(self.differences or self.error)


def plan_of(random: Random, length: int = LENGTH) -> Plan:
    """Return a plan drawn by chance."""
    setup = choose_setup(random.randrange)
    placings = [
        choose_placing(random.randrange, n + 1, setup) for n in range(1 + random.randrange(5))
    ]
    numbers = [random.getrandbits(32) for _ in range(length)]
    return Plan(setup, tuple(placings), tuple(numbers))


def run(plan: Plan, *, words: bool = False) -> Run:
    """Interpret a plan until it ends or the book diverges; with `words`, tell the steps."""
    lockstep = Lockstep(plan.setup)
    for placing in plan.placings:
        lockstep.place(placing)
    things = _things(lockstep)
    happen, together, many = lockstep.happen, lockstep.together, len(things)
    told: list[str] = []
    steps = 0
    try:
        for number in plan.numbers:
            member, action, name = things[number % many]
            if words:
                told.append(f"{member}: {action.words}" if member and action else SAID[name])
            if member is None or action is None:
                happened = together(name)
            else:
                happened = happen(member, action)
            if happened:
                steps += 1
            elif words:
                told.pop()
    except DivergedError as error:
        return Run(steps + 1, tuple(told), error.differences, error.error)
    return Run(steps, tuple(told))


def shrink(plan: Plan) -> Plan:
    """Return the shortest plan that can be had of one that diverges by leaving parts out."""
    numbers = list(plan.numbers)
    part = len(numbers)
    while part:
        at, before = 0, len(numbers)
        while at < len(numbers):
            fewer = numbers[:at] + numbers[at + part :]
            if run(attrs.evolve(plan, numbers=tuple(fewer))).diverged:
                numbers = fewer
            else:
                at += part
        # The last parts are tried until none can go: one may only after another that came later.
        if part > 1 or len(numbers) == before:
            part = part // 2
    return attrs.evolve(plan, numbers=tuple(numbers))


_Thing = tuple[Member | None, Action | None, str]


def _things(lockstep: Lockstep) -> list[_Thing]:
    """Return what numbers are taken for: what happens to one order, or to all of them."""
    found: list[_Thing] = [
        (member, action, name)
        for member in lockstep.members
        for name, action in member.actions.own.items()
        for _ in range(1 if name.startswith(FAULTS) else 4)
    ]
    all_of_them = OFTEN * (3 * len(lockstep.members)) + SELDOM * 3
    return found + [(None, None, name) for name in all_of_them]
