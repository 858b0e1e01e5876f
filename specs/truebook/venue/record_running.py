"""Standing between a bot and its venue, as the command's options have it."""

import asyncio
import logging
import socket
from contextlib import suppress
from pathlib import Path
from urllib.parse import urlsplit

import click
from aiohttp import web

from truebook.screen.terminal import note
from truebook.specs.properties import verdict as verdicts
from truebook.venue.addresses import addresses
from truebook.venue.passing import SERVING, Passing
from truebook.venue.recording import Lines, NotOursError, Recording, now

HERE = "127.0.0.1"


def record(to: str, port: int, file: Path) -> int:
    """Pass and record until Ctrl-C; return the exit code."""
    with _listening(port) as listening:
        port = listening.getsockname()[1]
        if urlsplit(to).hostname in (HERE, "localhost") and urlsplit(to).port == port:
            raise click.UsageError(f"--to is this itself, which listens on port {port}")
        lines = _lines(file)
        first = 1 if lines.was_empty else now()  # no number is given twice in a file
        passing = Passing(to, Recording.to(lines), first)
        url, ws = addresses(HERE, port)
        where = f"{url} and {ws} pass to {_shown(to)}"
        logging.getLogger("aiohttp").setLevel(logging.ERROR)
        try:
            serve(passing, listening, f"{where}, recorded in {file}; Ctrl-C ends it")
        finally:
            with suppress(OSError):  # it was said
                lines.close()
    return verdicts.VIOLATED if lines.failed else verdicts.SHOWN


def serve(passing: Passing, listening: socket.socket, words: str) -> None:
    """Serve until Ctrl-C or SIGTERM; say some words once it does."""

    async def run() -> None:
        runner = web.AppRunner(passing.app(), handle_signals=True, **SERVING)
        await runner.setup()
        try:
            await web.SockSite(runner, listening).start()
            note(words)
            await asyncio.Event().wait()
        finally:
            await runner.cleanup()

    with suppress(web.GracefulExit, KeyboardInterrupt):
        asyncio.run(run())


def _listening(port: int) -> socket.socket:
    try:
        return socket.create_server((HERE, port))
    except OSError as error:
        raise click.UsageError(f"cannot listen on port {port}: {error.strerror}") from error


def _lines(file: Path) -> Lines:
    try:
        lines = Lines.onto(file)
    except NotOursError as error:
        raise click.UsageError(f"cannot add to {file}: {error}; name another file") from error
    except OSError as error:
        raise click.UsageError(f"cannot write {file}: {error.strerror}") from error

    def say(error: OSError) -> None:
        with suppress(OSError):  # nobody reads it, and the passing goes on
            words = f"{error.strerror}; what passes from here on is not recorded"
            note(f"cannot write {file}: {words}")

    lines.say = say
    return lines


def _shown(address: str) -> str:
    """Return an address without the name and the password that may be in it."""
    return urlsplit(address)._replace(netloc=urlsplit(address).netloc.rpartition("@")[2]).geturl()
