"""Measuring an audit, as the command's options have it."""

import asyncio
import json
import logging
import os
import shlex
from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from contextlib import AbstractContextManager, nullcontext
from decimal import Decimal
from functools import partial
from multiprocessing import get_context
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, Final

import click

from truebook.audit.measure.drive import LIMIT, recorded
from truebook.audit.measure.market import exchange_of
from truebook.audit.measure.measured import Measured, measured
from truebook.audit.measure.tally import Tally
from truebook.audit.measure.text import blocks
from truebook.screen.progress import StatusLine
from truebook.screen.terminal import show
from truebook.specs.properties import verdict as verdicts
from truebook.venue.faults import drawn
from truebook.venue.verdict import CannotStartError, Trials, tried

SECONDS: Final = 5.0
QUIET: Final = 3.0
"""For so many seconds a bot trades, and comes to rest, in a run."""
RATE, LIES = 0.1, 0.03
"""So many messages have a fault, and so many words of orders are false."""


def measure(options: dict[str, Any], *, as_json: bool) -> int:
    """Measure an audit, show what comes of it, and return the exit code."""
    logging.getLogger("aiohttp").setLevel(logging.ERROR)
    with _folder(options["keep"]) as folder, StatusLine() as status:
        try:
            tally = Tally.of(_all(options, Path(folder), status.show))
        except CannotStartError as error:
            raise click.UsageError(str(error)) from error
    if as_json:
        click.echo(json.dumps(tally.as_json(), indent=1))
    else:
        show(blocks(tally))
    return verdicts.SHOWN if tally.is_right else verdicts.VIOLATED


def _folder(keep: Path | None) -> AbstractContextManager[str]:
    if keep is None:
        return TemporaryDirectory(prefix="truebook-measure-")
    keep.mkdir(parents=True, exist_ok=True)
    return nullcontext(str(keep))


def _all(options: dict[str, Any], folder: Path, tell: Callable[[str], None]) -> Iterable[Measured]:
    seeds = range(options["seed"], options["seed"] + options["measure"])
    bots = [shlex.split(one) for one in options["bots"]]
    if bots:
        runs = [(number, bot, seed) for seed in seeds for number, bot in enumerate(bots, 1)]
        return asyncio.run(_bots(runs, folder, options["limit"], tell))
    return _scripted(seeds, folder, tell)


def _scripted(
    seeds: Sequence[int], folder: Path, tell: Callable[[str], None]
) -> Iterator[Measured]:
    """Yield what comes of bots of a script, in the order of their seeds, on all cores."""
    with ProcessPoolExecutor(mp_context=get_context("spawn")) as pool:
        for done, one in enumerate(pool.map(partial(scripted, folder), seeds), 1):
            tell(f"recording {done} of {len(seeds)}")
            yield one


def scripted(folder: Path, seed: int) -> Measured:
    """Record a bot of a script, and measure the audit of it."""
    path = folder / f"plan-{seed}.jsonl"
    recorded(path, seed)
    return measured(path, limit=LIMIT, ended=True)


async def _bots(
    runs: Sequence[tuple[int, Sequence[str], int]],
    folder: Path,
    limit: Decimal | None,
    tell: Callable[[str], None],
) -> list[Measured]:
    """Run bots, as many at once as there are cores, and measure each as it ends."""
    room, done = asyncio.Semaphore(os.cpu_count() or 1), 0

    async def one(number: int, bot: Sequence[str], seed: int) -> Measured:
        nonlocal done
        name = f"bot-{number}-plan-{seed}.jsonl"
        async with room:
            trials = Trials(command=bot, markets=exchange_of, seconds=SECONDS, quiet=QUIET)
            plan = drawn(seed, RATE, lies=LIES)
            await tried(trials, plan, seed, record=folder / name)
            found = await asyncio.to_thread(measured, folder / name, limit=limit, ended=True)
        done += 1
        tell(f"recording {done} of {len(runs)}")
        return found

    return await asyncio.gather(*(one(*run) for run in runs))
