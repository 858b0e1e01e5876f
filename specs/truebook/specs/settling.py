"""What states come to once the environment goes quiet, worked out for many states at a time."""

from collections.abc import Callable, Collection, Iterator

import numpy as np
import numpy.typing as npt

from truebook.specs.blocks import Columns, Compiled
from truebook.specs.packing import index, member

Keys = npt.NDArray[np.int64]


class Settling:
    """The states met so far and the state after one quiet round of each, both as packed keys.

    Every state has one successor under a quiet round, and following these to where they end says
    what it comes to. `blocks` yields keys a block at a time.
    """

    def __init__(self, compiled: Compiled, blocks: Callable[[Keys], Iterator[Keys]]) -> None:
        self._compiled = compiled
        self._blocks = blocks
        self._keys: Keys = np.zeros(0, np.int64)
        self._after: Keys = np.zeros(0, np.int64)

    def learn(self, keys: Keys) -> None:
        """Follow some sorted states, each given once, to where they end."""
        keys = keys[~member(self._keys, keys)]
        while len(keys):
            packing = self._compiled.packing
            after = np.concatenate(
                [
                    packing.pack(self._compiled.settle(Columns(packing.unpack(block))).arrays)
                    for block in self._blocks(keys)
                ]
            )
            order = np.argsort(np.concatenate([self._keys, keys]), kind="stable")
            self._keys = np.concatenate([self._keys, keys])[order]
            self._after = np.concatenate([self._after, after])[order]
            keys = np.unique(after)
            keys = keys[~member(self._keys, keys)]

    def breaking(self, checks: Collection[int]) -> dict[int, Keys]:
        """Return, for some checks of the settled state, the states met that come to break it.

        What never comes to rest breaks them all.
        """
        after = index(self._keys, self._after)
        ends = after
        for _ in range(len(ends).bit_length()):
            further = ends[ends]
            if np.array_equal(further, ends):
                break
            ends = further
        last = np.unique(ends)
        block = Columns(self._compiled.packing.unpack(self._keys[last]))
        restless = last[after[last] != last]
        found = {}
        for n in checks:
            bad = np.zeros(len(ends), np.bool_)
            bad[last[self._compiled.failing(self._compiled.states[n], block)]] = True
            bad[restless] = True
            found[n] = self._keys[bad[ends]]
        return found
