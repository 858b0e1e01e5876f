"""The numbers of requests go through a journal: written with their answers, and made again."""

from pathlib import Path

from truebook.impl import (
    BookConfig,
    CancelRequested,
    Listing,
    ListingRequest,
    ModifyRequested,
    UnifiedOrderBook,
)
from truebook.impl.journal import Call, case_events
from truebook.impl.journal.journaled_book import JournaledBook
from truebook.oracle.reference.driving import Driver

ORDER = {"side": "sell", "price": 90, "size": 5, "cloid": "c"}


def test_a_book_that_is_opened_again_hands_out_further_numbers(tmp_path: Path) -> None:
    path = tmp_path / "book.journal"
    with JournaledBook(path, snapshot_every=0) as book:
        book.register_pending("buy", 100, 5, cloid="c", now=1)
        book.finalize_order("c", 1, 5, "buy", 100, request=1)
        first = book.request_modify("c", 101, 6)
        assert isinstance(first, ModifyRequested)
        book.order_cannot_land("c", request=first.request)
        known = book.to_json()
    with JournaledBook(path, snapshot_every=0) as book:
        assert book.to_json() == known
        second = book.request_modify("c", 102, 7)
        assert isinstance(second, ModifyRequested)
        assert second.request == first.request + 1
        book.modify_failed("c", "late", request=first.request)
        assert book.pending_count == 1
        book.modify_failed("c", "gone", old="gone", request=second.request)
        assert isinstance(book.request_cancel("c"), CancelRequested) is False
        calls = book.calls_written
    with JournaledBook(path) as book:
        assert book.get_active_oids() == frozenset()
        assert book.calls_written == calls


def test_a_number_and_the_request_of_a_listing_are_each_written_as_what_they_are() -> None:
    for call in (
        Call("cancel_rejected", {"id": 1, "request": 7}),
        Call("modify_failed", {"cloid": "c", "old": "gone", "request": 8}),
        Call("status_unknown", {"id": 1, "request": ListingRequest(9)}),
        Call("reconcile", {"snapshot": Listing((), None), "request": ListingRequest(9)}),
    ):
        assert Call.from_json(call.to_json()) == call


def test_as_events_of_a_case_an_answer_that_an_order_waits_names_its_request() -> None:
    calls = [
        Call("register_pending", {**ORDER, "trigger": 95}),
        Call("order_waits", {"cloid": "c", "oid": "2", "request": 1}),
        Call("request_modify", {"id": "2", "new_price": 91, "new_size": 6}),
        Call("order_waits", {"cloid": "c", "request": 2}),
        Call("request_cancel", {"id": "c"}),
        Call("cancel_rejected", {"id": "c", "request": 3}),
    ]
    book = UnifiedOrderBook()
    for call in calls:
        call.tell(book)
    told = [event for _, event in case_events.events(calls, BookConfig())]
    assert [event.get("name") for event in told] == ["1", None, "2", None, "3", None]
    assert [event.get("answers") for event in told] == [None, "1", None, "2", None, "3"]
    driver = Driver(UnifiedOrderBook())
    for event in told:
        driver.tell(event, 0)
    assert driver.book == book
    assert driver.book.waiting_count == 1
