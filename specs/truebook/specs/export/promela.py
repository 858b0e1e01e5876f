"""The model in Promela, the language of the model checker Spin.

One process loops for ever; each action is one indivisible step of it, possible where its first
expression is true. So Spin's states are the model's states, and its transitions the model's
transitions and one more, for the first state. Every write that could leave its variable's domain
is asserted not to.
"""

from collections.abc import Iterator, Sequence

from truebook.specs.export.conditions import Branch, If, Not, values
from truebook.specs.export.expressions import GLUE, Expressions, Signs, plain, word_name
from truebook.specs.export.layout import wrapped
from truebook.specs.export.machine import Machine, Move, Part, Variable

SIGNS = Signs(
    equal="==",
    unequal="!=",
    both="&&",
    either="||",
    negation="!",
    choice=f"({{}}{GLUE}-> {{}}{GLUE}: {{}})",
    true="true",
    false="false",
)
STEP = " " * 2


def promela_of(machine: Machine, title: str) -> str:
    """Return a machine as a Promela model.

    Invariants become steps that are possible only where they are broken, and then fail: as long as
    they hold, they change neither states nor transitions.
    """
    bodies = [line for move in machine.moves for line in _move(machine, move)]
    lines = [f"/* {title} */", ""]
    lines += [f"#define {word_name(w)} {int(w)}" for words in machine.words for w in words]
    lines += ["", *(_declaration(variable) for variable in machine.variables.values()), ""]
    said = {line.strip() for line in bodies}
    olds = [v.name for v in machine.variables.values() if _old(v) in said]
    lines += ["/* what follows is no part of the state */", "hidden int value;"]
    lines += [f"hidden int old_{name};" for name in olds]
    lines += ["", "active proctype world() {", "end:", f"{STEP}do", *bodies]
    lines += [line for broken in _broken(machine) for line in broken]
    return "\n".join([*lines, f"{STEP}od", "}", ""])


def _old(variable: Variable) -> str:
    return f"old_{variable.name} = {variable.name};"


def _declaration(variable: Variable) -> str:
    bits = max(1, (variable.field.size - 1).bit_length())
    kind, width = ("bit", "") if bits == 1 else ("unsigned", f" : {bits}")
    first = f" = {variable.first}" if variable.first else ""
    return f"{kind} {variable.name}{width}{first}; /* {variable.field.label} */"


def _move(machine: Machine, move: Move) -> Iterator[str]:
    guard = plain(machine, SIGNS).truth(move.guard)
    yield f"{STEP}:: d_step {{ /* {move.action.words} */"
    yield from wrapped(f"{guard} ->", STEP * 3)
    for part in move.parts:
        yield from _Statements(machine).of(part, STEP * 3)
    if not move.parts:
        yield f"{STEP * 3}skip"
    yield f"{STEP * 2}}}"


def _broken(machine: Machine) -> Iterator[list[str]]:
    expressions = plain(machine, SIGNS)
    for invariant in machine.invariants:
        holds = invariant.holds
        text = f"{expressions.truth(holds.of if isinstance(holds, Not) else Not(holds))} ->"
        yield [
            f"{STEP}:: d_step {{ /* {invariant.check.property}: {invariant.check.part} */",
            *wrapped(text, STEP * 3),
            f"{STEP * 3}assert(false)",
            f"{STEP * 2}}}",
        ]


class _Statements:
    """Writes what a part does one assignment after another, though all are of the state before."""

    def __init__(self, machine: Machine) -> None:
        self._machine = machine
        self._written: set[int] = set()
        self._olds: dict[int, None] = {}
        self._expressions = Expressions(machine, SIGNS, self._name)

    def of(self, part: Part, indent: str) -> list[str]:
        """Return the statements of a part; writes that go by the same conditions stand together."""
        groups: dict[object, list[tuple[int, Branch]]] = {}
        for variable, branch in part.writes:
            groups.setdefault(self._shape(branch), []).append((variable, branch))
        lines = []
        for group in groups.values():
            lines += self._statements(group, indent)
            self._written |= {variable for variable, _ in group}
        return [*(f"{indent}{_old(self._machine.variables[f])}" for f in self._olds), *lines]

    def _shape(self, branch: Branch) -> object:
        if not isinstance(branch, If):
            return None
        on = Expressions(self._machine, SIGNS, str).truth(branch.condition)
        return on, self._shape(branch.then), self._shape(branch.other)

    def _name(self, variable: int) -> str:
        if variable in self._written:
            self._olds[variable] = None
            return f"old_{self._machine.variables[variable].name}"
        return self._machine.variables[variable].name

    def _statements(self, group: Sequence[tuple[int, Branch]], indent: str) -> list[str]:
        """Return the statements of variables that go by the same conditions.

        Of one variable alone it is a single assignment: a step of Spin's has at most 2,048
        statements.
        """
        _, first = group[0]
        if not isinstance(first, If) or len(group) == 1:
            return self._assignments(group, indent)
        then = [(f, branch.then) for f, branch in group if isinstance(branch, If)]
        other = [(f, branch.other) for f, branch in group if isinstance(branch, If)]
        return [
            f"{indent}if",
            *wrapped(f":: {self._expressions.truth(first.condition)} ->", indent),
            *self._statements(then, indent + STEP * 2),
            f"{indent}:: else ->",
            *self._statements(other, indent + STEP * 2),
            f"{indent}fi;",
        ]

    def _assignments(self, group: Sequence[tuple[int, Branch]], indent: str) -> list[str]:
        before = set(self._written)
        lines = []
        for variable, branch in group:
            if branch is not None:
                lines += self._assignment(variable, branch, indent)
                self._written.add(variable)
        self._written = before
        return lines or [f"{indent}skip"]

    def _assignment(self, variable: int, branch: Branch, indent: str) -> list[str]:
        of = self._machine.variables[variable]
        text = self._expressions.branch(branch, variable)
        if not any(self._machine.may_leave(variable, value) for value in values(branch)):
            return wrapped(f"{of.name} = {text};", indent)
        return [
            *wrapped(f"value = {text};", indent),
            f"{indent}assert(0 <= value && value < {of.field.size});",
            f"{indent}{of.name} = value;",
        ]
