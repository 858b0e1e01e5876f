"""Beginning: which markets there are, the books of the journals, and what the venue has already."""

from collections.abc import Iterable, Sequence
from contextlib import suppress
from pathlib import Path
from typing import Any

from truebook.impl.account import Account
from truebook.impl.book import BookConfig, Rebased, Strangers, UnifiedOrderBook
from truebook.impl.journal import JournaledBook, JournalError
from truebook.impl.venues.hyperliquid import numbers, questions
from truebook.impl.venues.hyperliquid.client import MarketClient, Transport, UnreadableAnswerError
from truebook.impl.venues.hyperliquid.listings import listed, with_children
from truebook.impl.venues.hyperliquid.markets import Market, Markets, is_spot, key_of
from truebook.impl.venues.hyperliquid.orders import Order
from truebook.impl.venues.hyperliquid.questions import TO_INFO, Question
from truebook.impl.venues.hyperliquid.reading import Unreadable
from truebook.impl.venues.hyperliquid.wire import given


async def asked(transport: Transport, question: Question) -> Any:
    """Return the answer to a question; UnreadableAnswerError where it is none."""
    answer = TO_INFO[questions.word_of(type(question))].read(await transport.ask(question))
    if isinstance(answer, Unreadable):
        raise UnreadableAnswerError(answer)
    return answer


async def markets_of(transport: Transport, coins: Sequence[str]) -> Markets:
    """Return the markets of these coins; ValueError for one that the venue has not.

    Also for two spot markets of one token: its balance is of both, and the position of neither.
    """
    dexes = {key_of(coin).dex for coin in coins if not is_spot(coin)} - {""}
    metas = [await asked(transport, questions.Meta())]
    if dexes:
        for dex in (await asked(transport, questions.PerpDexs()))[1:]:
            named = dex is not None and dex.name in dexes
            metas.append(await asked(transport, questions.Meta(dex.name)) if named else None)
    spot = await asked(transport, questions.SpotMeta()) if any(map(is_spot, coins)) else None
    known = Markets.of(metas, spot)
    found: dict[str, Market] = {}
    for coin in coins:
        if coin not in known:
            raise ValueError(f"the venue has no market {coin!r}: name it as the venue does")
        found[coin] = known[coin]
    bases = [market.base for market in found.values() if market.base]
    for base in bases:
        if bases.count(base) > 1:
            raise ValueError(
                f"several markets trade {base}, of which there is one balance: name one of them"
            )
    return Markets(found.values())


def opened(folder: Path | None, markets: Iterable[Market], config: BookConfig) -> Account:
    """Return an account with a book for each market: as its journal has it, or a new one.

    A journal for each market is in the folder, under the market's key; None: in memory alone.
    """
    if folder is None:
        account = Account(config)
    else:
        folder.mkdir(parents=True, exist_ok=True)
        account = Account(
            config, make=lambda key, one: JournaledBook(folder / f"{key}.journal", one)
        )
    try:
        for market in markets:
            account.at(key_of(market.coin))
    except BaseException:
        close(account)
        raise
    return account


def close(account: Account) -> None:
    """Close the journals of an account."""
    for book in account.values():
        if isinstance(book, JournaledBook):
            with suppress(JournalError):  # one that failed: its file is as it was last written
                book.close()


async def take_over(book: UnifiedOrderBook, client: MarketClient, *, now: int) -> None:
    """Begin with the position that the venue has already, and with the orders that are ours there.

    Where strangers are cancelled, the market has one owner, and every open order is his. Where they
    are left, ours are those with a cloid of ours. An order that waits is registered as one, since
    the position's picture has nothing of it. The listing goes first: what fills after it is in the
    position, and the order shows too much of itself until the next listing; the other way it would
    show too little.
    """
    question = questions.FrontendOpenOrders(client.user, client.key.dex)
    told: list[Order] = await asked(client.transport, question)
    rows = {one.oid: one for key, one in listed(told) if key == client.key}
    position = await client.position()
    begin = []
    for order, is_child in with_children(told):
        if not isinstance(order.oid, int) or order.oid not in rows or not _is_ours(book, order):
            continue
        if is_child or order.is_trigger is True:
            _wait(book, order, now)
        else:
            begin.append(rows[order.oid])
    taken = book.rebase(position.position, position.as_of, orders=begin, now=now)
    if not isinstance(taken, Rebased):
        raise RuntimeError(f"{client.key}: the book cannot begin: {taken.reason}")


def _is_ours(book: UnifiedOrderBook, order: Order) -> bool:
    if book.config.strangers is Strangers.CANCEL:
        return True
    cloid, own = given(order.cloid, None), book.config.own_cloid
    return bool(cloid and ((own and cloid.startswith(own)) or book.get_order(cloid)))


def _wait(book: UnifiedOrderBook, order: Order, now: int) -> None:
    """Register an order that waits for its trigger, as if it had just been placed."""
    assert isinstance(order.oid, int)
    if book.get_order(order.oid) is not None:
        return
    cloid = book.register_pending(
        "buy" if order.side == "B" else "sell",
        numbers.decimal(order.limit_px),
        numbers.size(order.sz),
        cloid=given(order.cloid, None),
        reduce_only=bool(given(order.reduce_only, False)),
        trigger=numbers.decimal(given(order.trigger_px, None) or "0"),
        now=now,
    )
    request = book.get_order(cloid)
    assert request is not None
    book.order_waits(cloid, oid=order.oid, request=request.request, now=now)
