"""The module in TLA+: a real parser takes it, and what it says is what the explorer does.

TLC cannot be had here, so the text is parsed by tree-sitter's grammar, and the parse tree is
evaluated, in every reachable state, by the small evaluator below. It knows nothing of the model.
"""

import warnings
from collections.abc import Callable, Iterator
from typing import Any

import pytest

from truebook.model.config import Bounds
from truebook.model.designs import PLAN, REFERENCE, Design, without
from truebook.model.memory import MemoryBounds
from truebook.specs.explore.engine import Runner
from truebook.specs.export.machine import Machine, machine_of
from truebook.specs.export.tla import configuration, tla_of
from truebook.specs.properties.checks import checks_of
from truebook.specs.properties.sentences import Kind
from truebook.specs.properties.trace import State
from truebook.specs.scenarios import (
    BESIDE_FOREIGN,
    FILLS,
    FOREIGN,
    TWO_ORDERS,
    Scenario,
    with_faults,
)

tree_sitter = pytest.importorskip("tree_sitter", reason="the parser is of the dev extra")
grammar = pytest.importorskip("tree_sitter_tlaplus", reason="the parser is of the dev extra")

Values = dict[str, int]
Formula = Callable[[Values], int]
INFIX = {
    "land": "and",
    "lor": "or",
    "eq": "==",
    "neq": "!=",
    "lt": "<",
    "geq": ">=",
    "plus": "+",
    "minus": "-",
}


def parsed(text: str) -> Any:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", DeprecationWarning)  # the grammar's, of how it is loaded
        language = tree_sitter.Language(grammar.language())
    root = tree_sitter.Parser(language).parse(text.encode()).root_node
    assert not root.has_error, "the module does not parse"
    return root


def children(node: Any, *kinds: str) -> list[Any]:
    return [child for child in node.children if child.type in kinds]


def name_of(node: Any) -> str:
    return str(node.text.decode())


class Module:
    """A parsed module: its definitions, and what they come to in a state."""

    def __init__(self, text: str) -> None:
        (module,) = children(parsed(text), "module")
        (declared,) = children(module, "variable_declaration")
        self.variables = [name_of(n) for n in children(declared, "identifier")]
        self.definitions = {
            name_of(n.children[0]): n.children[2] for n in children(module, "operator_definition")
        }
        self._steps = {name: list(self._flat(self.definitions[name])) for name in self.actions()}

    def conjuncts(self, name: str) -> list[Any]:
        return [n.children[1] for n in children(self.definitions[name], "conj_item")]

    def first(self) -> Values:
        pairs = [n.children for n in self.conjuncts("Init")]
        return {name_of(left): self.formula(right)({}) for left, _, right in pairs}

    def actions(self) -> list[str]:
        return [name_of(n.children[1]) for n in children(self.definitions["Next"], "disj_item")]

    def after(self, action: str, state: Values) -> Values | None:
        """Return the state after an action, or None where one of its conditions is false."""
        known, after = dict(state), dict(state)
        for kind, name, formula in self._steps[action]:
            value = formula(known)
            if kind == "condition" and not value:
                return None
            if kind == "let":
                known[name] = value
            elif kind == "prime":
                after[name] = value
        return after

    def given(self, action: str) -> list[str]:
        """Return the variables that an action gives a value, or says to be unchanged."""
        return [name for kind, name, _ in self._steps[action] if kind in ("prime", "same")]

    def formula(self, node: Any) -> Formula:
        made: Formula = eval(f"lambda s: int({self._python(node)})")
        return made

    def _flat(self, node: Any) -> Iterator[tuple[str, str, Formula]]:
        """Yield the conditions, definitions and assignments of an action, in order."""
        if node.type == "conj_list":
            for item in children(node, "conj_item"):
                yield from self._flat(item.children[1])
        elif node.type == "let_in":
            for definition in children(node, "operator_definition"):
                name, _, value = definition.children
                yield "let", name_of(name), self.formula(value)
            yield from self._flat(node.children[-1])
        elif node.type == "bound_prefix_op" and node.children[0].type == "unchanged":
            for n in children(node.children[1], "identifier_ref"):
                yield "same", name_of(n), self.formula(n)
        elif node.children and node.children[0].type == "bound_postfix_op":
            name = node.children[0].children[0]
            yield "prime", name_of(name), self.formula(node.children[2])
        else:
            yield "condition", "", self.formula(node)

    def _python(self, node: Any) -> str:
        match node.type:
            case "nat_number":
                return name_of(node)
            case "boolean":
                return name_of(node).capitalize()
            case "identifier_ref":
                name = name_of(node)
                if name in self.definitions:
                    return self._python(self.definitions[name])
                return f"s[{name!r}]"
            case "parentheses":
                return f"({self._python(node.children[1])})"
            case "if_then_else":
                on, then, other = (self._python(node.children[n]) for n in (1, 3, 5))
                return f"(({then}) if ({on}) else ({other}))"
            case "bound_prefix_op":
                assert node.children[0].type == "lnot"
                return f"(not {self._python(node.children[1])})"
            case "bound_infix_op":
                left, sign, right = node.children
                if sign.type == "in":
                    low, _, high = right.children
                    inside = f"{self._python(low)} <= {self._python(left)} <= {self._python(high)}"
                    return f"({inside})"
                return f"({self._python(left)} {INFIX[sign.type]} {self._python(right)})"
            case "conj_list":
                return " and ".join(self._python(n.children[1]) for n in node.children)
        raise AssertionError(f"the evaluator does not know {node.type}: {name_of(node)}")


