"""The world of one order of ours as a system: its fields with their domains, and its actions."""

from collections.abc import Callable, Iterator
from functools import partial

import attrs

from truebook.model import clock, lies, venue, wire
from truebook.model.config import Bounds
from truebook.model.designs import Design
from truebook.model.plan import CANDIDATE_GRACES
from truebook.model.system import Action, Field, Part, System
from truebook.model.vocabulary import Answer, Cancel, CancelAsked, Event, OrderState, Picture, Venue
from truebook.model.world import World

LEGS = ("a", "b")
SLOTS = ("first", "second")


def own_order(design: Design, bounds: Bounds) -> System:
    """Return the system of one order of ours under a design, within bounds."""
    return System(
        name="order",
        fields=tuple(order_fields(design, bounds)),
        actions=tuple(_actions(bounds)),
        create=lambda: World(bounds=bounds, keeps=design.keeps, tracker=design.tracker),
        settle=tuple(_settle(bounds)),
    )


def _legs(bounds: Bounds) -> int:
    return 2 if bounds.modify else 1


def order_fields(design: Design, bounds: Bounds) -> Iterator[Field]:
    """Yield the fields of one order of ours, with their domains within the bounds."""
    timers, delays = bounds.timers, bounds.delays
    sizes = (bounds.size, bounds.new_size)
    plan = design.name in ("plan", "legacy")
    reference = design.name == "reference"
    for i in range(_legs(bounds)):
        leg, size, of = LEGS[i], sizes[i], ("", " (new)")[i]
        yield Field(f"{leg}.status", 7, f"at the venue{of}", Venue)
        yield Field(f"{leg}.executed", size + 1, f"executed at the venue{of}")
        yield Field(f"{leg}.taken", size + 1, f"of that on arrival{of}")
        yield Field(f"{leg}.taker_told", size + 1, f"taker fills delivered{of}")
        yield Field(f"{leg}.maker_told", size + 1, f"maker fills delivered{of}")
        yield Field(
            f"{leg}.end_age", (delays.fill or 0) + 1, f"ticks since the end{of}", detail=True
        )
        yield Field(
            f"{leg}.request_age", delays.expiry + 1, f"request on its way for{of}", detail=True
        )
        yield Field(f"{leg}.answer", 3, f"answer{of}", Answer)
        yield Field(
            f"{leg}.answer_age", (delays.answer or 0) + 1, f"age of the answer{of}", detail=True
        )
        yield Field(f"{leg}.cancel", 5, f"cancel on the wire{of}", Cancel)
        yield Field(
            f"{leg}.cancel_age", delays.expiry + 1, f"cancel on its way for{of}", detail=True
        )
        yield Field(f"{leg}.named", 2, f"cloid and oid told together{of}", detail=True)
        yield Field(f"{leg}.ended_told", 2, f"end told{of}", detail=True)
    for i in range(_legs(bounds)):
        leg, size, of = f"book_{LEGS[i]}", sizes[i], ("", " (new)")[i]
        settled = timers.expiry + timers.lag + 1
        end = timers.fill_window + timers.tombstone
        candidate = CANDIDATE_GRACES * timers.grace if plan else timers.grace + 1
        yield Field(f"{leg}.state", 10, f"in the book{of}", OrderState, book=True)
        yield Field(f"{leg}.mapped", 2, f"cloid resolves{of}", book=True, detail=True)
        yield Field(f"{leg}.size", size + 1, f"size in the book{of}", book=True)
        yield Field(f"{leg}.taker", size + 1, f"taker fills recorded{of}", book=True)
        yield Field(f"{leg}.maker", size + 1, f"maker fills recorded{of}", book=True)
        yield Field(f"{leg}.answered", size + 1, f"filled by the answer{of}", book=True)
        yield Field(f"{leg}.stated", size + 1, f"filled by a status{of}", book=True)
        yield Field(f"{leg}.final", 2, f"amount filled is final{of}", book=True)
        yield Field(f"{leg}.cancel", 3, f"cancel asked{of}", CancelAsked, book=True)
        yield Field(
            f"{leg}.request_age", settled + 1, f"age of the request{of}", book=True, detail=True
        )
        yield Field(
            f"{leg}.cancel_age", settled + 1, f"age of the cancel{of}", book=True, detail=True
        )
        yield Field(
            f"{leg}.open_age", timers.lag + 2, f"known open for{of}", book=True, detail=True
        )
        yield Field(f"{leg}.closed_age", end + 1, f"closed for{of}", book=True, detail=True)
        yield Field(f"{leg}.candidate", candidate + 1, f"orphan candidate{of}", book=True)
        yield Field(f"{leg}.orphan_asked", 2, f"cancelled as an orphan{of}", book=True)
        yield Field(
            f"{leg}.protected",
            timers.protection + 1 if plan else 1,
            f"protected for{of}",
            book=True,
        )
    for n in range(bounds.snapshots):
        yield from _snapshot_fields(bounds, n)
    for i in range(_legs(bounds)):
        of = ("", " (new)")[i]
        domain = 1 if plan else 2
        yield Field(f"book_{LEGS[i]}.disputed", domain, f"its end is disputed{of}", book=True)
    if bounds.lie:
        yield Field("lied", 2, "a false word said", detail=True)
        longest = timers.lag + timers.listing + 2
        yield Field("misled", longest + 1, "misled for", detail=True)
    lots = bounds.size + (bounds.new_size if bounds.modify else 0)
    replays = bounds.duplicates + (lots if bounds.reconnect else 0)
    yield Field("position", (lots if reference else 4 * lots) + replays + 1, "position", book=True)
    yield Field("replays", bounds.duplicates + 1, "fills delivered again", detail=True)
    yield Field("reconnects", 2, "reconnected", detail=True)


