"""What the bot sends, what becomes of it, and what else happens at the venue."""

from decimal import Decimal
from typing import Any

import attrs

from fuzz import adapters
from fuzz.venue import EXPIRY, Request
from fuzz.words import SECOND
from fuzz.world import BrokenError, World
from truebook.impl import Refused

CANCEL_TIMEOUT = 5 * SECOND
"""A cancel that was not answered for longer may be sent again."""


@attrs.define(eq=False)
class Acting(World):
    """The steps of the bot and of the venue; `cancelled` is when a cancel of a cloid was sent."""

    cancelled: dict[str | None, int] = attrs.field(factory=dict)

    # The bot

    def on_place(
        self, tag: str, side: str, price: Any, size: Any, options: dict[str, Any] | None = None
    ) -> None:
        """Place an order."""
        options = options or {}
        again = str(options.get("again", ""))
        if tag in self.bot.cloids or (again and self._has_by_hand(again)):
            return
        request = Request(
            tag=tag,
            kind="place",
            label=tag,
            cloid=None,
            sent=self.now,
            buy=side == "buy",
            price=Decimal(price),
            size=Decimal(size),
            options=options,
        )
        self.alarms_expected = self.alarms_expected or "again" in options
        if self.bot.place(request, again):
            self.venue.flying[tag] = request

    def _has_by_hand(self, label: str) -> bool:
        """Return whether there is an order of a cloid that was made by hand: no book need know."""
        cloid, legs = self.bot.cloids.get(label), self.venue.legs.values()
        return any(leg.owner == "hand" and leg.cloid == cloid for leg in legs)

    def on_modify(self, tag: str, label: str, price: Any, size: Any) -> None:
        """Modify an order."""
        request = self._request(tag, "modify", label)
        if request is None:
            return
        request.price, request.size = Decimal(price), Decimal(size)
        if self.bot.modify(request):
            self.venue.flying[tag] = request
            self.modified.add(label)
            leg = self.leg(label)
            if leg is not None and leg.waited_as == request.oid:
                self.alarms_expected = True  # it was triggered meanwhile

    def on_cancel(self, tag: str, label: str) -> None:
        """Cancel an order, if the book lets it."""
        request = self._request(tag, "cancel", label)
        if request is not None:
            self._cancel(request)

    def on_must_cancel(self, tag: str, label: str) -> None:
        """Cancel an order that the bot must be rid of; it may not be refused but for a reason."""
        request = self._request(tag, "cancel", label)
        if request is None:
            return
        cloid = self.bot.cloids[label]
        shown = self.book.get_order(cloid)
        modifying = bool(shown and shown.oids) and cloid in self.book.get_pending_cloids()
        cancelling = self.now - self.cancelled.get(cloid, -EXPIRY) <= CANCEL_TIMEOUT
        leg = self.leg(label)  # one that was made by hand need not be known
        there = label in self.venue.flying or (leg is not None and leg.owner == "ours")
        refused = self._cancel(request)
        misled = self.misled_until is not None  # what is told as over has nothing to cancel
        if refused is not None and there and not (modifying or cancelling or misled):
            raise BrokenError("a-cancel-can-be-sent", f"the cancel is refused: {refused.reason}")

    def _cancel(self, request: Request) -> Refused | None:
        refused = self.bot.cancel(request)
        if refused is None:
            self.venue.flying[request.tag] = request
            self.cancelled[request.cloid] = self.now
        return refused

    def _request(self, tag: str, kind: str, label: str) -> Request | None:
        cloid = self.bot.cloids.get(label)
        if cloid is None or tag in self.bot.requests:
            return None
        buy = next((leg.buy for leg in self.venue.legs.values() if leg.label == label), True)
        return Request(tag=tag, kind=kind, label=label, cloid=cloid, sent=self.now, buy=buy)

    # Requests, at the venue

    def on_reach(self, tag: str, how: dict[str, Any] | None = None) -> None:
        """Let a request take effect."""
        request = self.venue.flying.pop(tag, None)
        if request is not None:
            self.alarms_expected = self.alarms_expected or "accepts" in (how or {})
            self.venue.reach(request, how or {})

    def on_lose(self, tag: str) -> None:
        """Lose a request."""
        self.venue.flying.pop(tag, None)

    def on_expire(self, tag: str) -> None:
        """Let the venue say of a request on its way that it can never take effect."""
        request = self.venue.flying.get(tag)
        if request is not None and request.kind != "cancel":
            del self.venue.flying[tag]
            self.bot.cannot_land(request)

    # The venue

    def on_trade(self, tag: str, label: str, size: Any, fee: Any = 0) -> None:
        """Let somebody trade with an order."""
        leg = self.leg(label)
        if leg is not None and leg.status == "open" and f"fill {tag}" not in self.flying:
            self.venue.trade(tag, leg, Decimal(size), Decimal(fee))

    def on_end(self, label: str, reason: str = "margin") -> None:
        """Let the venue, or the owner's hand, cancel an order."""
        leg = self.leg(label)
        if leg is not None:
            self.venue.end(leg, reason)

    def on_decrement(self, label: str, size: Any) -> None:
        """Take from an order what would have traded with another of ours."""
        leg = self.leg(label)
        if leg is not None and leg.status == "open":
            self.venue.decrement(leg, Decimal(size))

    def on_trigger(self, label: str, tag: str, takes: Any = 0) -> None:
        """Let a waiting order come into the market, and trade so much of it at once."""
        leg = self.leg(label)
        if leg is not None and leg.status == "waiting":
            self.alarms_expected = self.alarms_expected or label in self.modified
            self.venue.trigger(leg, tag, Decimal(takes))

    def on_stranger(self, tag: str, side: str, price: Any, size: Any) -> None:
        """Let another program of the account place an order."""
        self.venue.appear(tag, "stranger", side == "buy", Decimal(price), Decimal(size))

    def on_hand(self, tag: str, label: str, price: Any, size: Any) -> None:
        """Let the owner modify an order by hand."""
        leg = self.leg(label)
        if leg is not None and leg.owner == "ours" and leg.status == "open":
            self.alarms_expected = True
            self.venue.change(tag, leg, Decimal(price), Decimal(size))

    def on_bust(self, tag: str) -> None:
        """Let the venue take a trade back, and say so."""
        fill = next((one for one in self.venue.fills if one.tag == tag), None)
        if fill is not None and fill.tid in self.told_fills and fill.tid not in self.venue.busted:
            self.venue.bust(fill)
            adapters.fill_reversed(self.tell, fill)
