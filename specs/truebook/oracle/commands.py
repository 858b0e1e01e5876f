"""The commands `truebook conform` and `truebook vectors`."""

import fnmatch
import json
import math
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import click

from truebook.oracle import machine, report
from truebook.oracle import vectors as vectors_module
from truebook.oracle.cases import CaseError, load
from truebook.oracle.conform import (
    Chosen,
    Gathering,
    check_smoke,
    run_edges,
    run_plans,
    run_vectors,
    saved,
)
from truebook.oracle.mutants import MUTANTS, Death, killed, matrix
from truebook.oracle.process import program
from truebook.oracle.report import Run
from truebook.oracle.results import BAD, BROKE, Kind
from truebook.specs import verdict as verdicts

STYLES: dict[str, dict[str, Any]] = {
    "title": {"bold": True},
    "good": {"fg": "green"},
    "bad": {"fg": "red"},
    "plain": {},
}
INTERRUPTED, TERMINATED = 130, 143
TIMEOUT = 5.0
REPORTS = ("json_file", "junit", "sarif", "markdown", "badge", "write_expected")
FILE = click.Path(dir_okay=False, path_type=Path)
STAGES = ("vectors", "edges", "random")
FOUND = ("edges", "random")
"""The stages whose findings are saved: they have no vector."""


@click.command(context_settings={"ignore_unknown_options": False})
@click.argument("command", nargs=-1, required=True, metavar="-- COMMAND…")
@click.option("--only", multiple=True, metavar="SLUG", help="These vectors alone; * and ? match.")
@click.option("--replay", multiple=True, type=FILE, help="Vectors of these files alone.")
@click.option(
    "--stage", "stages", multiple=True, type=click.Choice(STAGES), help="This stage; repeatable."
)
@click.option(
    "--jobs",
    type=click.IntRange(min=1),
    default=1,
    show_default=True,
    help="Subjects side by side.",
)
@click.option(
    "--timeout",
    type=click.FloatRange(min=0, min_open=True, max=86_400),
    callback=lambda context, option, value: _number(value),
    default=TIMEOUT,
    show_default=True,
    help="Seconds an answer may take.",
)
@click.option("--deep", is_flag=True, help="Every two edges in a row of every scenario: minutes.")
@click.option(
    "--examples", type=click.IntRange(min=0), default=200, show_default=True, help="Random runs."
)
@click.option("--setup", metavar="COMMAND", help="Run this first, however long it takes.")
@click.option("--expected", type=FILE, help="Vectors that are known to fail, with reasons.")
@click.option("--write-expected", type=FILE, help="Write those that fail now, to be explained.")
@click.option(
    "--save",
    type=click.Path(file_okay=False, path_type=Path),
    default=Path("truebook-findings"),
    show_default=True,
    help="Where counterexamples are saved.",
)
@click.option("--json", "json_file", type=FILE, help="Write the results as JSON.")
@click.option("--junit", type=FILE, help="Write them as JUnit XML.")
@click.option("--sarif", type=FILE, help="Write the findings as SARIF.")
@click.option("--markdown", type=FILE, help="Write a summary as Markdown.")
@click.option("--badge", type=FILE, help="Write a badge.")
def conform(command: tuple[str, ...], **options: Any) -> int:
    """Hold any book, in any language, to the model.

    COMMAND is an adapter: a program that speaks the protocol of docs/protocol.md on its stdin and
    stdout. It is first asked whether it can hold a conversation, then told the vectors, then every
    edge of the bounded model, then random runs.

    \b
    Exit codes: 0 all shown, 1 the book is wrong, 2 usage or nothing tested, 3 the adapter broke,
    4 inconclusive, 130 interrupted.
    """  # noqa: D301
    for name in REPORTS:
        _check_folder(options[name])
    _import_for(_stages(options))
    chosen = _chosen(options["only"], options["replay"])
    expected = _expected(options["expected"])
    if options["setup"]:
        done = subprocess.run(options["setup"], shell=True, stdout=2, check=False)
        if done.returncode:
            click.echo(f"truebook: --setup ended with exit code {done.returncode}", err=True)
            return verdicts.SUBJECT_BROKE
    gathering, interrupted = Gathering(), 0
    try:
        with _sigterm_interrupts():
            _run(gathering, command, chosen, expected, options)
    except KeyboardInterrupt as ended:
        interrupted = TERMINATED if isinstance(ended, _TerminatedError) else INTERRUPTED
    results = [
        saved(result, options["save"]) if result.stage in FOUND and result.kind in BAD else result
        for result in gathering.results
    ]
    run = Run(
        about=gathering.about,
        command=command,
        results=tuple(results),
        options=_lasting(options),
        whole=_whole(options),
        interrupted=interrupted,
    )
    _write(run, expected, options)  # first: whoever reads what is printed may stop reading
    for style, line in report.lines_of(run):
        click.secho(line, **STYLES[style])
    return run.exit_code


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
    tell = _Progress()
    try:
        if "vectors" in stages:
            jobs = options["jobs"]
            run_vectors(gathering, opener, chosen, jobs=jobs, expected=expected, told=tell)
        if "edges" in stages:
            run_edges(gathering, opener, deep=options["deep"], told=tell)
        if "random" in stages and options["examples"]:
            run_plans(gathering, opener, examples=options["examples"], told=tell)
    finally:
        tell.end()


