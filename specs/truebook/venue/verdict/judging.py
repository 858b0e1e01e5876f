"""Judging how a bot ends: what it believes once all is quiet, and what it leaves behind."""

from collections.abc import Iterator, Mapping
from decimal import Decimal

from truebook.venue.engine import Account, Order, Place
from truebook.venue.verdict.belief import Belief
from truebook.venue.verdict.breach import Breach, Promise

_ZERO = Decimal(0)


def beliefs_broken(belief: Belief | None, account: Account) -> Iterator[Breach]:
    """Yield what a bot believes and is not so, all being quiet."""
    if belief is None:
        return
    if belief.position is not None:
        yield from _positions(belief.position, account)
    if belief.open is not None:
        yield from _orders(belief.open, account)


def _positions(believed: Mapping[str, Decimal], account: Account) -> Iterator[Breach]:
    held = {coin: one.size for coin, one in account.positions.items()}
    for coin in sorted({*believed, *held}):
        said, true = believed.get(coin, _ZERO), held.get(coin, _ZERO)
        if said != true:
            fills = [one for one in account.fills if one.order.asked.coin == coin]
            traded = sum((one.size for one in fills), _ZERO)
            words = f"it believes its position in {coin} to be {said}, and it is {true}"
            twice = abs(said) > traded
            promise = Promise.TWICE if twice else Promise.POSITION
            yield Breach(promise, words, "fills-move-position" if twice else "early-fills-kept")


def _orders(believed: frozenset[str], account: Account) -> Iterator[Breach]:
    live = [one for one in account.standing.values() if one.where in (Place.BOOK, Place.TRIGGER)]
    names = {name for one in live for name in _names(one)}
    for one in live:
        if not believed & _names(one):
            words = f"order {one.oid} is live at the venue, and it does not know of it"
            yield Breach(Promise.DROPPED, words, "unknown-stays")
            break
    for name in sorted(believed - names):
        order = account.order_of(int(name) if name.isdecimal() else name.lower())
        status = "never was" if order is None else f"is {order.status}"
        yield Breach(
            Promise.OPEN,
            f"it believes order {name} to be open, which {status}",
            "absence-needs-age",
        )
        break


def _names(order: Order) -> frozenset[str]:
    cloid = order.asked.cloid
    return frozenset({str(order.oid), *(() if cloid is None else (cloid,))})


def left_behind(account: Account) -> Iterator[Breach]:
    """Yield that orders are open once a bot has ended."""
    live = [one.oid for one in account.standing.values()]
    if live:
        words = (
            f"it ended, and left {len(live)} of its orders open: {', '.join(map(str, live[:5]))}"
        )
        yield Breach(Promise.LEFT, words, "unknown-stays")
