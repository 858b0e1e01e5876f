"""The commands that write the model, or a run of it, for other tools.

What writes it is imported where it is asked for: of all of them, SMT-LIB alone needs a solver.
"""

import json
from collections.abc import Callable, Sequence
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

import attrs
import click

from truebook.model.designs import Design, design_named
from truebook.model.memory import MemoryBounds
from truebook.model.system import System
from truebook.review.options import (
    bound_options,
    design_option,
    property_option,
    scenarios_within,
    without_option,
)
from truebook.screen.progress import StepLine
from truebook.screen.running import Commands
from truebook.screen.values import WrittenFile, names_of, write
from truebook.specs.properties import PROPERTY_NAMES, SHOWN, Check, Kind, Trace, checks_of
from truebook.specs.scenarios import Scenario, default_scenarios, pair_scenarios
from truebook.specs.words import near

if TYPE_CHECKING:
    from truebook.specs.export import Machine
    from truebook.specs.proofs import OpenWorld

MODULE = "Truebook"
"""The name of a TLA+ module that is not written to a file."""


@click.group(cls=Commands)
def export() -> None:
    """Write the model for another model checker, or a run of it as a trace.

    What is written is made from the same paths of the model's Python that the explorer runs, so
    that other tools see the same states: no rule is written a second time by hand.

    \b
    truebook export promela -o order.pml                      for Spin
    truebook export tla --scenario foreign -o Foreign.tla     for TLC, with Foreign.cfg
    truebook export smt2 -o order.smt2                        for solvers, sizes unknown
    truebook export itf --design plan --property no-fill-twice   a counterexample, as ITF
    """  # noqa: D301


def _shared(command: Callable[..., Any]) -> Callable[..., Any]:
    """Give a command the options that say what is written, and where to."""
    for option in (
        click.option(
            "-o", "--output", type=WrittenFile(), help="Write to this file. Default: print."
        ),
        bound_options,
        click.option(
            "--scenario",
            metavar="NAME",
            help="A shipped scenario of the design, or one of `check --pairs`. Default: order.",
        ),
        without_option,
        design_option("Default: reference.", default="reference"),
    ):
        command = option(command)
    return command


_properties = property_option(
    "Have the tool check what this property says of states, too; repeatable."
)


@attrs.frozen
class Asked:
    """What the options ask for."""

    design: str
    without: tuple[str, ...]
    scenario: Scenario

    @property
    def built(self) -> Design:
        """The design, without the rules that are switched off."""
        return design_named(self.design, *self.without)

    @property
    def title(self) -> str:
        """What is written, for readers."""
        return f"Truebook: design '{self.built.name}', scenario '{self.scenario.name}'"


@export.command()
@_shared
@_properties
def promela(output: Path | None, properties: tuple[str, ...], **options: Any) -> int:
    """Write the model in Promela, for Spin.

    Spin finds the explorer's states, and its transitions and one more (the first state). For each
    property asked for, there is a step that only a state that breaks it allows, and that fails.

    \b
    truebook export promela -o order.pml
    spin -a -o2 order.pml                  -o2: else Spin drops variables that are only written
    cc -O2 -w -DSAFETY -DNOREDUCE -o pan pan.c
    ./pan -m1000000                        -m: how long a run may be
    """  # noqa: D301
    from truebook.specs.export import promela_of

    asked = _asked(**options)
    _write(output, promela_of(_machine(asked, properties), asked.title))
    return SHOWN


@export.command()
@_shared
@_properties
def tla(output: Path | None, properties: tuple[str, ...], **options: Any) -> int:
    """Write the model in TLA+, for people and for TLC.

    With -o NAME.tla the module is called NAME, and NAME.cfg is written beside it: what TLC is to
    check. TLC finds the explorer's states, and its transitions and one more (the first state).

    \b
    truebook export tla --property no-fill-twice -o Order.tla
    java -jar tla2tools.jar Order.tla
    """  # noqa: D301
    from truebook.specs.export import configuration, tla_of

    asked = _asked(**options)
    module = MODULE if output is None else output.stem
    if output is not None and (output.suffix != ".tla" or not module.isidentifier()):
        raise click.UsageError(
            f"TLA+ wants its module named as its file, so -o must be a name such as Order.tla, "
            f"not {output.name}"
        )
    machine = _machine(asked, properties)
    _write(output, tla_of(machine, module, asked.title))
    if output is not None:
        _write(output.with_suffix(".cfg"), configuration(machine))
    return SHOWN


@export.command()
@_shared
@_properties
def smt2(output: Path | None, properties: tuple[str, ...], **options: Any) -> int:
    """Write the model in SMT-LIB, for solvers, with the annotations of VMT-LIB.

    Sizes, timers and delays are unknowns here: of the bounds, only what can go wrong counts, or how
    many named fills there are. The scenario must be of one world. A modify takes a minute.

    \b
    truebook export smt2 --property position-is-unique-fills -o order.smt2
    truebook export smt2 --scenario foreign -o foreign.smt2
    """  # noqa: D301
    from truebook.specs.proofs import smt2_of

    asked = _asked(**options)
    world = _opened(asked)
    checks = [check for check in checks_of(world.system) if check.property in properties]
    _only_of_states(checks, properties, world.system)
    of_states = [check for check in checks if check.kind is Kind.STATE]
    with StepLine(1) as progress:
        text = smt2_of(world, of_states, asked.title, progress=partial(progress.count, asked))
        progress.done(asked)
    _write(output, text)
    return SHOWN


