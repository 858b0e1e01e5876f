"""Which of several processes folds a market."""

from collections.abc import Mapping
from zlib import crc32

import attrs


@attrs.frozen
class Share:
    """The markets that one process of several folds: those `known` to be its own, and by chance.

    `number` is from 0 on; the first also says what is of no market.
    """

    number: int
    of: int
    known: Mapping[str, int] = attrs.field(factory=dict)

    @property
    def is_first(self) -> bool:
        """Whether it says what is of no market."""
        return self.number == 0

    def owner(self, coin: str) -> int:
        """Return which process folds a market."""
        found = self.known.get(coin)
        return crc32(coin.encode("utf-8", "surrogatepass")) % self.of if found is None else found

    def has(self, coin: str) -> bool:
        """Return whether a market is folded here."""
        return self.owner(coin) == self.number
