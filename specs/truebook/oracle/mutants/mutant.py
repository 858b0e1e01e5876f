"""A mutant: the reference book, broken in one way, and served as a subject.

A mutant changes what the book is told, or what it shows: so each is a few lines, and none knows
how the book is made.
"""

from collections.abc import Callable, Mapping
from typing import Any, ClassVar, Self

import attrs

from truebook.oracle.cases import FEATURES
from truebook.oracle.reference import Driver, ReferenceBook, Texts
from truebook.oracle.serve import Session

Event = Mapping[str, Any]
Tell = Callable[["Broken", dict[str, Any], int], "dict[str, Any] | None"]
"""Changes an event before the book is told it; None: the book is not told."""
Show = Callable[["Broken", Texts], None]
"""Changes what is shown."""


@attrs.frozen
class Mutant:
    """A book that is broken in one way, in words; `survives` says why it may live, if it may."""

    name: str
    words: str
    tell: Tell | None = None
    show: Show | None = None
    config: Mapping[str, Callable[[int], int]] = attrs.field(factory=dict)
    survives: str = ""
    rules: tuple[str, ...] = ()
    properties: tuple[str, ...] = ()


@attrs.define
class Broken(Driver):
    """A driver of a mutant; `memo` is for what the mutant must remember."""

    mutant: ClassVar[Mutant]
    memo: dict[str, Any] = attrs.field(factory=dict)

    @classmethod
    def under(cls, config: Mapping[str, int]) -> Self:
        """Return a driver of a fresh book under a configuration, as the mutant changes it."""
        changed = {k: cls.mutant.config.get(k, _same)(v) for k, v in config.items()}
        return super().under(changed)

    def tell(self, event: Event, at: int) -> Texts:
        """Tell the book an event as the mutant changes it."""
        change = self.mutant.tell
        changed = dict(event) if change is None else change(self, dict(event), at)
        return super().tell({"type": "tick"} if changed is None else changed, at)

    def show(self) -> Texts:
        """Return what the book shows, as the mutant changes it."""
        shown = super().show()
        if self.mutant.show is not None:
            self.mutant.show(self, shown)
        return shown


def session_of(made: Mutant) -> Session:
    """Return a mutant as a subject in this process."""

    class Mutated(Broken):
        mutant = made

    class Book(ReferenceBook):
        driver = Mutated

    return Session(Book, name=made.name, features=FEATURES)


def _same(value: int) -> int:
    return value
