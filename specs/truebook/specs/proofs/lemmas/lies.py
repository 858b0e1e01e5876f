"""What is true of one order of ours even where a word of the venue is false, and only needed there.

Where every word is true, stronger lemmas say the same.
"""

from truebook.model.vocabulary import CLOSED, LIVE, UNBOUND, CancelAsked, OrderState, Venue
from truebook.model.world import World
from truebook.specs.proofs.lemmas.lemma import Lemma


def _unsent_is_absent(w: World) -> bool:
    return w.a.status != Venue.UNSENT or w.book_a.state == OrderState.ABSENT


def _listed_was_sent(w: World) -> bool:
    if w.a.status not in (Venue.UNSENT, Venue.SENT):
        return True
    return all(not s.a.listed for s in w.snapshots)


def _listed_has_room(w: World) -> bool:
    return all(not s.a.listed or s.a.filled < w.size(0) for s in w.snapshots)


def _live_shows_executed(w: World) -> bool:
    leg, r = w.a, w.book_a
    if r.state not in LIVE:
        return True
    return r.answered in (0, leg.taken) and not leg.executed < r.stated


def _unbound_is_undisputed(w: World) -> bool:
    return w.book_a.state not in UNBOUND or w.book_a.disputed == 0


def _closed_awaits_nothing(w: World) -> bool:
    return w.book_a.state not in CLOSED or w.book_a.cancel != CancelAsked.AWAITED


LIES = (
    Lemma("unsent-is-absent", "the order is not known before it is sent", _unsent_is_absent),
    Lemma("unbound-is-undisputed", "unbound, its end is not disputed", _unbound_is_undisputed),
    Lemma("listed-was-sent", "no listing has the order before it arrives", _listed_was_sent),
    Lemma("listed-has-room", "listed, not all of the order has filled", _listed_has_room),
    Lemma("closed-awaits-nothing", "over, no cancel of it is awaited", _closed_awaits_nothing),
    Lemma(
        "live-shows-executed",
        "of the order, shown open, no false amount stands",
        _live_shows_executed,
    ),
)
