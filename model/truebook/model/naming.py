"""The world of names as a system."""

from collections.abc import Callable, Iterator
from functools import partial

from truebook.model import names as n
from truebook.model.designs import Design
from truebook.model.names import Known, NameBounds, NameWorld
from truebook.model.system import Action, Field, System
from truebook.model.vocabulary import Event, Venue


def used_names(design: Design, bounds: NameBounds) -> System:
    """Return the system of a cloid that is used again and again."""
    return System(
        name="names",
        fields=tuple(name_fields(bounds)),
        actions=tuple(_actions(bounds)),
        create=lambda: NameWorld(bounds=bounds, keeps=design.keeps),
        settle=tuple(_settle(bounds)),
    )


def name_fields(bounds: NameBounds) -> Iterator[Field]:
    """Yield the fields of the world of names, with their domains within the bounds."""
    for k in range(bounds.orders):
        of = f"order {k + 1}"
        yield Field(f"n{k}.status", 7, f"{of} at the venue", Venue)
        yield Field(f"n{k}.filled", 2, f"{of} has filled")
        yield Field(f"n{k}.told", 2, f"fill of {of} delivered")
        yield Field(f"n{k}.answered", 2, f"answer to {of} delivered")
        yield Field(f"n{k}.book", 5, f"{of} in the book", Known, book=True)
        yield Field(f"n{k}.oid", bounds.orders + 1, f"oid that {of} is bound to", book=True)
        yield Field(f"n{k}.past", 2, f"oid of {of} remembered as past", book=True)
        yield Field(f"n{k}.counted", 3, f"counted of the fill of {of}", book=True)
        yield Field(f"n{k}.other", 2, f"fill of {of} told otherwise", detail=True)
        yield Field(f"n{k}.said", 2, f"that is reported of {of}", book=True)
    yield Field("requests", bounds.orders + 1, "requests sent", book=True)
    yield Field("asked", bounds.orders + 2, "requests before the listing was asked for", book=True)
    yield Field("live", bounds.orders + 1, "order known open then", book=True)
    yield Field("hoped", 2, "an order pending then", book=True, detail=True)
    yield Field("taken", 2, "listing taken")
    yield Field("row", bounds.orders + 1, "order in the listing")
    yield Field("vague", 2, "an old oid is not known", book=True)
    yield Field("position", 3 * bounds.orders + 1, "position", book=True)
    yield Field("repeats", bounds.repeats + 1, "words said again", detail=True)


_Of = Callable[[NameWorld, int], bool]
_STEPS: tuple[tuple[str, _Of, str, Event | None, bool], ...] = (
    ("request", n.request, "we send order {k}", Event.REGISTERED, False),
    ("arrive", n.arrive, "order {k} opens", None, False),
    ("fill", n.fill, "order {k} fills a lot", None, False),
    ("vanish", n.end, "order {k} ends", None, False),
    ("answer", n.answer, "the answer to order {k} arrives", Event.ANSWERED, True),
    ("tell", n.tell_fill, "the message of the fill of order {k} arrives", Event.FILLED, True),
    ("tell-end", n.tell_end, "order {k} is told over", Event.ENDED, False),
    ("forget", n.forget, "the book forgets order {k}", Event.AGED, False),
)


def _actions(bounds: NameBounds) -> Iterator[Action]:
    for k in range(bounds.orders):
        for name, run, words, event, message in _STEPS:
            yield _action(name, run, words, k, event, message)
        if bounds.lose:
            yield _action("lose", n.lose, "the request of order {k} is lost", k)
        if bounds.repeats:
            again = "the message of the fill of order {k} arrives again"
            yield _action("tell-again", n.tell_fill_again, again, k, Event.FILLED)
            yield _action("status", n.status, "a status of order {k} arrives", k, Event.ANSWERED)
            if bounds.alter:
                yield _action(
                    "tell-otherwise", n.tell_fill_otherwise, f"{again}, otherwise", k, Event.FILLED
                )
    yield Action("ask-listing", (n.ask_listing,), "we ask for a listing")
    yield Action("take-listing", (n.take_listing,), "the venue takes the listing")
    yield Action("process-listing", (n.process_listing,), "the book processes the listing")


def _action(
    name: str, run: _Of, words: str, k: int, event: Event | None = None, message: bool = False
) -> Action:
    part = partial(_numbered, run=run, k=k)
    return Action(f"{name}:{k}", (part,), words.format(k=k + 1), message=message, event=event)


def _numbered(w: NameWorld, run: _Of, k: int) -> bool:
    return run(w, k)


def _settle(bounds: NameBounds) -> Iterator[str]:
    yield from ("take-listing", "process-listing")
    for k in range(bounds.orders):
        yield from (f"{name}:{k}" for name in ("arrive", "tell", "answer", "tell-end"))
    yield from ("ask-listing", "take-listing", "process-listing")
