"""An audit: what files say, folded account by account and market by market."""

from collections import Counter
from collections.abc import Iterator, Sequence
from decimal import Decimal
from itertools import pairwise
from pathlib import Path
from typing import Final

import attrs

from truebook.audit.finding import Finding, Held, Kind, Verdict
from truebook.audit.ledger import (
    MS,
    Again,
    BotLog,
    FillLedger,
    Lives,
    Noted,
    Orders,
    RowLedger,
    TableLedger,
)
from truebook.audit.seen import (
    Answered,
    BotEvent,
    BotShown,
    Damaged,
    FillLine,
    FillLines,
    Fills,
    Frames,
    MarketsTold,
    OpenOrders,
    OrderRow,
    PassedOver,
    Place,
    Positions,
    Remark,
    Seen,
    Sent,
    Statuses,
    Trade,
    Truth,
)
from truebook.audit.share import Share
from truebook.audit.together import NOBODY, take_fills, take_frames
from truebook.impl.book import Ambiguous, Conflict, Overfill, Unattributed
from truebook.impl.venues.hyperliquid import markets, meta

ZERO: Final = Decimal(0)


@attrs.define
class AccountAudit:
    """What is known of one account."""

    user: str
    fills: dict[str, FillLedger] = attrs.field(factory=dict)
    tables: dict[str, TableLedger] = attrs.field(factory=dict)
    rows: dict[str, RowLedger] = attrs.field(factory=dict)
    orders: Orders | Lives = attrs.field(factory=Orders)
    positions: dict[str, Positions] = attrs.field(factory=dict)
    streamed: bool = False
    statuses: int = 0

    def markets(self) -> Iterator[str]:
        """Yield the markets of which anything is known but positions."""
        yield from (*self.fills, *self.tables, *self.rows)
        if isinstance(self.orders, Lives):
            yield from self.orders.coins()

    def ledger(self, coin: str) -> FillLedger:
        """Return the fills of a market."""
        found = self.fills.get(coin)
        if found is None:
            found = self.fills[coin] = FillLedger()
        return found


