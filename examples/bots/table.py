"""What each client asks of the venue, and how it stands a connection that the venue closes.

    python examples/bots/table.py [NAME]

It runs the bot of each client that is installed (`make clients trackers`) twice: all goes well, and
the connection is closed in good order, once, with the third message of fills. It prints a table in
Markdown. Exit code 1: a client asks what the venue has no answer to, or a bot errs or breaks a
promise though all goes well.
"""

import asyncio
import re
import sys
from decimal import Decimal
from pathlib import Path
from typing import Final

from truebook.impl.venues.hyperliquid.markets import Market as Listed
from truebook.venue.clients import CLIENTS, named
from truebook.venue.engine import Exchange, Market
from truebook.venue.faults import TRUTHFUL, Plan, from_json
from truebook.venue.verdict import CannotStartError, Trial, Trials, tried

ROOT: Final = Path(__file__).resolve().parents[2]
CUTS: Final = [
    from_json((ROOT / "examples/plans" / name).read_text("utf-8"))
    for name in ("cut.json", "fill-while-cut.json")
]
CUT: Final = Plan(tuple(fault for plan in CUTS for fault in plan.faults))
"""Fills are told on two streams, of which each client here hears one: so each is cut once."""
RACES: Final = re.compile("canceled,? or filled|would have immediately matched")
"""What the venue says where an order fills while its cancel is on its way: no error of a client."""


def markets() -> Exchange:
    """Return the markets in which the bots trade."""
    prices = {"BTC": (5, 60_000), "ETH": (4, 3_000)}
    return Exchange(
        {
            coin: Market(Listed(coin, asset, decimals), Decimal(price))
            for asset, (coin, (decimals, price)) in enumerate(prices.items())
        }
    )


def here(word: str) -> str:
    """Return a word of a bot's command as it is in this checkout, whatever the working folder."""
    if word == "python":
        return sys.executable
    return str(ROOT / word) if (ROOT / word).exists() or word.startswith(".venv") else word


async def run(name: str, plan: Plan) -> Trial:
    """Let the bot of a client trade for a while."""
    client = named(name)
    command = tuple(map(here, client.bot.split()))
    trials = Trials(command=command, markets=markets, seconds=12, quiet=client.quiet)
    return await tried(trials, plan, 1)


def errors(trial: Trial) -> list[str]:
    """Return what a bot said went wrong, but for races."""
    lines = re.findall(r"^.*(?:error:|ERROR|refused:).*$", trial.said, re.MULTILINE)
    return [line for line in lines if not RACES.search(line)]


def row(name: str, well: Trial, cut: Trial) -> str:
    """Return what is to be told of a client."""
    asked = ", ".join(f"{kind} {count}" for kind, count in sorted(well.seen.items()))
    ended = ", ".join(sorted(cut.promises)) or "nothing"
    unanswered = ", ".join(well.unanswered) or "nothing"
    wrong = [*(str(one.words) for one in well.breaches), *errors(well)]
    for line in wrong:
        print(f"{name}: {line}", file=sys.stderr)
    return f"| {name} | {asked} | {well.fills} | {unanswered} | {len(wrong)} | {ended} |"


def main(names: list[str]) -> int:
    """Print the table."""
    print("| client | asked | fills | not answered | errors | broken after the connection closed |")
    print("|---|---|---|---|---|---|")
    bad = False
    for name in names:
        try:
            well, cut = (asyncio.run(run(name, plan)) for plan in (TRUTHFUL, CUT))
        except CannotStartError as error:
            print(f"{name} is not installed: {error}", file=sys.stderr)
            continue
        print(row(name, well, cut), flush=True)
        bad = bad or bool(well.unanswered or well.breaches or errors(well))
    return int(bad)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:] or [one.name for one in CLIENTS]))
