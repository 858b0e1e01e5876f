"""What a player is: a book that is told the events of a model, and shows what the model knows."""

from typing import Protocol, Self

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
