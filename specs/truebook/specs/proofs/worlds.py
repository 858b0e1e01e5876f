"""The worlds that proofs are about: sizes, timers and delays are unknown integers.

They are the explorer's systems, built with every bound replaced by a field that nothing writes.
What a request takes on arrival is chosen anew at every step, where the explorer has an action for
each amount. A reconnect is left out: it is a sequence of fills delivered, each for the first time
or again, and every one of those is an action here.
"""

from collections.abc import Callable, Iterator
from functools import partial
from types import SimpleNamespace
from typing import Any, cast

import attrs

from truebook.model import venue
from truebook.model.asking import named_requests, request_fields
from truebook.model.config import Bounds, Delays, Timers
from truebook.model.designs import REFERENCE, Design
from truebook.model.foreign import ForeignWorld
from truebook.model.memory import MemoryBounds, MemoryWorld
from truebook.model.names import NameBounds, NameWorld
from truebook.model.naming import name_fields, used_names
from truebook.model.own import order_fields, own_order
from truebook.model.request_world import RequestBounds, RequestWorld
from truebook.model.resized import resized_order, size_fields
from truebook.model.sizes import SizeBounds, SizeWorld
from truebook.model.strangers import foreign_fields, foreign_order, memory_fields, named_fills
from truebook.model.system import Action, Field, System, place_of
from truebook.model.waiting import WaitingWorld
from truebook.model.waits import waiting_fields, waiting_order
from truebook.model.world import World
from truebook.specs.properties import ASSUMPTIONS, Assumption
from truebook.specs.scenarios import EVERYTHING, AnyBounds

WIDE = 9
"""Stands for a bound while a system is built; wide enough to tell a number from a flag."""

CHOICE = "bounds.taken"
"""What a request takes on arrival, chosen anew at every step."""


@attrs.frozen(eq=False)
class OpenWorld:
    """A system whose bounds are unknowns.

    `unbounded` are the paths of the fields that are any integer from 0 on, `constants` those that
    nothing writes, each with its least value. `domains` yields the fields with their domains in
    terms of a world's own unknowns. `assumptions` are those that speak of such a world.
    """

    name: str
    system: System
    unbounded: frozenset[str]
    constants: dict[str, int]
    domains: Callable[[Any], Iterator[Field]] = attrs.field(repr=False)
    assumptions: tuple[Assumption, ...]

    @property
    def fields(self) -> tuple[Field, ...]:
        """The fields of the system, unknowns included."""
        return self.system.fields

    def is_state(self, path: str) -> bool:
        """Return whether a field is of the state: neither an unknown nor a choice."""
        return path not in self.constants and path != CHOICE

    def first(self) -> dict[str, int]:
        """Return the values of the state's fields in the first state."""
        world = self.system.create()
        return {
            f.path: int(getattr(*place_of(world, f.path)))
            for f in self.fields
            if self.is_state(f.path)
        }


def open_order(
    design: Design = REFERENCE, faults: Bounds = EVERYTHING, *, bare: bool | None = None
) -> OpenWorld:
    """Return the world of one order of ours of unknown size; `bare` None is unknown too."""
    wide = attrs.evolve(_widened(faults), bare=bool(bare))
    constants = {"size": 1} | ({"new_size": 1} if faults.modify else {})
    constants |= {"duplicates": 0} if faults.duplicates else {}
    flags = {"bare": 0} if bare is None else {}
    base = own_order(design, wide)
    actions = [_with_choice(action) for action in base.actions]
    return _opened(
        "order",
        attrs.evolve(base, actions=tuple(a for a in actions if a is not None)),
        partial(_order_world, design, wide),
        constants | _timing(),
        flags,
        partial(order_fields, design),
        Bounds,
    )


def open_foreign(design: Design = REFERENCE, faults: Bounds = EVERYTHING) -> OpenWorld:
    """Return the world of a foreign order under unknown timers."""
    wide = _widened(faults)
    return _opened(
        "foreign",
        foreign_order(design, wide),
        lambda: ForeignWorld(bounds=_unknown(wide), keeps=design.keeps),
        _timing(),
        {},
        partial(foreign_fields, design),
        Bounds,
    )


def open_waiting(design: Design = REFERENCE, faults: Bounds = EVERYTHING) -> OpenWorld:
    """Return the world of an order that waits, of unknown size, under unknown timers."""
    wide = _widened(faults)
    return _opened(
        "waiting",
        waiting_order(design, wide),
        lambda: WaitingWorld(bounds=_unknown(wide), keeps=design.keeps),
        {"size": 1} | _timing(),
        {},
        partial(waiting_fields, design),
        Bounds,
    )


def open_fills(
    design: Design = REFERENCE, *, fills: int = 4, rebase: bool = True, reversal: bool = False
) -> OpenWorld:
    """Return the world of a few named fills, with any venue times and room for any number of ids.

    The venue's clock goes as far as it likes; each fill is replayed as often. With `rebase` the
    book may take over a position, with `reversal` the venue may take any of them back.
    """
    wide = MemoryBounds(
        fills=fills,
        capacity=WIDE,
        times=WIDE,
        overtaken=WIDE,
        duplicates=WIDE,
        rebase=rebase,
        reversal=reversal,
    )
    return _opened(
        "fills",
        named_fills(design, wide),
        lambda: MemoryWorld(bounds=_unknown(wide), keeps=design.keeps),
        {"capacity": 1, "times": 1, "overtaken": 0, "duplicates": 0},
        {"loose_picture": 0} if rebase else {},
        memory_fields,
        MemoryBounds,
    )


