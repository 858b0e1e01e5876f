"""The command line: every command of `truebook`."""

import sys
from collections.abc import Sequence

ORACLE = ("conform", "vectors", "mutants")
"""The commands of the oracle: they need no solver, and so are run without the others."""


def main() -> None:
    """Run the command line; its extras are needed from here on."""
    arguments = sys.argv[1:]
    try:
        code = run(arguments)
    except ModuleNotFoundError as error:
        if (error.name or "").startswith("truebook"):
            raise
        extra = "conform" if arguments[:1] and arguments[0] in ORACLE else "prove"
        print(
            f"truebook: {error.name} is missing; install the command line with "
            f"pip install 'truebook[{extra}]'",
            file=sys.stderr,
        )
        sys.exit(2)
    except KeyboardInterrupt:
        sys.exit(130)
    sys.exit(code)


def run(arguments: Sequence[str]) -> int:
    """Run the command line with some arguments and return its exit code."""
    from truebook.oracle.commands import COMMANDS
    from truebook.oracle.commands import run as run_oracle

    if arguments[:1] and arguments[0] in ORACLE:
        return run_oracle(arguments)
    try:
        from truebook.review.commands import commands
        from truebook.review.commands import run as run_commands
    except ModuleNotFoundError as error:
        if error.name != "z3" or any(not word.startswith("-") for word in arguments):
            raise
        return run_oracle(arguments)  # the help, of what there is without a solver

    for command in COMMANDS:
        commands.add_command(command)
    return run_commands(arguments)
