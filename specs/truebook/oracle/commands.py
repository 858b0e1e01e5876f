"""The command `truebook conform`."""

import fnmatch
import json
import subprocess
from collections.abc import Mapping, Sequence
from pathlib import Path
from shlex import quote
from typing import Any

import click

from truebook.oracle.cases import CaseError, load
from truebook.oracle.conform import (
    Chosen,
    Gathering,
    check_smoke,
    run_edges,
    run_plans,
    run_vectors,
    saved,
    saved_fault,
)
from truebook.oracle.driver import program
from truebook.oracle.findings import Finding, is_name, split
from truebook.oracle.judge import BAD, BROKE, Kind, Level, Result
from truebook.oracle.protocol import declared
from truebook.oracle.reports import Run, concluded, lanes
from truebook.oracle.reports import formats as machine
from truebook.oracle.reports import text as report
from truebook.oracle.together import A_CORE
from truebook.oracle.vectors import shipped
from truebook.screen.folders import keeps_cache, seen_by_git
from truebook.screen.help import Command
from truebook.screen.options import MOST_JOBS, cache_option
from truebook.screen.progress import StatusLine
from truebook.screen.running import INTERRUPTED, TERMINATED, TerminatedError
from truebook.screen.terminal import note, show
from truebook.screen.values import (
    ReadFile,
    Seconds,
    Whole,
    WrittenFile,
    WrittenFolder,
    names_of,
    write,
)
from truebook.specs.properties import verdict as verdicts
from truebook.specs.words import near

TIMEOUT = 5.0
MOST_EXAMPLES = 1_000_000
FINDINGS = Path("truebook-findings")
STAGES = ("vectors", "edges", "random")
FOUND = ("edges", "random")
"""The stages whose findings are saved: they have no vector."""


