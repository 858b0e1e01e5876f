"""Recordings made at once: a bot of a script at the venue, under the faults of a plan."""

import asyncio
from contextlib import suppress
from decimal import Decimal
from pathlib import Path
from random import Random
from typing import Final

from truebook.audit.measure.client import Client
from truebook.audit.measure.market import exchange_of
from truebook.audit.measure.scripted import Habit, Scripted
from truebook.audit.measure.virtual import at_once, milliseconds
from truebook.impl.venues.hyperliquid import signing
from truebook.venue.engine import Crowd
from truebook.venue.faults import CAN, LASTS, Do, Fault, Mischief, Plan, drawn
from truebook.venue.server import Recorder, Server

KEY: Final = signing.Key.of("7e" * 32)
LIMIT: Final = Decimal("0.5")
"""A bot that does right means to come to hold no more than this in a market."""
SECONDS: Final = 16.0
RATE, LIES = 0.06, 0.02
"""So many messages have a fault, and so many words of orders are false."""
OLD: Final = 15.0
"""A listing that is older than any may be is so many seconds old."""
_KINDS: Final = tuple((message, do) for message, some in CAN.items() for do in some)
_STREAMS: Final = (("orderUpdates", "userFills"), ("orderUpdates", "userEvents"))
_HABITS: Final = (Habit.RIGHT, *Habit)
"""A third of the bots do right."""


def recorded(path: Path, seed: int) -> None:
    """Record a bot of a seed, under its plan."""
    at_once(_recorded(path, seed))


def plan_of(seed: int) -> Plan:
    """Return the plan of a seed: faults drawn by chance, and one of a kind that is its turn."""
    chance = Random(seed)
    message, do = _KINDS[seed % len(_KINDS)]
    seconds = 0.0
    if do in LASTS:
        seconds = OLD if do is Do.OLDER else round(chance.uniform(0.05, 3.0), 2)
    turn = Fault(message=message, nth=chance.randint(2, 6), do=do, seconds=seconds)
    others = drawn(seed, RATE, lies=LIES).faults
    return Plan((turn, *(one for one in others if (one.message, one.nth) != (message, turn.nth))))


async def _recorded(path: Path, seed: int) -> None:
    chance = Random(seed)
    recorder = Recorder.of(path, milliseconds)
    server = Server.of(
        exchange_of(),
        crowd=Crowd.of(seed),
        mischief=Mischief(plan_of(seed), frozenset({KEY.address})),
        listeners=(recorder,),
        clock=milliseconds,
    )
    server.desk.signers.learn(KEY.address)
    streams: tuple[str, ...] = _STREAMS[chance.randrange(len(_STREAMS))]
    habit = _HABITS[seed % len(_HABITS)]
    if habit is Habit.UNKNOWN:
        streams = streams[1:]  # it does not hear what becomes of its orders

    def say(frame: object) -> None:
        bot.say(frame)

    client = Client(server, KEY, milliseconds, streams, say)
    bot = Scripted(client, chance, habit, LIMIT, named=chance.random() < 0.6)
    tasks = [asyncio.create_task(one) for one in (server.beat(), client.listen())]
    try:
        await asyncio.sleep(0.1)
        await bot.run(SECONDS)
    finally:
        for task in tasks:
            task.cancel()
            with suppress(asyncio.CancelledError):
                await task
        recorder.close()
