"""The model in TLA+, as a module for people and for the model checker TLC, and its configuration.

Each action is an operator: when it is possible, then what each variable comes to. What an action
does in several parts, one after the other, is said with LET: x__1 is x after the first part.

TLC's distinct states are the model's states, and the states that it generates the model's
transitions and one more, for the first state. A guard that says "or" is compared with TRUE, since
TLC would otherwise take each of its sides as a way of its own to the same state.
"""

from collections.abc import Iterator, Sequence

import attrs

from truebook.specs.export.conditions import Both, Branch, Either, If, Which, fields_of
from truebook.specs.export.expressions import GLUE, Expressions, Signs, plain, word_name
from truebook.specs.export.layout import WIDTH, wrapped
from truebook.specs.export.machine import Machine, Move, Part

SIGNS = Signs(
    equal="=",
    unequal="#",
    both="/\\",
    either="\\/",
    negation="~",
    choice="(IF {} THEN {} ELSE {})",
    true="TRUE",
    false="FALSE",
)
AND = "  /\\ "
THEN = "THEN "
ELSE = "ELSE "


def tla_of(machine: Machine, module: str, title: str) -> str:
    """Return a machine as a TLA+ module of that name."""
    variables = list(machine.variables.values())
    names = [v.name for v in variables]
    dashes = "-" * 4
    lines = [
        f"{dashes} MODULE {module} {dashes}",
        f"\\* {title}",
        "EXTENDS Integers",
        "",
        "VARIABLES",
    ]
    commas = [","] * (len(names) - 1) + [""]
    lines += [
        f"  {v.name}{comma} \\* {v.field.label}" for v, comma in zip(variables, commas, strict=True)
    ]
    lines += ["", "vars ==", *wrapped(_tuple(names), "  ", "  ")]
    for words in machine.words:
        lines += ["", *(f"{word_name(word)} == {int(word)}" for word in words)]
    lines += ["", "TypeOK =="]
    lines += [f"{AND}{v.name} \\in 0..{v.field.size - 1}" for v in variables]
    lines += ["", "Init ==", *_first(machine)]
    for move in machine.moves:
        lines += ["", f"\\* {move.action.words}", f"{move.name} ==", *_Move(machine, move).lines()]
    lines += ["", "Next ==", *(f"  \\/ {move.name}" for move in machine.moves)]
    lines += ["", "Spec == Init /\\ [][Next]_vars"]
    for invariant in machine.invariants:
        holds = plain(machine, SIGNS).truth(invariant.holds)
        lines += ["", f"\\* {invariant.check.property}: {invariant.check.part}"]
        lines += [f"{invariant.name} ==", *wrapped(holds, "  ", "  ")]
    return "\n".join([*lines, "=" * 16, ""])


def configuration(machine: Machine) -> str:
    """Return what TLC is to check of the module: that values stay in range, and the invariants.

    A state in which nothing can happen any more is no error.
    """
    invariants = ["TypeOK", *(invariant.name for invariant in machine.invariants)]
    lines = [f"INVARIANT {name}" for name in invariants]
    return "\n".join(["SPECIFICATION Spec", *lines, "CHECK_DEADLOCK FALSE", ""])


def _first(machine: Machine) -> Iterator[str]:
    expressions = plain(machine, SIGNS)
    for number, variable in machine.variables.items():
        yield f"{AND}{variable.name} = {expressions.branch(variable.first, number)}"


def _tuple(names: Sequence[str]) -> str:
    return f"<<{', '.join(names)}>>"


@attrs.frozen
class _Value:
    """What a variable comes to, under a name, said in the names that hold by then."""

    name: str
    variable: int
    branch: Branch
    expressions: Expressions

    def lines(self, before: str, sign: str) -> list[str]:
        """Return the lines that give it its name, the first of which begins with `before`."""
        head = f"{before}{self.name} {sign}"
        text = self.expressions.branch(self.branch, self.variable).replace(GLUE, " ")
        if len(head) + 1 + len(text) <= WIDTH:
            return [f"{head} {text}"]
        return [head, *self._below(self.branch, " " * (len(before) + 2), "")]

    def _below(self, branch: Branch, indent: str, lead: str) -> list[str]:
        """Return a value as lines: a long choice has its sides below one another."""
        text = self.expressions.branch(branch, self.variable)
        if not isinstance(branch, If) or len(text) < WIDTH // 2:
            return wrapped(lead + text, indent)
        inside = indent + " " * len(lead) if lead == THEN else indent
        return [
            *wrapped(f"{lead}IF {self.expressions.truth(branch.condition)}", indent),
            *self._below(branch.then, inside, THEN),
            *self._below(branch.other, inside, ELSE),
        ]


class _Move:
    """Writes one action."""

    def __init__(self, machine: Machine, move: Move) -> None:
        self._machine = machine
        self._move = move

    def lines(self) -> Iterator[str]:
        """Yield the lines of the operator's body."""
        yield from self._guards()
        named, ends = self._values()
        before = f"{AND}LET "
        for value in named:
            yield from value.lines(before, "==")
            before = " " * len(before)
        before = " " * len(AND) + f"IN {AND.lstrip()}" if named else AND
        for value in ends.values():
            yield from value.lines(before, "=")
            before = before.replace("IN", "  ")
        unchanged = [v.name for f, v in self._machine.variables.items() if f not in ends]
        if unchanged:
            yield from wrapped(f"{before}UNCHANGED {_tuple(unchanged)}", "", " " * len(before))

    def _guards(self) -> Iterator[str]:
        guard = self._move.guard
        for on in guard.of if isinstance(guard, Both) else (guard,):
            text = plain(self._machine, SIGNS).truth(on)
            if isinstance(on, Either | Which):
                text = f"({text}){GLUE}={GLUE}TRUE"
            if on is not True:
                yield from wrapped(f"{AND}{text}", "", " " * len(AND) + "  ")

    def _values(self) -> tuple[list[_Value], dict[int, _Value]]:
        """Return the values that later parts go by, and what each variable comes to."""
        now = {f: v.name for f, v in self._machine.variables.items()}
        named = []
        ends = {}
        for number, part in enumerate(self._move.parts, 1):
            before = Expressions(self._machine, SIGNS, dict(now).__getitem__)
            later = set().union(*(_touched(other) for other in self._move.parts[number:]))
            for variable, branch in part.writes:
                name = self._machine.variables[variable].name
                if variable in later:
                    now[variable] = f"{name}__{number}"
                    named.append(_Value(now[variable], variable, branch, before))
                ends[variable] = _Value(f"{name}'", variable, branch, before)
            after = Expressions(self._machine, SIGNS, dict(now).__getitem__)
            for variable in later & {variable for variable, _ in part.writes}:
                ends[variable] = attrs.evolve(ends[variable], branch=None, expressions=after)
        return named, ends


def _touched(part: Part) -> set[int]:
    """Return the variables that a part reads or writes."""
    return {f for variable, branch in part.writes for f in (variable, *fields_of(branch))}
