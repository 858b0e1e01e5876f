"""The shipped configurations: which worlds are explored, and within which bounds."""

from collections.abc import Callable, Iterator
from itertools import combinations
from typing import Any, TypeAlias

import attrs

from truebook.model.asking import named_requests
from truebook.model.composition import composition
from truebook.model.config import Bounds, Delays, Timers
from truebook.model.designs import Design
from truebook.model.memory import MemoryBounds
from truebook.model.names import NameBounds
from truebook.model.naming import used_names
from truebook.model.own import own_order
from truebook.model.request_world import RequestBounds
from truebook.model.resized import resized_order
from truebook.model.sizes import SizeBounds
from truebook.model.strangers import foreign_order, named_fills
from truebook.model.system import System
from truebook.model.waits import waiting_order

AnyBounds: TypeAlias = Bounds | MemoryBounds | NameBounds | RequestBounds | SizeBounds
"""The bounds of a world, of whichever kind it is."""

WORLDS: dict[str, Callable[[Design, Bounds], System]] = {
    "order": own_order,
    "foreign": foreign_order,
    "waiting": waiting_order,
}
"""The worlds of one order, by name."""

NAMED_WORLDS: dict[type[AnyBounds], Callable[[Design, Any], System]] = {
    MemoryBounds: named_fills,
    NameBounds: used_names,
    RequestBounds: named_requests,
    SizeBounds: resized_order,
}
"""The small worlds of named things, by the kind of their bounds."""

NEED_NO_BOUND = (
    "tracked-or-in-grace",
    "position-is-unique-fills",
    "no-fill-twice",
    "state-agrees-with-fills",
    "no-false-orphan",
    "no-live-order-dropped",
    "orphan-cancelled-once",
    "replay-harmless",
    "nothing-leaks",
    "convergence",
    "strangers-left-alone",
    "recovers",
)
"""The properties that hold however late answers and fills come."""


@attrs.frozen
class Scenario:
    """A named configuration: the worlds that are explored together, and the bounds of each.

    `worlds` are of "order", "foreign" and "waiting", or one is of named things, as "fills" is;
    `properties` None means all.
    """

    name: str
    bounds: AnyBounds
    worlds: tuple[str, ...] = ("order",)
    properties: tuple[str, ...] | None = None

    @property
    def title(self) -> str:
        """What it is about, for readers."""
        return self.name

    @property
    def lies(self) -> bool:
        """Whether a word of the venue may be false."""
        return isinstance(self.bounds, Bounds) and self.bounds.lie

    def build(self, design: Design) -> System:
        """Return the system of this configuration under a design."""
        made = {world: build_world(world, design, self.bounds) for world in set(self.worlds)}
        if len(self.worlds) == 1:
            return made[self.worlds[0]]
        return composition([made[world] for world in self.worlds])


def build_world(name: str, design: Design, bounds: AnyBounds) -> System:
    """Return the system of one world; of named things, the bounds say which world it is."""
    if isinstance(bounds, Bounds):
        return WORLDS[name](design, bounds)
    return NAMED_WORLDS[type(bounds)](design, bounds)


TWO_ORDERS = ("order", "order")
BESIDE_FOREIGN = ("order", "foreign")
FOREIGN = ("foreign",)
FILLS = ("fills",)
NAMES = ("names",)
REQUESTS = ("requests",)
SIZES = ("sizes",)
WAITING = ("waiting",)

LATE = Delays(answer=2)
BRISK = Timers(fill_window=1, tombstone=1, listing=0)
LONG = Timers(expiry=2, lag=1, grace=2, fill_window=3, tombstone=1, listing=2)
LONG_DELAYS = Delays(expiry=2, lag=1, fill=2, answer=3)

EVERYTHING = Bounds(
    duplicates=1, snapshots=2, cancel=True, modify=True, unasked=True, refuse=True, lose=True
)
"""Every fault that is of one order alone, and two snapshots on their way."""

