"""Telling a run to the reference: its steps, what is expected after each, and what it requires."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any

import attrs

from truebook.impl.journal import FEATURES
from truebook.oracle.cases import Step
from truebook.oracle.reference import Driver
from truebook.oracle.vectors.actions import CLOID
from truebook.oracle.vectors.truths import Known, Tells, named_by, told_of

TICKS = {"tick": 1, "forget": 4}
"""How much time an action takes; an order is forgotten after its fill window and tombstone."""


@attrs.frozen
class Moment:
    """One action of a run, with the values of the world before and after it, by their paths.

    `later`: what the run is about has been before it. `quiet`: after it nothing more comes.
    """

    action: str
    before: Known
    after: Known
    later: bool = False
    quiet: bool = False


def steps_of(
    make: Callable[[], Any],
    tells: Tells,
    path: Sequence[Moment],
    config: dict[str, int],
    *,
    strict: bool = False,
    cloids: Sequence[str] = (CLOID,),
) -> list[dict[str, Any]] | None:
    """Return the steps of a run as a book is told them, with what is true and what is shown then.

    What is shown is what the reference shows. None where it refuses what was asked: then the rest
    cannot happen. A step that comes later needs the feature of its event, even if that is core.
    """
    teller, driver = make(), Driver.under(config)
    steps = []
    named: set[str] = set()
    now = 0
    for moment in path:
        now += TICKS.get(moment.action.partition(":")[0], 0)
        try:
            events = teller.tell(moment.action, moment.before)
        except KeyError:  # a listing told twice: only its first coming has a name
            return None
        for event in events:
            effects = driver.tell(event, now)
            if event["type"] == "modify" and "refused" in effects["reports"]:
                return None
            expect = expected(driver, effects, strict=strict, cloids=cloids)
            needs = {"needs": _NEEDED.get(event["type"], "core")} if moment.later else {}
            steps.append({"at": str(now), "event": event, **needs, "expect": expect})
            named |= named_by(event)
        if events:
            quiet = {"quiet": "true"} if moment.quiet else {}
            steps[-1]["truth"] = told_of(tells(moment.after), named) | quiet
    return steps


def step_of(data: Mapping[str, Any]) -> Step:
    """Return a step as it is told, of one as JSON."""
    at, event, needs = int(data["at"]), data["event"], data.get("needs", "")
    return Step(at, event, data["expect"], truth=data.get("truth"), needs=needs)


def expected(
    driver: Driver,
    effects: dict[str, Any],
    *,
    strict: bool = False,
    cloids: Sequence[str] = (CLOID,),
) -> dict[str, Any]:
    """Return what is expected of a state that the reference shows.

    What a book shows of an order without an oid, and for how long it remembers one that is over,
    is its own affair, unless `strict`.
    """
    shown = driver.show()
    orders: dict[str, Any] = {}
    for cloid in cloids:
        order = shown["orders"].get(cloid)
        if order is None and strict:
            orders[cloid] = None
        elif order is not None and order["state"] not in ("pending", "dead"):
            orders[cloid] = {name: order[name] for name in ("state", "filled")}
    listed = {name: sorted(shown[name]) for name in ("open", "pending", "orphans")}
    return {
        "position": shown["position"],
        "exposure": shown["exposure"],
        "unsettled": shown["unsettled"],
        **listed,
        **({"orders": orders} if orders else {}),
        "effects": {"cancels": sorted(effects["cancels"])},
    }


_NEEDED = {**FEATURES, "restart": "restart"}


def requires(
    steps: Sequence[dict[str, Any]], world: str = "order", *, left: bool = False
) -> list[str]:
    """Return the features that a book needs to be told some steps of a world.

    Those of a step that `needs` a feature are not asked for. `left`: it is told to leave the orders
    of others alone.
    """
    needed = {"core"} | _WORLD_NEEDS.get(world, set()) | ({"strangers"} if left else set())
    for step in steps:
        kind = step["event"]["type"]
        if "needs" not in step and not (world == "foreign" and kind == "cancel_answer"):
            needed |= {_NEEDED.get(kind, "core")}
    return sorted(needed)


_WORLD_NEEDS = {"foreign": {"orphans"}, "fills": {"fill-times"}, "waiting": {"waiting"}}
