import sys
from collections.abc import Callable, Iterator, Sequence
from importlib.util import find_spec
from typing import Any
from unittest import mock

import attrs
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from truebook.specs.explore import kernel, kernel_numpy, levels
from truebook.specs.explore.engine import TooLargeError
from truebook.specs.explore.kernel import Broken, Path, Product, Table, explore_tables
from truebook.specs.explore.kernel_numpy import NumpyEngine
from truebook.specs.explore.kernel_tables import compose

HAS_NUMBA = find_spec("numba") is not None
needs_numba = pytest.mark.skipif(not HAS_NUMBA, reason="numba (truebook[fast]) is not installed")
engines = pytest.mark.parametrize(
    "compiled", [False, pytest.param(True, marks=needs_numba)], ids=["numpy", "numba"]
)
sets = pytest.mark.parametrize("bitmap_bytes", [0, 1 << 20], ids=["keys", "bitmap"])

States = tuple[int, ...]


@attrs.frozen
class Case:
    """A composition, and the checks to make of it."""

    tables: Sequence[Table]
    moves: Sequence[tuple[int, ...]]
    broken: Sequence[Broken]


@st.composite
def cases(draw: st.DrawFn) -> Case:
    """Draw the sizes, which shrink well, and fill them at random, which reaches many states."""
    sizes = draw(st.lists(st.tuples(st.integers(1, 7), st.integers(2, 5)), min_size=1, max_size=3))
    joint, checks = draw(st.integers(0, 4)), draw(st.integers(0, 6))
    rng = np.random.default_rng(draw(st.integers(0, 2**32 - 1)))
    tables = []
    for states, actions in sizes:
        successor = rng.integers(0, states, (actions, states), np.int32)
        successor[rng.random(successor.shape) < 0.2] = -1
        tables.append(Table(int(rng.integers(states)), successor))
    alone = [
        tuple(row if n == order else -1 for n in range(len(sizes)))
        for order, (_, actions) in enumerate(sizes)
        for row in range(actions)
    ]
    together = [tuple(int(rng.integers(-1, n)) for _, n in sizes) for _ in range(joint)]
    moves = rng.permutation([move for move in alone + together if max(move) >= 0]).tolist()
    broken = []
    for _ in range(checks):
        order = int(rng.integers(len(sizes)))
        shape = tables[order].successor.shape[int(rng.integers(2)) :]
        broken.append(Broken(order, rng.random(shape) < rng.choice([0.05, 0.2])))
    return Case(tables, [tuple(move) for move in moves], broken)


def table(rows: Sequence[Sequence[int]], first: int = 0) -> Table:
    return Table(first, np.array(rows, np.int32))


def plain(case: Case) -> Product:
    """Explore in the plainest way: a path to every state, the least of the shortest first.

    A queue whose states are in the order of their paths, extended by the least move first, finds
    each state by the least of its shortest paths.
    """
    first = tuple(table.first for table in case.tables)
    paths: dict[States, Path] = {first: ()}
    queue = [first]
    fired = set()
    transitions = 0
    violations: dict[int, list[Path]] = {}
    for states in queue:
        for number, broken in enumerate(case.broken):
            if broken.where.ndim == 1 and broken.where[states[broken.order]]:
                violations.setdefault(number, []).append(paths[states])
        for move, after in steps(case, states):
            fired.add(move)
            transitions += 1
            path = (*paths[states], (move, after))
            for number, broken in enumerate(case.broken):
                action = case.moves[move][broken.order]
                before = states[broken.order]
                if broken.where.ndim == 2 and action >= 0 and broken.where[action, before]:
                    violations.setdefault(number, []).append(path)
            if after not in paths:
                paths[after] = path
                queue.append(after)
    return Product(
        states=len(paths),
        transitions=transitions,
        depth=max(map(len, paths.values())),
        fired=frozenset(fired),
        violations={
            number: min(found, key=length_and_moves) for number, found in violations.items()
        },
    )


def steps(case: Case, states: States) -> Iterator[tuple[int, States]]:
    for number, move in enumerate(case.moves):
        after = tuple(
            state if row < 0 else int(table.successor[row, state])
            for table, row, state in zip(case.tables, move, states, strict=True)
        )
        if -1 not in after:
            yield number, after


def length_and_moves(path: Path) -> tuple[int, list[int]]:
    return len(path), [move for move, _ in path]


def all_paths(case: Case, length: int) -> Iterator[Path]:
    """Yield every path of a length: brute force, to hold the plain search's paths to."""
    paths: list[Path] = [()]
    for _ in range(length):
        paths = [
            (*path, step)
            for path in paths
            for step in steps(case, path[-1][1] if path else first_of(case))
        ]
    yield from paths


def first_of(case: Case) -> States:
    return tuple(table.first for table in case.tables)


def breaks(case: Case, broken: Broken, path: Path) -> bool:
    states = [first_of(case), *(states for _, states in path)]
    if broken.where.ndim == 1:
        return bool(broken.where[states[-1][broken.order]])
    if not path:
        return False
    action = case.moves[path[-1][0]][broken.order]
    return action >= 0 and bool(broken.where[action, states[-2][broken.order]])


