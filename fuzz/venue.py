"""The venue: the truth about every order, and the words that it says of it."""

from collections.abc import Callable, Iterator
from decimal import Decimal
from typing import Any

import attrs

from fuzz.words import SECOND, Answer, Fill, Message, Shown, Status

ZERO = Decimal(0)
LAG = 10 * SECOND
"""L: no listing shows the venue as it was longer ago."""
EXPIRY = 30 * SECOND
"""E: no request takes effect later than this after it was sent."""
FILL_DELAY = 50 * SECOND
"""No fill is heard of later than this; less than the book's fill window."""


@attrs.define(eq=False)
class Leg:
    """One order at the venue: `label` is the order of ours that it is a leg of.

    `at_once`: what does not trade on arrival is cancelled. `hidden`: no listing shows it.
    `waited_as`: the oid under which it waited to be triggered. `shrinks`: its size is shown smaller
    where less of it can trade. `gone`: what a book that began with it took for filled, and had not.
    """

    tag: str
    label: str
    oid: int
    cloid: str | None
    buy: bool
    price: Decimal
    size: Decimal
    left: Decimal
    since: int
    owner: str = "ours"
    status: str = "open"
    filled: Decimal = ZERO
    reduce: bool = False
    post: bool = False
    at_once: bool = False
    hidden: bool = False
    waited_as: int | None = None
    shrinks: bool = False
    gone: Decimal = ZERO
    ended: int | None = None

    @property
    def live(self) -> bool:
        """Whether it can still trade."""
        return self.status in ("open", "waiting")

    def shown(self) -> Shown:
        """Return it as a listing has it."""
        return Shown(
            oid=self.oid,
            cloid=self.cloid,
            buy=self.buy,
            price=self.price,
            size=self.left + self.filled if self.shrinks else max(self.size, self.left),
            left=self.left,
        )

    def said(self, word: str = "", reason: str = "") -> Status:
        """Return its status, or a false one."""
        over = self.status not in ("open", "waiting")
        return Status(
            oid=self.oid,
            word=word or self.status,
            cloid=self.cloid,
            filled=self.filled if over and not word else None,
            reason=reason,
        )


@attrs.define(eq=False)
class Request:
    """What the bot sent: a place, a modify or a cancel, `tag` by name, of the order `label`."""

    tag: str
    kind: str
    label: str
    cloid: str | None
    sent: int
    oid: int | None = None
    buy: bool = True
    price: Decimal = ZERO
    size: Decimal = ZERO
    options: dict[str, Any] = attrs.field(factory=dict)


