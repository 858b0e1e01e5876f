"""The checks of the world of names."""

from collections.abc import Iterator

from truebook.model.names import Known, NameWorld
from truebook.model.system import Action, System
from truebook.model.vocabulary import Venue
from truebook.specs.properties.sentences import Check, Kind

AGAIN = ("tell-again", "tell-otherwise")


def names_checks(system: System) -> Iterator[Check]:
    """Yield the checks of the world of names."""
    yield Check(
        "tracked-or-in-grace", "an open order is neither known nor pending", Kind.STATE, tracked
    )
    yield Check(
        "position-is-unique-fills", "the position is not the fills told", Kind.STATE, position_is
    )
    yield Check("no-fill-twice", "the position is more than has executed", Kind.STATE, not_twice)
    yield Check("identity", "a request is bound to another order's oid", Kind.STATE, own_oids)
    yield Check("replay-harmless", "a fill told again changed something", Kind.STEP, _harmless)
    yield Check(
        "replay-harmless", "a fill told otherwise is not reported", Kind.STATE, differences_said
    )
    yield Check("convergence", "the book does not show what is at the venue", Kind.SETTLED, _shown)


def tracked(w: NameWorld) -> bool:
    """Return whether every order that is open is pending, or bound to its own oid."""
    for k in range(len(w.lives)):
        life = w.lives[k]
        known = life.book == Known.PENDING or (life.book == Known.LIVE and life.oid == k + 1)
        if life.status == Venue.OPEN and not known:
            return False
    return True


def position_is(w: NameWorld) -> bool:
    """Return whether the position is the fills told."""
    told = 0
    for life in w.lives:
        told = told + life.told
    return w.position == told


def not_twice(w: NameWorld) -> bool:
    """Return whether no more is counted than has executed."""
    executed = 0
    for life in w.lives:
        executed = executed + life.filled
    return not executed < w.position


def own_oids(w: NameWorld) -> bool:
    """Return whether each request is bound to no oid but its own."""
    return all(w.lives[k].oid == 0 or w.lives[k].oid == k + 1 for k in range(len(w.lives)))


def differences_said(w: NameWorld) -> bool:
    """Return whether every fill that was told otherwise is reported."""
    return all(life.said or not life.other for life in w.lives)


def _harmless(before: NameWorld, after: NameWorld, action: Action) -> bool:
    if not action.name.startswith(AGAIN):
        return True
    if before.position != after.position:
        return False
    return all(
        one.book == other.book and one.oid == other.oid
        for one, other in zip(before.lives, after.lives, strict=True)
    )


def _shown(w: NameWorld) -> bool:
    executed = 0
    for life in w.lives:
        executed = executed + life.filled
        if life.book == Known.PENDING:
            return False
        if life.status == Venue.OPEN and life.book != Known.LIVE:
            return False
    return w.position == executed
