"""The world, the venue, the wire, the clock and the trackers keep to Python that runs on terms.

A term (specs/symbolic.py) forks where it is a condition. What would quietly mean something else on
a term is refused here: identity, keys and sets (a term hashes as an object), catching, conversion
to a number or a text, and loops without a bound.
"""

import ast
import importlib
from collections.abc import Iterator
from pathlib import Path
from types import ModuleType

import pytest

import truebook.model.world

MODEL = Path(truebook.model.world.__file__).parent
PLAIN = {
    "__init__",
    "composition",
    "config",
    "designs",
    "lifecycle",
    "asking",
    "naming",
    "own",
    "rules",
    "resized",
    "strangers",
    "system",
    "vocabulary",
    "waits",
}
"""Modules that describe worlds and are never run on terms; any other is held to the subset."""

OBJECTS = {"late", "fill", "next_fill"}
"""Names of whole fills, which may be compared by identity: they are objects, never terms."""

CONVERSIONS = {
    "abs",
    "bool",
    "dict",
    "divmod",
    "float",
    "format",
    "frozenset",
    "hash",
    "id",
    "int",
    "isinstance",
    "pow",
    "repr",
    "round",
    "set",
    "str",
    "type",
}
REFUSED: dict[type[ast.AST], str] = {
    ast.While: "a loop without a bound",
    ast.Try: "a caught exception",
    ast.TryStar: "a caught exception",
    ast.Dict: "a dict",
    ast.DictComp: "a dict",
    ast.Set: "a set",
    ast.SetComp: "a set",
    ast.JoinedStr: "a text made of a value",
    ast.Match: "a match, whose patterns compare by identity and by type",
    ast.Global: "a global",
    ast.Await: "an await",
    ast.Yield: "a generator",
    ast.YieldFrom: "a generator",
}


def held_to_it() -> list[str]:
    return sorted(path.stem for path in MODEL.glob("*.py") if path.stem not in PLAIN)


def bodies(tree: ast.AST) -> Iterator[ast.FunctionDef]:
    """Yield every function; annotations, defaults and module constants are not run on terms."""
    for node in ast.walk(tree):
        if isinstance(node, ast.FunctionDef):
            yield node


def statements(function: ast.FunctionDef) -> Iterator[ast.AST]:
    """Yield every node of a function's body but its annotations."""
    todo: list[ast.AST] = list(function.body)
    while todo:
        node = todo.pop()
        yield node
        for name, value in ast.iter_fields(node):
            if name not in ("annotation", "returns"):
                children = value if isinstance(value, list) else [value]
                todo += [child for child in children if isinstance(child, ast.AST)]


def is_object(node: ast.expr) -> bool:
    return isinstance(node, ast.Name) and node.id in OBJECTS


def is_none(node: ast.expr) -> bool:
    return isinstance(node, ast.Constant) and node.value is None


def of_state(node: ast.expr, assigned: set[str]) -> bool:
    """Tell whether an expression reads a field, or a name that one was assigned to.

    What is read of the bounds is configuration, and len() is of a tuple: numbers both.
    """
    if isinstance(node, ast.Attribute) and "bounds" in ast.unparse(node).split("."):
        return False
    if isinstance(node, ast.Call) and ast.unparse(node.func) == "len":
        return False
    if isinstance(node, ast.Attribute) or (isinstance(node, ast.Name) and node.id in assigned):
        return True
    return any(
        of_state(child, assigned)
        for child in ast.iter_child_nodes(node)
        if isinstance(child, ast.expr)
    )


def assigned_state(function: ast.FunctionDef) -> set[str]:
    """Return the names that something of the state is assigned to."""
    names: set[str] = set()
    for _ in range(3):
        for node in statements(function):
            if isinstance(node, ast.Assign) and of_state(node.value, names):
                names |= {name.id for name in node.targets if isinstance(name, ast.Name)}
    return names


