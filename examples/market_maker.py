"""A market maker in small, on a simulated venue where everything goes wrong that can.

    python examples/market_maker.py                         one run, as a live table
    python examples/market_maker.py --seeds 1000            a thousand runs, and the figures
    python examples/market_maker.py --seeds 1000 --leave    the same, and strangers are left alone
    python examples/market_maker.py --seeds 1000 --legacy   the same with the legacy tracker

It quotes both sides, modifies and cancels, places stops and take profits, is restarted in
mid-flight from its journal, in the middle of a pass too, and makes a pass of SafetySync on its
interval. Each run ends in a quiet time, after which what is known is held against what really
happened. Exit code 1 if anything is not so.
"""

import argparse
import asyncio
import random
import sys
import tempfile
import time
from collections.abc import Generator
from concurrent.futures import ProcessPoolExecutor
from contextlib import closing
from decimal import Decimal
from functools import partial
from pathlib import Path
from typing import Any

import attrs
from owners_hand import act
from protecting import protect
from quoting import CONFIG, WithBook, WithLegacy, tell_fill, tell_status
from rates import USUAL, Rates
from recovery import INTERVAL, not_back
from simulated_venue import Message, Venue
from truth import Found, Watch, hold
from venue_orders import Terms

from truebook.impl import SECOND, Strangers

CYCLE = SECOND // 4
QUIET = CONFIG.settled + CONFIG.remembered + CONFIG.listing_timeout + 6 * SECOND
LIMIT = Decimal(60)
RATES = {
    "faults": "the chance of each fault of the wire and the venue",
    "lies": "the chance that a word of the venue is false",
    "reduce_only": "the chance that an order that closes some of the position may do nothing else",
    "hand": "the chance, in 100 ms, that the owner cancels an order of ours; that he places one",
    "hand_modifies": "the chance, in 100 ms, that the owner modifies an order of ours",
    "triggers": "the chance, in 250 ms, that we place orders that wait, or cancel one that does",
    "closing": "the chance that those placed close the position, and have no size",
}


@attrs.define(eq=False)
class MarketMaker:
    """Quotes both sides of the market; what it knows of its orders is in `keeper`."""

    venue: Venue
    keeper: WithBook | WithLegacy
    dice: random.Random
    trigger_dice: random.Random
    session: int = 0
    watch: Watch = attrs.field(factory=Watch)

    def hear(self, message: Message) -> None:
        """Take a message of the streams."""
        kind, what = message
        if kind == "status":
            tell_status(self.keeper, what["status"])
            return
        self.watch.hears(what["fill"], tell_fill(self.keeper, what["fill"]))

    def cycle(self) -> None:
        """Quote: what stands elsewhere is modified or cancelled, what is missing is placed."""
        for is_buy in (True, False):
            mine = [quote for quote in self.keeper.quotes() if quote.is_buy is is_buy]
            edge = self.dice.choice((-1, 1, 1, 2, 2, 3))
            price = Decimal(self.venue.mid - edge if is_buy else self.venue.mid + edge)
            size = Decimal(self.dice.randint(1, 100)) / 10
            for quote in mine:
                if quote.price == price or self.dice.random() < 0.5:
                    continue
                request = None
                if self.dice.random() < 0.5 and not quote.waited:
                    request = self.keeper.may_modify(quote.oid, price, size)
                if request is not None:
                    self.modify(quote.oid, price, size, request)
                elif (asked := self.keeper.may_cancel(quote.oid)) is not None:
                    self.cancel(*asked)
            position = self.keeper.book.position
            if not mine and not self.keeper.waits(is_buy) and abs(position) < LIMIT:
                closes = position < 0 if is_buy else position > 0
                only = closes and self.dice.random() < self.venue.rates.reduce_only
                self.place(is_buy, price, size, reduce_only=only)
        protect(self, self.trigger_dice)

    def restart(self) -> None:
        """Die in mid-flight, and begin again: what was on its way to us is lost."""
        self.session += 1
        self.keeper.restart()
        self.venue.reconnect()

    # Requests and their answers

    def place(
        self,
        is_buy: bool,
        price: Decimal,
        size: Decimal,
        *,
        reduce_only: bool,
        terms: Terms | None = None,
    ) -> None:
        """Place an order, maybe one that waits; of the size 0 such a one closes the position."""
        side = "buy" if is_buy else "sell"
        more = {} if terms is None else {"trigger": terms.trigger, "parent": terms.parent}
        cloid = self.keeper.tell("register_pending", side, price, size, **more)
        request = self.keeper.request_of(cloid)

        def reply(kind: str, what: dict[str, Any]) -> None:
            if kind == "unanswered":
                self.keeper.tell("order_unknown", cloid, request=request)
            elif kind == "rejected":
                self.keeper.tell("order_rejected", cloid, request=request)
            elif kind == "waits":
                self.keeper.tell("order_waits", cloid, oid=what["oid"], request=request)
            elif what["filled"] == size:
                whole = (cloid, what["oid"], what["filled"], price, is_buy)
                self.keeper.tell("handle_immediate_fill", *whole, request=request)
            else:
                rest, filled = size - what["filled"], what["filled"]
                answer = (cloid, what["oid"], rest, side, price)
                self.keeper.tell("finalize_order", *answer, filled_size=filled, request=request)

        answer = self._ours(reply)
        self.venue.place(cloid, is_buy, price, size, answer, reduce_only=reduce_only, terms=terms)

    def cancel(self, id: Any, request: int) -> None:
        """Cancel an order, by its oid or cloid."""
        names = {
            "confirmed": "cancel_confirmed",
            "not_open": "cancel_not_open",
            "rejected": "cancel_rejected",
            "unanswered": "cancel_timed_out",
        }

        def reply(kind: str, what: dict[str, Any]) -> None:
            self.keeper.tell(names[kind], id, request=request)

        self.venue.cancel(id, self._ours(reply))

    def modify(self, oid: Any, price: Decimal, size: Decimal, request: int) -> None:
        """Modify an order."""
        cloid = self.venue.orders[oid].cloid

        def reply(kind: str, what: dict[str, Any]) -> None:
            if kind == "modified":
                self.keeper.tell("modify_confirmed", cloid, what["oid"], request=request)
            else:
                word = "failed" if kind == "failed" else "unknown"
                self.keeper.tell(f"modify_{word}", cloid, request=request)

        self.venue.modify(oid, price, size, self._ours(reply))

    def _ours(self, reply: Any) -> Any:
        """Return the reply as this process takes it; the next one never hears of it."""
        session = self.session
        return lambda kind, what: reply(kind, what) if session == self.session else None


