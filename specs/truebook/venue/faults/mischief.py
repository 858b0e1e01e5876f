"""What becomes of messages under a plan: which fault is due to each, as they come."""

from collections import Counter
from collections.abc import Mapping

import attrs

from truebook.venue.faults.fault import Fault
from truebook.venue.faults.plan import TRUTHFUL, Plan


@attrs.define
class Mischief:
    """Counts the messages of accounts by kind, and gives each the fault that is due to it.

    It is for the accounts that are `watched`; None: for all. `done` are the faults that have
    happened. Once it is `over`, nothing goes wrong any more.
    """

    plan: Plan = TRUTHFUL
    watched: frozenset[str] | None = None
    over: bool = False
    done: list[Fault] = attrs.field(factory=list)
    _due: Mapping[tuple[str, int], Fault] = attrs.field(init=False)
    _counts: Counter[tuple[str, str]] = attrs.field(factory=Counter)

    def __attrs_post_init__(self) -> None:
        """Lay out what is due to which message."""
        self._due = {(one.message, one.nth): one for one in self.plan.faults}

    def due(self, message: str, user: str) -> Fault | None:
        """Count a message of a kind to, or from, an account; return its fault, if it has one."""
        if self.over or not self._due or (self.watched is not None and user not in self.watched):
            return None
        self._counts[message, user] += 1
        fault = self._due.get((message, self._counts[message, user]))
        if fault is not None:
            self.done.append(fault)
        return fault
