"""The named properties, each a sentence and the predicates that it comes to in each world.

A safety check is of a state or of a step; a check of the settled state is of what a state comes
to once the environment goes quiet.
"""

from collections.abc import Callable, Iterator
from enum import Enum
from functools import partial
from typing import Any

import attrs

from truebook.model import foreign, lifecycle
from truebook.model import world as own
from truebook.model.foreign import ForeignWorld
from truebook.model.memory import MemoryWorld
from truebook.model.system import Action, System
from truebook.model.vocabulary import LIVE, UNBOUND, Cancel, Event, OrderState, Venue
from truebook.model.world import World


@attrs.frozen
class Property:
    """What must hold of a book, as a sentence."""

    name: str
    sentence: str


PROPERTIES: tuple[Property, ...] = (
    Property(
        "tracked-or-in-grace",
        "Every order of ours open at the venue is tracked, pending, or an orphan in its grace.",
    ),
    Property("position-is-unique-fills", "The position is the sum of the distinct fills told."),
    Property("no-fill-twice", "No fill is counted more than once."),
    Property(
        "filled-is-its-fills",
        "What an order shows as filled is at least its fills told and at most what has executed.",
    ),
    Property("state-agrees-with-fills", "An order's state agrees with what it shows as filled."),
    Property(
        "transitions-in-table",
        "Every change of an order's state is a row of the lifecycle table; terminal is final.",
    ),
    Property(
        "no-false-orphan",
        "The book never asks to cancel as an orphan an order that is ours and wanted, nor one "
        "still in its grace.",
    ),
    Property("no-live-order-dropped", "An order known to the book is not closed while it is open."),
    Property("identity", "A cloid resolves to its oid, and to one chain of oids."),
    Property(
        "exposure-bounds-truth",
        "Position, exposure and unsettled together bound what has traded and what still can.",
    ),
    Property(
        "orphan-cancelled-once",
        "An orphan is asked to be cancelled again only after that request failed.",
    ),
    Property("replay-harmless", "Delivering a fill again changes nothing in the book."),
    Property("confluence", "Messages commute, and repeat harmlessly."),
    Property("exposure-is-tight", "Nothing known not to exist is counted in the exposure."),
    Property("nothing-leaks", "Once quiet, the book holds nothing of an order that is over."),
    Property(
        "convergence",
        "Once quiet, the book shows the venue's open orders and position, and nothing is pending.",
    ),
)

CONFLUENCE_EXCEPTION = (
    "Two snapshots that show a foreign order differently do not commute: the one without it starts "
    "its grace afresh, and asking to cancel it is an act that later news cannot take back."
)

PROPERTY_NAMES: tuple[str, ...] = tuple(p.name for p in PROPERTIES)


class Kind(Enum):
    """What a check looks at."""

    STATE = "state"
    STEP = "step"
    SETTLED = "settled"
    COMMUTE = "commute"
    REPEAT = "repeat"


def _always(*_: Any) -> bool:
    return True


@attrs.frozen
class Check:
    """One part of a property in one world, in words, as a predicate that must be true.

    STATE and SETTLED predicates take a world; STEP predicates the world before, the world after
    and the action. The others have none: for COMMUTE the engine compares both orders of the two
    `actions`; for REPEAT it puts the message of the action back on the wire, delivers it again,
    and compares the book.
    """

    property: str
    part: str
    kind: Kind
    holds: Callable[..., bool] = attrs.field(default=_always, repr=False)
    actions: tuple[str, ...] = ()
    order: int = 0


def checks_of(system: System) -> tuple[Check, ...]:
    """Return every check of a system, in the order of PROPERTIES; `order` is whose it is."""
    if system.orders:
        checks = [
            _on_order(check, k, system)
            for k, order in enumerate(system.orders)
            for check in checks_of(order)
        ]
        return tuple(sorted(checks, key=lambda check: PROPERTY_NAMES.index(check.property)))
    makers = {"order": _order_checks, "foreign": _foreign_checks, "memory": _memory_checks}
    checks = [*makers[system.name](system), *_commute_checks(system)]
    return tuple(sorted(checks, key=lambda check: PROPERTY_NAMES.index(check.property)))


