"""What the bot hears: messages, listings and answers, late, twice, or never."""

from typing import Any

import attrs

from fuzz.acting import Acting
from fuzz.venue import LAG, Request
from fuzz.words import Fill, Message, Picture, Said
from fuzz.world import BrokenError


@attrs.define(eq=False)
class Hearing(Acting):
    """The steps of the wire; `cancels` are the orphans that were cancelled."""

    cancels: list[int] = attrs.field(factory=list)

    def on_hear(self, name: str, form: dict[str, Any] | None = None) -> None:
        """Let a message arrive: with oids as texts, or on a clock that was set back."""
        message = self.flying.pop(name, None)
        if message is not None:
            self.heard[name] = message
            form = form or {}
            self.bot.texts, self.set_back = bool(form.get("texts")), int(form.get("back", 0))
            self._hear(message)
            self.bot.texts, self.set_back = False, 0

    def on_again(self, name: str) -> None:
        """Let a message arrive that has arrived before."""
        message = self.heard.get(name)
        if message is None or isinstance(message.word, (Picture, Said)):
            return
        if isinstance(message.word, Fill) or message.due is None or self.now < message.due:
            self._hear(message)

    def _hear(self, message: Message) -> None:
        if isinstance(message.word, Fill):
            self.hear_fill(message.word)
            return
        taken = self.bot.hear(message)
        if isinstance(message.word, Picture):
            self.cancel_orphans()
            if taken:
                self.true_listing(message.word)

    def hear_fill(self, fill: Fill) -> None:
        """Let a fill be heard, once more too: then it may not count."""
        known = fill.tid in self.told_fills
        self.told_fills[fill.tid] = fill
        result = self.bot.fill(fill)
        if known and result is not None:
            raise BrokenError("no-fill-twice", f"fill {fill.tag} is counted again: {result}")

    def true_listing(self, picture: Picture) -> None:
        """Note that a true listing was heard: it ends what a false word did."""
        others = [one for one in self.flying.values() if isinstance(one.word, Picture)]
        if self.misled_until is not None and picture.asked > self.misled_until and not others:
            self.misled_until = None

    def cancel_orphans(self) -> None:
        """Send the cancels of the orphans that the book asks to cancel."""
        orphans, self.bot.orphans = self.bot.orphans, []
        for oid, number in orphans:
            self.asks_cancel(oid)
            tag = f"orphan {oid}/{len(self.cancels)}"
            request = Request(tag=tag, kind="cancel", label=tag, cloid=None, sent=self.now, oid=oid)
            self.bot.requests[tag] = self.venue.flying[tag] = request
            self.bot.numbers[tag] = number

    def asks_cancel(self, oid: int) -> None:
        """Hold the cancel of an orphan to what may be cancelled, and how often."""
        leg = self.venue.legs[oid]
        again = [one.tag for one in self.venue.flying.values() if one.oid == oid]
        self.cancels.append(oid)
        if leg.owner == "ours":
            raise BrokenError("no-false-orphan", f"oid {oid} is ours ({leg.tag}), and is cancelled")
        if self.setup.strangers == "leave":
            raise BrokenError("strangers-are-left", f"oid {oid} is another's, and is cancelled")
        if again:
            raise BrokenError("orphan-cancelled-once", f"{again[0]} is still on its way")

    def on_drop(self, name: str) -> None:
        """Lose a message: a fill comes late then, when it is due."""
        message = self.flying.get(name)
        if message is not None and not isinstance(message.word, Fill):
            del self.flying[name]

    def on_silence(self, tag: str) -> None:
        """Let the bot wait no longer for an answer, which may come all the same."""
        self.bot.silence(tag)

    def on_list(self, tag: str, back: int = 0) -> None:
        """Ask for a listing, and let the venue take it, as it was `back` ago."""
        at = max(0, self.now - min(back, LAG))
        picture = Picture(tag=tag, orders=self.venue.picture(at), asked=self.now)
        self.say(Message(f"list {tag}", picture))

    def on_ask(self, tag: str, label: str, by: str = "oid", which: str = "newest") -> None:
        """Ask for the status of an order, by oid or by cloid."""
        cloid = self.bot.cloids.get(label)
        found = None if cloid is None else self.venue.newest(cloid, original=which == "original")
        if cloid is None:
            return
        if by == "oid":
            shown = self.book.get_order(cloid)
            if shown is None or not isinstance(shown.oid, int):
                return
            found = self.venue.legs.get(shown.oid)
            cloid_or_oid: int | str = shown.oid
        else:
            cloid_or_oid = cloid
        if found is not None and found.status == "waiting":
            return
        status = None if found is None else found.said()
        self.say(Message(f"ask {tag}", Said(id=cloid_or_oid, status=status, asked=self.now)))

    def on_position(self) -> None:
        """Tell the position that the venue has."""
        self.tell("position_reported", self.venue.position_before_now(), as_of=self.now)

    def on_reconnect(self, order: str = "old") -> None:
        """Break the stream: what it had is lost, fills come again, open orders are asked for."""
        for name, message in list(self.flying.items()):
            if message.stream:
                del self.flying[name]
        fills = self.venue.fills[-2000:]
        for fill in fills if order == "old" else fills[::-1]:
            self.hear_fill(fill)
        for oid in sorted(self.book.get_active_oids(), key=str):
            leg = self.venue.legs.get(oid) if isinstance(oid, int) else None
            if leg is not None and leg.status != "waiting":
                self.bot.status(leg.said())