def run(case: Case, **options: Any) -> Product:
    return explore_tables(case.tables, case.moves, case.broken, **options)


@engines
@sets
@pytest.mark.parametrize("block", [2, None], ids=["blocks", "whole"])
def test_agrees_with_the_plain_search(compiled: bool, bitmap_bytes: int, block: int | None) -> None:
    @settings(max_examples=400)
    @given(cases())
    def agrees(case: Case) -> None:
        with small_blocks(block, compiled):
            assert run(case, compiled=compiled, bitmap_bytes=bitmap_bytes) == plain(case)

    agrees()


def small_blocks(block: int | None, compiled: bool) -> Any:
    """Let the engine take so few states at a time that small levels have several blocks."""
    module: Any = kernel_numpy
    if compiled:
        from truebook.specs.explore import kernel_numba as module
    return mock.patch.object(module, "BLOCK", block or module.BLOCK)


@given(cases())
def test_paths_are_the_least_of_all_shortest_ones(case: Case) -> None:
    for number, path in run(case, compiled=False).violations.items():
        if len(case.moves) ** len(path) > 3000:
            continue
        broken = case.broken[number]
        for length in range(len(path)):
            assert not any(breaks(case, broken, other) for other in all_paths(case, length))
        others = [other for other in all_paths(case, len(path)) if breaks(case, broken, other)]
        assert path == min(others, key=length_and_moves)


def counters(*sizes: int) -> Case:
    """Counters that go round by themselves, and a move that resets all of them."""
    orders = range(len(sizes))
    tables = [table([[*range(1, size), 0], [0] * size]) for size in sizes]
    moves = [tuple(0 if order == n else -1 for order in orders) for n in orders]
    return Case(tables, [*moves, tuple(1 for _ in orders)], [])


@engines
@sets
def test_many_states(compiled: bool, bitmap_bytes: int) -> None:
    case = counters(50, 40, 30)
    last = Broken(2, np.arange(30) == 29)
    overflow = Broken(0, np.arange(50) == np.array([[49], [-1]]))
    case = attrs.evolve(case, broken=[last, overflow])
    found = run(case, compiled=compiled, bitmap_bytes=bitmap_bytes)
    assert found.states == 50 * 40 * 30
    assert found.transitions == 4 * found.states
    assert found.depth == 49 + 39 + 29
    assert found.fired == {0, 1, 2, 3}
    assert found.violations == {
        0: tuple((2, (0, 0, n + 1)) for n in range(29)),
        1: tuple((0, ((n + 1) % 50, 0, 0)) for n in range(50)),
    }


@engines
def test_more_checks_than_a_mark_has_bits(compiled: bool) -> None:
    broken = [Broken(0, np.arange(70) == n) for n in range(70)]
    found = run(attrs.evolve(counters(70), broken=broken), compiled=compiled)
    assert {n: len(path) for n, path in found.violations.items()} == {n: n for n in range(70)}


@engines
def test_the_first_state_may_be_broken(compiled: bool) -> None:
    case = attrs.evolve(counters(3, 3), broken=[Broken(1, np.ones(3, np.bool_))])
    assert run(case, compiled=compiled).violations == {0: ()}


@engines
def test_a_broken_step_may_lead_nowhere_new(compiled: bool) -> None:
    resets = np.array([[False, False], [True, True]])
    case = attrs.evolve(counters(2), broken=[Broken(0, resets)])
    assert run(case, compiled=compiled).violations == {0: ((1, (0,)),)}


@engines
def test_checks_broken_on_different_ways(compiled: bool) -> None:
    forks = table([[1, 2, -1, -1], [-1, 3, -1, -1]])
    case = Case([forks], [(0,), (1,)], [Broken(0, np.arange(4) == n) for n in (2, 3)])
    assert run(case, compiled=compiled).violations == {
        0: ((0, (1,)), (0, (2,))),
        1: ((0, (1,)), (1, (3,))),
    }


@engines
def test_without_moves_there_is_the_first_state(compiled: bool) -> None:
    case = Case([table([[1, 0]], first=1)], [], [Broken(0, np.ones((1, 2), np.bool_))])
    assert run(case, compiled=compiled) == Product(1, 0, 0, frozenset(), {})


@engines
def test_a_joint_move_needs_all_its_orders(compiled: bool) -> None:
    two = table([[1, -1], [-1, 0]])
    case = Case([two, two, two], [(0, -1, -1), (-1, 0, -1), (1, 1, -1)], [])
    assert run(case, compiled=compiled) == Product(4, 5, 2, frozenset({0, 1, 2}), {})


@engines
@sets
def test_limit(compiled: bool, bitmap_bytes: int) -> None:
    case = counters(20, 20)
    options = {"compiled": compiled, "bitmap_bytes": bitmap_bytes}
    assert run(case, limit=400, **options).states == 400
    with pytest.raises(TooLargeError, match="more than 399 states"):
        run(case, limit=399, **options)


@engines
def test_progress(compiled: bool) -> None:
    told: list[tuple[int, int, int]] = []
    run(counters(3, 2), compiled=compiled, progress=lambda *now: told.append(now))
    assert told == [(1, 0, 1), (3, 1, 2), (5, 2, 2), (6, 3, 1)]


