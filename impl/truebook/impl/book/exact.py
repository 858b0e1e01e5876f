"""Exact arithmetic: sums of sizes are never rounded, whatever the caller's decimal context.

Python's own `+` and `-` round to the precision of the thread's context, 28 digits unless told
otherwise. Everything that the book adds goes through one context of its own, which would rather
raise `decimal.Inexact` than round; the bounds on what a caller may pass (checks.py) keep it from
ever coming to that.
"""

from decimal import MAX_EMAX, MIN_EMIN, Context, Decimal, Inexact, InvalidOperation

DIGITS = 50
"""A number given to the book lies within 10^±DIGITS and has at most twice as many digits."""

_SUMS = Context(prec=10 * DIGITS, Emin=MIN_EMIN, Emax=MAX_EMAX, traps=[Inexact, InvalidOperation])

ZERO = Decimal(0)
add = _SUMS.add
subtract = _SUMS.subtract
