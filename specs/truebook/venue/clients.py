"""The clients of others: how each is pointed at a venue here, its bot, and what was found of it.

The bots are those of a checkout's `examples/bots`. docs/venue.md tells at length what was found,
with the lines of each client's code; a test holds the two to each other.
"""

import shlex
from collections.abc import Iterator

import attrs

from truebook.screen.layout import Block, Command, Line, line


@attrs.frozen
class Found:
    """What a client does that loses money, and the command that shows it in a checkout."""

    words: str
    options: str
    plan: str = ""
    """The faults, in `examples/plans`."""
    bot: str = ""
    """The bot that shows it, where it is not the client's own."""


@attrs.frozen
class Client:
    """A client: `point` says how it finds the venue; {url} and {ws} are the addresses."""

    name: str
    tried: str
    install: str
    point: tuple[str, ...]
    bot: str
    found: tuple[Found, ...]
    quiet: int = 5
    """In how many seconds its bot comes to rest."""

    def command(self, found: Found) -> tuple[str, ...]:
        """Return the command that shows what was found."""
        plan = f"--plan examples/plans/{found.plan}" if found.plan else ""
        options = f"{found.options} --shrink 0 {plan}"
        return ("truebook", "venue", *options.split(), "--", *(found.bot or self.bot).split())

    @property
    def trial(self) -> tuple[str, ...]:
        """The command that judges its bot on five drawn plans."""
        return tuple(f"truebook venue --rate 0.1 --quiet {self.quiet} -- {self.bot}".split())


_PYTHON = "python examples/bots/python_sdk.py"
_CCXT = ".venv-clients/bin/python examples/bots/ccxt_pro.py"
_NAUTILUS = ".venv-clients/bin/python examples/bots/nautilus.py"
_NODE = "node --experimental-websocket examples/bots/javascript/"
_HUMMINGBOT = ".venv-trackers/bin/python examples/bots/hummingbot_connector.py"