FAULTS: dict[str, dict[str, Any]] = {
    "duplicates": {"duplicates": 1},
    "cancel": {"cancel": True},
    "modify": {"modify": True},
    "unasked": {"unasked": True},
    "refuse": {"refuse": True},
    "lose": {"lose": True},
    "late": {"delays": LATE},
    "snapshots": {"snapshots": 2},
    "reconnect": {"reconnect": True},
    "bare": {"bare": True},
    "lie": {"lie": True},
    "timers": {"timers": LONG, "delays": attrs.evolve(LONG_DELAYS, answer=0)},
}
"""What can go wrong in the world of one order, by name, and the bounds that let it."""


def with_faults(*names: str, bounds: Bounds | None = None) -> Bounds:
    """Return bounds with the named faults switched on."""
    changes: dict[str, Any] = {}
    for name in names:
        if name not in FAULTS:
            raise ValueError(f"no fault is named {name!r}; the faults are: {', '.join(FAULTS)}")
        changes.update(FAULTS[name])
    if "late" in names and "timers" in names:
        changes["delays"] = LONG_DELAYS
    return attrs.evolve(bounds or Bounds(), **changes)


def default_scenarios(design: Design) -> tuple[Scenario, ...]:
    """Return what `truebook check` explores of a design unless told otherwise."""
    if design.name in ("plan", "legacy"):
        return _SMALL
    return _DEFAULT


def pair_scenarios() -> Iterator[Scenario]:
    """Yield every fault by itself and in pairs, for one order, two, and one beside a foreign one.

    Two orders have one lot each: two of them are for the coupling, one alone for the sizes. Two
    that are lied to are left out where one has so many states that two have too many. The last is
    of a stranger's that is left alone, which no fault of ours concerns.
    """
    for names in ((), *((name,) for name in FAULTS), *combinations(FAULTS, 2)):
        label = " + ".join(names) or "no fault"
        bounds = with_faults(*names)
        yield Scenario(f"order: {label}", bounds)
        small = attrs.evolve(bounds, size=1, new_size=1)
        yield Scenario(f"order and foreign: {label}", small, BESIDE_FOREIGN)
        if "lie" not in names or not set(names) & {"cancel", "modify", "snapshots"}:
            yield Scenario(f"two orders: {label}", small, TWO_ORDERS)
    yield _LEFT


_FILLS = (
    Scenario("fills", MemoryBounds(fills=3, capacity=1), FILLS),
    Scenario("self-trade", MemoryBounds(self_trade=True), FILLS),
    Scenario("rebase", MemoryBounds(fills=4, capacity=2, overtaken=2, times=3, rebase=True), FILLS),
    Scenario(
        "reversal",
        MemoryBounds(fills=2, capacity=2, overtaken=2, rebase=True, reversal=True),
        FILLS,
    ),
)
_SIZES = (
    Scenario("sizes", SizeBounds(size=1, most=2), SIZES),
    Scenario("original sizes", SizeBounds(most=2, original=True), SIZES),
)
_NAMES = Scenario("names", NameBounds(), NAMES)
_REQUESTS = Scenario("requests", RequestBounds(), REQUESTS)
_HARSH = with_faults("cancel", "refuse", "lose", "unasked", "duplicates", "late")
_FOREIGN = with_faults("refuse", "lose", "snapshots", "timers")
_LEFT = Scenario("stranger left", Bounds(leave=True), FOREIGN)
_ONE_LOT = Bounds(size=1)
_BRISK = Bounds(size=1, timers=BRISK, delays=Delays(fill=0))

