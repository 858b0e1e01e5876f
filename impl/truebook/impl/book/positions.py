"""The position against the venue's: a mismatch is reported, a rebase is explicit."""

from decimal import Decimal

from truebook.impl.book import starting, units
from truebook.impl.book.exact import add, subtract
from truebook.impl.book.ledger import Ledger
from truebook.impl.book.listed import ListedOrder
from truebook.impl.book.results import PositionMatches, PositionMismatch, Rebased, RebaseRefused


def expected(ledger: Ledger) -> Decimal:
    """Return the position and what answers said has filled on arrival and is yet to come."""
    sold, bought = ledger.awaited
    return subtract(add(ledger.position, bought), sold)


def compare(
    ledger: Ledger, reported: Decimal, as_of: int | None
) -> PositionMatches | PositionMismatch:
    """Compare with the venue's position as of a venue time; take nothing over."""
    ours = ledger.position
    if as_of is not None:
        wrong = units.why_not(ledger, as_of)
        if wrong is not None:
            raise ValueError(wrong)
        ours = subtract(ours, ledger.memory.since(as_of))
    if reported == ours:
        return PositionMatches(reported)
    result = PositionMismatch(reported=reported, ours=ours, expected=expected(ledger), as_of=as_of)
    ledger.note(result)
    return result


def rebase(
    ledger: Ledger, position: Decimal, as_of: int, orders: tuple[ListedOrder, ...] | None
) -> Rebased | RebaseRefused:
    """Take over the venue's position as of a venue time, and the fills known since.

    From then on unknown fills from before are taken for replays: they are in it, and so is what had
    filled by then of the open orders.
    """
    memory = ledger.memory
    if ledger.timed is False:
        return RebaseRefused("fills come without venue times, so which are in it is not known")
    wrong = units.why_not(ledger, as_of)
    if wrong is not None:
        return RebaseRefused(wrong)
    if ledger.pending:
        return RebaseRefused(
            f"{len(ledger.pending)} requests are pending: wait until what came of them is known"
        )
    if memory.floor is not None and not memory.floor < as_of:
        return RebaseRefused(
            f"fills up to the venue time {memory.floor} are forgotten, so those since {as_of} are "
            "not all known: read a newer position"
        )
    if (fill := memory.awaited_since(as_of)) is not None:
        return RebaseRefused(
            f"fill {fill[1]!r} of order {fill[2]!r} was changed since, and has not come: tell it, "
            "or read a newer position"
        )
    ledger.timed = True
    if memory.as_of is None:
        for head in ledger.by_cloid.values():
            starting.note_past(ledger, head)
    before = ledger.position
    ledger.position = add(position, memory.since(as_of))
    memory.raise_floor(as_of - 1)
    memory.as_of = as_of
    if orders is None:
        starting.rebased(ledger, subtract(ledger.position, before))
    else:
        ledger.missing = None
        starting.begin(ledger, orders, as_of)
    result = Rebased(position=ledger.position, before=before, as_of=as_of)
    ledger.note(result)
    return result
