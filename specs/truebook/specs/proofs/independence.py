"""Any number of orders: what is proved of one holds of each of many, and sums add up.

The argument, of which each sentence is checked here or follows. (1) Several orders together are
the worlds of each, side by side; an action of one order reads and writes the fields of that order
alone. (2) What happens to all orders at once, the clock, a snapshot, is possible only where it is
possible for each, and then does to each what that one's own fields decide (`entangled` looks at
every path of every action of two orders, and finds none of which either is not true). (3) So the
part of a run that concerns one order is a run of that order alone, and every safety property of
one order holds of each of any number: no cut-off is needed. (4) What happens to all at once changes
no order's fills nor its part of the position (`prove_sums` asks each such action), so at most one
order's fills change at a time. (5) Hence, if the position is the sum of all orders' fills before an
action it is so after, whatever the sum of the others is: an unknown integer in the query.

Orders in several markets share the clock alone (`in_markets`): there no message of one, a listing
among them, reads or writes what is the other's.
"""

import time
from collections.abc import Container, Iterator, Sequence
from itertools import combinations

import attrs
import z3

from truebook.model.composition import composition
from truebook.model.system import System
from truebook.specs.proofs import formulas
from truebook.specs.proofs.induction import Answer, Prover, Tally
from truebook.specs.proofs.worlds import OpenWorld
from truebook.specs.symbolic import Leaf, Node, Term, Tree

FILLS = ("executed", "taken", "taker_told", "maker_told", "position")
"""What counts fills: the last part of the paths of such fields."""


def together(worlds: Sequence[OpenWorld]) -> tuple[System, frozenset[str]]:
    """Return the system of several orders, and its fields that are any integer from 0 on."""
    system = composition([world.system for world in worlds])
    return system, frozenset(
        f"o{k}.{path}" for k, world in enumerate(worlds) for path in world.unbounded
    )


def in_markets(worlds: Sequence[OpenWorld]) -> tuple[System, frozenset[str]]:
    """Return the system of orders in as many markets, as `together` does: they share the clock.

    A listing is of one market, so it happens to that market's order alone.
    """
    apart = [attrs.evolve(world, system=_clock_alone(world.system)) for world in worlds]
    return together(apart)


def _clock_alone(system: System) -> System:
    actions = (attrs.evolve(one, shared=one.name == "tick") for one in system.actions)
    return attrs.evolve(system, actions=tuple(actions))


def entangled(system: System, unbounded: Container[str]) -> Iterator[str]:
    """Yield each way in which an action of several orders together entangles two of them."""
    owners = [field.path.partition(".")[0] for field in system.fields]
    for action in system.actions:
        touched: set[str] = set()
        for n, part in enumerate(action.parts):
            tree = Tree((system.fields,), lambda: (system.create(),), part, unbounded=unbounded)
            # Where the first part returns false the action is not possible.
            paths = [(path, leaf) for path, leaf in _paths(tree, tree.root) if n or leaf.returned]
            touched |= {owners[f] for path, leaf in paths for f in _fields(path, leaf)}
            for owner in sorted(set(owners)):
                if _depends_on_others(owner, owners, paths):
                    yield f"'{action.words}' makes {owner} depend on another"
        if not action.shared and len(touched) > 1:
            yield f"'{action.words}' touches {' and '.join(sorted(touched))}"


Path = tuple[tuple[Term, bool], ...]
"""The conditions on the way to a leaf, and which way each went."""


def _paths(tree: Tree, node: Node, path: Path = ()) -> Iterator[tuple[Path, Leaf]]:
    if isinstance(node, Leaf):
        yield path, node
    else:
        for outcome in (True, False):
            yield from _paths(tree, tree.side(node, outcome), (*path, (node.condition, outcome)))


def _fields(path: Path, leaf: Leaf) -> Iterator[int]:
    """Yield the fields that a path reads or writes."""
    for condition, _ in path:
        yield from condition.fields
    for field, value in leaf.writes:
        yield field
        yield from _read(value)


def _read(value: Term | int) -> tuple[int, ...]:
    return value.fields if isinstance(value, Term) else ()


def _depends_on_others(
    owner: str, owners: Sequence[str], paths: Sequence[tuple[Path, Leaf]]
) -> bool:
    """Return whether what becomes of an order is not decided by that order alone.

    It is where no condition and no value mixes it with another, and two paths on which none of its
    own conditions went different ways write the same to it.
    """
    becomes: dict[frozenset[tuple[int, bool]], set[tuple[int, int]]] = {}
    for path, leaf in paths:
        mine = [(c, way) for c, way in path if owner in {owners[f] for f in c.fields}]
        writes = [(field, value) for field, value in leaf.writes if owners[field] == owner]
        read = [f for c, _ in mine for f in c.fields] + [f for _, v in writes for f in _read(v)]
        if any(owners[f] != owner for f in read):
            return True
        # The same term is the same object.
        ways = frozenset((id(c), way) for c, way in mine)
        written = {(field, id(v) if isinstance(v, Term) else v) for field, v in writes}
        if becomes.setdefault(ways, written) != written:
            return True
    return any(
        not any((condition, not way) in other for condition, way in one)
        for one, other in combinations(becomes, 2)
    )


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
    tally = Tally("the sum of all fills")
    for step in prover.steps:
        before, after = prover.values, step.values(prover.values)
        if step.action.shared:
            known = z3.BoolVal(True)
            same = z3.And(*(after[f] == before[f] for f in counted))
        else:
            known = before[position] + others == _sum(before, told) + others
            same = after[position] + others == _sum(after, told) + others
        with prover.knowing(step.guard, known) as solver:
            if not tally.ask(prover, solver, same, step.action.name, after):
                break
    return attrs.evolve(tally.answer("inductive"), seconds=time.perf_counter() - started)


def _sum(values: formulas.Values, of: Sequence[int]) -> z3.ArithRef:
    total: z3.ArithRef = z3.IntVal(0)
    for f in of:
        total = total + values[f]
    return total
