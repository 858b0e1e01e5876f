"""The kernel's engine in numpy: a block of states at a time, one move after another."""

from collections.abc import Iterator
from typing import Protocol

import numpy as np
import numpy.typing as npt

from truebook.specs.explore.kernel_tables import Composition, Keys

BLOCK = 1 << 15
"""States expanded at a time: few enough to stay in the cache, enough to outweigh the calls."""


class Visited(Protocol):
    """An exact set of keys."""

    def add(self, keys: Keys) -> Keys:
        """Put keys in, in any order and any number of times, and return those that were not."""
        ...


class Bitmap:
    """A set of keys as one bit for each key that there is."""

    def __init__(self, size: int) -> None:
        self._bits = np.zeros((size >> 3) + 1, np.uint8)

    def add(self, keys: Keys) -> Keys:
        """Put keys in and return those that were not, sorted."""
        place = keys >> 3
        bit = np.left_shift(np.uint8(1), (keys & 7).astype(np.uint8))
        fresh = unique(keys[(self._bits[place] & bit) == 0])
        bit = np.left_shift(np.uint8(1), (fresh & 7).astype(np.uint8))
        np.add.at(self._bits, fresh >> 3, bit)  # each bit is set once: to add it is to set it
        return fresh


class Runs:
    """A set of keys as sorted arrays, each less than half as long as the one before it."""

    def __init__(self) -> None:
        self._runs: list[Keys] = []

    def add(self, keys: Keys) -> Keys:
        """Put keys in and return those that were not, sorted."""
        fresh = unique(keys)
        for run in self._runs:
            fresh = fresh[~found(run, fresh)[0]]
        if len(fresh):
            self._keep(fresh)
        return fresh

    def all(self) -> Keys:
        """Return every key that was put in, sorted."""
        return np.sort(np.concatenate([np.empty(0, np.int64), *self._runs]), kind="stable")

    def _keep(self, run: Keys) -> None:
        while self._runs and len(self._runs[-1]) < 2 * len(run):
            run = np.concatenate((self._runs.pop(), run))
            run.sort(kind="stable")  # which merges what is sorted already
        self._runs.append(run)


def unique(keys: Keys) -> Keys:
    """Return the keys sorted, each once."""
    keys = np.sort(keys)
    keep = np.ones(len(keys), np.bool_)
    np.not_equal(keys[1:], keys[:-1], out=keep[1:])
    return keys[keep]


def found(run: Keys, keys: Keys) -> tuple[npt.NDArray[np.bool_], npt.NDArray[np.intp]]:
    """Return which keys are in a sorted array that is not empty, and where they are."""
    place = np.searchsorted(run, keys)
    place[place == len(run)] = 0
    return run[place] == keys, place


class NumpyEngine:
    """Expands states and finds their predecessors with numpy alone."""

    def __init__(self, composition: Composition, bitmap_bytes: int) -> None:
        self.block = BLOCK
        self.transitions = 0
        self._composition = composition
        self._fired = np.zeros(len(composition.moves), np.bool_)
        small = composition.size <= 8 * bitmap_bytes
        self._visited: Visited = Bitmap(composition.size) if small else Runs()

    @property
    def fired(self) -> frozenset[int]:
        """The moves that were possible in a state expanded so far."""
        return frozenset(np.flatnonzero(self._fired).tolist())

    def begin(self, key: int) -> Keys:
        """Return the first level (shape (1,))."""
        return self._visited.add(np.array([key], np.int64))

    def expand(self, keys: Keys) -> Keys:
        """Return the successors of a block of states that were never seen before, each once."""
        targets = []
        for move, rows, after in self._steps(keys):
            targets.append(after)
            self._fired[move] |= len(rows) > 0
            self.transitions += len(rows)
        return self._visited.add(np.concatenate(targets)) if targets else keys[:0]

    def mark(
        self, keys: Keys, ahead: Keys, marks: npt.NDArray[np.uint64]
    ) -> npt.NDArray[np.uint64]:
        """Return for each state of a block the union of the marks of its successors.

        `ahead` is sorted and not empty; `marks` are its bits (the same shape).
        """
        union = np.zeros(len(keys), np.uint64)
        for _, rows, after in self._steps(keys):
            is_marked, place = found(ahead, after)
            union[rows[is_marked]] |= marks[place[is_marked]]
        return union

    def _steps(self, keys: Keys) -> Iterator[tuple[int, npt.NDArray[np.intp], Keys]]:
        digits = self._composition.digits(keys)
        for move in range(len(self._composition.moves)):
            rows, change = self._composition.step(move, digits)
            yield move, rows, keys[rows] + change
