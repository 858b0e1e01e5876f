"""k-induction: what holds in the first k states of a run, and in a state after any k that keep it.

A run into a violation can be made simple: no state comes twice in it. So the k states in a row may
be taken to be distinct, and where states are finitely many some k decides. The lemmas hold in each.
"""

import time

import z3

from truebook.specs.proofs.induction import Answer, Prover
from truebook.specs.proofs.unrolling import Unrolling
from truebook.specs.properties import Check

LARGEST = 3
"""No more states in a row than these are tried."""


def prove_by_k_induction(prover: Prover, check: Check, *, largest: int = LARGEST) -> Answer:
    """Return whether a check of a state is k-inductive for some k from 2 on.

    Where it is not there is no counterexample: that k states in a row do not suffice says little.
    """
    started = time.perf_counter()
    formula = prover.whole(check.holds)
    from_first, from_any = (
        _Runs(prover, formula, f"{check.property}, {where}")
        for where in ("from the first state", "from any")
    )
    from_first.begin()
    proved, k = False, 0
    while k < largest and not proved:
        k += 1
        if not from_first.keep_it(k - 1):
            break
        from_first.unrolling.grow()
        from_any.suppose(k - 1)
        from_any.unrolling.grow()
        proved = k > 1 and from_any.keep_it(k)
        if from_any.unknown:
            break
    queries = from_first.queries + from_any.queries
    seconds = time.perf_counter() - started
    unknown = "" if proved else from_first.unknown or from_any.unknown
    return Answer(proved, f"k-inductive, k = {k}", queries, seconds, unknown=unknown)


class _Runs:
    """Runs of a prover's world, of which something is asked after so many steps."""

    def __init__(self, prover: Prover, formula: z3.BoolRef, about: str) -> None:
        self._about = about
        self._solver = prover.solver()
        self._formula = formula
        self._known = z3.And(*prover.facts)
        self.unrolling = Unrolling(prover.world, prover.values, prover.steps, self._solver)
        self.queries = 0
        self.unknown = ""

    def begin(self) -> None:
        """Let the runs begin in the first state."""
        self._solver.add(*self.unrolling.first())

    def suppose(self, t: int) -> None:
        """Suppose that the state after t steps is new, and keeps the formula and all lemmas."""
        self._solver.add(self.unrolling.moved(z3.And(self._known, self._formula), t))
        self._solver.add(*(self.unrolling.differ(s, t) for s in range(t)))

    def keep_it(self, t: int) -> bool:
        """Return whether every state after t steps keeps the formula."""
        self._solver.push()
        self._solver.add(z3.Not(self.unrolling.moved(self._formula, t)))
        found = self._solver.decide(f"{self._about}, after {t} steps")
        if found == z3.unknown:
            self.unknown = self._solver.reason_unknown()
        self._solver.pop()
        self.queries += 1
        return found == z3.unsat
