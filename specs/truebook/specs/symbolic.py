"""A symbolic run of ordinary Python: the paths of a function over a world's fields.

The function runs on a world whose fields are terms. Where it branches on a term, both branches
are taken, one run after another; what comes out is a decision tree whose leaves say what the
function returned and what it wrote. What is known of a field's values on a path prunes branches
that no state takes. A tree grows where it is looked at: paths that nobody asks for are never run.
"""

from collections.abc import Callable, Container, Iterator, Sequence
from itertools import product
from typing import Any, Literal

import attrs

from truebook.model.system import Field, place_of

Op = Literal["field", "add", "sub", "eq", "lt", "not"]
Known = tuple[tuple[int, ...] | None, ...]
"""Of each field, the values that it can have on a path; None: any integer."""

MOST_COMBINATIONS = 4096
"""A condition over more combinations of values than this is not looked through, only split on."""


class Term:
    """An integer expression over a world's fields; comparisons are terms of 0 and 1.

    Using a term as a condition asks the run in progress which way to go.
    """

    __slots__ = ("args", "fields", "op", "tree")

    def __init__(
        self, tree: "Tree", op: Op, args: tuple["Term | int", ...], fields: tuple[int, ...]
    ) -> None:
        self.tree = tree
        self.op = op
        self.args = args
        self.fields = fields

    def __add__(self, other: "Term | int") -> "Term":
        return self.tree.make("add", self, other)

    def __radd__(self, other: int) -> "Term":
        return self.tree.make("add", other, self)

    def __sub__(self, other: "Term | int") -> "Term":
        return self.tree.make("sub", self, other)

    def __rsub__(self, other: int) -> "Term":
        return self.tree.make("sub", other, self)

    def __mul__(self, times: int) -> "Term | int":
        total: Term | int = 0
        for _ in range(times):
            total = self + total
        return total

    __rmul__ = __mul__

    def __eq__(self, other: object) -> Any:
        return self.tree.make("eq", self, other)

    def __ne__(self, other: object) -> Any:
        return self.tree.make("not", self.tree.make("eq", self, other))

    def __lt__(self, other: "Term | int") -> Any:
        return self.tree.make("lt", self, other)

    def __gt__(self, other: "Term | int") -> Any:
        return self.tree.make("lt", other, self)

    def __le__(self, other: "Term | int") -> Any:
        return self.tree.make("not", self.tree.make("lt", other, self))

    def __ge__(self, other: "Term | int") -> Any:
        return self.tree.make("not", self.tree.make("lt", self, other))

    def __hash__(self) -> int:
        return id(self)

    def __bool__(self) -> bool:
        return self.tree.decide(self)

    def __repr__(self) -> str:
        return f"{self.op}({', '.join(map(repr, self.args))})"

    def value(self, at: Callable[[int], int]) -> int:
        """Return the term's value where `at` gives each field's."""
        if self.op == "field":
            return at(int(self.args[0]))  # type: ignore[arg-type]
        values = [a.value(at) if isinstance(a, Term) else a for a in self.args]
        match self.op:
            case "add":
                return values[0] + values[1]
            case "sub":
                return values[0] - values[1]
            case "eq":
                return int(values[0] == values[1])
            case "lt":
                return int(values[0] < values[1])
            case _:
                return int(not values[0])


@attrs.frozen(eq=False)
class Leaf:
    """Where a path ends: what the function returned, its writes (field, value), what is known."""

    returned: Any
    writes: tuple[tuple[int, Term | int], ...]
    known: Known


@attrs.frozen(eq=False)
class Fork:
    """A branch of the tree on a condition; its sides are had from the tree."""

    condition: Term
    path: tuple["_Choice", ...]
    sides: dict[bool, "Node"] = attrs.field(factory=dict)


Node = Leaf | Fork


@attrs.frozen(eq=False)
class _Choice:
    """One condition met on a path, which way it went, and what is known from there."""

    term: Term
    outcome: bool
    forks: bool
    known: Known


