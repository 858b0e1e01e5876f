"""The command `truebook venue`."""

import json
import re
from collections.abc import Mapping
from decimal import Decimal, InvalidOperation
from ipaddress import ip_address
from pathlib import Path
from typing import Any, Final

import click
from click.core import ParameterSource

from truebook.screen.help import Command
from truebook.screen.options import json_option
from truebook.screen.terminal import show
from truebook.screen.values import ReadFile, Seconds, Share, Whole, WrittenFile, names_of
from truebook.specs.properties import verdict as verdicts
from truebook.venue import clients
from truebook.venue.addresses import addresses

HERE, PORT = "127.0.0.1", 3001
"""The official SDKs call this port local."""
MARKETS = ("BTC:5:60000", "ETH:4:3000", "SOL:2:150")

_COIN: Final = re.compile("[A-Za-z0-9]{1,20}").fullmatch
_STEPS: Final = Decimal(1_000)
"""A price is so many of its steps at least: others quote within a thousandth of it."""
_DEAREST: Final = Decimal(1_000)
"""A step of a size is worth so many dollars at most: others trade for a few thousand."""
_FIGURES: Final = 5

_SERVING: Final = ("host", "anyone", "port", "alone", "accounts", "client")
_POINTING: Final = ("client", "host", "anyone", "port", "as_json")
_JUDGING: Final = (
    "runs",
    "seconds",
    "quiet",
    "lag",
    "limit",
    "shrink",
    "save",
    "junit",
    "sarif",
    "as_json",
)

Named = tuple[str, int, Decimal]


def _markets(
    context: click.Context, option: click.Parameter, words: tuple[str, ...]
) -> list[Named]:
    found = [market_of(one) for one in words]
    coins = [coin for coin, _, _ in found]
    for coin in coins:
        if coins.count(coin) > 1:
            raise click.BadParameter(f"{coin} is named twice: a market has one price")
    return found


def market_of(words: str) -> Named:
    """Return the market that words name, as BTC:5:60000; BadParameter says why they name none."""
    try:
        coin, places, first = words.split(":")
        decimals, price = int(places), Decimal(first)
    except (ValueError, InvalidOperation):
        raise click.BadParameter(f"{words!r} is no market: name one as BTC:5:60000") from None
    if not coin or not 0 <= decimals <= 6 or not price.is_finite() or price <= 0:
        raise click.BadParameter(f"{words!r} is no market: 0 to 6 decimals, a price above 0")
    if _COIN(coin) is None:
        raise click.BadParameter(f"{words!r} is no market: a coin is 1 to 20 letters and digits")
    tick, step = Decimal(1).scaleb(decimals - 6), Decimal(1).scaleb(-decimals)
    least, most = _STEPS * tick, _DEAREST / step
    if not least <= price <= most:
        raise click.BadParameter(
            f"{words!r} is no market: with {decimals} decimals of its sizes a price is from "
            f"{least.normalize():f} to {most.normalize():f}"
        )
    if len(price.normalize().as_tuple().digits) > _FIGURES and price != price.to_integral_value():
        raise click.BadParameter(f"{words!r} is no market: a price has five figures, or is whole")
    return coin, decimals, price


def _limit(context: click.Context, option: click.Parameter, text: str | None) -> Decimal | None:
    try:
        limit = None if text is None else Decimal(text)
    except InvalidOperation:
        limit = Decimal(-1)
    if limit is not None and not (limit.is_finite() and limit > 0):
        raise click.BadParameter(f"{text!r} is no size above 0")
    return limit


def _host(host: str, *, anyone: bool) -> None:
    """Refuse an address from which others reach the venue, unless that is said twice."""
    try:
        loopback = ip_address(host).is_loopback
    except ValueError:
        raise click.UsageError(f"{host!r} is no address: name one as {HERE}") from None
    if not loopback and not anyone:
        raise click.UsageError(
            f"whoever reaches {host} could trade at the venue, and read all of it: where that is "
            "wanted, say --anyone too"
        )