def _on_order(check: Check, k: int, system: System) -> Check:
    """Return a check of one order as a check of the composition that it is part of."""
    names = {action.name for action in system.actions}
    name = f"o{k}"
    if check.kind is Kind.STEP:

        def holds(before: Any, after: Any, action: Action) -> bool:
            mine = attrs.evolve(action, name=action.name.removeprefix(f"{k + 1}."))
            if not action.shared and mine.name == action.name:
                return True  # an action of another order
            return check.holds(getattr(before, name), getattr(after, name), mine)
    else:

        def holds(world: Any) -> bool:  # type: ignore[misc]
            return check.holds(getattr(world, name))

    return attrs.evolve(
        check,
        part=f"order {k + 1}: {check.part}",
        holds=holds,
        actions=tuple(a if a in names else f"{k + 1}.{a}" for a in check.actions),
        order=k,
    )


def _commute_checks(system: System) -> Iterator[Check]:
    messages = [action for action in system.actions if action.message]
    for i, one in enumerate(messages):
        for other in messages[i + 1 :]:
            if system.name == "foreign" and one.shared and other.shared:
                continue  # see CONFLUENCE_EXCEPTION
            yield Check(
                "confluence",
                f"'{one.words}' and '{other.words}' come to the same in either order",
                Kind.COMMUTE,
                actions=(one.name, other.name),
            )
    for message in messages:
        if message.wire:
            yield Check(
                "confluence",
                f"'{message.words}' told twice in a row comes to the same as once",
                Kind.REPEAT,
                actions=(message.name,),
            )


# One order of ours


def _order_checks(system: System) -> Iterator[Check]:
    legs = len(system.create().legs)
    for i in range(legs):
        order = ("the order", "the new order")[i]
        for name, part, holds in (
            ("tracked-or-in-grace", "{} is open at the venue and unknown to the book", _known),
            ("filled-is-its-fills", "{} shows less than its fills or more than executed", _filled),
            ("filled-is-its-fills", "{} shows more than its size, unreported", _no_overfill),
            ("state-agrees-with-fills", "the state of {} contradicts its fills", _agrees),
            ("no-live-order-dropped", "{} is open at the venue and closed in the book", _kept),
            ("identity", "the cloid of {} does not resolve to it", _resolves),
            ("exposure-is-tight", "{} is known to be over and is counted or shown live", _tight),
            ("exposure-is-tight", "{} counts for more than its size", _tight_size),
            ("nothing-leaks", "the book still holds {}, which is over", _no_leak),
            ("convergence", "{} is open at the venue and not shown so", _settled_open),
            ("convergence", "{} is shown open or pending and is not open", _settled_gone),
        ):
            settled = name in ("nothing-leaks", "convergence")
            kind = Kind.SETTLED if settled else Kind.STATE
            yield Check(name, part.format(order), kind, partial(holds, i=i))
        yield Check(
            "no-false-orphan",
            f"{order} is ours, open, and asked to be cancelled as an orphan",
            Kind.STEP,
            partial(_no_false_orphan, i=i),
        )
        yield Check(
            "transitions-in-table",
            f"the state of {order} changes in a way that the table does not have",
            Kind.STEP,
            partial(_in_table, i=i),
        )
    part = "the position is not the fills told"
    yield Check("position-is-unique-fills", part, Kind.STATE, _position)
    part = "the position is more than has executed"
    yield Check("no-fill-twice", part, Kind.STATE, _not_twice)
    part = "more can have traded than the book says"
    yield Check("exposure-bounds-truth", part, Kind.STATE, _bounded)
    if legs == 2:
        yield Check("identity", "both orders of the cloid are shown live", Kind.STATE, _one_live)
        part = "the order is known to be replaced and is still counted"
        yield Check("exposure-is-tight", part, Kind.STATE, _replaced_uncounted)
    yield Check("convergence", "the position is not the venue's", Kind.SETTLED, _settled_position)
    yield Check("replay-harmless", "a replay changed the book", Kind.STEP, _replay_harmless)


