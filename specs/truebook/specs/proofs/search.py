"""Bounded search: runs of a few steps into a violation, over unknown sizes and timers.

It finds, it does not prove. What it finds is run again by the model's own Python, on the sizes and
timers that the solver chose, before it is believed.
"""

from collections.abc import Callable, Iterator, Sequence
from typing import Any

import attrs
import z3

from truebook.model.config import Bounds
from truebook.model.designs import Design
from truebook.model.memory import MemoryBounds
from truebook.model.sizes import SizeBounds
from truebook.model.system import System
from truebook.specs.explore import Runner, Steps
from truebook.specs.proofs import formulas
from truebook.specs.proofs.solving import Solver
from truebook.specs.proofs.steps import Step, assumed, formula_of, step_of, tree_of
from truebook.specs.proofs.unrolling import Unrolling
from truebook.specs.proofs.worlds import CHOICE, OpenWorld
from truebook.specs.properties import Check, Kind, Trace, checks_of, trace_of
from truebook.specs.scenarios import AnyBounds, build_world

SMALL = (2, 4)
"""Sizes and timers up to these are asked for first: a small example reads better."""


@attrs.frozen
class Found:
    """A run into a violation: what broke, within which bounds the run is, and its steps.

    `by` says what found it.
    """

    check: Check
    bounds: AnyBounds
    trace: Trace
    by: str = "bounded search"


class ModelError(AssertionError):
    """The solver's run is not one of the model's Python: the translation is at fault."""


