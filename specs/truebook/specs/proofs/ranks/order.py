"""Ranks of an order of ours: in how many quiet rounds it is shown as it is, and is forgotten."""

from collections.abc import Callable, Iterator
from functools import partial

from truebook.model.vocabulary import (
    CLOSED,
    LIVE,
    Answer,
    Cancel,
    OrderState,
    Picture,
    Venue,
)
from truebook.model.world import World
from truebook.specs.proofs.ranks.rank import Fact, Limit, Loop, Quiet, Rank
from truebook.specs.properties import rounds_to_recover


def order_quiet(w: World) -> Quiet:
    """Return what is proved of the quiet rounds of an order of ours."""
    legs = range(len(w.legs))
    shown = Rank(
        "until its request and its cancel are settled, and a listing is new enough to end it",
        _most(_until_shown),
        (
            Limit(("convergence",), "max(E, 1) + L + 1", lambda w: _until_right(w) + 1),
            Limit(
                ("recovers",),
                "max(E, min(L, 1)) + L + 1",
                lambda w: rounds_to_recover(w.bounds.timers),
                ("lag",),
            ),
        ),
    )
    forgotten = Rank(
        "until it is shown as it is, and then until the fill window and the tombstone are over",
        _most(_until_forgotten),
        (
            Limit(
                ("nothing-leaks",),
                "max(E, 1) + L + 1 + fill window + tombstone",
                lambda w: _until_right(w) + _kept_for(w) + 1,
            ),
        ),
    )
    return Quiet(
        tuple(_facts(w)),
        (shown, forgotten),
        tuple(fact for i in legs for fact in _delivered(i)) + tuple(_pictures(w)),
        tuple(loop for i in legs for loop in _loops(i)),
    )


def _delivered(i: int) -> Iterator[Fact]:
    leg, order = "ab"[i], ("the order", "the new order")[i]
    for name, holds, once in (
        ("no request of {} is on its way", _no_request, (f"arrive:{leg}", f"refuse:{leg}")),
        ("no answer to it", _no_answer, (f"answer:{leg}",)),
        ("no cancel of {} is on its way", _no_cancel_sent, (f"cancel:{leg}",)),
        ("no answer to a cancel of {}", _no_cancel, (f"answer-cancel:{leg}",)),
        ("no fill of {}", _no_fill, (f"maker-fill:{leg}",)),
    ):
        yield Fact(name.format(order), partial(holds, i=i), once)


def _pictures(w: World) -> Iterator[Fact]:
    for n in range(len(w.snapshots)):
        slot = ("first", "second")[n]
        of = ("", ", of the second")[n]
        taken, handed = f"take-snapshot:{slot}", f"process-snapshot:{slot}"
        yield Fact(f"no listing is to be taken{of}", partial(_none_asked, n=n), (taken,))
        yield Fact(f"no listing but one taken early{of}", partial(_no_picture, n=n), (handed,))


def _loops(i: int) -> Iterator[Loop]:
    leg = "ab"[i]
    yield Loop(f"taker-fill:{leg}", partial(_takers_left, i=i), partial(_size, i=i))
    yield Loop(f"maker-fill:{leg}", partial(_makers_left, i=i), partial(_size, i=i))


def _facts(w: World) -> Iterator[Fact]:
    if w.snapshots:
        yield Fact("no listing is on its way", lambda w: w.first.phase == Picture.IDLE)


def _no_request(w: World, i: int) -> bool:
    return w.legs[i].status != Venue.SENT


def _no_answer(w: World, i: int) -> bool:
    return w.legs[i].answer != Answer.COMING


def _no_cancel(w: World, i: int) -> bool:
    return w.legs[i].cancel == Cancel.NONE


def _no_cancel_sent(w: World, i: int) -> bool:
    return w.legs[i].cancel != Cancel.SENT


def _no_fill(w: World, i: int) -> bool:
    leg = w.legs[i]
    return leg.taker_told == leg.taken and leg.maker_told == leg.executed - leg.taken


def _none_asked(w: World, n: int) -> bool:
    return w.snapshots[n].phase != Picture.REQUESTED


def _no_picture(w: World, n: int) -> bool:
    return w.snapshots[n].phase in (Picture.IDLE, Picture.EARLY)


def _takers_left(w: World, i: int) -> int:
    return w.legs[i].taken - w.legs[i].taker_told


def _makers_left(w: World, i: int) -> int:
    leg = w.legs[i]
    return leg.executed - leg.taken - leg.maker_told


def _size(w: World, i: int) -> int:
    return w.size(i)


def _until_right(w: World) -> int:
    timers = w.bounds.timers
    return max(timers.expiry, 1) + timers.lag


def _kept_for(w: World) -> int:
    return w.bounds.timers.fill_window + w.bounds.timers.tombstone


def _most(of: Callable[[World, int], int]) -> Callable[[World], int]:
    def of_world(w: World) -> int:
        most = 0
        for i in range(len(w.legs)):
            most = max(most, of(w, i))
        return most

    return of_world


def _until_shown(w: World, i: int) -> int:
    """Return in at most how many quiet rounds a leg is shown as it is at the venue."""
    leg, r, timers = w.legs[i], w.records[i], w.bounds.timers
    settled = timers.expiry + timers.lag + 1
    if leg.status == Venue.OPEN:
        if r.state == OrderState.CANCEL_PENDING:
            return max(1, settled - r.cancel_age)
        if r.state in LIVE:
            return 0 if w.tracker.filled(w, i) == leg.executed else 1
        if r.state in CLOSED:
            return max(1, timers.lag + 1 - r.closed_age)
        return 1
    if r.state == OrderState.PENDING:
        return max(1, settled - r.request_age)
    if r.state in LIVE:
        return max(1, timers.lag + 1 - r.open_age)
    return 0


def _until_forgotten(w: World, i: int) -> int:
    """Return in at most how many quiet rounds nothing is held of a leg that is over."""
    r = w.records[i]
    if w.legs[i].status in (Venue.OPEN, Venue.UNSENT) or r.state == OrderState.ABSENT:
        return 0
    if r.state == OrderState.PENDING or r.state in LIVE:
        return _until_shown(w, i) + _kept_for(w)
    return _kept_for(w) - r.closed_age
