"""Interpreted plans in volume: batches of them, side by side."""

from random import Random

import attrs

from truebook.specs.processes import Tell
from truebook.specs.refine.lockstep.plans import Plan, Run, plan_of, run, shrink

AT_ONCE = 1_000
"""How many plans a batch has; each has a stream of numbers of its own."""


@attrs.frozen
class Batch:
    """Some plans, and what came of them: the steps, and the shortest run of one that diverged."""

    number: int
    seed: int
    plans: int
    ran: int = 0
    steps: int = 0
    plan: Plan | None = None
    divergence: Run | None = None

    @property
    def title(self) -> str:
        """What it is about, for readers."""
        return f"plans {self.number * AT_ONCE + 1:,} to {self.number * AT_ONCE + self.plans:,}"


def batches(plans: int, seed: int) -> tuple[Batch, ...]:
    """Return as many plans as asked for, in batches."""
    return tuple(
        Batch(number, seed, min(AT_ONCE, plans - first))
        for number, first in enumerate(range(0, plans, AT_ONCE))
    )


def run_batch(batch: Batch, tell: Tell) -> Batch:
    """Run the plans of a batch until one diverges, and shrink that one."""
    random = Random(f"{batch.seed} {batch.number}")
    steps = 0
    for ran in range(batch.plans):
        plan = plan_of(random)
        came = run(plan)
        steps += came.steps
        if came.diverged:
            plan = shrink(plan)
            shortest = run(plan, words=True)
            return attrs.evolve(batch, ran=ran + 1, steps=steps, plan=plan, divergence=shortest)
        tell(ran + 1, batch.plans)
    return attrs.evolve(batch, ran=batch.plans, steps=steps)
