"""The command `truebook prove`; what it runs on is imported when it is run, its help without."""

import json
import time
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING

import click

from truebook.model.designs import design_named
from truebook.review.options import (
    design_option,
    property_option,
    without_assumption_option,
    without_option,
)
from truebook.screen.help import Command
from truebook.screen.layout import line as line_of
from truebook.screen.options import jobs_option, json_option
from truebook.screen.progress import StepLine
from truebook.screen.terminal import note, show
from truebook.screen.values import Whole, WrittenFolder, names_of
from truebook.specs.limits import DEPTH, EFFORT, MOST_EFFORT, SEARCH_EFFORT, SOLVERS
from truebook.specs.properties import PROPERTY_NAMES, SETTLED, assumption
from truebook.specs.properties import verdict as verdicts

if TYPE_CHECKING:
    from truebook.specs.proofs import Asking, Found, ProofReport

SAFETY = tuple(name for name in PROPERTY_NAMES if name not in SETTLED)
"""What a run of a few steps can violate, and the bounded search looks for."""


@click.command(cls=Command)
@design_option(
    "The plan and the legacy tracker are searched for violations; nothing is proved of them.",
    default="reference",
)
@without_option
@property_option("Prove this property alone; repeatable.")
@without_assumption_option("Do not make an assumption, and show what is lost.")
@click.option(
    "--effort",
    type=Whole(1, MOST_EFFORT),
    default=EFFORT,
    show_default=True,
    help="Units of the solver's work for one query; then its answer is unknown.",
)
@click.option(
    "--solver",
    type=names_of(SOLVERS),
    default="z3",
    show_default=True,
    help="Whose word proves: Z3's, cvc5's, or that of both.",
)
@click.option(
    "--depth",
    type=Whole(1, 1_000),
    default=DEPTH,
    show_default=True,
    help="Search runs of at most this many steps for violations of what is not proved.",
)
@click.option(
    "--search-effort",
    type=Whole(0, MOST_EFFORT),
    default=SEARCH_EFFORT,
    show_default=True,
    help="Units of the solver's work for the search of each world; 0: do not search.",
)
@click.option(
    "--cache",
    type=WrittenFolder(),
    help="Where what is proved is kept, so that it is not proved again. Default: the user's cache.",
)
@click.option("--no-cache", is_flag=True, help="Prove all, and keep nothing. Default in CI.")
@click.option("--lemmas", is_flag=True, help="List the lemmas, too.")
@jobs_option
@json_option
def prove(
    design: str,
    without: tuple[str, ...],
    properties: tuple[str, ...],
    without_assumption: str | None,
    effort: int,
    solver: str,
    depth: int,
    search_effort: int,
    cache: Path | None,
    no_cache: bool,
    lemmas: bool,
    jobs: int | None,
    as_json: bool,
) -> int:
    """Prove the properties for any size, any timing and any number of orders.

    The sizes of orders, all timers and all delays are unknown integers, bound by the named
    assumptions alone. What is not proved is not thereby violated: the state that nothing known
    excludes is looked up among those that the explorer reaches, and a bounded search looks for a
    run into a violation, which is run again by the model's own Python before it is shown.

    \b
    truebook prove                                      the reference
    truebook prove --lemmas                             and the lemmas that it leans on
    truebook prove --without tombstones                 what is lost without a rule
    truebook prove --without-assumption fill-window     what is lost without an assumption
    truebook prove --design plan                        runs of the plan into violations
    truebook prove --solver both                        cvc5 is asked too, and compared

    How much is done is bound by effort, the same on any machine, and never by seconds.

    Exit codes: 0 all proved, 1 a violation was found, 2 usage, 4 not proved, or unknown.
    """  # noqa: D301
    off = tuple(dict.fromkeys(without))
    if off and design != "reference":
        raise click.UsageError(f"rules are switched off in the reference, not in '{design}'")
    if without_assumption and design != "reference":
        raise click.UsageError(f"the assumptions are of the reference, not of '{design}'")
    if solver != "z3" and design != "reference":
        raise click.UsageError(f"nothing is proved of '{design}': --solver is of the reference")
    if cache is not None and no_cache:
        raise click.UsageError("--cache and --no-cache contradict each other")
    if design != "reference" and set(properties).intersection(SETTLED):
        raise click.UsageError(
            f"what comes once quiet is proved of the reference; of '{design}', `truebook check` "
            "shows it"
        )
    from truebook.specs.proofs import Asking, DisagreementError, OutOfTimeError, user_cache

    if solver != "z3":
        import cvc5  # noqa: F401  # so that it is missed now

    kept = None if no_cache else cache or user_cache()
    try:
        return _prove(
            design,
            off,
            properties or (PROPERTY_NAMES if design == "reference" else SAFETY),
            without_assumption,
            asking=Asking(effort, solver, cache=kept),
            depth=depth,
            search_effort=search_effort,
            lemmas=lemmas,
            jobs=jobs,
            as_json=as_json,
        )
    except (DisagreementError, OutOfTimeError) as error:
        note(f"{error}; nothing was concluded")
        return verdicts.INCONCLUSIVE


