"""Exploring a composition by the tables of its orders.

Each order's reachable states and successors are enumerated once, as if it were alone; the kernel
then walks the states of all orders together, which are tuples of numbers to it.
"""

import time
from collections.abc import Collection, Mapping, Sequence

import attrs
import numpy as np
import numpy.typing as npt

from truebook.model.composition import rows_of
from truebook.model.system import System
from truebook.specs.explore.columns import Tabulated, tabulate
from truebook.specs.explore.engine import Exploration, Path, Progress, Wanted
from truebook.specs.explore.kernel import Broken, explore_tables
from truebook.specs.explore.kernel_tables import Table
from truebook.specs.explore.traced import traced
from truebook.specs.properties import Check, State


def explore(
    system: System,
    checks: Sequence[Check],
    *,
    limit: int | None = None,
    progress: Progress | None = None,
    wanted: Wanted | None = None,
    compiled: bool | None = None,
) -> Exploration:
    """Explore a composition; see `Engine`. `compiled` asks for numba, or forbids it."""
    started = time.perf_counter()
    owned = [_own(check) for check in checks]
    tabulated = _tabulate(system, owned)
    moves = [tuple(-1 if r is None else r for r in rows) for rows in rows_of(system.orders)]
    found = [
        (n, Broken(order, tabulated[order].broken[id(own)]))
        for n, (order, own) in enumerate(owned)
        if id(own) in tabulated[order].broken
    ]
    tables = [Table(t.table.first, t.table.successors) for t in tabulated]
    product = explore_tables(
        tables,
        moves,
        [broken for _, broken in found],
        compiled=compiled,
        limit=limit,
        progress=progress,
        wanted=_renumbered(wanted, [n for n, _ in found]),
    )
    violations = {
        found[b][0]: traced(system, checks[found[b][0]], _of_orders(tabulated, path))
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
        complete=product.complete,
    )


@attrs.frozen(eq=False)
class _Order:
    """An order's table, and where its checks that are asked for are broken in it, by identity."""

    table: Tabulated
    broken: dict[int, npt.NDArray[np.bool_]]


def _own(check: Check) -> tuple[int, Check]:
    """Return the order that a composition's check is of, and the check there."""
    if check.order is None or check.own is None:
        raise ValueError(f"the check {check.part!r} is of no order, which tables cannot look at")
    return check.order, check.own


def _tabulate(system: System, owned: Sequence[tuple[int, Check]]) -> list[_Order]:
    """Tabulate each order once, with the checks that are asked for of it, wherever it stands."""
    made: dict[int, _Order] = {}
    for system_of in system.orders:
        if id(system_of) not in made:
            wanted = {id(own): own for k, own in owned if system.orders[k] is system_of}
            table = tabulate(system_of, tuple(wanted.values()))
            broken = {tuple(wanted)[n]: where for n, where in table.broken.items()}
            made[id(system_of)] = _Order(table, broken)
    return [made[id(order)] for order in system.orders]


def _renumbered(wanted: Wanted | None, numbers: Sequence[int]) -> Wanted | None:
    """Return `wanted` for a kernel that knows some of the checks, and numbers them anew.

    A check that is broken in no order by itself is not among them, and cannot end the search.
    """
    if wanted is None:
        return None
    known = {n: b for b, n in enumerate(numbers)}

    def of_kernel(depth: int, states: int, lengths: Mapping[int, int]) -> Collection[int]:
        still = wanted(depth, states, {numbers[b]: length for b, length in lengths.items()})
        return [known.get(n, -1) for n in still]

    return of_kernel


def _of_orders(tabulated: Sequence[_Order], path: Path) -> Path:
    """Return a path with the states of all orders in place of their numbers."""
    found: list[tuple[int, State]] = []
    for move, numbers in path:
        of_orders = (
            t.table.states([number])[0] for t, number in zip(tabulated, numbers, strict=True)
        )
        found.append((move, tuple(value for state in of_orders for value in state)))
    return tuple(found)
