"""From the paths of the model's Python to formulas: terms, conditions, predicates, updates."""

from collections.abc import Iterator, Sequence

import attrs
import z3

from truebook.specs.proofs.solving import Solver
from truebook.specs.proofs.worlds import CHOICE, OpenWorld
from truebook.specs.symbolic import Fork, Leaf, Node, Term, Tree

Values = Sequence[z3.ArithRef]
"""The value of each field of one or more worlds, in the trees' order."""


@attrs.frozen(eq=False)
class Branch:
    """A fork whose sides are both possible."""

    condition: z3.BoolRef
    yes: "Pruned"
    no: "Pruned"


@attrs.frozen(eq=False)
class Forced:
    """A fork of which nothing takes one side; `never` is the condition of that."""

    never: z3.BoolRef
    below: "Pruned"


Pruned = Leaf | Branch | Forced
"""A decision tree with conditions as formulas and without the paths that nothing takes."""


def variables(world: OpenWorld, suffix: str = "") -> list[z3.ArithRef]:
    """Return a variable for each field; one that can have a single value is that value."""
    return [
        z3.Int(field.path + suffix)
        if field.size > 1 or field.path in world.unbounded
        else z3.IntVal(0)
        for field in world.fields
    ]


def in_domains(world: OpenWorld, values: Values) -> Iterator[z3.BoolRef]:
    """Yield that every field is within its domain: words and flags, and integers from 0 on."""
    for field, value in zip(world.fields, values, strict=True):
        if field.path == CHOICE or isinstance(value, z3.IntNumRef):
            continue
        yield value >= world.constants.get(field.path, 0)
        if field.path not in world.unbounded:
            yield value < field.size


def number(term: Term | int, values: Values) -> z3.ArithRef:
    """Return a term as a number."""
    if not isinstance(term, Term):
        return z3.IntVal(int(term))
    match term.op:
        case "field":
            return values[_index(term)]
        case "add":
            return number(term.args[0], values) + number(term.args[1], values)
        case "sub":
            return number(term.args[0], values) - number(term.args[1], values)
        case _:
            return z3.If(truth(term, values), z3.IntVal(1), z3.IntVal(0))


def truth(term: Term | int, values: Values) -> z3.BoolRef:
    """Return a term as a condition."""
    if not isinstance(term, Term):
        return z3.BoolVal(bool(term))
    match term.op:
        case "eq":
            return number(term.args[0], values) == number(term.args[1], values)
        case "lt":
            return number(term.args[0], values) < number(term.args[1], values)
        case "not":
            return z3.Not(truth(term.args[0], values))
        case _:
            return number(term, values) != 0


def _index(term: Term) -> int:
    index = term.args[0]
    assert isinstance(index, int)
    return index


def whole(tree: Tree, values: Values, node: Node | None = None) -> Pruned:
    """Return a tree with every path."""
    node = tree.root if node is None else node
    if isinstance(node, Leaf):
        return node
    return Branch(
        truth(node.condition, values),
        whole(tree, values, tree.side(node, True)),
        whole(tree, values, tree.side(node, False)),
    )


def pruned(tree: Tree, values: Values, solver: Solver, node: Node | None = None) -> Pruned:
    """Return a tree without the paths that contradict what the solver has been told.

    Where the solver cannot tell, the path is kept.
    """
    node = tree.root if node is None else node
    if isinstance(node, Leaf):
        return node
    condition = truth(node.condition, values)
    yes = _side(tree, values, solver, node, condition, outcome=True)
    if yes is None:
        return Forced(condition, pruned(tree, values, solver, tree.side(node, False)))
    no = _side(tree, values, solver, node, z3.Not(condition), outcome=False)
    return Forced(z3.Not(condition), yes) if no is None else Branch(condition, yes, no)


def _side(
    tree: Tree,
    values: Values,
    solver: Solver,
    fork: Fork,
    condition: z3.BoolRef,
    *,
    outcome: bool,
) -> Pruned | None:
    """Return what is below one side of a fork, or None where nothing takes it."""
    solver.push()
    solver.add(condition)
    side = tree.side(fork, outcome)
    below = pruned(tree, values, solver, side) if solver.possible() else None
    solver.pop()
    return below


def leaves(node: Pruned) -> int:
    """Return how many paths there are."""
    if isinstance(node, Leaf):
        return 1
    if isinstance(node, Forced):
        return leaves(node.below)
    return leaves(node.yes) + leaves(node.no)


def holds(node: Pruned) -> z3.BoolRef:
    """Return the formula of what the function returned: true or false on each path."""
    if isinstance(node, Leaf):
        return z3.BoolVal(bool(node.returned))
    if isinstance(node, Forced):
        return holds(node.below)
    return _either(node.condition, holds(node.yes), holds(node.no))


def numbers(node: Pruned, values: Values) -> z3.ArithRef:
    """Return the formula of what a function returned whose leaves each hold one number."""
    if isinstance(node, Leaf):
        (returned,) = node.returned
        return number(returned, values)
    if isinstance(node, Forced):
        return numbers(node.below, values)
    yes, no = numbers(node.yes, values), numbers(node.no, values)
    return yes if yes.eq(no) else z3.If(node.condition, yes, no)


def left_out(node: Pruned) -> z3.BoolRef:
    """Return the formula of what takes a path that was left out: nothing, if that was right."""
    if isinstance(node, Leaf):
        return z3.BoolVal(False)
    if isinstance(node, Branch):
        return _either(node.condition, left_out(node.yes), left_out(node.no))
    below = left_out(node.below)
    return node.never if z3.is_false(below) else z3.Or(node.never, below)


def _either(condition: z3.BoolRef, yes: z3.BoolRef, no: z3.BoolRef) -> z3.BoolRef:
    """Return what is one thing under a condition, and else another, in few words."""
    if yes.eq(no):
        return yes
    if z3.is_true(yes):
        return z3.Or(condition, no)
    if z3.is_false(yes):
        return z3.And(z3.Not(condition), no)
    if z3.is_true(no):
        return z3.Or(z3.Not(condition), yes)
    if z3.is_false(no):
        return z3.And(condition, yes)
    return z3.If(condition, yes, no)


def updates(node: Pruned, values: Values) -> dict[int, z3.ArithRef]:
    """Return the fields that the function writes, each with what it holds afterwards."""
    if isinstance(node, Leaf):
        return {field: number(value, values) for field, value in node.writes}
    if isinstance(node, Forced):
        return updates(node.below, values)
    yes, no = updates(node.yes, values), updates(node.no, values)
    merged = {}
    for field in sorted({*yes, *no}):
        one, other = yes.get(field, values[field]), no.get(field, values[field])
        merged[field] = one if one.eq(other) else z3.If(node.condition, one, other)
    return merged