@click.command(cls=Command)
@click.argument("command", nargs=-1, required=True, metavar="-- COMMAND…")
@click.option("--only", multiple=True, metavar="SLUG", help="These vectors alone; * and ? match.")
@click.option(
    "--replay", multiple=True, type=ReadFile(), help="Vectors of these files alone; repeatable."
)
@click.option(
    "--stage", "stages", multiple=True, type=names_of(STAGES), help="This stage; repeatable."
)
@click.option(
    "--jobs",
    type=Whole(1, MOST_JOBS),
    default=1,
    show_default=True,
    help=f"Subjects side by side, at most {A_CORE} a core.",
)
@click.option(
    "--timeout",
    type=Seconds(),
    default=TIMEOUT,
    show_default=True,
    help="Seconds an answer may take.",
)
@click.option("--deep", is_flag=True, help="Every two edges in a row of every scenario: minutes.")
@click.option(
    "--examples",
    type=Whole(0, MOST_EXAMPLES),
    default=200,
    show_default=True,
    help="Random runs.",
)
@click.option("--setup", metavar="COMMAND", help="Run this first, however long it takes.")
@click.option(
    "--level",
    type=names_of(map(str, Level)),
    default=str(Level.PROMISES),
    show_default=True,
    help="Break no promise, or show all that the reference does.",
)
@click.option(
    "--declare",
    "declares",
    multiple=True,
    callback=lambda context, option, words: _declarations(words),
    metavar="WORD",
    help="Judge as if the adapter declared this; repeatable, and told by docs/protocol.md.",
)
@click.option(
    "--explain",
    metavar="FINDING",
    help="Draw the shortest run of one finding, by number or name, step by step.",
)
@click.option("--all", "whole", is_flag=True, help="Show every finding in full.")
@click.option(
    "--expected", type=ReadFile(), help="Findings and vectors that are known, with reasons."
)
@click.option(
    "--write-expected", type=WrittenFile(), help="Write the findings of now, to be explained."
)
@click.option(
    "--findings",
    "--save",
    type=WrittenFolder(),
    default=FINDINGS,
    show_default=True,
    help="Where counterexamples are saved.",
)
@cache_option
@click.option("--json", "json_file", type=WrittenFile(), help="Write the results as JSON.")
@click.option("--junit", type=WrittenFile(), help="Write them as JUnit XML.")
@click.option("--sarif", type=WrittenFile(), help="Write the findings as SARIF.")
@click.option("--markdown", type=WrittenFile(), help="Write a summary as Markdown.")
@click.option(
    "--badge",
    type=WrittenFile(),
    callback=lambda context, option, path: _no_picture(path),
    help="Write a badge, as the JSON that shields.io reads at an endpoint.",
)
def conform(command: tuple[str, ...], **options: Any) -> int:
    """Hold any book, in any language, to the model.

    COMMAND is an adapter: a program that speaks the protocol of docs/protocol.md on its stdin and
    stdout. It is first asked whether it can hold a conversation, then told the vectors, then every
    edge of the bounded model, then random runs.

    What is wrong in many runs for one cause is one finding: a promise that is broken, or a
    difference from the reference that breaks none. The run goes on behind each.

    Exit codes: 0 no promise is broken (with --level reference: nothing differs, either), 1 one is,
    2 usage or nothing tested, 3 the adapter broke, 4 inconclusive, 130 interrupted.
    """
    _refuse_one_file_for_two()
    _import_for(_stages(options))
    chosen = _chosen(options["only"], options["replay"])
    expected = _expected(options["expected"])
    if options["setup"]:
        done = subprocess.run(options["setup"], shell=True, stdout=2, check=False)
        if done.returncode:
            note(f"--setup ended with exit code {done.returncode}")
            return verdicts.SUBJECT_BROKE
    gathering, interrupted = Gathering(options["declares"]), 0
    try:
        with keeps_cache(options["cache"]):
            _run(gathering, command, chosen, split(expected)[0], options)
    except KeyboardInterrupt as ended:
        interrupted = TERMINATED if isinstance(ended, TerminatedError) else INTERRUPTED
    _, by_name = split(expected)
    results, findings, stale = concluded(
        gathering.about,
        gathering.results,
        gathering.findings.findings(),
        by_name,
        options["declares"],
    )
    results, findings, lost = _saved(results, findings, options["findings"])
    run = Run(
        about=gathering.about,
        command=command,
        results=results,
        findings=findings,
        level=Level(options["level"]),
        declares=tuple(dict.fromkeys((*_declares(gathering), *options["declares"]))),
        stale=() if interrupted or not _whole(options) else stale,
        options=_lasting(options),
        whole=_whole(options),
        interrupted=interrupted,
    )
    lost += _write(run, expected, options)  # first: whoever reads what is printed may stop reading
    explained = _explained(run, options["explain"])
    show(lanes(explained) if explained else report.blocks(run, whole=options["whole"]))
    _advise(gathering, options["jobs"])
    if lost:
        raise click.ClickException("; ".join(lost))
    if run.exit_code == verdicts.USAGE:
        note(f"nothing was tested: {_why_nothing(run, options)}")
    return run.exit_code


def _explained(run: Run, named: str | None) -> Finding | None:
    """Return the finding that is asked for, by its number or its name; None if none is."""
    if named is None:
        return None
    for number, one in enumerate(run.findings, 1):
        if named == str(number) or named in one.names:
            return one
    names = [name for one in run.findings for name in one.names]
    meant = near(named, names)
    note(f"no finding is called {named!r}, and the run has {len(run.findings)}. {meant}".rstrip())
    return None


def _why_nothing(run: Run, options: Mapping[str, Any]) -> str:
    """Return why a run has tested nothing."""
    for result in run.results:
        if result.kind is Kind.UNSUPPORTED:
            return f"{result.what} (docs/protocol.md: what an adapter claims and shows)"
    return "no run was asked for" if not options["examples"] else "no run is for what it claims"


