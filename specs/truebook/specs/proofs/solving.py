"""Asking Z3 within a budget that is the same on any machine: what it counts of its work.

Seconds decide nothing. They are a safety net for a query that hangs, and where it strikes that is
said in words, and is no answer. What Z3 does depends on what it did before in the same context; so
each job has one of its own.
"""

import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import ClassVar, Self

import z3

from truebook.specs.limits import NET_SECONDS, PRUNING
from truebook.specs.proofs.asking import Asker

STOPPED = frozenset({"canceled", "max. resource limit exceeded", "timeout"})
"""What Z3 says of a query that it was not let finish."""


NO_CLOCK = 2**32 - 1
"""What Z3 takes for no limit in milliseconds."""


class OutOfTimeError(RuntimeError):
    """The safety net struck: a query ran for so many seconds that its budget was never reached."""

    @classmethod
    def after(cls, seconds: float) -> Self:
        """Return it, in words, for a net of so many seconds."""
        return cls(
            f"the clock stopped a query after {seconds:g} s, before its effort was spent: this "
            "machine is too busy or too slow; ask again when it is idle, or with less effort"
        )


class Solver:
    """Z3 with some facts, within an effort for each query.

    Raises OutOfTimeError where a query runs for `net` seconds.
    """

    net: ClassVar[float] = NET_SECONDS

    def __init__(self, *facts: z3.BoolRef, asker: Asker | None = None) -> None:
        self._asker = asker or Asker()
        self._facts = list(facts)
        self._pushed: list[int] = []
        self._limit = 0
        self._reason = ""
        self._z3 = z3.SimpleSolver()
        self._z3.set(random_seed=0)
        self._z3.add(*facts)

    def add(self, *facts: z3.BoolRef) -> None:
        """Let it know more, until the next pop."""
        self._facts += facts
        self._z3.add(*facts)

    def push(self) -> None:
        """Remember what it knows."""
        self._pushed.append(len(self._facts))
        self._z3.push()

    def pop(self) -> None:
        """Forget what it came to know since the last push."""
        del self._facts[self._pushed.pop() :]
        self._z3.pop()

    def decide(self, about: str) -> z3.CheckSatResult:
        """Return whether what it knows can be, as the solvers say that are asked.

        `about` says what is asked, where they disagree.
        """

        def ours() -> tuple[z3.CheckSatResult, str]:
            return self.check(), self._reason

        found, self._reason = self._asker.decide(self._facts, about, ours)
        return found

    def check(self, effort: int | None = None) -> z3.CheckSatResult:
        """Return whether what it knows can be, as Z3 says within an effort; None: a query's."""
        limit = self._asker.asking.effort if effort is None else effort
        if limit != self._limit:  # setting costs about as much as a small query
            # A clock costs as much again; what may do little needs none.
            net = NO_CLOCK if limit <= PRUNING else max(1, int(self.net * 1000))
            self._z3.set(rlimit=limit, timeout=net)
            self._limit = limit
        started = time.monotonic()
        found = self._z3.check()
        if found == z3.unknown:
            if time.monotonic() - started >= self.net:
                raise OutOfTimeError.after(self.net)
            reason = self._z3.reason_unknown()
            over = f"it takes more than {limit:,} units of the solver's work"
            self._reason = over if reason in STOPPED else reason
        return found

    def possible(self) -> bool:
        """Return whether what it knows can be; what is hard to tell counts as possible."""
        return self.check(PRUNING) != z3.unsat

    def model(self) -> z3.ModelRef:
        """Return the model that the last query came to."""
        return self._z3.model()

    def reason_unknown(self) -> str:
        """Return why the last query that came to nothing did not."""
        return self._reason

    def done(self) -> int:
        """Return how many units of work have been done in this context so far."""
        return self._z3.statistics().get_key_value("rlimit count")


@contextmanager
def own_context() -> Iterator[None]:
    """Let Z3 begin from nothing meanwhile, so that no earlier work changes what it comes to."""
    module = z3.z3
    before, module._main_ctx = module._main_ctx, z3.Context()
    try:
        if z3.main_ctx() is not module._main_ctx:
            raise RuntimeError("this version of z3-solver keeps its main context elsewhere")
        yield
    finally:
        module._main_ctx = before
