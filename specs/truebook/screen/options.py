"""The options that commands of several packages have."""

import click

from truebook.screen.values import Whole, WrittenFolder

MOST_JOBS = 1_000

json_option = click.option("--json", "as_json", is_flag=True, help="Print one object for machines.")
jobs_option = click.option(
    "--jobs", type=Whole(1, MOST_JOBS), help="Processes. Default: one a core."
)
cache_option = click.option(
    "--cache",
    type=WrittenFolder(),
    help="Where Hypothesis keeps what it has read. Default: .hypothesis",
)
