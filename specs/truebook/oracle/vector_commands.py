"""The commands `truebook vectors` and `truebook mutants`."""

import json
from pathlib import Path
from typing import Any

import click

from truebook.model.rules import RULE_NAMES
from truebook.oracle.cases import FEATURES
from truebook.oracle.mutants import MUTANTS, Death, Mutant, killed, matrix
from truebook.oracle.vectors import shipped
from truebook.screen.help import Command
from truebook.screen.layout import Line, line
from truebook.screen.options import jobs_option, json_option
from truebook.screen.progress import TaskLine
from truebook.screen.terminal import note, show
from truebook.screen.values import WrittenFolder, names_of, write
from truebook.specs.processes import Tell, side_by_side
from truebook.specs.properties import PROPERTY_NAMES
from truebook.specs.properties import verdict as verdicts
from truebook.specs.words import counted


@click.command(cls=Command)
@click.argument("folder", required=False, type=WrittenFolder())
@click.option(
    "--rule", "rules", multiple=True, type=names_of(RULE_NAMES), help="Of this rule; repeatable."
)
@click.option(
    "--property",
    "properties",
    multiple=True,
    type=names_of(PROPERTY_NAMES),
    help="Of this property; repeatable.",
)
@click.option(
    "--feature",
    "features",
    multiple=True,
    type=names_of(FEATURES),
    help="That require this feature; repeatable.",
)
@click.option("--remake", is_flag=True, help="Make those that come of the model again, in place.")
@jobs_option
def vectors(
    folder: Path | None,
    rules: tuple[str, ...],
    properties: tuple[str, ...],
    features: tuple[str, ...],
    remake: bool,
    jobs: int | None,
) -> int:
    """Write every vector into FOLDER, with a manifest of hashes; or list them.

    With --rule, --property or --feature only those that are of one of each that is named.

    Exit codes: 0 all done, 2 usage, or no vector is of all that is named.
    """
    some = any((rules, properties, features))
    if jobs is not None and not remake:
        raise click.UsageError("--jobs is for --remake: nothing else takes several processes")
    if remake and some:
        raise click.UsageError("--remake makes all of them: leave out what picks some")
    if remake:
        _remake(jobs)
    chosen = shipped.of(rules=rules, properties=properties, features=features)
    if not chosen:
        raise click.UsageError("no vector is of all that is named: name less")
    if folder is not None:
        shipped.write(folder, chosen)
        show([line(f"{counted(len(chosen), 'vector')} and manifest.json in {folder}")])
    elif not remake:
        for case in chosen:
            show([Line(f"{case.slug:<60} {case.severity:<8} ", case.title)], whole=True)
    return verdicts.SHOWN


def _remake(jobs: int | None) -> None:
    from truebook.oracle.vectors import (
        build,  # noqa: F401  # before other processes miss what it needs
    )

    for path, text in shipped.remade(jobs=jobs):
        write(path, text)
        note(f"made {path.name}")
    shipped.all_vectors.cache_clear()


@click.command(cls=Command)
@json_option
@jobs_option
def mutants(as_json: bool, jobs: int | None) -> int:
    """Break the reference on purpose, and print which vectors notice.

    Exit codes: 0 every mutant dies, or is known to live rightly and breaks no promise; 1 one does
    not.
    """
    found: dict[str, Death] = {}
    named = {mutant.name: mutant for mutant in MUTANTS}
    with TaskLine(len(named)) as progress:
        progress.tell("the reference is broken in each of these ways")
        for death in side_by_side(_death_of, list(named.values()), jobs=jobs):
            found[death.mutant.name] = death
            progress.ended(death.mutant.name)
    deaths = [found[name] for name in named]
    if as_json:
        click.echo(json.dumps(_of_deaths(deaths), indent=1))
    else:
        show(matrix(deaths))
    return verdicts.SHOWN if all(death.is_right for death in deaths) else verdicts.VIOLATED


def _death_of(mutant: Mutant, tell: Tell) -> Death:
    return killed(mutant, shipped.all_vectors())


def _of_deaths(deaths: list[Death]) -> dict[str, Any]:
    return {
        "vectors": len(shipped.all_vectors()),
        "mutants": {
            death.mutant.name: {
                "words": death.mutant.words,
                "rules": list(death.mutant.rules),
                "properties": list(death.mutant.properties),
                "killed_by": list(death.killers),
                "breaks_a_promise_in": death.promise,
                "survives": death.mutant.survives,
            }
            for death in deaths
        },
    }
