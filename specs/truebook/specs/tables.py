"""Exploring a composition by the tables of its orders.

Each order's reachable states and successors are enumerated once, as if it were alone; the kernel
then walks the states of all orders together, which are tuples of numbers to it.
"""

import time
from collections.abc import Sequence

from truebook.model.composition import rows_of
from truebook.model.system import System
from truebook.specs.checks import checks_of
from truebook.specs.columns import Tabulated, tabulate
from truebook.specs.explore import Exploration, Progress, Runner
from truebook.specs.kernel import Broken, explore_tables
from truebook.specs.kernel_tables import Table
from truebook.specs.properties import Check, Kind
from truebook.specs.trace import State, Trace, trace_of


def explore(
    system: System,
    checks: Sequence[Check],
    *,
    limit: int | None = None,
    progress: Progress | None = None,
    compiled: bool | None = None,
) -> Exploration:
    """Explore a composition; see `Engine`. `compiled` asks for numba, or forbids it."""
    started = time.perf_counter()
    tabulated = _tabulate(system)
    moves = [tuple(-1 if r is None else r for r in rows) for rows in rows_of(system.orders)]
    found = []
    for n, check in enumerate(checks):
        local = _local(system, checks, n)
        order = check.order or 0
        where = tabulated[order].broken.get(local)
        if where is not None:
            found.append((n, Broken(order, where)))
    tables = [Table(t.first, t.successors) for t in tabulated]
    product = explore_tables(
        tables,
        moves,
        [broken for _, broken in found],
        compiled=compiled,
        limit=limit,
        progress=progress,
    )
    violations = {
        found[b][0]: _trace(system, checks[found[b][0]], tabulated, path)
        for b, path in product.violations.items()
    }
    return Exploration(
        states=product.states,
        transitions=product.transitions,
        depth=product.depth,
        fired=frozenset(system.actions[n].name for n in product.fired),
        moves=frozenset(),
        violations=dict(sorted(violations.items())),
        seconds=time.perf_counter() - started,
    )


def _tabulate(system: System) -> list[Tabulated]:
    made: dict[int, Tabulated] = {}
    for order in system.orders:
        if id(order) not in made:
            made[id(order)] = tabulate(order, checks_of(order))
    return [made[id(order)] for order in system.orders]


def _local(system: System, checks: Sequence[Check], n: int) -> int:
    """Return the number of a composition's check among the checks of its order."""
    check = checks[n]
    order = check.order or 0
    part = check.part.removeprefix(f"order {order + 1}: ")
    for local, of_order in enumerate(checks_of(system.orders[order])):
        if of_order.property == check.property and of_order.part == part:
            return local
    raise ValueError(f"no order has the check {check.part!r}")


def _trace(
    system: System,
    check: Check,
    tabulated: Sequence[Tabulated],
    path: Sequence[tuple[int, tuple[int, ...]]],
) -> Trace:
    runner = Runner(system)
    states: list[State] = []
    for _, numbers in path:
        of_orders = (t.states([number])[0] for t, number in zip(tabulated, numbers, strict=True))
        states.append(tuple(value for state in of_orders for value in state))
    steps = [(move, state) for (move, _), state in zip(path, states, strict=True)]
    end = states[-1] if states else runner.first
    settled = runner.settled(end) if check.kind is Kind.SETTLED else None
    return trace_of(system, steps, runner.first, settled=settled)
