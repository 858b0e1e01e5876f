"""The kernel's engine compiled by numba, which is imported with this module: import it late."""

import importlib
from collections.abc import Callable
from typing import Any, TypeVar

import numpy as np
import numpy.typing as npt

from truebook.specs.explore.kernel_tables import NEVER, Composition, Keys

Function = TypeVar("Function", bound=Callable[..., Any])
Marks = npt.NDArray[np.uint64]
Moves = npt.NDArray[np.intp]

BLOCK = 1 << 13
"""States expanded at a time: their successors stay in the cache."""

EMPTY = -1
"""The number in a free slot of a hash set."""

SPREAD = np.uint64(0x9E3779B97F4A7C15)
"""2**64 divided by the golden ratio: multiplied by it, near keys come to lie far apart."""

numba = importlib.import_module("numba")  # by name, since it has no types


def compiled(function: Function) -> Function:
    """Compile a function at its first call, and keep the code on disk for the next process."""
    try:
        return numba.njit(cache=True)(function)  # type: ignore[no-any-return]
    except RuntimeError:  # there is no folder that it may write to
        return numba.njit(function)  # type: ignore[no-any-return]


@compiled
def _slot(number: int, slots: Keys) -> int:
    """Return the slot of a number, or the free one where it belongs."""
    last = len(slots) - 1
    slot = int((np.uint64(number) * SPREAD) >> np.uint64(24)) & last
    while slots[slot, 0] != EMPTY and slots[slot, 0] != number:
        slot = (slot + 1) & last
    return slot


@compiled
def _expand(
    keys: Keys,
    radix: Keys,
    base: Moves,
    start: Moves,
    local: Keys,
    local_move: Moves,
    joint: Keys,
    joint_move: Moves,
    targets: Keys,
    counts: Moves,
    fired: npt.NDArray[np.bool_],
) -> int:
    """Write the successors of all keys into `targets`, and how many each has into `counts`."""
    n = 0
    place = np.empty(len(radix), np.intp)
    for i in range(len(keys)):
        before = n
        rest = keys[i]
        for order in range(len(radix)):
            digit = rest // radix[order]
            rest -= digit * radix[order]
            place[order] = base[order] + digit
            for j in range(start[place[order]], start[place[order] + 1]):
                targets[n] = keys[i] + local[j]
                fired[local_move[j]] = True
                n += 1
        for j in range(len(joint_move)):
            after = keys[i]
            possible = True
            for order in range(len(radix)):
                change = joint[place[order], j]
                if change == NEVER:
                    possible = False
                    break
                after += change
            if possible:
                targets[n] = after
                fired[joint_move[j]] = True
                n += 1
        counts[i] = n - before
    return n


@compiled
def _keep_in_bitmap(targets: Keys, bits: npt.NDArray[np.uint8]) -> int:
    """Set the bits of all targets, and move those that were not set to the front."""
    fresh = 0
    for key in targets:
        bit = np.uint8(1 << (key & 7))
        if bits[key >> 3] & bit == 0:
            bits[key >> 3] |= bit
            targets[fresh] = key
            fresh += 1
    return fresh


@compiled
def _keep_in_slots(targets: Keys, slots: Keys) -> tuple[int, int]:
    """Put all targets into a hash set, and move those that were not in it to the front.

    Returns how many those are, and how many slots they took. Each slot is a number of 64
    neighbouring keys and their bits (shape (slots, 2), a power of two and never full).
    """
    fresh = 0
    taken = 0
    for key in targets:
        slot = _slot(key >> 6, slots)
        if slots[slot, 0] == EMPTY:
            slots[slot, 0] = key >> 6
            taken += 1
        bit = np.int64(1) << (key & 63)
        if slots[slot, 1] & bit == 0:
            slots[slot, 1] |= bit
            targets[fresh] = key
            fresh += 1
    return fresh, taken


@compiled
def _move(old: Keys, slots: Keys) -> None:
    """Put all that one hash set holds into another, which is empty."""
    for i in range(len(old)):
        if old[i, 0] != EMPTY:
            slot = _slot(old[i, 0], slots)
            slots[slot, 0] = old[i, 0]
            slots[slot, 1] = old[i, 1]


@compiled
def _unite(targets: Keys, counts: Moves, ahead: Keys, marks: Marks, union: Marks) -> None:
    """Give each state the marks of its successors, which lie one after another in `targets`."""
    n = 0
    for i in range(len(counts)):
        for _ in range(counts[i]):
            place = np.searchsorted(ahead, targets[n])
            if place < len(ahead) and ahead[place] == targets[n]:
                union[i] |= marks[place]
            n += 1


