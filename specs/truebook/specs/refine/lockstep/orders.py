"""The orders of a run in lockstep: ours and foreign ones, each with its world and its actions."""

from decimal import Decimal
from functools import cache
from typing import TypeAlias

import attrs

from truebook.impl import ListedOrder
from truebook.model import foreign
from truebook.model.config import Bounds, Delays
from truebook.model.designs import REFERENCE
from truebook.model.foreign import ForeignWorld
from truebook.model.own import own_order
from truebook.model.strangers import foreign_order
from truebook.model.system import Action, System
from truebook.model.vocabulary import CLOSED, Cancel, OrderState
from truebook.specs.properties import Check, checks_of
from truebook.specs.refine.foreign_and_fills import ORPHAN, orphan_knowledge
from truebook.specs.refine.lockstep.order_pair import Pair, Placing, Shared
from truebook.specs.refine.one_order import answer_cancel, is_refusal
from truebook.specs.refine.replay import Difference
from truebook.specs.scenarios import EVERYTHING

ALWAYS = attrs.evolve(
    EVERYTHING, duplicates=1_000_000, reconnect=True, lie=True, delays=Delays(lag=1)
)
"""Bounds under which everything can go wrong, as often as it likes."""
FOREIGN_PRICE = Decimal(9)
"""One that no order of ours has, so that none can be taken for another."""
NOTHING = Decimal(0)

Counted: TypeAlias = tuple[Decimal, Decimal, Decimal]
"""What an order adds to the position (bought), the exposure, and what is unsettled."""


@attrs.frozen
class Actions:
    """The actions of a system by name: those of the order and those shared by all; its checks."""

    system: System
    own: dict[str, Action]
    shared: dict[str, Action]
    checks: tuple[Check, ...]


def _actions(system: System) -> Actions:
    return Actions(
        system,
        {action.name: action for action in system.actions if not action.shared},
        {action.name: action for action in system.actions if action.shared},
        checks_of(system),
    )


@cache
def actions_of_ours(size: int, new_size: int, bare: bool) -> Actions:
    """Return the actions of an order of ours; those for all are the same whatever its sizes."""
    bounds = attrs.evolve(ALWAYS, size=size, new_size=new_size, bare=bare)
    return _actions(own_order(REFERENCE, bounds))


@cache
def _actions_of_foreign() -> Actions:
    return _actions(foreign_order(REFERENCE, ALWAYS))


class Ours:
    """An order of ours."""

    def __init__(self, placing: Placing, bounds: Bounds, shared: Shared) -> None:
        size, new_size, bare = placing.size, placing.new_size, placing.bare
        self.actions = actions_of_ours(size, new_size, bare)
        bounds = attrs.evolve(bounds, size=size, new_size=new_size, bare=bare)
        self.pair = Pair(placing, bounds, shared)
        self.world = self.pair.world
        self.buy = placing.buy
        self.counted: Counted = self.pair.counted()

    def __str__(self) -> str:
        return str(self.pair.placing)

    def happen(self, action: Action) -> bool:
        """Let an action of its own happen to it and the book; return False where it cannot."""
        if not self._is_in_time(action.name) or not action.run(self.world):
            return False
        self.pair.execute()
        return True

    def differences(self) -> list[Difference]:
        """Return what the book shows of it otherwise than the model; note what it counts for."""
        self.counted = self.pair.counted()
        return self.pair.differences()

    @property
    def is_forgotten(self) -> bool:
        """Whether a leg with fills may be forgotten for a false word."""
        return bool(self.world.lied) and any(
            record.state == OrderState.ABSENT and leg.executed != 0
            for record, leg in zip(self.world.records, self.world.legs, strict=True)
        )

    def is_beyond(self, slot: str) -> bool:
        """Return whether a listing has less left of an order than a false end: `beyond_lies`."""
        snapshot, lag = getattr(self.world, slot), self.world.bounds.timers.lag
        return bool(self.world.lied) and any(
            view.listed
            and record.state in CLOSED
            and not lag + snapshot.age < record.closed_age
            and record.stated < view.filled
            for record, view in zip(self.world.records, snapshot.views, strict=True)
        )

    def _is_in_time(self, action: str) -> bool:
        """Return whether a fill can be told now, or too many would overtake another."""
        kind, _, leg = action.partition("-fill:")
        world = self.world
        if not leg:
            # See `beyond_lies`; and fills without our cloid do not wait for what was refused.
            modified = world.records[1].state != OrderState.ABSENT
            unnamed = world.bounds.bare and action.startswith("lie-refused")
            return not unnamed and not (modified and is_refusal(action, world.a.status))
        if world.lied and world.records["ab".index(leg)].state == OrderState.ABSENT:
            return False  # see `beyond_lies`
        time = self.pair.next_fill("ab".index(leg), kind == "taker")
        return time is not None and self.pair.shared.can_tell(time)


class Foreign:
    """An order of our account that nobody here placed, of a size of its own."""

    def __init__(self, number: int, bounds: Bounds, shared: Shared) -> None:
        self.oid = f"foreign {number}"
        self.actions = _actions_of_foreign()
        self.world = ForeignWorld(bounds=bounds, keeps=REFERENCE.keeps)
        self.buy = number % 2 == 0
        self.counted: Counted = (NOTHING, NOTHING, NOTHING)
        self._size = Decimal(number + 1)
        self._shared = shared

    def __str__(self) -> str:
        return f"{self.oid} ({'buy' if self.buy else 'sell'} {self._size})"

    def happen(self, action: Action) -> bool:
        """Let an action of its own happen to it, and the book; return False where it cannot."""
        cancel, book = self.world.cancel, self._shared.book
        if not action.run(self.world):
            return False
        lies = {"lie-no-cancel": Cancel.REFUSED, "lie-cancel": Cancel.NOT_OPEN}
        if action.name in lies:
            answer_cancel(book, self.oid, lies[action.name])
        elif action.message:
            answer_cancel(book, self.oid, cancel)
        return True

    def listed(self) -> ListedOrder:
        """Return it as a listing has it; it has no cloid."""
        side = "buy" if self.buy else "sell"
        return ListedOrder(
            self.oid, None, side, price=FOREIGN_PRICE, remaining=self._size, size=self._size
        )

    def differences(self) -> list[Difference]:
        """Return what the book shows of it otherwise than the model; note what it counts for."""
        world, book = self.world, self._shared.book
        self.counted = (NOTHING, self._size * foreign.exposure(world), NOTHING)
        orphans = {orphan.oid: orphan for orphan in book.get_orphans()}
        shown = orphan_knowledge(orphans.get(self.oid), world.bounds.timers, book.now)
        return [
            Difference(f"{self}: {path.replace('_', ' ')}", getattr(world, path), shown[path])
            for path in ORPHAN
            if shown[path] != getattr(world, path)
        ]


Member: TypeAlias = Ours | Foreign
