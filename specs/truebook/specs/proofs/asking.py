"""Which solvers are asked, and what comes of their answers.

Z3 is always what makes the formulas, and what comes up with the state of a counterexample. With
cvc5 every query is asked of that too, as text: alone, its "unsat" is what proves; with both, both
must say so. One that says "sat" where the other says "unsat" is an error of one of them, or of the
translation, and no verdict.
"""

from collections.abc import Callable, Sequence
from hashlib import sha256
from importlib.metadata import version
from pathlib import Path
from typing import TYPE_CHECKING

import attrs
import z3

from truebook.specs.limits import EFFORT
from truebook.specs.proofs.cache import Unsat
from truebook.specs.proofs.queries import Writer

if TYPE_CHECKING:
    from truebook.specs.proofs.cvc5_solver import Said

KEPT = Path("truebook-findings")
"""The folder where queries are kept on which the solvers disagree."""


class DisagreementError(RuntimeError):
    """One solver says "sat" and the other "unsat" of the same query."""


@attrs.frozen
class Asking:
    """How queries are asked: of which of SOLVERS, and within what effort.

    `kept` is the folder for queries on which solvers disagree, `cache` that of what is "unsat".
    """

    effort: int = EFFORT
    solver: str = "z3"
    kept: Path = KEPT
    cache: Path | None = None


class Asker:
    """Puts the queries of one world to the solvers; `asked` is how many there were.

    `world` is how queries are named where solvers disagree.
    """

    def __init__(self, asking: Asking | None = None, *, world: str = "") -> None:
        self.asking = asking or Asking()
        self.asked = 0
        self._world = world
        self._writer = Writer()
        self._known: dict[str, Unsat] = {}

    @property
    def second(self) -> bool:
        """Whether another solver than Z3 is asked."""
        return self.asking.solver != "z3"

    def decide(
        self,
        facts: Sequence[z3.BoolRef],
        about: str,
        ours: Callable[[], tuple[z3.CheckSatResult, str]],
    ) -> tuple[z3.CheckSatResult, str]:
        """Return whether some facts can all be, and why that is unknown.

        `ours` asks Z3. What can be it has a model of then.
        """
        self.asked += 1
        if not self.second:
            return ours()
        text = self._writer.text(facts)
        theirs = self._cvc5(text)
        if self.asking.solver == "cvc5" and theirs.word != "sat":
            return (z3.unsat if theirs.word == "unsat" else z3.unknown), theirs.reason
        if theirs.word == "unsat" and text in self._known_to("z3"):
            return z3.unsat, ""
        found, reason = ours()
        if found == z3.unsat:
            self._known_to("z3").add(text)
        if {str(found), theirs.word} == {"sat", "unsat"}:
            self._disagree(text, facts, about, z3_says=str(found), cvc5_says=theirs.word)
        if theirs.word == "unknown" and found == z3.unsat:
            return z3.unknown, theirs.reason
        return found, reason

    def _cvc5(self, text: str) -> "Said":
        """Return what cvc5 says of a query, now or before."""
        from truebook.specs.proofs.cvc5_solver import Said, ask

        if text in self._known_to("cvc5"):
            return Said("unsat")
        said = ask(text, self.asking.effort)
        if said.word == "unsat":
            self._known_to("cvc5").add(text)
        return said

    def _known_to(self, solver: str) -> Unsat:
        """Return the queries that a solver found "unsat" before."""
        if solver not in self._known:
            name = {"z3": "z3-solver"}.get(solver, solver)
            self._known[solver] = Unsat(self.asking.cache, f"{solver}-{version(name)}")
        return self._known[solver]

    def _disagree(
        self, text: str, facts: Sequence[z3.BoolRef], about: str, *, z3_says: str, cvc5_says: str
    ) -> None:
        """Keep a query as each solver was given it, and raise."""
        name = sha256(text.encode()).hexdigest()[:12]
        solver = z3.SimpleSolver()
        solver.add(*facts)
        self.asking.kept.mkdir(parents=True, exist_ok=True)
        paths = []
        for of, said, query in (("z3", z3_says, solver.to_smt2()), ("cvc5", cvc5_says, text)):
            path = self.asking.kept / f"disagreement-{name}-{of}.smt2"
            path.write_text(f"; {self._world}: {about}\n; {of} says {said}\n{query}", "utf-8")
            paths.append(path)
        raise DisagreementError(
            f"Z3 says {z3_says} and cvc5 {cvc5_says} of one query ({self._world}: {about}); "
            f"it is kept as each was given it, in {paths[0]} and {paths[1]}"
        )