def simulate(
    seed: int, rates: Rates, seconds: int, legacy: bool, folder: Path, *, leave: bool = False
) -> Generator[tuple[MarketMaker, Found | None], None, None]:
    """Run a market maker; yield it after each cycle, and at the end with what was found.

    `leave`: the orders of strangers are left, and not cancelled.
    """
    loop = asyncio.new_event_loop()
    venue = Venue(seed, rates)
    strangers = Strangers.LEAVE if leave else Strangers.CANCEL
    path = folder / "book.journal"
    keeper = WithLegacy(venue, loop) if legacy else WithBook(venue, path, loop, strangers)
    dice = random.Random(-seed)
    maker = MarketMaker(venue, keeper, dice, random.Random(f"{seed} triggers"))
    venue.listener, venue.hand = maker.hear, act
    restarts = 0
    try:
        for now in range(CYCLE, seconds * SECOND, CYCLE):
            venue.run_until(now)
            maker.cycle()
            dies = dice.random() < rates.faults / 20
            if now % INTERVAL == 0:
                dies = dice.random() < rates.faults / 5
                if dies:
                    keeper.die_in_a_pass(dice.randrange(60))
                else:
                    keeper.sync()
            if dies:
                restarts += not legacy
                maker.restart()
            maker.watch.look(venue, keeper)
            yield maker, None
        venue.freeze()
        quiet_since = venue.now
        for now in range(venue.now, venue.now + QUIET, INTERVAL):
            venue.run_until(now)
            keeper.sync()
            if isinstance(keeper, WithBook):
                maker.watch.problems.update(not_back(venue, keeper, quiet_since))
        yield maker, hold(venue, keeper, maker.watch, restarts)
    finally:
        if isinstance(keeper, WithBook):
            keeper.book.close()
        loop.close()


def run(seed: int, rates: Rates, seconds: int, legacy: bool, *, leave: bool = False) -> Found:
    """Run one market maker to its end."""
    with tempfile.TemporaryDirectory() as folder:
        for _, found in simulate(seed, rates, seconds, legacy, Path(folder), leave=leave):
            if found is not None:
                return found
    raise RuntimeError("it never ended")


