"""A mutant: the reference book, broken in one way, and served as a subject.

A mutant changes what the book is told, what it asks for, or what it shows: so each is a few lines,
and none knows how the book is made.
"""

from collections.abc import Callable, Mapping
from typing import Any, ClassVar, Self

import attrs

from truebook.oracle.cases import FEATURES
from truebook.oracle.reference import Driver, ReferenceBook, Texts
from truebook.oracle.serve import Session

Event = Mapping[str, Any]
Tell = Callable[["Broken", dict[str, Any], int], "dict[str, Any] | list[dict[str, Any]] | None"]
"""Changes an event before the book is told it; a list is told in its order, None is not told.

It tells the book nothing itself, so that a book that is told what the reference is, is the same.
"""
Asks = Callable[["Broken", dict[str, Any], Texts], None]
"""Changes what is asked for and reported after an event."""
Show = Callable[["Broken", Texts], None]
"""Changes what is shown."""


def _names(names: str) -> tuple[str, ...]:
    return tuple(names.split())


@attrs.frozen
class Mutant:
    """A book that is broken in one way, in words; `survives` says why it may live, if it may.

    `rules` are those whose breach it is, `properties` those that a person would say it breaks:
    names, as one text. No rule is of a number that is shown wrong. `about` is what it does not
    listen to (`told fill.cloid`) or shows wrong (`shown orders.state`), where that is all.
    """

    name: str
    words: str
    rules: tuple[str, ...] = attrs.field(default="", converter=_names)
    properties: tuple[str, ...] = attrs.field(default="", converter=_names)
    tell: Tell | None = None
    asks: Asks | None = None
    show: Show | None = None
    config: Mapping[str, Callable[[int], int]] = attrs.field(factory=dict)
    survives: str = ""
    about: str = ""

    def __reduce__(self) -> Any:
        """Go from process to process by name, as what it changes cannot."""
        return _named, (self.name,)


def _named(name: str) -> Mutant:
    from truebook.oracle.mutants.known import named  # made of these

    return named(name)


@attrs.define
class Broken(Driver):
    """A driver of a mutant; `memo` is for what the mutant must remember, `at` is the time.

    `astray`: it was told something else than the reference, so that it may know something else.
    """

    mutant: ClassVar[Mutant]
    memo: dict[Any, Any] = attrs.field(factory=dict)
    at: int = 0
    astray: bool = False

    @classmethod
    def under(cls, config: Mapping[str, int]) -> Self:
        """Return a driver of a fresh book under a configuration, as the mutant changes it."""
        changed = {k: cls.mutant.config.get(k, _same)(v) for k, v in config.items()}
        return super().under(changed)

    def tell(self, event: Event, at: int) -> Texts:
        """Tell the book an event as the mutant changes it."""
        self.at = at
        change, told = self.mutant.tell, dict(event)
        found = told if change is None else change(self, told, at)
        changed = found if isinstance(found, list) else [found or {"type": "tick"}]
        self.astray = self.astray or changed != [event]
        effects: Texts = {"cancels": [], "statuses": [], "reports": []}
        for one in changed:
            for name, asked in super().tell(one, at).items():
                effects[name] += asked
        if self.mutant.asks is not None:
            self.mutant.asks(self, dict(event), effects)
        return effects

    def show(self) -> Texts:
        """Return what the book shows, as the mutant changes it."""
        shown = super().show()
        if self.mutant.show is not None:
            self.mutant.show(self, shown)
        return shown


def driver_of(made: Mutant) -> type[Broken]:
    """Return what drives the book of a mutant."""

    class Mutated(Broken):
        mutant = made

    return Mutated


def session_of(made: Mutant) -> Session:
    """Return a mutant as a subject in this process."""

    class Book(ReferenceBook):
        driver = driver_of(made)

    return Session(Book, name=made.name, features=FEATURES)


@attrs.frozen
class Family:
    """The mutants of one subject, as they are written down: each is named as its function."""

    mutants: list[Mutant] = attrs.field(factory=list)

    def tells(self, words: str, **more: Any) -> Callable[[Tell], Tell]:
        """Note a mutant that changes what the book is told."""
        return self._noting("tell", words, more)

    def asks(self, words: str, **more: Any) -> Callable[[Asks], Asks]:
        """Note a mutant that changes what is asked for and reported."""
        return self._noting("asks", words, more)

    def shows(self, words: str, **more: Any) -> Callable[[Show], Show]:
        """Note a mutant that changes what is shown."""
        return self._noting("show", words, more)

    def add(self, name: str, words: str, **more: Any) -> None:
        """Note a mutant that is no function of its own."""
        self.mutants.append(Mutant(name, words, **more))

    def _noting(self, what: str, words: str, more: dict[str, Any]) -> Callable[[Any], Any]:
        def note(change: Any) -> Any:
            name = change.__name__.lstrip("_").replace("_", "-")
            self.mutants.append(Mutant(name, words, **{what: change}, **more))
            return change

        return note


def _same(value: int) -> int:
    return value
