"""The command `truebook refine`."""

import json
from typing import Any

import click

from truebook.review import refinement as refinement_text
from truebook.review.options import names_of
from truebook.review.progress import StepLine
from truebook.specs import verdict as verdicts
from truebook.specs.refine.hold import hold_all, replayable

STYLES: dict[str, dict[str, Any]] = {
    "holds": {"fg": "green"},
    "violated": {"fg": "red"},
    "plain": {},
}


@click.command()
@click.option(
    "--scenario",
    "names",
    multiple=True,
    type=names_of(s.name for s in replayable()),
    help="Replay this scenario alone; repeatable.",
)
@click.option("--jobs", type=click.IntRange(min=1), help="Processes. Default: one a core.")
@click.option("--json", "as_json", is_flag=True, help="Print one object for machines.")
def refine(names: tuple[str, ...], jobs: int | None, as_json: bool) -> int:
    """Replay every edge of the model on the book, and compare after each step.

    Compared are the state of each order, what is filled and known of it, ages, exposure, what is
    unsettled, the position, and what the book asks for. A divergence is shown as the steps that
    lead to it, with what differs.

    Exit codes: 0 no divergence, 1 a divergence, 2 usage.
    """
    wanted = [s for s in replayable() if not names or s.name in names]
    held = {}
    with StepLine(len(wanted)) as line:
        for one in hold_all(wanted, processes=jobs, progress=line.count):
            held[one.scenario.name] = one
            line.done(one.scenario)
    found = [held[s.name] for s in wanted]
    if as_json:
        click.echo(json.dumps(refinement_text.as_json(found), indent=2))
    else:
        for style, text in refinement_text.lines_of(found):
            click.secho(text, **STYLES[style])
    diverging = any(one.replayed.divergence is not None for one in found)
    return verdicts.VIOLATED if diverging else verdicts.SHOWN