CLIENTS = (
    Client(
        name="hyperliquid-python-sdk",
        tried="0.24.0",
        install="pip install 'truebook[hyperliquid-sdk]', or `make check` in a checkout",
        point=('Info("{url}")', 'Exchange(wallet, "{url}")'),
        bot=_PYTHON,
        found=(
            Found(
                "a connection that the venue closes in good order is never opened again, and "
                "nothing is raised: what fills from then on is not known",
                "--runs 1 --seconds 4 --quiet 2",
                plan="cut.json",
            ),
            Found(
                "an order whose answer is lost lives on, and nobody knows its oid",
                "--runs 4 --seconds 5 --quiet 2",
                plan="lost-answer.json",
            ),
        ),
    ),
    Client(
        name="ccxt",
        tried="4.5.90",
        install="make clients",
        point=(
            'exchange.urls["api"] = {{"public": "{url}", "private": "{url}"}}',
            'exchange.urls["api"]["ws"] = {{"public": "{ws}"}}',
        ),
        bot=_CCXT,
        found=(
            Found(
                "create_orders raises where one order of a batch is refused, and the ids of those "
                "that live are lost",
                "--runs 1 --seconds 6 --quiet 3",
                bot=f"{_CCXT} --small",
            ),
            Found(
                "watch_my_trades hands out trades anew after a reconnect: who sums them up is "
                "wrong",
                "--runs 1 --seconds 6 --quiet 3",
                plan="cut.json",
            ),
        ),
    ),
    Client(
        name="NautilusTrader",
        tried="1.231.0",
        install="make clients PYTHON=python3.12 (it has wheels from Python 3.12 on)",
        point=(
            'HyperliquidExecClientConfig(…, base_url_http="{url}/info", '
            'base_url_exchange="{url}/exchange", base_url_ws="{ws}")',
            'HyperliquidDataClientConfig(…, base_url_http="{url}/info", base_url_ws="{ws}")',
        ),
        bot=_NAUTILUS,
        found=(
            Found(
                "a fill while its stream is cut for half a second is never learnt: the order "
                "counts as open for good, and is cancelled again and again",
                "--runs 3 --seconds 10 --quiet 3",
                plan="fill-while-cut.json",
            ),
        ),
    ),
    Client(
        name="@nktkas/hyperliquid",
        tried="0.33.3",
        install="make node",
        point=(
            'new HttpTransport({{ apiUrl: "{url}" }})',
            'new WebSocketTransport({{ url: "{ws}" }})',
        ),
        bot=f"{_NODE}nktkas.mjs",
        found=(),
    ),
    Client(
        name="hyperliquid",
        tried="1.7.7",
        install="make node (nomeida's package for Node)",
        point=(
            'const client = require("hyperliquid") (imported, its websocket does not connect)',
            'client.BASE_URLS.PRODUCTION = client.BASE_URLS.TESTNET = "{url}"',
            'client.WSS_URLS.PRODUCTION = client.WSS_URLS.TESTNET = "{ws}"',
        ),
        bot=f"{_NODE}nomeida.mjs",
        found=(
            Found(
                "the updates of an order that is sent right after subscribing are lost: it counts "
                "as open when it is over",
                "--runs 3 --seconds 4 --quiet 2",
                bot=f"{_NODE}nomeida_first.mjs",
            ),
            Found(
                "subscribeToUserEvents hears nothing: it waits for a channel that the venue has "
                "not",
                "--runs 3 --seconds 4 --quiet 2",
                bot=f"{_NODE}nomeida_first.mjs --events",
            ),
        ),
    ),
    Client(
        name="hummingbot",
        tried="20260922",
        install="make trackers",
        point=(
            "import hummingbot.connector.derivative.hyperliquid_perpetual."
            "hyperliquid_perpetual_constants as constants",
            'constants.TESTNET_BASE_URL = "{url}"',
            'constants.TESTNET_WS_URL = "{ws}"',
            "HyperliquidPerpetualDerivative(…, domain=constants.TESTNET_DOMAIN)",
        ),
        bot=_HUMMINGBOT,
        quiet=16,
        found=(
            Found(
                "a status that its table lacks raises KeyError: the rest of the message is lost, "
                "and the order never ends",
                "--runs 2 --seconds 14 --quiet 16 --unasked 0.2",
            ),
            Found(
                "an order that is answered by HTTP 500 counts as failed though it lives",
                "--runs 2 --seconds 8 --quiet 16",
                plan="answer-500.json",
            ),
            Found(
                "a fill of an order whose id is not known yet waits for the ids of all orders, and "
                "all that is behind it waits too",
                "--runs 4 --seconds 8 --quiet 4 --lag 2",
                plan="answer-late.json",
            ),
        ),
    ),
)


def named(name: str) -> Client:
    """Return the client of a name; raises StopIteration where there is none."""
    return next(client for client in CLIENTS if client.name == name)


def told(client: Client, *, url: str, ws: str) -> Iterator[Block]:
    """Yield how a client is pointed at a venue, how its bot is judged, and what was found of it."""
    yield line(f"{client.name} (tried: {client.tried})", "title")
    yield Line("  install: ", client.install)
    yield line("  point it at the venue:")
    for one in client.point:
        yield Line("    ", one.format(url=url, ws=ws))
    yield line("")
    yield line("Its bot in a checkout's examples/bots, with the faults of five seeds:")
    yield Command("  judge it: ", client.trial)
    yield line("")
    yield line("What was found of it:" if client.found else "Nothing wrong was found of it.")
    for found in client.found:
        yield Line("  - ", found.words)
        yield Command("    shown by: ", client.command(found))
    if client.found:
        yield line("")
        yield line("docs/venue.md says where in its code.")


def json_of(client: Client, *, url: str, ws: str) -> dict[str, object]:
    """Return the same for programs."""
    return {
        "client": client.name,
        "tried": client.tried,
        "install": client.install,
        "point": [one.format(url=url, ws=ws) for one in client.point],
        "bot": shlex.join(client.trial),
        "found": [
            {"words": found.words, "command": shlex.join(client.command(found))}
            for found in client.found
        ],
    }
