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
    Beyond,
    BotLog,
    Exposure,
    FillLedger,
    Lacked,
    Lives,
    Noted,
    Orders,
    RowLedger,
    Short,
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
    Unknown,
)
from truebook.audit.share import Share
from truebook.audit.together import NOBODY, take_fills, take_frames
from truebook.impl.account import MarketKey
from truebook.impl.book import Ambiguous, Conflict, Order, Overfill, Unattributed
from truebook.impl.venues.hyperliquid import facts, markets, meta

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
    bare: bool = False
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
    `limit` is what may come to be held in a market; `ended`: the bot is to have left nothing open.
    """

    books: bool = True
    limit: Decimal | None = None
    ended: bool = False
    accounts: dict[str, AccountAudit] = attrs.field(factory=dict)
    found: list[Finding] = attrs.field(factory=list)
    passed: Counter[str] = attrs.field(factory=Counter)
    remarks: list[str] = attrs.field(factory=list)
    damaged: int = 0
    last: Place | None = None
    share: Share | None = None
    logs: dict[str, BotLog] = attrs.field(factory=dict)
    _clocks: dict[str, int] = attrs.field(factory=dict)
    _latest: int = 0
    _metas: Sequence[meta.Meta] = ()
    _spot: meta.SpotMeta | None = None
    _known: markets.Markets = attrs.field(factory=markets.Markets)

    def take(self, seen: Seen) -> None:
        """Take one thing that a file says."""
        self.last = seen.place
        match seen:
            case FillLines():
                self.account(NOBODY).bare = True
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
            case Unknown():
                account = self.account(seen.user)
                account.orders.unknown_told(seen, self._of_all(seen.at))
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
                if self.has(seen.coin):
                    tables.setdefault(seen.coin, TableLedger()).take(seen)
            case OrderRow():
                rows = self.account(NOBODY).rows
                if self.has(seen.coin):
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
        if self.limit is not None and isinstance(found.orders, Orders):
            found.orders.exposure = Exposure()
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

    def has(self, coin: str) -> bool:
        """Return whether a market is folded here, and not in another process."""
        return self.share is None or self.share.has(coin)

    def _fills(self, seen: Fills) -> None:
        account = self.account(seen.user)
        account.streamed = account.streamed or seen.streamed
        place, fills = seen.place, seen.fills
        many = len(fills) > 1
        for item, fill in enumerate(fills, 1):
            where = Place(place.file, place.line, item) if many else place
            if self.has(fill.coin):
                self.fill(account, fill, where, streamed=seen.streamed, at=seen.at)

    def fill(
        self,
        account: AccountAudit,
        fill: FillLine,
        place: Place,
        *,
        streamed: bool,
        at: int | None = None,
    ) -> None:
        """Take a fill; where it is `streamed`, orders are told beside it."""
        try:
            new = account.ledger(fill.coin).take(fill, place)
        except (ValueError, ArithmeticError) as error:
            self._refused(place, "a fill", error)
            return
        asked_for = isinstance(account.orders, Orders) and account.orders.has_sent(fill)
        if new and (streamed or asked_for):
            self.fill_of_order(account, fill, place, self.at(fill.coin, at, fill.time))
            return
        if new:
            self._expose(account, fill)
            account.orders.heard(fill)

    def _statuses(self, seen: Statuses) -> None:
        account = self.account(seen.user)
        told = [fact for fact in seen.told if self.has(markets.coin_of(fact.key))]
        account.statuses += len(told)
        times: dict[str, int] = {}
        for fact in told:
            coin = markets.coin_of(fact.key)
            times[coin] = self.at(coin, seen.at, fact.time)
        for fact in told:
            now = times[markets.coin_of(fact.key)]
            self.status_of_order(account, fact, seen.place, now)

    def status_of_order(
        self, account: AccountAudit, fact: facts.StatusTold, place: Place, now: int
    ) -> None:
        """Tell the orders of an account what became of one."""
        try:
            account.orders.status(fact, place, now)
        except (TypeError, ValueError, ArithmeticError) as error:
            self._refused(place, "what became of an order", error)

    def _refused(self, place: Place, what: str, error: Exception) -> None:
        """Note what cannot be: no book takes it."""
        self._said(Damaged(place=place, what=what, why=str(error)))

    def fill_of_order(self, account: AccountAudit, fill: FillLine, place: Place, now: int) -> None:
        """Tell the orders of an account a fill that is new."""
        self._expose(account, fill)
        try:
            account.orders.fill(fill, place, now)
        except (TypeError, ValueError, ArithmeticError) as error:
            self._refused(place, "the order of a fill", error)

    def _expose(self, account: AccountAudit, fill: FillLine) -> None:
        """Note a fill that is new, where exposure is held to a limit."""
        if isinstance(account.orders, Orders) and account.orders.exposure is not None:
            account.orders.exposure.fill(markets.key_of(fill.coin), fill)

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
            self.found += self._ended(account) if self.ended else ()
            if self.limit is not None and isinstance(account.orders, Orders):
                exposure = account.orders.exposure
                assert exposure is not None
                self.found += (
                    _of_limit(user, one, self.limit) for one in exposure.beyond(self.limit)
                )
            self.found += (_of_stranger(user, *one) for one in account.orders.strangers)
            if not account.bare and (account.streamed or account.fills):
                self.found += (_of_short(user, one) for one in account.orders.short())
            self.found += (
                _of_ends(user, *name, *places)
                for name, places in account.orders.ended_twice.items()
            )
            self.found += (_of_lacked(user, one) for one in account.orders.lacked())
            self.found += (_of_unknown(user, *one) for one in account.orders.unknown())
        for _, log in sorted(self.logs.items()):
            self.found += log.found

    def _ended(self, account: AccountAudit) -> Iterator[Finding]:
        """Yield the orders that are left open, as the last listing shows, or as far as is told."""
        for key, order in account.orders.left():
            if not order.is_open or self.last is None or account.orders.is_told_over(key, order):
                continue
            shown = account.orders.is_last_listed(key, order)
            words = (
                f"order {order.oid} is open, and the bot has ended"
                if shown
                else f"order {order.oid}: nothing tells that it is over, and the bot has ended"
            )
            yield Finding(
                kind=Kind.LEFT if shown else Kind.FATE,
                words=words,
                place=self.last,
                user=account.user,
                market=markets.coin_of(key),
            )

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
            (Kind.STRANGER, asked, "no requests were recorded"),
            *self._optional(),
        ):
            if kind in broken:
                yield Verdict(kind, Held.BROKEN)
            elif shown:
                yield Verdict(kind, Held.HELD)
            else:
                yield Verdict(kind, Held.INCONCLUSIVE, why)

    def _optional(self) -> Iterator[tuple[Kind, bool, str]]:
        """Yield the promises that are held to what the caller says."""
        told = any(account.statuses for account in self.accounts.values())
        if self.limit is not None:
            yield Kind.LIMIT, told, "no words of orders were recorded (orderUpdates)"
        if self.ended:
            yield Kind.LEFT, told, "no words of orders were recorded (orderUpdates)"

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


def _of_short(user: str, one: Short) -> Finding:
    words = (
        f"order {one.oid} has filled {one.said:f}, as the venue says here, and the fills of it "
        f"that are told come to {one.told:f}"
    )
    market = markets.coin_of(one.key)
    return Finding(kind=Kind.MISSING, words=words, place=one.place, user=user, market=market)


def _of_ends(user: str, key: MarketKey, oid: int, place: Place, until: Place) -> Finding:
    words = f"order {oid} was over at one time, and over at another"
    market = markets.coin_of(key)
    return Finding(
        kind=Kind.ORDERS, words=words, place=place, until=until, user=user, market=market
    )


def _of_lacked(user: str, one: Lacked) -> Finding:
    return Finding(
        kind=Kind.ORDERS,
        words=f"order {one.oid}: it lacks here, and was open before and after",
        place=one.place,
        until=one.until,
        user=user,
        market=markets.coin_of(one.key),
    )


def _of_limit(user: str, one: Beyond, limit: Decimal) -> Finding:
    market = markets.coin_of(one.key)
    words = f"it could come to hold {one.worst:f} with this order, and the limit is {limit:f}"
    return Finding(kind=Kind.LIMIT, words=words, place=one.place, user=user, market=market)


def _of_stranger(user: str, key: MarketKey, what: str, place: Place) -> Finding:
    words = f"{what} is cancelled as a listing named it, and its own answer is on its way"
    market = markets.coin_of(key)
    return Finding(kind=Kind.STRANGER, words=words, place=place, user=user, market=market)


def _of_unknown(user: str, key: MarketKey, order: Order, named: bool, place: Place) -> Finding:
    name = order.cloid if named else f"without a cloid ({order.side} {order.size} at {order.price})"
    words = f"order {name}: nothing tells what became of it since this request"
    market = markets.coin_of(key)
    return Finding(kind=Kind.FATE, words=words, place=place, user=user, market=market)


def unattributed(account: AccountAudit) -> int:
    """Return how many fills were of orders that nobody told of."""
    apart = account.orders.nameless if isinstance(account.orders, Lives) else 0
    return apart + sum(isinstance(noted.event, Unattributed) for noted in account.orders.noted)
