"""The command `truebook audit`."""

from pathlib import Path
from typing import Any

import click

from truebook.screen.help import Command
from truebook.screen.options import MOST_JOBS, json_option
from truebook.screen.values import ReadFile, Size, Whole, WrittenFile, WrittenFolder, names_of

DATES = {"dmy": "D/M/Y", "mdy": "M/D/Y"}


@click.command(cls=Command)
@click.argument("files", nargs=-1, type=ReadFile())
@click.option(
    "--dates",
    type=names_of(DATES),
    help="How tables write dates, where their rows do not tell.",
)
@click.option("--limit", type=Size(), help="What the bot may come to hold in a market, at most.")
@click.option("--ended", is_flag=True, help="The bot has ended: it is to have left no order open.")
@click.option(
    "--follow",
    is_flag=True,
    help="Go on reading as the files grow, and say findings as they come; Ctrl-C ends it.",
)
@click.option(
    "--jobs",
    type=Whole(1, MOST_JOBS),
    help="Processes that share the markets among them. Default: 1",
)
@click.option(
    "--engine",
    type=names_of(("processes", "ray")),
    default="processes",
    show_default=True,
    help="What runs the jobs: processes of this machine, or a cluster of Ray.",
)
@click.option("--all", "whole", is_flag=True, help="Show every finding.")
@click.option("--junit", type=WrittenFile(), help="Write the promises as JUnit XML.")
@click.option("--sarif", type=WrittenFile(), help="Write the findings as SARIF.")
@click.option("--markdown", type=WrittenFile(), help="Write the audit as Markdown.")
@click.option(
    "--measure",
    type=Whole(1, 10_000),
    help="Record bots at a venue that misbehaves, by so many plans; say what an audit finds of it.",
)
@click.option("--bot", "bots", multiple=True, help="A bot to be recorded by --measure; repeatable.")
@click.option("--seed", type=Whole(0, 10**9), default=1, show_default=True, help="Of --measure.")
@click.option("--keep", type=WrittenFolder(), help="Keep the recordings of --measure in a folder.")
@json_option
def audit(files: tuple[Path, ...], as_json: bool, **options: Any) -> int:
    """Hold what a bot recorded to the promises, and say what is broken, with file and line.

    FILES are of one account, in any order and of any form: JSON Lines of Hyperliquid's messages
    (bare, with a time before them or around them, or as `truebook venue --record` writes them),
    answers of its info endpoint (fills, open orders, historical orders, positions), its exported
    tables of trades, and tables of orders copied from its page; or a bot's own log in the events of
    the oracle; each as it is, or packed by gzip or zstd. What several of them say counts once.

    What files cannot show is inconclusive, and never guessed.

    With --measure there are no FILES: bots trade at a venue of which messages are lost, late, false
    or cut off, and it is counted of which of these a recording shows anything, what of that the
    audit finds, what it misses, and what it finds that is not so.

    With --follow plain lines of JSON are read as they grow, like `tail -F`; other files are read
    once. What is found is said at once, and what turns out to be only late as no longer so; Ctrl-C
    ends it with the report. With --json each of these is an object in a line, and so is the report.

    Exit codes: 0 nothing is broken, as far as the files show; 1 a promise is broken, or fills are
    missing (--measure: something is missed, or an alarm false); 2 usage, a file cannot be opened,
    or nothing in them can be read.
    """
    if options["measure"] is not None:
        if files:
            raise click.UsageError("--measure records bots, and takes no FILES")
        from truebook.audit.measure import measure  # it needs the venue, too

        return measure(options, as_json=as_json)
    if not files:
        raise click.MissingParameter(param_hint="'FILES...'", param_type="argument")
    from truebook.audit import running  # what it needs is no part of the command line

    return running.audit(files, options, as_json=as_json)
