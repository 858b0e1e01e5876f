"""What comes once quiet, proved: a rank falls in each quiet round, and at 0 the property holds.

A quiet round delivers all that is on its way, lets the clock tick and hands a listing over. It is
one way that a state goes, so that a rank that is a natural number and falls in each round bounds
how many there are. Some facts are so after every round, from whatever state it began in; the rank
is of a state with these. All is asked of any state that keeps the lemmas.
"""

import time
from collections.abc import Iterator, Sequence

import attrs
import z3

from truebook.specs.proofs.deliveries import Deliveries
from truebook.specs.proofs.induction import Answer, Prover, Tally
from truebook.specs.proofs.ranks import Fact, Limit, Quiet, Rank, quiet_of
from truebook.specs.proofs.rounds import Stretch, quiet_steps, stretch
from truebook.specs.proofs.solving import Solver
from truebook.specs.proofs.steps import formula_of, number_of
from truebook.specs.properties import Check, Kind, checks_of

ROUND = "a quiet round"
"""What a counterexample names in the place of an action."""


@attrs.frozen
class Part:
    """One thing that was asked of quiet rounds, in words, and what came of it.

    `properties` are what it is asked for; `rank` and `limit` are those that it is about, or none.
    """

    words: str
    answer: Answer
    properties: tuple[str, ...]
    rank: Rank | None = None
    limit: Limit | None = None


def prove_quiet(
    prover: Prover,
    properties: Sequence[str],
    *,
    without: Sequence[str] = (),
    quiet: Quiet | None = None,
) -> Iterator[Part]:
    """Yield what is asked of the quiet rounds of a world for some properties, and what came of it.

    One is proved in the world if every part is that is asked for it. `without` are assumptions that
    are not made though a limit needs them. `quiet` None: what there is of the world.
    """
    quiet = quiet or quiet_of(prover.world)
    wanted = [rank for rank in quiet.ranks if rank.properties.intersection(properties)]
    if not wanted:
        return
    rounds = _Rounds(prover, quiet)
    of_all = tuple(n for n in properties if any(n in rank.properties for rank in wanted))
    for words, answer in rounds.shared():
        yield Part(words, answer, of_all)
    for rank in wanted:
        yield from rounds.falls(rank, properties, without)