def _stages(options: Mapping[str, Any]) -> Sequence[str]:
    return options["stages"] or (STAGES if _whole(options) else ("vectors",))


def _import_for(stages: Sequence[str]) -> None:
    """Import what only some stages need: what is missing is then told before a run, not after."""
    if "edges" in stages:
        from truebook.oracle import edges  # noqa: F401
    if "random" in stages:
        from truebook.oracle import plans  # noqa: F401


class _TerminatedError(KeyboardInterrupt):
    """The program was told to end by SIGTERM."""


@contextmanager
def _sigterm_interrupts() -> Iterator[None]:
    """Let SIGTERM end a run as an interrupt does: its results are kept, its children ended."""
    if threading.current_thread() is not threading.main_thread():
        yield
        return

    def interrupt(number: int, frame: object) -> None:
        raise _TerminatedError

    before = signal.signal(signal.SIGTERM, interrupt)
    try:
        yield
    finally:
        signal.signal(signal.SIGTERM, before)


def _number(value: float) -> float:
    if math.isnan(value):
        raise click.BadParameter("it is not a number of seconds")
    return value


def _whole(options: Mapping[str, Any]) -> bool:
    return not (options["only"] or options["replay"])


def _lasting(options: Mapping[str, Any]) -> tuple[str, ...]:
    """Return the options without which a finding may not be the same."""
    setup = ("--setup", options["setup"]) if options["setup"] else ()
    timeout = options["timeout"]
    return (*setup, *(("--timeout", f"{timeout:g}") if timeout != TIMEOUT else ()))


def _check_folder(path: Path | None) -> None:
    """Refuse a file that could not be written when the run is over."""
    if path is not None and not path.parent.is_dir():
        raise click.UsageError(f"cannot write {path}: there is no folder {path.parent}")


def _chosen(only: Sequence[str], files: Sequence[Path]) -> Sequence[Chosen]:
    """Return the vectors asked for: of files and by name, or all."""
    every = vectors_module.all_vectors()
    for name in only:
        if not any(fnmatch.fnmatchcase(case.slug, name) for case in every):
            raise click.UsageError(f"no vector is called {name!r}; truebook vectors lists them")
    if not files:
        only = only or ("*",)
    try:
        loaded: list[Chosen] = [(load(path), ("--replay", str(path))) for path in files]
    except (OSError, CaseError) as error:
        raise click.UsageError(f"cannot replay: {error}") from error
    named = [case for case in every if any(fnmatch.fnmatchcase(case.slug, p) for p in only)]
    return [*loaded, *((case, ("--only", case.slug)) for case in named)]


