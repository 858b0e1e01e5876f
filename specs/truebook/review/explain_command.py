"""The command `truebook explain`: a run that was found, drawn in four lanes."""

import json
from pathlib import Path

import click

from truebook.review.runs import NoRunError, Run, blocks, chosen, mermaid, runs_of
from truebook.screen.help import Command
from truebook.screen.layout import Block, line
from truebook.screen.terminal import note, show
from truebook.screen.values import ReadFile, names_of
from truebook.specs.properties import PROPERTY_NAMES
from truebook.specs.properties import verdict as verdicts


@click.command(cls=Command)
@click.argument("file", type=ReadFile())
@click.option("--design", help="Of this design alone.", metavar="NAME")
@click.option("--property", "name", type=names_of(PROPERTY_NAMES), help="Of this property alone.")
@click.option("--mermaid", "as_mermaid", is_flag=True, help="A sequence diagram, for a page.")
def explain(file: Path, design: str | None, name: str | None, as_mermaid: bool) -> int:
    """Draw the runs of a report in four lanes: the client, the book, the wire and the venue.

    FILE is what `truebook check --json` printed: each property that is broken there has a run. A
    lane shows what a step changed there; ages, and what is remembered for the properties alone,
    are left out.

    \b
    truebook check --design plan --json >plan.json
    truebook explain plan.json --property no-fill-twice
    truebook explain plan.json --property no-fill-twice --mermaid

    Exit codes: 0 a run is shown, 2 usage, or there is none.
    """  # noqa: D301
    runs = chosen(_read(file), design=design, name=name)
    if not runs:
        asked = [word for word in (design, name) if word]
        raise click.UsageError(f"{file} has no run of {' and '.join(asked) or 'anything broken'}")
    if not as_mermaid:
        show(_all(runs))
        return verdicts.SHOWN
    if len(runs) > 1:
        note(f"{len(runs)} runs; a diagram is of one, here of the first: --property names another")
    for text in mermaid(runs[0]):
        click.echo(text)
    return verdicts.SHOWN


def _read(file: Path) -> list[Run]:
    try:
        return list(runs_of(json.loads(file.read_text("utf-8"))))
    except (NoRunError, ValueError, RecursionError) as error:
        raise click.UsageError(f"cannot read {file}: {error}") from error


def _all(runs: list[Run]) -> list[Block]:
    found: list[Block] = []
    for run in runs:
        found += [*([line("")] if found else []), *blocks(run)]
    return found
