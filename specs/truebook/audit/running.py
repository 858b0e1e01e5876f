"""Auditing files, as the command's options have it."""

import json
import time
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import click

from truebook.audit.auditor import Auditor
from truebook.audit.commands import DATES
from truebook.audit.ledger import BooksNeededError
from truebook.audit.reading import CannotReadError, Dates, read
from truebook.audit.report import blocks, json_of, junit_of, markdown_of, sarif_of, summary_of
from truebook.screen.progress import StatusLine
from truebook.screen.terminal import show
from truebook.screen.values import write

FORMS = "docs/audit.md has the forms of what can"
OFTEN = 4_096
"""After so many things read the progress is looked at."""


def audit(files: Sequence[Path], options: dict[str, Any], *, as_json: bool) -> int:
    """Audit files, report, and return the exit code."""
    files = _each_once(files)
    dates = None if options["dates"] is None else Dates(DATES[options["dates"]])
    limit, ended = options["limit"], options["ended"]
    with StatusLine() as progress:
        try:
            auditor = _audited(
                Auditor(books=limit is not None, limit=limit, ended=ended), files, dates, progress
            )
        except BooksNeededError:  # from the beginning, as they are to be told everything
            auditor = _audited(Auditor(limit=limit, ended=ended), files, dates, progress)
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
        click.echo(json.dumps(json_of(summary), indent=2))
    else:
        show(blocks(summary, whole=options["whole"]))
    return 1 if summary.broken else 0


def _audited(
    auditor: Auditor, files: Sequence[Path], dates: Dates | None, progress: StatusLine
) -> Auditor:
    for path in files:
        _take(auditor, path, dates, progress)
    auditor.finish()
    return auditor


def _each_once(files: Sequence[Path]) -> list[Path]:
    """Return files without those that are named twice."""
    return list({path.resolve(): path for path in reversed(files)}.values())[::-1]


def _take(auditor: Auditor, path: Path, dates: Dates | None, progress: StatusLine) -> None:
    began = time.monotonic()
    try:
        for number, seen in enumerate(read(path, dates=dates), 1):
            auditor.take(seen)
            if number % OFTEN == 0 and time.monotonic() - began > 1:
                progress.show(f"{path.name}: line {seen.place.line:,}")
    except CannotReadError as error:
        raise click.UsageError(str(error)) from error
