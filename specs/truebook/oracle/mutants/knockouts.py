"""The reference without each rule: what a tracker does that lacks it, in one or more ways.

A subject that shows what one of these shows behaves as the reference does without its rule.
"""

from truebook.oracle.mutants.knocked_fills import FILLS
from truebook.oracle.mutants.knocked_orders import ORDERS
from truebook.oracle.mutants.knocked_requests import REQUESTS
from truebook.oracle.mutants.mutant import Mutant

KNOCKOUTS: tuple[Mutant, ...] = (*FILLS.mutants, *ORDERS.mutants, *REQUESTS.mutants)


def knockouts_of(rule: str) -> tuple[Mutant, ...]:
    """Return the ways in which the reference is without a rule."""
    return tuple(one for one in KNOCKOUTS if one.rules == (rule,))
