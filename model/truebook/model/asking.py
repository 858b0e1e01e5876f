"""The world of the requests of one cloid as a system."""

from collections.abc import Callable, Iterator
from functools import partial

from truebook.model import requests as r
from truebook.model.designs import Design
from truebook.model.request_world import NAMES, RequestBounds, RequestWorld
from truebook.model.system import Action, Field, Part, System
from truebook.model.vocabulary import Cancel, CancelAsked, Event, OrderState, Venue

WHAT = ("the order", "the first modify", "the second modify")


def named_requests(design: Design, bounds: RequestBounds) -> System:
    """Return the system of the requests of one cloid."""
    return System(
        name="requests",
        fields=tuple(request_fields(bounds)),
        actions=tuple(_actions(bounds)),
        create=lambda: RequestWorld(bounds=bounds, keeps=design.keeps),
        settle=tuple(_settle()),
    )


def request_fields(bounds: RequestBounds) -> Iterator[Field]:
    """Yield the fields of the requests, with their domains."""
    for name, of in zip(NAMES, WHAT, strict=True):
        yield Field(f"{name}.status", 7, f"{of} at the venue", Venue)
        yield Field(f"{name}.gone", 1 if name == "r0" else 2, f"{of} failed late")
        yield Field(f"{name}.state", 10, f"{of} in the book", OrderState, book=True)
        yield Field(f"{name}.refused", 2, f"{of} is known refused", book=True)
        yield Field(f"{name}.shown", 1 if name == "r0" else 4, f"{of} was shown refused", book=True)
        yield Field(f"{name}.cancelled", 2, f"{of} was cancelled unseen", book=True)
    yield Field("cancel", 5, "cancel on the wire", Cancel)
    yield Field("asked", 3, "cancel asked", CancelAsked, book=True)
    yield Field("target", 3, "cancel asked of request", book=True, detail=True)
    yield Field("blind", 2, "cancel asked before the oid", book=True, detail=True)
    yield Field("ambiguous", 2, "an earlier request was not accepted", book=True)
    yield Field("unshown", 2, "one is forgotten, and never shown", book=True)


def _actions(bounds: RequestBounds) -> Iterator[Action]:
    yield Action("place", (r.place,), "we send the order", event=Event.REGISTERED, leg=0)
    for k, what in enumerate(WHAT):
        if k:
            words = f"we ask for {what}"
            yield Action(f"modify:{k}", (partial(r.ask_modify, k=k),), words, leg=k)
            if bounds.forgets:
                forgets = f"the book forgets {what}"
                yield Action(f"forget:{k}", (partial(r.forget, k=k),), forgets, leg=k)
        for name, run, words in _of_request(k, what):
            message = name in ("answer", "tell-status")
            yield Action(f"{name}:{k}", (_numbered(run, k),), words, message=message, leg=k)
    yield Action("end", (r.end,), "the open order is over")
    yield Action("ask-cancel", (r.ask_cancel,), "we ask to cancel by the cloid")
    yield Action("cancel", (r.cancel,), "the cancel reaches the venue")
    yield Action("lose-cancel", (r.lose_cancel,), "the cancel, or its answer, is lost")
    yield Action("answer-cancel", (r.answer_cancel,), "the cancel is answered", message=True)
    yield Action("listing", (r.listing,), "the book processes a listing")


def _numbered(run: Callable[[RequestWorld, int], bool], k: int) -> Part:
    return lambda world: run(world, k)


def _of_request(
    k: int, what: str
) -> Iterator[tuple[str, Callable[[RequestWorld, int], bool], str]]:
    yield "land", r.arrive, f"{what} rests"
    yield "refuse", r.refuse, f"the venue refuses {what}"
    yield "lose", r.lose, f"{what} is lost"
    yield "answer", r.answer, f"the answer to {what} arrives, with its number"
    yield "tell-status", r.tell_status, f"asked by the cloid, the venue answers for {what}"
    if k:
        yield "answer-bare", r.answer_bare, f"the refusal of {what} arrives, without its number"
        yield "show", r.show, f"the refusal of {what} is shown under an oid of its own"
        yield "refuse-late", r.refuse_late, f"{what} cancels the old order, and fails"


def _settle() -> Iterator[str]:
    for k in range(len(NAMES)):
        yield from (f"land:{k}", f"lose:{k}")
    yield from ("cancel", "listing")
