"""A second opinion: Spacer, which finds invariants of Horn clauses by itself.

It is given the first state and the actions as clauses. The position it proves alone; for identity
it must find how far every count of fills has come, and does not come back: there the lemmas are
part of what it is asked to prove.
"""

import time
from collections.abc import Callable, Sequence
from typing import Any

import attrs
import z3

from truebook.model.config import Bounds
from truebook.model.designs import REFERENCE, Design
from truebook.specs.limits import NET_SECONDS
from truebook.specs.proofs import formulas
from truebook.specs.proofs.lemmas import lemmas_of
from truebook.specs.proofs.solving import OutOfTimeError
from truebook.specs.proofs.steps import assumed, at_first, formula_of, step_of
from truebook.specs.proofs.worlds import CHOICE, OpenWorld, open_order
from truebook.specs.properties import Kind, checks_of

Predicate = Callable[[Any], bool]


@attrs.frozen
class Opinion:
    """What Spacer is asked: a property of a state, in which faults, alone or with the lemmas."""

    property: str
    faults: Bounds
    with_lemmas: bool = False


OPINIONS = (
    Opinion(
        "position-is-unique-fills",
        Bounds(duplicates=1, cancel=True, unasked=True, refuse=True, lose=True),
    ),
    Opinion("identity", Bounds(snapshots=0, lose=True), with_lemmas=True),
)


SPACER_EFFORT = 200_000_000
"""What Spacer may take; identity takes a tenth."""


def second_opinion(
    asked: Opinion, *, design: Design = REFERENCE, effort: int = SPACER_EFFORT
) -> tuple[str, float]:
    """Return what Spacer says, and how many seconds it took.

    "proved", "violated", or "unknown" and why.
    """
    started = time.perf_counter()
    world = open_order(design, asked.faults)
    predicates = [
        check.holds
        for check in checks_of(world.system)
        if check.property == asked.property and check.kind is Kind.STATE
    ]
    if not predicates:
        raise ValueError(f"{asked.property} is not a property of a state")
    if asked.with_lemmas:
        predicates += [lemma.holds for lemma in lemmas_of(world)]
    said = _ask(world, predicates, effort)
    return said, time.perf_counter() - started


def _ask(world: OpenWorld, predicates: Sequence[Predicate], effort: int) -> str:
    values = formulas.variables(world)
    facts = assumed(world, values)
    free = [value for value in values if not isinstance(value, z3.IntNumRef)]
    state = [
        f
        for f, (field, value) in enumerate(zip(world.fields, values, strict=True))
        if not isinstance(value, z3.IntNumRef) and field.path != CHOICE
    ]
    reached = z3.Function("reached", *[z3.IntSort()] * len(state), z3.BoolSort())
    engine = z3.Fixedpoint()
    engine.set(engine="spacer", rlimit=effort, timeout=int(NET_SECONDS * 1000))
    engine.register_relation(reached)
    engine.declare_var(*free)
    here = reached(*(values[f] for f in state))
    engine.rule(here, [*facts, *at_first(world, values)])
    for action in world.system.actions:
        step = step_of(world, action, values, facts)
        there = reached(*(step.after.get(f, values[f]) for f in state))
        engine.rule(there, [here, step.guard, *facts])
    broken = z3.Not(z3.And(*(formula_of(world, p, values) for p in predicates)))
    asked = time.monotonic()
    try:
        said = engine.query(z3.And(here, broken))
    except z3.Z3Exception as error:
        if time.monotonic() - asked >= NET_SECONDS:
            raise OutOfTimeError.after(NET_SECONDS) from error
        return f"unknown: {error}"
    if said == z3.unsat:
        return "proved"
    return "violated" if said == z3.sat else f"unknown: {engine.reason_unknown()}"
