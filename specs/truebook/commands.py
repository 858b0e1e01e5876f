"""The commands: what each is called, where it is, and what the list of all says of it.

A command is imported when it is run or asked for its help: the list of all comes at once, and is
whole whatever is installed.
"""

from collections.abc import Sequence
from importlib import import_module

import click

from truebook.screen import running

PLACES: dict[str, tuple[str, str]] = {
    "audit": (
        "truebook.audit.commands",
        "Hold what a bot recorded to the promises, and say what is broken, with file and line.",
    ),
    "check": (
        "truebook.review.commands",
        "Explore a design exhaustively, and say of each property whether it holds.",
    ),
    "conform": ("truebook.oracle.commands", "Hold any book, in any language, to the model."),
    "explain": (
        "truebook.review.explain_command",
        "Draw the runs of a report in four lanes: the client, the book, the wire and the venue.",
    ),
    "export": (
        "truebook.review.export_commands",
        "Write the model for another model checker, or a run of it as a trace.",
    ),
    "journal": ("truebook.review.journal_command", "Check, show and repair the journal of a book."),
    "lifecycle": (
        "truebook.review.commands",
        "Print the lifecycle of one order: state, event, condition, state.",
    ),
    "mutants": (
        "truebook.oracle.vector_commands",
        "Break the reference on purpose, and print which vectors notice, and what it is called.",
    ),
    "prove": (
        "truebook.review.prove_command",
        "Prove the properties for any size, any timing and any number of orders.",
    ),
    "record": (
        "truebook.venue.record_command",
        "Pass on all that a bot and its venue say, and record it for `truebook audit`.",
    ),
    "refine": (
        "truebook.review.refine_command",
        "Replay every edge of the model on the book, and compare after each step.",
    ),
    "rules": (
        "truebook.review.commands",
        "Switch each rule of the reference off, and show which properties break.",
    ),
    "vectors": (
        "truebook.oracle.vector_commands",
        "Write every vector into FOLDER, with a manifest of hashes; or list them.",
    ),
    "venue": (
        "truebook.venue.commands",
        "Serve a venue on the wire for any bot as it is, or judge a bot that trades there.",
    ),
}
"""Where each command is, and the first sentence of its help."""


class _Commands(running.Commands):
    def list_commands(self, ctx: click.Context) -> list[str]:
        return list(PLACES)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        if cmd_name not in PLACES:
            return None
        command: click.Command = getattr(import_module(PLACES[cmd_name][0]), cmd_name)
        return command

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        with formatter.section("Commands"):
            formatter.write_dl([(name, says) for name, (_, says) in PLACES.items()])


def _tell_version(context: click.Context, option: click.Parameter, asked: bool) -> None:
    if asked:
        from truebook.installed import version

        click.echo(f"truebook, version {version()}")
        context.exit()


@click.group(cls=_Commands, context_settings={"help_option_names": ["-h", "--help"]})
@click.option(
    "--version",
    is_flag=True,
    expose_value=False,
    is_eager=True,
    callback=_tell_version,
    help="Show the version and exit.",
)
def commands() -> None:
    """Hold a market maker's order book to a model of what can happen to an order.

    \b
    truebook check                      all three designs: what breaks, and how
    truebook check --design reference   the reference alone
    truebook check --without tombstones the reference without a rule
    truebook prove                      the reference, for any size and timing
    truebook refine                     the book, held to the model edge by edge
    truebook rules                      which property each rule upholds
    truebook explain REPORT             its counterexamples, in four lanes
    truebook lifecycle --mermaid        the lifecycle of one order, as a diagram
    truebook export --help              the model for Spin and TLC, and runs as traces
    truebook conform -- COMMAND         your own tracker, held to the model
    truebook journal verify FILE        the journal of a book: is it as it was written?
    truebook record -o FILE             what a bot and its venue say, written down
    """  # noqa: D301


def run(arguments: Sequence[str]) -> int:
    """Run the command line with some arguments and return its exit code."""
    return running.run(commands, arguments)