_DEFAULT = (
    Scenario("order", _HARSH),
    Scenario("two snapshots", with_faults("cancel", "snapshots", "lose")),
    Scenario("replays", with_faults("reconnect", "bare", "cancel", "duplicates", "lose")),
    Scenario(
        "one lot",
        with_faults("cancel", "refuse", "lose", "bare", "snapshots", "late", bounds=_ONE_LOT),
    ),
    Scenario("modify", with_faults("modify", "lose", "unasked", "refuse")),
    Scenario("long timers", with_faults("timers", "late", "lose", "cancel")),
    Scenario("lie", with_faults("lie", "cancel", "refuse")),
    Scenario("lie, three lots", with_faults("lie", bounds=Bounds(size=3))),
    Scenario("lie and a modify", with_faults("lie", "modify", "cancel", bounds=_BRISK)),
    Scenario(
        "any delay",
        attrs.evolve(_HARSH, delays=Delays(fill=None, answer=None)),
        properties=NEED_NO_BOUND,
    ),
    Scenario("two orders", with_faults("cancel", "late", bounds=_ONE_LOT), TWO_ORDERS),
    Scenario("order and foreign", with_faults("lose", "late", bounds=_ONE_LOT), BESIDE_FOREIGN),
    Scenario("foreign", _FOREIGN, FOREIGN),
    Scenario("stranger left", attrs.evolve(_FOREIGN, leave=True), FOREIGN),
    Scenario("waiting", with_faults("cancel", "lose", "unasked"), WAITING),
    Scenario("waiting, one lot", with_faults("cancel", bounds=_ONE_LOT), WAITING),
    *_FILLS,
    _NAMES,
    _REQUESTS,
    *_SIZES,
)
_SMALL = (
    Scenario("order", with_faults("cancel", "lose", "refuse")),
    Scenario("late answers", with_faults("late")),
    Scenario("modify", with_faults("modify", bounds=_ONE_LOT)),
    Scenario("two orders", _ONE_LOT, TWO_ORDERS),
    Scenario("order and foreign", _ONE_LOT, BESIDE_FOREIGN),
    Scenario("foreign", with_faults("refuse", "lose"), FOREIGN),
    _LEFT,
    Scenario("waiting", with_faults("cancel"), WAITING),
    *_FILLS,
)

RULE_SCENARIOS: tuple[Scenario, ...] = (
    Scenario("order", with_faults("cancel", "lose", "refuse", "late")),
    Scenario("modify", with_faults("modify", bounds=_ONE_LOT)),
    Scenario("lie", with_faults("lie", "cancel", bounds=_ONE_LOT)),
    Scenario("foreign", with_faults("refuse", "lose"), FOREIGN),
    _LEFT,
    Scenario("waiting", _ONE_LOT, WAITING),
    *_FILLS,
    Scenario("names", NameBounds(orders=2), NAMES),
    _REQUESTS,
    *_SIZES,
)
"""What `truebook rules` explores without each rule."""


def deep_scenarios() -> tuple[Scenario, ...]:
    """Return all faults together, as large as ten minutes and 8 GiB allow on two cores."""
    most = tuple(name for name in FAULTS if name not in ("modify", "timers", "bare", "lie"))
    return (
        Scenario("most faults and a modify", with_faults(*_FEWER, "modify", "snapshots")),
        Scenario("all faults and a modify, one lot", with_faults(*most, "modify", bounds=_ONE_LOT)),
        Scenario("all faults and a modify, one snapshot", with_faults(*_ONE_SNAPSHOT, "modify")),
        Scenario("all faults", with_faults(*most)),
        Scenario("all faults, no cloid in fills", with_faults(*most, "bare")),
        Scenario("all faults, long timers", with_faults(*_FEWER, "timers", "snapshots")),
        Scenario("two orders", with_faults(*_FEWER, bounds=_ONE_LOT), TWO_ORDERS),
        Scenario("order and foreign", with_faults(*_FEWER, bounds=_ONE_LOT), BESIDE_FOREIGN),
        Scenario("foreign", _FOREIGN, FOREIGN),
        Scenario("stranger left", attrs.evolve(_FOREIGN, leave=True), FOREIGN),
        *_FILLS,
    )


_ONE_SNAPSHOT = tuple(
    n for n in FAULTS if n not in ("modify", "timers", "bare", "snapshots", "lie")
)
_FEWER = ("cancel", "refuse", "lose", "unasked", "late")
