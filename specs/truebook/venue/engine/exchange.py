"""The venue itself: accounts and markets, and what is done to their orders, truthfully.

Nothing here knows of a wire, of a clock or of chance: times are given, in milliseconds, and what
happens is told as news, in its order.
"""

from collections.abc import Iterable, Sequence
from decimal import Decimal
from hashlib import sha256
from typing import Final

import attrs

from truebook.venue.engine.account import Account, Position
from truebook.venue.engine.checks import Refusal, Scene, child_refusal, reducible, refusal_of
from truebook.venue.engine.limits import Limits
from truebook.venue.engine.liquidating import liquidate
from truebook.venue.engine.margin import covers
from truebook.venue.engine.market import Market
from truebook.venue.engine.news import Changed, Filled, News, Traded, Unasked
from truebook.venue.engine.order import Asked, Liquidation, Order, Place, Tif
from truebook.venue.engine.tape import DAY

TAKER_FEE, MAKER_FEE = Decimal("0.00045"), Decimal("0.00015")
_FEE: Final = Decimal("0.000001")
_ZERO: Final = Decimal(0)
NOT_OPEN: Final = "Order was never placed, already canceled, or filled."
OVER: Final = "Cannot modify canceled or filled order"
NOT_REPLACED: Final = "Error placing new order during modify: "


