"""The worlds of a foreign order and of named fills as systems."""

from collections.abc import Callable, Iterator
from functools import partial

from truebook.model import foreign as f
from truebook.model import foreign_lies as lies
from truebook.model import memory as m
from truebook.model.config import Bounds
from truebook.model.designs import Design
from truebook.model.foreign import ForeignWorld
from truebook.model.memory import MemoryBounds, MemoryWorld
from truebook.model.own import SLOTS
from truebook.model.plan import CANDIDATE_GRACES
from truebook.model.system import Action, Field, Part, System
from truebook.model.vocabulary import Cancel, Event, Picture, Venue


def foreign_order(design: Design, bounds: Bounds) -> System:
    """Return the system of an order of our account that no book of ours placed."""
    return System(
        name="foreign",
        fields=tuple(foreign_fields(design, bounds)),
        actions=tuple(_foreign_actions(bounds)),
        create=lambda: ForeignWorld(bounds=bounds, keeps=design.keeps),
        settle=tuple(_foreign_settle(bounds)),
    )


def foreign_fields(design: Design, bounds: Bounds) -> Iterator[Field]:
    """Yield the fields of a foreign order, with their domains within the bounds."""
    timers = bounds.timers
    marked = design.keeps.orphan_cancel_marked
    candidate = timers.grace + 1 if marked else CANDIDATE_GRACES * timers.grace + 1
    yield Field("status", 7, "at the venue", Venue)
    yield Field("cancel", 5, "cancel on the wire", Cancel)
    yield Field("seen", timers.grace + 2, "listed for", detail=True)
    yield Field("asked_early", 2, "asked in its grace", detail=True)
    yield Field("asked_again", 2, "asked again")
    yield Field("ended_told", 2, "end told", detail=True)
    yield Field("candidate", candidate + 1, "orphan candidate", book=True)
    yield Field("asked", 2, "cancel asked", book=True)
    yield Field(
        "cancel_age", timers.expiry + timers.lag + 2, "age of the cancel", book=True, detail=True
    )
    longest = timers.listing + timers.lag + 1
    yield Field("settling", longest + 1, "last answer still recent for", book=True, detail=True)
    yield Field("over", 2, "answered to be over", book=True, detail=True)
    yield Field("sent_age", bounds.delays.expiry + 1, "cancel on its way for", detail=True)
    if bounds.lie:
        yield Field("lied", 2, "a false word said", detail=True)
        yield Field("misled", timers.lag + timers.listing + 3, "misled for", detail=True)
    for n in range(bounds.snapshots):
        yield from _slot_fields(bounds, n)


def _slot_fields(bounds: Bounds, n: int) -> Iterator[Field]:
    slot, of = SLOTS[n], ("", " (second)")[n]
    longest = max(bounds.timers.listing, bounds.delays.lag)
    yield Field(f"{slot}.phase", 4, f"listing{of}", Picture)
    yield Field(f"{slot}.age", longest + 1, f"age of the listing{of}", detail=True)
    if bounds.lie:
        yield Field(f"{slot}.false", 2, f"false listing{of}")
    yield Field(f"{slot}.listed", 2, f"listed{of}")
    yield Field(f"{slot}.fresh", 2, f"asked after the last answer{of}", detail=True)
    yield Field(f"{slot}.old_cancel", 2, f"cancel settled before the listing{of}", detail=True)


def _foreign_actions(bounds: Bounds) -> Iterator[Action]:
    yield Action("appear", (f.appear,), "a foreign order appears at the venue")
    yield Action("vanish", (f.vanish,), "the foreign order leaves the listing")
    yield Action("cancel", (f.cancel,), "the cancel of the orphan reaches the venue")
    if bounds.refuse:
        yield Action(
            "refuse-cancel", (f.refuse_cancel,), "the venue refuses the cancel of the orphan"
        )
    if bounds.lose:
        yield Action("lose-cancel", (f.lose_cancel,), "the orphan's cancel, or its answer, is lost")
    yield Action(
        "answer-cancel",
        (f.answer_cancel,),
        "the orphan's cancel is answered",
        message=True,
        event=Event.CANCEL_ANSWERED,
        wire=("cancel",),
    )
    for n in range(bounds.snapshots):
        of = ("", " (second)")[n]
        for name, run, words in _snapshot_steps(bounds):
            yield Action(
                f"{name}:{SLOTS[n]}",
                (_numbered(run, n),),
                words + of,
                shared=True,
                message=name == "process-snapshot",
                wire=tuple(field.path for field in _slot_fields(bounds, n)),
            )
    if bounds.lie:
        yield from _lies(bounds)
    ages = [f.age_order, *(_numbered(f.age_snapshot, n) for n in range(bounds.snapshots))]
    if bounds.lie:
        ages.append(lies.age)
    yield Action("tick", (f.tick, *ages), "a tick passes", shared=True, event=Event.AGED)


