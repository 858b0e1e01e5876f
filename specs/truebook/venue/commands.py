"""The command `truebook venue`."""

import asyncio
import json
import logging
from collections.abc import Callable, Sequence
from decimal import Decimal, InvalidOperation
from pathlib import Path
from typing import Any

import attrs
import click
from aiohttp import web

from truebook.impl.venues.hyperliquid.markets import Market as Listed
from truebook.screen.help import Command
from truebook.screen.options import json_option
from truebook.screen.progress import StatusLine
from truebook.screen.terminal import note, show
from truebook.screen.values import WrittenFile
from truebook.specs.properties import verdict as verdicts
from truebook.venue.engine import Crowd, Exchange, Market
from truebook.venue.faults import TRUTHFUL, Mischief, Plan, drawn, from_json, to_json
from truebook.venue.server import Recorder, Server
from truebook.venue.verdict import Shortest, Trial, Trials, fewer, first_of, tried
from truebook.venue.verdict.text import blocks

PORT = 3001
"""The official SDKs call this port local."""
HERE = "127.0.0.1"
MARKETS = ("BTC:5:60000", "ETH:4:3000", "SOL:2:150")

Named = tuple[str, int, Decimal]


def _markets(
    context: click.Context, option: click.Parameter, words: tuple[str, ...]
) -> list[Named]:
    return [_market(one) for one in words]


def _market(words: str) -> Named:
    try:
        coin, decimals, price = words.split(":")
        found = coin, int(decimals), Decimal(price)
    except (ValueError, InvalidOperation):
        raise click.BadParameter(f"{words!r} is no market: name one as BTC:5:60000") from None
    if not coin or not 0 <= found[1] <= 6 or not found[2].is_finite() or found[2] <= 0:
        raise click.BadParameter(f"{words!r} is no market: 0 to 6 decimals, a price above 0")
    return found


def _plan(context: click.Context, option: click.Parameter, path: Path | None) -> Plan | None:
    try:
        return None if path is None else from_json(path.read_text("utf-8"))
    except ValueError as error:
        raise click.BadParameter(f"cannot read {path}: {error}") from error


def _limit(context: click.Context, option: click.Parameter, text: str | None) -> Decimal | None:
    try:
        limit = None if text is None else Decimal(text)
    except InvalidOperation:
        limit = Decimal(-1)
    if limit is not None and not (limit.is_finite() and limit > 0):
        raise click.BadParameter(f"{text!r} is no size above 0")
    return limit


@click.command(cls=Command, context_settings={"ignore_unknown_options": False})
@click.argument("command", nargs=-1, type=click.UNPROCESSED)
@click.option("--port", type=click.IntRange(0, 65535), default=PORT, show_default=True)
@click.option("--account", "accounts", multiple=True, help="An address that may trade; repeatable.")
@click.option(
    "--market",
    "markets",
    multiple=True,
    default=MARKETS,
    show_default=True,
    callback=_markets,
    help="A market: coin, decimals of its sizes, first price; repeatable.",
)
@click.option("--seed", type=int, default=1, show_default=True, help="Of plans, and of others.")
@click.option("--alone", is_flag=True, help="Nobody else trades (without COMMAND).")
@click.option(
    "--rate",
    type=click.FloatRange(0, 1),
    default=0.0,
    show_default=True,
    help="How many messages have a fault, from 0 to 1.",
)
@click.option(
    "--lies",
    type=click.FloatRange(0, 1),
    default=0.0,
    show_default=True,
    help="How many statuses are false words.",
)
@click.option(
    "--plan",
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    callback=_plan,
    help="The faults, as JSON, instead of --rate.",
)
@click.option("--record", type=WrittenFile(), help="Write all that is said, and what is true.")
@click.option("--runs", type=click.IntRange(1, 10_000), default=5, show_default=True)
@click.option(
    "--seconds",
    type=click.FloatRange(0.1, 3600),
    default=10.0,
    show_default=True,
    help="For which a bot trades in a run.",
)
@click.option(
    "--quiet",
    type=click.FloatRange(0, 3600),
    default=5.0,
    show_default=True,
    help="Seconds in which it comes to rest.",
)
@click.option("--limit", callback=_limit, help="What it may come to hold in a market, at most.")
@click.option(
    "--shrink",
    type=click.IntRange(0, 1000),
    default=20,
    show_default=True,
    help="Runs spent on fewer faults, for each promise broken.",
)
@click.option("--save", type=WrittenFile(), help="Write the fewest faults of the first as a plan.")
@json_option
def venue(command: tuple[str, ...], as_json: bool, **options: Any) -> int:
    """Serve Hyperliquid's HTTP and websocket on this machine, for any bot as it is.

    Without COMMAND it serves until Ctrl-C: point the bot at the address that is printed, and sign
    with any key; an account is known once the bot asks something about it, or by --account. Orders
    are matched with those of others, who are the same of each seed.

    With COMMAND… it starts the bot for each of some runs, each with the faults of its plan, and
    says what it breaks: TRUEBOOK_VENUE, _WS, _KEY and _ACCOUNT (and _FILE) in its environment say
    where and with what. It is ended by SIGTERM, and is to leave no order open.

    Exit codes: 0 no promise broken, or ended by Ctrl-C; 1 a promise broken; 2 usage, or the port is
    taken.
    """
    if command:
        return _judge(command, options, as_json)
    return _serve(options)


