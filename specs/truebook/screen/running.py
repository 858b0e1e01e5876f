"""How a command is run, and how it ends: an exit code, and at most one line of what went wrong."""

import os
import signal
import sys
import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from typing import Any, TextIO

import click

from truebook.screen.help import Command
from truebook.screen.terminal import note
from truebook.specs.processes import LostWorkerError
from truebook.specs.properties import verdict as verdicts
from truebook.specs.words import near, plain

INTERRUPTED, TERMINATED = 130, 143
"""What a shell says of a program that is ended by Ctrl-C, or by SIGTERM."""
UNREAD = 141
"""What a shell says of a program whose output nobody reads any more."""


class TerminatedError(KeyboardInterrupt):
    """The program was told to end by SIGTERM."""


def run(commands: click.Group, arguments: Sequence[str]) -> int:
    """Run a command line and return its exit code; what went wrong is one line on stderr."""
    if sys.stdout is None:  # what is opened next would get its number, and be printed into
        _say("cannot go on: stdout is closed")
        return verdicts.USAGE
    for stream in (sys.stdout, sys.stderr):
        _show_anything(stream)
    try:
        with _sigterm_interrupts():
            return _run(commands, arguments)
    finally:
        _give_up(sys.stdout, sys.stderr)


def _run(commands: click.Group, arguments: Sequence[str]) -> int:
    try:
        code = commands.main(list(arguments), prog_name="truebook", standalone_mode=False)
    except click.ClickException as error:
        _say(error.format_message())
        return verdicts.USAGE
    except (KeyboardInterrupt, click.Abort):
        _say("interrupted; nothing was concluded")
        return INTERRUPTED
    except LostWorkerError:
        _say("a process of it was killed, for lack of memory perhaps; nothing was concluded")
        return verdicts.INCONCLUSIVE
    return int(code or 0)


@contextmanager
def _sigterm_interrupts() -> Iterator[None]:
    """Let SIGTERM end a command as an interrupt does, with all the processes that it began."""
    if threading.current_thread() is not threading.main_thread():
        yield
        return

    def interrupt(number: int, frame: object) -> None:
        raise TerminatedError

    before = signal.signal(signal.SIGTERM, interrupt)
    try:
        yield
    finally:
        signal.signal(signal.SIGTERM, before)


def _say(message: str) -> None:
    with suppress(OSError):  # nobody reads it
        if message.startswith("Usage: "):  # the help, where no command is named
            click.echo(message, err=True)
        else:
            note(plain(" ".join(message.split())))


class Commands(Command, click.Group):
    """Commands that say what is near a wrong name, and end in words where the system refuses."""

    command_class = Command

    def make_context(self, *arguments: Any, **options: Any) -> click.Context:
        """Read the command line; help is printed here."""
        with _in_words():
            return super().make_context(*arguments, **options)

    def invoke(self, ctx: click.Context) -> Any:
        """Run the command that was asked for."""
        with _in_words():
            code = super().invoke(ctx)
            sys.stdout.flush()
            return code

    def resolve_command(self, ctx: click.Context, args: list[str]) -> Any:
        """Return the command that is named."""
        name = args[0]
        if self.get_command(ctx, name) is None and not name.startswith("-"):
            meant = near(name, self.list_commands(ctx))
            ctx.fail(f"there is no command {name!r}. {meant}".rstrip())
        return super().resolve_command(ctx, args)


@contextmanager
def _in_words() -> Iterator[None]:
    """Say what the operating system refuses in words, and end quietly where nobody reads."""
    try:
        yield
    except TerminatedError:  # click would take it for an interrupt from the keyboard
        _say("terminated; nothing was concluded")
        raise click.exceptions.Exit(TERMINATED) from None
    except BrokenPipeError:
        raise click.exceptions.Exit(UNREAD) from None
    except OSError as error:
        where = "cannot go on" if error.filename is None else os.fsdecode(error.filename)
        raise click.ClickException(f"{where}: {error.strerror or error}") from error


def _give_up(*streams: TextIO | None) -> None:
    """Let nothing more be written to the streams that cannot be.

    What is still to be written to them would otherwise fail once more when the program ends.
    """
    for stream in streams:
        try:
            if stream is not None:
                stream.flush()
        except (OSError, ValueError):
            with suppress(OSError, ValueError):
                nowhere = os.open(os.devnull, os.O_WRONLY)
                os.dup2(nowhere, stream.fileno())  # type: ignore[union-attr]
                os.close(nowhere)


def _show_anything(stream: Any) -> None:
    """Let a stream show signs that it has no code for otherwise, rather than refuse a line."""
    if hasattr(stream, "reconfigure"):
        stream.reconfigure(errors="backslashreplace")
