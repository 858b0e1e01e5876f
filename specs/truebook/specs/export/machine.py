"""A system as a list of variables and moves, ready to be written in another language."""

import re
from collections.abc import Callable, Iterator, Sequence
from enum import IntEnum

import attrs

from truebook.model.system import Action, Field, System
from truebook.specs.explore import Runner
from truebook.specs.export.conditions import Branch, Condition, branches, condition
from truebook.specs.export.decisions import GUARD, decisions
from truebook.specs.properties import Check, Kind
from truebook.specs.symbolic import Known, Term, possible


@attrs.frozen
class Variable:
    """A field that changes, for all that its writes show: its name elsewhere, its first value."""

    name: str
    field: Field
    first: int


@attrs.frozen
class Part:
    """One part of a move: what it writes, all at once, by the number of the variable."""

    writes: tuple[tuple[int, Branch], ...]


@attrs.frozen
class Move:
    """An action: when it is possible, and what its parts do, one after the other."""

    action: Action
    name: str
    guard: Condition
    parts: tuple[Part, ...]


@attrs.frozen
class Invariant:
    """A part of a property that must be true in every state."""

    check: Check
    name: str
    holds: Condition


@attrs.frozen
class Machine:
    """A system as its variables, by the number of the field, its moves, and what must hold."""

    variables: dict[int, Variable]
    moves: tuple[Move, ...]
    invariants: tuple[Invariant, ...] = ()

    @property
    def words(self) -> tuple[type[IntEnum], ...]:
        """The enumerations that name values of variables."""
        found = dict.fromkeys(v.field.words for v in self.variables.values())
        return tuple(words for words in found if words is not None)

    def may_leave(self, variable: int, value: Term | int) -> bool:
        """Return whether a value could lie outside a variable's domain, for all that is known."""
        span = possible(value, self._domains())
        size = self.variables[variable].field.size
        return span is None or span.start < 0 or span.stop > size

    def _domains(self) -> Known:
        last = max(self.variables, default=-1)
        sizes = (
            self.variables[f].field.size if f in self.variables else 1 for f in range(last + 1)
        )
        return tuple(tuple(range(size)) for size in sizes)


def machine_of(
    system: System,
    checks: Sequence[Check] = (),
    *,
    progress: Callable[[int, int], None] | None = None,
) -> Machine:
    """Return a system as variables and moves; of the checks, those of a state are invariants.

    `progress` is told how many actions are done, and how many there are.

    Raises ValueError where two fields or two actions would have the same name.
    """
    moves = []
    for action in system.actions:
        moves.append(_move(system, action))
        if progress is not None:
            progress(len(moves), len(system.actions))
    written = {f for move in moves for part in move.parts for f, _ in part.writes}
    first = Runner(system).first
    variables = {
        number: Variable(variable_name(field.path), field, int(value))
        for number, (field, value) in enumerate(zip(system.fields, first, strict=True))
        if field.size > 1 or number in written
    }
    invariants = tuple(_invariants(system, checks))
    _differ([v.name for v in variables.values()])
    _differ([move.name for move in moves])
    return Machine(variables, tuple(moves), invariants)


def variable_name(path: str) -> str:
    """Return what a field is called in other languages, such as "book_a_state"."""
    return re.sub(r"\W+", "_", path)


def _move(system: System, action: Action) -> Move:
    first, *rest = (
        decisions(system, part, first=number == 0) for number, part in enumerate(action.parts)
    )
    guard = condition(first.pop(GUARD))
    parts = [
        Part(tuple((f, branches(case)) for f, case in sorted(cases.items()) if f != GUARD))
        for cases in (first, *rest)
    ]
    return Move(action, _camel(action.name), guard, tuple(part for part in parts if part.writes))


def _invariants(system: System, checks: Sequence[Check]) -> Iterator[Invariant]:
    for number, check in enumerate(checks, 1):
        if check.kind is Kind.STATE:
            holds = condition(decisions(system, check.holds)[GUARD])
            yield Invariant(check, f"{_camel(check.property)}_{number}", holds)


def _camel(name: str) -> str:
    """Return an action's name as one word: "1.taker-fill:a" is "Order1TakerFillA"."""
    named = re.sub(r"^(\d+)\.", r"order-\1-", name)
    return "".join(word[0].upper() + word[1:] for word in re.split(r"\W+", named) if word)


def _differ(names: Sequence[str]) -> None:
    for name in names:
        if names.count(name) > 1:
            raise ValueError(f"two of the system's names are both {name!r} here: rename one")
