"""The lifecycle of one order as a table: state, event, condition, state.

The reference derives an order's state from what is known of it; this table is what that comes to,
row by row, and every change of state that is not here is a bug. A timeout has no row: it proves
nothing.
"""

from functools import cache

import attrs

from truebook.model.vocabulary import Event, OrderState

ABSENT = OrderState.ABSENT
PENDING = OrderState.PENDING
DEAD = OrderState.DEAD
RESTING = OrderState.RESTING
PARTIAL = OrderState.PARTIALLY_FILLED
CANCELLING = OrderState.CANCEL_PENDING
FILLED = OrderState.FILLED
DURING_CANCEL = OrderState.FILLED_DURING_CANCEL
CONFIRMED = OrderState.CANCEL_CONFIRMED
CANCELLED = OrderState.CANCELLED
WAITING = OrderState.WAITING


@attrs.frozen
class Row:
    """From each of `states`, on `event`, if `condition`: to `target`.

    A row that is `disputed` is taken only where words contradict each other: one was false.
    """

    states: tuple[OrderState, ...]
    event: Event
    condition: str
    target: OrderState
    disputed: bool = False


NOTHING = "nothing of it is known filled"
PART = "part of it is known filled"
WHOLE = "it is known filled whole, and no cancel was ever asked"
WHOLE_CANCEL = "it is known filled whole, and a cancel was asked"
FILLS_MISSING = "it is over; fills may still be on their way"
FILLS_HERE = "it is over, and its fills are all here"
TRADES = "no cancel of it is awaited"
TRADES_CANCEL = "a cancel of it is awaited"
PARENT_OVER = "its parent ended with nothing filled"
LESS = "its last word said less than is known to have filled"
CONTRADICTED = "listed, asked for more than the lag after its end"
OURS = "listed with a cloid of ours"
OVER = (FILLED, DURING_CANCEL, CONFIRMED, CANCELLED)


def _disputed(
    states: tuple[OrderState, ...], event: Event, condition: str, target: OrderState
) -> Row:
    return Row(states, event, f"a word was false; {condition}", target, disputed=True)


