"""What a saved book says of quantities: what became of fills, their fees, and changed sizes."""

from collections.abc import Callable
from typing import Any, TypeAlias

from truebook.impl.book import typed
from truebook.impl.book.exact import ZERO
from truebook.impl.book.fills import Change, FillKey, Missing
from truebook.impl.book.ledger import Ledger
from truebook.impl.book.orders import Leg
from truebook.impl.book.saved import CHANGE, MISSING
from truebook.impl.book.sizing import Sized, stated

Key: TypeAlias = Callable[[Any, Any, Any, str], FillKey]
"""Returns what identifies a fill, of its time, tid, oid, and where it is said."""


def load_changes(ledger: Ledger, data: dict[str, Any], read_key: Key) -> None:
    """Take up what became of fills, the fees taken of them, and the position taken over."""
    memory = ledger.memory
    if data["as_of"] is not None:
        floor, as_of = memory.floor, typed.time(data["as_of"], "as_of")
        memory.as_of = as_of
        typed.hold(floor is not None and as_of <= floor + 1, "as_of", "is above the floor")
    for number, row in enumerate(typed.rows(data["changes"], "changes")):
        where = f"changes[{number}]"
        time, tid, oid, plain = typed.rows(row, where, 4)
        key = read_key(time, tid, oid, where)
        change = Change(**typed.value(Change, plain, CHANGE, where))
        right = not change.size < ZERO
        typed.hold(right, f"{where}.size", f"must not be negative, not {change.size}")
        typed.hold(memory.key(*key) == key, where, "names a fill otherwise than it is known")
        typed.hold(key not in memory.changes, where, "was there before")
        memory.change(key, change)
    right = len(memory.changes) == len(data["changes"])
    typed.hold(right, "changes", f"are above {memory.capacity}")
    for number, row in enumerate(typed.rows(data["fees"], "fees")):
        where = f"fees[{number}]"
        time, tid, oid, fee = typed.rows(row, where, 4)
        key = read_key(time, tid, oid, where)
        right = key in memory.known and key not in memory.fees
        typed.hold(right, where, "is of no fill, or of another")
        memory.fees[key] = typed.decimal(fee, where)
    if data["missing"] is not None:
        missing = Missing(**typed.value(Missing, data["missing"], MISSING, "missing"))
        right = 0 <= missing.requests <= ledger.requests
        typed.hold(right, "missing.requests", f"must be from 0 to {ledger.requests}")
        ledger.missing = missing


def check_sized(ledger: Ledger, leg: Leg, sized: Sized, where: str) -> None:
    """Hold what the venue said of a size against the size and the amount that follow from it.

    One that closes the position may have had none, and has what of it filled at least.
    """
    accepted = sized.accepted.value
    for name, number in (("asked", sized.asked), ("accepted", accepted)):
        right = number > ZERO or (leg.terms.follows and not number)
        typed.hold(right, f"{where}.{name}", f"must be above zero, not {number}")
    for name, heard in (("accepted", sized.accepted), ("listed", sized.listed)):
        for number in (heard.value, heard.below):
            right = not number < ZERO
            typed.hold(right, f"{where}.{name}", f"must not be negative, not {number}")
        at = max(heard.at or 0, heard.below_at or 0)
        typed.hold(at <= ledger.now, f"{where}.{name}", f"is of {at}, after now ({ledger.now})")
    for number in (sized.carried, sized.told):
        typed.hold(not number < ZERO, where, f"must have nothing negative, not {number}")
    follows = stated(leg, sized)
    right = leg.stated == follows
    typed.hold(right, where, f"makes the amount told {follows}, not {leg.stated}")
    right = leg.size in (accepted, max(sized.asked, accepted)) or leg.terms.follows
    typed.hold(right, where, f"does not make the size {leg.size}")
