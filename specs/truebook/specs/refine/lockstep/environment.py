"""The book and the model's environment in lockstep, with many orders at once.

Each order has a world of its own; all have one clock, one stream that reconnects and the same
snapshots, as in a composition. After every step the book is compared with the worlds: the orders
that the step was of (all of them, where it was of all), the sums over all orders, and what the book
asks for.
"""

from collections.abc import Sequence

import attrs

from truebook.impl import Conflict, Listing, ListingRefused, UnifiedOrderBook
from truebook.model.config import Bounds, Delays, Timers
from truebook.model.system import Action
from truebook.model.vocabulary import Picture
from truebook.specs.refine.lockstep.order_pair import Placing, Shared
from truebook.specs.refine.lockstep.orders import ALWAYS, NOTHING, Foreign, Member, Ours
from truebook.specs.refine.one_order import config_of
from truebook.specs.refine.replay import Difference

RESTART = "restart"
"""The one action that is not the model's: the book is saved and loaded."""

LATE_REFUSAL = "refused ("
"""How the book reports a refusal whose modify it has forgotten: it cannot tell what it is of."""

QUIET_ROUNDS = 4
"""More rounds than the timers ask for, until nothing changes any more."""


@attrs.frozen
class Setup:
    """What a run has from the start: timers, delays, how many fills are remembered by id."""

    timers: Timers
    delays: Delays
    memory: int
    strangers: int

    @property
    def bounds(self) -> Bounds:
        """The bounds of every world."""
        return attrs.evolve(ALWAYS, timers=self.timers, delays=self.delays)


class DivergedError(Exception):
    """The book shows otherwise than the model; `error` is what it raised, if it did."""

    def __init__(self, differences: tuple[Difference, ...], error: str = "") -> None:
        self.differences, self.error = differences, error
        shown = [f"{d.path}: the model has {d.model}, the book shows {d.book}" for d in differences]
        super().__init__("; ".join(shown) or f"the book raises {error}")