@export.command()
@_shared
@click.option(
    "--property",
    "property_name",
    type=names_of(PROPERTY_NAMES),
    metavar="PROPERTY",
    help="The shortest run that breaks this property.",
)
@click.option("--run", "actions", metavar="ACTIONS", help="The run of these actions, by name.")
def itf(output: Path | None, property_name: str | None, actions: str | None, **options: Any) -> int:
    """Write a run as a trace in ITF, for tools around TLA+.

    ITF is the Informal Trace Format of Apalache and Quint. The run is the shortest counterexample
    to a property, or the actions that --run names; the variables are called as they are in the
    TLA+ module.

    \b
    truebook export itf --design plan --property no-fill-twice -o twice.itf.json
    truebook export itf --run "send arrive-1:a answer:a taker-fill:a"
    """  # noqa: D301
    from truebook.specs.export import itf_of

    asked = _asked(**options)
    if (property_name is None) == (actions is None):
        raise click.UsageError("say which run: --property PROPERTY, or --run 'ACTION ACTION …'")
    title = asked.title
    if property_name is not None:
        part, trace = _counterexample(asked, property_name)
        names = [step.action for step in trace.steps]
        title = f"{title}: breaks {property_name} ({part})"
    else:
        names = (actions or "").split()
    try:
        found = itf_of(asked.scenario.build(asked.built), names, title)
    except ValueError as error:
        raise click.UsageError(str(error)) from error
    _write(output, json.dumps(found, indent=1) + "\n")
    return SHOWN


def _asked(design: str, without: tuple[str, ...], scenario: str | None, **bounds: Any) -> Asked:
    chosen = {name: value for name, value in bounds.items() if value not in (None, ())}
    try:
        built = design_named(design, *without)
        if chosen and scenario is not None:
            raise ValueError("choose either --scenario or bounds")
        if chosen:
            return Asked(design, without, next(iter(scenarios_within(chosen))))
    except ValueError as error:
        raise click.UsageError(str(error)) from error
    shipped = default_scenarios(built)
    for known in (*shipped, *pair_scenarios()):
        if known.name == (scenario or shipped[0].name):
            return Asked(design, without, known)
    names = [known.name for known in shipped]
    raise click.UsageError(
        f"no scenario is named {scenario!r}; the shipped ones of this design are: "
        f"{', '.join(names)}. {near(scenario or '', names)}".rstrip()
    )


def _machine(asked: Asked, properties: tuple[str, ...]) -> "Machine":
    from truebook.specs.export import machine_of

    system = asked.scenario.build(asked.built)
    checks = [check for check in checks_of(system) if check.property in properties]
    _only_of_states(checks, properties, system)
    with StepLine(1) as progress:
        machine = machine_of(system, checks, progress=partial(progress.count, asked))
        progress.done(asked)
    return machine


def _only_of_states(checks: Sequence[Check], properties: Sequence[str], system: System) -> None:
    """Refuse a property that has no check of single states."""
    of_states = {check.property for check in checks if check.kind is Kind.STATE}
    for name in properties:
        if name not in of_states:
            raise click.UsageError(
                f"{name} says nothing of single states in this scenario; these do: "
                + ", ".join(_of_states(system))
            )


def _opened(asked: Asked) -> "OpenWorld":
    """Return the world of a scenario with its sizes, timers and delays unknown."""
    from truebook.specs.proofs import open_world

    bounds = asked.scenario.bounds
    if isinstance(bounds, MemoryBounds) and bounds.self_trade:
        raise click.UsageError(f"'{asked.scenario.name}' has no world of unknown times")
    if len(asked.scenario.worlds) > 1:
        raise click.UsageError(
            f"'{asked.scenario.name}' is of several orders: choose a scenario of one"
        )
    return open_world(asked.scenario.worlds[0], asked.built, bounds)


def _of_states(system: System) -> list[str]:
    found = {check.property for check in checks_of(system) if check.kind is Kind.STATE}
    return [name for name in PROPERTY_NAMES if name in found]


def _counterexample(asked: Asked, property_name: str) -> tuple[str, Trace]:
    """Return what is broken by a shortest run that breaks a property, and that run."""
    from truebook.review.progress import ProgressLine
    from truebook.specs.explore import Aim, Task, TooWideError, run

    task = Task(asked.design, asked.scenario, asked.without, (property_name,), aim=Aim())
    with ProgressLine(1) as progress:
        try:
            outcome = run(task, lambda *counts: progress.update(task, *counts))
            progress.done(outcome)
        except TooWideError as error:
            raise click.UsageError(str(error)) from error
    found = outcome.found.violations if outcome.found else {}
    if not found:
        raise click.UsageError(
            f"{property_name} holds in {asked.title}, so there is no run to write: choose another "
            "--design or --scenario, or switch a rule off with --without"
        )
    number = min(found, key=lambda n: len(found[n]))
    return outcome.checks[number].part, found[number]


def _write(output: Path | None, text: str) -> None:
    if output is None:
        click.echo(text, nl=False)
    else:
        write(output, text)
