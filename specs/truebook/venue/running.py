"""Serving a venue, and trying bots on it, as the command's options have it."""

import asyncio
import json
import logging
from collections.abc import Callable, Sequence
from contextlib import suppress
from decimal import Decimal
from pathlib import Path
from typing import Any

import click
from aiohttp import web

from truebook.impl.venues.hyperliquid import markets
from truebook.screen.progress import StatusLine
from truebook.screen.terminal import note, show
from truebook.screen.values import write
from truebook.specs.properties import verdict as verdicts
from truebook.venue.addresses import addresses
from truebook.venue.engine import Crowd, Exchange, Market
from truebook.venue.faults import TRUTHFUL, Mischief, Plan, drawn, from_json, to_json
from truebook.venue.server import Recorder, Server
from truebook.venue.verdict import (
    BELIEF,
    CannotStartError,
    Shortest,
    Trial,
    Trials,
    blocks,
    fewer,
    first_of,
    json_of,
    junit_of,
    read_belief,
    sarif_of,
    tried,
)
from truebook.venue.wire import is_address

Named = tuple[str, int, Decimal]
"""A market: its coin, the decimals of its sizes, its first price."""


def _exchange(options: dict[str, Any]) -> Exchange:
    named: Sequence[Named] = options["markets"]
    step = Decimal(options["step"]) / 10_000
    listed = [
        Market(markets.Market(coin, asset, decimals), price, step=step)
        for asset, (coin, decimals, price) in enumerate(named)
    ]
    by_coin = {market.coin: market for market in listed}
    return Exchange(by_coin, Decimal(options["balance"]), Decimal(options["volume"]))


def _plan_of(options: dict[str, Any], seed: int) -> Plan:
    if options["plan"] is not None:
        return _read(options["plan"])
    if options["rate"] or options["lies"]:
        return drawn(seed, options["rate"], lies=options["lies"])
    return TRUTHFUL


def _read(path: Path) -> Plan:
    try:
        return from_json(path.read_text("utf-8"))
    except ValueError as error:
        raise click.UsageError(f"cannot read the plan {path}: {error}") from error


def serve(options: dict[str, Any]) -> int:
    """Serve until Ctrl-C; return the exit code."""
    host, port, seed = options["host"], options["port"], options["seed"]
    url, ws = addresses(host, port)
    recorder = None if options["record"] is None else _recorder(options["record"])
    server = Server.of(
        _exchange(options),
        crowd=None if options["alone"] else Crowd.of(seed, unasked=options["unasked"]),
        mischief=Mischief(_plan_of(options, seed)),
        listeners=() if recorder is None else (recorder,),
    )
    for address in options["accounts"]:
        if not is_address(address):
            raise click.UsageError(f"{address!r:.80} is no address: 0x and 40 hexadecimal digits")
        server.desk.signers.learn(address)
    logging.getLogger("aiohttp").setLevel(logging.ERROR)

    async def hear(request: web.Request) -> web.Response:
        status, text = read_belief(await request.read(), server.desk.exchange.markets)
        return web.Response(status=status, text=text)

    app = server.app()
    app.router.add_post(BELIEF, hear)
    try:
        web.run_app(
            app,
            host=host,
            port=port,
            print=lambda *_: note(f"{url} and {ws}; Ctrl-C ends it"),
            access_log=None,
            shutdown_timeout=1.0,
        )
    except OSError as error:
        raise click.UsageError(
            f"cannot listen on port {port} of {host}: {error.strerror}"
        ) from error
    finally:
        _close(recorder)
    return verdicts.SHOWN


def _recorder(path: Path) -> Recorder:
    """Return what records to a file; what cannot be written is said at once."""
    try:
        recorder = Recorder.of(path)
    except OSError as error:
        raise click.UsageError(f"cannot write {path}: {error.strerror}") from error
    if recorder.lines.failed is not None:
        _close(recorder)

    def say(error: OSError) -> None:
        with suppress(OSError):  # nobody reads it, and the venue goes on
            note(f"cannot write {path}: {error.strerror}; what is said from here on is not there")

    recorder.lines.say = say
    return recorder


def _close(recorder: Recorder | None) -> None:
    try:
        if recorder is not None:
            recorder.close()
    except OSError as error:
        raise click.UsageError(f"cannot write {error.filename}: {error.strerror}") from error


def judge(command: tuple[str, ...], options: dict[str, Any], *, as_json: bool) -> int:
    """Try a bot as the options have it, show what it breaks, and return the exit code."""
    trials = Trials(
        command=command,
        markets=lambda: _exchange(options),
        seconds=options["seconds"],
        quiet=options["quiet"],
        lag=options["lag"],
        limit=options["limit"],
        unasked=options["unasked"],
    )
    logging.getLogger("aiohttp").setLevel(logging.ERROR)
    with StatusLine() as status:
        try:
            found, shortest = asyncio.run(_runs(trials, options, status.show))
        except CannotStartError as error:
            raise click.UsageError(str(error)) from error
        except OSError as error:
            raise click.UsageError(f"cannot write {error.filename}: {error.strerror}") from error
    if as_json:
        click.echo(json.dumps(json_of(found, shortest), indent=1))
    else:
        show(list(blocks(found, shortest)))
    if options["save"] is not None and any(one.breaches for one in found):
        first = shortest or [Shortest.of(*one) for one in first_of(found).items()]
        write(options["save"], to_json(Plan(first[0].faults)))
    if options["junit"] is not None:
        write(options["junit"], junit_of(found))
    if options["sarif"] is not None:
        told = sarif_of(found, shortest, command=command, plan=options["plan"])
        write(options["sarif"], json.dumps(told, indent=1) + "\n")
    return verdicts.VIOLATED if any(one.breaches for one in found) else verdicts.SHOWN


async def _runs(
    trials: Trials, options: dict[str, Any], tell: Callable[[str], None]
) -> tuple[list[Trial], list[Shortest]]:
    found = []
    for number in range(options["runs"]):
        tell(f"run {number + 1} of {options['runs']}")
        seed = options["seed"] + number
        record = options["record"] if number == 0 else None
        found.append(await tried(trials, _plan_of(options, seed), seed, record=record))
    shortest = []
    for promise, one in first_of(found).items() if options["shrink"] else ():
        seed = one.seed

        async def again(plan: Plan, seed: int = seed) -> Trial:
            return await tried(trials, plan, seed)

        tell(f"fewer faults that break {promise}")
        shortest.append(await fewer(one, promise, again, most=options["shrink"], times=3))
    return found, shortest
