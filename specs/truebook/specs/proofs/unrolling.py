"""Runs of a few steps as formulas: the state after each step, and which action each step is."""

from collections.abc import Sequence

import z3

from truebook.specs.proofs import formulas
from truebook.specs.proofs.formulas import Values
from truebook.specs.proofs.solving import Solver
from truebook.specs.proofs.steps import Step, at_first
from truebook.specs.proofs.worlds import OpenWorld


class Unrolling:
    """A run of a world, one step longer at a time, told to a solver.

    `values` are the variables that the steps are made over; `at` has those of the state after so
    many steps. The unknowns are the same in all states. `choices` say which action a step is.
    """

    def __init__(
        self, world: OpenWorld, values: Values, steps: Sequence[Step], solver: Solver
    ) -> None:
        self.world = world
        self.at = [self._fresh(world, values, 0)]
        self.choices: list[z3.ArithRef] = []
        self._values = values
        self._steps = steps
        self._solver = solver
        self._state = [f for f, field in enumerate(world.fields) if world.is_state(field.path)]

    @staticmethod
    def _fresh(world: OpenWorld, values: Values, length: int) -> list[z3.ArithRef]:
        """Return the variables of the state after so many steps."""
        named = formulas.variables(world, f"@{length}")
        return [
            plain if field.path in world.constants else value
            for field, plain, value in zip(world.fields, values, named, strict=True)
        ]

    def moved(self, formula: z3.BoolRef, t: int) -> z3.BoolRef:
        """Return a formula as one of the state after t steps."""
        return z3.substitute(formula, *zip(self._values, self.at[t], strict=True))

    def grow(self) -> None:
        """Let one more step happen."""
        before, after = self.at[-1], self._fresh(self.world, self._values, len(self.at))
        choice = z3.Int(f"step@{len(self.at)}")
        pairs = list(zip(self._values, before, strict=True))
        self._solver.add(choice >= 0, choice < len(self._steps))
        for j, step in enumerate(self._steps):
            happens = [z3.substitute(step.guard, *pairs)]
            for f in self._state:
                value = step.after.get(f)
                new = before[f] if value is None else z3.substitute(value, *pairs)
                happens.append(after[f] == new)
            self._solver.add(z3.Implies(choice == j, z3.And(*happens)))
        self.at.append(after)
        self.choices.append(choice)

    def first(self) -> list[z3.BoolRef]:
        """Return that the run begins in the first state."""
        return at_first(self.world, self.at[0])

    def differ(self, s: int, t: int) -> z3.BoolRef:
        """Return that the states after s and t steps are not the same."""
        return z3.Or(*(self.at[s][f] != self.at[t][f] for f in self._state))
