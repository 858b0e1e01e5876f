"""Which cloids are ours, however long their orders are forgotten."""

import attrs

from truebook.impl.book.config import BookConfig


def made(seed: int, number: int) -> str:
    """Return a cloid of the book's own, in the venue's form: 0x and 32 hexadecimal digits."""
    return f"{_form(seed)}{number:016x}"


def _form(seed: int) -> str:
    return f"0x{seed:016x}"


@attrs.define
class OwnCloids:
    """The cloids by which an order is known to be ours, though nothing else of it is known.

    Those of the book's own form and of the configured one are so for ever. Of the others the
    latest `max_forgotten_cloids` that were forgotten are remembered.
    """

    config: BookConfig
    forgotten: dict[str, None] = attrs.field(factory=dict)

    def has(self, cloid: str) -> bool:
        """Return whether an order with this cloid is ours."""
        return cloid in self.forgotten or self._by_form(cloid)

    def remember(self, cloid: str) -> None:
        """Note that an order of ours is forgotten; the first to go is the first forgotten."""
        if self._by_form(cloid):
            return
        self.forgotten.pop(cloid, None)
        self.forgotten[cloid] = None
        if len(self.forgotten) > self.config.max_forgotten_cloids:
            del self.forgotten[next(iter(self.forgotten))]

    def copy(self) -> "OwnCloids":
        """Return the same, sharing nothing that changes."""
        return OwnCloids(self.config, self.forgotten.copy())

    def _by_form(self, cloid: str) -> bool:
        own, form = self.config.own_cloid, _form(self.config.cloid_seed)
        if own and cloid.startswith(own):
            return True
        return cloid.startswith(form) and len(cloid) == len(made(self.config.cloid_seed, 0))