class Bitmap:
    """A set of keys as one bit for each key that there is."""

    def __init__(self, size: int) -> None:
        self._bits = np.zeros((size >> 3) + 1, np.uint8)

    def add(self, keys: Keys) -> Keys:
        """Put keys in and return those that were not; the array given is overwritten."""
        return keys[: _keep_in_bitmap(keys, self._bits)].copy()


class Slots:
    """A set of keys as a hash table of those parts of a bitmap that are not zero.

    States lie near one another, so this takes less memory than the keys and stays in the cache.
    """

    def __init__(self, size: int = 1 << 10) -> None:
        self._slots = _free(size)
        self._taken = 0

    def add(self, keys: Keys) -> Keys:
        """Put keys in and return those that were not; the array given is overwritten."""
        while 3 * (self._taken + len(keys)) > 2 * len(self._slots):
            self._grow()
        fresh, taken = _keep_in_slots(keys, self._slots)
        self._taken += taken
        return keys[:fresh].copy()

    def _grow(self) -> None:
        larger = _free(2 * len(self._slots))
        _move(self._slots, larger)
        self._slots = larger


def _free(size: int) -> Keys:
    slots = np.zeros((size, 2), np.int64)
    slots[:, 0] = EMPTY
    return slots


class NumbaEngine:
    """Expands states and finds their predecessors in compiled loops.

    The moves of one order alone are lists, one for each of its states, of those possible there;
    the joint moves are rows of changes. Both hold the states of all orders one after another:
    `base` tells where an order's begin.
    """

    def __init__(self, composition: Composition, bitmap_bytes: int) -> None:
        self.block = BLOCK
        self.transitions = 0
        sizes = [table.states for table in composition.tables]
        self._radix = np.array(composition.radix, np.int64)
        self._base = np.cumsum([0, *sizes[:-1]], dtype=np.intp)
        self._start, self._local, self._local_move = _local_moves(composition)
        self._joint, self._joint_move = _joint_moves(composition)
        self._targets = np.empty(self.block * len(composition.moves), np.int64)
        self._counts = np.empty(self.block, np.intp)
        self._fired = np.zeros(len(composition.moves), np.bool_)
        small = composition.size <= 8 * bitmap_bytes
        self._visited = Bitmap(composition.size) if small else Slots()

    @property
    def fired(self) -> frozenset[int]:
        """The moves that were possible in a state expanded so far."""
        return frozenset(np.flatnonzero(self._fired).tolist())

    def begin(self, key: int) -> Keys:
        """Return the first level (shape (1,))."""
        return self._visited.add(np.array([key], np.int64))

    def expand(self, keys: Keys) -> Keys:
        """Return the successors of a block of states that were never seen before, each once."""
        targets = self._successors(keys)
        self.transitions += len(targets)
        return self._visited.add(targets)

    def mark(self, keys: Keys, ahead: Keys, marks: Marks) -> Marks:
        """Return for each state of a block the union of the marks of its successors.

        `ahead` is sorted and not empty; `marks` are its bits (the same shape).
        """
        union = np.zeros(len(keys), np.uint64)
        _unite(self._successors(keys), self._counts[: len(keys)], ahead, marks, union)
        return union

    def _successors(self, keys: Keys) -> Keys:
        n = _expand(
            keys,
            self._radix,
            self._base,
            self._start,
            self._local,
            self._local_move,
            self._joint,
            self._joint_move,
            self._targets,
            self._counts,
            self._fired,
        )
        return self._targets[:n]


def _local_moves(composition: Composition) -> tuple[Moves, Keys, Moves]:
    """Return where each state's list begins, and the changes and moves of all lists."""
    starts = [np.zeros(1, np.intp)]
    changes: list[Keys] = [np.empty(0, np.int64)]
    numbers: list[Moves] = [np.empty(0, np.intp)]
    for order, table in enumerate(composition.tables):
        moves = [
            (number, parts[0].change)
            for number, parts in enumerate(composition.parts)
            if len(parts) == 1 and parts[0].order == order
        ]
        change = np.empty((table.states, len(moves)), np.int64)
        for column, (_, of_move) in enumerate(moves):
            change[:, column] = of_move
        possible = change != NEVER
        starts.append(possible.sum(axis=1))
        changes.append(change[possible])
        numbers.append(np.array([number for number, _ in moves], np.intp)[possible.nonzero()[1]])
    return np.cumsum(np.concatenate(starts)), np.concatenate(changes), np.concatenate(numbers)


def _joint_moves(composition: Composition) -> tuple[Keys, Moves]:
    """Return the change of each joint move in each order's states, 0 where it leaves it alone."""
    numbers = [number for number, parts in enumerate(composition.parts) if len(parts) > 1]
    blocks = [np.zeros((table.states, len(numbers)), np.int64) for table in composition.tables]
    for column, number in enumerate(numbers):
        for part in composition.parts[number]:
            blocks[part.order][:, column] = part.change
    return np.concatenate(blocks), np.array(numbers, np.intp)
