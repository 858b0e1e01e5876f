"""Lines that are taken many at once: fills and words that are ordinary; the others one by one."""

from bisect import bisect_left
from collections.abc import Sequence
from decimal import Decimal
from typing import TYPE_CHECKING, Final

import attrs

from truebook.audit.ledger import Columns, FillLedger, Lives
from truebook.audit.seen import FillLines, FillText, Frames, Place, UpdatesFrame
from truebook.impl.venues.hyperliquid import facts, orders

if TYPE_CHECKING:
    from truebook.audit.auditor import AccountAudit, Auditor

NOBODY: Final = ""
"""The account of what names none."""


def take_fills(auditor: "Auditor", seen: FillLines) -> None:
    """Take lines of fills market by market."""
    fills = seen.fills
    coins = dict.fromkeys([fill.coin for fill in fills])
    for coin in coins:
        of, told = seen.lines, fills
        if len(coins) > 1:
            of = [line for line, fill in zip(of, fills, strict=True) if fill.coin == coin]
            told = [fill for fill in fills if fill.coin == coin]
        columns = Columns.of(told, of, [0] * len(told))
        at = 0
        while at < len(of):
            ledger = auditor.account(NOBODY).fills.get(coin)
            if ledger is not None:
                at = ledger.run(columns, at, seen.place.file)
            if at < len(of):
                if ledger is None or not ledger.is_again(columns, at):
                    _again(auditor, seen, of[at])
                at += 1


def take_frames(auditor: "Auditor", seen: Frames) -> None:
    """Take frames, as many at once as are of one account."""
    at = 0
    while at < len(seen.frames):
        part = _Part.of(seen, at, shared=auditor.share is not None)
        if part.end == at:
            _again(auditor, seen, seen.lines[at])
            at += 1
            continue
        _take(auditor, seen, at, part)
        at = part.end


def _again(auditor: "Auditor", seen: FillLines | Frames, line: int) -> None:
    """Take a line by itself."""
    for one in seen.again(bisect_left(seen.lines, line)):
        auditor.take(one)


@attrs.define
class _Run:
    """The fills of a market in some frames; those up to `until` are in its ledger.

    `at` is the next that is to be told to its order; `is_again`: the last was told again.
    """

    fills: list[FillText] = attrs.field(factory=list)
    lines: list[int] = attrs.field(factory=list)
    items: list[int] = attrs.field(factory=list)
    sizes: Sequence[Decimal] = ()
    at: int = 0
    until: int = 0
    is_again: bool = False
    _columns: Columns | None = None

    def go_on(self, ledger: FillLedger | None, file: str, at: int) -> bool:
        """Put into the ledger what goes on from a fill on; return whether that did."""
        self.is_again = False
        if ledger is None:
            return False
        if self._columns is None:
            self._columns = Columns.of(self.fills, self.lines, self.items)
            self.sizes = self._columns.sizes
        self.until = ledger.run(self._columns, at, file)
        if at >= self.until:
            self.is_again = ledger.is_again(self._columns, at)
        return at < self.until


@attrs.define
class _Part:
    """Frames up to an `end` that are of one account, and the fills of them by their markets."""

    user: str
    end: int
    runs: dict[str, _Run] = attrs.field(factory=dict)

    @classmethod
    def of(cls, seen: Frames, at: int, *, shared: bool) -> "_Part":
        """Return the frames from one on; none where that has no fill, or has what is no number.

        `shared`: some of the fills of a frame that has several may be of a market that is not here.
        """
        runs: dict[str, _Run] = {}
        user, named, end = seen.learn(""), False, at
        for line, frame in zip(seen.lines[at:], seen.frames[at:], strict=True):
            if isinstance(frame, UpdatesFrame):
                named = True  # it is of who was named last
            else:
                data = frame.data
                if data.user and data.user != user and (other := data.user.lower()) != user:
                    if named:
                        break
                    user = other
                named, fills = True, data.fills
                if len(fills) == 1:
                    _put(runs, fills[0], line, 0)
                elif fills and not shared and all(fill.has_numbers() for fill in fills):
                    for item, fill in enumerate(fills, 1):
                        _put(runs, fill, line, item)
                else:
                    break
            end += 1
        return cls(user, end, runs)


def _put(runs: dict[str, _Run], fill: FillText, line: int, item: int) -> None:
    run = runs.get(fill.coin)
    if run is None:
        run = runs[fill.coin] = _Run()
    run.fills.append(fill)
    run.lines.append(line)
    run.items.append(item)


def _take(auditor: "Auditor", seen: Frames, at: int, part: _Part) -> None:
    account, file = auditor.account(seen.learn(part.user)), seen.place.file
    lives = account.orders if isinstance(account.orders, Lives) else None
    account.streamed = account.streamed or bool(part.runs)
    some = slice(at, part.end)
    for line, frame in zip(seen.lines[some], seen.frames[some], strict=True):
        if isinstance(frame, UpdatesFrame):
            if lives is None or not _words(auditor, account, lives, frame.data, (file, line, 0)):
                _again(auditor, seen, line)
            continue
        fills = frame.data.fills
        for fill in fills:
            run = part.runs[fill.coin]
            at, run.at = run.at, run.at + 1
            if at >= run.until and not run.go_on(account.fills.get(fill.coin), file, at):
                if run.is_again:
                    continue
                if len(fills) == 1:
                    _again(auditor, seen, line)
                else:
                    where = Place(file, line, run.items[at])
                    auditor.fill(account, fill.as_line(), where, streamed=True)
                continue
            now = auditor.at(fill.coin, None, fill.time)
            mark, size = (file, line, run.items[at]), run.sizes[at]
            if lives is None or not lives.goes_on(fill, size, mark, now):
                auditor.fill_of_order(account, fill.as_line(), Place(*mark), now)


def _words(
    auditor: "Auditor",
    account: "AccountAudit",
    lives: Lives,
    updates: Sequence[orders.OrderUpdate],
    mark: tuple[str, int, int],
) -> bool:
    """Take what became of orders; return False, with nothing done, where it is to be read again."""
    if len(updates) == 1:
        (update,) = updates
        now = auditor.at(update.order.coin, None, update.status_timestamp)
        if not lives.word(update, mark, now):
            return False
    else:
        if not updates or auditor.share is not None or not all(map(lives.can_read, updates)):
            return False
        times = {
            update.order.coin: auditor.at(update.order.coin, None, update.status_timestamp)
            for update in updates
        }
        for update in updates:
            now = times[update.order.coin]
            if not lives.word(update, mark, now):
                (fact,) = facts.facts_of(update)
                assert isinstance(fact, facts.StatusTold)
                auditor.status_of_order(account, fact, Place(*mark), now)
    account.statuses += len(updates)
    return True
