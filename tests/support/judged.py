"""Results made by hand: runs in which something begins to be wrong, for those that gather them."""

from typing import Any

import attrs

from truebook.oracle.judge import Deviation, Kind, Onset, Result, Told
from truebook.oracle.vectors import all_vectors

CASE = next(case for case in all_vectors() if case.slug == "without-unknown-stays-convergence")


def wrong(part: str, promise: str = "", way: str = "too much", about: str = "") -> Deviation:
    return Deviation(part, way, about, "4", "8", promise)


def onset(step: int, *found: Deviation, lasts: bool = True, follows: bool = False) -> Onset:
    return Onset(step, found, lasts=lasts, follows=follows)


def judged(slug: str, *onsets: Onset, length: int | None = None, **more: Any) -> Result:
    """Return what came of a run in which something is wrong, of so many steps."""
    steps = CASE.steps[:length]
    case = attrs.evolve(CASE, slug=slug, steps=steps)
    told = tuple(Told(step.at, tuple(step.events())) for step in steps)
    broken = any(one.broken for one in onsets)
    kind = Kind.FAIL if broken else Kind.DIFFERS if onsets else Kind.PASS
    known: dict[str, Any] = {"stage": "vectors", "kind": kind, "told": told, "onsets": onsets}
    return Result(case=case, **(known | more))
