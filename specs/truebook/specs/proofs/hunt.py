"""Hunting for violations: by bounded search in several worlds, and beyond an assumption.

What the search does not find beyond an assumption in its time, the explorer may find in the
assumption's own scenario.
"""

from collections.abc import Callable, Iterator, Sequence

import attrs

from truebook.model.config import Bounds
from truebook.model.designs import Design, design_named
from truebook.model.memory import MemoryBounds
from truebook.model.names import NameBounds
from truebook.model.request_world import RequestBounds
from truebook.model.sizes import SizeBounds
from truebook.specs.explore import columns
from truebook.specs.limits import DEPTH, SEARCH_EFFORT
from truebook.specs.processes import Tell, side_by_side
from truebook.specs.proofs.search import Found, Search
from truebook.specs.proofs.solving import own_context
from truebook.specs.proofs.worlds import OpenWorld, open_world
from truebook.specs.properties import Check, Kind, assumption, checks_of
from truebook.specs.scenarios import AnyBounds, with_faults
from truebook.specs.words import counted

FILLS = MemoryBounds(fills=3, rebase=True)
REVERSALS = MemoryBounds(fills=2, rebase=True, reversal=True)


@attrs.frozen
class Hunt:
    """A world to search under a design: which faults there are, for which properties, how far."""

    world: str
    base: AnyBounds
    design: str
    switched_off: tuple[str, ...] = ()
    without: tuple[str, ...] = ()
    properties: tuple[str, ...] = ()
    depth: int = DEPTH
    effort: int = SEARCH_EFFORT

    @property
    def title(self) -> str:
        """What it is about, for readers."""
        return f"bounded search of {self.world}"

    @property
    def of(self) -> Design:
        """The design that is searched."""
        return design_named(self.design, *self.switched_off)

    def opened(self) -> OpenWorld:
        """Return the world that is searched."""
        bare = self.base.bare if isinstance(self.base, Bounds) else None
        return open_world(self.world, self.of, self.base, bare=bare)

    def checks(self, world: OpenWorld) -> list[Check]:
        """Return what is looked for in the world."""
        return [
            check
            for check in checks_of(world.system)
            if check.property in self.properties and check.kind in (Kind.STATE, Kind.STEP)
        ]


def hunts_for(
    design: str,
    switched_off: tuple[str, ...],
    properties: Sequence[str],
    *,
    without: Sequence[str] = (),
    depth: int = DEPTH,
    effort: int = SEARCH_EFFORT,
) -> tuple[Hunt, ...]:
    """Return the searches for violations of some properties of a design.

    Beyond an assumption, its own scenario says which faults matter.
    """
    worlds: list[tuple[str, AnyBounds]] = []
    if without:
        beyond = [assumption(name).beyond for name in without]
        worlds += [("fills" if s.worlds == ("fills",) else "order", s.bounds) for s in beyond]
    else:
        worlds += [
            ("names", NameBounds(orders=2)),
            ("requests", RequestBounds()),
            ("order", Bounds()),
            ("order", with_faults("lose", "cancel", "unasked", "refuse", "duplicates")),
            ("order", with_faults("modify")),
            ("foreign", with_faults("lose", "refuse")),
            ("foreign", Bounds(leave=True)),
            ("waiting", Bounds()),
            ("fills", FILLS),
            ("fills", REVERSALS),
            ("sizes", SizeBounds()),
        ]
    asked = tuple(without), tuple(properties), depth, effort
    hunts = (Hunt(world, bounds, design, switched_off, *asked) for world, bounds in worlds)
    return tuple(of for of in hunts if of.checks(of.opened()))


def hunt_all(
    hunts: Sequence[Hunt],
    *,
    processes: int | None = None,
    progress: Callable[..., None] | None = None,
    done: Callable[[Hunt], None] = lambda asked: None,
) -> dict[str, Found]:
    """Search side by side, and return the shortest run found into a violation of each property.

    `progress` is told a hunt and how far it has come, `done` each that has ended.
    """
    best: dict[str, Found] = {}
    for asked, found in side_by_side(_hunted, hunts, jobs=processes, progress=progress):
        done(asked)
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
    with own_context():
        runs = tuple(_runs(asked, tell))
    return tuple(attrs.evolve(found, check=found.check.described()) for found in runs)


def _hunted(asked: Hunt, tell: Tell) -> tuple[Hunt, tuple[Found, ...]]:
    return asked, hunt(asked, tell)


def _runs(asked: Hunt, tell: Tell) -> Iterator[Found]:
    world = asked.opened()
    search = Search(world, asked.of, asked.base, asked.checks(world), without=asked.without)
    yield from search.runs(
        asked.depth, asked.effort, lambda length: tell(f"runs of {counted(length, 'step')}")
    )
