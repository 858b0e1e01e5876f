"""What the kernel explores: one table an order, and the moves that join them, all as numbers."""

from collections.abc import Iterable, Iterator, Sequence
from math import prod
from typing import Any, TypeAlias

import attrs
import numpy as np
import numpy.typing as npt

from truebook.specs.explore.packing import TooWideError

Keys: TypeAlias = npt.NDArray[np.int64]
"""States of a composition, a number each (shape (n,))."""

States: TypeAlias = tuple[int, ...]
"""A state of a composition: the state number of every order."""

NEVER = int(np.iinfo(np.int64).min)
"""Stands for the change that an impossible action makes."""

LARGEST = 2**62
"""The most states that all orders together may have, so that sums of changes stay in int64."""


def own_copy(values: object) -> npt.NDArray[Any]:
    """Return an array that nobody else can change, so that what was checked stays so."""
    array = np.array(values, order="C")
    array.flags.writeable = False
    return array


@attrs.frozen(eq=False)
class Table:
    """One order's world as numbers: its states are 0 … states - 1.

    `first` is the number of the first state. `successor` has shape (actions, states), dtype
    int32, and -1 where the action is not possible. Raises ValueError for any other number
    outside the states, since it would lead into another order's states unseen.
    """

    first: int
    successor: npt.NDArray[np.int32] = attrs.field(converter=own_copy)

    @successor.validator
    def _check(self, _: object, successor: npt.NDArray[Any]) -> None:
        if successor.ndim != 2 or successor.dtype != np.int32:
            raise ValueError(
                "successor must be int32 of shape (actions, states), "
                f"not {successor.dtype} of shape {successor.shape}"
            )
        if not 0 <= self.first < self.states:
            raise ValueError(f"first state {self.first} is not one of {self.states} states")
        wrong = (successor < -1) | (successor >= self.states)
        if wrong.any():
            action, state = np.argwhere(wrong)[0]
            raise ValueError(
                f"action {action} leads from state {state} to {successor[action, state]}, "
                f"which is not one of {self.states} states"
            )

    @property
    def actions(self) -> int:
        """How many actions there are."""
        return len(self.successor)

    @property
    def states(self) -> int:
        """How many states there are."""
        return int(self.successor.shape[1])


@attrs.frozen(eq=False)
class Part:
    """What a move does to one order: the change of the key in each of its states, or NEVER."""

    order: int
    change: Keys  # shape (states,)


@attrs.frozen(eq=False)
class Composition:
    """Orders side by side, and the moves that are theirs.

    A state's key is its state numbers written in mixed radix, the first order's the most
    significant: keys are ordered as tuples are. A move adds the sum of its parts' changes.
    """

    tables: tuple[Table, ...]
    moves: tuple[tuple[int, ...], ...]
    radix: tuple[int, ...]
    parts: tuple[tuple[Part, ...], ...]

    @property
    def size(self) -> int:
        """How many keys there are: the product of the orders' states."""
        return self.radix[0] * self.tables[0].states

    @property
    def first(self) -> States:
        """The first state."""
        return tuple(table.first for table in self.tables)

    def key(self, states: States) -> int:
        """Return a state's key."""
        return sum(state * radix for state, radix in zip(states, self.radix, strict=True))

    def digits(self, keys: Keys) -> list[Keys]:
        """Return the state numbers of each order (shape (n,) each)."""
        found = []
        for radix in self.radix[:-1]:
            digit = keys // radix
            keys = keys - digit * radix
            found.append(digit)
        return [*found, keys]

    def step(self, move: int, digits: Sequence[Keys]) -> tuple[npt.NDArray[np.intp], Keys]:
        """Return the rows in which a move is possible, and what it adds to the key in each."""
        part, *others = self.parts[move]
        change = part.change[digits[part.order]]
        rows = np.flatnonzero(change != NEVER)
        change = change[rows]
        for other in others:
            more = other.change[digits[other.order][rows]]
            possible = more != NEVER
            rows, change = rows[possible], change[possible] + more[possible]
        return rows, change

    def successors(self, states: States) -> Iterator[tuple[int, States]]:
        """Yield (move, state after it) for each move possible in one state, the least first."""
        for number, move in enumerate(self.moves):
            after = tuple(
                state if action < 0 else int(table.successor[action, state])
                for table, action, state in zip(self.tables, move, states, strict=True)
            )
            if min(after) >= 0:
                yield number, after


def compose(tables: Sequence[Table], moves: Iterable[Sequence[int]]) -> Composition:
    """Put orders side by side.

    Raises ValueError if there is no order, or if a move does not fit the orders or names none, and
    TooWideError if there could be more than 2**62 states.
    """
    if not tables:
        raise ValueError("a composition needs at least one order")
    size = prod(table.states for table in tables)
    if size > LARGEST:
        raise TooWideError(
            f"all orders together have {size:,} states where at most 2**62 fit: "
            "choose fewer orders, a smaller size or shorter timers"
        )
    radix = tuple(prod(table.states for table in tables[n + 1 :]) for n in range(len(tables)))
    checked = tuple(_checked(tables, number, move) for number, move in enumerate(moves))
    changes = [_changes(table, radix[order]) for order, table in enumerate(tables)]
    parts = tuple(
        tuple(Part(order, changes[order][row]) for order, row in enumerate(move) if row >= 0)
        for move in checked
    )
    return Composition(tuple(tables), checked, radix, parts)


def _checked(tables: Sequence[Table], number: int, move: Sequence[int]) -> tuple[int, ...]:
    if len(move) != len(tables):
        raise ValueError(f"move {number} is {tuple(move)}, but there are {len(tables)} orders")
    for order, (table, row) in enumerate(zip(tables, move, strict=True)):
        if not -1 <= row < table.actions:
            raise ValueError(
                f"move {number} runs action {row} of order {order}, which has {table.actions}"
            )
    if max(move) < 0:
        raise ValueError(f"move {number} names no order")
    return tuple(move)


def _changes(table: Table, radix: int) -> Keys:
    step = (table.successor - np.arange(table.states, dtype=np.int64)) * radix
    return np.where(table.successor < 0, NEVER, step)