def _snapshot_fields(bounds: Bounds, n: int) -> Iterator[Field]:
    sizes = (bounds.size, bounds.new_size)
    slot, of = SLOTS[n], ("", " (second)")[n]
    longest = max(bounds.timers.listing, bounds.delays.lag)
    yield Field(f"{slot}.phase", 4, f"listing{of}", Picture)
    yield Field(f"{slot}.age", longest + 1, f"age of the listing{of}", detail=True)
    if bounds.lie:
        yield Field(f"{slot}.false", 2, f"false listing{of}")
    for i in range(_legs(bounds)):
        view, of = f"{slot}.{LEGS[i]}", ("", " of the new order")[i] + ("", " (second)")[n]
        yield Field(f"{view}.listed", 2, f"listed{of}")
        yield Field(f"{view}.filled", sizes[i] + 1, f"filled in the listing{of}")
        yield Field(f"{view}.old_open", 2, f"open known before the listing{of}", detail=True)
        yield Field(
            f"{view}.old_request", 2, f"request settled before the listing{of}", detail=True
        )
        yield Field(f"{view}.old_cancel", 2, f"cancel settled before the listing{of}", detail=True)


def _actions(bounds: Bounds) -> Iterator[Action]:
    yield Action("send", (venue.send,), "we send the order", event=Event.REGISTERED, leg=0)
    for i in range(_legs(bounds)):
        yield from _venue_actions(bounds, i)
        yield from _message_actions(bounds, i)
    if bounds.modify:
        yield Action(
            "modify",
            (venue.ask_modify,),
            "we ask to modify the order",
            event=Event.REGISTERED,
            leg=1,
        )
    if bounds.reconnect:
        yield Action(
            "reconnect",
            (wire.reconnect, *_replays(bounds)),
            "the stream reconnects and replays every fill",
            shared=True,
            event=Event.FILLED,
        )
    for n in range(bounds.snapshots):
        yield from _snapshot_actions(bounds, n)
    if bounds.lie:
        yield from _lies(bounds)
    yield Action(
        "tick", (clock.tick, *_ageing(bounds)), "a tick passes", shared=True, event=Event.AGED
    )


def _replays(bounds: Bounds) -> Iterator[Part]:
    for i in range(_legs(bounds)):
        for taker in (True, False):
            for n in range((bounds.size, bounds.new_size)[i]):
                yield partial(wire.replay, i=i, taker=taker, n=n)


