"""A listing of several markets at once, and what became of it in each."""

from collections.abc import Iterable, Iterator, Mapping

import attrs

from truebook.impl.account.keys import Coverage, MarketKey
from truebook.impl.book import (
    ListedOrder,
    Listing,
    ListingRefused,
    ListingRequest,
    Oid,
    ReconcileResult,
    checks,
    fields,
)

Listed = tuple[MarketKey, ListedOrder]


def _orders(orders: Iterable[Listed]) -> tuple[Listed, ...]:
    found = checks.many(orders, "a listing is its orders", "each with its key")
    for one in found:
        pair = type(one) is tuple and len(one) == 2
        if not (pair and isinstance(one[0], MarketKey) and isinstance(one[1], ListedOrder)):
            raise TypeError(f"an order of an account is a MarketKey and a ListedOrder, not {one!r}")
    return found


@attrs.frozen
class AccountListing:
    """The open orders of all that `of` covers, each with its key, and when they were asked for.

    `covers_triggers` as in `Listing`: those that wait for a trigger or a parent are among them.
    """

    orders: tuple[Listed, ...] = attrs.field(converter=_orders)
    of: Coverage = attrs.field(validator=fields.instance(Coverage), kw_only=True)
    request: ListingRequest = attrs.field(validator=fields.instance(ListingRequest), kw_only=True)
    covers_triggers: bool = attrs.field(
        default=False, validator=fields.instance(bool), kw_only=True
    )

    def stray(self) -> MarketKey | None:
        """Return the key of an order that it cannot have, being of something else; None: all may.

        Then it is a listing of another market than was asked for, and what it lacks says nothing.
        """
        return next((key for key, _ in self.orders if not self.of.covers(key)), None)

    def part(self, key: MarketKey) -> Listing:
        """Return the listing of one market, which may be empty; of the stray's, if there is one."""
        stray = self.stray()
        if stray is not None:
            return Listing((), self.request, str(stray))
        mine = [order for of, order in self.orders if of == key]
        covers = self.covers_triggers
        return Listing(mine, self.request, str(key), covers_triggers=covers)


@attrs.frozen
class AccountReconciled:
    """What a listing came to in each market that it covers, and what is to be done about it."""

    results: Mapping[MarketKey, ReconcileResult | ListingRefused]

    @property
    def orphans_to_cancel(self) -> tuple[tuple[MarketKey, Oid], ...]:
        """Which orders are to be cancelled, and where; each cancel has a number.

        It is the market's own, in `cancel_requests` in the same order: tell the answer with it.
        """
        return tuple((key, oid) for key, one in self._taken() for oid in one.orphans_to_cancel)

    @property
    def cancel_requests(self) -> tuple[int, ...]:
        """The numbers of the cancels of `orphans_to_cancel`, each of its own market."""
        return tuple(number for _, one in self._taken() for number in one.cancel_requests)

    @property
    def statuses_to_ask(self) -> tuple[tuple[MarketKey, Oid], ...]:
        """Whose status is to be asked for, and where."""
        return tuple((key, id) for key, one in self._taken() for id in one.statuses_to_ask)

    @property
    def refused(self) -> Mapping[MarketKey, ListingRefused]:
        """Where the listing was not believed."""
        return {key: one for key, one in self.results.items() if isinstance(one, ListingRefused)}

    def _taken(self) -> Iterator[tuple[MarketKey, ReconcileResult]]:
        for key, one in self.results.items():
            if isinstance(one, ReconcileResult):
                yield key, one
