"""Confluence: any two messages commute, and a message told twice comes to the same as once."""

import time
from collections.abc import Sequence

import attrs
import z3

from truebook.specs.proofs.induction import Answer, Prover, Tally
from truebook.specs.proofs.steps import Step, step_of
from truebook.specs.properties import Check, Kind


def prove_confluence(prover: Prover, check: Check) -> Answer:
    """Return whether a COMMUTE or REPEAT check is proved.

    The state between two messages keeps the lemmas, since every action does.
    """
    started = time.perf_counter()
    by_name = {step.action.name: step for step in prover.steps}
    first = by_name[check.actions[0]]
    lost: tuple[z3.BoolRef, ...] = ()
    if check.kind is Kind.COMMUTE:
        differ = _order_matters(prover, first, by_name[check.actions[1]], check)
    else:
        differ, lost = _repeat_matters(prover, first, check)
    tally = Tally(f"{check.property}, {check.part}")
    with prover.knowing(first.guard) as solver:
        for part in lost:
            prover.ask_left_out(tally, solver, part, " and ".join(check.actions))
        tally.ask(prover, solver, z3.Not(differ), " and ".join(check.actions))
    answer = tally.answer("in every state")
    return attrs.evolve(answer, seconds=time.perf_counter() - started)


def _order_matters(prover: Prover, one: Step, other: Step, check: Check) -> z3.BoolRef:
    """Return that two messages are possible in either order, and the order matters."""
    differences = []
    for f in sorted({*one.after, *other.after}):
        if check.of_field(prover.world.fields[f].path):
            then = one.moved(other.after.get(f, prover.values[f]), prover.values)
            reverse = other.moved(one.after.get(f, prover.values[f]), prover.values)
            differences.append(then != reverse)
    return z3.And(
        other.guard,
        one.moved(other.guard, prover.values),
        other.moved(one.guard, prover.values),
        z3.Or(*differences),
    )


def _repeat_matters(
    prover: Prover, message: Step, check: Check
) -> tuple[z3.BoolRef, tuple[z3.BoolRef, ...]]:
    """Return that a message told again cannot be or changes the book, and what is left out."""
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
    return z3.Or(z3.Not(twice.guard), *differences), twice.left_out