def _exchange(markets: Sequence[Named]) -> Exchange:
    listed = [
        Market(Listed(coin, asset, decimals), price)
        for asset, (coin, decimals, price) in enumerate(markets)
    ]
    return Exchange({market.coin: market for market in listed})


def _plan_of(options: dict[str, Any], seed: int) -> Plan:
    if options["plan"] is not None:
        plan: Plan = options["plan"]
        return plan
    if options["rate"] or options["lies"]:
        return drawn(seed, options["rate"], lies=options["lies"])
    return TRUTHFUL


def _serve(options: dict[str, Any]) -> int:
    port, seed = options["port"], options["seed"]
    recorder = None if options["record"] is None else Recorder.of(options["record"])
    server = Server.of(
        _exchange(options["markets"]),
        crowd=None if options["alone"] else Crowd.of(seed),
        mischief=Mischief(_plan_of(options, seed)),
        recorder=recorder,
    )
    for address in options["accounts"]:
        server.desk.signers.learn(address)
    logging.getLogger("aiohttp").setLevel(logging.ERROR)
    try:
        web.run_app(
            server.app(),
            host=HERE,
            port=port,
            print=lambda *_: note(
                f"http://{HERE}:{port} and ws://{HERE}:{port}/ws; Ctrl-C ends it"
            ),
            access_log=None,
        )
    except OSError as error:
        raise click.UsageError(f"cannot listen on port {port}: {error.strerror}") from error
    finally:
        if recorder is not None:
            recorder.close()
    return verdicts.SHOWN


def _judge(command: tuple[str, ...], options: dict[str, Any], as_json: bool) -> int:
    trials = Trials(
        command=command,
        markets=lambda: _exchange(options["markets"]),
        seconds=options["seconds"],
        quiet=options["quiet"],
        limit=options["limit"],
    )
    logging.getLogger("aiohttp").setLevel(logging.ERROR)
    with StatusLine() as status:
        try:
            found, shortest = asyncio.run(_runs(trials, options, status.show))
        except OSError as error:
            raise click.UsageError(f"cannot start {command[0]}: {error.strerror}") from error
    if options["save"] is not None and shortest:
        options["save"].write_text(to_json(Plan(shortest[0].faults)), "utf-8")
    if as_json:
        click.echo(json.dumps(_as_json(found, shortest), indent=1))
    else:
        show(list(blocks(found, shortest)))
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


def _as_json(found: Sequence[Trial], shortest: Sequence[Shortest]) -> dict[str, Any]:
    return {
        "runs": [
            {
                "seed": one.seed,
                "requests": one.requests,
                "fills": one.fills,
                "faults": [attrs.asdict(fault) for fault in one.done],
                "broken": [attrs.asdict(breach) for breach in one.breaches],
            }
            for one in found
        ],
        "shortest": [
            {
                "promise": one.promise,
                "seed": one.trial.seed,
                "faults": [attrs.asdict(fault) for fault in one.faults],
                "failed": one.failed,
                "of": one.runs,
            }
            for one in shortest
        ],
    }