class Lockstep:
    """A book, the worlds of its orders, and what can happen to them."""

    def __init__(self, setup: Setup) -> None:
        self.setup = setup
        self._bounds = setup.bounds
        config = attrs.evolve(config_of(setup.timers), max_tracked_tids=setup.memory)
        self.shared = Shared(UnifiedOrderBook(config), setup.memory)
        self.foreign = [Foreign(n, self._bounds, self.shared) for n in range(setup.strangers)]
        self.members: list[Member] = list(self.foreign)
        self.ours: list[Ours] = []
        self.diverged = False
        self._wrong: list[Difference] = []

    @property
    def book(self) -> UnifiedOrderBook:
        """The book as it is now; a restart makes another one of it."""
        return self.shared.book

    def place(self, placing: Placing) -> Ours:
        """Return an order of ours that is about to be sent; it joins the snapshots on their way."""
        order = Ours(placing, self._bounds, self.shared)
        pictures = self.foreign[0].world.snapshots
        for mine, theirs in zip(order.world.snapshots, pictures, strict=True):
            mine.phase, mine.age = theirs.phase, theirs.age
        self.ours.append(order)
        self.members.append(order)
        return order

    def happen(self, member: Member, action: Action) -> bool:
        """Let an action of one order happen, and compare; return False where it cannot."""
        try:
            if not member.happen(action):
                return False
            differences = member.differences() or self._sums()
        except Exception as error:  # the book's own, whatever it is
            raise self.divergence((), f"{type(error).__name__}: {error}") from error
        if differences:
            raise self.divergence(differences)
        return True

    def together(self, name: str) -> bool:
        """Let an action of all orders happen, and compare; return False where it cannot."""
        self._wrong = []
        try:
            if not self._together(name):
                return False
            differences = self._wrong + self.differences()
        except Exception as error:  # the book's own, whatever it is
            raise self.divergence((), f"{type(error).__name__}: {error}") from error
        if differences:
            raise self.divergence(differences)
        return True

    def divergence(self, differences: Sequence[Difference], error: str = "") -> DivergedError:
        """Return what to raise where the book shows otherwise than the model."""
        self.diverged = True
        return DivergedError(tuple(differences), error)

    def settle(self) -> None:
        """Let the environment go quiet: all in flight is delivered, time passes, over and over."""
        timers = attrs.astuple(self.setup.timers)
        for _ in range(2 * sum(timers) + QUIET_ROUNDS):
            for member in self.members:
                for name in member.actions.system.settle:
                    if name in member.actions.own:
                        self.happen(member, member.actions.own[name])
            for name in self.foreign[0].actions.system.settle:
                if name in self.foreign[0].actions.shared:
                    self.together(name)

    def differences(self) -> list[Difference]:
        """Return everything that the book shows otherwise than the model."""
        return [d for member in self.members for d in member.differences()] + self._sums()

    # Within

    def _together(self, name: str) -> bool:
        step, _, slot = name.partition(":")
        book, requests = self.book, self.shared.requests
        if step == RESTART:
            self.shared.book = UnifiedOrderBook.from_json(book.to_json())
            return True
        if step == "reconnect":
            forgotten = any(order.is_forgotten for order in self.ours)  # see `beyond_lies`
            if forgotten or not self.shared.can_replay():
                return False
        if step == "process-snapshot":
            if any(order.is_beyond(slot) for order in self.ours):
                return False
            views = [getattr(stranger.world, slot) for stranger in self.foreign]
            found = zip(self.foreign, views, strict=True)
            self.shared.listed = [stranger.listed() for stranger, view in found if view.listed]
            self.shared.position = NOTHING
            asked = self._asked()
        if not self._run(name):
            return False
        match step:
            case "ask-snapshot":
                requests[slot] = book.listing_requested()
            case "process-snapshot":
                listing = Listing(tuple(self.shared.listed), requests.pop(slot))
                self._reconcile(listing, self._asked() - asked)
                book.position_reported(self.shared.position)
            case "fail-snapshot":
                book.listing_failed(requests.pop(slot))
            case "tick":
                book.tick(book.now + 1)
                self._refuse_late()
        return True

    def _run(self, name: str) -> bool:
        members = self._sharing(name)
        if not members:
            return False
        found = []
        for member in members:
            parts = member.actions.shared[name].parts
            if not parts[0](member.world):
                return False
            found.append((member.world, parts))
        for world, parts in found:
            for part in parts[1:]:
                part(world)
        return True

    def _sharing(self, name: str) -> list[Member]:
        """Return the orders that an action happens to; a stream can always reconnect again."""
        if name != "reconnect":
            return self.members
        for order in self.ours:
            order.world.reconnects = 0
        return list(self.ours)

    def _asked(self) -> frozenset[str]:
        """Return the oids that the model's book asks to cancel as orphans."""
        ours = (
            order.pair.oids[i]
            for order in self.ours
            for i, record in enumerate(order.world.records)
            if record.orphan_asked
        )
        theirs = (stranger.oid for stranger in self.foreign if stranger.world.asked)
        return frozenset((*ours, *theirs))

    def _reconcile(self, listing: Listing, wanted: frozenset[str]) -> None:
        result = self.book.reconcile(listing)
        shown: object = result
        if not isinstance(result, ListingRefused):
            shown = frozenset(result.orphans_to_cancel)
        if shown != wanted:
            what = "the orphans to cancel"
            self._wrong.append(Difference(what, _names(wanted), _names(shown)))

    def _refuse_late(self) -> None:
        """Hand over, empty, the listings that have taken too long: the book must refuse them."""
        requests = self.shared.requests
        pictures = self.foreign[0].world
        for slot in [s for s in requests if getattr(pictures, s).phase == Picture.IDLE]:
            result = self.book.reconcile(Listing((), requests.pop(slot)))
            if not isinstance(result, ListingRefused):
                self._wrong.append(Difference("a late listing", "refused", "taken"))

    def _sums(self) -> list[Difference]:
        book = self.book
        position = NOTHING
        exposure, unsettled = [NOTHING, NOTHING], [NOTHING, NOTHING]
        for member in self.members:
            filled, open_, unseen = member.counted
            position = position + filled if member.buy else position - filled
            exposure[member.buy] += open_
            unsettled[member.buy] += unseen
        found = [("position", position, book.position)]
        for buy, side in enumerate(("sell", "buy")):
            found.append((f"exposure ({side})", exposure[buy], book.pending_exposure(side)))
            found.append((f"unsettled ({side})", unsettled[buy], book.unsettled(side)))
        different = [Difference(what, one, other) for what, one, other in found if one != other]
        return different + self._contradictions()

    def _contradictions(self) -> list[Difference]:
        """Return the contradictions reported of orders of which the venue told the truth alone."""
        lied = {order.pair.cloid for order in self.ours if order.world.lied}
        reasons = [
            event.reason
            for event in self.book.drain_events()
            if isinstance(event, Conflict) and event.cloid not in lied
        ]
        found = [reason for reason in reasons if not reason.startswith(LATE_REFUSAL)]
        return [Difference("contradiction", "none", reason) for reason in found]


def _names(oids: object) -> object:
    return ", ".join(sorted(oids)) or "none" if isinstance(oids, frozenset) else oids