def _ageing(bounds: Bounds) -> Iterator[Part]:
    for i in range(_legs(bounds)):
        for age in (clock.age_request, clock.age_cancel, clock.age_fills, clock.age_book):
            yield partial(age, i=i)
    for n in range(bounds.snapshots):
        yield partial(clock.age_snapshot, n=n)
    if bounds.lie:
        yield lies.age


def _snapshot_actions(bounds: Bounds, n: int) -> Iterator[Action]:
    slot = SLOTS[n]
    of = ("", " (second)")[n]

    def shared(name: str, run: Callable[[World, int], bool], words: str) -> Action:
        return Action(f"{name}:{slot}", (lambda world: run(world, n),), words + of, shared=True)

    yield shared("ask-snapshot", clock.ask_snapshot, "we ask for a listing")
    yield shared("take-snapshot", clock.take_snapshot, "the venue takes the listing")
    if bounds.delays.lag:
        yield shared("read-early", clock.read_early, "a lagging reader takes a listing early")
    legs = (partial(clock.process_leg, n=n, i=i) for i in range(_legs(bounds)))
    heard = (partial(lies.heard, n=n),) if bounds.lie else ()
    yield Action(
        f"process-snapshot:{slot}",
        (partial(clock.process_snapshot, n=n), *legs, *heard, partial(clock.process_position, n=n)),
        f"the book processes the listing{of}",
        shared=True,
        message=True,
        event=Event.LISTED,
        wire=tuple(f.path for f in _snapshot_fields(bounds, n)),
    )
    if bounds.lose:
        yield shared("fail-snapshot", clock.fail_snapshot, "the listing fails")


def _venue_actions(bounds: Bounds, i: int) -> Iterator[Action]:
    leg = LEGS[i]
    what = ("the order", "the modify")[i]
    which = ("the order", "the new order")[i]

    def on(
        name: str, run: Callable[[World, int], bool], words: str, event: Event | None = None
    ) -> Action:
        return Action(f"{name}:{leg}", (lambda world: run(world, i),), words, event=event, leg=i)

    size = (bounds.size, bounds.new_size)[i]
    for taken in range(size + 1):
        words = f"{what} takes {taken} on arrival and rests" if taken else f"{what} rests"
        if taken == size:
            words = f"{what} fills whole on arrival"
        yield Action(f"arrive-{taken}:{leg}", (partial(venue.arrive, i=i, taken=taken),), words)
    if bounds.refuse or i == 1:
        yield on("refuse", venue.refuse, f"the venue refuses {what}")
    yield on("fill", venue.fill, f"one lot of {which} fills at the venue")
    if bounds.cancel:
        yield on("ask-cancel", venue.ask_cancel, f"we ask to cancel {which}", Event.CANCEL_ASKED)
    cancel = on("cancel", venue.cancel, f"the cancel of {which} reaches the venue")
    yield attrs.evolve(cancel, optional=not bounds.cancel)
    if bounds.refuse and bounds.cancel:
        yield on("refuse-cancel", venue.refuse_cancel, f"the venue refuses the cancel of {which}")
    if bounds.unasked:
        yield on("cancel-unasked", venue.cancel_unasked, f"the venue cancels {which} unasked")
    if bounds.lose:
        yield on("lose", venue.lose, f"the request of {what} is lost")
        yield on("lose-answer", wire.lose_answer, f"the answer to {what} is lost")
        words = f"we stop waiting for the answer to {what}"
        yield on("time-out", venue.time_out, words, Event.TIMED_OUT)
        if bounds.cancel:
            yield on(
                "lose-cancel", wire.lose_cancel, f"the cancel of {which}, or its answer, is lost"
            )