def open_names(design: Design = REFERENCE, *, orders: int = 3) -> OpenWorld:
    """Return the world of a cloid that is used for a few orders, with any number of old words.

    How many old oids are remembered is unknown.
    """
    wide = NameBounds(orders=orders, oids=WIDE, repeats=WIDE)
    return _opened(
        "names",
        used_names(design, wide),
        lambda: NameWorld(bounds=_unknown(wide), keeps=design.keeps),
        {"oids": 1, "repeats": 0},
        {},
        name_fields,
        NameBounds,
    )


def open_requests(design: Design = REFERENCE) -> OpenWorld:
    """Return the world of the requests of one cloid, of unknown sizes."""
    wide = RequestBounds(size=WIDE, first_size=WIDE, second_size=WIDE)
    return _opened(
        "requests",
        named_requests(design, wide),
        lambda: RequestWorld(bounds=_unknown(wide), keeps=design.keeps),
        {"size": 1, "first_size": 1, "second_size": 1},
        {},
        request_fields,
        RequestBounds,
    )


def open_sizes(design: Design = REFERENCE) -> OpenWorld:
    """Return the world of an order whose size the venue changes, of any size, lag and most."""
    wide = SizeBounds(size=WIDE, most=WIDE, lag=WIDE)
    return _opened(
        "sizes",
        resized_order(design, wide),
        lambda: SizeWorld(bounds=_unknown(wide), keeps=design.keeps),
        {"size": 1, "most": 1, "lag": 0},
        {"original": 0},
        size_fields,
        SizeBounds,
    )


def open_world(
    name: str, design: Design, bounds: AnyBounds, *, bare: bool | None = None
) -> OpenWorld:
    """Return the world of some bounds with its sizes, timers and delays unknown.

    `name` says whether orders are "foreign" or "waiting"; of named fills it is kept how many there
    are, and whether a position is taken over or a fill taken back.
    """
    if isinstance(bounds, SizeBounds):
        return open_sizes(design)
    if isinstance(bounds, MemoryBounds):
        return open_fills(
            design, fills=bounds.fills, rebase=bounds.rebase, reversal=bounds.reversal
        )
    if isinstance(bounds, NameBounds):
        return open_names(design, orders=bounds.orders)
    if isinstance(bounds, RequestBounds):
        return open_requests(design)
    if name.startswith("foreign"):
        return open_foreign(design, bounds)
    if name == "waiting":
        return open_waiting(design, bounds)
    return open_order(design, bounds, bare=bare)


def _opened(
    name: str,
    base: System,
    create: Callable[[], Any],
    constants: dict[str, int],
    flags: dict[str, int],
    domains: Callable[[Any], Iterator[Field]],
    about: type[Any],
) -> OpenWorld:
    choice = [CHOICE] if name == "order" else []
    fields = [
        *base.fields,
        *(Field(f"bounds.{n}", WIDE, n.replace("_", " ")) for n in constants),
        *(Field(f"bounds.{n}", 2, n.replace("_", " ")) for n in flags),
        *(Field(path, WIDE, "taken on arrival") for path in choice),
    ]
    return OpenWorld(
        name,
        attrs.evolve(base, fields=tuple(fields), create=create),
        frozenset(f.path for f in fields if f.words is None and f.size > 2),
        {f"bounds.{n}": least for n, least in (constants | flags).items()},
        lambda world: domains(world.bounds),
        tuple(a for a in ASSUMPTIONS if a.about is about),
    )


def _order_world(design: Design, wide: Bounds) -> World:
    bounds = _unknown(wide)
    bounds.taken = 0
    return World(bounds=bounds, keeps=design.keeps, tracker=design.tracker)


def _widened(faults: Bounds) -> Bounds:
    """Return bounds with every number that is to be unknown stood for by a wide one."""
    return attrs.evolve(
        faults,
        size=WIDE,
        new_size=WIDE,
        duplicates=WIDE if faults.duplicates else 0,
        reconnect=False,
        timers=Timers(**dict.fromkeys(_names(Timers), WIDE)),
        delays=Delays(**dict.fromkeys(_names(Delays), WIDE)),
    )


def _names(of: type) -> tuple[str, ...]:
    return tuple(field.name for field in attrs.fields(of))


def _timing() -> dict[str, int]:
    """Return the timers and delays with the least values that the configuration admits."""
    least = {f"timers.{f.name}": cast(Any, f.validator).bound for f in attrs.fields(Timers)}
    return least | {f"delays.{name}": 0 for name in _names(Delays)}


def _unknown(bounds: AnyBounds) -> Any:
    """Return something with the same names that takes any value, symbolic ones too."""
    values = {f.name: getattr(bounds, f.name) for f in attrs.fields(type(bounds))}
    for name, value in values.items():
        if isinstance(value, Timers | Delays):
            values[name] = SimpleNamespace(**attrs.asdict(value))
    return SimpleNamespace(**values)


def _with_choice(action: Action) -> Action | None:
    """Return an action for proofs: one arrival for all amounts taken, and no reconnect."""
    name, _, leg = action.name.partition(":")
    if name == "reconnect":
        return None
    if not name.startswith("arrive-"):
        return action
    if name != "arrive-0":
        return None
    return attrs.evolve(action, name=f"arrive:{leg}", parts=(partial(_arrive, i="ab".index(leg)),))


def _arrive(w: World, i: int) -> bool:
    taken = cast(Any, w.bounds).taken
    if taken < 0 or w.size(i) < taken:
        return False
    return venue.arrive(w, i, taken)
