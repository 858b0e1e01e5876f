"""Queries as SMT-LIB text: whole, and the same text each time that the model asks the same."""

from collections.abc import Sequence

import z3


class Writer:
    """Writes queries; what a formula is in words is kept, since most facts come in all of them."""

    def __init__(self) -> None:
        # The formula is kept too: the number of one that is gone may be given to another.
        self._known: dict[int, tuple[z3.BoolRef, frozenset[str], str]] = {}

    def text(self, facts: Sequence[z3.BoolRef]) -> str:
        """Return the query whether some facts can all be."""
        written = [self._written(fact) for fact in facts]
        names = sorted(frozenset[str]().union(*(names for _, names, _ in written)))
        return "\n".join(
            (
                "(set-logic QF_LIA)",
                *(f"(declare-const {z3.Int(name).sexpr()} Int)" for name in names),
                *(f"(assert {text})" for _, _, text in written),
                "(check-sat)\n",
            )
        )

    def _written(self, fact: z3.BoolRef) -> tuple[z3.BoolRef, frozenset[str], str]:
        number = fact.get_id()
        if number not in self._known:
            self._known[number] = fact, names_in(fact), fact.sexpr()
        return self._known[number]


def names_in(formula: z3.BoolRef) -> frozenset[str]:
    """Return the names of the variables in a formula."""
    found: set[str] = set()
    seen: set[int] = set()
    todo: list[z3.ExprRef] = [formula]
    while todo:
        expression = todo.pop()
        if expression.get_id() in seen:
            continue
        seen.add(expression.get_id())
        if z3.is_const(expression) and expression.decl().kind() == z3.Z3_OP_UNINTERPRETED:
            found.add(expression.decl().name())
        todo += expression.children()
    return frozenset(found)