def faults_of(function: ast.FunctionDef, module: ModuleType | None) -> Iterator[tuple[int, str]]:
    assigned = assigned_state(function)
    for node in statements(function):
        line = getattr(node, "lineno", function.lineno)
        if isinstance(node, ast.Compare):
            sides = [node.left, *node.comparators]
            for operator, left, right in zip(node.ops, sides, sides[1:], strict=False):
                if isinstance(operator, ast.Is | ast.IsNot):
                    objects = all(
                        isinstance(s, ast.Name) and s.id in OBJECTS for s in (left, right)
                    )
                    if not objects and not is_none(left) and not is_none(right):
                        yield line, f"identity: {ast.unparse(node)}"
                if isinstance(operator, ast.In | ast.NotIn) and not is_tuple(right, module):
                    yield line, f"a search in what may be no tuple: {ast.unparse(node)}"
        elif isinstance(node, ast.Subscript) and of_state(node.slice, assigned):
            yield line, f"a key of the state: {ast.unparse(node)}"
        elif isinstance(node, ast.Call):
            called = ast.unparse(node.func)
            if called in CONVERSIONS or called.endswith(".get"):
                yield line, f"a conversion or a lookup: {ast.unparse(node)}"
        elif type(node) in REFUSED:
            yield line, REFUSED[type(node)]


def is_tuple(node: ast.expr, module: ModuleType | None) -> bool:
    if isinstance(node, ast.Name) and module is not None:
        return isinstance(getattr(module, node.id, None), tuple)
    return isinstance(node, ast.Tuple)


def faults(source: str, module: ModuleType | None = None) -> list[str]:
    """List what a module does that would mean something else on terms, a line each."""
    return [
        f"{line}: {what}"
        for function in bodies(ast.parse(source))
        for line, what in faults_of(function, module)
    ]


def test_what_runs_on_terms_is_held_to_it() -> None:
    assert {"world", "tracker", "plan", "foreign", "memory", "names"} <= set(held_to_it())


@pytest.mark.parametrize("name", held_to_it())
def test_a_module_keeps_to_the_subset(name: str) -> None:
    module = importlib.import_module(f"truebook.model.{name}")
    assert faults((MODEL / f"{name}.py").read_text("utf-8"), module) == []


@pytest.mark.parametrize(
    ("body", "what"),
    [
        ("return w.state is State.OPEN", "identity"),
        ("return w.a is w.b", "identity"),
        ("return not w.state is not 1", "identity"),
        ("return TABLE[w.state]", "a key"),
        ("state = w.state\n    return TABLE[state]", "a key"),
        ("age = w.age + 1\n    older = age\n    return TABLE[older]", "a key"),
        ("return w.legs[w.first].age", "a key"),
        ("return TABLE.get(w.state)", "a lookup"),
        ("return {1: 2}", "a dict"),
        ("return w.state in {1, 2}", "a search"),
        ("return w.state in w.states", "a search"),
        ("try:\n        w.a = 1\n    except ValueError:\n        w.a = 0", "a caught"),
        ("return int(w.state)", "a conversion"),
        ("return isinstance(w.state, int)", "a conversion"),
        ("while w.age < 3:\n        w.age = w.age + 1", "a loop"),
        ("return f'{w.age}'", "a text"),
        ("match w.state:\n        case 1:\n            w.age = 0", "a match"),
    ],
)
def test_what_is_refused(body: str, what: str) -> None:
    source = f"def action(w: World) -> bool:\n    {body}\n"
    assert any(what in fault for fault in faults(source)), faults(source)


@pytest.mark.parametrize(
    "body",
    [
        "return w.bounds.delays.answer is not None and w.age < w.bounds.delays.answer",
        "return late is fill",
        "return w.legs[i].status == Venue.OPEN",
        "return w.fills[1 - k].place != 0",
        "return (w.f0, w.f1)[: w.bounds.fills]",
        "for i in range(len(w.legs)):\n        w.legs[i].age = w.legs[i].age + 1",
        "last = len(w.legs) - 1\n    return w.legs[last].age == 0",
        "return w.state in (1, 2) and max(w.a, w.b) - min(w.a, 1) < 2",
        "views: dict[str, int] | None = None\n    return views is None",
        "w.age = 0 if w.state == 1 else w.age",
    ],
)
def test_what_passes(body: str) -> None:
    assert faults(f"def action(w: World, i: int) -> bool:\n    {body}\n") == []
