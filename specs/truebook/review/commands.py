"""The commands: their options, and what they print; engines are imported where they are run."""

import json
import time
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import attrs
import click

from truebook.model.designs import DESIGNS, design_named
from truebook.model.rules import RULE_NAMES
from truebook.review import lifecycle as lifecycle_text
from truebook.review.options import (
    bound_options,
    design_option,
    property_option,
    scenarios_within,
    without_assumption_option,
    without_option,
)
from truebook.screen.help import Command
from truebook.screen.layout import line
from truebook.screen.options import jobs_option, json_option
from truebook.screen.terminal import note, show
from truebook.screen.values import Whole, names_of
from truebook.specs.properties import PROPERTY_NAMES, assumption
from truebook.specs.properties import verdict as verdicts
from truebook.specs.scenarios import (
    RULE_SCENARIOS,
    Scenario,
    deep_scenarios,
    default_scenarios,
    pair_scenarios,
)

if TYPE_CHECKING:
    from truebook.specs.explore import Aim, Outcome, Report, Task

MOST_STATES = 10**12


@click.command(cls=Command)
@design_option("Check this design; repeatable. Default: all three.", "designs", multiple=True)
@without_option
@bound_options
@property_option("Check this property alone; repeatable.")
@without_assumption_option(
    "Go one tick beyond an assumption of the reference, and show what breaks."
)
@click.option("--pairs", is_flag=True, help="Every fault by itself and in pairs (a minute or two).")
@click.option("--deep", is_flag=True, help="All faults together, as large as ten minutes allow.")
@click.option(
    "--engine",
    type=names_of(("fast", "plain")),
    default="fast",
    help="fast, on arrays; or plain, which runs the model's Python state by state.",
)
@click.option(
    "--limit", type=Whole(1, MOST_STATES), help="Give up a scenario beyond this many states."
)
@click.option(
    "--counts",
    is_flag=True,
    help="Explore to the end what would stop once all that is asked is settled.",
)
@jobs_option
@json_option
def check(**options: Any) -> int:
    """Explore a design exhaustively, and say of each property whether it holds.

    Without options, all three designs are explored within the shipped bounds: the reference, which
    must hold, and the plan and the legacy tracker, which are known to break and must be caught.
    Any option that sets a bound replaces those scenarios by one within that bound, beside a
    foreign order, an order that waits and named fills within the same.

    A design that is known to break (the plan, the legacy tracker, the reference without a rule or
    beyond an assumption) is explored no further than it takes to settle every property, and so is
    any design with --property: --counts explores it to the end.

    Exit codes: 0 all shown (with no --design: the reference holds, the others are caught),
    1 violated, 2 usage, 4 inconclusive (too large, or something never happened).
    """
    from truebook.review import check_report as report_text
    from truebook.specs.explore import TooWideError

    as_json = options.pop("as_json")
    jobs = options.pop("jobs")
    without_assumption = options["without_assumption"]
    lies = "lie" in options["faults"]
    try:
        asked = _asked(**options)
    except ValueError as error:
        raise click.UsageError(str(error)) from error
    try:
        reports = _explore(asked, jobs)
    except TooWideError as error:
        raise click.UsageError(str(error)) from error
    if as_json:
        click.echo(json.dumps(report_text.as_json(reports), indent=2))
    else:
        _print(reports, without_assumption)
        for line in _false_words() if lies else ():
            click.echo(line)
    for name in _not_caught(reports) if asked.expected_to_break else ():
        note(f"{name} is known to break, and was not caught here")
    return _code(reports, asked.expected_to_break)


def _false_words() -> list[str]:
    from truebook.review.false_words import lines

    return list(lines())


@attrs.frozen
class Asked:
    """What the options ask for: the tasks of each design, and the properties to report.

    `designs` are named and titled. `whole` means the shipped scenarios, so that everything must be
    reached; `expected_to_break` that the plan and the legacy tracker are there to be caught.
    """

    designs: dict[str, str]
    tasks: "tuple[Task, ...]"
    properties: tuple[str, ...]
    whole: bool
    expected_to_break: bool


def _asked(
    *,
    designs: tuple[str, ...],
    without: tuple[str, ...],
    properties: tuple[str, ...],
    without_assumption: str | None,
    pairs: bool,
    deep: bool,
    engine: str,
    limit: int | None,
    counts: bool,
    **bounds: Any,
) -> Asked:
    from truebook.specs.explore import Task, is_asked

    without = tuple(dict.fromkeys(without))
    chosen = {name: value for name, value in bounds.items() if value not in (None, ())}
    if sum([bool(chosen), pairs, deep, without_assumption is not None]) > 1:
        raise ValueError("choose one of bounds, --pairs, --deep and --without-assumption")
    expected_to_break = not designs and not without and without_assumption is None
    names = designs or (("reference",) if without or without_assumption or pairs or deep else ())
    names = names or tuple(d.name for d in DESIGNS)
    picked = {name: design_named(name, *without) for name in names}
    whole = not (chosen or without or without_assumption or pairs or deep)
    tasks = []
    for name, design in picked.items():
        if without_assumption is not None:
            scenarios: tuple[Scenario, ...] = (assumption(without_assumption).beyond,)
        elif pairs:
            scenarios = tuple(pair_scenarios())
        elif deep:
            scenarios = deep_scenarios()
        elif chosen:
            scenarios = tuple(scenarios_within(dict(chosen)))
        else:
            scenarios = default_scenarios(design)
        aim = None if counts else _aim(name, without, properties, without_assumption)
        asked = (Task(name, s, without, properties or None, limit, engine, aim) for s in scenarios)
        tasks += [task for task in asked if is_asked(task)]
    titles = {name: design.name for name, design in picked.items()}
    return Asked(titles, tuple(tasks), properties or PROPERTY_NAMES, whole, expected_to_break)


