"""Lines that are taken many at once: fills and words that are ordinary; the others one by one."""

from bisect import bisect_left
from collections.abc import Sequence
from typing import TYPE_CHECKING, Final

import attrs

from truebook.audit.ledger import FillLedger, Lives, size_of
from truebook.audit.seen import FillLines, FillText, Frames, Place, UpdatesFrame
from truebook.impl.venues.hyperliquid import orders

if TYPE_CHECKING:
    from truebook.audit.auditor import AccountAudit, Auditor

END: Final = 1 << 63
"""Behind every line."""
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
        at = 0
        while at < len(of):
            ledger = auditor.account(NOBODY).fills.get(coin)
            if ledger is not None:
                at = ledger.run(told, of, at, seen.place.file)
            if at < len(of):
                _again(auditor, seen, of[at])
                at += 1


def take_frames(auditor: "Auditor", seen: Frames) -> None:
    """Take frames, as many at once as are of one account and have one fill each."""
    at = 0
    while at < len(seen.frames):
        part = _Part.of(seen, at)
        if part.end == at:
            _again(auditor, seen, seen.lines[at])
            at += 1
            continue
        user = seen.learn(part.user)
        _take(auditor, seen, at, part, auditor.account(user))
        at = part.end


def _again(auditor: "Auditor", seen: FillLines | Frames, line: int) -> None:
    """Take a line by itself."""
    for one in seen.again(bisect_left(seen.lines, line)):
        auditor.take(one)


@attrs.define
class _Run:
    """The fills of a market in some frames: those before the line `until` are in its ledger."""

    fills: list[FillText] = attrs.field(factory=list)
    lines: list[int] = attrs.field(factory=list)
    at: int = 0
    until: int = -1

    def go_on(self, ledger: FillLedger | None, file: str, line: int) -> bool:
        """Put into the ledger what goes on from a line on; return whether that line did."""
        if ledger is not None:
            self.at = ledger.run(self.fills, self.lines, self.lines.index(line, self.at), file)
            self.until = self.lines[self.at] if self.at < len(self.lines) else END
        return line < self.until


@attrs.define
class _Part:
    """Frames up to an `end` that are of one account, and the fills of them by their markets."""

    end: int
    user: str = ""
    runs: dict[str, _Run] = attrs.field(factory=dict)

    @classmethod
    def of(cls, seen: Frames, at: int) -> "_Part":
        """Return the frames from one on; none where that has several fills."""
        part, named = cls(at), False
        for frame in seen.frames[at:]:
            if isinstance(frame, UpdatesFrame):
                named = True  # it is of who was named last
            else:
                data = frame.data
                if len(data.fills) != 1 or (named and data.user != part.user):
                    break
                part.user, named = data.user, True
                (fill,) = data.fills
                run = part.runs.get(fill.coin)
                if run is None:
                    run = part.runs[fill.coin] = _Run()
                run.fills.append(fill)
                run.lines.append(seen.lines[part.end])
            part.end += 1
        return part


def _take(auditor: "Auditor", seen: Frames, at: int, part: _Part, account: "AccountAudit") -> None:
    file = seen.place.file
    lives = account.orders if isinstance(account.orders, Lives) else None
    some = slice(at, part.end)
    for line, frame in zip(seen.lines[some], seen.frames[some], strict=True):
        if isinstance(frame, UpdatesFrame):
            if not _word(auditor, account, lives, frame.data, (file, line, 0)):
                _again(auditor, seen, line)
            continue
        (fill,) = frame.data.fills
        run = part.runs[fill.coin]
        if line >= run.until and not run.go_on(account.fills.get(fill.coin), file, line):
            _again(auditor, seen, line)
            continue
        account.streamed = True
        now = auditor.at(fill.coin, None, fill.time)
        if lives is None or not lives.goes_on(fill, size_of(fill.sz)[0], (file, line, 0), now):
            auditor.fill_of_order(account, fill.as_line(), Place(file, line), now)


def _word(
    auditor: "Auditor",
    account: "AccountAudit",
    lives: Lives | None,
    updates: Sequence[orders.OrderUpdate],
    mark: tuple[str, int, int],
) -> bool:
    """Take what became of one order, if that is ordinary; return whether it is."""
    if lives is None or len(updates) != 1:
        return False
    (update,) = updates
    now = auditor.at(update.order.coin, None, update.status_timestamp)
    if not lives.word(update, mark, now):
        return False
    account.statuses += 1
    return True