ROWS: tuple[Row, ...] = (
    Row((ABSENT,), Event.REGISTERED, "always", PENDING),
    Row((PENDING, DEAD), Event.ANSWERED, f"accepted; {NOTHING}", RESTING),
    Row((PENDING, DEAD), Event.ANSWERED, f"accepted; {PART}", PARTIAL),
    Row((PENDING, DEAD, PARTIAL, CONFIRMED), Event.ANSWERED, f"accepted; {WHOLE}", FILLED),
    Row(
        (PARTIAL, CANCELLING, CONFIRMED),
        Event.ANSWERED,
        f"accepted; {WHOLE_CANCEL}",
        DURING_CANCEL,
    ),
    Row((PENDING,), Event.ANSWERED, "refused", DEAD),
    Row((PENDING, DEAD, RESTING), Event.FILLED, PART, PARTIAL),
    Row((PENDING, DEAD, RESTING, PARTIAL, CONFIRMED), Event.FILLED, WHOLE, FILLED),
    Row((RESTING, PARTIAL, CANCELLING, CONFIRMED), Event.FILLED, WHOLE_CANCEL, DURING_CANCEL),
    Row((CONFIRMED,), Event.FILLED, FILLS_HERE, CANCELLED),
    Row((PENDING,), Event.ENDED, "the venue never took it", DEAD),
    Row((PENDING, DEAD, RESTING, PARTIAL, CANCELLING), Event.ENDED, FILLS_MISSING, CONFIRMED),
    Row(
        (PENDING, DEAD, RESTING, PARTIAL, CANCELLING, CONFIRMED),
        Event.ENDED,
        FILLS_HERE,
        CANCELLED,
    ),
    Row((PENDING, DEAD, RESTING, PARTIAL, CONFIRMED), Event.ENDED, WHOLE, FILLED),
    Row((RESTING, PARTIAL, CANCELLING, CONFIRMED), Event.ENDED, WHOLE_CANCEL, DURING_CANCEL),
    Row((RESTING, PARTIAL), Event.CANCEL_ASKED, "always", CANCELLING),
    Row((CANCELLING,), Event.CANCEL_ANSWERED, "done, or not open any more", CONFIRMED),
    Row((CANCELLING,), Event.CANCEL_ANSWERED, f"refused; {NOTHING}", RESTING),
    Row((CANCELLING,), Event.CANCEL_ANSWERED, f"refused; {PART}", PARTIAL),
    Row((PENDING, DEAD), Event.LISTED, f"listed; {NOTHING}", RESTING),
    Row((PENDING, DEAD, RESTING), Event.LISTED, f"listed; {PART}", PARTIAL),
    Row((PENDING, DEAD), Event.LISTED, f"listed; {WHOLE}", FILLED),
    Row(
        (CANCELLING,),
        Event.LISTED,
        f"listed, asked when the cancel could no longer take effect; {NOTHING}",
        RESTING,
    ),
    Row(
        (CANCELLING,),
        Event.LISTED,
        f"listed, asked when the cancel could no longer take effect; {PART}",
        PARTIAL,
    ),
    Row(
        (RESTING, PARTIAL, CANCELLING),
        Event.LISTED,
        "absent, and known open before the listing was asked for",
        CONFIRMED,
    ),
    Row(
        (PENDING,),
        Event.LISTED,
        "absent, asked when the request could no longer take effect",
        DEAD,
    ),
    Row((RESTING, PARTIAL), Event.REPLACED, "the new oid of a modify is bound", CONFIRMED),
    Row((CONFIRMED,), Event.AGED, "the fill window is over", CANCELLED),
    Row((DEAD, FILLED, DURING_CANCEL, CANCELLED), Event.AGED, "its tombstone is over", ABSENT),
    Row((PENDING, DEAD), Event.ANSWERED, "accepted, and waits", WAITING),
    Row((PENDING, DEAD), Event.ANSWERED, f"accepted, and {PARENT_OVER}", CANCELLED),
    Row((PENDING, WAITING), Event.TRIGGERED, TRADES, RESTING),
    Row((WAITING,), Event.TRIGGERED, TRADES_CANCEL, CANCELLING),
    Row((WAITING,), Event.FILLED, f"{PART}; {TRADES}", PARTIAL),
    Row((WAITING,), Event.FILLED, f"{PART}; {TRADES_CANCEL}", CANCELLING),
    Row((WAITING,), Event.FILLED, WHOLE, FILLED),
    Row((WAITING,), Event.FILLED, WHOLE_CANCEL, DURING_CANCEL),
    Row((WAITING,), Event.ENDED, FILLS_MISSING, CONFIRMED),
    Row((WAITING,), Event.ENDED, f"{FILLS_HERE}, or {PARENT_OVER}", CANCELLED),
    Row((WAITING,), Event.ENDED, WHOLE, FILLED),
    Row((WAITING,), Event.ENDED, WHOLE_CANCEL, DURING_CANCEL),
    Row((WAITING,), Event.CANCEL_ANSWERED, "done, or not open under its cloid", CONFIRMED),
    Row((PENDING,), Event.LISTED, "listed as waiting", WAITING),
    Row((PENDING,), Event.LISTED, f"listed as waiting, and {PARENT_OVER}", CANCELLED),
    Row(
        (RESTING, CANCELLING),
        Event.LISTED,
        "listed as waiting, and nothing else shows that it trades",
        WAITING,
    ),
    Row((WAITING,), Event.LISTED, f"listed as one that trades; {TRADES}", RESTING),
    Row((WAITING,), Event.LISTED, f"listed as one that trades; {TRADES_CANCEL}", CANCELLING),
    Row(
        (WAITING,),
        Event.LISTED,
        "absent from a listing that would have it, and known to wait before that was asked for",
        CONFIRMED,
    ),
    _disputed(OVER, Event.LISTED, f"{CONTRADICTED}; {NOTHING}", RESTING),
    _disputed(OVER, Event.LISTED, f"{CONTRADICTED}; {PART}", PARTIAL),
    _disputed((ABSENT,), Event.LISTED, f"{OURS}; {NOTHING}", RESTING),
    _disputed((ABSENT,), Event.LISTED, f"{OURS}; {PART}", PARTIAL),
    _disputed((RESTING,), Event.ANSWERED, f"accepted; {PART}", PARTIAL),
    _disputed((RESTING, CANCELLED), Event.ANSWERED, f"accepted; {WHOLE}", FILLED),
    _disputed((RESTING, CANCELLED), Event.ANSWERED, f"accepted; {WHOLE_CANCEL}", DURING_CANCEL),
    _disputed((CANCELLED,), Event.FILLED, WHOLE, FILLED),
    _disputed((CANCELLED,), Event.FILLED, WHOLE_CANCEL, DURING_CANCEL),
    _disputed((CANCELLED,), Event.ENDED, WHOLE, FILLED),
    _disputed((CANCELLED,), Event.ENDED, WHOLE_CANCEL, DURING_CANCEL),
    _disputed((CANCELLED,), Event.ANSWERED, f"accepted; {LESS}", CONFIRMED),
    _disputed((CANCELLED,), Event.FILLED, LESS, CONFIRMED),
    _disputed((CANCELLED,), Event.ENDED, "another last word says that more filled", CONFIRMED),
    _disputed((CANCELLED,), Event.LISTED, f"listed; {LESS}", CONFIRMED),
    _disputed((RESTING, PARTIAL), Event.CANCEL_ANSWERED, "done, or not open any more", CONFIRMED),
    _disputed((CANCELLING,), Event.REPLACED, "the new oid of a modify is bound", CONFIRMED),
)


@cache
def targets(event: Event, state: OrderState, *, disputed: bool) -> tuple[OrderState, ...]:
    """Return the states that an event can lead to from a state, itself not counted.

    `disputed`: also where a word was false.
    """
    return tuple(
        row.target
        for row in ROWS
        if row.event == event and state in row.states and (disputed or not row.disputed)
    )


def steps() -> frozenset[tuple[Event, OrderState, OrderState]]:
    """Return every (event, state, target) of the table."""
    return frozenset((row.event, state, row.target) for row in ROWS for state in row.states)