class Search:
    """The runs of a world, one step longer at a time.

    `base` are the bounds that the world was opened from; the solver's sizes and timers go there.
    `steps` are the actions as formulas.
    """

    def __init__(
        self,
        world: OpenWorld,
        design: Design,
        base: AnyBounds,
        checks: Sequence[Check],
        *,
        without: Sequence[str] = (),
    ) -> None:
        self.world = world
        self.design = design
        self.base = base
        self.checks = list(checks)
        self._numbered = dict(enumerate(self.checks))
        self._values = formulas.variables(world)
        self._solver = Solver()
        facts = assumed(world, self._values, without=without)
        self.steps = [
            step_of(world, action, self._values, facts) for action in world.system.actions
        ]
        self._bad_states = {
            n: z3.Not(formula_of(world, check.holds, self._values))
            for n, check in enumerate(self.checks)
            if check.kind is Kind.STATE
        }
        self._bad_steps = {
            (n, j): z3.Not(self._after(check, step, facts))
            for n, check in enumerate(self.checks)
            if check.kind is Kind.STEP
            for j, step in enumerate(self.steps)
        }
        self._unrolling = Unrolling(world, self._values, self.steps, self._solver)
        self._solver.add(*facts, *self._unrolling.first())

    def runs(
        self,
        depth: int,
        effort: int,
        progress: Callable[[int], None] | None = None,
    ) -> Iterator[Found]:
        """Yield a shortest run into a violation of each property, of at most `depth` steps.

        Gives up where it has taken so much effort, or would take more. A run is confirmed by the
        model's Python before it is yielded.
        """
        end = self._solver.done() + effort
        for length in range(depth + 1):
            if progress is not None:
                progress(length)
            while self.checks and self._solver.done() < end:
                model = self._ask(self._bad(length), end)
                if model is None:
                    break
                found = self._confirm(model, length)
                self._forget(found.check.property)
                yield found
            if not self.checks or self._solver.done() >= end:
                return
            self._unrolling.grow()

    def _forget(self, name: str) -> None:
        """Look for violations of a property no more."""
        gone = {n for n, check in self._numbered.items() if check.property == name}
        self._bad_states = {n: bad for n, bad in self._bad_states.items() if n not in gone}
        self._bad_steps = {key: bad for key, bad in self._bad_steps.items() if key[0] not in gone}
        self.checks = [check for check in self.checks if check.property != name]

    def _after(self, check: Check, step: Step, facts: Sequence[z3.BoolRef]) -> z3.BoolRef:
        solver = Solver(*facts, step.guard)
        action = step.action
        tree = tree_of(self.world, lambda b, a: check.holds(b, a, action), 2)
        values = [*self._values, *step.values(self._values)]
        return formulas.holds(formulas.pruned(tree, values, solver))

    def _bad(self, length: int) -> z3.BoolRef:
        """Return that the run breaks something after exactly so many steps."""
        moved = self._unrolling.moved
        ways = [moved(bad, length) for bad in self._bad_states.values()]
        if length:
            choice = self._unrolling.choices[-1]
            ways += [
                z3.And(choice == j, moved(bad, length - 1))
                for (_, j), bad in self._bad_steps.items()
            ]
        return z3.Or(*ways)

    def _ask(self, bad: z3.BoolRef, end: int) -> z3.ModelRef | None:
        """Return a model that breaks something, with small sizes and timers where there is one."""
        constants = [
            value
            for field, value in zip(self.world.fields, self._values, strict=True)
            if field.path in self.world.constants
        ]
        model = None
        for most in (None, *reversed(SMALL)):
            left = end - self._solver.done()
            if left <= 0:
                break
            self._solver.push()
            self._solver.add(bad, *(value <= most for value in constants if most is not None))
            found = self._solver.check(left)
            if found == z3.sat:
                model = self._solver.model()
            self._solver.pop()
            if found != z3.sat:
                break
        return model

    def _confirm(self, model: z3.ModelRef, length: int) -> Found:
        """Run the solver's run in the model's Python, and see what it breaks."""
        bounds = self._bounds(model)
        system = concrete(self.world, self.design, bounds)
        runner = Runner(system)
        numbers = {action.name: n for n, action in enumerate(system.actions)}
        state, path = runner.first, []
        for t in range(length):
            choice = model.eval(self._unrolling.choices[t], model_completion=True)
            step = self.steps[choice.as_long()]
            name = self._name(step, model, t)
            reached = runner.run(state, system.actions[numbers[name]])
            if reached is None:
                raise ModelError(f"step {t + 1}, {name!r}, is not possible in the model")
            path.append((numbers[name], reached))
            state = reached
        check = self._broken(system, runner, path)
        return Found(check, bounds, trace_of(system, path, runner.first))

    def _name(self, step: Step, model: z3.ModelRef, t: int) -> str:
        """Return the name of a step among the explorer's actions."""
        name, _, leg = step.action.name.partition(":")
        if name != "arrive":
            return step.action.name
        paths = [field.path for field in self.world.fields]
        chosen = self._unrolling.at[t][paths.index(CHOICE)]
        return f"arrive-{model.eval(chosen, model_completion=True).as_long()}:{leg}"

    def _broken(
        self, system: System, runner: Runner, path: Sequence[tuple[int, tuple[int, ...]]]
    ) -> Check:
        wanted = {(check.property, check.part) for check in self.checks}
        before = path[-2][1] if len(path) > 1 else runner.first
        end = path[-1][1] if path else runner.first
        steps = Steps(system)
        for check in checks_of(system):
            if (check.property, check.part) not in wanted:
                continue
            if check.kind is Kind.STATE and runner.breaks(check, end):
                return check
            if check.kind is Kind.STEP and path:
                action = system.actions[path[-1][0]]
                if steps.breaks(check, before, action, end):
                    return check
        raise ModelError("the run breaks nothing in the model")

    def _bounds(self, model: z3.ModelRef) -> AnyBounds:
        values = {
            field.path.removeprefix("bounds."): model.eval(value, model_completion=True).as_long()
            for field, value in zip(self.world.fields, self._values, strict=True)
            if field.path in self.world.constants
        }
        return with_values(self.base, values)


def with_values(base: AnyBounds, values: dict[str, Any]) -> AnyBounds:
    """Return bounds with the values of some unknowns, by their paths."""
    if isinstance(base, MemoryBounds):
        plain = {n: v for n, v in values.items() if n != "loose_picture"}
        return attrs.evolve(base, **plain, loose_picture=bool(values.get("loose_picture", 0)))
    if isinstance(base, SizeBounds):
        plain = {n: v for n, v in values.items() if n != "original"}
        return attrs.evolve(base, **plain, original=bool(values.get("original", 0)))
    if not isinstance(base, Bounds):
        bounds: AnyBounds = attrs.evolve(base, **values)
        return bounds
    timers = {n.removeprefix("timers."): v for n, v in values.items() if n.startswith("timers.")}
    delays = {n.removeprefix("delays."): v for n, v in values.items() if n.startswith("delays.")}
    rest = {n: v for n, v in values.items() if "." not in n}
    if "bare" in rest:
        rest["bare"] = bool(rest["bare"])
    return attrs.evolve(
        base,
        timers=attrs.evolve(base.timers, **timers),
        delays=attrs.evolve(base.delays, **delays),
        **rest,
    )


def concrete(world: OpenWorld, design: Design, bounds: AnyBounds) -> System:
    """Return the explorer's system of a world within bounds."""
    return build_world(world.name, design, bounds)