@attrs.define(eq=False)
class Venue:
    """All orders and trades; `say` is called with each message that it sends."""

    say: Callable[[Message], None]
    in_place: bool = False
    sizes_shrink: bool = False
    now: int = 0
    legs: dict[int, Leg] = attrs.field(factory=dict)
    fills: list[Fill] = attrs.field(factory=list)
    busted: set[int] = attrs.field(factory=set)
    flying: dict[str, Request] = attrs.field(factory=dict)
    pictures: list[tuple[int, tuple[Shown, ...]]] = attrs.field(factory=lambda: [(0, ())])
    position: Decimal = ZERO
    begun: Decimal = ZERO
    begun_at: int = 0
    open: dict[int, Leg] = attrs.field(factory=dict)
    _oid: int = 0

    # What happens to requests

    def reach(self, request: Request, how: dict[str, Any]) -> None:
        """Let a request take effect."""
        {"place": self._place, "modify": self._modify, "cancel": self._cancel}[request.kind](
            request, how
        )
        self._picture()

    def _place(self, request: Request, how: dict[str, Any]) -> None:
        options = request.options
        hidden = options.get("waits") == "hidden"  # nothing would tell another size
        size = (
            request.size if hidden else min(request.size, Decimal(how.get("accepts", request.size)))
        )
        leg = self._leg(request, size)
        leg.reduce = bool(options.get("reduce"))
        if leg.reduce and not options.get("waits"):  # else not before it is triggered
            leg.left = min(leg.left, self._closable(leg))
        if "refuse" in how or not leg.left:
            self._refuse(request, leg, str(how.get("refuse", "reduce only")), how)
            return
        self.open[leg.oid] = leg
        if options.get("waits"):
            leg.status, leg.hidden = "waiting", options["waits"] != "listed"
            self._answer(Answer(tag=request.tag, kind="waiting"))
            return
        taken = ZERO if leg.post else min(Decimal(how.get("takes", 0)), leg.left)
        over = leg.at_once or (leg.reduce and taken)  # what only reduces takes once, and is over
        if leg.at_once and not taken:
            del self.open[leg.oid]
            self._refuse(request, leg, "could not immediately match", how)
            return
        self._tell(leg, "open")
        if taken:
            self._fill(leg, request.tag, taken, crossed=True, fee=how.get("fee", 0))
        if over and leg.live:
            self._end(leg, "cancelled", "ioc")
        kind, filled = ("filled", leg.filled) if taken else ("resting", None)
        self._answer(Answer(tag=request.tag, kind=kind, oid=leg.oid, filled=filled))

    def _modify(self, request: Request, how: dict[str, Any]) -> None:
        old = self.legs.get(request.oid or 0)
        if old is None or not old.live:
            self._answer(Answer(tag=request.tag, kind="refused", reason="canceled or filled"))
            return
        if "refuse" in how or old.at_once:  # what waits, and is not to rest, is placed anew
            refused = self._leg(request, request.size)
            self._refuse(request, refused, str(how.get("refuse", "ioc")), how)
            return
        if how.get("gone"):
            self._end(old, "cancelled", "modified")
            self._answer(Answer(tag=request.tag, kind="gone", reason="Error placing new order"))
            return
        if self.in_place:  # what has filled carries over
            if request.size <= old.filled:
                self._answer(Answer(tag=request.tag, kind="refused", reason="filled beyond"))
                return
            old.price, old.size, old.left = request.price, request.size, request.size - old.filled
            self._answer(Answer(tag=request.tag, kind="resting", oid=old.oid))
            return
        new = self._leg(request, Decimal(how.get("accepts", request.size)))
        new.reduce, new.owner = old.reduce, "ours"
        self.open[new.oid] = new
        self._tell(new, "open")
        self._end(old, "cancelled", "modified")
        oid = None if how.get("silent") else new.oid
        self._answer(Answer(tag=request.tag, kind="resting", oid=oid))
        self._shrink()

    def _cancel(self, request: Request, how: dict[str, Any]) -> None:
        leg = self.legs.get(request.oid or 0)
        if leg is None and request.oid is None:
            leg = next((one for one in self.open.values() if one.cloid == request.cloid), None)
        kind = "not open"
        if "refuse" in how:
            kind = "refused"
        elif leg is not None and leg.live:
            self._end(leg, "cancelled", "user")
            kind = "done"
        self._answer(Answer(tag=request.tag, kind=kind, reason=str(how.get("refuse", ""))))

    # What happens at the venue

    def trade(self, tag: str, leg: Leg, size: Decimal, fee: Decimal = ZERO) -> None:
        """Let somebody trade with a resting order."""
        self._fill(leg, tag, min(size, leg.left), crossed=False, fee=fee)
        self._picture()

    def end(self, leg: Leg, reason: str) -> None:
        """Cancel an order that nobody here asked to cancel."""
        self._end(leg, "cancelled", reason)
        self._picture()

    def decrement(self, leg: Leg, size: Decimal) -> None:
        """Take away what would have traded with another order of ours."""
        leg.left -= min(size, leg.left)
        if not leg.left:
            self._end(leg, "cancelled", "self trade")
        self._picture()

    def trigger(self, leg: Leg, tag: str, takes: Decimal = ZERO) -> None:
        """Let a waiting order come into the market, under an oid of its own, and `takes` trade."""
        self._oid += 1
        new = attrs.evolve(
            leg,
            tag=tag,
            oid=self._oid,
            status="open",
            since=self.now,
            hidden=False,
            waited_as=leg.oid,
        )
        self.legs[new.oid] = self.open[new.oid] = new
        leg.status, leg.ended = "triggered", self.now  # it has become the other
        del self.open[leg.oid]
        self._tell(new, "open")
        self._shrink()
        if takes and new.live:
            self._fill(new, tag, min(takes, new.left), crossed=True, fee=ZERO)
        if new.at_once and new.live:
            self._end(new, "cancelled", "ioc")
        self._picture()

    def appear(self, tag: str, owner: str, buy: bool, price: Decimal, size: Decimal) -> Leg:
        """Open an order that the bot did not place."""
        request = Request(
            tag=tag, kind="place", label=tag, cloid=None, sent=self.now, buy=buy, price=price
        )
        leg = self._leg(request, size)
        leg.owner = owner
        self.open[leg.oid] = leg
        self._tell(leg, "open")
        self._picture()
        return leg

    def change(self, tag: str, old: Leg, price: Decimal, size: Decimal) -> None:
        """Modify an order of ours by the owner's hand; the cloid stays."""
        request = Request(
            tag=tag, kind="modify", label=old.label, cloid=old.cloid, sent=self.now, buy=old.buy
        )
        request.price, request.size = price, size
        new = self._leg(request, size)
        new.owner, new.reduce = "hand", old.reduce
        self.open[new.oid] = new
        self._tell(new, "open")
        self._end(old, "cancelled", "modified")
        self._picture()

    def bust(self, fill: Fill) -> None:
        """Reverse a trade that was settled wrongly."""
        if fill.tid not in self.busted:
            self.busted.add(fill.tid)
            self.position -= fill.received
            if fill.time < self.begun_at:
                self.begun -= fill.received  # it is in the position that the book began with

    # What it is asked

    def picture(self, at: int) -> tuple[Shown, ...]:
        """Return the open orders as they were at a time."""
        return next(orders for time, orders in reversed(self.pictures) if time <= at)

    def newest(self, cloid: str, *, original: bool = False) -> Leg | None:
        """Return the newest order of a cloid, or the oldest, as the venue may answer it too."""
        found = [leg for leg in self.legs.values() if leg.cloid == cloid]
        return (found[0] if original else found[-1]) if found else None

    def position_before_now(self) -> Decimal:
        """Return the position, which holds the fills before now and no other."""
        later = (one.received for one in self.fills if one.time >= self.now)
        return self.position - sum(later, ZERO)

    def ours(self) -> Iterator[Leg]:
        """Return the open orders that are the bot's."""
        return (leg for leg in self.open.values() if leg.owner != "stranger")

    # Within

    def _leg(self, request: Request, size: Decimal) -> Leg:
        self._oid += 1
        leg = Leg(
            tag=request.tag,
            label=request.label,
            oid=self._oid,
            cloid=request.cloid,
            buy=request.buy,
            price=request.price,
            size=size,
            left=size,
            since=self.now,
            post=request.options.get("tif") == "alo",
            at_once=request.options.get("tif") == "ioc",
            shrinks=self.sizes_shrink,
        )
        self.legs[leg.oid] = leg
        return leg

    def _refuse(self, request: Request, leg: Leg, reason: str, how: dict[str, Any]) -> None:
        leg.status, leg.ended = "rejected", self.now
        if how.get("shown"):
            self._tell(leg, "rejected", reason)
        self._answer(Answer(tag=request.tag, kind="refused", reason=reason))

    def _fill(self, leg: Leg, tag: str, size: Decimal, *, crossed: bool, fee: Any) -> None:
        fill = Fill(
            tag=tag,
            tid=len(self.fills) + 1,
            oid=leg.oid,
            size=size,
            price=leg.price,
            buy=leg.buy,
            time=self.now,
            cloid=leg.cloid,
            crossed=crossed,
            fee=min(Decimal(fee), size) if leg.buy else ZERO,
        )
        self.fills.append(fill)
        leg.filled += size
        leg.left -= size
        self.position += fill.received
        self.say(Message(f"fill {tag}", fill, self.now + FILL_DELAY, stream=True))
        if not leg.left:
            self._end(leg, "filled", "")
        self._shrink()

    def _shrink(self) -> None:
        """Let what only reduces the position follow it."""
        for leg in [one for one in self.open.values() if one.reduce and one.status == "open"]:
            leg.left = min(leg.left, self._closable(leg))
            if not leg.left:
                self._end(leg, "cancelled", "reduce only")

    def _closable(self, leg: Leg) -> Decimal:
        return max(ZERO, -self.position if leg.buy else self.position)

    def _end(self, leg: Leg, word: str, reason: str) -> None:
        leg.status, leg.ended = word, self.now
        self.open.pop(leg.oid, None)
        self._tell(leg, word, reason)

    def _tell(self, leg: Leg, word: str, reason: str = "") -> None:
        status = attrs.evolve(leg.said(), word=word, reason=reason)
        self.say(Message(f"{word} {leg.tag}", status, stream=True))

    def _answer(self, answer: Answer) -> None:
        self.say(Message(f"answer {answer.tag}", answer, self.now + 100 * SECOND))

    def _picture(self) -> None:
        orders = tuple(leg.shown() for leg in self.open.values() if not leg.hidden)
        self.pictures.append((self.now, orders))
