"""Random runs: plans of numbers, each interpreted by a model world of several orders.

A number picks the next action that is possible; so every plan is a run that can really happen, and
a shorter plan is a shorter run. Hypothesis draws the plans; what of one is not needed for what is
found in it is left out, through the subject itself. Sizes are those of the model in lots, a lot
being any Decimal.
"""

from collections.abc import Callable, Collection, Sequence
from contextlib import suppress
from decimal import Decimal
from math import gcd
from typing import cast

import attrs
from hypothesis import HealthCheck, Phase, given, reject, settings
from hypothesis import strategies as st
from hypothesis.errors import Unsatisfiable

from truebook.model.composition import composition
from truebook.model.config import Bounds
from truebook.model.designs import REFERENCE
from truebook.model.own import own_order
from truebook.oracle.cases import Case
from truebook.oracle.driver import Client
from truebook.oracle.findings import gathered, names_in
from truebook.oracle.judge import BROKE, Kind, Result, run_case
from truebook.oracle.reports import Stage, Told
from truebook.oracle.vectors.actions import Named, OrdersTeller, config_of
from truebook.oracle.vectors.build import rule_of
from truebook.oracle.vectors.shortened import LOTS, ORDERS, Plan, shortened
from truebook.oracle.vectors.telling import Moment, requires, step_of, steps_of
from truebook.oracle.vectors.truths import of_composition
from truebook.oracle.vectors.without import without
from truebook.specs.explore import Runner
from truebook.specs.scenarios import with_faults

PARTS, LONGEST = 10, 16
"""A plan is so many lists of at most so many numbers: long enough, and easily made shorter."""
HELD_BY_DOUBLES = ("1", "0.5", "0.125", "7.25", "1024")
"""Lots for a subject whose numbers are binary floats: sums of them are exact."""
MOST_SHORT = 5
"""So many kinds of findings that no other stage has are made short, the worst."""


def plans(lots: Sequence[str] = LOTS) -> st.SearchStrategy[Plan]:
    """Return the plans, whose orders are of some lots."""
    return st.builds(
        Plan,
        st.tuples(*[st.sampled_from(lots)] * ORDERS),
        st.tuples(*[st.booleans()] * ORDERS),
        st.tuples(*[st.lists(st.integers(0, 9_999), max_size=LONGEST)] * PARTS).map(
            lambda parts: tuple(pick for part in parts for pick in part)
        ),
    )


def bounds_for(features: Sequence[str]) -> Bounds:
    """Return the bounds of each order for what a book can do: everything that it can be told."""
    faults = ["refuse", "lose", "unasked", "duplicates", "reconnect", "timers", "late"]
    faults += [name for name in ("cancel", "modify") if name in features]
    snapshots = 2 if "listing" in features else 0
    return with_faults(*faults, bounds=Bounds(size=4, new_size=5, snapshots=snapshots))


class Worlds:
    """Worlds of several orders together, in which plans are run, without some types of events."""

    def __init__(self, features: Sequence[str], cannot: Collection[str] = ()) -> None:
        self._bounds = bounds_for(features)
        order = without(own_order(REFERENCE, self._bounds), cannot)
        self._runner = Runner(composition([order] * ORDERS))
        count = len(self._runner.system.actions)
        self._strides = [n for n in range(1, count) if gcd(n, count) == 1]
        self._fields = [field.path for field in self._runner.system.fields]

    def case(self, plan: Plan, slug: str = "random") -> Case | None:
        """Return what a plan comes to, as a case; None where it tells a book nothing."""
        named = [
            Named(
                cloid=f"c{k + 1}",
                oids=(f"{k + 1}01", f"{k + 1}02"),
                side="sell" if plan.sells[k] else "buy",
                lot=Decimal(plan.lots[k]),
            )
            for k in range(ORDERS)
        ]
        config = config_of(self._bounds)
        cloids = [one.cloid for one in named]
        path = [moment for _, moment in self._path(plan.picks)]
        teller, tells = OrdersTeller(self._bounds, named), of_composition(self._bounds, named)
        steps = steps_of(lambda: teller, tells, path, config, cloids=cloids)
        if not steps:
            return None
        return Case(
            slug=slug,
            title="A random run of several orders",
            source="a random run, shrunk",
            requires=tuple(requires(steps)),
            rule=rule_of(steps[-1]["event"]["type"]),
            property="confluence",
            severity="critical",
            config=config,
            steps=tuple(map(step_of, steps)),
        )

    def taken(self, plan: Plan) -> Plan:
        """Return a plan of the same run, in which each number is that of the action it picks."""
        return attrs.evolve(plan, picks=tuple(number for number, _ in self._path(plan.picks)))

    def _path(self, picks: Sequence[int]) -> list[tuple[int, Moment]]:
        """Run what each number picks: of the possible actions, the next in a stride of its own.

        The strides are so that no action is picked for standing behind many impossible ones.
        """
        actions, strides = self._runner.system.actions, self._strides
        world = self._runner.load(self._runner.first)
        path = []
        known = self._known()
        for pick in picks:
            for n in range(len(actions)):
                place = pick + n * strides[pick % len(strides)]
                number = place % len(actions)
                if actions[number].run(world):
                    before, known = known, self._known()
                    path.append((number, Moment(actions[number].name, before, known)))
                    break
        return path

    def _known(self) -> dict[str, int]:
        return dict(zip(self._fields, self._runner.read(), strict=True))


