"""What is true of an order at the venue and of its messages on the wire."""

from truebook.model.clock import untold
from truebook.model.vocabulary import Answer, Cancel, Venue
from truebook.model.world import World
from truebook.specs.proofs.lemmas.lemma import ARRIVED, OVER, Lemma

# The venue


def _unarrived_is_empty(w: World, i: int) -> bool:
    leg = w.legs[i]
    return leg.status in ARRIVED or (leg.executed == 0 and leg.taken == 0)


def _executed_within_size(w: World, i: int) -> bool:
    leg = w.legs[i]
    if leg.status == Venue.FILLED:
        return leg.executed == w.size(i)
    return leg.executed < w.size(i)


def _taken_is_executed(w: World, i: int) -> bool:
    return not w.legs[i].executed < w.legs[i].taken


def _told_was_executed(w: World, i: int) -> bool:
    leg = w.legs[i]
    return not leg.taken < leg.taker_told and not leg.executed - leg.taken < leg.maker_told


VENUE = (
    Lemma("unarrived-is-empty", "nothing of {} trades before it arrives", _unarrived_is_empty),
    Lemma("executed-within-size", "{} is filled when its size has traded", _executed_within_size),
    Lemma("taken-is-executed", "what {} takes on arrival is executed", _taken_is_executed),
    Lemma("told-was-executed", "a fill of {} is told after it happened", _told_was_executed),
)

# The wire


def _answer_of_an_outcome(w: World, i: int) -> bool:
    leg = w.legs[i]
    decided = leg.status in (*ARRIVED, Venue.REFUSED)
    return decided != (leg.answer == Answer.NONE)


def _cancel_of_arrived(w: World, i: int) -> bool:
    leg = w.legs[i]
    if leg.cancel == Cancel.NONE:
        return True
    if leg.cancel in (Cancel.DONE, Cancel.NOT_OPEN):
        return leg.status in OVER
    return leg.status in ARRIVED


def _named_has_arrived(w: World, i: int) -> bool:
    return not w.legs[i].named or w.legs[i].status in ARRIVED


def _end_told_is_over(w: World, i: int) -> bool:
    return not w.legs[i].ended_told or w.legs[i].status in (*OVER, Venue.REFUSED)


def _ages_of_the_wire(w: World, i: int) -> bool:
    leg, delays = w.legs[i], w.bounds.delays
    if leg.status != Venue.SENT and leg.request_age != 0:
        return False
    if leg.cancel != Cancel.SENT and leg.cancel_age != 0:
        return False
    if leg.answer != Answer.COMING and leg.answer_age != 0:
        return False
    if not untold(leg) and leg.end_age != 0:
        return False
    return not delays.expiry < leg.request_age and not delays.expiry < leg.cancel_age


WIRE = (
    Lemma("answer-of-an-outcome", "an answer is of what became of {}", _answer_of_an_outcome),
    Lemma("cancel-of-arrived", "a cancel is of {} once it has arrived", _cancel_of_arrived),
    Lemma(
        "named-has-arrived", "a message that names {} is of one that arrived", _named_has_arrived
    ),
    Lemma("end-told-is-over", "{} is over when a message says so", _end_told_is_over),
    Lemma(
        "ages-of-the-wire",
        "of {} only what is on its way ages, no longer than E",
        _ages_of_the_wire,
    ),
)
