"""One quiet round as formulas: its actions one after another, each where it is possible.

What each action leaves is put into variables of its own, so that formulas stay small however many
actions a round has.
"""

from collections.abc import Sequence

import attrs
import z3

from truebook.specs.proofs import formulas
from truebook.specs.proofs.formulas import Values
from truebook.specs.proofs.steps import Expression, Step
from truebook.specs.proofs.worlds import OpenWorld


@attrs.frozen(eq=False)
class Stretch:
    """Some actions in a row: the values before them, and those after, as `known` defines them.

    `guards` say of each when it is possible.
    """

    before: Values
    after: Values
    known: tuple[z3.BoolRef, ...]
    guards: tuple[tuple[Step, z3.BoolRef], ...]

    def moved(self, expression: Expression) -> Expression:
        """Return an expression of the state before as one of the state after."""
        return _moved(expression, self.before, self.after)


def quiet_steps(world: OpenWorld, steps: Sequence[Step]) -> list[Step]:
    """Return the steps of a quiet round of a world, in order.

    Proofs have one arrival for any amount taken at once, which stands for that of none; an action
    that a round repeats, as often as the order has lots, comes once.
    """
    named = {step.action.name: step for step in steps}
    found: list[Step] = []
    for name in world.system.settle:
        step = named.get(name.replace("arrive-0:", "arrive:"))
        if step is not None and step not in found[-2:]:
            found.append(step)
    return found


def stretch(world: OpenWorld, steps: Sequence[Step], before: Values) -> Stretch:
    """Return some steps in a row, each where it is possible."""
    values = list(before)
    known: list[z3.BoolRef] = []
    guards: list[tuple[Step, z3.BoolRef]] = []
    for n, step in enumerate(steps):
        named = formulas.variables(world, f"~{n + 1}")
        guard = _moved(step.guard, before, values)
        guards.append((step, guard))
        after = list(values)
        for f, value in step.after.items():
            then = z3.If(guard, _moved(value, before, values), values[f])
            known.append(named[f] == then)
            after[f] = named[f]
        values = after
    return Stretch(before, values, tuple(known), tuple(guards))


def _moved(expression: Expression, before: Values, after: Values) -> Expression:
    pairs = ((b, a) for b, a in zip(before, after, strict=True) if b is not a)
    return z3.substitute(expression, *pairs)