def _advise(gathering: Gathering, jobs: int) -> None:
    """Say what would make a run of a slow adapter faster."""
    features = gathering.about.features if gathering.about else ()
    advice = gathering.pace.advice(batch="batch" in features, jobs=jobs)
    if advice:
        note(advice)


def _saved(
    results: Sequence[Result], findings: Sequence[Finding], folder: Path
) -> tuple[tuple[Result, ...], tuple[Finding, ...], list[str]]:
    """Save what is wrong and has no vector; return results and findings, and what is not saved."""
    kept, told, lost = list(results), list(findings), []
    new = not folder.exists()
    for number, one in enumerate(findings):
        if one.shortest.stage in FOUND:
            try:
                told[number] = saved(one, folder)
            except OSError as error:
                lost.append(f"cannot save the finding {one.name} in {folder}: {error.strerror}")
    for number, result in enumerate(results):
        if result.stage in FOUND and result.kind in BAD and not result.onsets and result.told:
            try:
                kept[number] = saved_fault(result, folder)
            except OSError as error:
                lost.append(f"cannot save the run {result.slug} in {folder}: {error.strerror}")
    if new and folder.exists() and seen_by_git(folder):
        note(
            f"findings are saved in {folder}, which git does not ignore: "
            f"echo {quote(folder.name + '/')} >> {quote(str(folder.parent / '.gitignore'))}"
        )
    return tuple(kept), tuple(told), lost


def _run(
    gathering: Gathering,
    command: Sequence[str],
    chosen: Sequence[Chosen],
    expected: Mapping[str, str],
    options: Mapping[str, Any],
) -> None:
    opener = program(command, timeout=options["timeout"])
    if not check_smoke(gathering, opener):
        return
    stages = _stages(options)
    with StatusLine() as status:
        tell = status.show
        jobs = options["jobs"]
        if "vectors" in stages:
            run_vectors(gathering, opener, chosen, jobs=jobs, expected=expected, told=tell)
        if "edges" in stages:
            run_edges(gathering, opener, deep=options["deep"], jobs=jobs, told=tell)
        if "random" in stages and options["examples"]:
            run_plans(gathering, opener, examples=options["examples"], told=tell)


def _stages(options: Mapping[str, Any]) -> Sequence[str]:
    return options["stages"] or (STAGES if _whole(options) else ("vectors",))


def _import_for(stages: Sequence[str]) -> None:
    """Import what only some stages need: what is missing is then told before a run, not after."""
    if "edges" in stages:
        from truebook.oracle.vectors import edges  # noqa: F401
    if "random" in stages:
        from truebook.oracle.vectors import random_runs  # noqa: F401


def _refuse_one_file_for_two() -> None:
    """Refuse to write two reports into one file."""
    context = click.get_current_context()
    taken: dict[Path, str] = {}
    for one in context.command.params:
        path = context.params.get(one.name or "")
        if isinstance(one.type, WrittenFile) and path is not None and not _takes_all(path):
            other = taken.setdefault(path.resolve(), one.opts[0])
            if other != one.opts[0]:
                raise click.UsageError(f"{other} and {one.opts[0]} would both write {path}")


def _takes_all(path: Path) -> bool:
    """Tell whether what is written does not replace what was: a device or a pipe."""
    return path.exists() and not path.is_file()


def _declarations(words: tuple[str, ...]) -> tuple[str, ...]:
    """Refuse what cannot be declared."""
    try:
        declared(words)
    except ValueError as error:
        raise click.BadParameter(str(error)) from error
    return words


def _declares(gathering: Gathering) -> tuple[str, ...]:
    return gathering.about.declares if gathering.about else ()


def _no_picture(path: Path | None) -> Path | None:
    """Refuse to write JSON into what is called a picture."""
    if path is not None and path.suffix.lower() in (".svg", ".png"):
        raise click.BadParameter(
            f"{path} is to be a picture, and a badge is written as JSON: call it "
            f"{path.stem}.json, publish it, and show https://img.shields.io/endpoint?url=…"
        )
    return path