@attrs.define
class Auditor:
    """Takes what files say, one thing after another; `findings` and what follows tell what it is.

    Memory is of the markets, the orders that are open and the gaps, and 8 bytes for each fill: not
    of the lines. Without `books` orders that go their ordinary way are told to none: it is faster,
    and `BooksNeededError` where only books can tell what a file says.
    """

    books: bool = True
    accounts: dict[str, AccountAudit] = attrs.field(factory=dict)
    found: list[Finding] = attrs.field(factory=list)
    passed: Counter[str] = attrs.field(factory=Counter)
    remarks: list[str] = attrs.field(factory=list)
    damaged: int = 0
    share: Share | None = None
    logs: dict[str, BotLog] = attrs.field(factory=dict)
    _clocks: dict[str, int] = attrs.field(factory=dict)
    _latest: int = 0
    _metas: Sequence[meta.Meta] = ()
    _spot: meta.SpotMeta | None = None
    _known: markets.Markets = attrs.field(factory=markets.Markets)

    def take(self, seen: Seen) -> None:
        """Take one thing that a file says."""
        match seen:
            case FillLines():
                take_fills(self, seen)
            case Frames():
                take_frames(self, seen)
            case Fills():
                self._fills(seen)
            case Statuses():
                self._statuses(seen)
            case OpenOrders():
                account = self.account(seen.user)
                account.orders.listed(seen, self._of_all(seen.at))
            case Positions():
                self.account(seen.user).positions[seen.dex] = seen
            case Sent():
                account = self.account(seen.user)
                account.orders.sent(seen, self._of_all(seen.at))
            case Answered():
                now = self._of_all(seen.at)
                for account in self.accounts.values():
                    account.orders.answered(seen, now)
            case Trade():
                tables = self.account(NOBODY).tables
                if self._has(seen.coin):
                    tables.setdefault(seen.coin, TableLedger()).take(seen)
            case OrderRow():
                rows = self.account(NOBODY).rows
                if self._has(seen.coin):
                    rows.setdefault(seen.coin, RowLedger()).take(seen)
            case BotEvent() | BotShown():
                self._of_bot(seen)
            case MarketsTold():
                self._markets(seen)
            case Truth():
                pass  # what was said is judged, whatever was true
            case Damaged() | Remark() | PassedOver() if self.share is None or self.share.is_first:
                self._said(seen)
            case Damaged() | Remark() | PassedOver():
                pass  # another process says so

    def _said(self, seen: Damaged | Remark | PassedOver) -> None:
        match seen:
            case Damaged():
                self.damaged += 1
                words = f"{seen.what} cannot be read: {seen.why}"
                self.found.append(Finding(kind=Kind.UNREADABLE, words=words, place=seen.place))
            case Remark():
                self.remarks.append(f"{seen.place.file}: {seen.words}")
            case PassedOver():
                self.passed[seen.what] += 1

    def _of_bot(self, seen: BotEvent | BotShown) -> None:
        """Take what a bot's own log says: each file is of a market by itself."""
        name = seen.place.file
        log = self.logs.get(name) or self.logs.setdefault(name, BotLog(Path(name).name))
        if isinstance(seen, BotShown):
            log.show(seen)
            return
        try:
            log.take(seen)
        except (KeyError, TypeError, ValueError, ArithmeticError) as error:
            self._refused(seen.place, "an event", error)

    def account(self, user: str) -> AccountAudit:
        """Return an account; what names none is of the only one that is named, if one is."""
        found = self.accounts.get(user)
        if found is not None:
            return found
        if len(self.accounts) == 1 and NOBODY in (user, *self.accounts):
            (found,) = self.accounts.values()
            found.user = user or found.user
            self.accounts = {found.user: found}
            return found
        kind = Orders if self.books else Lives
        found = self.accounts[user] = AccountAudit(user, orders=kind(markets=self._known))
        return found

    def _markets(self, told: MarketsTold) -> None:
        """Note which numbers markets have, from here on."""
        self._metas = told.perps or self._metas
        self._spot = told.spot or self._spot
        self._known = markets.Markets.of(self._metas, self._spot)
        for account in self.accounts.values():
            account.orders.markets = self._known

    def at(self, coin: str, at: int | None, said: int | None) -> int:
        """Return the time of a market: when a line was received, else the latest that it says.

        Each market has its own, so that it comes to the same whatever is told of the others.
        """
        told, now = at if at is not None else said, self._clocks.get(coin, self._latest)
        if told is not None and told * MS > now:
            now = self._clocks[coin] = told * MS
        return now

    def _of_all(self, at: int | None) -> int:
        """Return the time of all markets: of what may be of any of them."""
        told = 0 if at is None else at * MS
        self._latest = max(self._latest, told, *self._clocks.values())
        self._clocks.clear()
        return self._latest

    def _has(self, coin: str) -> bool:
        """Return whether a market is folded here, and not in another process."""
        return self.share is None or self.share.has(coin)

    def _fills(self, seen: Fills) -> None:
        account = self.account(seen.user)
        account.streamed = account.streamed or seen.streamed
        place, fills = seen.place, seen.fills
        many = len(fills) > 1
        for item, fill in enumerate(fills, 1):
            where = Place(place.file, place.line, item) if many else place
            if not self._has(fill.coin):
                continue
            try:
                new = account.ledger(fill.coin).take(fill, where)
            except (ValueError, ArithmeticError) as error:
                self._refused(where, "a fill", error)
                continue
            if new and seen.streamed:
                now = self.at(fill.coin, seen.at, fill.time)
                self.fill_of_order(account, fill, where, now)

    def _statuses(self, seen: Statuses) -> None:
        account = self.account(seen.user)
        told = [fact for fact in seen.told if self._has(markets.coin_of(fact.key))]
        account.statuses += len(told)
        times: dict[str, int] = {}
        for fact in told:
            coin = markets.coin_of(fact.key)
            times[coin] = self.at(coin, seen.at, fact.time)
        for fact in told:
            now = times[markets.coin_of(fact.key)]
            try:
                account.orders.status(fact, seen.place, now)
            except (TypeError, ValueError, ArithmeticError) as error:
                self._refused(seen.place, "what became of an order", error)

    def _refused(self, place: Place, what: str, error: Exception) -> None:
        """Note what cannot be: no book takes it."""
        self._said(Damaged(place=place, what=what, why=str(error)))

    def fill_of_order(self, account: AccountAudit, fill: FillLine, place: Place, now: int) -> None:
        """Tell the orders of an account a fill that is new."""
        try:
            account.orders.fill(fill, place, now)
        except (TypeError, ValueError, ArithmeticError) as error:
            self._refused(place, "the order of a fill", error)

    # What was found

    def finish(self) -> None:
        """Let everything come to its end; call it once, before what was found is asked for."""
        for user, account in sorted(self.accounts.items()):
            if isinstance(account.orders, Lives):
                account.orders.finish()
            for coin, ledger in sorted(account.fills.items()):
                ledger.chain.settle()
                self.found += _of_fills(user, coin, ledger)
            for coin, table in sorted(account.tables.items()):
                self.found += _of_table(coin, table)
            self.found += _of_positions(account)
            self.found += (
                _of_note(user, noted) for noted in account.orders.noted if _is_bad(noted)
            )
            self.found += (_of_again(user, again) for again in account.orders.again)
        for _, log in sorted(self.logs.items()):
            self.found += log.found

    @property
    def shows_nothing(self) -> bool:
        """Whether nothing that was read says anything of an account."""
        return not self.accounts and not any(log.events or log.shown for log in self.logs.values())

    def findings(self) -> list[Finding]:
        """Return what was found, in the order of the files and lines."""
        return sorted(
            self.found,
            key=lambda one: (
                *(not one.breaks, one.place, one.kind, one.words, one.user, one.market),
                one.until or one.place,
            ),
        )

    def verdicts(self) -> Iterator[Verdict]:
        """Yield what is known of each promise."""
        broken = {finding.kind for finding in self.found}
        accounts = tuple(self.accounts.values())
        fills = any(account.fills for account in accounts)
        logs = tuple(self.logs.values())
        asked = any(one.requests for one in (*(a.orders for a in accounts), *logs))
        told = any(log.fills for log in logs)
        without = "no fills with positions were recorded" if told else "no fills were recorded"
        for kind, shown, why in (
            (Kind.MISSING, fills or any(a.tables for a in accounts), without),
            (Kind.OTHERWISE, fills or told, "no fills with numbers were recorded"),
            (Kind.POSITION, self._compared(), "the venue told no position behind the last fill"),
            (
                Kind.ORDERS,
                any(account.statuses for account in accounts) or any(log.words for log in logs),
                "no words of orders were recorded (orderUpdates)",
            ),
            (Kind.TWICE, asked, "no requests were recorded"),
            (Kind.LOOP, asked, "no requests were recorded"),
        ):
            if kind in broken:
                yield Verdict(kind, Held.BROKEN)
            elif shown:
                yield Verdict(kind, Held.HELD)
            else:
                yield Verdict(kind, Held.INCONCLUSIVE, why)

    def _compared(self) -> bool:
        if any(log.shown for log in self.logs.values()):
            return True
        return any(any(True for _ in _comparable(account)) for account in self.accounts.values())