def _of_seed(task: tuple[int, Rates, int, bool, bool]) -> Found:
    seed, rates, seconds, legacy, leave = task
    rates = attrs.evolve(rates, faults=rates.faults * (seed % 11) / 10)
    return run(seed, rates, seconds, legacy, leave=leave)


def many(
    seeds: int, rates: Rates, seconds: int, legacy: bool, jobs: int, *, leave: bool = False
) -> int:
    """Run many seeds, at fault rates from 0 to that of `rates`, and print the figures."""
    started = time.perf_counter()
    total = Found()
    tasks = [(seed, rates, seconds, legacy, leave) for seed in range(seeds)]
    with ProcessPoolExecutor(jobs) as pool:
        for seed, found in enumerate(pool.map(_of_seed, tasks, chunksize=4)):
            total = total.add(found)
            if not (found.right or legacy):
                wrong = ", ".join(found.problems) or "another end than the venue's"
                print(f"seed {seed}: {wrong}", file=sys.stderr)
    name = "legacy tracker" if legacy else "UnifiedOrderBook"
    print(f"{name}: {seeds:,} seeds, {seconds} s each, fault rates 0 to {rates.faults:.0%}")
    for line in total.lines():
        print(f"  {line}")
    print(f"  in {time.perf_counter() - started:.0f} s", file=sys.stderr)
    return 0 if total.right == seeds else 1


def show(seed: int, rates: Rates, seconds: int, legacy: bool, *, leave: bool = False) -> int:
    """Run one market maker and show its orders as they are; on a terminal, as a live table."""
    try:
        from rich.console import Console
        from rich.live import Live
    except ModuleNotFoundError as missing:
        raise SystemExit(
            f"the table needs {missing.name}, which is not installed: `pip install rich`, or "
            "`--seeds 1` for the figures alone"
        ) from None
    from table import table

    console = Console()
    last: Found | None = None
    with (
        tempfile.TemporaryDirectory() as folder,
        closing(simulate(seed, rates, seconds, legacy, Path(folder), leave=leave)) as run,
        Live(console=console, auto_refresh=False) as live,
    ):
        for maker, found in run:
            last = found
            if console.is_terminal:
                live.update(table(maker.venue, maker.keeper), refresh=True)
                time.sleep(CYCLE / SECOND / 10)
    assert last is not None
    for line in last.lines():
        console.print(line)
    return 0 if last.right else 1


def _number(kind: type[Any], least: float, most: float | None, text: str) -> Any:
    """Return a number within its bounds, as argparse asks for it."""
    try:
        number = kind(text)
    except ValueError:
        number = None
    if number is None or not (least <= number and (most is None or number <= most)):
        upto = "or more" if most is None else f"to {most}"
        raise argparse.ArgumentTypeError(f"{text!r} is no number from {least} {upto}")
    return number


def main() -> int:
    """Do what is asked for."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    whole = partial(_number, int, 1, None)
    parser.add_argument("--seeds", type=whole, help="run so many, and print the figures")
    parser.add_argument("--seed", type=int, default=1, help="of the one run that is shown")
    for name, meaning in RATES.items():
        parser.add_argument(
            f"--{name.replace('_', '-')}",
            type=partial(_number, float, 0, 1),
            default=getattr(USUAL, name),
            help=f"{meaning}, 0 to 1 (%(default)s)",
        )
    parser.add_argument("--seconds", type=whole, default=60, help="of simulated time, a run")
    parser.add_argument("--legacy", action="store_true", help="the legacy tracker in its place")
    parser.add_argument("--leave", action="store_true", help="leave the orders of strangers")
    parser.add_argument("--jobs", type=whole, default=2, help="processes")
    asked = parser.parse_args()
    if asked.legacy and asked.leave:
        parser.error("--leave is of the book: the legacy tracker cancels what it does not know")
    rates = Rates(**{name: getattr(asked, name) for name in RATES})
    how = (rates, asked.seconds, asked.legacy)
    try:
        if asked.seeds is None:
            return show(asked.seed, *how, leave=asked.leave)
        return many(asked.seeds, *how, asked.jobs, leave=asked.leave)
    except KeyboardInterrupt:
        print("interrupted", file=sys.stderr)
        return 130


if __name__ == "__main__":
    sys.exit(main())
