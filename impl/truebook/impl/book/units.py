"""In which unit a venue's times are, as far as that can be told.

They may be in any unit, but all in the same. A position taken over as of a time in another one
would have every later fill in it, or count every earlier one twice.
"""

from typing import Final

from truebook.impl.book.checks import Oid, Tid
from truebook.impl.book.ledger import Ledger
from truebook.impl.book.results import Conflict

_UNITS: Final = ("seconds", "milliseconds", "microseconds", "nanoseconds")
_FIRST: Final = 10**9
_END: Final = 4 * 10**9
"""The seconds between which a time is one since 1970: from 2001 to 2096."""
_ABSURD: Final = 100_000
_FEW: Final = 1000
"""A clock that has just begun may show so little; its next times are no unit of their own."""


def unit(time: int) -> str | None:
    """Return the unit in which a time is one of our days since 1970; None where it is none."""
    for power, name in enumerate(_UNITS):
        if _FIRST <= time // 1000**power < _END:
            return name
    return None


def differ(one: int, other: int) -> bool:
    """Return whether both are times of our days since 1970, and in different units."""
    units = unit(one), unit(other)
    return None not in units and units[0] is not units[1]


def note_lost(ledger: Ledger, oid: Oid, tid: Tid, time: int | None) -> None:
    """Report a fill that was taken for a replay, where it shows that the floor's unit is another.

    A book that is rebased before its first fill has nothing to hold `as_of` against.
    """
    floor = ledger.memory.floor
    if floor is None or time is None or not differ(time, floor):
        return
    if ledger.memory.key(time, tid, oid) not in ledger.memory.known:
        reason = (
            f"a fill of it at {time} ({unit(time)}) is not counted: the book was rebased as of "
            f"{floor + 1} ({unit(floor)}), so it is taken for one from before"
        )
        ledger.note(Conflict(reason, oid=oid))


def why_not(ledger: Ledger, as_of: int) -> str | None:
    """Return why a position cannot be as of a venue time; None where it may be.

    It is compared with the newest venue time that is known, of a fill or a rebase.
    """
    times = [time for time, _, _ in ledger.memory.known if time is not None]
    floor = ledger.memory.floor
    newest = max(times, default=floor)
    if newest is None:
        return None
    if differ(newest, as_of):
        return (
            f"as_of {as_of} is a time of our days in {unit(as_of)} since 1970, and the newest "
            f"venue time known, {newest}, is one in {unit(newest)}: pass it in the unit of the "
            "fills' times"
        )
    if not as_of < _ABSURD * max(newest, _FEW):
        return (
            f"as_of {as_of} is over {_ABSURD:,} times the newest venue time known, {newest}: pass "
            "it in the unit of the fills' times"
        )
    return None
