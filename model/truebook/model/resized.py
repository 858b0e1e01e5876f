"""The world of an order whose size the venue changes as a system."""

from collections.abc import Iterator
from functools import partial

from truebook.model import sizes as z
from truebook.model.designs import Design
from truebook.model.own import SLOTS
from truebook.model.sizes import SizeBounds, SizeWorld
from truebook.model.system import Action, Field, System
from truebook.model.vocabulary import Event, Picture


def resized_order(design: Design, bounds: SizeBounds) -> System:
    """Return the system of one order of ours whose size the venue changes."""
    return System(
        name="sizes",
        fields=tuple(size_fields(bounds)),
        actions=tuple(_actions()),
        create=lambda: SizeWorld(bounds=bounds, keeps=design.keeps),
        settle=tuple(_settle(bounds)),
    )


def size_fields(bounds: SizeBounds) -> Iterator[Field]:
    """Yield the fields of such an order, with their domains within the bounds."""
    lots, ages = bounds.size + bounds.most + 1, bounds.lag + 2
    yield Field("left", lots, "left at the venue")
    yield Field("executed", lots, "executed at the venue")
    yield Field("unheard", 2, "grown unheard", detail=True)
    yield Field("told", lots, "fills told", book=True)
    yield Field("told_age", ages, "age of the last fill told", book=True, detail=True)
    yield Field("worded", 2, "a picture was processed", book=True)
    yield Field("accepted", lots, "size by the venue", book=True)
    yield Field("accepted_age", ages, "age of that size", book=True, detail=True)
    yield Field("below", lots, "smaller size put aside", book=True)
    yield Field("below_age", ages, "age of the smaller size", book=True, detail=True)
    yield Field("listed", lots, "filled by a picture", book=True)
    yield Field("listed_age", ages, "age of what is filled by a picture", book=True, detail=True)
    yield Field("under", lots, "smaller amount put aside", book=True)
    yield Field("under_age", ages, "age of the smaller amount", book=True, detail=True)
    for slot, of in zip(SLOTS, ("", " (second)"), strict=True):
        yield from _slot_fields(bounds, slot, of)


def _slot_fields(bounds: SizeBounds, slot: str, of: str) -> Iterator[Field]:
    lots = bounds.size + bounds.most + 1
    yield Field(f"{slot}.phase", 4, f"picture{of}", Picture)
    yield Field(f"{slot}.age", bounds.lag + 1, f"taken early{of} for", detail=True)
    yield Field(f"{slot}.left", lots, f"left in the picture{of}")
    yield Field(f"{slot}.executed", lots, f"executed in the picture{of}")
    yield Field(f"{slot}.current", 2, f"not grown since the picture{of}", detail=True)
    yield Field(f"{slot}.newer", 2, f"size older than the picture{of}", detail=True)
    yield Field(f"{slot}.listed_newer", 2, f"amount older than the picture{of}", detail=True)
    yield Field(f"{slot}.under_newer", 2, f"smaller amount older than it{of}", detail=True)
    yield Field(f"{slot}.told_newer", 2, f"fills told before the picture{of}", detail=True)
    yield Field(f"{slot}.below_newer", 2, f"smaller size older than the picture{of}", detail=True)


def _actions() -> Iterator[Action]:
    yield Action("place", (z.place,), "the order rests")
    yield Action("fill", (z.fill,), "one lot of the order fills at the venue")
    yield Action("shrink", (z.shrink,), "the venue takes one lot off the order")
    yield Action("grow", (z.grow,), "the venue adds one lot to the order")
    words = "the message of a fill arrives"
    yield Action("tell", (z.tell_fill,), words, message=True, event=Event.FILLED)
    for n, (slot, of) in enumerate(zip(SLOTS, ("", " (second)"), strict=True)):
        yield Action(f"ask:{slot}", (partial(z.ask, n=n),), f"we ask for a listing{of}")
        taken = partial(z.take, n=n, early=False)
        yield Action(f"take:{slot}", (taken,), f"the venue takes the listing{of}")
        early = partial(z.take, n=n, early=True)
        words = f"a lagging reader takes a listing early{of}"
        yield Action(f"read-early:{slot}", (early,), words, optional=True)
        yield Action(
            f"process:{slot}",
            (partial(z.process, n=n),),
            f"the book processes the listing{of}",
            message=True,
            event=Event.LISTED,
        )
    yield Action("tick", (z.tick,), "a tick passes", event=Event.AGED)


def _settle(bounds: SizeBounds) -> Iterator[str]:
    yield from ("tell" for _ in range(max(bounds.size, bounds.most)))
    for slot in reversed(SLOTS):
        yield from (f"take:{slot}", f"process:{slot}")
    yield "tick"
    yield from (f"{step}:{SLOTS[0]}" for step in ("ask", "take", "process"))