def random_runs(
    client: Client,
    *,
    examples: int,
    known: Collection[str] = (),
    told: Told = lambda words: None,
) -> list[Result]:
    """Hold a subject to random runs; return what came of each, then the short ones of what is new.

    The same program draws the same runs every time, as many as are asked for. What is found that is
    not `known` by its name is made short, each kind once, the worst first. A subject that fails a
    run and then passes the same one is inconclusive: what it shows depends on more than what it is
    told. Of one that hangs nothing is made short: each shorter run might take the whole timeout.
    """
    lots = HELD_BY_DOUBLES if "floats" in client.declared else LOTS
    stage = Stage("random", examples, told)
    draw = _Draw(client, Worlds(client.about.features, client.about.cannot), stage, plans(lots))
    draw.all(examples)
    results = draw.results
    wrong = next((one for one in results if one.kind not in (Kind.PASS, Kind.UNSUPPORTED)), None)
    if wrong is None or results[-1].kind is Kind.HANG:
        return results
    if run_case(client, wrong.case, stage="random").kind is not wrong.kind:
        what = "it failed a run, and passed the same run when it was told it again"
        hint = "what it shows must follow from what it is told: no clock, no chance, no old state"
        odd = attrs.evolve(wrong, kind=Kind.INCONCLUSIVE, what=what, hint=hint, onsets=())
        return [*(one for one in results if one is not wrong), odd]
    if results[-1].kind in BROKE:
        broke = results[-1].kind
        return [*results[:-1], draw.short(lambda result: result.kind is broke)]
    new = [one.name for one in gathered(results) if one.name not in known]
    short = [draw.named(name) for name in new[:MOST_SHORT]]
    return [*results, *(attrs.evolve(one, count=0) for one in short)]


@attrs.define
class _Draw:
    """Draws the runs of a stage, and holds a subject to them; `drawn` is the plan of each result.

    What tests nothing is no result, unless nothing else comes.
    """

    client: Client
    worlds: Worlds
    stage: Stage
    plans: st.SearchStrategy[Plan]
    results: list[Result] = attrs.field(factory=list)
    drawn: list[Plan] = attrs.field(factory=list)

    def all(self, examples: int) -> None:
        """Draw runs, up to one that breaks the subject."""
        untested: list[Result] = []

        @_as_drawn(examples, self.plans)
        def hold(plan: Plan) -> None:
            if not self._broke:  # what ends the drawing is called once more, to be sure
                result = self._result(plan)
                if result is None or result.kind is Kind.UNSUPPORTED:
                    untested.extend([result] if result else [])
                    if untested and not self.client.about.shows:
                        raise _EnoughError
                    reject()  # what tests nothing does not count as a run
                self.stage.add(result)
                self.results.append(result)
                self.drawn.append(plan)
            if self._broke:
                raise _EnoughError

        with suppress(_EnoughError, Unsatisfiable):
            hold()
        if not self.results:
            self.results += untested[:1]  # the others are not for it for the same reason

    @property
    def _broke(self) -> bool:
        return bool(self.results) and self.results[-1].kind in BROKE

    def named(self, name: str) -> Result:
        """Return a short run in which something is found, which some run has."""
        return self.short(lambda result: name in names_in(result))

    def short(self, wanted: Callable[[Result], bool]) -> Result:
        """Return a short run that is as wanted, made of the shortest that is."""
        some = [n for n, result in enumerate(self.results) if wanted(result)]
        first = min(some, key=lambda n: len(self.results[n].told))
        found = self.results[first]

        def holds(plan: Plan) -> bool:
            nonlocal found
            result = self._result(plan)
            self.stage.shrink(result)
            if result is None or not wanted(result):
                return False
            found = result
            return True

        shortened(self.worlds.taken(self.drawn[first]), holds)
        return found

    def _result(self, plan: Plan) -> Result | None:
        case = self.worlds.case(plan)
        return None if case is None else run_case(self.client, case, stage="random")


def _as_drawn(
    examples: int, drawn_from: st.SearchStrategy[Plan]
) -> Callable[[Callable[[Plan], None]], Callable[[], None]]:
    """Return what makes of a test of a plan one of the plans that are always drawn."""

    def make(hold: Callable[[Plan], None]) -> Callable[[], None]:
        drawn = settings(
            max_examples=examples,
            derandomize=True,
            database=None,
            deadline=None,
            phases=(Phase.generate,),
            suppress_health_check=list(HealthCheck),
            print_blob=False,
        )(given(drawn_from)(hold))
        return cast("Callable[[], None]", drawn)

    return make


class _EnoughError(Exception):
    """What was looked for is found, or nothing else can be."""
