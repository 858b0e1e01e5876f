"""That a quiet round delivers all that is on its way, asked action by action.

What is so after an action of the round is kept by those that come after it. An action that the
round repeats is possible while something is left for it, of which it takes one, and is repeated as
often as there can be.
"""

from collections.abc import Sequence

import z3

from truebook.specs.proofs.induction import Answer, Prover, Tally
from truebook.specs.proofs.ranks import Fact, Quiet
from truebook.specs.proofs.steps import Step, number_of
from truebook.specs.proofs.worlds import CHOICE


class Deliveries:
    """The actions of a quiet round that deliver, and what is so once they have."""

    def __init__(
        self, prover: Prover, quiet: Quiet, steps: Sequence[Step], delivered: Sequence[z3.BoolRef]
    ) -> None:
        self._prover = prover
        self._facts = quiet.delivered
        self._loops = {loop.action: loop for loop in quiet.loops}
        self._steps = steps
        self._delivered = delivered
        self._told: list[int] = []
        self._tally = Tally("quiet rounds, what is delivered")

    def come(self) -> Answer:
        """Return whether all is delivered in the end, from any state that keeps the lemmas."""
        block: list[Step] = []
        for n, step in enumerate(self._steps):
            for f in self._told:
                self._keeps(step, f)
            if step.action.name in self._loops:
                block.append(step)
                if any(one.action.name in self._loops for one in self._steps[n + 1 : n + 2]):
                    continue
                self._end(block)
            for f, fact in enumerate(self._facts):
                if step.action.name == self._last_of(fact):
                    self._comes(step, f, block)
                    self._told.append(f)
            block = []
        missing = [f.name for n, f in enumerate(self._facts) if n not in self._told]
        if missing:
            raise ValueError(f"no action of a quiet round is followed by: {', '.join(missing)}")
        return self._tally.answer("inductive")

    def _last_of(self, fact: Fact) -> str:
        """Return the action after which something is so: the last of those that there are."""
        names = [step.action.name for step in self._steps]
        return next((name for name in reversed(names) if name in fact.once), "")

    def _known(self) -> list[z3.BoolRef]:
        return [self._delivered[f] for f in self._told]

    def _after(self, step: Step, formula: z3.BoolRef) -> None:
        """Ask whether something is so after an action that is possible."""
        after = step.values(self._prover.values)
        with self._prover.knowing(step.guard, *self._known()) as solver:
            self._tally.ask(self._prover, solver, formula, step.action.name, after)

    def _keeps(self, step: Step, f: int) -> None:
        moved = step.moved(self._delivered[f], self._prover.values)
        if not moved.eq(self._delivered[f]):
            self._after(step, moved)

    def _comes(self, step: Step, f: int, block: Sequence[Step]) -> None:
        """Ask whether something is so after an action, or after some that are repeated."""
        never = [z3.Not(one.guard) for one in block or [step]]
        with self._prover.knowing(*self._known(), *never, *self._nothing_taken()) as solver:
            self._tally.ask(self._prover, solver, self._delivered[f])
        if not block:
            self._after(step, step.moved(self._delivered[f], self._prover.values))

    def _nothing_taken(self) -> list[z3.BoolRef]:
        """Return that an order that arrives takes nothing: if it cannot then, it never can."""
        fields = zip(self._prover.world.fields, self._prover.values, strict=True)
        return [value == 0 for field, value in fields if field.path == CHOICE]

    def _end(self, block: Sequence[Step]) -> None:
        """Ask whether actions that are repeated come to an end within their repetitions."""
        world, values = self._prover.world, self._prover.values
        loops = [self._loops[step.action.name] for step in block]
        lefts = [number_of(world, loop.left, values) for loop in loops]
        with self._prover.knowing(*self._known()) as solver:
            for loop, left, step in zip(loops, lefts, block, strict=True):
                most = number_of(world, loop.most, values)
                possible: z3.BoolRef = step.guard == (left > 0)  # type: ignore[assignment]
                within = z3.And(possible, left >= 0, left <= most)
                self._tally.ask(self._prover, solver, within, step.action.name)
        for step in block:
            for loop, left in zip(loops, lefts, strict=True):
                less = 1 if loop.action == step.action.name else 0
                self._after(step, z3.And(step.moved(left, values) == left - less))