@click.command(cls=Command)
@click.argument("command", nargs=-1)
@click.option(
    "--client",
    type=names_of(one.name for one in clients.CLIENTS),
    help="Say how a client is pointed here, and what was found of it, and serve nothing.",
)
@click.option(
    "--host",
    default=HERE,
    show_default=True,
    help="The address to listen on (without COMMAND).",
)
@click.option("--anyone", is_flag=True, help="Let --host be one that other machines reach.")
@click.option("--port", type=Whole(0, 65_535), default=PORT, show_default=True)
@click.option(
    "--balance",
    type=Whole(0, 10**12),
    default=1_000_000,
    show_default=True,
    help="What an account has, in dollars.",
)
@click.option(
    "--volume",
    type=Whole(0, 10**12),
    default=0,
    show_default=True,
    help="What an account has traded before, in dollars.",
)
@click.option(
    "--step",
    type=Whole(0, 1_000),
    default=1,
    show_default=True,
    help="How far a price steps when it moves, in hundredths of a percent.",
)
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
@click.option(
    "--seed", type=Whole(0, 10**9), default=1, show_default=True, help="Of plans, and of others."
)
@click.option("--alone", is_flag=True, help="Nobody else trades (without COMMAND).")
@click.option(
    "--rate",
    type=Share(),
    default=0.0,
    show_default=True,
    help="How many messages have a fault, from 0 to 1.",
)
@click.option(
    "--lies",
    type=Share(),
    default=0.0,
    show_default=True,
    help="How many statuses are false words.",
)
@click.option(
    "--unasked",
    type=Share(),
    default=0.0,
    show_default=True,
    help="How probably the venue cancels an order by itself, 20 times a second.",
)
@click.option(
    "--plan",
    type=ReadFile(),
    help="The faults, as JSON, instead of --rate.",
)
@click.option("--record", type=WrittenFile(), help="Write all that is said, and what is true.")
@click.option("--runs", type=Whole(1, 10_000), default=5, show_default=True)
@click.option(
    "--seconds",
    type=Seconds(),
    default=10.0,
    show_default=True,
    help="For which a bot trades in a run.",
)
@click.option(
    "--quiet",
    type=Seconds(or_none=True),
    default=5.0,
    show_default=True,
    help="Seconds in which it comes to rest.",
)
@click.option(
    "--lag",
    type=Seconds(or_none=True),
    help="Seconds within which it is to know what is so, while it trades; else --quiet and the "
    "longest delay of the plan.",
)
@click.option("--limit", callback=_limit, help="What it may come to hold in a market, at most.")
@click.option(
    "--shrink",
    type=Whole(0, 1_000),
    default=20,
    show_default=True,
    help="Runs spent on fewer faults, for each promise broken.",
)
@click.option("--save", type=WrittenFile(), help="Write the fewest faults of the first as a plan.")
@click.option("--junit", type=WrittenFile(), help="Write the runs as JUnit XML.")
@click.option("--sarif", type=WrittenFile(), help="Write what is broken as SARIF.")
@json_option
def venue(command: tuple[str, ...], as_json: bool, **options: Any) -> int:
    """Serve a venue on the wire for any bot as it is, or judge a bot that trades there.

    It speaks Hyperliquid's HTTP and websocket, on this machine alone, unless --host says
    otherwise, and --anyone with it.

    With --client NAME it says how that client is pointed here, which bot of examples is on it, and
    what was found of it, each with the command that shows it.

    Without COMMAND it serves until Ctrl-C: point the bot at the address that is printed, and sign
    with any key; an account is known once the bot asks something about it, or by --account. Orders
    are matched with those of others, who are the same of each seed.

    With COMMAND… it starts the bot for each of some runs, each with the faults of its plan, and
    says what it breaks: TRUEBOOK_VENUE, _WS, _KEY and _ACCOUNT (and _FILE) in its environment say
    where and with what. It is ended by SIGTERM, and is to leave no order open.

    Exit codes: 0 no promise broken, or serving was ended by Ctrl-C; 1 a promise broken; 2 usage, or
    the port is taken; 130 Ctrl-C before anything was concluded.
    """
    client = options.pop("client")
    _meant(judging=bool(command), pointing=client is not None)
    _apart(options)
    _host(options["host"], anyone=options["anyone"])
    if client is not None:
        at = addresses(options["host"], options["port"])
        return _point(clients.named(client), *at, as_json=as_json)
    if not command:
        try:
            from truebook.venue import running  # what it needs is no part of the command line

            return running.serve(options)
        except KeyboardInterrupt as ended:
            if type(ended) is not KeyboardInterrupt:
                raise
            return verdicts.SHOWN  # Ctrl-C ends it, however soon
    from truebook.venue import running

    return running.judge(command, options, as_json=as_json)


def _point(client: clients.Client, url: str, ws: str, *, as_json: bool) -> int:
    if as_json:
        click.echo(json.dumps(clients.json_of(client, url=url, ws=ws), indent=1))
    else:
        show(clients.told(client, url=url, ws=ws))
    return verdicts.SHOWN


def _meant(*, judging: bool, pointing: bool) -> None:
    """Refuse options that have no meaning with COMMAND, or without it, or beside another."""
    context = click.get_current_context()
    said = [
        one
        for one in context.command.params
        if one.name and context.get_parameter_source(one.name) is ParameterSource.COMMANDLINE
    ]
    names = {one.name for one in said}
    for one in said:
        if pointing and not judging:
            if one.name not in _POINTING:
                raise click.UsageError(f"{one.opts[0]} has no meaning beside --client")
        elif one.name in (_SERVING if judging else _JUDGING):
            where = "without COMMAND alone" if judging else "with COMMAND alone"
            raise click.UsageError(f"{one.opts[0]} has a meaning {where}")
    if "plan" in names and names & {"rate", "lies"}:
        raise click.UsageError("the faults are those of --plan, or drawn by --rate and --lies")


def _apart(options: Mapping[str, Any]) -> None:
    """Refuse two outputs that are one file."""
    named: dict[Path, str] = {}
    for option in ("record", "save", "junit", "sarif"):
        path = options[option]
        if path is not None:
            other = named.setdefault(path.resolve(), option)
            if other != option:
                raise click.UsageError(f"--{other} and --{option} are one file, {path}")
