"""What a player is: a book that is told the events of a model, and shows what the model knows."""

from typing import Protocol, Self

from truebook.impl import ListedOrder, UnifiedOrderBook
from truebook.specs.refine.edges import Known


class Player(Protocol):
    """An implementation in the place of the model's book.

    `tell` is told an action of the model by name, with what its message says, and what was known
    before; actions of the venue and the wire are not the book's and do nothing. `shows` returns
    what the book shows, by the model's own paths: it must be what the model's book shows.
    """

    def copy(self) -> Self:
        """Return a player that is the same and changes by itself."""
        ...

    def tell(self, action: str, says: Known, before: Known) -> None:
        """Take one action of the model."""
        ...

    def shows(self) -> Known:
        """Return what the book shows."""
        ...


class Part(Protocol):
    """One order, told to a book and shown by it; paths are those of the world of this order alone.

    No two orders of one book are of one `side`, so the sums of a side are those of one order.
    """

    @property
    def side(self) -> str:
        """Whether it is to buy or to sell."""
        ...

    def tell(self, book: UnifiedOrderBook, action: str, says: Known, before: Known) -> None:
        """Take one action of the model that is not of snapshots or the clock."""
        ...

    def listed(self, slot: str, says: Known, before: Known) -> tuple[list[ListedOrder], int]:
        """Return what a snapshot has of it, and what it adds to the position."""
        ...

    def shows(self, book: UnifiedOrderBook, asked: frozenset[object]) -> Known:
        """Return what the book shows of it; `asked` are the oids that it asked to cancel."""
        ...


class Model(Protocol):
    """The model's book of one order."""

    def expected(self, known: Known) -> Known:
        """Return what it shows where it knows something."""
        ...