@attrs.define
class Exchange:
    """The accounts, the markets by coin, and the news that nobody has taken yet.

    An account begins with `balance` dollars, and as if it had traded for `volume`.
    """

    markets: dict[str, Market]
    balance: Decimal = Decimal(1_000_000)
    volume: Decimal = _ZERO
    limits: Limits = attrs.field(factory=Limits)
    accounts: dict[str, Account] = attrs.field(factory=dict)
    news: list[News] = attrs.field(factory=list)
    last_oid: int = 1_000_000
    liquidations: int = 0
    _waiting: dict[str, dict[int, Order]] = attrs.field(factory=dict)

    def account(self, user: str) -> Account:
        """Return the account of an address; it is opened when it first does something."""
        if user not in self.accounts:
            self.accounts[user] = Account(user, self.balance, traded=self.volume)
        return self.accounts[user]

    def found(self, user: str) -> Account:
        """Return the account of an address as it is; none is opened for who only asks."""
        account = self.accounts.get(user)
        return Account(user, self.balance, traded=self.volume) if account is None else account

    def take_news(self) -> Sequence[News]:
        """Return what has happened since this was last asked."""
        news, self.news = self.news, []
        return news

    # What accounts ask

    def place(self, user: str, asked: Asked, now: int) -> Order | Refusal:
        """Place an order; what came of it is in the order, or why it was refused."""
        market, account = self.markets[asked.coin], self.account(user)
        order = self._made(user, asked, now)
        refused = refusal_of(asked, Scene(account, self.markets, self.limits))
        if refused is not None:
            self._end(order, refused.status, now)
            return refused
        account.standing[order.oid] = order
        if asked.condition is not None:
            self._wait(order, now)
        else:
            self._enter(order, now)
            self._look(market, now)
        return order

    def place_with_children(
        self, user: str, asked: Asked, children: Iterable[Asked], now: int
    ) -> list[Order | Refusal]:
        """Place an order and those that wait for it to fill; they cancel each other.

        Where one of them is refused, so are all.
        """
        children, scene = list(children), Scene(self.account(user), self.markets, self.limits)
        wrong = (child_refusal(one, asked, scene, place=n) for n, one in enumerate(children, 1))
        refused = next((one for one in wrong if one is not None), None)
        if refused is not None:
            self._end(self._made(user, asked, now), refused.status, now)
            return [refused]
        parent = self.place(user, asked, now)
        if isinstance(parent, Refusal):
            return [parent]
        some = [self._made(user, one, now) for one in children]
        for child in some:
            child.siblings = [one for one in some if one is not child]
            child.where = Place.PARENT
            self.account(user).standing[child.oid] = child
            self._tell(child, "waitingForFill", now)
        parent.children = some
        if parent.where is Place.OVER:
            self._let_go(parent, now)
            self._look(self.markets[asked.coin], now)
        return [parent, *some]

    def cancel(self, user: str, coin: str, name: int | str, now: int) -> Order | Refusal:
        """Cancel an order by its oid or cloid."""
        order = self.account(user).order_of(name)
        if order is None or order.where is Place.OVER or order.asked.coin != coin:
            return Refusal("", NOT_OPEN)
        self._end(order, "canceled", now)
        return order

    def modify(
        self, user: str, name: int | str, asked: Asked, now: int, *, always: bool = False
    ) -> Order | Refusal:
        """Replace an order; where the new one is refused, the old one is cancelled all the same.

        `always`: the new one is placed even where the old one is over.
        """
        old = self.account(user).order_of(name)
        if old is None or old.where is Place.OVER:
            return self.place(user, asked, now) if always else Refusal("", OVER)
        if asked.tif is not Tif.ALO and asked.condition is None:
            market = self.markets[asked.coin]
            if market.levels.side(is_buy=not asked.is_buy).takes(asked.price):
                self._end(old, "canceled", now)
                refused = Refusal("badAloPxRejected", f"{NOT_REPLACED}it must not match at once")
                self._end(self._made(user, asked, now), refused.status, now)
                return refused
        self._end(old, "canceled", now)
        new = self.place(user, asked, now)
        if isinstance(new, Refusal):
            return attrs.evolve(new, text=f"{NOT_REPLACED}{new.text}")
        return new

    def cancel_unasked(self, order: Order, status: str, now: int) -> None:
        """Cancel an order as the venue would have it, for a reason of its own."""
        if order.where is not Place.OVER:
            self.news.append(Unasked(order))
            self._end(order, status, now)

    def cancel_all(self, user: str, status: str, now: int, *, unasked: bool = False) -> None:
        """Cancel every order of an account; `unasked`: as the venue would have it."""
        for order in list(self.account(user).standing.values()):
            if unasked:
                self.cancel_unasked(order, status, now)
            elif order.where is not Place.OVER:
                self._end(order, status, now)

    def pass_time(self, now: int) -> None:
        """Do what is due: the marks follow the books, scheduled cancels, and liquidations."""
        for market in self.markets.values():
            self._look(market, now)
        for account in list(self.accounts.values()):
            if account.cancel_at is not None and account.cancel_at <= now:
                account.cancel_at = None
                day, times = account.cancels
                account.cancels = now // DAY, 1 + (times if day == now // DAY else 0)
                self.cancel_all(account.user, "scheduledCancel", now)
            if account.positions:
                liquidate(self, account, now)

    def force(self, user: str, asked: Asked, how: Liquidation, now: int) -> None:
        """Place an order of the venue's own for an account, to close a position of it."""
        order = self._made(user, asked, now)
        order.liquidation = how
        self.account(user).standing[order.oid] = order
        self._enter(order, now)
        self._look(self.markets[asked.coin], now)

    def hand_over(
        self, user: str, to: str, coin: str, size: Decimal, how: Liquidation, now: int
    ) -> None:
        """Move a position to another account, at the mark price and outside the book."""
        taker, maker = (
            self._made(
                who,
                Asked(coin=coin, is_buy=is_buy, price=how.mark, size=abs(size), tif=Tif.IOC),
                now,
            )
            for who, is_buy in ((user, size < 0), (to, size > 0))
        )
        for order in (taker, maker):
            order.liquidation = how
            self._tell(order, "open", now)
        self._trade(taker, maker, abs(size), now)
        self._end(taker, "filled", now)

    # How orders trade

    def _made(self, user: str, asked: Asked, now: int) -> Order:
        self.last_oid += 1
        order = Order(self.last_oid, user, asked, now, left=asked.size, changed=now)
        order.follows = asked.condition is not None and not asked.size
        self.account(user).note(order)
        return order

    def _enter(self, order: Order, now: int) -> None:
        """Let an order trade, and rest with what is left of it."""
        self._tell(order, "open", now)
        asked = order.asked
        if asked.reduce_only:
            position = self.account(order.user).position(asked.coin)
            order.left = min(order.left, reducible(asked.is_buy, position))
        self._match(order, now)
        if not order.left:
            self._end(order, "filled" if order.filled else "reduceOnlyCanceled", now)
        elif asked.tif is Tif.IOC:
            self._end(order, "canceled", now)
        else:
            order.where = Place.BOOK
            self.markets[asked.coin].levels.side(is_buy=asked.is_buy).add(order)

    def _match(self, taker: Order, now: int) -> None:
        others = self.markets[taker.asked.coin].levels.side(is_buy=not taker.asked.is_buy)
        while taker.left and others.takes(taker.asked.price):
            maker = others.first()
            assert maker is not None
            size = min(taker.left, maker.left)
            if maker.user == taker.user:
                self._end(maker, "selfTradeCanceled", now)
            elif not self._covers(maker, size):
                self.cancel_unasked(maker, "marginCanceled", now)
            else:
                self._trade(taker, maker, size, now)

    def _covers(self, order: Order, size: Decimal) -> bool:
        """Return whether an account has the margin for so much of an order of it."""
        market = self.markets[order.asked.coin]
        change = size if order.asked.is_buy else -size
        return covers(self.account(order.user), market, self.markets, change)

    def _trade(self, taker: Order, maker: Order, size: Decimal, now: int) -> None:
        price, coin = maker.asked.price, taker.asked.coin
        buyer, seller = (taker, maker) if taker.asked.is_buy else (maker, taker)
        tid, mark = trade_id(buyer.oid, seller.oid), trade_hash(buyer.oid, seller.oid, now)
        market, how = self.markets[coin], taker.liquidation
        handed_over = how is not None and how.method == "backstop"
        for order, crossed in ((maker, False), (taker, True)):
            account = self.account(order.user)
            position = account.positions.setdefault(coin, Position())
            start = position.size
            earned = position.take(size if order.asked.is_buy else -size, price)
            market.open_interest += max(_ZERO, position.size) - max(_ZERO, start)
            rate = TAKER_FEE if crossed else MAKER_FEE
            fee = _ZERO if handed_over else (price * size * rate).quantize(_FEE)
            order.left -= size
            order.filled += size
            order.paid += price * size
            account.traded += price * size
            account.earned += earned - fee
            fill = Filled(
                order=order,
                price=price,
                size=size,
                time=now,
                start=start,
                crossed=crossed,
                fee=fee,
                closed=earned,
                tid=tid,
                hash=mark,
                liquidation=how,
            )
            account.fills.append(fill)
            self.news.append(fill)
        if not handed_over:
            trade = Traded(
                coin=coin,
                price=price,
                size=size,
                time=now,
                buyer_took=taker is buyer,
                tid=tid,
                hash=mark,
                users=(buyer.user, seller.user),
            )
            market.tape.add(trade)
            self.news.append(trade)
        if not maker.left:
            self._end(maker, "filled", now)
        for user in dict.fromkeys((maker.user, taker.user)):
            self._shrink(user, coin, taker, now)

    def _shrink(self, user: str, coin: str, taker: Order, now: int) -> None:
        """Let orders that may only reduce a position shrink with it."""
        position = self.account(user).position(coin)
        for order in list(self.account(user).standing.values()):
            asked = order.asked
            if order.follows and asked.coin == coin and order.where is Place.TRIGGER:
                if not reducible(asked.is_buy, position):
                    self._end(order, "reduceOnlyCanceled", now)
                continue
            if not asked.reduce_only or asked.coin != coin or asked.condition is not None:
                continue
            order.left = min(order.left, reducible(asked.is_buy, position))
            if not order.left and order is not taker and order.where is Place.BOOK:
                self._end(order, "reduceOnlyCanceled", now)

    # How orders wait

    def _wait(self, order: Order, now: int) -> None:
        order.where = Place.TRIGGER
        self._waiting.setdefault(order.asked.coin, {})[order.oid] = order
        self._tell(order, "open", now)

    def look(self, coin: str, now: int) -> None:
        """Look whether a market has come to where orders wait for it."""
        self._look(self.markets[coin], now)

    def _look(self, market: Market, now: int) -> None:
        met = True
        while met:
            market.moved()
            met = False
            for order in list(self._waiting.get(market.coin, {}).values()):
                condition = order.asked.condition
                assert condition is not None
                if order.where is Place.TRIGGER and condition.is_met(
                    market.mark, is_buy=order.asked.is_buy
                ):
                    self._trigger(order, now)
                    met = True

    def _trigger(self, order: Order, now: int) -> None:
        """Let an order that has waited trade; in what becomes of it its oid stays."""
        del self._waiting[order.asked.coin][order.oid]
        asked = order.asked
        assert asked.condition is not None
        if order.follows:
            position = self.account(order.user).position(asked.coin)
            order.left = reducible(asked.is_buy, position)
        tif = Tif.IOC if asked.condition.is_market else asked.tif
        order.asked = attrs.evolve(asked, condition=None, tif=tif)
        self._tell(order, "triggered", now)
        if order.asked.reduce_only and not order.left:
            self._end(order, "reduceOnlyCanceled", now)
        elif not order.asked.reduce_only and not self._covers(order, order.left):
            self.cancel_unasked(order, "marginCanceled", now)
        else:
            self._enter(order, now)

    def _let_go(self, parent: Order, now: int) -> None:
        """Let the children of an order that is over wait for their price, or end with it."""
        children, parent.children = parent.waiting, []
        for child in children:
            if parent.status == "filled":
                self._wait(child, now)
            else:
                self._end(child, "canceled", now)

    # How orders end

    def _end(self, order: Order, status: str, now: int) -> None:
        """End an order, wherever it is, and those that end with it."""
        if order.where is Place.BOOK:
            levels = self.markets[order.asked.coin].levels
            levels.side(is_buy=order.asked.is_buy).remove(order)
        elif order.where is Place.TRIGGER:
            self._waiting[order.asked.coin].pop(order.oid, None)
        order.where = Place.OVER
        self._tell(order, status, now)
        self.account(order.user).end(order)
        if order.children:
            self._let_go(order, now)
        siblings, order.siblings = order.siblings, []
        for sibling in siblings if status == "filled" else ():
            sibling.siblings = []
            if sibling.where is not Place.OVER:
                self._end(sibling, "siblingFilledCanceled", now)

    def _tell(self, order: Order, status: str, now: int) -> None:
        order.status, order.changed = status, now
        self.news.append(Changed(order, status, order.left, now))


def trade_id(buyer: int, seller: int) -> int:
    """Return the id of a trade, a hash of 50 bits of both oids."""
    digest = sha256(f"{buyer} {seller}".encode()).digest()
    return int.from_bytes(digest[:8], "big") >> 14


def trade_hash(buyer: int, seller: int, now: int) -> str:
    """Return the hash of the transaction of a trade."""
    return f"0x{sha256(f'{buyer} {seller} {now}'.encode()).hexdigest()}"
