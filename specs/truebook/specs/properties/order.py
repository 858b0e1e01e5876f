"""The checks of one order of ours."""

from collections.abc import Iterator
from functools import partial

from truebook.model import lifecycle
from truebook.model.system import Action, System
from truebook.model.vocabulary import CLOSED, LIVE, UNBOUND, Event, OrderState, Venue
from truebook.model.world import RECORD_FIELDS, World, remaining
from truebook.specs.properties.recovery import recovery_checks, shown_gone, shown_open
from truebook.specs.properties.sentences import Check, Kind


def order_checks(system: System) -> Iterator[Check]:
    """Yield the checks of one order of ours."""
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
            ("convergence", "{} is open at the venue and not shown so", shown_open),
            ("convergence", "{} is shown open or pending and is not open", shown_gone),
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
    yield Check("position-is-unique-fills", part, Kind.STATE, position_is_told)
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
    yield from recovery_checks(system)


def _known(w: World, i: int) -> bool:
    record = w.records[i]
    if w.legs[i].status != Venue.OPEN or w.misled:
        return True
    if record.state not in (OrderState.ABSENT, OrderState.DEAD):
        return True
    if i == 1 and w.records[0].state in LIVE and not w.legs[1].named:
        # A modify that the book does not know to have happened is carried by the old order.
        return True
    return record.candidate != 0 and record.candidate < w.bounds.timers.grace + 2


def position_is_told(w: World) -> bool:
    """Return whether the position is the fills told."""
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
    if record.state in UNBOUND or _amount_may_be_false(w, i):
        return True
    shown = w.tracker.filled(w, i)
    return not shown < _recorded(w, i) and not leg.executed < shown


def _recorded(w: World, i: int) -> int:
    """Return the fills of a leg that its record must have: all that were told.

    But those that came after the window of a false end, or before the order was forgotten for it,
    are in the position alone.
    """
    leg, record = w.legs[i], w.records[i]
    if w.lied:
        return record.taker + record.maker
    return leg.taker_told + leg.maker_told


def _amount_may_be_false(w: World, i: int) -> bool:
    """Return whether a false word of what has filled may stand.

    Of an order that ended while the book was misled no true word corrects it.
    """
    return bool(w.misled or (w.lied and w.records[i].state in CLOSED))


def _no_overfill(w: World, i: int) -> bool:
    record = w.records[i]
    if record.state in UNBOUND or _amount_may_be_false(w, i):
        return True
    return not record.size < w.tracker.filled(w, i)


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
    if w.legs[i].status != Venue.OPEN or not w.legs[i].named or w.misled:
        return True
    return w.records[i].state in LIVE or w.records[i].state == OrderState.PENDING


def _resolves(w: World, i: int) -> bool:
    if not w.legs[i].named or w.misled:
        return True
    if w.legs[i].status != Venue.OPEN and w.records[i].state == OrderState.ABSENT:
        return True
    return w.records[i].mapped == 1


def _one_live(w: World) -> bool:
    if w.misled or w.records[0].disputed or w.records[1].disputed:
        # What a listing contradicts is counted until a listing tells.
        return True
    return w.records[0].state not in LIVE or w.records[1].state not in LIVE


def _bounded(w: World) -> bool:
    if w.misled:
        return True
    most = w.position
    truth = _executed(w)
    for i in range(len(w.legs)):
        most = most + w.tracker.exposure(w, i) + w.tracker.unsettled(w, i)
        truth = truth + remaining(w, i)
    return not most < truth


def _tight(w: World, i: int) -> bool:
    if not w.legs[i].ended_told or w.misled or w.records[i].disputed:
        return True
    return w.records[i].state not in LIVE and w.tracker.exposure(w, i) == 0


def _replaced_uncounted(w: World) -> bool:
    if not w.legs[1].named or w.misled or w.records[0].disputed:
        return True
    return w.tracker.exposure(w, 0) == 0


def _tight_size(w: World, i: int) -> bool:
    record = w.records[i]
    if record.state in UNBOUND or record.disputed or _amount_may_be_false(w, i):
        return True
    counted = w.tracker.exposure(w, i) + w.tracker.unsettled(w, i)
    return not w.size(i) < _recorded(w, i) + counted


def _no_false_orphan(before: World, after: World, action: Action, i: int) -> bool:
    if after.legs[i].status != Venue.OPEN or before.records[i].orphan_asked:
        return True
    return after.records[i].orphan_asked == 0


def _in_table(before: World, after: World, action: Action, i: int) -> bool:
    was, now = before.records[i].state, after.records[i].state
    if was == now:
        return True
    disputed = after.bounds.lie
    if action.event is not None and action.leg in (None, i):
        if _is_row(action.event, was, now, disputed):
            return True
        twice = (action.event, action.event)
        if action.name == "reconnect" and _are_two_rows(*twice, was, now, disputed):
            return True
    if i == 1 or action.leg == 0:
        return False
    # What binds the new leg of a modify closes the old one; a listing with both opens it
    # before.
    both = (Event.LISTED, Event.REPLACED)
    if disputed and action.event == Event.LISTED and _are_two_rows(*both, was, now, disputed):
        return True
    return _is_row(Event.REPLACED, was, now, disputed)


def _is_row(event: Event, was: int, now: int, disputed: bool) -> bool:
    for state in OrderState:
        if was == state:
            return now in lifecycle.targets(event, state, disputed=disputed)
    return False


def _are_two_rows(event: Event, then: Event, was: int, now: int, disputed: bool) -> bool:
    """Return whether two events of one step, as the fills of a replay, change the state so."""
    for state in OrderState:
        if was == state:
            for between in lifecycle.targets(event, state, disputed=disputed):
                if now in lifecycle.targets(then, between, disputed=disputed):
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
        for name in RECORD_FIELDS:
            if getattr(a, name) != getattr(b, name):
                return False
    return True


def _no_leak(w: World, i: int) -> bool:
    record = w.records[i]
    if w.legs[i].status in (Venue.OPEN, Venue.UNSENT):
        return True
    return record.state == OrderState.ABSENT and record.mapped == 0 and record.candidate == 0


def _settled_position(w: World) -> bool:
    return w.position == _executed(w)