def _lies(bounds: Bounds) -> Iterator[Action]:
    for name, run, said in (
        ("cancel", lies.cancelled, "'not open'"),
        ("no-cancel", lies.not_cancelled, "'not done'"),
    ):
        words = f"the orphan's cancel is answered {said}, falsely"
        yield Action(f"lie-{name}", (run,), words, event=Event.CANCEL_ANSWERED)
    for n in range(bounds.snapshots):
        of = ("", " (second)")[n]
        for name, lie, how in (("absent", lies.absent, "without"), ("listed", lies.listed, "with")):
            words = f"the listing{of} comes {how} the foreign order, falsely"
            yield Action(f"lie-{name}:{SLOTS[n]}", (_numbered(lie, n),), words)


def _numbered(run: Callable[[ForeignWorld, int], bool], n: int) -> Part:
    return lambda world: run(world, n)


def _snapshot_steps(
    bounds: Bounds,
) -> Iterator[tuple[str, Callable[[ForeignWorld, int], bool], str]]:
    yield "ask-snapshot", f.ask_snapshot, "we ask for a listing"
    yield "take-snapshot", f.take_snapshot, "the venue takes the listing"
    if bounds.delays.lag:
        yield "read-early", f.read_early, "a lagging reader takes a listing early"
    yield "process-snapshot", f.process_snapshot, "the book processes the listing"
    if bounds.lose:
        yield "fail-snapshot", f.fail_snapshot, "the listing fails"


def _foreign_settle(bounds: Bounds) -> Iterator[str]:
    yield from ("cancel", "answer-cancel")
    for n in reversed(range(bounds.snapshots)):
        yield from (f"take-snapshot:{SLOTS[n]}", f"process-snapshot:{SLOTS[n]}")
    yield "tick"
    if bounds.snapshots:
        yield from (f"{step}:first" for step in ("ask-snapshot", "take-snapshot"))
        yield "process-snapshot:first"


def named_fills(design: Design, bounds: MemoryBounds) -> System:
    """Return the system of named fills, of which the book remembers a few."""
    return System(
        name="memory",
        fields=tuple(memory_fields(bounds)),
        actions=tuple(_memory_actions(bounds)),
        create=lambda: MemoryWorld(bounds=bounds, keeps=design.keeps),
        settle=tuple(f"tell:{k}" for k in range(bounds.fills)),
    )


def memory_fields(bounds: MemoryBounds) -> Iterator[Field]:
    """Yield the fields of named fills, with their domains within the bounds."""
    for k in range(bounds.fills):
        yield Field(f"f{k}.time", bounds.times + 1, f"venue time of fill {k + 1}")
        yield Field(f"f{k}.told", 2, f"fill {k + 1} delivered")
        yield Field(f"f{k}.place", bounds.capacity + 1, f"fill {k + 1} remembered", book=True)
    yield Field("now", bounds.times + 1, "the venue's clock")
    yield Field("floor", bounds.times + 1, "floor", book=True)
    yield Field("position", 2 * bounds.fills + bounds.duplicates + 1, "position", book=True)
    yield Field("picture", bounds.fills + 1, "position read from the venue")
    yield Field("as_of", bounds.times + 1, "as of")
    yield Field("rebased", bounds.times + 1, "rebased as of")
    yield Field("replays", bounds.duplicates + 1, "fills delivered again", detail=True)


def _memory_actions(bounds: MemoryBounds) -> Iterator[Action]:
    yield Action("venue-tick", (m.venue_tick,), "the venue's clock shows the next time")
    for k in range(bounds.fills):
        yield Action(
            f"execute:{k}", (partial(m.execute, k=k),), f"fill {k + 1} happens at the venue"
        )
        yield Action(
            f"tell:{k}",
            (partial(m.tell_fill, k=k),),
            f"the message of fill {k + 1} arrives",
            message=True,
            event=Event.FILLED,
        )
        if bounds.duplicates:
            yield Action(
                f"tell-again:{k}",
                (partial(m.tell_fill_again, k=k),),
                f"the message of fill {k + 1} arrives again",
                event=Event.FILLED,
            )
    if bounds.rebase:
        yield Action("read-position", (m.read_position,), "the venue's position is read")
        yield Action("rebase", (m.rebase,), "the book takes over the position read")
