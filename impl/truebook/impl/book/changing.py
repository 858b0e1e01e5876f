"""A fill that the venue reverses or corrects after it has happened: an event of its own."""

from decimal import Decimal

import attrs

from truebook.impl.book.exact import ZERO, add, subtract
from truebook.impl.book.fills import Change, FillKey, is_before
from truebook.impl.book.ledger import Ledger
from truebook.impl.book.results import Conflict, FillChanged


def change(
    ledger: Ledger, key: FillKey, found: Change, *, was: Decimal | None
) -> FillChanged | Conflict | None:
    """Let a fill count with what the venue made of it, once, whether it has come or not.

    `was` is by how much it moved the position, for one that the book has forgotten. Its order
    keeps what it has traded: what the venue takes back does not trade again.
    """
    memory = ledger.memory
    before = memory.changes.get(key)
    if before is not None and not _is_later(before, found):
        return None
    counted = memory.known.get(key)
    delta = None if counted is None else counted[0]
    moved = ZERO
    if (
        memory.as_of is not None
        and is_before(key[0], memory.as_of)
        and is_before(found.at, memory.as_of)
    ):
        pass  # the position that was taken over has it
    elif memory.knows(key):
        delta = was if delta is None else delta
        if delta is None:
            reason = f"fill {key[1]!r} is reversed or corrected, and forgotten"
            conflict = Conflict(f"{reason}: tell what it was of (size, is_buy)", oid=key[2])
            ledger.note(conflict)
            return conflict
        moved = subtract(found.made_of(delta), delta)
    step = moved if before is None else subtract(moved, before.moved)
    memory.change(key, attrs.evolve(found, moved=moved))
    ledger.position = add(ledger.position, step)
    _, tid, oid = key
    leg = ledger.by_oid.get(oid)
    result = FillChanged(
        oid,
        tid,
        size=found.size,
        position_delta=step,
        new_position=ledger.position,
        cloid=None if leg is None else leg.cloid,
    )
    ledger.note(result)
    return result


def arrived(ledger: Ledger, key: FillKey, delta: Decimal) -> Decimal:
    """Return by how much a fill moves the position that was changed before it came."""
    found = ledger.memory.changes.get(key)
    if found is None:
        return delta
    made = found.made_of(delta)
    ledger.memory.changes[key] = attrs.evolve(found, moved=subtract(made, delta))
    return made


def _is_later(before: Change, found: Change) -> bool:
    """Return whether a change is news: another than before, and of no earlier time."""
    if (before.size, before.fee) == (found.size, found.fee):
        return False
    return before.at is None or found.at is None or before.at < found.at
