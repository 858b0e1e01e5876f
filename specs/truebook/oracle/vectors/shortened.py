"""Plans of random runs, and making one short: what is not needed is left out."""

from collections.abc import Callable

import attrs

ORDERS = 3
LOTS = ("1", "0.1", "0.00000001", "7.25", "123456789.5")
"""The sizes that a lot can be, the plainest first."""


@attrs.frozen
class Plan:
    """What is drawn: the lot and side of each order, and the numbers that pick what happens."""

    lots: tuple[str, ...]
    sells: tuple[bool, ...]
    picks: tuple[int, ...]


PLAIN = Plan(LOTS[:1] * ORDERS, (False,) * ORDERS, ())
"""Orders that buy whole lots, and nothing happens."""


def shortened(plan: Plan, holds: Callable[[Plan], bool]) -> Plan:
    """Return a plan that holds, as the given one does, and does not without any of its numbers.

    Its lots and sides are plain ones, if it holds of them.
    """
    for plainer in (attrs.evolve(PLAIN, picks=plan.picks), attrs.evolve(plan, lots=PLAIN.lots)):
        if plainer != plan and holds(plainer):
            plan = plainer
            break
    length = len(plan.picks) // 2 or 1
    while True:
        fewer = _without(plan, length, holds)
        if length == 1 and fewer == plan:
            return plan
        plan, length = fewer, length // 2 or 1


def _without(plan: Plan, length: int, holds: Callable[[Plan], bool]) -> Plan:
    """Return a plan without those of its stretches of a length that are not needed, last first."""
    for start in range(len(plan.picks) - length, -1, -length):
        picks = plan.picks[:start] + plan.picks[start + length :]
        fewer = attrs.evolve(plan, picks=picks)
        if picks and holds(fewer):
            plan = fewer
    return plan