def _prove(
    design: str,
    off: tuple[str, ...],
    picked: tuple[str, ...],
    without_assumption: str | None,
    *,
    asking: "Asking",
    depth: int,
    search_effort: int,
    lemmas: bool,
    jobs: int | None,
    as_json: bool,
) -> int:
    from truebook.review import proof_report as proofs_text
    from truebook.specs.proofs import (
        ProvedBefore,
        explore_beyond,
        hunt_all,
        hunts_for,
        jobs_for,
        report,
        show_all,
    )

    dropped = (without_assumption,) if without_assumption else ()
    started = time.perf_counter()
    proof = None
    if design == "reference":
        asked = jobs_for(design, off, properties=picked, without=dropped, asking=asking)
        before = ProvedBefore(asking.cache)
        done, to_do = before.split(asked)
        shown = {one.job: one for one in done}
        with StepLine(len(to_do)) as line:
            for one in show_all(to_do, processes=jobs, progress=line.update):
                shown[one.job] = one
                before.keep(one)
                line.done(one.job)
        proof = report([shown[job] for job in asked], picked)
    missing = tuple(name for name in picked if not _proved(proof, name))
    found: dict[str, Found] = {}
    if missing and search_effort:
        hunts = hunts_for(design, off, missing, without=dropped, depth=depth, effort=search_effort)
        with StepLine(len(hunts)) as line:
            found = hunt_all(hunts, processes=jobs, progress=line.update, done=line.done)
    if without_assumption is not None:
        left = [name for name in missing if name not in found]
        found |= explore_beyond(without_assumption, left, design_named(design, *off))
    seconds = time.perf_counter() - started
    if as_json:
        click.echo(json.dumps(proofs_text.as_json(design, proof, found, seconds), indent=2))
    else:
        _print(design, proof, found, missing, lemmas=lemmas)
        if without_assumption is not None:
            known = assumption(without_assumption)
            show([line_of(f"Without the assumption '{known.name}', {known.inequality}:")])
            show([line_of(f"  {known.sentence}")])
        click.echo(f"{seconds:.1f} s", err=True)
    return _code(proof, found, missing)


def _proved(proof: "ProofReport | None", name: str) -> bool:
    return proof is not None and isinstance(proof.properties[name], verdicts.Proved)


def _print(
    design: str,
    proof: "ProofReport | None",
    found: "Mapping[str, Found]",
    missing: tuple[str, ...],
    *,
    lemmas: bool,
) -> None:
    from truebook.review import proof_report as proofs_text

    if proof is None:
        show(proofs_text.hunted_blocks(design, found, missing))
    else:
        show(proofs_text.blocks(proof, found, lemmas=lemmas))


def _code(
    proof: "ProofReport | None", found: "Mapping[str, Found]", missing: tuple[str, ...]
) -> int:
    if found:
        return verdicts.VIOLATED
    if missing or (proof is not None and not proof.agreed):
        return verdicts.INCONCLUSIVE
    return verdicts.SHOWN
