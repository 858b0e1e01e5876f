"""Induction: what holds at first and is kept by every action holds in every reachable state.

The lemmas are proved together: each by every action, from all of them before. A property of a
state must then follow from the lemmas, or be kept by every action as well; a property of a step
must follow from the lemmas before it.
"""

import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager

import attrs
import z3

from truebook.specs.proofs import formulas
from truebook.specs.proofs.asking import Asker
from truebook.specs.proofs.formulas import Values
from truebook.specs.proofs.lemmas import Lemma
from truebook.specs.proofs.queries import names_in
from truebook.specs.proofs.solving import Solver
from truebook.specs.proofs.steps import assumed, at_first, formula_of, step_of, tree_of
from truebook.specs.proofs.worlds import CHOICE, OpenWorld
from truebook.specs.properties import Check, Kind

SMALL = (1, 2, 3, 4)
"""Numbers up to these are asked for in turn, so that a counterexample is small and looked up."""


@attrs.frozen
class Counterexample:
    """A state, and for a step the action and the state after it, that a query came up with.

    It says that what is known does not suffice; whether the state can be reached is not said.
    The states are by path, unknowns included.
    """

    before: dict[str, int]
    action: str | None = None
    after: dict[str, int] | None = None


@attrs.frozen
class Answer:
    """What came of proving one thing: whether it is proved, or what was found instead.

    `method` says how; `unknown` is the solver's reason where it could not tell.
    """

    proved: bool
    method: str
    queries: int
    seconds: float
    counterexample: Counterexample | None = None
    unknown: str = ""


class Prover:
    """A world with its lemmas, ready to prove things of it.

    `without` are assumptions that are not made; lemmas that need them are left out.
    """

    def __init__(
        self,
        world: OpenWorld,
        lemmas: Sequence[Lemma],
        *,
        without: Sequence[str] = (),
        asker: Asker | None = None,
    ) -> None:
        self.world = world
        self.assumptions = tuple(a for a in world.assumptions if a.name not in without)
        self.lemmas = tuple(lemma for lemma in lemmas if not set(lemma.needs).intersection(without))
        self.values = formulas.variables(world)
        self.asker = asker or Asker()
        self._assumed = assumed(world, self.values, without=without)
        self._held = [self.whole(lemma.holds) for lemma in self.lemmas]
        self._names = [names_in(formula) for formula in self._held]
        self.facts = [*self._assumed, *self._held]
        self._knowing = self.solver(*self._held)
        self.steps = [
            step_of(world, action, self.values, self.facts) for action in world.system.actions
        ]

    def whole(self, predicate: Callable[..., bool]) -> z3.BoolRef:
        """Return the formula of a predicate, with all of its paths."""
        return formula_of(self.world, predicate, self.values)

    def solver(self, *facts: z3.BoolRef) -> Solver:
        """Return a solver that knows what is assumed and some facts."""
        return Solver(*self._assumed, *facts, asker=self.asker)

    @contextmanager
    def knowing(self, *facts: z3.BoolRef) -> Iterator[Solver]:
        """Lend a solver that knows the lemmas, and meanwhile some facts."""
        self._knowing.push()
        self._knowing.add(*facts)
        try:
            yield self._knowing
        finally:
            self._knowing.pop()

    def first(self) -> list[z3.BoolRef]:
        """Return that a state is the first one."""
        return at_first(self.world, self.values)

    def never(self) -> Iterator[str]:
        """Yield what is known never to happen though it should: then proofs would be empty."""
        if self.solver(*self.first(), *self._held).decide("a first state") == z3.unsat:
            yield "no first state keeps to the assumptions and the lemmas"
        for step in self.steps:
            with self.knowing(step.guard) as solver:
                about = f"{step.action.name} can be"
                if not step.action.optional and solver.decide(about) == z3.unsat:
                    yield f"never possible: {step.action.words}"

    def prove_left_out(self) -> Answer:
        """Return whether nothing takes a path that the formulas of the actions are without.

        Z3 has said so of each such path, one by one; another solver is asked of all at once.
        """
        tally = Tally("no path is left out")
        for step in self.steps:
            for lost in step.left_out:
                self.ask_left_out(tally, self._knowing, lost, step.action.name)
        return tally.answer("inductive")

    def ask_left_out(
        self, tally: "Tally", solver: Solver, lost: z3.BoolRef, action: str | None = None
    ) -> None:
        """Ask another solver than Z3 whether anything takes paths that were left out."""
        if self.asker.second and not z3.is_false(lost):
            tally.ask(self, solver, z3.Not(lost), action)

    def prove_lemmas(self) -> Iterator[tuple[Lemma, Answer]]:
        """Yield each lemma with whether it holds at first and is kept by every action.

        The first lemma that is not has a plain counterexample.
        """
        asked = [Tally(f"lemma {lemma.name}") for lemma in self.lemmas]
        solver = self.solver(*self.first())
        for n, formula in enumerate(self._held):
            asked[n].ask(self, solver, formula)
        for step in self.steps:
            after = step.values(self.values)
            changed = {self.world.fields[f].path for f in step.after}
            with self.knowing(step.guard) as solver:
                for n, formula in enumerate(self._held):
                    if changed & self._names[n]:
                        moved = step.moved(formula, self.values)
                        plain = all(tally.found is None for tally in asked[:n])
                        asked[n].ask(self, solver, moved, step.action.name, after, plain=plain)
        for n, lemma in enumerate(self.lemmas):
            yield lemma, asked[n].answer("inductive")

    def prove_domains(self) -> Answer:
        """Return whether every field stays within its domain whatever happens."""
        tally = Tally("domains")
        for step in self.steps:
            after = step.values(self.values)
            inside = z3.And(*formulas.in_domains(self.world, after))
            with self.knowing(step.guard) as solver:
                tally.ask(self, solver, inside, step.action.name, after)
        return tally.answer("inductive")

    def prove(self, check: Check) -> Answer:
        """Return whether a check of a state or a step is proved; its formulas' time counts."""
        started = time.perf_counter()
        match check.kind:
            case Kind.STATE:
                answer = self._prove_state(check)
            case Kind.STEP:
                answer = self._prove_step(check)
            case _:
                raise ValueError(f"{check.property} is not of a state or a step: {check.part}")
        return attrs.evolve(answer, seconds=time.perf_counter() - started)

    def _prove_state(self, check: Check) -> Answer:
        tally = Tally(_about(check))
        with self.knowing() as solver:
            tree = formulas.pruned(tree_of(self.world, check.holds), self.values, solver)
            self.ask_left_out(tally, solver, formulas.left_out(tree))
            tally.ask(self, solver, formulas.holds(tree))
        answer = tally.answer("follows from the lemmas")
        return answer if answer.proved or answer.unknown else self._keep(check, answer, tally)

    def _keep(self, check: Check, answer: Answer, tally: "Tally") -> Answer:
        """Return whether the check itself is kept by every action, given the lemmas."""
        formula = self.whole(check.holds)
        inductive = Tally(tally.about, tally.queries)
        inductive.ask(self, self.solver(*self.first()), formula)
        for step in self.steps:
            moved = step.moved(formula, self.values)
            if not moved.eq(formula):
                after = step.values(self.values)
                with self.knowing(step.guard, formula) as solver:
                    inductive.ask(self, solver, moved, step.action.name, after)
        kept = inductive.answer("inductive")
        if kept.proved or kept.unknown:
            return kept
        return attrs.evolve(answer, queries=kept.queries)

    def _prove_step(self, check: Check) -> Answer:
        tally = Tally(_about(check))
        for step in self.steps:
            after = step.values(self.values)
            action = step.action
            tree = tree_of(self.world, lambda b, a, what=action: check.holds(b, a, what), 2)
            with self.knowing(step.guard) as solver:
                kept = formulas.pruned(tree, [*self.values, *after], solver)
                self.ask_left_out(tally, solver, formulas.left_out(kept), action.name)
                tally.ask(self, solver, formulas.holds(kept), action.name, after)
        return tally.answer("inductive")

    def plain_model(self, solver: Solver) -> z3.ModelRef:
        """Return a model of what the solver was found to satisfy, with little in it.

        Numbers are small, and field by field what can be as at first is so, else the least it can.
        """
        first = self.world.first()
        model, pushed = solver.model(), 0
        wishes = [[value <= most for value in self._unbounded()] for most in SMALL]
        found = next(filter(None, (self._also(solver, *small) for small in wishes)), None)
        if found is not None:
            model, pushed = found, 1
        for field, value in zip(self.world.fields, self.values, strict=True):
            at_first = first.get(field.path, self.world.constants.get(field.path, 0))
            size = SMALL[-1] + 1 if field.path in self.world.unbounded else field.size
            wanted = dict.fromkeys((at_first, *range(size))) if field.path != CHOICE else ()
            found = next(filter(None, (self._also(solver, value == n) for n in wanted)), None)
            if found is not None:
                model, pushed = found, pushed + 1
        for _ in range(pushed):
            solver.pop()
        return model

    def _unbounded(self) -> Iterator[z3.ArithRef]:
        for field, value in zip(self.world.fields, self.values, strict=True):
            if field.path in self.world.unbounded:
                yield value

    def _also(self, solver: Solver, *wishes: z3.BoolRef) -> z3.ModelRef | None:
        """Let the solver assume more and return a model, or None; it is then as it was."""
        solver.push()
        solver.add(*wishes)
        if solver.check() == z3.sat:
            return solver.model()
        solver.pop()
        return None

    def state(self, model: z3.ModelRef, values: Values) -> dict[str, int]:
        """Return a state of a model, by path."""
        return {
            field.path: model.eval(value, model_completion=True).as_long()
            for field, value in zip(self.world.fields, values, strict=True)
            if field.path != CHOICE
        }


