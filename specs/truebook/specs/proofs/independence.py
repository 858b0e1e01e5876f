"""Any number of orders: what is proved of one holds of each of many, and sums add up.

The argument, of which each sentence is checked here or follows. (1) Several orders together are
the worlds of each, side by side; an action of one order reads and writes the fields of that order
alone (`entangled` finds none that does otherwise). (2) What happens to all orders at once, the
clock, a snapshot, is possible only where it is possible for each, and then does to each what it
does to it alone. (3) So the part of a run that concerns one order is a run of that order alone,
and every safety property of one order holds of each of any number: no cut-off is needed. (4) What
happens to all at once changes no order's fills nor its part of the position
(`prove_sums` asks each such action), so at most one order's fills change at a time. (5) Hence, if
the position is the sum of all orders' fills before an action it is so after, whatever the sum of
the others is: an unknown integer in the query.
"""

import time
from collections.abc import Iterator, Sequence

import z3

from truebook.model.composition import composition
from truebook.specs.paths import Leaf, Term, Tree
from truebook.specs.proofs import formulas
from truebook.specs.proofs.induction import Answer, Counterexample, Prover
from truebook.specs.proofs.worlds import OpenWorld

FILLS = ("executed", "taken", "taker_told", "maker_told", "position")
"""What counts fills: the last part of the paths of such fields."""


def entangled(worlds: Sequence[OpenWorld]) -> Iterator[str]:
    """Yield each way in which an action of several orders together entangles two of them."""
    system = composition([world.system for world in worlds])
    unbounded = {f"o{k}.{path}" for k, world in enumerate(worlds) for path in world.unbounded}
    owners = [field.path.partition(".")[0] for field in system.fields]
    for action in system.actions:
        for n, part in enumerate(action.parts):
            tree = Tree((system.fields,), lambda: (system.create(),), part, unbounded=unbounded)
            for leaf in tree.leaves():
                touched = {owners[f] for f in _touched(leaf, owners)}
                if len(touched) > 1 and (n > 0 or _mixes(leaf, owners)):
                    yield f"'{action.words}' entangles {' and '.join(sorted(touched))}"


def _touched(leaf: Leaf, owners: Sequence[str]) -> set[int]:
    return {f for field, value in leaf.writes for f in (field, *_fields(value))}


def _mixes(leaf: Leaf, owners: Sequence[str]) -> bool:
    """Return whether what is written to an order is computed from another."""
    return any(owners[field] != owners[f] for field, value in leaf.writes for f in _fields(value))


def _fields(value: Term | int) -> tuple[int, ...]:
    return value.fields if isinstance(value, Term) else ()


def prove_sums(prover: Prover) -> Answer:
    """Return whether the position stays the sum of all orders' fills, whatever happens to one.

    `prover` is of one order; the sum of the others, and their part of the position, are unknown.
    """
    started = time.perf_counter()
    fields = prover.world.fields
    counted = [f for f, field in enumerate(fields) if field.path.rpartition(".")[2] in FILLS]
    told = [f for f in counted if fields[f].path.endswith("_told")]
    position = next(f for f in counted if fields[f].path == "position")
    others = z3.Int("fills of the others")
    queries = 0
    for step in prover.steps:
        before, after = prover.values, step.values(prover.values)
        if step.action.shared:
            assumed = z3.BoolVal(True)
            same = z3.And(*(after[f] == before[f] for f in counted))
        else:
            assumed = before[position] + others == _sum(before, told) + others
            same = after[position] + others == _sum(after, told) + others
        queries += 1
        with prover.knowing(step.guard, assumed, z3.Not(same)) as solver:
            found = solver.check()
            seconds = time.perf_counter() - started
            if found == z3.sat:
                model = prover.plain_model(solver)
                cti = Counterexample(
                    prover.state(model, before), step.action.name, prover.state(model, after)
                )
                return Answer(False, "inductive", queries, seconds, cti)
            if found == z3.unknown:
                reason = solver.reason_unknown()
                return Answer(False, "inductive", queries, seconds, unknown=reason)
    return Answer(True, "inductive", queries, time.perf_counter() - started)


def _sum(values: formulas.Values, of: Sequence[int]) -> z3.ArithRef:
    total: z3.ArithRef = z3.IntVal(0)
    for f in of:
        total = total + values[f]
    return total
