"""What states come to once the environment goes quiet, worked out for many states at a time."""

from collections.abc import Callable, Iterator

import numpy as np
import numpy.typing as npt

from truebook.specs.explore.blocks import Columns, Compiled
from truebook.specs.explore.packing import index, member

Keys = npt.NDArray[np.int64]


class Settling:
    """The states met so far, and where quiet rounds take each of them in the end.

    Every state has one successor under a quiet round, and following these to where they end says
    what it comes to. States are packed keys; `blocks` yields keys a block at a time.
    """

    def __init__(self, compiled: Compiled, blocks: Callable[[Keys], Iterator[Keys]]) -> None:
        self._compiled = compiled
        self._blocks = blocks
        self._keys: Keys = np.zeros(0, np.int64)
        self._after: Keys = np.zeros(0, np.int64)
        self._ends: Keys = np.zeros(0, np.int64)
        self._restless: Keys = np.zeros(0, np.int64)

    def learn(self, keys: Keys) -> None:
        """Follow some states, each given once, to where they end."""
        found, after = self._followed(np.sort(keys))
        if not len(found):
            return
        inside = member(found, after)
        onward = np.arange(len(found))
        onward[inside] = index(found, after[inside])
        last = onward
        for _ in range(len(found).bit_length()):
            further = last[last]
            if np.array_equal(further, last):
                break
            last = further
        ends = found[last]
        leaving = ~inside[last]
        ends[leaving] = self.ends(after[last[leaving]])
        self._restless = np.union1d(self._restless, found[last[onward[last] != last]])
        order = np.argsort(np.concatenate([self._keys, found]), kind="stable")
        self._keys = np.concatenate([self._keys, found])[order]
        self._after = np.concatenate([self._after, after])[order]
        self._ends = np.concatenate([self._ends, ends])[order]

    def ends(self, keys: Keys) -> Keys:
        """Return where each of some states that were met ends."""
        return self._ends[index(self._keys, keys)]

    def after(self, keys: Keys, rounds: int | None) -> Keys:
        """Return what states that were met come to in some quiet rounds; None: in the end."""
        if rounds is None:
            return self.ends(keys)
        for _ in range(rounds):
            keys = self._after[index(self._keys, keys)]
        return keys

    def restless(self, ends: Keys) -> npt.NDArray[np.bool_]:
        """Return which ends are none, since quiet rounds go on from them for ever."""
        return member(self._restless, ends)

    def _followed(self, keys: Keys) -> tuple[Keys, Keys]:
        """Return the states not met before on the way from some, and those after a quiet round."""
        found, after = [keys[:0]], [keys[:0]]
        met = self._keys
        while len(keys := keys[~member(met, keys)]):
            found.append(keys)
            after.append(np.concatenate([self._round(block) for block in self._blocks(keys)]))
            met = np.sort(np.concatenate([met, keys]), kind="stable")
            keys = np.unique(after[-1])
        order = np.argsort(np.concatenate(found), kind="stable")
        return np.concatenate(found)[order], np.concatenate(after)[order]

    def _round(self, keys: Keys) -> Keys:
        packing = self._compiled.packing
        return packing.pack(self._compiled.settle(Columns(packing.unpack(keys))).arrays)
