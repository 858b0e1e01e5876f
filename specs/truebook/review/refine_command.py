"""The command `truebook refine`; what it runs on is imported when it is run, its help without."""

import json
import time
from collections.abc import Iterable
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from truebook.model.designs import REFERENCE
from truebook.screen.folders import keeps_cache
from truebook.screen.help import Command
from truebook.screen.layout import Block
from truebook.screen.options import cache_option, jobs_option, json_option
from truebook.screen.progress import StepLine
from truebook.screen.terminal import show
from truebook.screen.values import Whole, names_of
from truebook.specs.processes import side_by_side
from truebook.specs.properties import verdict as verdicts
from truebook.specs.scenarios import default_scenarios

if TYPE_CHECKING:
    from truebook.specs.refine import Batch


@click.command(cls=Command)
@click.option(
    "--scenario",
    "names",
    multiple=True,
    type=names_of(s.name for s in default_scenarios(REFERENCE)),
    help="Replay this scenario alone; repeatable.",
)
@click.option(
    "--lockstep",
    "plans",
    type=Whole(1, 10**9),
    help="Instead, run this many interpreted plans of many orders in lockstep.",
)
@click.option(
    "--seed",
    type=Whole(0, 2**31 - 1),
    default=0,
    show_default=True,
    help="Where plans are drawn from.",
)
@click.option(
    "--defects",
    is_flag=True,
    help="Instead, plant each known defect in the book, and tell how soon each way finds it.",
)
@cache_option
@jobs_option
@json_option
def refine(
    names: tuple[str, ...],
    plans: int | None,
    seed: int,
    defects: bool,
    cache: Path | None,
    jobs: int | None,
    as_json: bool,
) -> int:
    """Replay every edge of the model on the book, and compare after each step.

    Compared are the state of each order, what is filled and known of it, ages, exposure, what is
    unsettled, the position, and what the book asks for. A divergence is shown as the steps that
    lead to it, with what differs.

    Exit codes: 0 no divergence, 1 a divergence (or a defect that is not found), 2 usage.
    """
    if (plans is not None) + defects + bool(names) > 1:
        raise click.UsageError("--scenario, --lockstep and --defects are each for themselves")
    from truebook.review import refinement_report as refinement_text
    from truebook.specs.refine import hold_all

    if defects:
        with keeps_cache(cache):
            return _defects(jobs, as_json)
    if plans is not None:
        return _lockstep(plans, seed, jobs, as_json)
    wanted = [s for s in default_scenarios(REFERENCE) if not names or s.name in names]
    held = {}
    with StepLine(len(wanted)) as line:
        for one in hold_all(wanted, processes=jobs, progress=line.count):
            held[one.scenario.name] = one
            line.done(one.scenario)
    found = [held[s.name] for s in wanted]
    shown = refinement_text.as_json(found)
    _print(refinement_text.blocks(found), shown, as_json)
    diverging = any(one.replayed.divergence is not None for one in found)
    return verdicts.VIOLATED if diverging else verdicts.SHOWN


def _lockstep(plans: int, seed: int, jobs: int | None, as_json: bool) -> int:
    """Run plans, side by side; stop at the first batch of them that diverges."""
    from truebook.review import refinement_report as refinement_text
    from truebook.specs.refine import batches, run_batch

    started = time.perf_counter()
    wanted = batches(plans, seed)
    ran: list[Batch] = []
    with StepLine(len(wanted)) as line:
        for batch in side_by_side(run_batch, wanted, jobs=jobs, progress=line.count):
            ran.append(batch)
            line.done(batch)
            if batch.divergence is not None:
                break
    seconds = time.perf_counter() - started
    shown = refinement_text.lockstep_json(ran, seconds)
    _print(refinement_text.lockstep_blocks(ran, seconds), shown, as_json)
    diverged = any(batch.divergence is not None for batch in ran)
    return verdicts.VIOLATED if diverged else verdicts.SHOWN


def _defects(jobs: int | None, as_json: bool) -> int:
    """Plant each defect, and look for it in every way."""
    from truebook.review import refinement_report as refinement_text
    from truebook.specs.refine import DEFECTS, find
    from truebook.specs.refine.lockstep import (
        state_machine,  # noqa: F401  # so that Hypothesis is missed now
    )

    found = {}
    with StepLine(len(DEFECTS)) as line:
        for one in side_by_side(find, DEFECTS, jobs=jobs, progress=line.update):
            found[one.defect.name] = one
            line.done(one.defect)
    rows = [found[defect.name] for defect in DEFECTS]
    _print(refinement_text.defect_blocks(rows), refinement_text.defects_json(rows), as_json)
    missed = any(way.steps is None for row in rows for way in (row.edges, row.plans, row.machine))
    return verdicts.VIOLATED if missed else verdicts.SHOWN


def _print(blocks: Iterable[Block], shown: dict[str, Any], as_json: bool) -> None:
    if as_json:
        click.echo(json.dumps(shown, indent=2))
    else:
        show(blocks)