def _aim(
    design: str,
    without: Sequence[str],
    properties: Sequence[str],
    without_assumption: str | None,
) -> "Aim | None":
    """Return how far a design is explored: where it should hold, to the end.

    Where all that is asked may well be broken, a first look at every scenario is worth its time.
    """
    from truebook.specs.explore import SHALLOW, Aim

    if design != "reference" or (without and properties):
        return Aim(budget=SHALLOW)
    if properties or without or without_assumption:
        return Aim()
    return None


def _explore(asked: Asked, jobs: int | None) -> "list[Report]":
    from truebook.review.progress import ProgressLine
    from truebook.specs.explore import report, settle

    started = time.perf_counter()
    found: dict[Task, Outcome] = {}
    with ProgressLine(len(asked.tasks)) as progress:
        for outcome in settle(asked.tasks, jobs=jobs, progress=progress.update):
            found[outcome.task] = outcome
            progress.done(outcome)
    seconds = time.perf_counter() - started
    whole = asked.whole and set(asked.properties) == set(PROPERTY_NAMES)
    reports = []
    for name, title in asked.designs.items():
        reports.append(
            report(
                title,
                [found[task] for task in asked.tasks if task.design == name],
                asked.properties,
                seconds=seconds / len(asked.designs),
                all_reached=whole and name == "reference",
            )
        )
    return reports


def _print(reports: "Sequence[Report]", without_assumption: str | None) -> None:
    from truebook.review import check_report as report_text

    for found in reports:
        show([*report_text.blocks(found), line("")])
    if without_assumption is not None:
        known = assumption(without_assumption)
        show([line(f"Beyond the assumption '{known.name}', {known.inequality}:")])
        show([line(f"  {known.sentence}")])
    elif any(found.design.startswith("reference") for found in reports):
        show([line("The reference assumes (in ticks, or fills):")])
        show(report_text.assumption_blocks(reports))


def _not_caught(reports: "Sequence[Report]") -> list[str]:
    """Return the designs that are known to break and did not."""
    return [
        found.design
        for found in reports
        if found.design in ("plan", "legacy")
        and not any(isinstance(v, verdicts.Violated) for v in found.properties.values())
    ]


def _code(reports: "Sequence[Report]", expected_to_break: bool) -> int:
    """Return the exit code; designs known to break count as shown where they were caught."""
    shown = []
    for found in reports:
        of_design = list(found.properties.values())
        if found.unreached:
            of_design.append(verdicts.Unreached("; ".join(found.unreached)))
        if expected_to_break and found.design in ("plan", "legacy"):
            missed = _not_caught([found])
            of_design = [verdicts.Unreached(f"{name} was not caught") for name in missed]
        shown += of_design
    return verdicts.exit_code(*shown)


@click.command(cls=Command)
@click.option(
    "--rule",
    "names",
    multiple=True,
    type=names_of(RULE_NAMES),
    metavar="RULE",
    help="This rule alone; repeatable.",
)
@jobs_option
@json_option
def rules(names: tuple[str, ...], jobs: int | None, as_json: bool) -> int:
    """Switch each rule of the reference off, and show which properties break.

    A rule whose absence breaks nothing is reported and fails: either it is not needed, or the
    properties are too weak. Exit codes: 0 each rule is needed, 1 one is not, 2 usage.
    """
    from truebook.review import rules as rules_text
    from truebook.review.progress import ProgressLine
    from truebook.specs.explore import Task, report, run_all

    picked = names or RULE_NAMES
    tasks = [Task("reference", s, (name,)) for name in picked for s in RULE_SCENARIOS]
    outcomes: dict[str, list[Outcome]] = {name: [] for name in picked}
    with ProgressLine(len(tasks)) as progress:
        for outcome in run_all(tasks, jobs=jobs, progress=progress.update):
            outcomes[outcome.task.switched_off[0]].append(outcome)
            progress.done(outcome)
    reports = {
        name: report(name, found, PROPERTY_NAMES, seconds=0.0, all_reached=False)
        for name, found in outcomes.items()
    }
    if as_json:
        click.echo(json.dumps(rules_text.as_json(reports), indent=2))
    else:
        show(rules_text.blocks(reports))
    needless = rules_text.needless(reports)
    for name in needless:
        note(f"without {name} nothing breaks: it is not needed, or the properties are too weak")
    return verdicts.VIOLATED if needless else verdicts.SHOWN


@click.command(cls=Command)
@click.option("--mermaid", is_flag=True, help="Print a Mermaid state diagram.")
@json_option
def lifecycle(mermaid: bool, as_json: bool) -> int:
    """Print the lifecycle of one order: state, event, condition, state."""
    if mermaid and as_json:
        raise click.UsageError("--mermaid and --json are two forms: choose one")
    if as_json:
        click.echo(json.dumps(lifecycle_text.as_json(), indent=2))
        return verdicts.SHOWN
    if mermaid:
        click.echo("\n".join(lifecycle_text.mermaid()))
    else:
        show(lifecycle_text.blocks())
    return verdicts.SHOWN
