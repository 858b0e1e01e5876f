"""Which cloids are ours, however long their orders are forgotten, and those that the book makes."""

from collections.abc import Callable, Container, Iterator
from secrets import randbits
from typing import TypeAlias

import attrs

from truebook.impl.book import checks
from truebook.impl.book.config import BookConfig
from truebook.impl.book.past import Vague

RandomBits: TypeAlias = Callable[[int], int]
"""Returns a whole number of so many random bits, as `secrets.randbits` does."""

_BITS = 64
_MOST = (1 << _BITS) - 1
_DRAWN = f"what randbits({_BITS}) returns"


def made(seed: int, number: int) -> str:
    """Return a cloid of the book's own, in the venue's form: 0x and 32 hexadecimal digits."""
    return f"{_form(seed)}{number:016x}"


def _form(seed: int) -> str:
    return f"0x{seed:016x}"


@attrs.define
class OwnCloids:
    """The cloids by which an order is known to be ours, though nothing else of it is known.

    Those of the book's own form and of the configured one are so for ever. Of the others the
    latest `max_forgotten_cloids` that were forgotten are remembered, each with what of its orders
    is not known. So are as many of our own form (`ours`): they may be used again too. Of those
    that the book makes, only where anything is not known. These begin with the seed that is
    configured, or with `seed`, drawn by chance when the first is made. `counted` is how many were
    made of a configured one.
    """

    config: BookConfig
    randbits: RandomBits = attrs.field(default=randbits, eq=False, repr=False)
    forgotten: dict[str, Vague] = attrs.field(factory=dict, eq=set)
    ours: dict[str, Vague] = attrs.field(factory=dict, eq=set)
    counted: int = 0
    seed: int | None = attrs.field(default=None, eq=False)

    def has(self, cloid: str) -> bool:
        """Return whether an order with this cloid is ours."""
        return cloid in self.forgotten or self._by_form(cloid)

    def new(self, known: Container[str]) -> str:
        """Return a cloid that was not made before, and is none of those known.

        It changes nothing: `take` and `begin_as` note that it is used.
        """
        seed, number = self._seed(), self.counted
        if seed is None:
            seed = self._random()
        while True:
            number = number + 1 if self.config.cloid_seed is not None else self._random()
            cloid = made(seed, number)
            if cloid not in known:
                return cloid

    def take(self, cloid: str, known: Container[str]) -> None:
        """Note that an order has this cloid: where it is the next to be made, it was made."""
        seed = self.config.cloid_seed
        if seed is not None and cloid.startswith(_form(seed)) and cloid == self.new(known):
            self.counted = int(cloid[-_BITS // 4 :], 16)

    def begin_as(self, cloid: str) -> None:
        """Take the seed from a cloid that was made by chance; ValueError for another form."""
        if self.seed is None and self.config.cloid_seed is None:
            self.seed = int(cloid.removeprefix("0x")[: _BITS // 4], 16)

    def remember(self, cloid: str, vague: Vague) -> None:
        """Note that an order of ours is forgotten; the first to go is the first forgotten."""
        names = self.ours if self._by_form(cloid) else self.forgotten
        if vague is Vague.NOTHING and cloid not in names and self._is_made(cloid):
            return  # a book makes none twice, so that there is nothing to know
        names[cloid] = max(names.pop(cloid, vague), vague)
        if len(names) > self.config.max_forgotten_cloids:
            del names[next(iter(names))]

    def unknown_of(self, cloid: str) -> Vague | None:
        """Return what is not known of the forgotten orders of a cloid; None where there are none.

        Also where they are forgotten altogether, or are of our own form and nothing is unknown.
        """
        vague = self.forgotten.get(cloid)
        return self.ours.get(cloid) if vague is None else vague

    def unknown(self) -> Iterator[tuple[str, Vague]]:
        """Yield the cloids that are remembered, and what of their orders is not known."""
        yield from self.forgotten.items()
        yield from self.ours.items()

    def lose(self, cloid: str) -> None:
        """Note that an oid of a forgotten order is not remembered any more."""
        if cloid in self.forgotten:
            self.forgotten[cloid] = Vague.ORDER
        elif self._by_form(cloid):
            self.remember(cloid, Vague.ORDER)

    def copy(self) -> "OwnCloids":
        """Return the same, sharing nothing that changes."""
        names = self.forgotten.copy(), self.ours.copy()
        return OwnCloids(self.config, self.randbits, *names, self.counted, self.seed)

    def _random(self) -> int:
        found = checks.whole(self.randbits(_BITS), _DRAWN)
        if not 0 <= found <= _MOST:
            raise ValueError(f"randbits({_BITS}) must return a number of {_BITS} bits, not {found}")
        return found

    def _seed(self) -> int | None:
        return self.seed if self.config.cloid_seed is None else self.config.cloid_seed

    def _by_form(self, cloid: str) -> bool:
        own = self.config.own_cloid
        return bool(own and cloid.startswith(own)) or self._is_made(cloid)

    def _is_made(self, cloid: str) -> bool:
        seed = self._seed()
        if seed is None:
            return False
        return cloid.startswith(_form(seed)) and len(cloid) == len(made(seed, 0))
