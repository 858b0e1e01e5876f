"""A world's actions as formulas: when each is possible, and what holds after it."""

from collections.abc import Callable, Container, Sequence
from typing import Any, TypeVar

import attrs
import z3

from truebook.model.system import Action
from truebook.specs.proofs import formulas
from truebook.specs.proofs.formulas import Values
from truebook.specs.proofs.solving import Solver
from truebook.specs.proofs.worlds import OpenWorld
from truebook.specs.symbolic import Tree

Expression = TypeVar("Expression", z3.BoolRef, z3.ArithRef)


@attrs.frozen(eq=False)
class Step:
    """One action as formulas over the values before: `guard`, and what it writes (`after`).

    What is not in `after` does not change. `paths` is how many paths its parts have; `left_out` are
    the conditions on which one would be taken that was left out.
    """

    action: Action
    guard: z3.BoolRef
    after: dict[int, z3.ArithRef]
    paths: int
    left_out: tuple[z3.BoolRef, ...] = ()

    def values(self, before: Values) -> list[z3.ArithRef]:
        """Return the values after it, from the variables that it was made over."""
        return [self.after.get(f, value) for f, value in enumerate(before)]

    def moved(self, expression: Expression, before: Values) -> Expression:
        """Return an expression of the state as one of the state after it."""
        return z3.substitute(expression, *((before[f], v) for f, v in self.after.items()))


def tree_of(world: OpenWorld, function: Callable[..., Any], worlds: int = 1) -> Tree:
    """Return the decision tree of a function of one or more states of a world."""
    return Tree(
        (world.fields,) * worlds,
        lambda: tuple(world.system.create() for _ in range(worlds)),
        function,
        unbounded=world.unbounded,
    )


def formula_of(world: OpenWorld, predicate: Callable[..., bool], values: Values) -> z3.BoolRef:
    """Return a predicate of a state as a formula, with all of its paths."""
    return formulas.holds(formulas.whole(tree_of(world, predicate), values))


def number_of(world: OpenWorld, number: Callable[..., int], values: Values) -> z3.ArithRef:
    """Return a number of a state as a formula, with all of its paths."""
    # A term that is returned is decided; one in something else is not.
    tree = tree_of(world, lambda state: (number(state),))
    return formulas.numbers(formulas.whole(tree, values), values)


def assumed(world: OpenWorld, values: Values, *, without: Container[str] = ()) -> list[z3.BoolRef]:
    """Return that fields are within their domains, and that the assumptions hold but for some."""
    return [
        *formulas.in_domains(world, values),
        *(
            formula_of(world, a.holds_in, values)
            for a in world.assumptions
            if a.name not in without
        ),
    ]


def at_first(world: OpenWorld, values: Values) -> list[z3.BoolRef]:
    """Return that a state is the first one."""
    first = world.first()
    return [
        value == first[field.path]
        for field, value in zip(world.fields, values, strict=True)
        if field.path in first and not isinstance(value, z3.IntNumRef)
    ]


def step_of(world: OpenWorld, action: Action, before: Values, facts: Sequence[z3.BoolRef]) -> Step:
    """Return an action as formulas, which are right wherever the facts hold."""
    solver = Solver(*facts)
    values = list(before)
    guard = z3.BoolVal(True)
    paths = 0
    lost: list[z3.BoolRef] = []
    for n, part in enumerate(action.parts):
        tree = formulas.pruned(tree_of(world, part), values, solver)
        paths += formulas.leaves(tree)
        left_out = formulas.left_out(tree)
        lost += [] if z3.is_false(left_out) else [z3.And(guard, left_out)]
        if n == 0:
            guard = formulas.holds(tree)
            solver.add(guard)
        for field, value in formulas.updates(tree, list(values)).items():
            values[field] = value
    after = {f: v for f, (v, x) in enumerate(zip(values, before, strict=True)) if v is not x}
    return Step(action, guard, after, paths, tuple(lost))
