"""What formulas of the solver come to in many states at once."""

from typing import Any

import numpy as np
import numpy.typing as npt
import z3

Column = npt.NDArray[np.int64]


class Formulas:
    """Evaluates formulas in many states at once: one array a variable."""

    def __init__(self, rows: int, variables: dict[str, Column]) -> None:
        self._rows = rows
        self._variables = variables
        self._done: dict[int, tuple[z3.ExprRef, Any]] = {}

    def value(self, of: z3.ExprRef) -> Any:
        done = self._done.get(of.get_id())
        if done is None:
            done = self._done[of.get_id()] = of, self._value(of)
        return done[1]

    def _value(self, of: z3.ExprRef) -> Any:
        kind = of.decl().kind()
        if isinstance(of, z3.IntNumRef):
            return np.full(self._rows, of.as_long())
        if kind == z3.Z3_OP_UNINTERPRETED:
            return self._variables[of.decl().name()]
        if kind in (z3.Z3_OP_TRUE, z3.Z3_OP_FALSE):
            return np.full(self._rows, kind == z3.Z3_OP_TRUE)
        of_children = [self.value(child) for child in of.children()]
        first, *rest = of_children
        if kind == z3.Z3_OP_NOT:
            return ~first
        if kind == z3.Z3_OP_ITE:
            return np.where(first, *rest)
        apply = {
            z3.Z3_OP_AND: np.logical_and,
            z3.Z3_OP_OR: np.logical_or,
            z3.Z3_OP_EQ: np.equal,
            z3.Z3_OP_DISTINCT: np.not_equal,
            z3.Z3_OP_LE: np.less_equal,
            z3.Z3_OP_LT: np.less,
            z3.Z3_OP_GE: np.greater_equal,
            z3.Z3_OP_GT: np.greater,
            z3.Z3_OP_ADD: np.add,
            z3.Z3_OP_SUB: np.subtract,
        }[kind]
        for other in rest:
            first = apply(first, other)
        return first
