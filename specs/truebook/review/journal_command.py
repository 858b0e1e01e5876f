"""`truebook journal`: whether a journal is as it was written, what is in it, and saving it."""

import json
from collections import deque
from collections.abc import Callable
from pathlib import Path
from typing import TypeVar

import attrs
import click

from truebook.impl import store
from truebook.impl.calls import Call
from truebook.specs import verdict

_Found = TypeVar("_Found")
_FILE = click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))


@click.group()
def journal() -> None:
    """Check, show and repair the journal of a book."""


@journal.command("verify")
@_FILE
@click.option("--replay", is_flag=True, help="Compare every snapshot with the book of its events.")
@click.option("--json", "as_json", is_flag=True, help="Print one object for machines.")
def verify_command(file: Path, replay: bool, as_json: bool) -> int:
    """Read all of a journal, and say whether it is as it was written.

    The file is not changed. Exit codes: 0 it is, 1 it is damaged, 2 it cannot be told.
    """
    health = _asked(lambda: store.verify(file, replay=replay))
    if as_json:
        click.echo(json.dumps(attrs.asdict(health) | {"path": str(file)}))
    elif health.damage:
        click.secho(f"damaged     {health.damage}", fg="red")
        if health.beyond:
            click.echo(f"            {_beyond(health.beyond)}")
        if health.events:
            click.echo(f"            the first {health.events:,} events can be saved:")
        if health.events or health.beyond:
            click.echo(f"            truebook journal repair {file} --into NEW")
        else:
            click.echo("            no event of a journal can be read from it")
    else:
        taken = ", ".join(f"{seq:,}" for seq in health.snapshots) or "none"
        click.secho(f"as written  {health.events:,} events", fg="green")
        compared = ", as the book of the events before" if replay and health.snapshots else ""
        click.echo(f"            snapshots after: {taken}{compared}")
    return verdict.VIOLATED if health.damage else verdict.SHOWN


@journal.command("show")
@_FILE
@click.option("--last", type=click.IntRange(min=1), help="Only so many, the last ones.")
@click.option("--json", "as_json", is_flag=True, help="Print one object a line for machines.")
def show_command(file: Path, last: int | None, as_json: bool) -> int:
    """Print the calls of a journal, one a line; it must be as it was written.

    Exit codes: 0 all were printed, 1 it is damaged from there on, 2 it cannot be told.
    """
    try:
        calls = _asked(lambda: store.calls_of(file))
        for seq, call in calls if last is None else deque(calls, maxlen=last):
            click.echo(_line(seq, call, as_json))
    except store.DamagedError as error:
        click.echo(f"truebook: {error}", err=True)
        return verdict.VIOLATED
    except store.JournalError as error:
        raise click.UsageError(str(error)) from error
    return verdict.SHOWN


@journal.command("repair")
@_FILE
@click.option(
    "--into",
    required=True,
    type=click.Path(exists=False, path_type=Path),
    help="The new journal; the damaged one stays as it is.",
)
def repair_command(file: Path, into: Path) -> int:
    """Write what can be saved of a journal into a new one.

    Those are the events from the first on up to the one that is lost: a book cannot skip one, so
    that those beyond are only counted, unless a snapshot beyond it stands. Compare the book with
    the venue before it trades: a pass of SafetySync finds what the lost events would have told.
    Exit codes: 0 it was written, 2 nothing can be saved or written.
    """
    saved = _asked(lambda: store.save(file, into))
    click.echo(f"{into}: {saved.events:,} events saved")
    if saved.snapshot:
        click.echo(f"it begins with the book as it was after event {saved.snapshot:,}")
    if saved.beyond:
        click.echo(_beyond(saved.beyond))
    return verdict.SHOWN


def _asked(ask: Callable[[], _Found]) -> _Found:
    try:
        return ask()
    except store.JournalError as error:
        raise click.UsageError(str(error)) from error


def _beyond(events: int) -> str:
    return f"{events:,} stand beyond the first that is lost: only by a snapshot can a book skip one"


def _line(seq: int, call: Call, as_json: bool) -> str:
    method, arguments = json.loads(call.to_json())
    if as_json:
        return json.dumps({"seq": seq, "method": method, "arguments": arguments})
    said = ", ".join(f"{name}={json.dumps(value)}" for name, value in arguments.items())
    return f"{seq:>9}  {method}({said})"
