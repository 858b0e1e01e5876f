"""The words that every part of Truebook shares: sides, order states, events, answers."""

from enum import IntEnum, StrEnum


class Side(StrEnum):
    """Which way an order trades."""

    BUY = "buy"
    SELL = "sell"


class OrderState(IntEnum):
    """What the book believes of one order."""

    ABSENT = 0
    """No record: never registered, or aged out."""
    PENDING = 1
    """Requested; the venue's oid is not known, the outcome is awaited or unknown."""
    DEAD = 2
    """Known never to have existed at the venue: refused, or proved absent."""
    RESTING = 3
    """Open at the venue, nothing filled."""
    PARTIALLY_FILLED = 4
    """Open at the venue, part filled."""
    CANCEL_PENDING = 5
    """Open at the venue as far as is known; a cancel is on its way."""
    FILLED = 6
    """Filled whole. Terminal."""
    FILLED_DURING_CANCEL = 7
    """Filled whole while a cancel was on its way. Terminal."""
    CANCEL_CONFIRMED = 8
    """Not open any more; fills may still be on their way."""
    CANCELLED = 9
    """Not open any more, and no fill is awaited. Terminal."""
    WAITING = 10
    """Accepted, and not in the venue's book: it waits for its trigger, or for another order."""


UNBOUND = (OrderState.ABSENT, OrderState.PENDING, OrderState.DEAD)
"""States in which the book does not know the order's oid."""
LIVE = (OrderState.RESTING, OrderState.PARTIALLY_FILLED, OrderState.CANCEL_PENDING)
"""States in which the book believes the order open at the venue."""
STANDING = (*LIVE, OrderState.WAITING)
"""States in which the book believes that the venue has the order: open, or waiting outside."""
CLOSED = (
    OrderState.FILLED,
    OrderState.FILLED_DURING_CANCEL,
    OrderState.CANCEL_CONFIRMED,
    OrderState.CANCELLED,
)
"""States in which the book believes the order not open any more."""
TERMINAL = (OrderState.FILLED, OrderState.FILLED_DURING_CANCEL, OrderState.CANCELLED)
"""States that an order leaves by being forgotten, or where words that ended it were false."""
WHOLE = (OrderState.FILLED, OrderState.FILLED_DURING_CANCEL)
"""States in which the order has filled whole, as far as is known."""


class TimeInForce(StrEnum):
    """How long an order may rest."""

    GTC = "gtc"
    """Until it is cancelled: what does not fill on arrival rests."""
    IOC = "ioc"
    """Not at all: what does not fill on arrival is cancelled."""
    ALO = "alo"
    """Until it is cancelled, and it never takes: it is refused where it would (post only)."""


class Wait(IntEnum):
    """Whether an order waits outside the venue's book; that it once did is a fact for ever."""

    NEVER = 0
    MAY = 1
    """It is of the kind that waits, and nothing showed yet that it does not wait any more."""
    OVER = 2
    """It waited, and does not any more: it was triggered, or is over."""


class Event(IntEnum):
    """What can happen to the book's record of one order."""

    REGISTERED = 0
    """We sent the request (an order, or the new leg of a modify)."""
    ANSWERED = 1
    """The venue answered the request: resting, filled on arrival, or refused."""
    TIMED_OUT = 2
    """Nobody waits for the answer any longer; it proves nothing."""
    FILLED = 3
    """A fill message."""
    ENDED = 4
    """The venue said that the order is over, and how much of it filled; or never was."""
    CANCEL_ASKED = 5
    """We sent a cancel request."""
    CANCEL_ANSWERED = 6
    """The venue answered the cancel: done, no longer open, or refused."""
    LISTED = 7
    """A snapshot of open orders was processed."""
    REPLACED = 8
    """Evidence that a modify took effect: the new oid exists, so the old one is closed."""
    AGED = 9
    """Time passed."""
    TRIGGERED = 10
    """The venue said that an order that waited does not any more."""


class Venue(IntEnum):
    """What became of one request at the venue."""

    UNSENT = 0
    SENT = 1
    OPEN = 2
    FILLED = 3
    CANCELLED = 4
    REFUSED = 5
    LOST = 6


class Answer(IntEnum):
    """Where the venue's answer to the order request is."""

    NONE = 0
    COMING = 1
    OVER = 2
    """Delivered, or lost."""


class Cancel(IntEnum):
    """Where a cancel request, or its answer, is on the wire."""

    NONE = 0
    SENT = 1
    DONE = 2
    """The answer 'cancelled' is coming."""
    NOT_OPEN = 3
    """The answer 'never placed, already cancelled, or filled' is coming."""
    REFUSED = 4
    """The answer 'not done' is coming (rate limit, expired)."""


class CancelAsked(IntEnum):
    """Whether we asked to cancel the order; that we did is a fact for ever."""

    NEVER = 0
    AWAITED = 1
    OVER = 2
    """Asked, and not awaited any more: it failed, or the order is closed."""


class Picture(IntEnum):
    """How far a snapshot has come."""

    IDLE = 0
    EARLY = 1
    """The venue's reader took its picture before we asked (the read lags)."""
    REQUESTED = 2
    TAKEN = 3