def _whole(options: Mapping[str, Any]) -> bool:
    return not (options["only"] or options["replay"])


def _lasting(options: Mapping[str, Any]) -> tuple[str, ...]:
    """Return the options without which a finding may not be the same."""
    setup = ("--setup", options["setup"]) if options["setup"] else ()
    timeout = options["timeout"]
    declares = (word for name in options["declares"] for word in ("--declare", name))
    return (*setup, *(("--timeout", f"{timeout:g}") if timeout != TIMEOUT else ()), *declares)


def _chosen(only: Sequence[str], files: Sequence[Path]) -> Sequence[Chosen]:
    """Return the vectors asked for: of files and by name, or all."""
    every = shipped.all_vectors()
    for name in only:
        if not any(fnmatch.fnmatchcase(case.slug, name) for case in every):
            meant = near(name, (case.slug for case in every))
            raise click.UsageError(
                f"no vector is called {name!r}; truebook vectors lists them. {meant}".rstrip()
            )
    if not files:
        only = only or ("*",)
    try:
        loaded: list[Chosen] = [(load(path), ("--replay", str(path))) for path in files]
    except CaseError as error:
        raise click.UsageError(f"cannot replay: {error}") from error
    named = [case for case in every if any(fnmatch.fnmatchcase(case.slug, p) for p in only)]
    return [*loaded, *((case, ("--only", case.slug)) for case in named)]


def _expected(path: Path | None) -> Mapping[str, str]:
    if path is None:
        return {}
    try:
        data = json.loads(path.read_text("utf-8"))
    except (ValueError, RecursionError) as error:
        raise click.UsageError(f"cannot read {path}: it is not JSON: {error}") from error
    slugs = [case.slug for case in shipped.all_vectors()]
    if not isinstance(data, dict) or not all(isinstance(v, str) for v in data.values()):
        raise click.UsageError(f"{path} must be one object: the slug or finding to the reason")
    for slug in data:
        if not is_name(slug) and slug not in slugs:
            meant = near(slug, slugs)
            raise click.UsageError(f"{path}: no vector is called {slug!r}. {meant}".rstrip())
    return data


def _write(run: Run, expected: Mapping[str, str], options: Mapping[str, Any]) -> list[str]:
    """Write the reports that are asked for; return what could not be written."""
    made: dict[str, str] = {}
    if options["json_file"]:
        made["json_file"] = json.dumps(machine.json_of(run), indent=1) + "\n"
    if options["junit"]:
        made["junit"] = machine.junit_of(run)
    if options["sarif"]:
        made["sarif"] = json.dumps(machine.sarif_of(run), indent=1) + "\n"
    if options["markdown"]:
        made["markdown"] = machine.markdown_of(run)
    if options["badge"]:
        made["badge"] = json.dumps(machine.badge_of(run)) + "\n"
    if options["write_expected"]:
        made["write_expected"] = json.dumps(_failing(run, expected), indent=1) + "\n"
    lost = []
    for name, text in made.items():
        try:
            write(options[name], text)
        except click.UsageError as error:
            lost.append(error.message)
    return lost


def _failing(run: Run, expected: Mapping[str, str]) -> dict[str, str]:
    """Return the findings, and the vectors that fail otherwise, with the reasons that are known.

    What was not run stays.
    """
    tried = {r.slug: r.kind for r in run.results if r.stage == "vectors"}
    stay = (Kind.FAIL, Kind.DIFFERS, Kind.EXPECTED, *BROKE)
    kept = {
        name: why
        for name, why in expected.items()
        if (name not in run.stale if is_name(name) else tried.get(name, Kind.EXPECTED) in stay)
    }
    broke = [r.slug for r in run.faults if r.stage == "vectors" and r.kind in stay]
    found = [name for one in run.findings for name in one.names]
    return kept | {name: "to be explained" for name in (*found, *broke) if name not in kept}