ONE_LOT = Bounds(size=1)
NO_SNAPSHOT = Bounds(size=1, snapshots=0)
CASES = [
    (REFERENCE, Scenario("no fault", Bounds())),
    (REFERENCE, Scenario("cancel, refuse", with_faults("cancel", "refuse", bounds=ONE_LOT))),
    (REFERENCE, Scenario("modify", with_faults("modify", bounds=NO_SNAPSHOT))),
    (REFERENCE, Scenario("replays", with_faults("reconnect", "bare", bounds=ONE_LOT))),
    (REFERENCE, Scenario("foreign", with_faults("refuse", "lose"), FOREIGN)),
    (REFERENCE, Scenario("two orders", NO_SNAPSHOT, TWO_ORDERS)),
    (REFERENCE, Scenario("fills", MemoryBounds(fills=2), FILLS)),
    (PLAN, Scenario("beside foreign", NO_SNAPSHOT, BESIDE_FOREIGN)),
    (without("listing-binds"), Scenario("no fault", ONE_LOT)),
]


def reachable(runner: Runner) -> dict[State, list[tuple[int, State]]]:
    edges = {runner.first: runner.successors(runner.first)}
    todo = [runner.first]
    for state in todo:
        for _, after in edges[state]:
            if after not in edges:
                edges[after] = runner.successors(after)
                todo.append(after)
    return edges


def named(machine: Machine, state: State) -> Values:
    return {variable.name: int(state[f]) for f, variable in machine.variables.items()}


@pytest.mark.parametrize(("design", "scenario"), CASES, ids=lambda value: value.name)
def test_every_step_of_the_module_is_a_step_of_the_model(
    design: Design, scenario: Scenario
) -> None:
    system = scenario.build(design)
    machine = machine_of(system)
    module = Module(tla_of(machine, "Truebook", scenario.name))
    runner = Runner(system)
    assert module.first() == named(machine, runner.first)
    actions = module.actions()
    assert actions == [move.name for move in machine.moves]
    for action in actions:
        assert sorted(module.given(action)) == sorted(module.variables)
    typed = module.formula(module.definitions["TypeOK"])
    edges = reachable(runner)
    assert len(edges) > 30
    for state, found in edges.items():
        here = named(machine, state)
        assert typed(here)
        after = [(n, module.after(action, here)) for n, action in enumerate(actions)]
        expected = [(n, named(machine, reached)) for n, reached in found]
        assert [(n, reached) for n, reached in after if reached is not None] == expected


@pytest.mark.parametrize("design", [REFERENCE, PLAN], ids=lambda design: design.name)
def test_invariants_are_true_where_the_checks_hold(design: Design) -> None:
    system = Scenario("order", ONE_LOT).build(design)
    checks = [check for check in checks_of(system) if check.kind is Kind.STATE]
    machine = machine_of(system, checks)
    text = tla_of(machine, "Truebook", "invariants")
    module = Module(text)
    runner = Runner(system)
    formulas = {i: module.formula(module.definitions[i.name]) for i in machine.invariants}
    broken = set()
    for state in reachable(runner):
        here = named(machine, state)
        for invariant, formula in formulas.items():
            holds = bool(formula(here))
            assert holds != runner.breaks(invariant.check, state)
            broken |= set() if holds else {invariant.name}
    assert bool(broken) == (design is PLAN)
    for invariant in machine.invariants:
        assert f"INVARIANT {invariant.name}\n" in configuration(machine)


def test_an_or_in_a_guard_is_compared_with_true() -> None:
    """TLC would count each side of it as a step of its own."""
    machine = machine_of(Scenario("order", with_faults("cancel", "late")).build(REFERENCE))
    module = Module(tla_of(machine, "Truebook", "guards"))
    guards = [n for move in machine.moves for n in module.conjuncts(move.name)]
    signs = [n.children[1].type for n in guards if n.type == "bound_infix_op"]
    assert "lor" not in signs
    assert not [n for n in guards if n.type == "if_then_else"]
    compared = [n for n in guards if n.children[-1].type == "boolean"]
    assert len(compared) > 2


def test_the_parser_refuses_what_is_not_tla() -> None:
    with pytest.raises(AssertionError, match="does not parse"):
        parsed("---- MODULE m ----\nx == IF THEN\n====\n")
