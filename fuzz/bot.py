"""The bot: it sends, and tells its book what it hears, as the pages of the book say."""

from collections.abc import Callable
from typing import Any

import attrs

from fuzz import adapters
from fuzz.venue import ZERO, Request
from fuzz.words import Answer, Fill, Message, Picture, Said, Status
from truebook.impl import (
    CancelRequested,
    Listing,
    ListingRequest,
    ModifyRequested,
    ReconcileResult,
    Refused,
    UnifiedOrderBook,
)


@attrs.define(eq=False)
class Bot:
    """What the bot knows: its requests by name, and the cloid of each of its orders.

    `answered` are the requests that were answered, `settled` those and the ones that it no longer
    waits for. `orphans` are to be cancelled, each with the number of its request.
    """

    tell: adapters.Tell
    book: Callable[[], UnifiedOrderBook]
    own_cloids: bool = True
    tells_filled: bool = True
    cloids: dict[str, str] = attrs.field(factory=dict)
    requests: dict[str, Request] = attrs.field(factory=dict)
    numbers: dict[str, int | None] = attrs.field(factory=dict)
    answered: set[str] = attrs.field(factory=set)
    settled: set[str] = attrs.field(factory=set)
    orphans: list[tuple[int, int | None]] = attrs.field(factory=list)
    texts: bool = False
    told_an_oid: bool = False

    # What it sends

    def place(self, request: Request, again: str = "") -> bool:
        """Register an order; whether it is to be sent. `again`: under the cloid of that one."""
        cloid = self.cloids.get(again) or (request.tag if self.own_cloids else None)
        if cloid is not None and self.book().get_order(cloid) is not None:
            return False
        side = "buy" if request.buy else "sell"
        options = adapters.place_options(request.options, request.price)
        told = self.tell(
            "register_pending", side, request.price, request.size, cloid=cloid, **options
        )
        request.cloid = told
        self.cloids[request.tag] = told
        self._sent(request, told)
        return True

    def modify(self, request: Request) -> bool:
        """Ask for a modify; whether it is to be sent."""
        asked = self.tell("request_modify", request.cloid, request.price, request.size)
        if not isinstance(asked, ModifyRequested):
            return False
        assert isinstance(asked.oid, int)
        request.oid = asked.oid
        self._sent(request, asked)
        return True

    def cancel(self, request: Request) -> Refused | None:
        """Ask for a cancel; the refusal, if it is not to be sent."""
        asked = self.tell("request_cancel", request.cloid)
        if not isinstance(asked, CancelRequested):
            return asked if isinstance(asked, Refused) else Refused(request.tag, "unknown")
        assert isinstance(asked.oid, int) or asked.oid is None
        request.oid = asked.oid
        self._sent(request, asked)
        return None

    def _sent(self, request: Request, asked: Any) -> None:
        self.requests[request.tag] = request
        self.numbers[request.tag] = adapters.number_of(self.book(), asked)

    # What it hears

    def hear(self, message: Message) -> bool:
        """Tell the book what a message says; whether it was a listing that the book took."""
        match message.word:
            case Fill() as fill:
                self.fill(fill)
            case Status() as status:
                self.status(status)
            case Answer() as answer:
                self.answer(answer)
            case Picture() as picture:
                return self.listing(picture)
            case Said() as said:
                self.said(said)
        return False

    def fill(self, fill: Fill) -> Any:
        """Tell a fill."""
        return self.tell(
            "process_fill",
            self._oid(fill.oid),
            fill.tid,
            fill.size,
            fill.price,
            fill.buy,
            cloid=fill.cloid,
            time=fill.time,
            crossed=fill.crossed,
            **adapters.fill_options(fill),
        )

    def status(self, status: Status) -> None:
        """Tell a status of the stream, or one that was asked for."""
        filled = status.filled if self.tells_filled else None
        self.tell(
            "order_status",
            self._oid(status.oid),
            adapters.word_of(status.word),
            cloid=status.cloid,
            filled=filled,
            reason=status.reason,
        )

    def said(self, said: Said) -> None:
        """Tell the answer to a question for a status."""
        if said.status is not None:
            self.status(said.status)
            return
        request = ListingRequest(adapters.nanos(said.asked))
        self.tell("status_unknown", said.id, request=request)

    def listing(self, picture: Picture) -> bool:
        """Tell a listing, and note the orphans that it asks to cancel; whether it was taken."""
        orders = [adapters.listed_order(one) for one in picture.orders]
        request = ListingRequest(adapters.nanos(picture.asked))
        result = self.tell("reconcile", Listing(orders, request))
        if not isinstance(result, ReconcileResult):
            return False
        self.orphans += adapters.orphan_numbers(result)
        return True

    def answer(self, answer: Answer) -> None:
        """Tell the answer to a request."""
        request = self.requests.get(answer.tag)
        if request is not None:
            self.answered.add(answer.tag)
            self.settled.add(answer.tag)
            {"place": self._placed, "modify": self._modified, "cancel": self._cancelled}[
                request.kind
            ](request, answer)

    def silence(self, tag: str) -> None:
        """Wait for the answer to a request no longer."""
        request = self.requests.get(tag)
        if request is None or tag in self.settled:
            return
        self.settled.add(tag)
        if request.kind == "cancel":
            self._tell("cancel_timed_out", request, self._cancel_id(request))
        else:
            method = "order_unknown" if request.kind == "place" else "modify_unknown"
            self._tell(method, request, request.cloid, "timeout")

    def cannot_land(self, request: Request) -> None:
        """Take the venue's word that a request can never take effect."""
        if request.tag in self.requests and request.cloid is not None:
            self.settled.add(request.tag)
            adapters.cannot_land(self.tell, request.cloid, self.numbers[request.tag])

    def _tell(
        self, method: str, request: Request, *args: Any, gone: bool | None = None, **options: Any
    ) -> None:
        """Tell the answer to a request, with its number where it has one."""
        number = self.numbers[request.tag]
        self.tell(method, *args, **options, **adapters.answer_options(method, number, gone=gone))

    def _placed(self, request: Request, answer: Answer) -> None:
        cloid, side = request.cloid, "buy" if request.buy else "sell"
        if answer.kind == "waiting":
            assert cloid is not None
            adapters.waits(self.tell, cloid)
        elif answer.kind == "refused":
            self._tell("order_rejected", request, cloid, answer.reason)
        else:
            filled = answer.filled or ZERO
            rest = max(ZERO, request.size - filled)
            at_once = request.options.get("tif") == "ioc" or request.options.get("reduce")
            over = bool(at_once and answer.filled and rest)
            args = (cloid, answer.oid, ZERO if over else rest, side, request.price)
            self._tell("finalize_order", request, *args, filled_size=answer.filled)
            if over:
                self.tell("order_status", answer.oid, "cancelled", cloid=cloid, filled=filled)

    def _modified(self, request: Request, answer: Answer) -> None:
        cloid = request.cloid
        if answer.kind in ("refused", "gone"):
            gone = answer.kind == "gone"
            if gone:
                self.tell("order_status", request.oid, "cancelled", cloid=cloid)
            self._tell("modify_failed", request, cloid, answer.reason, gone=gone)
        else:
            self._tell("modify_confirmed", request, cloid, answer.oid)

    def _cancelled(self, request: Request, answer: Answer) -> None:
        method, *reason = {
            "done": ("cancel_confirmed",),
            "not open": ("cancel_not_open", "already canceled, or filled"),
            "refused": ("cancel_rejected", answer.reason),
        }[answer.kind]
        self._tell(method, request, self._cancel_id(request), *reason)

    def _cancel_id(self, request: Request) -> int | str:
        found = request.oid if request.oid is not None else request.cloid
        assert found is not None
        return found

    def _oid(self, oid: int) -> int | str:
        """Return an oid as it comes: from some sources as a text, but the first, as it is kept."""
        text = self.texts and self.told_an_oid
        self.told_an_oid = True
        return str(oid) if text else oid
