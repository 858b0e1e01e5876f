"""The command line: `truebook check`, `truebook rules`, `truebook lifecycle`."""

import sys


def main() -> None:
    """Run the command line; its extras are needed from here on."""
    try:
        from truebook.review.commands import run
    except ModuleNotFoundError as error:
        if (error.name or "").startswith("truebook"):
            raise
        print(
            f"truebook: {error.name} is missing; install the command line with "
            "pip install 'truebook[check]'",
            file=sys.stderr,
        )
        sys.exit(2)
    except KeyboardInterrupt:
        sys.exit(130)
    sys.exit(run(sys.argv[1:]))