def _known(w: World, i: int) -> bool:
    record = w.records[i]
    if w.legs[i].status != Venue.OPEN:
        return True
    if record.state not in (OrderState.ABSENT, OrderState.DEAD):
        return True
    if i == 1 and w.records[0].state in LIVE and not w.legs[1].named:
        # A modify that the book does not know to have happened is carried by the old order.
        return True
    return record.candidate != 0 and record.candidate < w.bounds.timers.grace + 2


def _position(w: World) -> bool:
    return w.position == _told(w)


def _told(w: World) -> int:
    total = 0
    for leg in w.legs:
        total = total + leg.taker_told + leg.maker_told
    return total


def _executed(w: World) -> int:
    total = 0
    for leg in w.legs:
        total = total + leg.executed
    return total


def _not_twice(w: World) -> bool:
    return not _executed(w) < w.position


def _filled(w: World, i: int) -> bool:
    record, leg = w.records[i], w.legs[i]
    if record.state in UNBOUND:
        return True
    shown = w.tracker.filled(w, i)
    return not shown < leg.taker_told + leg.maker_told and not leg.executed < shown


def _no_overfill(w: World, i: int) -> bool:
    record = w.records[i]
    return record.state in UNBOUND or not record.size < w.tracker.filled(w, i)


def _agrees(w: World, i: int) -> bool:
    record = w.records[i]
    if record.state in UNBOUND:
        return True
    filled = w.tracker.filled(w, i)
    if record.state in (OrderState.FILLED, OrderState.FILLED_DURING_CANCEL):
        return not filled < record.size
    if record.state == OrderState.RESTING:
        return filled == 0
    if record.state == OrderState.PARTIALLY_FILLED and filled == 0:
        return False
    return filled < record.size


def _kept(w: World, i: int) -> bool:
    if w.legs[i].status != Venue.OPEN or not w.legs[i].named:
        return True
    return w.records[i].state in LIVE or w.records[i].state == OrderState.PENDING


def _resolves(w: World, i: int) -> bool:
    if not w.legs[i].named:
        return True
    if w.legs[i].status != Venue.OPEN and w.records[i].state == OrderState.ABSENT:
        return True
    return w.records[i].mapped == 1


def _one_live(w: World) -> bool:
    return w.records[0].state not in LIVE or w.records[1].state not in LIVE


def _bounded(w: World) -> bool:
    most = w.position
    truth = _executed(w)
    for i in range(len(w.legs)):
        most = most + w.tracker.exposure(w, i) + w.tracker.unsettled(w, i)
        truth = truth + own.remaining(w, i)
    return not most < truth


def _tight(w: World, i: int) -> bool:
    if not w.legs[i].ended_told:
        return True
    return w.records[i].state not in LIVE and w.tracker.exposure(w, i) == 0


def _replaced_uncounted(w: World) -> bool:
    return not w.legs[1].named or w.tracker.exposure(w, 0) == 0


def _tight_size(w: World, i: int) -> bool:
    record, leg = w.records[i], w.legs[i]
    if record.state in UNBOUND:
        return True
    counted = w.tracker.exposure(w, i) + w.tracker.unsettled(w, i)
    return not w.size(i) < leg.taker_told + leg.maker_told + counted


def _no_false_orphan(before: World, after: World, action: Action, i: int) -> bool:
    if after.legs[i].status != Venue.OPEN or before.records[i].orphan_asked:
        return True
    return after.records[i].orphan_asked == 0


def _in_table(before: World, after: World, action: Action, i: int) -> bool:
    was, now = before.records[i].state, after.records[i].state
    if was == now:
        return True
    if action.event is not None and action.leg in (None, i):
        if _is_row(action.event, was, now):
            return True
        if action.name == "reconnect" and _are_two_rows(action.event, was, now):
            return True
    # What binds the new leg of a modify closes the old one.
    return i == 0 and action.leg != 0 and _is_row(Event.REPLACED, was, now)


def _is_row(event: Event, was: int, now: int) -> bool:
    for state in OrderState:
        if was == state:
            return now in lifecycle.targets(event, state)
    return False


def _are_two_rows(event: Event, was: int, now: int) -> bool:
    """A replay delivers several fills at once, and each may change the state."""
    for state in OrderState:
        if was == state:
            for between in lifecycle.targets(event, state):
                if now in lifecycle.targets(event, between):
                    return True
    return False


