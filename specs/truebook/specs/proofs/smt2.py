"""An open world in SMT-LIB: its first state, its actions and its properties as formulas.

The text is that of VMT-LIB, which annotates SMT-LIB: `:next` pairs a variable with its value after
a step, `:init` marks the first state, `:trans` a step, `:invar-property` what must hold of every
state. So model checkers for it read the text, and to a solver it is definitions to ask things of.
"""

from collections.abc import Callable, Iterator, Sequence

import z3

from truebook.specs.proofs import formulas
from truebook.specs.proofs.formulas import Values
from truebook.specs.proofs.steps import Step, assumed, at_first, formula_of, step_of
from truebook.specs.proofs.worlds import CHOICE, OpenWorld
from truebook.specs.properties import Check

READING = """\
; A variable x is a field of the model's world; |x'| is its value after a step. Those that begin
; with `bounds.` are unknown sizes, timers and delays, which never change, but for bounds.taken:
; what a request takes on arrival, chosen anew at every step."""


def smt2_of(
    world: OpenWorld,
    checks: Sequence[Check],
    title: str,
    *,
    progress: Callable[[int, int], None] = lambda done, actions: None,
) -> str:
    """Return the transition system of a world, with what some checks of states ask of it."""
    values = formulas.variables(world)
    facts = assumed(world, values)
    lines = [f"; {title}", READING, "(set-logic QF_LIA)", "", *_declarations(world, values)]
    lines += ["", "; The domains, and the assumptions."]
    lines += _defined("assumed", z3.And(*facts))
    lines += ["", "; The first state."]
    lines += _defined("first", z3.And(_named("assumed"), *at_first(world, values)), ":init true")
    names = []
    for number, action in enumerate(world.system.actions, 1):
        step = step_of(world, action, values, facts)
        names.append(f"action:{action.name}")
        lines += ["", f"; {action.words}", *_defined(names[-1], _happens(world, values, step))]
        progress(number, len(world.system.actions))
    steps = z3.Or(*map(_named, names))
    lines += ["", "; A step.", *_defined("step", z3.And(_named("assumed"), steps), ":trans true")]
    for number, check in enumerate(checks):
        lines += ["", f"; {check.property}; never: {check.part}"]
        whole = formula_of(world, check.holds, values)
        lines += _defined(f"property:{number}", whole, f":invar-property {number}")
    return "\n".join(lines) + "\n"


def _varies(value: z3.ArithRef) -> bool:
    """Return whether a field can have more than one value."""
    return not isinstance(value, z3.IntNumRef)


def _declarations(world: OpenWorld, values: Values) -> Iterator[str]:
    for field, value in zip(world.fields, values, strict=True):
        if not _varies(value):
            continue
        words = [f"{word.value} {field.show(word)}" for word in field.words or ()]
        meaning = f"{field.label}{': ' if words else ''}{', '.join(words)}"
        yield f"(declare-const {field.path} Int) ; {meaning}"
        if field.path != CHOICE:
            yield f"(declare-const |{field.path}'| Int)"
            yield f"(define-fun |next:{field.path}| () Int (! {field.path} :next |{field.path}'|))"


def _happens(world: OpenWorld, values: Values, step: Step) -> z3.BoolRef:
    """Return that an action is possible, and what every variable is after it."""
    after = (
        z3.Int(f"{field.path}'") == value
        for field, before, value in zip(world.fields, values, step.values(values), strict=True)
        if _varies(before) and field.path != CHOICE
    )
    return z3.And(step.guard, *after)


def _named(name: str) -> z3.BoolRef:
    return z3.Bool(name)


def _defined(name: str, formula: z3.BoolRef, annotation: str = "") -> Iterator[str]:
    text = formula.sexpr()
    if annotation:
        text = f"(! {text} {annotation})"
    yield f"(define-fun |{name}| () Bool\n{text})"
