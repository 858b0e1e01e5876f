"""One run of a bot under a plan: it trades, all comes to rest, it ends, and is judged."""

import asyncio
from collections.abc import Callable, Mapping, Sequence
from decimal import Decimal
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Final

import attrs
from aiohttp import web

from truebook.impl.venues.hyperliquid import signing
from truebook.venue.addresses import addresses
from truebook.venue.engine import Crowd, Exchange
from truebook.venue.faults import Fault, Mischief, Plan
from truebook.venue.server import Recorder, Request, Server, now
from truebook.venue.verdict.belief import belief_of
from truebook.venue.verdict.bot import GRACE, SHORT_GRACE, Bot, Place
from truebook.venue.verdict.breach import Breach, Promise
from truebook.venue.verdict.judging import Judge, left_behind
from truebook.venue.verdict.story import Row, Story
from truebook.venue.verdict.watching import Watch

SECRET: Final = "7e" * 32
KEY: Final = signing.Key.of(SECRET)
"""The key of the bot's account: nothing is worth anything there."""
BELIEF: Final = "/_truebook/belief"
NEVER_SPOKE: Final = "it never spoke to the venue: does it use TRUEBOOK_VENUE?"
IN_FLIGHT: Final = 1.0
"""So many seconds what happens at the venue may take to be known, though nothing goes wrong."""


@attrs.frozen(kw_only=True)
class Trials:
    """How a bot is tried: for how long it trades, and has to come to rest; and who else trades.

    `limit` is how much it may come to hold in a market, in its own coin; `unasked` how probably the
    venue cancels an order by itself, 20 times a second. `silent` is after how many
    seconds without a word it counts as silent; 0: never. `lag` is within how many seconds it is to
    know what is so, while it trades; None: as long as it has to come to rest, and the longest
    delay of the plan.
    """

    command: Sequence[str]
    markets: Callable[[], Exchange]
    seconds: float = 10.0
    quiet: float = 5.0
    limit: Decimal | None = None
    silent: float = 0.0
    unasked: float = 0.0
    lag: float | None = None
    host: str = "127.0.0.1"

    def lag_under(self, plan: Plan) -> float:
        """Return within how many seconds a bot is to know what is so, under a plan."""
        if self.lag is not None:
            return self.lag
        return max(self.quiet, IN_FLIGHT) + max((one.seconds for one in plan.faults), default=0.0)


@attrs.frozen(kw_only=True)
class Trial:
    """What came of a run: what is broken, which faults happened, and what it did.

    `seen` counts what the venue was asked, by kind, `unanswered` what it has no answer to.
    """

    seed: int
    plan: Plan
    breaches: tuple[Breach, ...]
    done: tuple[Fault, ...]
    requests: int
    fills: int
    said: str
    beliefs: int
    seen: Mapping[str, int]
    unanswered: Mapping[str, int]
    rows: tuple[Row, ...] = attrs.field(default=(), repr=False)

    @property
    def promises(self) -> frozenset[Promise]:
        """The promises that are broken."""
        return frozenset(one.promise for one in self.breaches)


async def tried(trials: Trials, plan: Plan, seed: int, *, record: Path | None = None) -> Trial:
    """Return what comes of one run; CannotStartError where there is no such command."""
    exchange = trials.markets()
    mischief = Mischief(plan, frozenset({KEY.address}))
    recorder = None if record is None else Recorder.of(record)
    story = Story(KEY.address, now, mischief.done)
    server = Server.of(
        exchange,
        crowd=Crowd.of(seed, unasked=trials.unasked),
        mischief=mischief,
        listeners=(story,) if recorder is None else (story, recorder),
    )
    server.desk.signers.learn(KEY.address)
    watch = Watch(KEY.address, exchange, story.shown, trials.limit)
    lag = round(1000 * trials.lag_under(plan))
    judge = Judge(watch.account, lag, story.shown, steps_of(exchange))
    done = asyncio.Event()

    def before(request: Request) -> None:
        at = server.desk.clock()
        watch.before(request, at, taken=server.desk.signers.is_taken(request.signed, at))

    def after() -> None:
        watch.after(server.desk.clock())

    async def hear(request: web.Request) -> web.Response:
        try:
            said = await request.read()
            belief = belief_of(said, server.desk.clock(), coins=exchange.markets)
        except ValueError as error:
            return web.Response(status=400, text=f"{error}\n")
        story.believed(belief)
        judge.hear(belief)
        if belief.done:
            done.set()
        return web.Response(text="{}")

    server.before, server.after = before, after
    app = server.app()
    app.router.add_post(BELIEF, hear)
    runner = web.AppRunner(app, access_log=None, shutdown_timeout=0.1)
    await runner.setup()
    try:
        await web.TCPSite(runner, trials.host, 0).start()
        port = runner.addresses[0][1]
        with TemporaryDirectory(prefix="truebook-venue-") as folder:
            place = Place(*addresses(trials.host, port), f"0x{SECRET}", KEY.address)
            bot = await Bot.start(trials.command, place, Path(folder))
            try:
                breaches = await _run(trials, server, mischief, watch, bot, judge, done)
                crashed = any(one.promise is Promise.CRASHED for one in breaches)
                if not (crashed or story.heard or judge.heard):
                    breaches.append(Breach(Promise.SILENT, NEVER_SPOKE))
            except asyncio.CancelledError:
                await bot.end(SHORT_GRACE)
                raise
            finally:
                await bot.end()
            said = bot.said
    finally:
        await runner.cleanup()
        if recorder is not None:
            recorder.close()
    return Trial(
        seed=seed,
        plan=plan,
        breaches=tuple(breaches),
        done=tuple(mischief.done),
        requests=watch.requests,
        fills=len(watch.account.fills),
        said=said,
        beliefs=judge.heard,
        seen=dict(server.desk.seen),
        unanswered=dict(server.desk.unanswered),
        rows=tuple(story.rows),
    )


def steps_of(exchange: Exchange) -> dict[str, Decimal]:
    """Return the least size of each market."""
    return {
        coin: Decimal(1).scaleb(-market.listed.size_decimals)
        for coin, market in exchange.markets.items()
    }


async def _run(
    trials: Trials,
    server: Server,
    mischief: Mischief,
    watch: Watch,
    bot: Bot,
    judge: Judge,
    done: asyncio.Event,
) -> list[Breach]:
    """Let a bot trade, come to rest and end; return what it has broken."""
    found: list[Breach] = []
    ends = [asyncio.create_task(bot.process.wait()), asyncio.create_task(done.wait())]
    _, waiting = await asyncio.wait(
        ends, timeout=trials.seconds, return_when=asyncio.FIRST_COMPLETED
    )
    for one in waiting:
        one.cancel()
    mischief.over, server.crowd = True, None
    if bot.is_running:
        await asyncio.sleep(trials.quiet)
    if not bot.is_running:
        code = bot.process.returncode
        found.append(Breach(Promise.CRASHED, f"it ended by itself, with exit code {code}"))
    silent = (server.desk.clock() - watch.last_heard) / 1000
    if trials.silent and bot.is_running and watch.requests and silent > trials.silent:
        words = f"it asked for nothing in the last {silent:.0f} seconds"
        found.append(Breach(Promise.SILENT, words))
    judge.judge(server.desk.clock(), round(1000 * min(trials.quiet, IN_FLIGHT)))
    await bot.end()
    if bot.killed:
        words = f"it did not end within {GRACE:g} s of SIGTERM, and was killed"
        found.append(Breach(Promise.KILLED, words))
    return [*watch.found(), *found, *judge.found.values(), *left_behind(watch.account)]
