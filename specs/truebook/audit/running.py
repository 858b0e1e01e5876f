"""Auditing files, as the command's options have it."""

import json
import sys
import time
from collections.abc import Callable, Iterable, Sequence
from contextlib import ExitStack, closing, suppress
from pathlib import Path
from typing import Any

import click

from truebook.audit.auditor import Auditor
from truebook.audit.commands import DATES
from truebook.audit.finding import Finding
from truebook.audit.following import Following, refuse_what_cannot_grow, until_interrupted
from truebook.audit.jobs import Part, Task, fold, joined, shares
from truebook.audit.ledger import BooksNeededError
from truebook.audit.reading import CannotReadError, Dates, NotApartError, read
from truebook.audit.report import (
    blocks,
    finding_of,
    json_of,
    junit_of,
    markdown_of,
    of,
    sarif_of,
    summary_of,
    where,
)
from truebook.audit.seen import Place
from truebook.screen.layout import Line
from truebook.screen.progress import StatusLine
from truebook.screen.terminal import note, show
from truebook.screen.values import write
from truebook.specs.processes import side_by_side
from truebook.specs.words import plain

FORMS = "docs/audit.md has the forms of what can"
Held = dict[str, Any]
"""What a bot is held to besides the promises: its limit, and that it has ended."""
Engine = Callable[[Sequence[Task], StatusLine], Iterable[Part]]
"""Runs shares, and shows how far that is."""
OFTEN = 4_096
"""After so many things read the progress is looked at."""


def audit(files: Sequence[Path], options: dict[str, Any], *, as_json: bool) -> int:
    """Audit files, report, and return the exit code."""
    if options["follow"] and options["jobs"] is not None:
        raise click.UsageError("--jobs shares out files that are there: it is not for --follow")
    for option in ("limit", "ended"):
        if options["follow"] and options[option]:
            raise click.UsageError(f"--{option} is held to what has ended: it is not for --follow")
    if options["engine"] == "ray" and (options["jobs"] or 1) < 2:
        raise click.UsageError("--engine ray shares out: say among how many, as by --jobs 2")
    engine = _engine(options["engine"])
    files = _each_once(files)
    dates = None if options["dates"] is None else Dates(DATES[options["dates"]])
    held: Held = {name: options[name] for name in ("limit", "ended") if options[name]}
    try:
        if options["follow"]:
            auditor = _followed(files, dates, as_json=as_json)
        else:
            auditor = _whole(files, dates, held, options["jobs"] or 1, engine)
    except CannotReadError as error:
        raise click.UsageError(str(error)) from error
    if auditor.shows_nothing:
        raise click.UsageError(
            f"nothing of an account can be read in {', '.join(map(str, files))}: {FORMS}"
        )
    summary = summary_of(auditor, [str(path) for path in files])
    if options["junit"] is not None:
        write(options["junit"], junit_of(summary))
    if options["sarif"] is not None:
        write(options["sarif"], json.dumps(sarif_of(summary), indent=2) + "\n")
    if options["markdown"] is not None:
        write(options["markdown"], markdown_of(summary))
    if as_json:
        click.echo(json.dumps(json_of(summary), indent=None if options["follow"] else 2))
    else:
        show(blocks(summary, whole=options["whole"]))
    return 1 if summary.broken else 0


def _whole(
    files: Sequence[Path], dates: Dates | None, held: Held, jobs: int, engine: Engine
) -> Auditor:
    with StatusLine() as progress:
        try:
            with suppress(NotApartError):  # then one process reads it all
                # What else it is held to is of the account, and not of a market.
                auditor = None if held else _shared(files, dates, jobs, engine, progress)
                if auditor is not None:
                    return auditor
            books = "limit" in held
            return _audited(Auditor(books=books, **held), files, dates, progress)
        except BooksNeededError:  # from the beginning, as they are to be told everything
            return _audited(Auditor(**held), files, dates, progress)


def _audited(
    auditor: Auditor, files: Sequence[Path], dates: Dates | None, progress: StatusLine
) -> Auditor:
    for path in files:
        _take(auditor, path, dates, progress)
    auditor.finish()
    return auditor


def _engine(name: str) -> Engine:
    """Return what runs shares; ModuleNotFoundError at once where it is not installed."""
    if name == "ray":
        from truebook.audit.on_ray import on_ray  # an extra

        return on_ray
    return _side_by_side


def _side_by_side(tasks: Sequence[Task], progress: StatusLine) -> Iterable[Part]:
    def show(task: Task, words: str) -> None:
        progress.show(words)

    return side_by_side(fold, tasks, jobs=len(tasks), progress=show)


def _shared(
    files: Sequence[Path], dates: Dates | None, jobs: int, engine: Engine, progress: StatusLine
) -> Auditor | None:
    """Return the audit of files that several processes share; None where one may as well do it."""
    tasks = [Task(files, dates, share) for share in shares(files, jobs)] if jobs > 1 else []
    if len(tasks) < 2:
        return None
    auditor = joined(engine(tasks, progress))
    auditor.finish()
    return auditor


def _each_once(files: Sequence[Path]) -> list[Path]:
    """Return files without those that are named twice."""
    return list({path.resolve(): path for path in reversed(files)}.values())[::-1]


def _take(auditor: Auditor, path: Path, dates: Dates | None, progress: StatusLine) -> None:
    began = time.monotonic()
    for number, seen in enumerate(read(path, dates=dates), 1):
        auditor.take(seen)
        if number % OFTEN == 0 and time.monotonic() - began > 1:
            _show(progress, seen.place)


def _followed(files: Sequence[Path], dates: Dates | None, *, as_json: bool) -> Auditor:
    refuse_what_cannot_grow(files)
    with ExitStack() as stack:
        ended = stack.enter_context(until_interrupted())
        following = stack.enter_context(
            closing(Following(_say_as_json if as_json else _say, note, ended))
        )
        with StatusLine() as progress:
            for number, place in enumerate(following.catch_up(files, dates), 1):
                if number % OFTEN == 0:
                    _show(progress, place)
        if not ended.is_set():
            where = ", ".join(f"{one.path}:{one.line}" for one in following.growing)
            note(f"read up to {where}; what comes is read as it comes, until you press Ctrl-C")
        following.go_on()
    if not as_json:
        click.echo()
    following.auditor.finish()
    return following.auditor


def _say(found: Sequence[Finding], gone: Sequence[Finding]) -> None:
    lines = (
        Line(f"{before}{where(one)}  ", f"{one.kind}: {plain(of(one))}")
        for before, some in (("", found), ("no longer so: ", gone))
        for one in some
    )
    show(lines, whole=True)
    sys.stdout.flush()


def _say_as_json(found: Sequence[Finding], gone: Sequence[Finding]) -> None:
    for name, some in (("found", found), ("gone", gone)):
        for one in some:
            click.echo(json.dumps({name: finding_of(one)}))
    sys.stdout.flush()


def _show(progress: StatusLine, place: Place) -> None:
    progress.show(f"{Path(place.file).name}: line {place.line:,}")
