"""The commands `truebook vectors` and `truebook mutants`."""

import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import attrs
import click

from truebook.model.rules import RULE_NAMES
from truebook.oracle.cases import FEATURES
from truebook.oracle.findings import (
    Named,
    counts_of,
    named_findings,
    named_table,
    share_right,
)
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

ENOUGH = 0.95
"""The share of what findings of mutants name that must be true."""


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
    """Break the reference on purpose, and print which vectors notice, and what it is called.

    Exit codes: 0 every mutant dies, or is known to live rightly and breaks no promise, and of what
    findings name enough is true; 1 that is not so.
    """
    found: dict[str, Held] = {}
    named = {mutant.name: mutant for mutant in MUTANTS}
    with TaskLine(len(named)) as progress:
        progress.tell("the reference is broken in each of these ways")
        for held in side_by_side(_held, list(named.values()), jobs=jobs):
            found[held.death.mutant.name] = held
            progress.ended(held.death.mutant.name)
    deaths = [found[name].death for name in named]
    names = [one for name in named for one in found[name].names]
    if as_json:
        click.echo(json.dumps(_of_deaths(deaths) | _of_names(names), indent=1))
    else:
        show([*matrix(deaths), line(""), *named_table(names)])
    right = all(death.is_right for death in deaths) and share_right(names) >= ENOUGH
    return verdicts.SHOWN if right else verdicts.VIOLATED


@attrs.frozen
class Held:
    """What came of a mutant: which vectors kill it, and what is found in them by its name."""

    death: Death
    names: tuple[Named, ...]


def _held(mutant: Mutant, tell: Tell) -> Held:
    vectors = shipped.all_vectors()
    death = killed(mutant, vectors)
    return Held(death, named_findings(mutant, vectors, set(death.killers)))


def _of_names(names: Sequence[Named]) -> dict[str, Any]:
    named = [
        {"mutant": one.mutant, "finding": one.finding, "rules": list(one.rules), "by": one.by}
        for one in names
    ]
    return {
        "named_right": share_right(names),
        "named_by": dict(counts_of(names)),
        "findings": named,
    }


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
