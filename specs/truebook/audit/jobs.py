"""An audit shared out among processes, market by market: it comes to the same as one of all."""

import re
from collections import Counter
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Final

import attrs

from truebook.audit.auditor import AccountAudit, Auditor
from truebook.audit.ledger import FillLedger, Identities, Lives
from truebook.audit.reading import Dates, NotApartError, Sieve, read, spots_of
from truebook.audit.seen import (
    BotEvent,
    BotShown,
    FillLines,
    Fills,
    Frames,
    OrderRow,
    Seen,
    Statuses,
    Trade,
    UpdatesFrame,
)
from truebook.audit.share import Share
from truebook.specs.processes import Tell

OFTEN: Final = 64
"""After so many things read the parent is told how far it is."""
SPOTS: Final = 32
"""Spots of each file at which the markets are counted."""
_COINS: Final = re.compile(rb'"coin": ?"([^"\\]{1,60})"')


@attrs.frozen
class Task:
    """Files, and the share of their markets that one process folds."""

    files: Sequence[Path]
    dates: Dates | None
    share: Share


@attrs.frozen
class Part:
    """What came of a share; `nameless`: something of it names no account."""

    number: int
    auditor: Auditor
    nameless: bool


def shares(files: Sequence[Path], jobs: int) -> list[Share]:
    """Return the shares of some files, of which each has about as much to read.

    But one where all seems to be of one market.
    """
    counted: Counter[str] = Counter()
    for path in files:
        for spot in spots_of(path, SPOTS):
            counted.update(coin.decode("utf-8", "replace") for coin in _COINS.findall(spot))
    of = max(1, min(jobs, len(counted)))
    loads, known = [0] * of, {}
    for coin, count in sorted(counted.items(), key=lambda one: (-one[1], one[0])):
        lightest = loads.index(min(loads))
        loads[lightest] += count
        known[coin] = lightest
    return [Share(number, of, known) for number in range(of)]


def fold(task: Task, tell: Tell) -> Part:
    """Audit a share, but for its end; `BooksNeededError` and `NotApartError` where that cannot be.

    CannotReadError where a file cannot be read.
    """
    auditor, nameless = Auditor(books=False, share=task.share), False
    count = 0
    for path in task.files:
        sieve = Sieve(task.share)
        for seen in read(path, dates=task.dates, sift=sieve.read):
            if isinstance(seen, BotEvent | BotShown):
                raise NotApartError("a bot's own log is one market")
            auditor.share = None if sieve.is_apart else task.share
            nameless = nameless or _is_nameless(seen)
            auditor.take(seen)
            sieve.is_apart = False
            count += 1
            if count % OFTEN == 0:
                tell(f"{path.name}: line {seen.place.line:,}")
    auditor.share = task.share
    for account in auditor.accounts.values():
        if not all(map(task.share.has, account.markets())):
            raise NotApartError("a line is of another market than it looks like")
        account.fills = {coin: _done(ledger) for coin, ledger in account.fills.items()}
    return Part(task.share.number, auditor, nameless)


def joined(parts: Iterable[Part]) -> Auditor:
    """Return the audit that some shares come to; `NotApartError` where they do not tell.

    What names no account is of the only one that is named: of several, it depends on the order.
    """
    parts = sorted(parts, key=lambda part: part.number)
    users = {user for part in parts for user in part.auditor.accounts} - {""}
    if len(users) > 1 and any(part.nameless for part in parts):
        raise NotApartError("several accounts are named, and something names none")
    whole = Auditor(books=False)
    for part in parts:
        for user, account in part.auditor.accounts.items():
            name = user or next(iter(users), "")
            _add(whole.accounts.setdefault(name, AccountAudit(name, orders=Lives())), account)
        whole.found += part.auditor.found
        whole.passed += part.auditor.passed
        whole.remarks += part.auditor.remarks
        whole.damaged += part.auditor.damaged
    return whole


def _add(account: AccountAudit, other: AccountAudit) -> None:
    account.fills |= other.fills
    account.tables |= other.tables
    account.rows |= other.rows
    account.positions |= other.positions
    account.streamed = account.streamed or other.streamed
    account.bare = account.bare or other.bare
    account.statuses += other.statuses
    assert isinstance(account.orders, Lives)
    assert isinstance(other.orders, Lives)
    account.orders.join(other.orders)


def _done(ledger: FillLedger) -> FillLedger:
    """Return a ledger that is told nothing more: without what was seen."""
    ledger.chain.settle()
    return attrs.evolve(ledger, seen=Identities())


def _is_nameless(seen: Seen) -> bool:
    match seen:
        case FillLines() | Trade() | OrderRow():
            return True
        case Frames():
            first = seen.frames[0]
            named = not isinstance(first, UpdatesFrame) and first.data.user
            return not (named or seen.learn(""))
        case Fills() | Statuses():
            return not seen.user
    return False