def _message_actions(bounds: Bounds, i: int) -> Iterator[Action]:
    leg = LEGS[i]
    what = ("the order", "the modify")[i]
    which = ("the order", "the new order")[i]
    of = ("", " of the new order")[i]

    def told(name: str, run: Part, words: str, event: Event) -> Action:
        return Action(
            f"{name}:{leg}",
            (run,),
            words,
            message=True,
            event=event,
            leg=i,
            wire=() if event == Event.FILLED else (f"{leg}.answer", f"{leg}.cancel"),
        )

    yield told("answer", partial(wire.answer, i=i), f"the answer to {what} arrives", Event.ANSWERED)
    if bounds.refuse:
        words = f"the answer to {what} arrives as an error item without an oid"
        yield told("answer-item", partial(wire.answer_item, i=i), words, Event.ANSWERED)
    for kind, taker in (("taker", True), ("maker", False)):
        yield told(
            f"{kind}-fill",
            partial(wire.tell_fill, i=i, taker=taker),
            f"the message of a {kind} fill{of} arrives",
            Event.FILLED,
        )
        if bounds.duplicates:
            yield told(
                f"{kind}-fill-again",
                partial(wire.tell_fill_again, i=i, taker=taker),
                f"the message of a {kind} fill{of} arrives again",
                Event.FILLED,
            )
    words = f"a status says that {which} is over"
    yield told("end", partial(wire.tell_end, i=i), words, Event.ENDED)
    words = f"the cancel of {which} is answered"
    answer = told("answer-cancel", partial(wire.answer_cancel, i=i), words, Event.CANCEL_ANSWERED)
    yield attrs.evolve(answer, optional=not bounds.cancel)


def _lies(bounds: Bounds) -> Iterator[Action]:
    for i in range(_legs(bounds)):
        leg = LEGS[i]
        which, what = ("the order", "the new order")[i], ("the order", "the modify")[i]
        told: list[tuple[str, Part, str, Event]] = [
            (
                "end",
                partial(lies.end, i=i, whole=False),
                f"a status says that {which} is over",
                _END,
            ),
            (
                "filled",
                partial(lies.end, i=i, whole=True),
                f"a status says that {which} filled",
                _END,
            ),
            ("refused", partial(lies.refused, i=i), f"the answer refuses {what}", Event.ANSWERED),
            (
                "taken",
                partial(lies.taken, i=i),
                f"the answer says that {what} filled",
                Event.ANSWERED,
            ),
        ]
        if bounds.refuse or i == 1:
            words = f"the answer accepts {what}"
            told.append(("accepted", partial(lies.accepted, i=i), words, Event.ANSWERED))
        if bounds.cancel:
            for name, say in (("cancel", lies.cancelled), ("no-cancel", lies.not_cancelled)):
                words = f"the cancel of {which} is answered {_ANSWERS[name]}"
                told.append((name, partial(say, i=i), words, Event.CANCEL_ANSWERED))
        for name, lied, words, event in told:
            words = f"{words}, falsely"
            yield Action(f"lie-{name}:{leg}", (lied,), words, event=event, leg=i)
        for n in range(bounds.snapshots):
            of = ("", " (second)")[n]
            for name, lie, how in (
                ("absent", lies.absent, "without"),
                ("listed", lies.listed, "with"),
            ):
                words = f"the listing{of} comes {how} {which}, falsely"
                yield Action(f"lie-{name}:{SLOTS[n]}/{leg}", (partial(lie, n=n, i=i),), words)


_END = Event.ENDED
_ANSWERS = {"cancel": "'not open'", "no-cancel": "'not done'"}


def _settle(bounds: Bounds) -> Iterator[str]:
    for i in range(_legs(bounds)):
        leg = LEGS[i]
        yield from (f"arrive-0:{leg}", f"refuse:{leg}", f"answer:{leg}")
        yield from (f"cancel:{leg}", f"answer-cancel:{leg}")
        for _ in range((bounds.size, bounds.new_size)[i]):
            yield from (f"taker-fill:{leg}", f"maker-fill:{leg}")
    for n in reversed(range(bounds.snapshots)):
        yield from (f"take-snapshot:{SLOTS[n]}", f"process-snapshot:{SLOTS[n]}")
    yield "tick"
    if bounds.snapshots:
        yield from (f"{step}:first" for step in ("ask-snapshot", "take-snapshot"))
        yield "process-snapshot:first"
