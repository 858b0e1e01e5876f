"""The world of a story: the venue, the wire, the bot and its book, and what was said."""

import json
from collections.abc import Callable
from decimal import Decimal
from pathlib import Path
from typing import Any

import attrs

from fuzz import adapters
from fuzz.bot import Bot
from fuzz.venue import Leg, Venue
from fuzz.words import SECOND, Fill, Lie, Message
from truebook.impl import UnifiedOrderBook
from truebook.impl.journal import JournaledBook

Step = list[Any]
"""The name of what happens, and its arguments."""


class BrokenError(Exception):
    """A promise of the book is broken: `promise` is its name, and the text says how."""

    def __init__(self, promise: str, how: str) -> None:
        super().__init__(f"{promise}: {how}")
        self.promise = promise


@attrs.frozen(kw_only=True)
class Setup:
    """What holds throughout a story.

    - `own_cloids`: the bot makes its cloids; otherwise the book does.
    - `seeded`: the cloids that the book makes are drawn from a seed of each book; otherwise the
      book is configured with nothing.
    - `journal`: the book is in a journal, and a restart opens it again.
    - `in_place`: a modify keeps the oid, and what has filled counts in the new size.
    - `sizes_shrink`: an order of which less can trade is listed with a smaller size.
    - `strangers`: what becomes of the orders of others: cancel or leave.
    - `tells_filled`: statuses of orders that are over say how much has filled.
    - `original`: a status by cloid is that of the oldest order of the cloid.
    - `begins`: the position that is there before the book.
    """

    own_cloids: bool = True
    seeded: bool = True
    journal: bool = False
    in_place: bool = False
    sizes_shrink: bool = False
    strangers: str = "cancel"
    tells_filled: bool = True
    original: bool = False
    begins: str = ""


@attrs.define(eq=False)
class World:
    """What there is, and what was said; `checks` are made after every step.

    - `now`: the time, in milliseconds. `flying`: messages on their way, by name; `heard`: those
      that have come. `told_fills`: the fills that the book was told since it began, by tid.
    - `events`: what demanded attention. `lies`: the false words told; `misled_until`: a listing
      asked for later than this ends what the last of them did.
    - `lines`: the timeline. `alarms_expected`: something has happened of which the book may say
      that it cannot be, though every word is true. `set_back`: so much the bot's clock is behind.
      `modified` are the orders that were.
    """

    setup: Setup
    make: Callable[[Any], UnifiedOrderBook] = UnifiedOrderBook
    folder: Path | None = None
    checks: list[Callable[[Any], None]] = attrs.field(factory=list)
    now: int = 1_000
    flying: dict[str, Message] = attrs.field(factory=dict)
    heard: dict[str, Message] = attrs.field(factory=dict)
    told_fills: dict[int, Fill] = attrs.field(factory=dict)
    events: list[Any] = attrs.field(factory=list)
    lies: list[Lie] = attrs.field(factory=list)
    misled_until: int | None = None
    lines: list[str] = attrs.field(factory=list)
    alarms_expected: bool = False
    set_back: int = 0
    modified: set[str] = attrs.field(factory=set)
    books: int = 0
    book: UnifiedOrderBook = attrs.field(init=False)
    venue: Venue = attrs.field(init=False)
    bot: Bot = attrs.field(init=False)

    def __attrs_post_init__(self) -> None:
        """Begin with an empty venue and a new book."""
        self.venue = Venue(
            self.say,
            in_place=self.setup.in_place,
            sizes_shrink=self.setup.sizes_shrink,
            now=self.now,
        )
        self.open_book()
        self.bot = self.new_bot()
        if self.setup.begins:
            self.venue.position = Decimal(self.setup.begins)
            self.take_over([], [])

    # The book, and what it is told

    def open_book(self) -> None:
        """Open the book of the journal, or a new one."""
        seed = self.books + 1 if self.setup.seeded else None
        config = adapters.config(seed=seed, strangers=self.setup.strangers)
        if self.setup.journal and self.folder is not None:
            path = self.folder / str(self.books) / "book.journal"
            path.parent.mkdir(exist_ok=True)
            self.book = JournaledBook(path, None if path.exists() else config)
        else:
            self.book = self.make(config)

    def new_bot(self) -> Bot:
        """Return a bot that has sent nothing yet."""
        return Bot(
            self.tell,
            lambda: self.book,
            own_cloids=self.setup.own_cloids,
            tells_filled=self.setup.tells_filled,
        )

    def take_over(self, orders: list[Leg], fills: list[Fill], *, listed: bool = False) -> None:
        """Begin with what the venue has: orders, fills of theirs, and the position."""
        self.venue.begun, self.venue.begun_at = self.venue.position, self.now
        for leg in orders:
            leg.gone = leg.shown().size - leg.filled - leg.left
        adapters.begin(self.tell, orders, fills, self.venue.position, self.now, listed=listed)

    def tell(self, method: str, *args: Any, **options: Any) -> Any:
        """Tell the book, and note what it answers; a true word that it refuses is a finding."""
        options = {name: value for name, value in options.items() if value is not None}
        said = _arguments(args, options)
        options["now"] = adapters.nanos(self.now - self.set_back)
        try:
            result = getattr(self.book, method)(*args, **options)
        except Exception as error:
            self.note(f"    book.{method}({said}) raises {error!r}")
            raise BrokenError("true-words-are-taken", f"{method} raises {error!r}") from error
        self.note(f"    book.{method}({said})  # {result!r}")
        return result

    # The story

    def do(self, step: Step) -> None:
        """Do a step; one that means nothing here does nothing."""
        self.note(self.line(" ".join(_text(one) for one in step)))
        getattr(self, f"on_{step[0].replace(' ', '_')}")(*step[1:])
        self.check()

    def check(self) -> None:
        """Hold the book to its promises."""
        for event in self.book.drain_events():
            self.events.append(event)
            self.note(f"    event {event!r}")
        for check in self.checks:
            check(self)

    def note(self, line: str) -> None:
        """Write a line of the timeline."""
        self.lines.append(line)

    def line(self, what: str) -> str:
        """Return a line that begins with the time."""
        return f"{self.now / SECOND:9.3f} s  {what}"

    def say(self, message: Message) -> None:
        """Send a message on its way."""
        self.flying[message.name] = message

    def leg(self, label: str) -> Leg | None:
        """Return the order of a label that can trade."""
        return next((leg for leg in self.venue.open.values() if leg.label == label), None)


def _text(one: Any) -> str:
    return one if isinstance(one, str) else json.dumps(one)


def _arguments(args: tuple[Any, ...], options: dict[str, Any]) -> str:
    shown = [str(one) if isinstance(one, Decimal) else repr(one) for one in args]
    return ", ".join([*shown, *(f"{name}={value}" for name, value in options.items())])