class Tree:
    """The decision tree of a function of one or more worlds with the given fields.

    `create` returns the worlds; a world is a tuple's item, and its fields come in the order of the
    worlds. The function may write the worlds that it is given, and returns what leaves hold: a
    term that it returns is decided, so that a leaf holds its truth.
    """

    def __init__(
        self,
        fields: Sequence[Sequence[Field]],
        create: Callable[[], tuple[Any, ...]],
        function: Callable[..., Any],
        *,
        unbounded: Container[str] = (),
    ) -> None:
        self._create = create
        self._function = function
        self._paths = [[field.path for field in of_world] for of_world in fields]
        self._made: dict[tuple[Any, ...], Term] = {}
        self._all: Known = tuple(
            None if field.path in unbounded else tuple(range(field.size))
            for of_world in fields
            for field in of_world
        )
        # A field that has one value is that value, not a term.
        self._terms = [
            0 if known == (0,) else self._intern("field", (i,), (i,))
            for i, known in enumerate(self._all)
        ]
        self._script: tuple[_Choice, ...] = ()
        self._taken: list[_Choice] = []
        self._root: Node | None = None

    @property
    def root(self) -> Node:
        """The tree's first node."""
        if self._root is None:
            self._root = self._grow(())
        return self._root

    def side(self, fork: Fork, outcome: bool) -> Node:
        """Return the node on one side of a fork."""
        node = fork.sides.get(outcome)
        if node is None:
            _, narrowed = self._sides(fork.condition, fork.path)[outcome]
            node = self._grow((*fork.path, _Choice(fork.condition, outcome, True, narrowed)))
            fork.sides[outcome] = node
        return node

    def leaves(self, node: Node | None = None) -> Iterator[Leaf]:
        """Yield every leaf below a node, by default of the whole tree."""
        node = self.root if node is None else node
        if isinstance(node, Leaf):
            yield node
        else:
            yield from self.leaves(self.side(node, True))
            yield from self.leaves(self.side(node, False))

    def _grow(self, script: tuple[_Choice, ...]) -> Node:
        """Run the function down a path, then the first way at each fork; return the node there."""
        worlds = self._create()
        places = [
            place_of(world, path)
            for world, paths in zip(worlds, self._paths, strict=True)
            for path in paths
        ]
        for (owner, name), term in zip(places, self._terms, strict=True):
            setattr(owner, name, term)
        self._script, self._taken = script, []
        returned = self._function(*worlds)
        if isinstance(returned, Term):
            returned = bool(returned)
        taken = tuple(self._taken)
        known = taken[-1].known if taken else self._all
        writes = []
        for i, ((owner, name), term) in enumerate(zip(places, self._terms, strict=True)):
            value = getattr(owner, name)
            if value is not term and (isinstance(value, Term) or known[i] != (value,)):
                writes.append((i, value if isinstance(value, Term) else int(value)))
        node: Node = Leaf(returned, tuple(writes), known)
        for at in reversed(range(len(script), len(taken))):
            if taken[at].forks:
                fork = Fork(taken[at].term, taken[:at])
                fork.sides[taken[at].outcome] = node
                node = fork
        return node

    def decide(self, term: Term) -> bool:
        """Return which way the run in progress goes at a condition."""
        at = len(self._taken)
        if at < len(self._script):
            choice = self._script[at]
        else:
            sides = self._sides(term, self._taken)
            outcome = next(iter(sides))
            forks, narrowed = sides[outcome]
            choice = _Choice(term, outcome, forks, narrowed)
        self._taken.append(choice)
        return choice.outcome

    def _sides(self, term: Term, taken: Sequence[_Choice]) -> dict[bool, tuple[bool, Known]]:
        """Return the ways that a condition can go, whether it forks, and what is known there."""
        known = taken[-1].known if taken else self._all
        for choice in taken:
            if choice.term is term:
                return {choice.outcome: (False, known)}
        domains = _domains(term.fields, known)
        if domains is None:
            return {True: (True, known), False: (True, known)}
        seen: dict[bool, list[set[int]]] = {}
        for values in product(*domains):
            outcome = bool(term.value(dict(zip(term.fields, values, strict=True)).__getitem__))
            for found, value in zip(
                seen.setdefault(outcome, [set() for _ in term.fields]), values, strict=True
            ):
                found.add(value)
        forks = len(seen) == 2
        return {
            outcome: (forks, _narrow(known, term.fields, seen[outcome]))
            for outcome in sorted(seen, reverse=True)
        }

    def make(self, op: Op, *args: Any) -> Term:
        """Return the term of an operation: the same object for the same operation."""
        plain = tuple(a if isinstance(a, Term) else int(a) for a in args)
        fields = {f for a in plain if isinstance(a, Term) for f in a.fields}
        return self._intern(op, plain, tuple(sorted(fields)))

    def _intern(self, op: Op, args: tuple[Term | int, ...], fields: tuple[int, ...]) -> Term:
        key = (op, *(id(a) if isinstance(a, Term) else (a,) for a in args))
        found = self._made.get(key)
        if found is None:
            found = self._made[key] = Term(self, op, args, fields)
        return found


def possible(value: Term | int, known: Known) -> range | None:
    """Return the range of a term's values, or None where there is too much to look through."""
    if not isinstance(value, Term):
        return range(value, value + 1)
    domains = _domains(value.fields, known)
    if domains is None:
        return None
    values = [
        value.value(dict(zip(value.fields, at, strict=True)).__getitem__)
        for at in product(*domains)
    ]
    return range(min(values), max(values) + 1)


def _domains(fields: tuple[int, ...], known: Known) -> list[tuple[int, ...]] | None:
    """Return the values of some fields, or None where they have too many combinations."""
    domains = []
    combinations = 1
    for f in fields:
        values = known[f]
        if values is None:
            return None
        domains.append(values)
        combinations *= len(values)
    return domains if combinations <= MOST_COMBINATIONS else None


def _narrow(known: Known, fields: tuple[int, ...], values: list[set[int]]) -> Known:
    narrowed = list(known)
    for f, found in zip(fields, values, strict=True):
        narrowed[f] = tuple(sorted(found))
    return tuple(narrowed)
