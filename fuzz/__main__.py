"""The command line of the fuzzer: `python -m fuzz`."""

import argparse
import sys
import time
from collections.abc import Sequence
from pathlib import Path

from fuzz.drawing import TROUBLES
from fuzz.running import PROFILES, Finding, Plan, Tally, examine, run
from fuzz.shrinking import shrink
from fuzz.story import Story, tell

ABOUT = """\
Hold the book to its promises, on a venue, a wire and a bot that are drawn from a seed.

Each seed is one story: orders are placed, modified and cancelled; requests and messages are late,
lost, repeated and out of order; the bot dies and begins again. After every step, and once all is
quiet, the book is held against what is true at the venue. A story that breaks a promise is shrunk,
and shown as a timeline, with a test that tells it again. The same seed gives the same output.
"""
MORE = """\
examples:
  python -m fuzz                          ten minutes of seeds, on two workers
  python -m fuzz --seed 7                 one seed, shrunk and shown
  python -m fuzz --seeds 0-999            a thousand seeds
  python -m fuzz --seeds 70000-99999 --minutes 60   as many of these as an hour has time for
  python -m fuzz --profile lying          the venue says what is not so, too
  python -m fuzz --without hand,strangers   nobody else is in the market
  python -m fuzz --story found.json       tell a story that was kept

exit codes: 0 nothing found, 1 a promise is broken, 2 wrong usage, 130 interrupted.

what may go wrong (--only, --without):
"""


def parser() -> argparse.ArgumentParser:
    """Return what reads the command line."""
    troubles = "".join(f"  {name:24} {text}\n" for name, text in TROUBLES.items())
    found = argparse.ArgumentParser(
        "python -m fuzz",
        description=ABOUT,
        epilog=MORE + troubles,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    which = found.add_mutually_exclusive_group()
    which.add_argument("--seed", type=_whole, metavar="N", help="one seed, shrunk and shown")
    which.add_argument("--seeds", type=_seeds, metavar="A-B", help="these seeds, A to B")
    which.add_argument("--story", type=Path, metavar="FILE", help="a story in a file")
    found.add_argument("--minutes", type=_minutes, help="how long (10; of --seeds: all of them)")
    found.add_argument("--profile", choices=PROFILES, default="everything", help="%(default)s")
    found.add_argument("--only", type=_names, metavar="TROUBLE,…", help="draw these troubles")
    found.add_argument("--without", type=_names, metavar="TROUBLE,…", help="draw none of these")
    found.add_argument("--workers", type=_some, default=2, metavar="N", help="processes (2)")
    found.add_argument("--most", type=_some, default=5, metavar="N", help="findings shown (5)")
    found.add_argument(
        "--tries", type=_whole, default=1_500, metavar="N", help="how often shrinking tries (1500)"
    )
    return found


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command line; return the exit code."""
    options = parser().parse_args(arguments)
    only = options.only or tuple(TROUBLES)
    troubles = tuple(one for one in only if one not in (options.without or ()))
    plan = Plan(profile=options.profile, troubles=troubles, tries=options.tries)
    tally = Tally()
    try:
        if options.story is not None:
            return _tell(options.story, options.tries)
        if options.seed is not None:
            return _show([examine(plan, options.seed)])
        tally = run(
            plan,
            options.seeds,
            minutes=options.minutes or (10 if options.seeds is None else float("inf")),
            workers=options.workers,
            progress=Progress(),
        )
        print(file=sys.stderr)
        print(f"{tally.seeds} seeds, {tally.steps} steps")
        for promise, times in sorted(tally.broken.items()):
            print(f"{promise}: broken by {times} seeds, first by {tally.first[promise]}")
        seeds = sorted(tally.first.values())[: options.most]
        return _show([examine(plan, seed) for seed in seeds])
    except KeyboardInterrupt:
        print("\ninterrupted", file=sys.stderr)
        return 130


def _tell(path: Path, tries: int) -> int:
    try:
        story = Story.from_json(path.read_text("utf-8"))
    except (OSError, ValueError, TypeError, KeyError) as error:
        print(f"{path} has no story: {error}", file=sys.stderr)
        return 2
    found = tell(story)
    if found is None:
        print(f"{len(story.steps)} steps, and every promise holds")
        return 0
    found = shrink(found, tries=tries)
    text = found.story.to_json()
    return _show([Finding(-1, found.promise, len(found.story.steps), found.timeline, text)])


def _show(findings: Sequence[Finding | None]) -> int:
    """Print what was found; return the exit code."""
    shown = [one for one in findings if one is not None]
    for finding in shown:
        print(f"\n{finding.promise}, in {finding.steps} steps", end="")
        print(f" (seed {finding.seed})\n" if finding.seed >= 0 else "\n")
        print(finding.timeline)
        print("\nAs a test:\n")
        print(as_test(finding))
    if not shown:
        print("every promise holds")
    return 1 if shown else 0


def as_test(finding: Finding) -> str:
    """Return a test that tells the story again."""
    name = finding.promise.replace("-", "_")
    return (
        "from fuzz.story import Story, tell\n\n\n"
        f"def test_{name}() -> None:\n"
        f"    story = Story.from_json('''{finding.text.strip()}''')\n"
        "    assert tell(story) is None\n"
    )


class Progress:
    """Says how far it has come: on a terminal in one line, else every ten seconds."""

    def __init__(self) -> None:
        self.said_at = float("-inf")

    def __call__(self, tally: Tally) -> None:
        """Say it, unless it was said just now."""
        one_line, now = sys.stderr.isatty(), time.monotonic()
        if now - self.said_at < (0.2 if one_line else 10):
            return
        self.said_at = now
        broken = sum(tally.broken.values())
        start, end = ("\r", "") if one_line else ("", "\n")
        text = f"{tally.seeds} seeds, {tally.steps} steps, {broken} broken"
        print(f"{start}{text}", end=end, file=sys.stderr, flush=True)


def _whole(text: str) -> int:
    value = int(text)
    if value < 0:
        raise argparse.ArgumentTypeError(f"{value} is negative")
    return value


def _some(text: str) -> int:
    value = _whole(text)
    if not value:
        raise argparse.ArgumentTypeError("0 is too few")
    return value


def _minutes(text: str) -> float:
    value = float(text)
    if not value > 0:
        raise argparse.ArgumentTypeError(f"{text} is not above 0")
    return value


def _seeds(text: str) -> range:
    first, _, last = text.partition("-")
    found = range(_whole(first), _whole(last or first) + 1)
    if not found:
        raise argparse.ArgumentTypeError(f"there are no seeds from {first} to {last}")
    return found


def _names(text: str) -> tuple[str, ...]:
    names = tuple(name.strip() for name in text.split(","))
    for name in names:
        if name not in TROUBLES:
            raise argparse.ArgumentTypeError(f"there is no trouble {name!r}; --help has them all")
    return names


if __name__ == "__main__":
    sys.exit(main())
