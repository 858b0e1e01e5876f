"""Lines that are taken many at once: fills and words that are ordinary; the others one by one."""

from collections.abc import Sequence
from typing import TYPE_CHECKING, Final

import attrs

from truebook.audit.ledger import MS, Columns, FillLedger, Lives
from truebook.audit.seen import FillLines, FillText, Frames, Place, UpdatesFrame
from truebook.impl.venues.hyperliquid import facts, orders

if TYPE_CHECKING:
    from truebook.audit.auditor import AccountAudit, Auditor

NOBODY: Final = ""
"""The account of what names none."""


def take_fills(auditor: "Auditor", seen: FillLines) -> None:
    """Take lines of fills market by market."""
    fills, first = seen.fills, seen.place.line
    coins = dict.fromkeys([fill.coin for fill in fills])
    for coin in coins:
        of: Sequence[int] = range(first, first + len(fills))
        told = fills
        if len(coins) > 1:
            of = [line for line in of if fills[line - first].coin == coin]
            told = [fills[line - first] for line in of]
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
        part = _Part.of(seen, at)
        if part.end == at:
            _again(auditor, seen, seen.place.line + at)
            at += 1
            continue
        _take(auditor, seen, at, part)
        at = part.end


def _again(auditor: "Auditor", seen: FillLines | Frames, line: int) -> None:
    """Take a line by itself."""
    for one in seen.again(line - seen.place.line):
        auditor.take(one)


@attrs.define
class _Run:
    """The fills of a market in some frames; those up to `until` are in its ledger, if they go on.

    `at` is the next that is to be told to its order.
    """

    fills: list[FillText] = attrs.field(factory=list)
    lines: list[int] = attrs.field(factory=list)
    items: list[int] = attrs.field(factory=list)
    columns: Columns | None = None
    at: int = 0
    until: int = 0

    def side_by_side(self) -> Columns:
        """Return the fills of all frames side by side."""
        if self.columns is None:
            self.columns = Columns.of(self.fills, self.lines, self.items)
        return self.columns


@attrs.define
class _Part:
    """Frames up to an `end` that are of one account, and the fills of them by their markets."""

    user: str
    end: int
    runs: dict[str, _Run] = attrs.field(factory=dict)

    @classmethod
    def of(cls, seen: Frames, at: int) -> "_Part":
        """Return the frames from one on; none where that has no fill, or has what is no number."""
        runs: dict[str, _Run] = {}
        user, named, line = seen.learn(""), False, seen.place.line + at
        for frame in seen.frames[at:]:
            if type(frame) is UpdatesFrame:
                named = True  # it is of who was named last
            else:
                data = frame.data
                if data.user and data.user != user and (other := data.user.lower()) != user:
                    if named:
                        break
                    user = other
                named, fills = True, data.fills
                if len(fills) != 1 and not (fills and all(fill.has_numbers() for fill in fills)):
                    break
                for item, fill in enumerate(fills, len(fills) > 1):
                    run = runs.get(fill.coin)
                    if run is None:
                        run = runs[fill.coin] = _Run()
                    run.fills.append(fill)
                    run.lines.append(line)
                    run.items.append(item)
            line += 1
        return cls(user, line - seen.place.line, runs)


def _take(auditor: "Auditor", seen: Frames, at: int, part: _Part) -> None:
    user = seen.learn(part.user)
    account = auditor.account(user)
    lives = account.orders if isinstance(account.orders, Lives) else None
    for line, frame in enumerate(seen.frames[at : part.end], seen.place.line + at):
        if type(frame) is UpdatesFrame:
            if lives is None or not _words(auditor, account, lives, frame.data, seen, line):
                _again(auditor, seen, line)
            continue
        account.streamed = True
        fills = frame.data.fills
        for fill in fills:
            run = part.runs[fill.coin]
            if not _fill(auditor, account, lives, run, seen.place.file):
                if len(fills) == 1:
                    _again(auditor, seen, line)
                else:
                    where = Place(seen.place.file, line, run.items[run.at])
                    auditor.fill(account, fill.as_line(), where, streamed=True)
            run.at += 1


def _fill(
    auditor: "Auditor", account: "AccountAudit", lives: Lives | None, run: _Run, file: str
) -> bool:
    """Take the next fill of a market, if it goes on, or is told again; return whether it does."""
    at, columns = run.at, run.columns or run.side_by_side()
    fill = run.fills[at]
    if at >= run.until:
        ledger: FillLedger | None = account.fills.get(fill.coin)
        if ledger is None:
            return False
        run.until = ledger.run(columns, at, file)
        if at >= run.until:
            return ledger.is_again(columns, at)
    time = fill.time * MS
    if time > auditor.now:
        auditor.now = time
    mark = (file, run.lines[at], run.items[at])
    if lives is None or not lives.goes_on(fill, columns.sizes[at], mark, auditor.now):
        auditor.fill_of_order(account, fill.as_line(), Place(*mark), auditor.now)
    return True


def _words(
    auditor: "Auditor",
    account: "AccountAudit",
    lives: Lives,
    updates: Sequence[orders.OrderUpdate],
    seen: Frames,
    line: int,
) -> bool:
    """Take what became of orders; return False, with nothing done, where it is to be read again."""
    alone = len(updates) == 1
    if not alone and not (updates and all(map(lives.can_read, updates))):
        return False
    told = max([update.status_timestamp for update in updates]) * MS
    now, mark = max(auditor.now, told), (seen.place.file, line, 0)
    for update in updates:
        if not lives.word(update, mark, now):
            if alone:
                return False
            (fact,) = facts.facts_of(update)
            assert isinstance(fact, facts.StatusTold)
            auditor.status_of_order(account, fact, Place(*mark), now)
    account.statuses += len(updates)
    auditor.now = now
    return True
