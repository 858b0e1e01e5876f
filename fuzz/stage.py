"""The whole stage: beside what is sent and heard, passes, time, restarts and false words."""

import asyncio
import json
import shutil
from collections.abc import Callable
from typing import Any

import attrs

from fuzz import adapters, asking, lies
from fuzz.hearing import Hearing
from fuzz.venue import EXPIRY
from fuzz.words import Fill, Picture
from fuzz.world import BrokenError
from truebook.impl import UnifiedOrderBook
from truebook.impl.journal import JournaledBook

_LOOP: list[asyncio.AbstractEventLoop] = []
"""The event loop in which passes are made, once there was one."""


@attrs.define(eq=False)
class Stage(Hearing):
    """Every step there is; `report` and `questions` are of the last pass."""

    report: Any = None
    questions: list[str] = attrs.field(factory=list)
    sync: Any = None

    def on_pass(self, options: dict[str, Any] | None = None) -> None:
        """Make a pass of the safety sync; it may be cancelled at its n-th question (`stop`)."""
        options = options or {}
        wrong: list[BrokenError] = []
        asked = asking.Asked(
            self.venue,
            self._told,
            lambda oid: self._cancelled(oid, wrong),
            original=self.setup.original,
            tells_filled=self.setup.tells_filled,
            stop=options.get("stop"),
        )
        if self.sync is None:
            clock, policy = (lambda: adapters.nanos(self.now)), self.setup.strangers
            self.sync = adapters.sync_of(self.book, asked, clock, policy)
        self.sync.told = lambda method, result: self.note(f"    sync: {method}  # {result!r}")
        if not _LOOP:
            _LOOP.append(asyncio.new_event_loop())
        self.report = asking.run_pass(self.book, self.sync, asked, _LOOP[0])
        self.questions = asked.questions
        if wrong:
            raise wrong[0]
        if self.report is not None and self.report.reconciled is not None:
            self.true_listing(Picture(tag="", orders=(), asked=self.now))

    def _cancelled(self, oid: int, wrong: list[BrokenError]) -> None:
        try:
            self.asks_cancel(oid)
        except BrokenError as error:  # a pass reports every error, and raises none
            wrong.append(error)

    def _told(self, fills: list[Fill]) -> None:
        for fill in fills:
            self.told_fills[fill.tid] = fill

    def on_wait(self, duration: int) -> None:
        """Let time pass; what is due meanwhile happens when it is due."""
        end = self.now + duration
        while True:
            due = [(one.sent + EXPIRY, 0, tag) for tag, one in self.venue.flying.items()]
            due += [(one.due, 1, name) for name, one in self.flying.items() if one.due is not None]
            if not due or min(due)[0] > end:
                break
            self.now, kind, name = max(min(due)[0], self.now), *min(due)[1:]
            self.venue.now = self.now
            if kind == 0:
                self.note(self.line(f"{name} is lost: it can no longer take effect"))
                self.on_lose(name)
            elif name.startswith("answer "):
                del self.flying[name]
                self.bot.silence(name.removeprefix("answer "))
            else:
                self.note(self.line(f"{name} is due"))
                self.on_hear(name)
        self.now = self.venue.now = end
        self.tell("tick")

    def on_restart(self) -> None:
        """Kill the bot, and begin again with its book: answers to the dead process are lost."""
        self._die()
        self.books += 1
        old = self.book
        if isinstance(old, JournaledBook) and self.folder is not None:
            before, after = (self.folder / str(self.books - back) for back in (1, 0))
            shutil.copytree(before, after)  # as it is on the disk, while it is still open
            self._again(self.open_book)
            old.close()
        else:
            self._again(lambda: self._load(old))
        if self.book != old:
            raise BrokenError("restarts-lose-nothing", "the book is another one after a restart")
        cloids = self.bot.cloids
        self.bot = self.new_bot()
        self.bot.cloids = cloids

    def _load(self, old: UnifiedOrderBook) -> None:
        self.book = type(old).from_json(json.loads(json.dumps(old.to_json())))

    def _again(self, begin: Callable[[], object]) -> None:
        """Begin with the book as it was kept; one that is not taken back is a finding."""
        try:
            begin()
        except Exception as error:
            self.note(f"    the book that was kept raises {error!r}")
            raise BrokenError("restarts-lose-nothing", f"it is refused: {error!r}") from error

    def on_new_book(self, options: dict[str, Any] | None = None) -> None:
        """Lose the book, and begin with a new one that takes the position over.

        `orders`: it takes the open orders over too, with as many of the latest fills (`fills`) as
        the venue's history still has, and with a listing of them (`listed`), without which it may
        not know how much of each is in the position; otherwise they are not its own.
        """
        options = options or {}
        self.on_wait(1)
        self._die()
        self.venue.flying.clear()
        if isinstance(self.book, JournaledBook):
            self.book.close()
        self.setup = attrs.evolve(self.setup, journal=False)
        self.books += 1
        self.open_book()
        self.told_fills.clear()
        self.misled_until = None
        for lie in self.lies:
            lie.believed = False  # by this book
        ours = [leg for leg in self.venue.ours() if leg.cloid is not None]
        if options.get("orders"):
            first = max(0, len(self.venue.fills) - int(options.get("fills", 0)))
            fills = self.venue.fills[first:]
            fills = [one for one in fills if one.oid in {leg.oid for leg in ours}]
            # A listing may show the orders that modified ones were before, of which it never knew;
            # so may it show those that were triggered by the oids by which they waited.
            renamed = any(leg.waited_as is not None for leg in ours)
            self.alarms_expected = self.alarms_expected or bool(self.modified) or renamed
            self._disown(kept=frozenset(leg.cloid for leg in ours))
            self.take_over(ours, fills, listed=bool(options.get("listed")))
        else:
            self._disown(kept=frozenset())
            self.take_over([], [])
        self.bot = self.new_bot()
        ours = [leg for leg in ours if leg.owner == "ours"]
        self.bot.cloids = {leg.label: leg.cloid for leg in ours if leg.cloid}

    def _disown(self, *, kept: frozenset[str | None]) -> None:
        """Take the orders of the book that is lost for those of others, but for some cloids."""
        for leg in self.venue.legs.values():
            if leg.cloid not in kept:
                leg.owner = "stranger"

    def _die(self) -> None:
        """Lose what was on its way to the bot's process, but for the stream's fills."""
        for name in [one for one in self.flying if not one.startswith("fill ")]:
            del self.flying[name]
        self.sync = None

    def on_chain(self, label: str, count: int) -> None:
        """Modify an order many times, each answered and heard of at once."""
        for number in range(count):
            leg = self.leg(label)
            if leg is None:
                return
            tag = f"{label}/{number}/{len(self.venue.legs)}"
            self.on_modify(tag, label, leg.price + (1 if number % 2 else -1), leg.left)
            self.on_reach(tag)
            for message in list(self.flying):
                if message.endswith((f" {tag}", f" {leg.tag}")):
                    self.on_hear(message)
            self.now += 10
            self.venue.now = self.now

    def on_lie(self, kind: str, label: str) -> None:
        """Tell a false word of an order."""
        lies.tell(self, kind, label)
