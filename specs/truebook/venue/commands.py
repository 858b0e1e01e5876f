"""The command `truebook venue`."""

import logging
from decimal import Decimal, InvalidOperation

import click
from aiohttp import web

from truebook.impl.venues.hyperliquid.markets import Market as Listed
from truebook.screen.help import Command
from truebook.screen.terminal import note
from truebook.specs.properties import verdict as verdicts
from truebook.venue.engine import Crowd, Exchange, Market
from truebook.venue.server import Server

PORT = 3001
"""The official SDKs call this port local."""
HERE = "127.0.0.1"
MARKETS = ("BTC:5:60000", "ETH:4:3000", "SOL:2:150")


class _MarketType(click.ParamType[tuple[str, int, Decimal]]):
    name = "coin:decimals:price"

    def convert(
        self, value: str, param: click.Parameter | None, ctx: click.Context | None
    ) -> tuple[str, int, Decimal]:
        try:
            coin, decimals, price = value.split(":")
            found = coin, int(decimals), Decimal(price)
        except (ValueError, InvalidOperation):
            self.fail(f"{value!r} is no market: name one as BTC:5:60000", param, ctx)
        if not coin or not 0 <= found[1] <= 6 or not found[2].is_finite() or found[2] <= 0:
            self.fail(f"{value!r} is no market: 0 to 6 decimals, and a price above 0", param, ctx)
        return found


@click.command(cls=Command)
@click.option("--port", type=click.IntRange(0, 65535), default=PORT, show_default=True)
@click.option("--account", "accounts", multiple=True, help="An address that may trade; repeatable.")
@click.option(
    "--market",
    "markets",
    type=_MarketType(),
    multiple=True,
    default=MARKETS,
    show_default=True,
    help="A market: coin, decimals of its sizes, first price; repeatable.",
)
@click.option("--seed", type=int, default=0, show_default=True, help="Of the others' orders.")
@click.option("--alone", is_flag=True, help="Nobody else trades.")
def venue(
    port: int,
    accounts: tuple[str, ...],
    markets: tuple[tuple[str, int, Decimal], ...],
    seed: int,
    alone: bool,
) -> int:
    """Serve Hyperliquid's HTTP and websocket on this machine, for any bot as it is.

    Point the bot at the address that is printed, and sign with any key: an account is known once
    the bot asks something about it, or by --account. Orders are matched with those of others, who
    are the same of each seed. Nothing leaves this machine.

    Exit codes: 0 ended by Ctrl-C, 2 usage, or the port is taken.
    """
    listed = [
        Market(Listed(coin, asset, decimals), price)
        for asset, (coin, decimals, price) in enumerate(markets)
    ]
    exchange = Exchange({market.coin: market for market in listed})
    server = Server.of(exchange, crowd=None if alone else Crowd.of(seed))
    for address in accounts:
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
            handle_signals=True,
            access_log=None,
        )
    except OSError as error:
        raise click.UsageError(f"cannot listen on port {port}: {error.strerror}") from error
    return verdicts.SHOWN
