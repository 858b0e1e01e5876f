"""Orders of which words and fills alone are recorded: most go their ordinary way, and need no book.

Of each what was told is kept, until it is over and forgotten as a book forgets it. Where a word or
a fill is not the ordinary next one, all that was told of its order is told to a reference book of
its own, and so is what comes then. As no request is known, orders of different cloids do not touch
one another; what only a book of all of them could tell is `BooksNeededError`.
"""

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from decimal import Decimal
from functools import lru_cache
from operator import itemgetter
from typing import Final

import attrs

from truebook.audit.ledger.lacking import Lacked
from truebook.audit.ledger.life import CANCELLED, FILLED, OVER, PARTLY, Life, Mark, Said
from truebook.audit.ledger.orders import Again, Markets, Noted, Orders
from truebook.audit.ledger.promised import ZERO, Named, Short
from truebook.audit.ledger.remembered import REMEMBERED, BooksNeededError, Group, MarketLives
from truebook.audit.seen import Answered, FillLine, FillText, OpenOrders, Place, Sent, Unknown
from truebook.impl.account import MarketKey
from truebook.impl.book import Order, OrderStatus, checks
from truebook.impl.venues.hyperliquid import facts, markets, numbers, orders, statuses

_WORDS: Final = statuses.WORDS
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
    strangers: Sequence[tuple[MarketKey, str, Place]] = ()
    count: int = 0
    apart: dict[Named, Decimal] = attrs.field(factory=dict)
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
        of = self._market(markets.coin_of(fact.key))
        of.age(now)
        if not isinstance(fact.said, orders.OrderUpdate) or not self.word(fact.said, place, now):
            self._odd_word(of, fact, place, now)

    def can_read(self, update: orders.OrderUpdate) -> bool:
        """Return whether what became of an order can be read, ordinary or not."""
        order = update.order
        try:
            self._market(order.coin)
            _number(order.sz)
            if type(order.orig_sz) is str:
                _number(order.orig_sz)
            return statuses.word_of(update.status) is not None
        except ValueError:  # a name or a number of it is none
            return False

    def word(self, update: orders.OrderUpdate, place: Place | Mark, now: int) -> bool:
        """Take what became of an order, if that is ordinary; else do nothing, return False.

        What a book has forgotten by now may be there still: then nothing of it is ordinary.
        """
        order, status = update.order, update.status
        if order.reduce_only is True or order.is_trigger is True or type(order.orig_sz) is not str:
            return False
        try:
            word = _WORDS.get(status) or statuses.word_of(status)
            of = self._of.get(order.coin) or self._market(order.coin)
            size, left, _ = _number(order.orig_sz), _number(order.sz), _number(order.limit_px)
        except ValueError:  # a name or a number of it is none
            return False
        if now >= of.due:
            of.age(now)
        cloid = order.cloid
        if type(cloid) is not str or not cloid:
            cloid = None
        life = of.lives.get(order.oid)  # type: ignore[arg-type]  # none is known by no oid
        if life is None or life.size is None:
            return self._first_word(of, life, update, word, (size, left, cloid), place, now)
        if cloid != life.cloid or size != life.size:
            return False
        if life.closed_at is not None and life.is_over_at_another_time(update):
            return False
        state = life.after(word, size, left, now)
        if state is None:
            return False
        self._goes_on(of, life, state, now)
        life.told.append((self.count, update, place, now))
        return True

    def _first_word(
        self,
        of: MarketLives,
        life: Life | None,
        update: orders.OrderUpdate,
        word: OrderStatus | None,
        said: tuple[Decimal, Decimal, str | None],
        place: Place | Mark,
        now: int,
    ) -> bool:
        """Take the first word of an order, whose size, what is left and cloid are `said`."""
        oid, (size, left, cloid) = update.order.oid, said
        if type(oid) is not int or oid <= 0 or oid in of.groups or of.is_past(oid, cloid):
            return False
        if cloid is not None and cloid in of.names:
            return False
        if life is None and word is OrderStatus.REJECTED:
            of.now = now
            return True  # it never was an order
        buys = update.order.side == "B"
        if life is None:
            life = Life(oid, buys)
        elif not life.can_be(buys, size, cloid, now):
            return False
        state = life.after(word, size, left, now)
        if state is None or not size:
            return False
        of.lives[oid] = life
        life.size, life.cloid = size, cloid
        self.ordinary += 1
        if cloid is not None:
            of.names[cloid] = life
        self._goes_on(of, life, state, now)
        life.told.append((self.count, update, place, now))
        return True

    def _goes_on(self, of: MarketLives, life: Life, state: str, now: int) -> None:
        """Note what an order is; a step of one that is over counts from nothing, as in books."""
        of.now = now
        self.count += 1
        before = life.state if life.closed_at is None else ""
        if state is not before:
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
        of.age(now)
        if right and self.goes_on(fill, fill.sz, place, now):
            return
        books = self._group(of, fill.oid, fill.cloid or None, now)
        with _told_alike():
            books.fill(fill, place, now)
        of.remember(fill.time)

    def goes_on(
        self, fill: FillText | FillLine, size: Decimal, place: Place | Mark, now: int
    ) -> bool:
        """Take a fill whose numbers are right, if it is ordinary; else do nothing, return False.

        What a book has forgotten by now may be there still: then nothing of it is ordinary.
        """
        of = self._of.get(fill.coin) or self._market(fill.coin)
        if now >= of.due:
            of.age(now)
        time, cloid, buys = fill.time, fill.cloid, fill.side == "B"
        if not fill.tid or (time <= of.newest and time <= of.floor):
            return False
        life = of.lives.get(fill.oid)
        if life is None or life.size is None:
            if not self._waits(of, life, fill, size, now):
                return False
            life = of.lives[fill.oid]
        else:
            if life.buys is not buys or (cloid and cloid != life.cloid):
                return False
            filled, state = life.filled + size, PARTLY
            if life.closed_at is not None:
                if life.state is CANCELLED or life.is_past(now):
                    return False
                state = FILLED
            if filled >= life.size:
                if filled > life.size:
                    return False
                state = FILLED
            life.filled = filled
            if state is life.state and life.closed_at is None:
                of.now = now
                self.count += 1
            else:
                self._goes_on(of, life, state, now)
        life.told.append((self.count, fill, place, now))
        if time > of.newest:
            of.newest = time
        of.bounds.append(of.newest)
        return True

    def _waits(
        self,
        of: MarketLives,
        life: Life | None,
        fill: FillText | FillLine,
        size: Decimal,
        now: int,
    ) -> bool:
        """Let a fill wait for a word of its order, if that is ordinary; return whether it is."""
        oid, buys, cloid = fill.oid, fill.side == "B", fill.cloid
        if oid <= 0 or fill.time < 0 or (cloid and cloid in of.names):
            return False
        if oid in of.groups or oid in of.short:
            return False
        if life is None:
            life = Life(oid, buys)
        elif life.buys is not buys or now >= life.due:
            return False
        of.wait(life, now)
        of.lives[oid] = life
        of.now = now
        self.nameless += 1
        self.count += 1
        life.filled += size
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

    def heard(self, fill: FillLine) -> None:
        """Take a fill that was told without words of its order beside it."""
        name = markets.key_of(fill.coin), fill.oid
        self.apart[name] = self.apart.get(name, ZERO) + fill.sz

    def unknown_told(self, told: Unknown, now: int) -> None:
        """Take that an order is unknown to the venue: only books know for how long it was open."""
        raise BooksNeededError("an order is unknown")

    @property
    def ended_twice(self) -> dict[Named, tuple[Place, Place]]:
        """The orders that were told to be over at two times, with the lines of both."""
        found: dict[Named, tuple[Place, Place]] = {}
        for of in self._by_key.values():
            found |= of.ended_twice
            for group in of.all_groups():
                found |= group.books.ended_twice
        return found

    def is_told_over(self, key: MarketKey, order: Order) -> bool:
        """Return False: what is told to be over is not left."""
        return False

    def is_last_listed(self, key: MarketKey, order: Order) -> bool:
        """Return False: no listing is known."""
        return False

    def lacked(self) -> Iterator[Lacked]:
        """Yield nothing: no listing is known."""
        yield from ()

    def short(self) -> Iterator[Short]:
        """Yield the orders that have filled more than was told as fills."""
        apart = self._told_apart()
        for key, of in self._by_key.items():
            for life in (*of.short.values(), *(one for one in of.lives.values() if one.is_short)):
                assert life.size is not None
                if life.size > life.filled + apart.get((key, life.oid), ZERO):
                    where = life.told_whole
                    place = where if isinstance(where, Place) else Place(*where)
                    yield Short(key, life.oid, life.size, life.filled, place)
            for group in of.all_groups():
                yield from group.books.short_but_for(apart)

    def _told_apart(self) -> dict[Named, Decimal]:
        """Return what fills come to that were told apart from the words of their orders."""
        found = dict(self.apart)
        for key, of in self._by_key.items():
            for oid, size in of.unnamed.items():
                found[key, oid] = found.get((key, oid), ZERO) + size
        return found

    def unknown(self) -> Iterator[tuple[MarketKey, Order, bool, Place]]:
        """Yield nothing: no request is known."""
        yield from ()

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
        self.apart |= other.apart
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

    def _odd_word(self, of: MarketLives, fact: facts.StatusTold, place: Place, now: int) -> None:
        if fact.oid is None:
            raise BooksNeededError("a word has no oid")
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
        for book in group.books.account.values():
            if book.now < of.now:
                book.tick(of.now)
        of.now = now
        return group.books

    def _with_books(self, of: MarketLives, lives: Iterable[Life]) -> Group:
        """Return a new group of these orders, whose books are told what was told of them."""
        group = Group(Orders())
        told = (one for life in lives for one in life.told)
        for one in sorted(told, key=itemgetter(0)):
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
    _, told, place, now = said
    where = place if isinstance(place, Place) else Place(*place)
    if isinstance(told, orders.OrderUpdate):
        (fact,) = facts.facts_of(told)
        assert isinstance(fact, facts.StatusTold)
        books.status(fact, where, now)
    else:
        books.fill(told if isinstance(told, FillLine) else told.as_line(), where, now)


def _name(order: Order) -> str:
    return str(order.oid if order.oid is not None else order.cloid)
