"""Confluence: any two messages commute, and a message told twice comes to the same as once."""

import time
from collections.abc import Sequence
from typing import TypeVar

import z3

from truebook.specs.proofs.induction import Answer, Counterexample, Prover
from truebook.specs.proofs.steps import Step, step_of
from truebook.specs.properties import Check, Kind

Expression = TypeVar("Expression", z3.BoolRef, z3.ArithRef)


def prove_confluence(prover: Prover, check: Check) -> Answer:
    """Return whether a COMMUTE or REPEAT check is proved.

    The state between two messages keeps the lemmas, since every action does.
    """
    started = time.perf_counter()
    by_name = {step.action.name: step for step in prover.steps}
    first = by_name[check.actions[0]]
    if check.kind is Kind.COMMUTE:
        differ = _order_matters(prover, first, by_name[check.actions[1]], check)
    else:
        differ = _repeat_matters(prover, first, check)
    counterexample, unknown = None, ""
    with prover.knowing(first.guard, *differ) as solver:
        found = solver.check()
        if found == z3.sat:
            before = prover.state(prover.plain_model(solver), prover.values)
            counterexample = Counterexample(before, " and ".join(check.actions))
        elif found == z3.unknown:
            unknown = solver.reason_unknown()
    seconds = time.perf_counter() - started
    return Answer(found == z3.unsat, "in every state", 1, seconds, counterexample, unknown)


def _order_matters(prover: Prover, one: Step, other: Step, check: Check) -> list[z3.BoolRef]:
    """Return that two messages are possible in either order, and the order matters."""
    differences = []
    for f in sorted({*one.after, *other.after}):
        if check.of_field(prover.world.fields[f].path):
            then = _after(prover, one, other.after.get(f, prover.values[f]))
            reverse = _after(prover, other, one.after.get(f, prover.values[f]))
            differences.append(then != reverse)
    return [
        other.guard,
        _after(prover, one, other.guard),
        _after(prover, other, one.guard),
        z3.Or(*differences),
    ]


def _after(prover: Prover, step: Step, expression: Expression) -> Expression:
    """Return an expression as it is after a step."""
    pairs = [(prover.values[f], value) for f, value in step.after.items()]
    return z3.substitute(expression, *pairs)


def _repeat_matters(prover: Prover, message: Step, check: Check) -> list[z3.BoolRef]:
    """Return that a message told again is not possible, or changes the book."""
    fields = prover.world.fields
    once = message.values(prover.values)
    again = [
        before if field.path in message.action.wire else after
        for field, before, after in zip(fields, prover.values, once, strict=True)
    ]
    facts = [*prover.facts, message.guard]
    twice = step_of(prover.world, message.action, again, facts)
    differences: Sequence[z3.BoolRef] = [
        twice.after[f] != once[f]
        for f in twice.after
        if fields[f].book and check.of_field(fields[f].path)
    ]
    return [z3.Or(z3.Not(twice.guard), *differences)]
