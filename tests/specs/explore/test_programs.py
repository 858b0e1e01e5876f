"""Random programs: trees and engines do with them what Python does.

A program is a list of statements over the three fields of a box: ("set", field, expression),
("when", condition, program, program) and ("return", condition).
"""

from collections.abc import Iterator, Sequence
from functools import partial
from itertools import combinations, product
from typing import Any

import attrs
from hypothesis import given, settings
from hypothesis import strategies as st

from truebook.model.system import Action, Field, System
from truebook.specs.explore import columns, plain
from truebook.specs.properties.sentences import Check, Kind
from truebook.specs.symbolic import Leaf, Term, Tree

FIELDS = (Field("x", 4, "x"), Field("y", 3, "y", book=True), Field("z", 2, "z"))
SIZES = {field.path: field.size for field in FIELDS}
STATES = tuple(product(*(range(field.size) for field in FIELDS)))


@attrs.define
class Box:
    x: int = 0
    y: int = 0
    z: int = 0


Program = list[Any]

numbers = st.integers(0, 4)
fields = st.sampled_from("xyz")
expressions = st.recursive(
    st.one_of(numbers, fields),
    lambda of: st.tuples(st.sampled_from(["+", "-", "min", "max", "if", "<", "=="]), of, of),
    max_leaves=4,
)
conditions = st.one_of(
    fields,
    st.tuples(st.sampled_from(["<", "<=", ">", ">=", "==", "!=", "in"]), expressions, expressions),
)
conditions = st.recursive(
    conditions,
    lambda of: st.one_of(
        st.tuples(st.just("not"), of), st.tuples(st.sampled_from(["and", "or"]), of, of)
    ),
    max_leaves=3,
)
programs: st.SearchStrategy[Program] = st.recursive(
    st.lists(st.tuples(st.just("set"), fields, expressions), min_size=1, max_size=2),
    lambda of: st.one_of(
        st.lists(st.tuples(st.just("when"), conditions, of, of), min_size=1, max_size=2),
        st.builds(lambda a, b: [*a, *b], of, of),
        st.builds(lambda a, condition: [*a, ("return", condition)], of, conditions),
    ),
    max_leaves=5,
)


def value(box: Box, of: Any) -> Any:
    if isinstance(of, int):
        return of
    if isinstance(of, str):
        return getattr(box, of)
    operator, *parts = of
    if operator == "not":
        return not value(box, parts[0])
    if operator == "and":
        return value(box, parts[0]) and value(box, parts[1])
    if operator == "or":
        return value(box, parts[0]) or value(box, parts[1])
    a, b = (value(box, part) for part in parts)
    match operator:
        case "+":
            return a + b
        case "-":
            return a - b
        case "min":
            return min(a, b)
        case "max":
            return max(a, b)
        case "if":
            return a if b else 1
        case "<":
            return a < b
        case "<=":
            return a <= b
        case ">":
            return a > b
        case ">=":
            return a >= b
        case "==":
            return a == b
        case "!=":
            return a != b
        case _:
            return a in (b, 1)


def results(box: Box, program: Program, *, clamped: bool) -> Iterator[Any]:
    """Run a program, and yield what it returns; `clamped` keeps what is written in its field."""
    for statement, *parts in program:
        if statement == "set":
            name, expression = parts
            new = value(box, expression)
            setattr(box, name, max(0, min(new, SIZES[name] - 1)) if clamped else new)
        elif statement == "when":
            condition, yes, no = parts
            yield from results(box, yes if value(box, condition) else no, clamped=clamped)
        else:
            yield value(box, parts[0])


def by_tree(tree: Tree, state: Sequence[int]) -> tuple[bool, list[int]]:
    """Go down the tree as the values of a state say, and return what it returns and writes."""
    node = tree.root
    while not isinstance(node, Leaf):
        node = tree.side(node, bool(node.condition.value(state.__getitem__)))
    for of_field, known in zip(state, node.known, strict=True):
        assert known is not None
        assert of_field in known
    after = list(state)
    for field, new in node.writes:
        after[field] = new.value(state.__getitem__) if isinstance(new, Term) else new
    return bool(node.returned), after


@given(programs)
def test_a_tree_does_what_its_function_does(program: Program) -> None:
    def run(box: Box) -> Any:
        return next(results(box, program, clamped=False), True)

    tree = Tree((FIELDS,), lambda: (Box(),), run)
    for state in STATES:
        box = Box(*state)
        returned = bool(run(box))
        assert by_tree(tree, state) == (returned, list(attrs.astuple(box)))


def act(box: Box, condition: Any, program: Program) -> bool:
    if not value(box, condition):
        return False
    list(results(box, program, clamped=True))
    return True


def holds_before_and_after(before: Box, after: Box, action: Action, of: Any) -> bool:
    return not value(before, of) or bool(value(after, of))


@st.composite
def systems(draw: st.DrawFn) -> System:
    """Draw a system of a few actions, some of them in two parts, and its quiet round."""
    actions = []
    for n in range(draw(st.integers(1, 4))):
        parts = [partial(act, condition=draw(conditions), program=draw(programs))]
        if draw(st.booleans()):
            parts.append(partial(act, condition=1, program=draw(programs)))
        wire = tuple(draw(st.sets(st.sampled_from("xyz"), max_size=2)))
        actions.append(Action(f"a{n}", tuple(parts), f"action {n}", wire=wire))
    settle = draw(st.lists(st.sampled_from([action.name for action in actions]), max_size=3))
    first = draw(st.sampled_from(STATES))
    return System("toy", FIELDS, tuple(actions), lambda: Box(*first), tuple(settle))


@st.composite
def cases(draw: st.DrawFn) -> tuple[System, list[Check]]:
    system = draw(systems())
    names = [action.name for action in system.actions]
    checks = [Check("toy", name, Kind.REPEAT, actions=(name,)) for name in names]
    for pair in combinations(names, 2):
        checks.append(Check("toy", " ".join(pair), Kind.COMMUTE, actions=pair))
    for kind in (Kind.STATE, Kind.STATE, Kind.SETTLED):
        holds = partial(value, of=draw(conditions))
        checks.append(Check("toy", "", kind, holds))
    step = partial(holds_before_and_after, of=draw(conditions))
    checks.append(Check("toy", "", Kind.STEP, step))
    return system, checks


@settings(max_examples=100)
@given(cases())
def test_both_engines_say_the_same(case: tuple[System, list[Check]]) -> None:
    system, checks = case
    assert columns.explore(system, checks) == plain.explore(system, checks)