def _expected(path: Path | None) -> Mapping[str, str]:
    if path is None:
        return {}
    try:
        data = json.loads(path.read_text("utf-8"))
    except (OSError, ValueError) as error:
        raise click.UsageError(f"cannot read {path}: {error}") from error
    known = {case.slug for case in vectors_module.all_vectors()}
    if not isinstance(data, dict) or not all(isinstance(v, str) for v in data.values()):
        raise click.UsageError(f"{path} must be one object: slug to reason")
    for slug in data:
        if slug not in known:
            raise click.UsageError(f"{path}: no vector is called {slug!r}")
    return data


def _write(run: Run, expected: Mapping[str, str], options: Mapping[str, Any]) -> None:
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
    for name, text in made.items():
        options[name].write_text(text, "utf-8")


def _failing(run: Run, expected: Mapping[str, str]) -> dict[str, str]:
    """Return the vectors that fail, with the reasons that are known; what was not run stays."""
    tried = {r.slug: r.kind for r in run.results if r.stage == "vectors"}
    stay = (Kind.FAIL, Kind.EXPECTED, *BROKE)
    kept = {slug: why for slug, why in expected.items() if tried.get(slug, Kind.EXPECTED) in stay}
    return kept | {
        slug: "to be explained" for slug, kind in tried.items() if kind in stay and slug not in kept
    }


class _Progress:
    """Says on stderr how far a run has come; on a terminal in one line."""

    def __init__(self) -> None:
        self._live = sys.stderr.isatty()
        self._last = time.monotonic()

    def __call__(self, words: str) -> None:
        now = time.monotonic()
        if self._live:
            click.echo(f"\r\x1b[K{words}", err=True, nl=False)
        elif now - self._last > 2:
            self._last = now
            click.echo(words, err=True)

    def end(self) -> None:
        """Take the line away."""
        if self._live:
            click.echo("\r\x1b[K", err=True, nl=False)


@click.command()
@click.argument("folder", required=False, type=click.Path(file_okay=False, path_type=Path))
@click.option("--remake", is_flag=True, help="Make those that come of the model again, in place.")
@click.option("--jobs", type=click.IntRange(min=1), help="Processes. Default: one a core.")
def vectors(folder: Path | None, remake: bool, jobs: int | None) -> int:
    """Write every vector into FOLDER, with a manifest of hashes; or list them."""
    if remake:
        from truebook.oracle import build  # noqa: F401  # before other processes miss what it needs

        for path, text in vectors_module.remade(jobs=jobs):
            path.write_text(text, "utf-8")
            click.echo(f"made {path.name}", err=True)
        vectors_module.all_vectors.cache_clear()
    if folder is not None:
        count = vectors_module.write(folder)
        click.echo(f"{count} vectors and manifest.json in {folder}")
    elif not remake:
        for case in vectors_module.all_vectors():
            click.echo(f"{case.slug:<60} {case.severity:<8} {case.title}")
    return verdicts.SHOWN


@click.command()
@click.option("--json", "as_json", is_flag=True, help="Print one object for machines.")
def mutants(as_json: bool) -> int:
    """Break the reference on purpose, and print which vectors notice.

    \b
    Exit codes: 0 every mutant dies or is known to live rightly, 1 one lives.
    """  # noqa: D301
    every, tell = vectors_module.all_vectors(), _Progress()
    deaths: list[Death] = []
    for mutant in MUTANTS:
        tell(f"mutant {len(deaths) + 1} of {len(MUTANTS)}: {mutant.name}")
        deaths.append(killed(mutant, every))
    tell.end()
    if as_json:
        found = {
            death.mutant.name: {
                "words": death.mutant.words,
                "killed_by": list(death.killers),
                "survives": death.mutant.survives,
            }
            for death in deaths
        }
        click.echo(json.dumps({"vectors": len(every), "mutants": found}, indent=1))
    else:
        for line in matrix(deaths):
            click.echo(line)
    alive = [d for d in deaths if not d.killers and not d.mutant.survives]
    return verdicts.VIOLATED if alive else verdicts.SHOWN
