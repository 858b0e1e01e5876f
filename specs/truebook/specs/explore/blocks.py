"""Blocks of states as arrays, and a system's actions and checks as trees that run on them."""

from collections.abc import Callable, Iterator, Sequence
from typing import Any

import numpy as np
import numpy.typing as npt

from truebook.model.system import Field, System
from truebook.specs.explore.packing import Packing
from truebook.specs.properties import Check, Kind, always
from truebook.specs.symbolic import Leaf, Node, Term, Tree, possible

Column = npt.NDArray[np.int16]
Rows = npt.NDArray[np.intp]


class Columns:
    """A block of states, one array a field; fields that have one value only have none."""

    def __init__(self, arrays: list[Column]) -> None:
        self.arrays = arrays

    def __len__(self) -> int:
        return len(self.arrays[0])

    def take(self, rows: Rows) -> "Columns":
        """Return a block of some of the rows."""
        return Columns([array[rows] for array in self.arrays])

    def copy(self) -> "Columns":
        """Return a block that shares nothing."""
        return Columns([array.copy() for array in self.arrays])


def evaluate(term: Term | int, arrays: Sequence[Column], rows: Rows) -> Any:
    """Return the values of a term in some rows: an array, or an int where it is constant."""
    if not isinstance(term, Term):
        return term
    if term.op == "field":
        return arrays[term.args[0]][rows]  # type: ignore[index]
    values = [evaluate(a, arrays, rows) for a in term.args]
    match term.op:
        case "add":
            return _number(values[0]) + _number(values[1])
        case "sub":
            return _number(values[0]) - _number(values[1])
        case "eq":
            return values[0] == values[1]
        case "lt":
            return values[0] < values[1]
        case _:
            return np.logical_not(values[0])


def _number(values: Any) -> Any:
    """Return truths as 0 and 1, which numpy would not add; and numbers as they are."""
    truths = isinstance(values, np.ndarray) and values.dtype == np.bool_
    return values.astype(np.int16) if truths else values


def part_rows(tree: Tree, arrays: Sequence[Column], rows: Rows) -> Iterator[tuple[Leaf, Rows]]:
    """Yield each leaf that some rows come to, with those rows."""
    todo: list[tuple[Node, Rows]] = [(tree.root, rows)]
    while todo:
        node, rows = todo.pop()
        if not len(rows):
            continue
        if isinstance(node, Leaf):
            yield node, rows
            continue
        mask = evaluate(node.condition, arrays, rows)
        if mask.dtype != np.bool_:
            mask = mask != 0
        for outcome in (False, True):
            side = rows[mask] if outcome else rows[~mask]
            if len(side):
                todo.append((tree.side(node, outcome), side))


class Compiled:
    """A system's actions and checks as trees, ready to run on columns."""

    def __init__(self, system: System, checks: Sequence[Check]) -> None:
        self.system = system
        self.packing = Packing(system.fields)
        self.parts = [
            [self._tree((system.fields,), part) for part in action.parts]
            for action in system.actions
        ]
        self.numbers = {action.name: n for n, action in enumerate(system.actions)}
        self.quiet = [self.numbers[name] for name in system.settle if name in self.numbers]
        self.states = {
            n: self._tree((system.fields,), check.holds)
            for n, check in enumerate(checks)
            if check.kind in (Kind.STATE, Kind.SETTLED)
        }
        self.asked = {
            n: self._tree((self.system.fields,), check.when)
            for n, check in enumerate(checks)
            if check.when is not always
        }
        self._steps: dict[tuple[int, int], Tree] = {}
        self._checks = checks

    def _tree(self, fields: Sequence[Sequence[Field]], function: Callable[..., Any]) -> Tree:
        return Tree(fields, lambda: tuple(self.system.create() for _ in fields), function)

    def step(self, check: int, action: int) -> Tree:
        """Return the tree of a check of a step for one action, over the states before and after."""
        tree = self._steps.get((check, action))
        if tree is None:
            holds, what = self._checks[check].holds, self.system.actions[action]
            fields = (self.system.fields, self.system.fields)
            tree = self._tree(fields, lambda before, after: holds(before, after, what))
            self._steps[check, action] = tree
        return tree

    def run(self, action: int, block: Columns) -> tuple[Rows, Columns]:
        """Return the rows in which an action is possible, and the states after it there."""
        first, *rest = self.parts[action]
        everything = np.arange(len(block))
        happened = [
            (leaf, rows)
            for leaf, rows in part_rows(first, block.arrays, everything)
            if leaf.returned
        ]
        if not happened:
            return everything[:0], block.take(everything[:0])
        rows = np.concatenate([rows for _, rows in happened])
        after = block.take(rows)
        start = 0
        for leaf, of_leaf in happened:
            end = start + len(of_leaf)
            self._write(action, leaf, after.arrays, np.arange(start, end))
            start = end
        for part in rest:
            self._apply(action, part, after)
        return rows, after

    def _apply(self, action: int, part: Tree, block: Columns) -> None:
        for leaf, rows in list(part_rows(part, block.arrays, np.arange(len(block)))):
            self._write(action, leaf, block.arrays, rows)

    def _write(self, action: int, leaf: Leaf, arrays: list[Column], rows: Rows) -> None:
        """Write what a path writes; values that may be out of range are looked at one by one."""
        values = [(f, evaluate(value, arrays, rows), value) for f, value in leaf.writes]
        for f, new, value in values:
            size = self.system.fields[f].size
            span = possible(value, leaf.known)
            if span is None or span.start < 0 or span.stop > size:
                self._check_range(action, f, new)
            arrays[f][rows] = new

    def _check_range(self, action: int, f: int, values: Any) -> None:
        field = self.system.fields[f]
        low, high = int(np.min(values)), int(np.max(values))
        if low < 0 or high >= field.size:
            raise ValueError(
                f"{self.system.actions[action].name!r} wrote {low if low < 0 else high} to "
                f"{field.path}, whose values are 0 to {field.size - 1}: widen the domain, or "
                "mend the action"
            )

    def settle(self, block: Columns) -> Columns:
        """Return the states after one quiet round."""
        block = block.copy()
        for action in self.quiet:
            rows, after = self.run(action, block)
            for array, new in zip(block.arrays, after.arrays, strict=True):
                array[rows] = new
        return block

    def failing(self, tree: Tree, *blocks: Columns) -> Rows:
        """Return the rows in which a predicate over one or more blocks is false."""
        arrays = [array for block in blocks for array in block.arrays]
        found = [
            rows
            for leaf, rows in part_rows(tree, arrays, np.arange(len(blocks[0])))
            if not leaf.returned
        ]
        return np.concatenate(found) if found else np.arange(0)
