"""The command line: the program `truebook`."""

import sys
from collections.abc import Sequence


def main() -> None:
    """Run the command line; its extras are needed from here on."""
    arguments = sys.argv[1:]
    try:
        code = run(arguments)
    except ModuleNotFoundError as error:
        missing = error.name or ""
        if missing.startswith("truebook"):
            raise
        from truebook.installed import extra_for, install_command

        with_it = install_command(extra_for(arguments))
        print(f"truebook: {missing} is missing; install it with {with_it}", file=sys.stderr)
        sys.exit(2)
    except KeyboardInterrupt:
        sys.exit(130)
    sys.exit(code)


def run(arguments: Sequence[str]) -> int:
    """Run the command line with some arguments and return its exit code."""
    from truebook.commands import run as run_commands

    return run_commands(arguments)
