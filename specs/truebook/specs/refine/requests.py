"""The book in the place of the model's, for the requests of one cloid."""

from typing import Self

from truebook.impl import (
    BookConfig,
    CancelRequested,
    ListedOrder,
    Listing,
    ModifyRequested,
    OrderState,
    UnifiedOrderBook,
)
from truebook.model import requests
from truebook.model.designs import REFERENCE, Design
from truebook.model.request_world import NAMES, RequestBounds, RequestWorld
from truebook.model.system import System, place_of
from truebook.model.vocabulary import CLOSED, LIVE, Cancel, Venue
from truebook.specs.refine.edges import Known, View

CLOID = "c"
PRICE = 100
CONFIG = BookConfig(
    expected_cloid_ttl=0,
    finalized_protection=0,
    listing_timeout=0,
    fill_window_duration=1_000_000,
    cancel_timeout=0,
)
"""A listing that is asked for a tick later is newer than all before; nothing is ever forgotten."""


def requests_view(system: System) -> View:
    """Return what the book knows of the requests, and what each message says."""
    return View(tuple(field.path for field in system.fields if field.book), _told)


def _told(action: str) -> tuple[str, ...]:
    name, _, k = action.partition(":")
    if name == "answer-cancel":
        return ("cancel",)
    if name == "listing":
        return tuple(f"{name}.status" for name in NAMES)
    return (f"{NAMES[int(k)]}.status", f"{NAMES[int(k)]}.gone") if k else ()


class RequestsPlayer:
    """A `UnifiedOrderBook` that is told of an order, modifies and a cancel, by their numbers."""

    def __init__(self, bounds: RequestBounds) -> None:
        self._sizes = (bounds.size, bounds.first_size, bounds.second_size)
        self._book = UnifiedOrderBook(CONFIG)
        self._numbers: dict[int | str, int] = {}

    def copy(self) -> Self:
        """Return a player that is the same and changes by itself."""
        other = type(self).__new__(type(self))
        other._sizes = self._sizes
        other._book = self._book.copy()
        other._numbers = dict(self._numbers)
        return other

    def tell(self, action: str, says: Known, before: Known) -> None:
        """Take one action of the model."""
        book = self._book
        name, _, number = action.partition(":")
        k = int(number or 0)
        match name:
            case "place":
                book.register_pending("buy", PRICE, self._sizes[0], cloid=CLOID)
                self._numbers[0] = book.legs(CLOID)[-1].request
            case "modify":
                asked = book.request_modify(CLOID, PRICE + k, self._sizes[k], force=True)
                assert isinstance(asked, ModifyRequested), asked
                self._numbers[k] = asked.request
            case "ask-cancel":
                cancelled = book.request_cancel(CLOID)
                assert isinstance(cancelled, CancelRequested), cancelled
                self._numbers["cancel"] = cancelled.request
            case "answer":
                self._answer(k, says, self._numbers[k])
            case "answer-bare":
                self._answer(k, says, None)
            case "show":
                book.order_status(_refused_oid(k), "rejected", cloid=CLOID)
            case "tell-status":
                word = "open" if says[f"{NAMES[k]}.status"] == Venue.OPEN else "cancelled"
                book.order_status(_oid(k), word, cloid=CLOID)
            case "answer-cancel":
                self._answer_cancel(says["cancel"])
            case "listing":
                self._list(says)

    def shows(self) -> Known:
        """Return what the book shows of each request, and the exposure."""
        legs = {int(leg.price) - PRICE: leg for leg in self._book.legs(CLOID)}
        shown: Known = {"exposure": int(self._book.pending_exposure("buy"))}
        for k, name in enumerate(NAMES):
            leg = legs.get(k)
            state = OrderState.ABSENT if leg is None else leg.state
            refused = leg is not None and state is OrderState.DEAD and leg.final
            shown[f"{name}.state"] = int(_coarse(state))
            shown[f"{name}.refused"] = int(refused)
        return shown

    def _answer(self, k: int, says: Known, request: int | None) -> None:
        book, name = self._book, NAMES[k]
        if says[f"{name}.status"] != Venue.REFUSED and k:
            book.modify_confirmed(CLOID, _oid(k), request=request)
        elif says[f"{name}.status"] != Venue.REFUSED:
            book.finalize_order(CLOID, _oid(0), self._sizes[0], "buy", PRICE, request=request)
        elif k:
            old = "gone" if says[f"{name}.gone"] else "open"
            book.modify_failed(CLOID, "refused", old=old, request=request)
        else:
            book.order_rejected(CLOID, "refused", request=request)

    def _answer_cancel(self, cancel: int) -> None:
        request = self._numbers["cancel"]
        if cancel == Cancel.DONE:
            self._book.cancel_confirmed(CLOID, request=request)
        else:
            self._book.cancel_not_open(CLOID, request=request)

    def _list(self, says: Known) -> None:
        listed = [
            ListedOrder(
                _oid(k),
                CLOID,
                "buy",
                price=PRICE + k,
                remaining=self._sizes[k],
                size=self._sizes[k],
            )
            for k, name in enumerate(NAMES)
            if says[f"{name}.status"] == Venue.OPEN
        ]
        request = self._book.listing_requested(now=self._book.now + 1)
        self._book.reconcile(Listing(listed, request))


class RequestsModel:
    """What the model's book shows of the requests of one cloid."""

    def __init__(self, bounds: RequestBounds, design: Design = REFERENCE) -> None:
        self._world = RequestWorld(bounds=bounds, keeps=design.keeps)

    def expected(self, known: Known) -> Known:
        """Return the states, what is known refused, and the exposure that follows."""
        for path, value in known.items():
            owner, name = place_of(self._world, path)
            setattr(owner, name, value)
        shown = {path: v for path, v in known.items() if path.endswith((".state", ".refused"))}
        return {**shown, "exposure": int(requests.exposure(self._world))}


def _oid(k: int) -> int:
    return 10 + k


def _refused_oid(k: int) -> int:
    return 20 + k


def _coarse(state: OrderState) -> OrderState:
    """Return a state as this world has it, where nothing fills and a cancel is told apart."""
    if state in LIVE:
        return OrderState.RESTING
    return OrderState.CANCELLED if state in CLOSED else state