class _Rounds:
    """The quiet rounds of a world as formulas, and what is asked of them."""

    def __init__(self, prover: Prover, quiet: Quiet) -> None:
        self._prover = prover
        self._quiet = quiet
        self._facts = [self._formula(fact) for fact in quiet.facts]
        self._delivered = [self._formula(fact) for fact in quiet.delivered]
        steps = quiet_steps(prover.world, prover.steps)
        cut = [step.action.name for step in steps].index("tick") if quiet.delivered else 0
        self._first = steps[:cut]
        self._round = stretch(prover.world, steps[cut:], prover.values)
        self._once = self._solver(self._round, self._delivered)
        quiet_now = [*self._delivered, *self._facts]
        if quiet.repeated:
            self._again = stretch(prover.world, steps, prover.values)
            self._then = self._solver(self._again, quiet_now)
        else:
            self._again = self._round
            self._then = self._solver(self._round, quiet_now)

    def _solver(self, of: Stretch, facts: Sequence[z3.BoolRef]) -> Solver:
        return Solver(*self._prover.facts, *facts, *of.known, asker=self._prover.asker)

    def _formula(self, fact: Fact) -> z3.BoolRef:
        return self._prover.whole(fact.holds)

    def shared(self) -> Iterator[tuple[str, Answer]]:
        """Yield what is asked for all ranks: what is delivered, and what is so after a round."""
        if self._first:
            found = Deliveries(self._prover, self._quiet, self._first, self._delivered)
            yield "a quiet round delivers all that is on its way", found.come()
            yield "after a quiet round nothing is left to deliver", self._nothing_left()
        for fact, formula in zip(self._quiet.delivered, self._delivered, strict=True):
            moved = self._round.moved(formula)
            if not moved.eq(formula):
                yield f"after each quiet round: {fact.name}", self._after_one(moved)
        for fact, formula in zip(self._quiet.facts, self._facts, strict=True):
            after = self._after_one(self._round.moved(formula))
            yield f"after each quiet round: {fact.name}", after

    def _nothing_left(self) -> Answer:
        tally = Tally("quiet rounds, nothing more is delivered")
        loops = {loop.action for loop in self._quiet.loops}
        if not self._quiet.repeated:
            with self._prover.knowing(*self._delivered, *self._facts) as solver:
                for step in self._first:
                    tally.ask(self._prover, solver, z3.Not(step.guard), step.action.name)
            return tally.answer("inductive")
        for step, guard in self._again.guards:
            if step.action.name in loops:
                tally.ask(self._prover, self._then, z3.Not(guard), step.action.name)
        return tally.answer("inductive")

    def _after_one(self, formula: z3.BoolRef, *known: z3.BoolRef) -> Answer:
        """Return whether something is so after one round from any state that keeps the lemmas."""
        tally = Tally("after a quiet round")
        self._once.push()
        self._once.add(*known)
        tally.ask(self._prover, self._once, formula, ROUND, self._round.after)
        self._once.pop()
        return tally.answer("inductive")

    def falls(
        self, rank: Rank, properties: Sequence[str], without: Sequence[str]
    ) -> Iterator[Part]:
        """Yield what is asked of a rank."""
        prover, values = self._prover, self._prover.values
        now = number_of(prover.world, rank.of, values)
        after_one, then = self._round.moved(now), self._again.moved(now)
        for limit in rank.limits:
            of_limit = tuple(name for name in limit.properties if name in properties)
            if of_limit:
                needed = [
                    formula_of(prover.world, assumption.holds_in, values)
                    for assumption in prover.world.assumptions
                    if assumption.name in limit.needs and assumption.name not in without
                ]
                most = number_of(prover.world, limit.most, values)
                words = f"after one quiet round the rank is less than {limit.words}"
                within = self._after_one(after_one < most, *needed)
                yield Part(words, within, of_limit, rank, limit)
        of_rank = tuple(name for name in properties if name in rank.properties)
        for words, answer in self._falling(now, then):
            yield Part(words, answer, of_rank, rank)
        for check in checks_of(prover.world.system):
            if check.kind is Kind.SETTLED and check.property in of_rank:
                words = f"once the rank is 0, never: {check.part}"
                yield Part(words, self._at_0(check, now), (check.property,), rank)

    def _falling(self, now: z3.ArithRef, then: z3.ArithRef) -> Iterator[tuple[str, Answer]]:
        tally = Tally("once quiet, the rank falls")
        falls = z3.Or(then < now, then <= 0)
        tally.ask(self._prover, self._then, falls, ROUND, self._again.after)
        yield "the rank falls in each quiet round, or is 0 and stays so", tally.answer("inductive")
        with self._prover.knowing(*self._delivered, *self._facts) as solver:
            natural = Tally("once quiet, the rank")
            natural.ask(self._prover, solver, now >= 0)
            yield "the rank is a natural number", natural.answer("inductive")
            if not isinstance(now, z3.IntNumRef):
                yield "the rank can be other than 0", self._possible(solver, now > 0)

    def _at_0(self, check: Check, now: z3.ArithRef) -> Answer:
        tally = Tally(f"once the rank is 0, {check.property}, never: {check.part}")
        with self._prover.knowing(*self._delivered, *self._facts, now <= 0) as solver:
            tally.ask(self._prover, solver, self._prover.whole(check.holds))
        return tally.answer("inductive")

    def _possible(self, solver: Solver, formula: z3.BoolRef) -> Answer:
        """Return whether something can be at all; if not, nothing was proved."""
        started = time.perf_counter()
        solver.push()
        solver.add(formula)
        found = solver.decide("once quiet, a rank that is not 0 can be")
        solver.pop()
        never = "no state has it, so that nothing was proved" if found == z3.unsat else ""
        return Answer(not never, "inductive", 1, time.perf_counter() - started, unknown=never)
