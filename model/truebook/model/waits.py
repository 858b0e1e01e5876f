"""The world of an order that waits as a system."""

from collections.abc import Iterator
from functools import partial

from truebook.model import waiting as w
from truebook.model.config import Bounds
from truebook.model.designs import Design
from truebook.model.system import Action, Field, System
from truebook.model.vocabulary import (
    Answer,
    Cancel,
    CancelAsked,
    Event,
    OrderState,
    Picture,
    Venue,
)
from truebook.model.waiting import WaitingWorld


def waiting_order(design: Design, bounds: Bounds) -> System:
    """Return the system of an order of ours that waits; a listing is on its way, or none."""
    return System(
        name="waiting",
        fields=tuple(waiting_fields(design, bounds)),
        actions=tuple(_actions(bounds)),
        create=lambda: WaitingWorld(bounds=bounds, keeps=design.keeps),
        settle=(
            *("accept", "answer", "tell-parent", "cancel", "answer-cancel"),
            *("tell-fill",) * bounds.size,
            *("tell-end", "process-listing", "tick"),
            *("ask-covering", "take-listing", "process-listing"),
        ),
    )


def waiting_fields(design: Design, bounds: Bounds) -> Iterator[Field]:
    """Yield the fields of an order that waits, with their domains within the bounds."""
    timers, delays, lots = bounds.timers, bounds.delays, bounds.size + 1
    settled = timers.expiry + timers.lag + 2
    held = timers.fill_window + timers.tombstone
    yield Field("status", 7, "at the venue", Venue)
    yield Field("waits", 2, "it waits")
    yield Field("parent", 3, "its parent")
    yield Field("executed", lots, "executed at the venue")
    yield Field("told", lots, "fills delivered")
    yield Field("answer", 3, "answer on the wire", Answer)
    yield Field("cancel", 5, "cancel on the wire", Cancel)
    yield Field("sent_age", delays.expiry + 1, "request on its way for", detail=True)
    yield Field("cancel_sent_age", delays.expiry + 1, "cancel on its way for", detail=True)
    yield Field("end_age", (delays.fill or 0) + 1, "fills late for", detail=True)
    yield Field("book_a.state", len(OrderState), "in the book", OrderState, book=True)
    yield Field("book_a.named", 2, "oid known", book=True)
    yield Field("book_a.released", 2, "known not to wait", book=True)
    yield Field("book_a.parent_over", held + 2, "end of its parent told", book=True)
    yield Field("book_a.filled", lots, "filled in the book", book=True)
    yield Field("book_a.said", lots + 1, "last word of what filled", book=True)
    yield Field("book_a.cancel", 3, "cancel asked", CancelAsked, book=True)
    for name, size in (
        ("request_age", settled),
        ("open_age", timers.lag + 2),
        ("closed_age", held),
        ("cancel_age", settled),
    ):
        yield Field(f"book_a.{name}", size, name.replace("_", " "), book=True, detail=True)
    yield Field("first.phase", 4, "listing", Picture)
    yield Field("first.age", max(timers.listing, delays.lag) + 1, "age of the listing", detail=True)
    yield Field("first.covers", 2, "with those that wait")
    yield Field("first.listed", 3, "listed")
    yield Field("first.old", 2, "newer than what absence ends", detail=True)
    yield Field("first.old_cancel", 2, "cancel settled before the listing", detail=True)


def _actions(bounds: Bounds) -> Iterator[Action]:
    yield Action("send", (w.send,), "we send the order", event=Event.REGISTERED)
    yield Action("accept", (w.accept,), "the venue accepts the order, which waits")
    yield Action("fill-parent", (w.fill_parent,), "its parent fills")
    yield Action("end-parent", (w.end_parent,), "its parent ends with nothing filled")
    yield Action("trigger", (w.trigger,), "the order is triggered")
    yield Action("fill", (w.fill,), "the order fills by a lot")
    if bounds.unasked:
        yield Action("cancel-unasked", (w.cancel_unasked,), "the venue cancels the order unasked")
    if bounds.lose:
        yield Action("lose", (w.lose,), "the request is lost")
        yield Action("lose-answer", (w.lose_answer,), "the answer is lost")
    for name, run, event, words in (
        ("answer", w.answer, Event.ANSWERED, "the answer arrives: accepted, and waits"),
        ("tell-fill", w.tell_fill, Event.FILLED, "the message of a fill arrives"),
        ("tell-open", w.tell_open, Event.TRIGGERED, "the order is told to trade"),
        ("tell-end", w.tell_end, Event.ENDED, "the order is told to be over"),
        ("tell-parent", w.tell_parent, Event.ENDED, "its parent is told to be over"),
    ):
        yield Action(name, (run,), words, message=True, event=event)
    if bounds.cancel:
        yield Action("ask-cancel", (w.ask_cancel,), "we ask for a cancel", event=Event.CANCEL_ASKED)
        yield Action("cancel", (w.cancel,), "the cancel reaches the venue")
        words = "the cancel is answered"
        yield Action("answer-cancel", (w.answer_cancel,), words, event=Event.CANCEL_ANSWERED)
        if bounds.lose:
            yield Action("lose-cancel", (w.lose_cancel,), "the cancel, or its answer, is lost")
    for name, covers, words in (
        ("ask-plain", 0, "we ask for a listing without those that wait"),
        ("ask-covering", 1, "we ask for a listing with those that wait"),
    ):
        yield Action(name, (partial(w.ask_listing, covers=covers),), words)
        if bounds.delays.lag:
            early = name.replace("ask", "read-early"), words.replace("we ask for", "a reader takes")
            yield Action(early[0], (partial(w.read_early, covers=covers),), f"{early[1]} early")
    yield Action("take-listing", (w.take_listing,), "the venue takes the listing")
    words = "the book processes the listing"
    yield Action("process-listing", (w.process_listing,), words, event=Event.LISTED)
    if bounds.lose:
        yield Action("fail-listing", (w.fail_listing,), "the listing fails")
    ages = (w.age_wire, w.age_book, w.age_listing)
    yield Action("tick", (w.tick, *ages), "a tick passes", event=Event.AGED)
