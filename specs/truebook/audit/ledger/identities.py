"""Which fills were seen: each once, however many there are and however late it is told again."""

from array import array
from bisect import bisect_left
from typing import Final

import attrs

RECENT: Final = 100_000
"""So many are kept with what they said; those before them as sorted numbers, 8 bytes each."""


@attrs.define
class _Pack:
    """Numbers of fills in their order, and from when to when they are."""

    first: int
    last: int
    keys: "array[int]"

    def has(self, key: int) -> bool:
        at = bisect_left(self.keys, key)
        return at < len(self.keys) and self.keys[at] == key


@attrs.define
class Identities:
    """The fills seen of a market, by a number of 64 bits and their time.

    A fill that is newer than all, or older, is new without a look; another is looked for in the
    packs whose time it is of. `recent` has what each of the last said, `newest` is the time of the
    newest of those before.
    """

    recent: dict[int, int] = attrs.field(factory=dict)
    _first: int = 1 << 63
    _last: int = -1
    _packs: list[_Pack] = attrs.field(factory=list)
    _oldest: int = 1 << 63
    newest: int = -1

    def add(self, key: int, time: int, said: int) -> bool | None:
        """Note a fill; return True where it is new, None where it is told again, otherwise False.

        `said` stands for what it says: told again it is to say the same, which is known of the
        recent ones alone.
        """
        before = self.recent.get(key)
        if before is not None:
            return None if before == said else False
        if self._oldest <= time <= self.newest and any(
            pack.first <= time <= pack.last and pack.has(key) for pack in self._packs
        ):
            return None
        self.recent[key] = said
        if time < self._first:
            self._first = time
        if time > self._last:
            self._last = time
        if len(self.recent) > RECENT:
            self._pack()
        return True

    def room(self) -> int:
        """Return how many may be put among the recent ones, before `went_on`."""
        return RECENT + 1 - len(self.recent)

    def went_on(self, time: int) -> None:
        """Note that newer fills than all before were put among the recent ones, up to a time."""
        self._last = max(self._last, time)
        if len(self.recent) > RECENT:
            self._pack()

    def _pack(self) -> None:
        """Keep the older half of the recent ones by their numbers alone."""
        keys = list(self.recent)
        older = keys[: len(keys) // 2]
        for key in older:
            del self.recent[key]
        self._packs.append(_Pack(self._first, self._last, array("q", sorted(older))))
        self._oldest = min(self._oldest, self._first)
        self.newest = max(self.newest, self._last)
