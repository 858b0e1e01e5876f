"""`truebook journal`: whether a journal is as it was written, what is in it, and saving it."""

import json
from collections import deque
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, TypeVar

import attrs
import click

from truebook.impl.journal import Call, DamagedError, Health, JournalError, calls_of, save, verify
from truebook.screen.layout import Block, Command, Line, line
from truebook.screen.options import json_option
from truebook.screen.running import Commands
from truebook.screen.terminal import note, show
from truebook.screen.values import ReadFile, Whole, WrittenFile
from truebook.specs.properties import verdict
from truebook.specs.words import counted, plain

_Found = TypeVar("_Found")
_FILE = click.argument("file", type=ReadFile())


@click.group(cls=Commands)
def journal() -> None:
    """Check, show and repair the journal of a book."""


@journal.command("verify")
@_FILE
@click.option("--replay", is_flag=True, help="Compare every snapshot with the book of its events.")
@json_option
def verify_command(file: Path, replay: bool, as_json: bool) -> int:
    """Read all of a journal, and say whether it is as it was written.

    The file is not changed. Exit codes: 0 it is, 1 it is damaged, 2 it cannot be told.
    """
    health = _asked(lambda: verify(file, replay=replay))
    if as_json:
        click.echo(json.dumps(attrs.asdict(health) | {"path": str(file)}))
    else:
        show(_health(file, health, replay=replay))
    return verdict.VIOLATED if health.damage else verdict.SHOWN


def _health(file: Path, health: Health, *, replay: bool) -> Iterator[Block]:
    if health.damage:
        yield Line("damaged     ", health.damage, style="bad")
        if health.beyond:
            yield line(f"            {_beyond(health.beyond)}")
        if health.events:
            events = counted(health.events, "event")
            yield line(f"            the first {events} can be saved:")
        if health.events or health.beyond:
            command = ("truebook", "journal", "repair", str(file), "--into", "NEW")
            yield Command("            ", command)
        else:
            yield line("            no event of a journal can be read from it")
    else:
        taken = ", ".join(f"{seq:,}" for seq in health.snapshots) or "none"
        yield Line("as written  ", counted(health.events, "event"), style="good")
        compared = ", as the book of the events before" if replay and health.snapshots else ""
        yield line(f"            snapshots after: {taken}{compared}")


@journal.command("show")
@_FILE
@click.option("--last", type=Whole(1, 10**9), help="Only so many, the last ones.")
@click.option("--json", "as_json", is_flag=True, help="Print one object a line for machines.")
def show_command(file: Path, last: int | None, as_json: bool) -> int:
    """Print the calls of a journal, one a line; it must be as it was written.

    Exit codes: 0 all were printed, 1 it is damaged from there on, 2 it cannot be told.
    """
    try:
        calls = _asked(lambda: calls_of(file))
        for seq, call in calls if last is None else deque(calls, maxlen=last):
            if as_json:
                click.echo(_json(seq, call))
            else:
                show([_line(seq, call)])
    except DamagedError as error:
        note(plain(str(error)))
        return verdict.VIOLATED
    except JournalError as error:
        raise click.UsageError(str(error)) from error
    return verdict.SHOWN


@journal.command("repair")
@_FILE
@click.option(
    "--into",
    required=True,
    type=WrittenFile(),
    help="The new journal; the damaged one stays as it is.",
)
def repair_command(file: Path, into: Path) -> int:
    """Write what can be saved of a journal into a new one.

    Those are the events from the first on up to the one that is lost: a book cannot skip one, so
    that those beyond are only counted, unless a snapshot beyond it stands. Compare the book with
    the venue before it trades: a pass of SafetySync finds what the lost events would have told.
    Exit codes: 0 it was written, 2 nothing can be saved or written.
    """
    saved = _asked(lambda: save(file, into))
    show([line(f"{into}: {counted(saved.events, 'event')} saved")])
    if saved.snapshot:
        show([line(f"it begins with the book as it was after event {saved.snapshot:,}")])
    if saved.beyond:
        show([line(_beyond(saved.beyond))])
    return verdict.SHOWN


def _asked(ask: Callable[[], _Found]) -> _Found:
    try:
        return ask()
    except JournalError as error:
        raise click.UsageError(str(error)) from error


def _beyond(events: int) -> str:
    return f"{events:,} stand beyond the first that is lost: only by a snapshot can a book skip one"


def _json(seq: int, call: Call) -> str:
    method, arguments = _told(call)
    return json.dumps({"seq": seq, "method": method, "arguments": arguments})


def _line(seq: int, call: Call) -> Line:
    method, arguments = _told(call)
    said = ", ".join(f"{name}={json.dumps(value)}" for name, value in arguments.items())
    return Line(f"{seq:>9}  ", f"{method}({said})")


def _told(call: Call) -> tuple[str, dict[str, Any]]:
    """Return a call as plain values; a cloid that the book made is among its arguments."""
    method, arguments, *_ = json.loads(call.to_json())
    return method, arguments
