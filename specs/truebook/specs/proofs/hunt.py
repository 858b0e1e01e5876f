"""Hunting for violations: by bounded search in several worlds, and beyond an assumption.

What the search does not find beyond an assumption in its time, the explorer may find in the
assumption's own scenario.
"""

from collections.abc import Callable, Iterator, Sequence

import attrs

from truebook.model.config import Bounds
from truebook.model.designs import Design, design_named
from truebook.model.memory import MemoryBounds
from truebook.specs import columns
from truebook.specs.assumptions import assumption
from truebook.specs.checks import checks_of
from truebook.specs.processes import Tell, side_by_side
from truebook.specs.proofs.search import Found, Search
from truebook.specs.proofs.worlds import open_fills, open_foreign, open_order
from truebook.specs.scenarios import with_faults

DEPTH = 12
SECONDS = 20.0
FILLS = MemoryBounds(fills=3, rebase=True)


@attrs.frozen
class Hunt:
    """A world to search under a design: which faults there are, for which properties, how far."""

    world: str
    base: Bounds | MemoryBounds
    design: str
    switched_off: tuple[str, ...] = ()
    without: tuple[str, ...] = ()
    properties: tuple[str, ...] = ()
    depth: int = DEPTH
    seconds: float = SECONDS

    @property
    def title(self) -> str:
        """What it is about, for readers."""
        return f"bounded search of {self.world}"


def hunts_for(
    design: str,
    switched_off: tuple[str, ...],
    properties: Sequence[str],
    *,
    without: Sequence[str] = (),
    depth: int = DEPTH,
    seconds: float = SECONDS,
) -> tuple[Hunt, ...]:
    """Return the searches for violations of some properties of a design.

    Beyond an assumption, its own scenario says which faults matter.
    """
    worlds: list[tuple[str, Bounds | MemoryBounds]] = []
    if without:
        beyond = [assumption(name).beyond for name in without]
        worlds += [("fills" if s.worlds == ("fills",) else "order", s.bounds) for s in beyond]
    else:
        worlds += [
            ("order", Bounds()),
            ("order", with_faults("lose", "cancel", "unasked", "refuse", "duplicates")),
            ("order", with_faults("modify")),
            ("foreign", with_faults("lose", "refuse")),
            ("fills", FILLS),
        ]
    return tuple(
        Hunt(
            world,
            bounds,
            design,
            switched_off,
            tuple(without),
            tuple(properties),
            depth,
            seconds,
        )
        for world, bounds in worlds
    )


def hunt_all(
    hunts: Sequence[Hunt],
    *,
    processes: int | None = None,
    progress: Callable[..., None] | None = None,
) -> dict[str, Found]:
    """Search side by side, and return the shortest run found into a violation of each property."""
    best: dict[str, Found] = {}
    for found in side_by_side(hunt, hunts, jobs=processes, progress=progress):
        for one in found:
            known = best.get(one.check.property)
            if known is None or len(one.trace) < len(known.trace):
                best[one.check.property] = one
    return best


def explore_beyond(name: str, properties: Sequence[str], design: Design) -> dict[str, Found]:
    """Return the explorer's shortest violation of each property, a tick beyond an assumption."""
    scenario = assumption(name).beyond
    system = scenario.build(design)
    checks = [check for check in checks_of(system) if check.property in properties]
    best: dict[str, Found] = {}
    for number, trace in columns.explore(system, checks).violations.items():
        check = checks[number]
        if check.property not in best or len(trace) < len(best[check.property].trace):
            best[check.property] = Found(check, scenario.bounds, trace, "the explorer")
    return best


def hunt(asked: Hunt, tell: Tell) -> tuple[Found, ...]:
    """Search one world, and return what was found."""
    return tuple(_described(found) for found in _runs(asked, tell))


def _runs(asked: Hunt, tell: Tell) -> Iterator[Found]:
    design = design_named(asked.design, *asked.switched_off)
    if isinstance(asked.base, MemoryBounds):
        world = open_fills(design, fills=asked.base.fills)
    elif asked.world == "foreign":
        world = open_foreign(design, asked.base)
    else:
        world = open_order(design, asked.base, bare=asked.base.bare)
    checks = [check for check in checks_of(world.system) if check.property in asked.properties]
    search = Search(world, design, asked.base, checks, without=asked.without)
    yield from search.runs(
        asked.depth, asked.seconds, lambda length: tell(f"runs of {length} steps")
    )


def _described(found: Found) -> Found:
    """Return a run without predicates, which cannot go from process to process."""
    check = attrs.evolve(found.check, holds=_nothing)
    return attrs.evolve(found, check=check)


def _nothing(*_: object) -> bool:
    return True
