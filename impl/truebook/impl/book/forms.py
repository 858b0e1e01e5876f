"""Facts that come in another form than the book keeps: taken in its own, which is said once.

An event that happened is no less true for being written otherwise: an id as text where others are
numbers, a time before the latest. Only what cannot be a fact is refused; docs/book.md lists it.
"""

from typing import Any

from truebook.impl.book import checks
from truebook.impl.book.checks import Oid
from truebook.impl.book.ledger import Ledger
from truebook.impl.book.results import ClockSetBack, Normalised


def clock(ledger: Ledger, told: int) -> None:
    """Report a time before the latest, once until time has moved on; the latest holds.

    Nor twice in a row, as where two clocks differ: that would push out all else that is to be seen.
    """
    log = ledger.log
    if log.set_back == ledger.now:
        return
    log.set_back = ledger.now
    if not (log.events and isinstance(log.events[-1], ClockSetBack)):
        ledger.note(ClockSetBack(told=told, latest=ledger.now))


def note(ledger: Ledger, what: str, given: object, taken: object) -> None:
    """Report that something was taken in another form than it came: the first time of its kind."""
    if given != taken and what not in ledger.log.odd_forms:
        ledger.log.odd_forms.add(what)
        ledger.note(Normalised(what, checks.reason(repr(given)), repr(taken)))


def same(value: int | str, kind: type | None) -> int | str | None:
    """Return an id as a book of a kind of ids has it; None where it can be none of its own.

    A number and its decimal digits are the same id; other text is none among numbers.
    """
    if kind is None or value.__class__ is kind:
        return value
    if not isinstance(value, str):
        return str(value)
    return checks.digits(value)


def of_kind(value: int | str, kind: type | None, what: str) -> int | str:
    """Return an id as a book of a kind of ids has it; TypeError where it can be none of its own."""
    found = same(value, kind)
    if found is None:
        raise TypeError(
            f"{what} {value!r} is a text that is no number, and those before were numbers: no id "
            "of this venue looks like that"
        )
    return found


def no_order(value: Any, kind: type | None) -> Oid | None:
    """Return the oid under which a fill is kept that names no order; None where it names one.

    Venues say so by 0, '0', an empty text or nothing at all, as of what was traded by hand.
    """
    found = None if value is None else checks.identity(value, "oid")
    if found and found != "0":
        return None
    return 0 if kind is int or (kind is None and found == 0) else "0"


def fill_oid(value: Any, kind: type | None) -> Oid:
    """Return the oid of a fill, as it came; ValueError and TypeError where it is none."""
    none = no_order(value, kind)
    return checks.oid(value) if none is None else none


def names_order(oid: Oid) -> bool:
    """Return whether a fill is of an order; see `no_order`."""
    return oid not in (0, "0")


def cloid(value: Any) -> str | None:
    """Return the cloid that a venue tells, which may be of anybody; None where it tells none.

    A number is its digits; what cannot be written down of a text becomes U+FFFD: then it is not
    ours.
    """
    if value is None or isinstance(value, str):
        return None if value is None else checks.reason(value, "cloid") or None
    return str(checks.whole(value, "cloid", " or a text"))


def own_cloid(value: Any) -> str:
    """Return the cloid of an answer to a request of ours; a number is its digits."""
    if isinstance(value, str):
        return checks.cloid(value)
    return str(checks.whole(value, "cloid", " or a text"))
