"""How soon each known defect is found: by the edges, by interpreted plans, by the state machine."""

from functools import cache
from random import Random

import attrs

from truebook.model.designs import REFERENCE
from truebook.specs.processes import Tell
from truebook.specs.refine.defects.known import Defect, planted
from truebook.specs.refine.lockstep import plan_of, run, shrink
from truebook.specs.refine.scenarios import Subject, subject
from truebook.specs.scenarios import default_scenarios

MOST_PLANS = 20_000
MOST_EXAMPLES = 2_000


@attrs.frozen
class Finding:
    """When a defect was found, in steps told to the book; None: it was not.

    `shortest` is how many steps the run has that shows it, `where` which scenario it is of.
    """

    steps: int | None
    shortest: int = 0
    where: str = ""


@attrs.frozen
class Found:
    """What each way of holding the book to the model came to with one defect."""

    defect: Defect
    edges: Finding
    plans: Finding
    machine: Finding


def find(defect: Defect, tell: Tell) -> Found:
    """Look for a defect in every way; the edges are those of all worlds, smallest first."""
    tell("in the edges")
    edges = by_edges(defect)
    tell("in plans")
    plans = by_plans(defect)
    tell("with the state machine")
    return Found(defect, edges, plans, by_machine(defect))


def by_edges(defect: Defect) -> Finding:
    """Replay the edges of each scenario until one diverges; its steps are the fewest there are."""
    told = 0
    for held in _subjects():
        with planted(defect):
            replayed = held.replay()
        told += replayed.edges
        if replayed.divergence is not None:
            return Finding(told, len(replayed.divergence.steps), held.scenario.name)
    return Finding(None)


def by_plans(defect: Defect, *, seed: int = 0, most: int = MOST_PLANS) -> Finding:
    """Run plans until one diverges, and shrink it."""
    random, steps = Random(seed), 0
    with planted(defect):
        for _ in range(most):
            plan = plan_of(random)
            came = run(plan)
            steps += came.steps
            if came.diverged:
                return Finding(steps, run(shrink(plan)).steps)
    return Finding(None)


def by_machine(defect: Defect, *, most: int = MOST_EXAMPLES) -> Finding:
    """Run the state machine until it diverges, and let Hypothesis shrink that."""
    from truebook.specs.refine.lockstep.state_machine import drive

    with planted(defect):
        tally = drive(most)
    return Finding(tally.found, len(tally.shortest))


@cache
def _subjects() -> tuple[Subject, ...]:
    """Return what is replayed of one world, once in a process: the smallest first."""
    scenarios = (s for s in default_scenarios(REFERENCE) if len(s.worlds) == 1)
    subjects = (subject(scenario) for scenario in scenarios)
    return tuple(sorted(subjects, key=lambda held: len(held.edges.edges)))
