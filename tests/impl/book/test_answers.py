"""A conversation with a book, to the letter: all that it can be told, and what it answers.

`answers.txt` has the conversation: after `>` is what the book is told, a tick later than the line
before, and below it what it answers, or the error that it raises; after `!` what else is noted of
it, and after `~` the reasons of orders that have changed. `=` begins anew.
"""

from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from truebook.impl import BookConfig, ListedOrder, Listing, ListingRequest, UnifiedOrderBook

PAGE = Path(__file__).with_name("answers.txt")
CONFIG = BookConfig(
    max_tracked_tids=4,
    orphan_grace_period=2,
    expected_cloid_ttl=3,
    finalized_protection=1,
    fill_window_duration=6,
    cancel_timeout=2,
    tombstone_duration=4,
    listing_timeout=5,
    scope="BTC",
    cloid_seed=0,
)
WORDS = {
    word.__name__: word for word in (Decimal, ListedOrder, Listing, ListingRequest, BookConfig)
}


class Talk:
    """A book that is told things by lines of text, each a tick later than the one before."""

    def __init__(self) -> None:
        self.book = UnifiedOrderBook(CONFIG)
        self.reasons: dict[str, str] = {}

    def answer(self, line: str) -> list[str]:
        now = self.book.now + 1
        method, _, told = line.partition("(")
        told = told.removesuffix(")")
        at = f"now={now}" if method != "tick" else str(now)
        asked = f"book.{method}({', '.join(part for part in (told, at) if part)})"
        try:
            result = eval(asked, {"book": self.book, **WORDS})
        except (TypeError, ValueError) as error:
            found = [f"{type(error).__name__}: {error}"]
        else:
            found = [repr(result)]
            assert self.book.now == now, f"{asked} does not take note of the time"
        events = self.book.drain_events()
        found += [f"! {event!r}" for event in events if repr(event) != found[0]]
        before, self.reasons = self.reasons, self._reasons()
        changed = self.reasons.items() - before.items()
        return found + [f"~ {order}: {reason!r}" for order, reason in sorted(changed)]

    def _reasons(self) -> dict[str, str]:
        """Return what became of every leg of an order, in the words of the venue or the caller."""
        return {
            f"{leg.cloid} {number}": leg.reason
            for order in self.book.get_orders()
            for number, leg in enumerate(self.book.legs(order.cloid))
        }


def conversations() -> dict[str, list[str]]:
    """Return the lines of each conversation by its name."""
    found: dict[str, list[str]] = {}
    for line in PAGE.read_text().splitlines():
        if line.startswith("= "):
            name = line[2:]
            found[name] = []
        elif line:
            found[name].append(line)
    return found


@pytest.mark.parametrize("name", conversations())
def test_a_conversation(name: str) -> None:
    page = conversations()[name]
    talk = Talk()
    said: list[str] = []
    for line in page:
        if line.startswith("> "):
            said += [line, *talk.answer(line[2:])]
    assert said == page


def test_the_conversations_tell_the_book_all_that_it_can_be_told() -> None:
    told = {
        line[2:].partition("(")[0]
        for page in conversations().values()
        for line in page
        if line.startswith("> ")
    }
    methods: set[str] = {
        name
        for name in dir(UnifiedOrderBook)
        if not name.startswith("_") and "now" in _arguments(getattr(UnifiedOrderBook, name))
    }
    assert told == methods


def _arguments(member: Any) -> tuple[str, ...]:
    code = getattr(member, "__code__", None)
    return () if code is None else code.co_varnames[: code.co_argcount + code.co_kwonlyargcount]
