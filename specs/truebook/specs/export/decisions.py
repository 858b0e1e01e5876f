"""What one part of an action does to each field: its decision tree, taken apart and made small.

A path through a part writes several fields at once, so the tree of all paths is the product of
what the part decides for each of them. Here each field gets a tree of its own, in which a fork
stays only if this field depends on it. Everything is said in terms over the state before.
"""

from collections.abc import Callable, Mapping, Sequence
from typing import Any

import attrs

from truebook.model.system import Field, System
from truebook.specs.symbolic import Fork, Known, Leaf, Node, Term, Tree, possible

GUARD = -1
"""Stands for the field that says whether the part happens, 0 or 1."""


@attrs.frozen(eq=False)
class Choice:
    """A case distinction on a term; the same one is the same object within a part."""

    condition: Term
    then: "Case"
    other: "Case"


Case = Choice | Term | int | None
"""What a field comes to: a value, or as a choice; None: it stays as it is."""

Decided = Mapping[Term, bool]


def decisions(
    system: System, function: Callable[[Any], Any], *, first: bool = True
) -> dict[int, Case]:
    """Return what a function of a world does to each field that it writes, and to GUARD.

    The first part of an action is only asked for its writes where it returns something true, so
    elsewhere they are left open; another part writes what it writes, whatever it returns.
    """
    tree = Tree((system.fields,), lambda: (system.create(),), function)
    return _Part(tree, system.fields, first=first).run(tree.root, {}).cases


def same(a: object, b: object) -> bool:
    """Return whether two cases of one part are the same; terms do not compare by `==`."""
    return a is b or (isinstance(a, int) and isinstance(b, int) and a == b)


@attrs.frozen(eq=False)
class _Found:
    """What is below a node: the case of each field, what is known there, whether it happens."""

    cases: dict[int, Case]
    known: Known
    happens: bool


class _Part:
    """Takes one tree apart."""

    def __init__(self, tree: Tree, fields: Sequence[Field], *, first: bool) -> None:
        self._tree = tree
        self._first = first
        self._all: Known = tuple(tuple(range(field.size)) for field in fields)
        self._made: dict[tuple[object, ...], Choice] = {}
        self._outcomes: dict[tuple[Term, Known], bool | None] = {}

    def run(self, node: Node, decided: Decided) -> _Found:
        """Return what is below a node, where some conditions are decided."""
        if isinstance(node, Leaf):
            happens = bool(node.returned) or not self._first
            writes = dict(node.writes) if happens else {}
            return _Found({GUARD: int(happens), **writes}, node.known, happens)
        condition, negated = _positive(node.condition)
        sides = (not negated, negated)
        under = [{**decided, condition: outcome} for outcome in (True, False)]
        then, other = (
            self.run(self._tree.side(node, side), facts)
            for side, facts in zip(sides, under, strict=True)
        )
        regions = ((then.known, under[0]), (other.known, under[1]))
        cases: dict[int, Case] = {}
        for field in dict.fromkeys((*then.cases, *other.cases)):
            if field != GUARD and not then.happens:
                cases[field] = other.cases.get(field)
            elif field != GUARD and not other.happens:
                cases[field] = then.cases.get(field)
            else:
                pair = then.cases.get(field), other.cases.get(field)
                cases[field] = self._merge(condition, field, *pair, *regions)
        return _Found(cases, self._known(node), then.happens or other.happens)

    def _known(self, node: Fork) -> Known:
        return node.path[-1].known if node.path else self._all

    def _merge(
        self,
        condition: Term,
        field: int,
        then: Case,
        other: Case,
        in_then: tuple[Known, Decided],
        in_other: tuple[Known, Decided],
    ) -> Case:
        """Return the case of a field over both sides of a fork: without the fork if it can be.

        It can be where one side, given what is known on the other, comes to the same there.
        """
        if same(self._given(other, field, *in_then), then):
            return other
        if same(self._given(then, field, *in_other), other):
            return then
        return self._choice(condition, then, other)

    def _given(self, case: Case, field: int, known: Known, decided: Decided) -> Case:
        """Return a case without the choices that are decided by what is known."""
        if isinstance(case, Choice):
            outcome = decided.get(case.condition)
            if outcome is None:
                outcome = self._outcome(case.condition, known)
            if outcome is not None:
                return self._given(case.then if outcome else case.other, field, known, decided)
            return self._choice(
                case.condition,
                self._given(case.then, field, known, decided),
                self._given(case.other, field, known, decided),
            )
        if isinstance(case, int) and field != GUARD and known[field] == (case,):
            return None
        return case

    def _outcome(self, term: Term, known: Known) -> bool | None:
        """Return which way a condition must go, or None."""
        key = term, tuple(known[f] for f in term.fields)
        if key not in self._outcomes:
            span = possible(term, known)
            never = span == range(1)
            always = span is not None and span.start > 0
            self._outcomes[key] = always if never or always else None
        return self._outcomes[key]

    def _choice(self, condition: Term, then: Case, other: Case) -> Case:
        if same(then, other):
            return then
        key = id(condition), _key(then), _key(other)
        found = self._made.get(key)
        if found is None:
            found = self._made[key] = Choice(condition, then, other)
        return found


def _key(case: Case) -> object:
    return ("value", case) if isinstance(case, int) else id(case)


def _positive(term: Term) -> tuple[Term, bool]:
    """Return a condition without its negations, and whether they turn it round."""
    negated = False
    while term.op == "not":
        (inner,) = term.args
        assert isinstance(inner, Term)
        term = inner
        negated = not negated
    return term, negated