@engines
def test_progress_within_a_level(compiled: bool, monkeypatch: pytest.MonkeyPatch) -> None:
    told: list[tuple[int, int, int]] = []
    monkeypatch.setattr(levels, "PROGRESS_SECONDS", -1.0)
    with small_blocks(1, compiled):
        run(counters(3, 2), compiled=compiled, progress=lambda *now: told.append(now))
    assert told[-3:] == [(6, 2, 2), (6, 3, 1), (6, 3, 1)]
    assert [states for states, _, _ in told] == sorted(states for states, _, _ in told)


@engines
def test_the_largest_keys(compiled: bool) -> None:
    size = 1 << 20
    sparse = np.full((2, size), -1, np.int32)
    sparse[0, 0] = size - 1
    sparse[1, size - 1] = 0
    big, top = Table(0, sparse), table([[1, 2, 3, -1]])
    moves = [(0, -1, -1, -1), (-1, 0, 0, -1), (-1, -1, -1, 0), (1, 1, 1, -1)]
    case = Case([big, big, big, top], moves, [])
    found = run(case, compiled=compiled)
    assert found == plain(case)
    assert (found.states, found.transitions) == (16, 8 + 8 + 12 + 4)


def test_too_many_states() -> None:
    case = counters(*[1 << 21] * 3)
    with pytest.raises(ValueError, match=r"9,223,372,036,854,775,808 states .* 2\*\*62"):
        run(case)


@pytest.mark.parametrize("value", [-2, 3])
def test_a_successor_out_of_range_is_refused(value: int) -> None:
    with pytest.raises(ValueError, match=f"action 1 leads from state 2 to {value}"):
        table([[0, 1, -1], [2, 1, value]])


def test_a_checked_table_cannot_change() -> None:
    given = np.zeros((1, 2), np.int32)
    of = Table(0, given)
    given[0, 0] = 9
    assert of.successor[0, 0] == 0
    with pytest.raises(ValueError, match="read-only"):
        of.successor[0, 0] = 9


@pytest.mark.parametrize(
    ("make", "message"),
    [
        (lambda: table([[0]], first=1), "first state 1"),
        (lambda: table([[0]], first=-1), "first state -1"),
        (lambda: Table(0, np.zeros((1, 1), np.int64)), "must be int32"),
        (lambda: Table(0, np.zeros(1, np.int32)), "must be int32 of shape"),
        (lambda: Broken(0, np.zeros(1)), "must be bool"),
        (lambda: run(Case([], [], [])), "at least one order"),
        (lambda: run(attrs.evolve(counters(2), moves=[(0, 0)])), "there are 1 orders"),
        (lambda: run(attrs.evolve(counters(2), moves=[(2,)])), "action 2 of order 0"),
        (lambda: run(attrs.evolve(counters(2), moves=[(-2,)])), "action -2 of order 0"),
        (lambda: run(attrs.evolve(counters(2), moves=[(-1,)])), "names no order"),
        (
            lambda: run(attrs.evolve(counters(2), broken=[Broken(1, np.ones(2, np.bool_))])),
            "check 0 is of order 1",
        ),
        (
            lambda: run(attrs.evolve(counters(2), broken=[Broken(0, np.ones(3, np.bool_))])),
            "check 0 has shape",
        ),
        (
            lambda: run(attrs.evolve(counters(2), broken=[Broken(0, np.ones((1, 2), np.bool_))])),
            "check 0 has shape",
        ),
    ],
)
def test_what_does_not_fit_is_refused(make: Callable[[], object], message: str) -> None:
    with pytest.raises(ValueError, match=message):
        make()


def test_numba_asked_for_but_missing(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "truebook.specs.explore.kernel_numba", None)
    monkeypatch.delattr("truebook.specs.explore.kernel_numba", raising=False)
    monkeypatch.setattr(kernel, "WORTH_COMPILING", 0)
    with pytest.raises(ImportError, match=r"truebook\[fast\]"):
        run(counters(2), compiled=True)
    assert run(counters(2), compiled=None).states == 2


@needs_numba
def test_only_large_compositions_wait_for_numba(monkeypatch: pytest.MonkeyPatch) -> None:
    from truebook.specs.explore.kernel_numba import NumbaEngine

    case = counters(30, 30)
    composition = compose(case.tables, case.moves)
    assert isinstance(kernel._engine(composition, None, 1 << 20), NumpyEngine)
    monkeypatch.setattr(kernel, "WORTH_COMPILING", 900)
    assert isinstance(kernel._engine(composition, None, 1 << 20), NumbaEngine)


@needs_numba
def test_compiles_where_nothing_can_be_written(monkeypatch: pytest.MonkeyPatch) -> None:
    from truebook.specs.explore import kernel_numba

    def njit(function: Callable[..., Any] | None = None, *, cache: bool = False) -> Any:
        if cache:
            raise RuntimeError("cannot cache function: no locator available")
        return function

    monkeypatch.setattr(kernel_numba.numba, "njit", njit)
    assert kernel_numba.compiled(len) is len
