"""Terms and conditions as text, in a language's own signs."""

from collections.abc import Callable
from enum import IntEnum

import attrs

from truebook.specs.export.conditions import Both, Branch, Condition, Either, If, Not, Which
from truebook.specs.export.machine import Machine
from truebook.specs.symbolic import Term

GLUE = "\x00"
"""Stands for a space at which a line must not end."""


@attrs.frozen
class Signs:
    """How a language writes what terms and conditions are made of."""

    equal: str
    unequal: str
    both: str
    either: str
    negation: str
    choice: str
    true: str
    false: str


@attrs.frozen
class Expressions:
    """Writes terms and conditions of a machine; `name` gives the variable of each field."""

    machine: Machine
    signs: Signs
    name: Callable[[int], str]

    def branch(self, branch: Branch, variable: int) -> str:
        """Return what a variable comes to."""
        if branch is None:
            return self.name(variable)
        if isinstance(branch, If):
            then, other = self.branch(branch.then, variable), self.branch(branch.other, variable)
            return self.signs.choice.format(self.truth(branch.condition), then, other)
        return self._number(branch, self.machine.variables[variable].field.words)

    def truth(self, on: Condition) -> str:
        """Return a condition; what is joined in it stands in brackets, it itself does not."""
        match on:
            case bool():
                return self.signs.true if on else self.signs.false
            case Both():
                return self._joined(self.signs.both, on.of)
            case Either():
                return self._joined(self.signs.either, on.of)
            case Not(of=Term() as term):
                return self._comparison(term, negated=True)
            case Not():
                return f"{self.signs.negation}({self.truth(on.of)})"
            case Which():
                parts = (self._inner(part) for part in (on.condition, on.then, on.other))
                return self.signs.choice.format(*parts)
            case _:
                return self._comparison(on, negated=False)

    def _joined(self, sign: str, of: tuple[Condition, ...]) -> str:
        return f"{GLUE}{sign} ".join(self._inner(part) for part in of)

    def _inner(self, on: Condition) -> str:
        text = self.truth(on)
        return f"({text})" if isinstance(on, Both | Either) else text

    def _comparison(self, term: Term, *, negated: bool) -> str:
        while term.op == "not":
            inner = term.args[0]
            assert isinstance(inner, Term)
            term, negated = inner, not negated
        if term.op == "eq":
            sign = self.signs.unequal if negated else self.signs.equal
            words = self._words(*term.args)
            return f"{GLUE}{sign}{GLUE}".join(self._number(a, words) for a in term.args)
        if term.op == "lt":
            sign = ">=" if negated else "<"
            return f"{GLUE}{sign}{GLUE}".join(self._number(a) for a in term.args)
        sign = self.signs.equal if negated else self.signs.unequal
        return f"{self._number(term)}{GLUE}{sign}{GLUE}0"

    def _words(self, *args: Term | int) -> type[IntEnum] | None:
        """Return the enumeration of which one side of a comparison is a variable."""
        for a in args:
            if isinstance(a, Term) and a.op == "field":
                return self.machine.variables[a.fields[0]].field.words
        return None

    def _number(self, value: Term | int, words: type[IntEnum] | None = None) -> str:
        if not isinstance(value, Term):
            named = words is not None and value in list(words)
            return word_name(words(value)) if words is not None and named else str(value)
        if value.op == "field":
            return self.name(value.fields[0])
        if value.op == "add" and not isinstance(value.args[0], Term) and value.args[0] == 0:
            return self._number(value.args[1])  # as sums begin
        if value.op in ("add", "sub"):
            sign = "+" if value.op == "add" else "-"
            left, right = (self._number(a) for a in value.args)
            second = value.args[1]
            if isinstance(second, Term) and second.op in ("add", "sub"):
                right = f"({right})"
            return f"{left}{GLUE}{sign}{GLUE}{right}"
        return self.signs.choice.format(self._comparison(value, negated=False), 1, 0)


def plain(machine: Machine, signs: Signs) -> Expressions:
    """Return the expressions in which every field goes by the name of its variable."""
    return Expressions(machine, signs, lambda f: machine.variables[f].name)


def word_name(word: IntEnum) -> str:
    """Return what a named value is called, such as Venue_OPEN."""
    return f"{type(word).__name__}_{word.name}"
