"""Case distinctions as people write them: nested choices become one, on `and`, `or` and `not`."""

from collections.abc import Iterator
from typing import Any, TypeVar

import attrs

from truebook.specs.export.decisions import Case, Choice, same
from truebook.specs.symbolic import Term


@attrs.frozen(eq=False)
class Both:
    """True where all of its conditions are."""

    of: tuple["Condition", ...]


@attrs.frozen(eq=False)
class Either:
    """True where one of its conditions is."""

    of: tuple["Condition", ...]


@attrs.frozen(eq=False)
class Not:
    """True where its condition is not."""

    of: "Condition"


@attrs.frozen(eq=False)
class Which:
    """The one condition or the other, as a third says."""

    condition: "Condition"
    then: "Condition"
    other: "Condition"


Condition = Term | Both | Either | Not | Which | bool


@attrs.frozen(eq=False)
class If:
    """A case distinction on a condition; what a case comes to is a value, or None: as it is."""

    condition: Condition
    then: "Branch"
    other: "Branch"


Branch = If | Term | int | None


def branches(case: Case) -> Branch:
    """Return a case with nested choices put together where they come to the same."""
    return _Writer().branch(case)


def condition(case: Case) -> Condition:
    """Return the condition under which a case of values 0 and 1 comes to 1."""
    return _as_condition(branches(case))


def values(branch: Branch) -> Iterator[Term | int]:
    """Yield each value that a branch can come to, where it does not stay as it is."""
    if isinstance(branch, If):
        yield from values(branch.then)
        yield from values(branch.other)
    elif branch is not None:
        yield branch


def fields_of(branch: Branch) -> set[int]:
    """Return the numbers of the fields that a branch depends on."""
    if isinstance(branch, If):
        return _read(branch.condition) | fields_of(branch.then) | fields_of(branch.other)
    return set(branch.fields) if isinstance(branch, Term) else set()


def _read(on: Condition) -> set[int]:
    match on:
        case bool():
            return set()
        case Both() | Either():
            return set().union(*(_read(part) for part in on.of))
        case Not():
            return _read(on.of)
        case Which():
            return _read(on.condition) | _read(on.then) | _read(on.other)
        case _:
            return set(on.fields)


class _Writer:
    """Remembers what each choice became, so that what was the same stays the same."""

    def __init__(self) -> None:
        self._done: dict[int, Branch] = {}

    def branch(self, case: Case) -> Branch:
        """Return what a case becomes."""
        if not isinstance(case, Choice):
            return case
        if id(case) not in self._done:
            self._done[id(case)] = self._join(case)
        return self._done[id(case)]

    def _join(self, case: Choice) -> If:
        """Join a choice to those right below it, before and after these become what they do."""
        on: Condition = case.condition
        then, other = case.then, case.other
        joined = True
        while joined:
            on, then, other, joined = _absorb(on, then, other, Choice)
        below, beside = self.branch(then), self.branch(other)
        joined = True
        while joined:
            on, below, beside, joined = _absorb(on, below, beside, If)
        return If(on, below, beside)


Tree = TypeVar("Tree")


def _absorb(
    on: Condition, then: Tree, other: Tree, kind: Any
) -> tuple[Condition, Tree, Tree, bool]:
    """Return a choice joined with one of its sides, where that comes to the other side, too."""
    if isinstance(then, kind):
        if same(then.other, other):
            return _both(on, then.condition), then.then, other, True
        if same(then.then, other):
            return _both(on, _not(then.condition)), then.other, other, True
    if isinstance(other, kind):
        if same(other.then, then):
            return _either(on, other.condition), then, other.other, True
        if same(other.other, then):
            return _either(on, _not(other.condition)), then, other.then, True
    if (
        isinstance(then, kind)
        and isinstance(other, kind)
        and same(then.then, other.then)
        and same(then.other, other.other)
    ):
        return Which(on, then.condition, other.condition), then.then, then.other, True
    return on, then, other, False


def _as_condition(branch: Branch) -> Condition:
    if not isinstance(branch, If):
        return bool(branch)
    then, other = _as_condition(branch.then), _as_condition(branch.other)
    if then is True:
        return _either(branch.condition, other)
    if then is False:
        return _both(_not(branch.condition), other)
    if other is True:
        return _either(_not(branch.condition), then)
    if other is False:
        return _both(branch.condition, then)
    return Which(branch.condition, then, other)


def _both(a: Condition, b: Condition) -> Condition:
    if b is True or b is False:
        return a if b else False
    return Both((*_parts(a, Both), *_parts(b, Both)))


def _either(a: Condition, b: Condition) -> Condition:
    if b is True or b is False:
        return True if b else a
    return Either((*_parts(a, Either), *_parts(b, Either)))


def _parts(a: Condition, kind: type[Both] | type[Either]) -> tuple[Condition, ...]:
    return a.of if isinstance(a, kind) else (a,)


def _not(a: Condition) -> Condition:
    return a.of if isinstance(a, Not) else Not(a)
