"""The command line: every command of `truebook`."""

import sys
from collections.abc import Sequence


def main() -> None:
    """Run the command line; its extras are needed from here on."""
    try:
        code = run(sys.argv[1:])
    except ModuleNotFoundError as error:
        if (error.name or "").startswith("truebook"):
            raise
        print(
            f"truebook: {error.name} is missing; install the command line with "
            "pip install 'truebook[prove]'",
            file=sys.stderr,
        )
        sys.exit(2)
    except KeyboardInterrupt:
        sys.exit(130)
    sys.exit(code)


def run(arguments: Sequence[str]) -> int:
    """Run the command line with some arguments and return its exit code."""
    from truebook.oracle.commands import conform, mutants, vectors
    from truebook.review.commands import commands
    from truebook.review.commands import run as run_commands

    for command in (conform, vectors, mutants):
        commands.add_command(command)
    return run_commands(arguments)
