"""Orders of which words and fills alone are recorded: most go their ordinary way, and need no book.

Of each what was told is kept, until it is over and forgotten as a book forgets it. Where a word or
a fill is not the ordinary next one, all that was told of its order is told to a reference book of
its own, and so is what comes then. As no request is known, orders of different cloids do not touch
one another; what only a book of all of them could tell is `BooksNeededError`.
"""

from collections import Counter
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from decimal import Decimal
from functools import lru_cache
from typing import Final

import attrs

from truebook.audit.ledger.life import CANCELLED, FILLED, OVER, PARTLY, Life, Mark, Said
from truebook.audit.ledger.orders import Again, Markets, Noted, Orders
from truebook.audit.ledger.remembered import REMEMBERED, BooksNeededError, Group, MarketLives
from truebook.audit.seen import Answered, FillLine, FillText, OpenOrders, Place, Sent
from truebook.impl.account import MarketKey
from truebook.impl.book import Order, OrderStatus, checks
from truebook.impl.venues.hyperliquid import facts, markets, numbers, orders, statuses

_number: Final = lru_cache(4_096)(numbers.size)
"""They are the same again and again."""


@attrs.define
class Lives:
    """The orders of an account, as `Orders` has them, where no request and no listing is known."""

    markets: Markets = attrs.field(factory=Markets)
    noted: list[Noted] = attrs.field(factory=list)
    again: list[Again] = attrs.field(factory=list)
    walked: Counter[tuple[str, str]] = attrs.field(factory=Counter)
    ordinary: int = 0
    requests: int = 0
    unnamed: int = 0
    nameless: int = 0
    count: int = 0
    _of: dict[str, MarketLives] = attrs.field(factory=dict)
    _by_key: dict[MarketKey, MarketLives] = attrs.field(factory=dict)

    @property
    def seen(self) -> int:
        """How many orders there were."""
        apart = sum(group.books.seen for of in self._by_key.values() for group in of.all_groups())
        return self.ordinary + apart + sum(of.gone for of in self._by_key.values())

    # What is told

    def status(self, fact: facts.StatusTold, place: Place, now: int) -> None:
        """Take what became of an order; ValueError for what cannot be."""
        if not isinstance(fact.said, orders.OrderUpdate) or not self.word(fact.said, place, now):
            self._odd_word(fact, place, now)

    def word(self, update: orders.OrderUpdate, place: Place | Mark, now: int) -> bool:
        """Take what became of an order, if that is ordinary; return whether it is."""
        order, status = update.order, update.status
        oid, original, cloid = order.oid, order.orig_sz, order.cloid
        if type(oid) is not int or oid <= 0 or type(original) is not str:
            return False
        if order.reduce_only is True or order.is_trigger is True:
            return False
        try:
            word = statuses.WORDS.get(status) or statuses.word_of(status)
            of = self._of.get(order.coin) or self._market(order.coin)
            size, left, price = _number(original), _number(order.sz), _number(order.limit_px)
        except ValueError:  # a name or a number of it is none
            return False
        if now >= of.due:
            of.age(now)
        if type(cloid) is not str or not cloid:
            cloid = None
        life = of.lives.get(oid)
        if life is None or life.size is None:
            if oid in of.groups or of.is_past(oid, cloid) or not price.is_finite():
                return False
            if cloid is not None and cloid in of.names:
                return False
            if life is None and word is OrderStatus.REJECTED:
                of.now = now
                return True  # it never was an order
            buys = order.side == "B"
            begun = Life(oid, buys) if life is None else life
            if not size or not begun.can_be(buys, size, cloid, now):
                return False
            state = begun.after(word, size, left, now)
            if state is None:
                return False
            life = of.lives[oid] = begun
            life.size, life.cloid = size, cloid
            self.ordinary += 1
            if cloid is not None:
                of.names[cloid] = life
        else:
            known = cloid == life.cloid and size == life.size
            state = life.after(word, size, left, now) if known else None
            if state is None:
                return False
        self._goes_on(of, life, state, now)
        life.told.append(Said(self.count, update, place, now))
        return True

    def _goes_on(self, of: MarketLives, life: Life, state: str, now: int) -> None:
        """Note what an order is; a step of one that is over counts from nothing, as in books."""
        of.now = now
        self.count += 1
        before = life.state if life.closed_at is None else ""
        if state != before:
            self.walked[before, state] += 1
            life.state = state
            if life.closed_at is None and state in OVER:
                life.closed_at = now
                of.end(life, now)

    def fill(self, fill: FillLine, place: Place, now: int) -> None:
        """Take a fill that is new; ValueError for one that cannot be."""
        of = self._market(fill.coin)
        try:
            checks.size(fill.sz)
            checks.number(fill.px, "px")
            right = True
        except ValueError:
            right = False
        if right and self.goes_on(fill, fill.sz, place, now):
            return
        of.age(now)
        books = self._group(of, fill.oid, fill.cloid or None, now)
        with _told_alike():
            books.fill(fill, place, now)
        of.remember(fill.time)

    def goes_on(
        self, fill: FillText | FillLine, size: Decimal, place: Place | Mark, now: int
    ) -> bool:
        """Take a fill whose numbers are right, if it is ordinary; else do nothing, return False."""
        of = self._of.get(fill.coin) or self._market(fill.coin)
        if now >= of.due:
            of.age(now)
        oid, buys, cloid = fill.oid, fill.side == "B", fill.cloid
        if not fill.tid or oid <= 0 or fill.time < 0 or fill.time <= of.floor:
            return False
        life = of.lives.get(oid)
        if life is None or life.size is None:
            if oid in of.groups or (cloid and cloid in of.names):
                return False
            if life is None:
                life = of.lives[oid] = Life(oid, buys)
            elif life.buys is not buys:
                return False
            of.now = now
            of.wait(life, now)
            self.nameless += 1
            self.count += 1
            life.filled += size
        else:
            filled = life.filled + size
            if life.buys is not buys or (cloid and cloid != life.cloid):
                return False
            if filled > life.size or life.state is CANCELLED or life.is_past(now):
                return False
            life.filled = filled
            whole = life.state is FILLED or filled == life.size
            self._goes_on(of, life, FILLED if whole else PARTLY, now)
        life.told.append(Said(self.count, fill, place, now))
        of.remember(fill.time)
        return True

    def listed(self, told: OpenOrders, now: int) -> None:
        """Take a listing of open orders: it is of all books at once."""
        raise BooksNeededError("there is a listing")

    def sent(self, told: Sent, now: int) -> None:
        """Take a request: it is registered before anything is told of it."""
        raise BooksNeededError("there is a request")

    def answered(self, told: Answered, now: int) -> None:
        """Take an answer: to no request that is known."""

    # What is left

    def finish(self) -> None:
        """Note that nothing more comes; `BooksNeededError` where a book made a name that is shown.

        Those names are numbered, and each group begins anew.
        """
        groups = (group for of in self._by_key.values() for group in of.all_groups())
        if any(book.pending_count for group in groups for book in group.books.account.values()):
            raise BooksNeededError("nobody knows what became of an order")

    def left(self) -> Iterator[tuple[MarketKey, Order]]:
        """Yield the orders that are open at the end."""
        found: list[tuple[MarketKey, Order]] = []
        for of in self._by_key.values():
            for life in of.lives.values():
                if life.size is not None and life.closed_at is None:
                    books = Orders()
                    for one in life.told:
                        _tell(books, one)
                    found += books.left()
            for group in of.all_groups():
                found += group.books.left()
        yield from sorted(found, key=lambda one: (one[0], one[1].oid is None, _name(one[1])))

    # Shared out

    def coins(self) -> Iterable[str]:
        """Return the markets of which anything was told."""
        return self._of

    def join(self, other: "Lives") -> None:
        """Take over the markets of others, none of which is here."""
        self._of |= other._of
        self._by_key |= other._by_key
        self.noted += other.noted
        self.walked += other.walked
        self.ordinary += other.ordinary
        self.nameless += other.nameless

    # Within

    def _market(self, coin: str) -> MarketLives:
        found = self._of.get(coin)
        if found is None:
            key = markets.key_of(coin)
            found = self._by_key.setdefault(key, MarketLives())
            self._of[coin] = found
        return found

    def _odd_word(self, fact: facts.StatusTold, place: Place, now: int) -> None:
        if fact.oid is None:
            raise BooksNeededError("a word has no oid")
        of = self._market(markets.coin_of(fact.key))
        of.age(now)
        books = self._group(of, fact.oid, fact.cloid, now)
        with _told_alike():
            books.status(fact, place, now)

    def _group(self, of: MarketLives, oid: int, cloid: str | None, now: int) -> Orders:
        """Return the books of an order's group, at the time of what was told of any before.

        What was told of the order, and of its cloid, is told to them again.
        """
        if of.is_past(oid, cloid):
            raise BooksNeededError("an order is told of that is over for long")
        group, life = of.groups.get(oid), of.lives.get(oid)
        named = None if cloid is None else of.names.get(cloid)
        lives = {one.oid: one for one in (life, named) if isinstance(one, Life)}
        if group is None:
            group = named if isinstance(named, Group) else None
        if (group is not None and lives) or (isinstance(named, Group) and named is not group):
            raise BooksNeededError("a cloid is of several orders that are known apart")
        if group is None:
            group = self._with_books(of, lives.values())
        if cloid is not None and group.cloid not in (None, cloid):
            raise BooksNeededError("an order is told of by two cloids")
        group.cloid = cloid or group.cloid
        if group.cloid is not None:
            of.names[group.cloid] = group
        group.oids.add(oid)
        of.groups[oid] = group
        group.due = now + REMEMBERED
        of.told.append((group.due, group))
        of.due = min(of.due, group.due)
        for book in group.books.account.values():
            if book.now < of.now:
                book.tick(of.now)
        of.now = now
        return group.books

    def _with_books(self, of: MarketLives, lives: Iterable[Life]) -> Group:
        """Return a new group of these orders, whose books are told what was told of them."""
        group = Group(Orders())
        told = (one for life in lives for one in life.told)
        for one in sorted(told, key=lambda one: one.number):
            _tell(group.books, one)
        for life in lives:
            del of.lives[life.oid]
            self.ordinary -= life.size is not None
            group.oids.add(life.oid)
            of.groups[life.oid] = group
            group.cloid = life.cloid or group.cloid
        group.books.walked, group.books.noted = self.walked, self.noted  # it was counted before
        return group


@contextmanager
def _told_alike() -> Iterator[None]:
    """Leave what a book refuses to those that are told everything."""
    try:
        yield
    except (TypeError, ValueError, ArithmeticError) as error:
        raise BooksNeededError(f"a book refuses it: {error}") from error


def _tell(books: Orders, said: Said) -> None:
    told, place, now = said.told, said.place, said.now
    where = place if isinstance(place, Place) else Place(*place)
    if isinstance(told, orders.OrderUpdate):
        (fact,) = facts.facts_of(told)
        assert isinstance(fact, facts.StatusTold)
        books.status(fact, where, now)
    else:
        books.fill(told if isinstance(told, FillLine) else told.as_line(), where, now)


def _name(order: Order) -> str:
    return str(order.oid if order.oid is not None else order.cloid)