def _about(check: Check) -> str:
    """Return what a check is called in a query."""
    return f"{check.property}, never: {check.part}"


@attrs.define
class Tally:
    """The queries of one thing to prove, and what the first that failed came up with."""

    about: str
    queries: int = 0
    seconds: float = 0.0
    found: Counterexample | None = None
    unknown: str = ""

    def ask(
        self,
        prover: Prover,
        solver: Solver,
        formula: z3.BoolRef,
        action: str | None = None,
        after: Values | None = None,
        *,
        plain: bool = True,
    ) -> bool:
        """Ask whether a formula can be false, return if it cannot; the solver is as it was then.

        A counterexample has the action and the state after it where these are given. One that is
        not to be `plain` is the first that the solver comes up with.
        """
        started = time.perf_counter()
        self.queries += 1
        solver.push()
        solver.add(z3.Not(formula))
        found = solver.decide(self.about if action is None else f"{self.about}, {action}")
        if found == z3.unknown:
            self.unknown = self.unknown or solver.reason_unknown()
        elif found == z3.sat and self.found is None:
            model = prover.plain_model(solver) if plain else solver.model()
            before = prover.state(model, prover.values)
            end = None if after is None else prover.state(model, after)
            self.found = Counterexample(before, action, end)
        solver.pop()
        self.seconds += time.perf_counter() - started
        return found == z3.unsat

    def answer(self, method: str) -> Answer:
        """Return what came of it."""
        proved = self.found is None and not self.unknown
        unknown = self.unknown if self.found is None else ""
        return Answer(proved, method, self.queries, self.seconds, self.found, unknown)
