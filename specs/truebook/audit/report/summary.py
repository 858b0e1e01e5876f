"""An audit as plain values, which every report is written from."""

from collections.abc import Iterator, Sequence
from decimal import Decimal

import attrs

from truebook.audit.auditor import AccountAudit, Auditor, unattributed
from truebook.audit.finding import Finding, Verdict
from truebook.audit.ledger import BotLog, Bound, Run, TableLedger
from truebook.impl.book import Order
from truebook.impl.venues.hyperliquid import markets
from truebook.model.vocabulary import OrderState


@attrs.frozen(kw_only=True)
class MarketShown:
    """A market of an account: its fills, and what they come to.

    `start` and `end` are the position before and after them, None where that cannot be known;
    `told_again` how many fills were told again, `late` how many came behind newer ones.
    """

    user: str
    market: str
    fills: int
    told_again: int
    late: int
    net: Decimal
    start: Decimal | None
    end: Decimal | None
    note: str = ""


@attrs.frozen(kw_only=True)
class OpenShown:
    """An order that is open at the end, or of which nobody knows."""

    user: str
    market: str
    id: str
    side: str
    size: Decimal
    filled: Decimal
    state: str


@attrs.frozen(kw_only=True)
class Summary:
    """What an audit came to."""

    files: Sequence[str]
    findings: Sequence[Finding]
    verdicts: Sequence[Verdict]
    markets: Sequence[MarketShown]
    open: Sequence[OpenShown]
    orders: int
    requests: int
    walked: dict[str, int]
    passed: dict[str, int]
    notes: Sequence[str]

    @property
    def broken(self) -> Sequence[Finding]:
        """The findings that break a promise."""
        return [one for one in self.findings if one.breaks]


def summary_of(auditor: Auditor, files: Sequence[str]) -> Summary:
    """Return what an audit came to, once it is finished."""
    accounts = [auditor.accounts[user] for user in sorted(auditor.accounts)]
    walked: dict[str, int] = {}
    for account in accounts:
        for (before, after), count in sorted(account.orders.walked.items()):
            name = f"{before or 'first seen'} → {after}"
            walked[name] = walked.get(name, 0) + count
    logs = [auditor.logs[name] for name in sorted(auditor.logs)]
    for log in logs:
        for (before, after), count in sorted(log.walked.items()):
            name = f"{before or 'first seen'} → {after}"
            walked[name] = walked.get(name, 0) + count
    return Summary(
        files=files,
        findings=auditor.findings(),
        verdicts=tuple(auditor.verdicts()),
        markets=[
            *(one for account in accounts for one in _markets(account)),
            *map(_of_log, logs),
        ],
        open=[
            *(one for account in accounts for one in _open(account)),
            *(_open_shown("", log.name, order) for log in logs for order in log.open()),
        ],
        orders=sum(account.orders.seen for account in accounts)
        + sum(len(rows.latest) for account in accounts for rows in account.rows.values())
        + sum(log.orders for log in logs),
        requests=sum(account.orders.requests for account in accounts)
        + sum(log.requests for log in logs),
        walked=walked,
        passed=dict(sorted(auditor.passed.items())),
        notes=[*auditor.remarks, *(note for account in accounts for note in _notes(account))],
    )


def _markets(account: AccountAudit) -> Iterator[MarketShown]:
    for coin, ledger in sorted(account.fills.items()):
        stretches = ledger.chain.stretches
        yield MarketShown(
            user=account.user,
            market=coin,
            fills=ledger.count,
            told_again=ledger.again,
            late=ledger.late,
            net=ledger.net,
            start=stretches[0].start if stretches else None,
            end=stretches[-1].end if stretches else None,
        )
    for coin, table in sorted(account.tables.items()):
        yield _table(account.user, coin, table)


def _table(user: str, coin: str, table: TableLedger) -> MarketShown:
    runs = tuple(table.runs())
    net = sum((run.moved for run in runs), Decimal(0))
    first, last = runs[0], runs[-1]
    notes = []
    if first.start is None:
        words = between(first)
        notes.append(
            f"it began {words}, which is all that directions tell"
            if words
            else "its directions do not tell where it began"
        )
    if table.identical:
        notes.append(f"{table.identical} identical rows count as fills of their own")
    through = [trade for run in runs for trade in table.through_zero(run)]
    if through:
        lines = ", ".join(str(trade.place.line) for trade in through[:5])
        more = f" and {len(through) - 5} more" if len(through) > 5 else ""
        notes.append(f"rows that went through zero, as sums of several fills: lines {lines}{more}")
    return MarketShown(
        user=user,
        market=coin,
        fills=len(table.trades),
        told_again=table.again,
        late=0,
        net=net,
        start=first.start,
        end=None if last.start is None else last.start + last.moved,
        note="; ".join(notes),
    )


def between(run: Run) -> str:
    """Return where a position was before some rows, in words; none: they do not tell."""

    def bound(one: Bound, words: str, at: str) -> str:
        return f"{words if one.open else at} {one.at}"

    parts = []
    if run.least is not None:
        parts.append(bound(run.least, "above", "at or above"))
    if run.most is not None:
        parts.append(bound(run.most, "below", "at or below"))
    return " and ".join(parts)


def _open(account: AccountAudit) -> Iterator[OpenShown]:
    for key, order in account.orders.left():
        yield _open_shown(account.user, markets.coin_of(key), order)
    for coin, rows in sorted(account.rows.items()):
        for row in rows.open():
            yield OpenShown(
                user=account.user,
                market=coin,
                id=str(row.oid),
                side="buy" if row.is_buy else "sell",
                size=row.size if row.size is not None else Decimal(0),
                filled=row.filled if row.filled is not None else Decimal(0),
                state=row.status.lower(),
            )


def _open_shown(user: str, market: str, order: Order) -> OpenShown:
    return OpenShown(
        user=user,
        market=market,
        id=_name(order),
        side=str(order.side),
        size=order.size,
        filled=order.filled,
        state=_state(order),
    )


def _of_log(log: BotLog) -> MarketShown:
    return MarketShown(
        user="",
        market=log.name,
        fills=log.fills,
        told_again=log.again,
        late=0,
        net=log.net,
        start=None,
        end=log.net,
    )


def _name(order: Order) -> str:
    return str(order.oid if order.oid is not None else order.cloid)


def _state(order: Order) -> str:
    if order.state is OrderState.PENDING:
        return "nobody knows what became of it"
    return order.state.name.lower().replace("_", " ")


def _notes(account: AccountAudit) -> Iterator[str]:
    unknown = unattributed(account)
    if unknown:
        yield f"{unknown:,} fills are of orders that nobody told of: nothing is known of those"
    if account.orders.unnamed:
        yield (
            f"{account.orders.unnamed:,} requests name their market by a number that no `meta` "
            "here explains: what became of them is not held to their answers"
        )
