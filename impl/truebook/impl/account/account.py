"""`Account`: a book for each market of an account, under one stream and one clock."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from decimal import Decimal
from hashlib import blake2b
from typing import Any, Self

import attrs

from truebook.impl.account.keys import Coverage, MarketKey, PositionSide
from truebook.impl.account.keys import position_side as side_of
from truebook.impl.account.listings import AccountListing, AccountReconciled
from truebook.impl.book import (
    ZERO,
    Attention,
    BookConfig,
    ListingRequest,
    Oid,
    OrphanView,
    UnifiedOrderBook,
    add,
    checks,
)
from truebook.model.vocabulary import Side

VERSION = 1
"""Of the form in which an account is saved."""

Make = Callable[[MarketKey, BookConfig], UnifiedOrderBook]
"""Makes the book of a market that is new: in memory, or as a journal opens one."""


def _in_memory(key: MarketKey, config: BookConfig) -> UnifiedOrderBook:
    return UnifiedOrderBook(config)


@attrs.frozen
class MarketEvent:
    """What demanded attention in one market."""

    key: MarketKey
    event: Attention


class Account(Mapping[MarketKey, UnifiedOrderBook]):
    """The books of an account by their keys; each is told its own facts, and nothing else.

    `at(key)` is the book to be told what is heard of a market; the first fact makes it, as `config`
    has it but for `scope` and `cloid_seed`, which are the market's own. So no fact told for one
    market can change another: they share the clock alone. `make` makes a new book, `books` are
    those that there are already. It has no locks: tell it from one thread.
    """

    __hash__ = None  # type: ignore[assignment]  # it changes

    def __init__(
        self,
        config: BookConfig | None = None,
        *,
        make: Make = _in_memory,
        books: Mapping[MarketKey, UnifiedOrderBook] | None = None,
    ) -> None:
        config = BookConfig() if config is None else config
        self._config = checks.instance(config, BookConfig, "config")
        self._make = make
        self._books: dict[MarketKey, UnifiedOrderBook] = {}
        self._now = 0
        for key, book in (books or {}).items():
            self._take(key, book)
            self._now = max(self._now, book.now)

    # The books

    def at(self, key: MarketKey) -> UnifiedOrderBook:
        """Return the book of a market, to be told what is heard of it; a new one where none is."""
        book = self._books.get(key)
        if book is None:
            checks.instance(key, MarketKey, "key")
            book = self._take(key, self._make(key, self.config_of(key)))
            if book.now < self._now:
                book.tick(self._now)
        return book

    def config_of(self, key: MarketKey) -> BookConfig:
        """Return how a new book of a market is configured: no two make the same cloids.

        Made by chance they differ by themselves; a seed that is given gives each market its own.
        """
        seed = self._config.cloid_seed
        if seed is not None:
            told = f"{seed} {key}".encode()
            seed = int.from_bytes(blake2b(told, digest_size=8).digest(), "big")
        return attrs.evolve(self._config, scope=str(key), cloid_seed=seed)

    def find(self, id: Oid) -> tuple[MarketKey, ...]:
        """Return the markets whose book knows an order of this oid or cloid.

        They may be several: at some venues an oid is a market's own.
        """
        return tuple(key for key, book in self.items() if book.get_order(id) is not None)

    @property
    def config(self) -> BookConfig:
        """How new books are configured, but for what is the market's own."""
        return self._config

    @property
    def now(self) -> int:
        """The latest time that the account was told; its books may have been told later ones."""
        return self._now

    def __getitem__(self, key: MarketKey) -> UnifiedOrderBook:
        return self._books[key]

    def __iter__(self) -> Iterator[MarketKey]:
        return iter(sorted(self._books))

    def __len__(self) -> int:
        """Return of how many markets there is a book."""
        return len(self._books)

    def __bool__(self) -> bool:
        """Return True: an account without books is an account."""
        return True

    # What is told of all at once

    def tick(self, now: int) -> None:
        """Let time pass in every market; what has aged out goes."""
        self._now = max(self._now, checks.time(now))
        for book in self.values():
            book.tick(now)
            if book.now < self._now:  # the clock was set back, which the book has said
                book.tick(self._now)

    def listing_requested(self, now: int) -> ListingRequest:
        """Note the time at which a listing is asked for; hand the result back with the listing."""
        self.tick(now)
        return ListingRequest(self._now)

    def reconcile(self, listing: AccountListing, *, now: int) -> AccountReconciled:
        """Take a listing of several markets: each book that it covers is told its own part.

        A book that it does not cover is told nothing; one of which it has no order is told so. It
        is refused in every market, changing nothing, where it has an order of what it does not
        cover: then it is of something else than was asked for.
        """
        checks.instance(listing, AccountListing, "listing")
        self.tick(now)
        if listing.stray() is None:
            for key, _ in listing.orders:
                self.at(key)
        return AccountReconciled(
            {
                key: book.reconcile(listing.part(key))
                for key, book in self.items()
                if listing.of.covers(key)
            }
        )

    def listing_failed(self, of: Coverage, *, now: int) -> None:
        """Note that a listing failed: it changes nothing, and is reported in each market."""
        checks.instance(of, Coverage, "of")
        self.tick(now)
        for key, book in self.items():
            if of.covers(key):
                book.listing_failed()

    # Sums

    def position(
        self,
        market: str,
        *,
        dex: str = "",
        sub_account: str | None = None,
        position_side: PositionSide | str | None = None,
    ) -> Decimal:
        """Return the position in a market: what is long less what is short.

        None sums over all sub-accounts, and over all position sides. Markets are not summed: their
        units differ.
        """
        books = self._of(market, dex, sub_account, position_side)
        return _total(book.position for book in books)

    def pending_exposure(
        self,
        side: Side | str,
        market: str,
        *,
        dex: str = "",
        sub_account: str | None = None,
        position_side: PositionSide | str | None = None,
    ) -> Decimal:
        """Return what can still trade on a side of a market; see `position` for what is summed."""
        books = self._of(market, dex, sub_account, position_side)
        return _total(book.pending_exposure(side) for book in books)

    def waiting_exposure(
        self,
        side: Side | str,
        market: str,
        *,
        dex: str = "",
        sub_account: str | None = None,
        position_side: PositionSide | str | None = None,
    ) -> Decimal:
        """Return what of the exposure is that of orders that wait: it trades once triggered."""
        books = self._of(market, dex, sub_account, position_side)
        return _total(book.waiting_exposure(side) for book in books)

    def unsettled(
        self,
        side: Side | str,
        market: str,
        *,
        dex: str = "",
        sub_account: str | None = None,
        position_side: PositionSide | str | None = None,
    ) -> Decimal:
        """Return what may have traded on a side of a market without its fills having come."""
        books = self._of(market, dex, sub_account, position_side)
        return _total(book.unsettled(side) for book in books)

    def foreign_exposure(
        self,
        side: Side | str,
        market: str,
        *,
        dex: str = "",
        sub_account: str | None = None,
        position_side: PositionSide | str | None = None,
    ) -> Decimal:
        """Return what listed orders that are not ours can still trade on a side of a market."""
        books = self._of(market, dex, sub_account, position_side)
        return _total(book.foreign_exposure(side) for book in books)

    def get_orphans(self) -> tuple[tuple[MarketKey, OrphanView], ...]:
        """Return the listed orders that nobody here knows, each with its market."""
        return tuple((key, one) for key, book in self.items() for one in book.get_orphans())

    def drain_events(self) -> tuple[MarketEvent, ...]:
        """Return what demanded attention since the last call, market by market, oldest first."""
        return tuple(
            MarketEvent(key, event) for key, book in self.items() for event in book.drain_events()
        )

    # The account itself

    def copy(self) -> "Account":
        """Return an account that knows the same and changes by itself, in memory alone."""
        twin = Account(self._config, books={key: _copied(book) for key, book in self.items()})
        twin._now = self._now
        return twin

    def to_json(self) -> dict[str, Any]:
        """Return the whole account as plain JSON values."""
        return {
            "version": VERSION,
            "now": self._now,
            "like": UnifiedOrderBook(self._config).to_json(),
            "books": [[str(key), book.to_json()] for key, book in self.items()],
        }

    @classmethod
    def from_json(cls, data: dict[str, Any]) -> Self:
        """Return the account that `to_json` made, in memory; ValueError where it is not one."""
        try:
            return cls._load(data)
        except (KeyError, TypeError, ValueError) as error:
            raise ValueError(f"not a saved account of version {VERSION}: {error}") from error

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, Account):
            return NotImplemented
        return self._config == other._config and self._books == other._books

    def __repr__(self) -> str:
        return f"<{type(self).__name__} books={len(self)} now={self._now}>"

    # Within

    @classmethod
    def _load(cls, data: Any) -> Self:
        if type(data) is not dict or data.keys() != {"version", "now", "like", "books"}:
            raise ValueError("it must be an object of version, now, like and books")
        if data["version"] != VERSION or type(data["version"]) is not int:
            raise ValueError(f"its version is {data['version']!r:.80}")
        like = UnifiedOrderBook.from_json(data["like"])
        if like.to_json() != UnifiedOrderBook(like.config).to_json():
            raise ValueError("like must be a book that knows nothing")
        account = cls(like.config)
        account._now = checks.time(data["now"])
        if type(data["books"]) is not list:
            raise ValueError("books must be a list")
        for row in data["books"]:
            if type(row) is not list or len(row) != 2:
                raise ValueError(f"books must be keys and their books, not {row!r:.80}")
            account._take(MarketKey.parse(row[0]), UnifiedOrderBook.from_json(row[1]))
        return account

    def _take(self, key: MarketKey, book: UnifiedOrderBook) -> UnifiedOrderBook:
        """Take up a book, once it is known to be of no other market."""
        checks.instance(key, MarketKey, "key")
        checks.instance(book, UnifiedOrderBook, f"the book of {key}")
        if book.config.scope != str(key):
            raise ValueError(
                f"the book of {key} is of the scope {book.config.scope!r}: make it with config_of, "
                "or it would believe listings of another market"
            )
        for other, there in self._books.items():
            if other == key or there is book:
                raise ValueError(f"{key}: there is such a book already")
            seed = book.config.cloid_seed
            if seed is not None and there.config.cloid_seed == seed:
                raise ValueError(
                    f"the books of {other} and {key} have the same cloid_seed: both would make the "
                    "same cloids"
                )
        self._books[key] = book
        return book

    def _of(
        self,
        market: str,
        dex: str,
        sub_account: str | None,
        position_side: PositionSide | str | None,
    ) -> Iterator[UnifiedOrderBook]:
        of = Coverage(market=market, dex=dex, sub_account=sub_account)
        of_side = None if position_side is None else side_of(position_side)
        for key, book in self.items():
            if of.covers(key) and of_side in (None, key.position_side):
                yield book


def _copied(book: UnifiedOrderBook) -> UnifiedOrderBook:
    return UnifiedOrderBook.from_json(book.to_json())


def _total(parts: Iterable[Decimal]) -> Decimal:
    total = ZERO
    for part in parts:
        total = add(total, part)
    return total