def _of_fills(user: str, coin: str, ledger: FillLedger) -> Iterator[Finding]:
    for gap in ledger.chain.gaps():
        moved = f"{gap.amount:+f}"
        yield Finding(
            kind=Kind.MISSING,
            words=f"the position went from {gap.position} to {gap.then} ({moved}) by no fill here",
            place=gap.before,
            until=gap.after,
            user=user,
            market=coin,
        )
    for one in ledger.chain.inside:
        yield Finding(
            kind=Kind.MISSING,
            words=f"it begins at {one.start}, where no position was: others are missing beside it",
            place=one.first,
            user=user,
            market=coin,
        )
    for place in ledger.otherwise:
        yield Finding(
            kind=Kind.OTHERWISE,
            words="a fill is told again with another size, price or order: the first counts",
            place=place,
            user=user,
            market=coin,
        )


def _of_table(coin: str, table: TableLedger) -> Iterator[Finding]:
    runs = tuple(table.runs())
    for one, other in pairwise(runs):
        yield Finding(
            kind=Kind.MISSING,
            words="no position before the first row fits both: rows are missing between them",
            place=one.last.place,
            until=other.first.place,
            market=coin,
        )
    for place in table.odd:
        words = "its direction is none that is known: what it moved is not"
        yield Finding(kind=Kind.UNREADABLE, words=words, place=place, market=coin)


def _comparable(account: AccountAudit) -> Iterator[tuple[str, Positions, Decimal, Decimal]]:
    """Yield the venue's positions that have all fills known: coin, told where, that, and ours."""
    for dex, told in account.positions.items():
        shown = {markets.coin_of(one.key): one.position for one in told.told}
        for coin, ledger in account.fills.items():
            of = coin.partition(":")[0] if ":" in coin else ""
            if of != dex or "/" in coin or coin.startswith("@") or not ledger.chain.stretches:
                continue
            last = ledger.chain.stretches[-1]
            if told.as_of is not None and last.last_time < told.as_of:
                yield coin, told, shown.get(coin, ZERO), last.end


def _of_positions(account: AccountAudit) -> Iterator[Finding]:
    for coin, told, theirs, ours in _comparable(account):
        if theirs != ours:
            last = account.fills[coin].chain.stretches[-1]
            yield Finding(
                kind=Kind.POSITION,
                words=f"the venue's position is {theirs}, behind the last fill it was {ours}",
                place=last.last,
                until=told.place,
                user=account.user,
                market=coin,
            )


def _is_bad(noted: Noted) -> bool:
    return isinstance(noted.event, Conflict | Overfill | Ambiguous)


def _of_note(user: str, noted: Noted) -> Finding:
    event = noted.event
    if isinstance(event, Overfill):
        words = f"order {event.oid} has filled {event.excess} beyond its size"
        kind = Kind.ORDERS
    else:
        assert isinstance(event, Conflict | Ambiguous)
        name = event.oid if event.oid is not None else event.cloid
        words = f"order {name}: {event.reason}"
        kind = Kind.ORDERS if isinstance(event, Conflict) else Kind.FATE
    market = markets.coin_of(noted.key)
    return Finding(kind=kind, words=words, place=noted.place, user=user, market=market)


def _of_again(user: str, again: Again) -> Finding:
    kind = Kind.LOOP if again.is_cancel else Kind.TWICE
    market = markets.coin_of(again.key)
    words = f"{again.what} is sent again"
    return Finding(kind=kind, words=words, place=again.place, user=user, market=market)


def unattributed(account: AccountAudit) -> int:
    """Return how many fills were of orders that nobody told of."""
    apart = account.orders.nameless if isinstance(account.orders, Lives) else 0
    return apart + sum(isinstance(noted.event, Unattributed) for noted in account.orders.noted)