def _replay_harmless(before: World, after: World, action: Action) -> bool:
    if action.event != Event.FILLED:
        return True
    told = _told(after) - _told(before)
    if told == 0 and not _same_book(before, after):
        return False
    return after.position == before.position + told


def _same_book(one: World, other: World) -> bool:
    if one.position != other.position:
        return False
    for i in range(len(one.records)):
        a, b = one.records[i], other.records[i]
        for name in own.RECORD_FIELDS:
            if getattr(a, name) != getattr(b, name):
                return False
    return True


def _no_leak(w: World, i: int) -> bool:
    record = w.records[i]
    if w.legs[i].status in (Venue.OPEN, Venue.UNSENT):
        return True
    return record.state == OrderState.ABSENT and record.mapped == 0 and record.candidate == 0


def _settled_open(w: World, i: int) -> bool:
    if w.legs[i].status != Venue.OPEN:
        return True
    if w.records[i].state not in (OrderState.RESTING, OrderState.PARTIALLY_FILLED):
        return False
    return w.tracker.filled(w, i) == w.legs[i].executed


def _settled_gone(w: World, i: int) -> bool:
    if w.legs[i].status == Venue.OPEN:
        return True
    return w.records[i].state not in LIVE and w.records[i].state != OrderState.PENDING


def _settled_position(w: World) -> bool:
    return w.position == _executed(w)


# A foreign order


def _foreign_checks(system: System) -> Iterator[Check]:
    order = "the foreign order"
    for name, part, kind, holds in (
        ("no-false-orphan", f"{order} is asked to be cancelled in its grace", Kind.STATE, _grace),
        ("exposure-bounds-truth", f"{order} is listed and not counted", Kind.STATE, _counted),
        ("orphan-cancelled-once", f"{order} is asked to be cancelled again", Kind.STATE, _once),
        ("exposure-is-tight", f"{order} is known to be over and counted", Kind.STATE, _uncounted),
        ("nothing-leaks", f"the book still holds {order}", Kind.SETTLED, _foreign_no_leak),
        ("convergence", f"{order} is still open", Kind.SETTLED, _foreign_gone),
    ):
        yield Check(name, part, kind, holds)


def _grace(w: ForeignWorld) -> bool:
    return not w.asked_early


def _counted(w: ForeignWorld) -> bool:
    return w.seen == 0 or w.status != Venue.OPEN or foreign.exposure(w) == 1


def _once(w: ForeignWorld) -> bool:
    return not w.asked_again


def _uncounted(w: ForeignWorld) -> bool:
    return not w.ended_told or foreign.exposure(w) == 0


def _foreign_no_leak(w: ForeignWorld) -> bool:
    return w.status == Venue.OPEN or (w.candidate == 0 and not w.asked)


def _foreign_gone(w: ForeignWorld) -> bool:
    return w.status != Venue.OPEN and w.cancel == Cancel.NONE


# Named fills


def _memory_checks(system: System) -> Iterator[Check]:
    yield Check(
        "position-is-unique-fills",
        "the position is not the fills told or rebased over",
        Kind.STATE,
        _memory_position,
    )
    yield Check(
        "no-fill-twice", "the position is more than has executed", Kind.STATE, _memory_not_twice
    )
    yield Check("replay-harmless", "a replay changed the position", Kind.STEP, _memory_replay)
    yield Check("convergence", "the position is not the venue's", Kind.SETTLED, _memory_settled)


def _memory_position(w: MemoryWorld) -> bool:
    counted = 0
    for fill in w.fills:
        if fill.time != 0 and (fill.told or fill.time < w.rebased):
            counted = counted + 1
    return w.position == counted


def _memory_executed(w: MemoryWorld) -> int:
    executed = 0
    for fill in w.fills:
        if fill.time != 0:
            executed = executed + 1
    return executed


def _memory_not_twice(w: MemoryWorld) -> bool:
    return not _memory_executed(w) < w.position


def _memory_replay(before: MemoryWorld, after: MemoryWorld, action: Action) -> bool:
    return not action.name.startswith("tell-again") or before.position == after.position


def _memory_settled(w: MemoryWorld) -> bool:
    return w.position == _memory_executed(w)
