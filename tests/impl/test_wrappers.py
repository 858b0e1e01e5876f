"""What wraps a book refuses and accepts exactly what the book does, and is left as the book is."""

import inspect
import re
from collections import deque
from collections.abc import Callable, Iterator, Mapping
from decimal import Decimal
from enum import Enum, IntEnum, StrEnum
from fractions import Fraction
from functools import partial
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import attrs
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from truebook.impl import (
    BookConfig,
    ListedOrder,
    Listing,
    ListingRequest,
    OrderStatus,
    Side,
    UnifiedOrderBook,
)
from truebook.impl.journal.calls import PARAMETERS, Call
from truebook.impl.journal.journaled_book import JournaledBook, load
from truebook.impl.shadow.shadow_book import Divergence, ShadowBook
from truebook.oracle.cases.case import parse
from truebook.oracle.reference.driving import Driver

CONFIG = BookConfig(
    orphan_grace_period=2,
    expected_cloid_ttl=2,
    finalized_protection=1,
    fill_window_duration=4,
    tombstone_duration=4,
    listing_timeout=3,
    cancel_timeout=1,
    max_tracked_tids=4,
    cloid_seed=0,
)


class Text(str):
    """A text of another type, as numpy has them."""

    __slots__ = ()

    def __str__(self) -> str:
        return "not what it is"

    def __repr__(self) -> str:
        return "Text"


class Whole(int):
    """An int of another type."""

    def __int__(self) -> int:
        return 99

    def __repr__(self) -> str:
        return "Whole"


class Exact(Decimal):
    """A Decimal of another type."""


class Word(StrEnum):
    C1 = "c1"
    SELL = "sell"


class Mixed(str, Enum):  # noqa: UP042  # whose str() is not its text
    C2 = "c2"
    BUY = "buy"
    OPEN = "open"


class Number(IntEnum):
    ONE = 1
    TWO = 2


Maker = Callable[[], Any]
"""Makes an argument anew, since some can be gone through only once."""


def of(*values: Any) -> list[Maker]:
    return [partial(_same, value) for value in values]


def _same(value: Any) -> Any:
    return value


def breaks() -> Iterator[int]:
    yield 1
    raise ConnectionError("429")


class Once:
    """What can be gone through once, and is no iterator."""

    def __init__(self, *items: Any) -> None:
        self.items = iter(items)

    def __iter__(self) -> Iterator[Any]:
        return self.items


CLOIDS = of("c1", "c2", "c3", Text("c1"), Word.C1, Mixed.C2)
OIDS = of(1, 2, 3, 4, Whole(1), Number.TWO)
NUMBERS = of(Decimal(1), Decimal("2.50"), 3, Exact("1.5"), Whole(2), Number.ONE)
SIDES = of("buy", "sell", Side.BUY, Text("sell"), Word.SELL, Mixed.BUY)
TIMES = of(*range(12), Whole(7), Number.TWO)
ORDERS = (ListedOrder(1, "c1"), ListedOrder(9, side="buy", price=1, remaining=1, size=2))
RIGHT: Mapping[str, list[Maker]] = {
    "cloid": CLOIDS,
    "oid": [*OIDS, *of(None)],
    "new_oid": [*OIDS, *of(None)],
    "tid": [*OIDS, *of(0, -1)],
    "id": [*CLOIDS, *OIDS],
    "side": SIDES,
    "status": of("open", "filled", "cancelled", "rejected", OrderStatus.OPEN, Mixed.OPEN),
    "reason": of("", "no", Text("why"), "half \ud800", "whole \N{CROCODILE}"),
    "now": [*TIMES, *of(None)],
    "time": TIMES,
    "as_of": TIMES,
    "is_buy": of(True, False),
    "crossed": of(True, False, None),
    "force": of(True, False),
    "request": of(None, ListingRequest(0), ListingRequest(4)),
    "snapshot": [
        *of(None, Listing(ORDERS, ListingRequest(3)), list(ORDERS), {1, 2}, (1,), [], deque([2])),
        lambda: iter([1, 9]),
        lambda: map(int, "12"),
        lambda: Once(2, 9),
    ],
}
WRONG: list[Maker] = [
    *of(0.5, float("nan"), True, False, None, 0, -1, 10**60, 1 << 97),
    *of("", "1", "buy!", "\ud800", b"1", bytearray(b"1"), memoryview(b"12"), Text("")),
    *of(Decimal("NaN"), Decimal("sNaN"), Decimal("-Infinity"), Decimal("1E+60"), Decimal(-1)),
    *of(Decimal("1e-60"), Decimal("0." + "1" * 101), Exact("NaN"), Whole(-5), Fraction(1, 2), 1j),
    *of(
        object(), [], {}, {"error": 429}, [[1]], [None], [1, "a"], {1, "a"}, range(3), Side, Number
    ),
    *of("error: 429", Text("429"), ListingRequest(3), Listing(ORDERS, ListingRequest(99)), ORDERS),
    *of(ListingRequest(1 << 90), ConnectionError("429"), {1: "c1"}.values()),
    lambda: 10**5000,  # which no text can be made of
    lambda: -(10**5000),
    lambda: iter("ab"),
    lambda: reversed([1, 2]),
    breaks,
    lambda: Once("x", 1.5),
    lambda: iter(()),
]

Told = tuple[str, list[Maker], dict[str, Maker]]


@st.composite
def calls(draw: st.DrawFn) -> Told:
    """Return a method and its arguments, right or wrong, too many or too few."""
    method = draw(st.sampled_from(sorted(PARAMETERS)))
    names = list(PARAMETERS[method])
    slip = draw(st.integers(0, 3)) == 0
    if slip and draw(st.booleans()):
        names = draw(st.lists(st.sampled_from(names or ["now"]), unique=True))
    placed = draw(st.integers(0, len(names)))
    makers = [
        draw(st.sampled_from(WRONG if draw(st.integers(0, 9)) == 0 else RIGHT.get(name, NUMBERS)))
        for name in names
    ]
    needed = set(_needed(method))
    by_name = {
        name: make
        for name, make in zip(names[placed:], makers[placed:], strict=True)
        if name in needed or draw(st.booleans())
    }
    by_place = makers[:placed]
    if not slip:  # what can only be named is named
        most = sum(1 for name in names if name in needed)
        by_name |= dict(zip(names[most:placed], by_place[most:], strict=False))
        by_place = by_place[:most]
    if slip and draw(st.booleans()):
        by_name[draw(st.sampled_from(["extra", "self", *PARAMETERS[method]]))] = WRONG[0]
    return method, by_place, by_name


def _needed(method: str) -> list[str]:
    told = inspect.signature(getattr(UnifiedOrderBook, method)).parameters
    return [name for name, one in told.items() if one.default is one.empty and name != "self"]


def outcome(tell: Callable[..., Any], told: Told) -> object:
    """Return what a call came to: its result, or its error and what that says."""
    _, args, kwargs = told
    try:
        result = tell(*(make() for make in args), **{name: make() for name, make in kwargs.items()})
    except Exception as error:
        return type(error), re.sub(r"<.* at 0x\w+>", "<>", str(error))
    return type(result), result


def as_call(book: UnifiedOrderBook, method: str) -> Callable[..., Any]:
    return lambda *args, **kwargs: Call.of(method, args, kwargs).tell(book)


@settings(max_examples=60)
@given(st.lists(calls(), max_size=12))
def test_whatever_is_told_comes_to_the_same_through_whatever_wraps_a_book(told: list[Told]) -> None:
    book, called, reference = (UnifiedOrderBook(CONFIG) for _ in range(3))
    shadow = ShadowBook(UnifiedOrderBook(CONFIG), reference)
    with TemporaryDirectory() as folder:
        path = Path(folder) / "book.journal"
        with JournaledBook(path, CONFIG, snapshot_every=0) as journaled:
            for one in told:
                method = one[0]
                before = book.copy()
                found = outcome(getattr(book, method), one)
                refused = isinstance(found, tuple) and issubclass(found[0], Exception)
                saved = book.to_json()
                if refused:
                    before.tick(book.now)
                    assert saved == before.to_json(), "all but the time"
                wrapped = shadow.refused
                assert outcome(as_call(called, method), one) == found
                assert outcome(getattr(journaled, method), one) == found
                assert outcome(getattr(shadow, method), one) == found
                assert shadow.refused == wrapped + refused
                for other in (called, journaled, shadow.tracker):
                    assert other.to_json() == saved  # type: ignore[attr-defined]
                assert reference.to_json() | {"made": saved["made"]} == saved  # by the tracker
        again, _ = load(path)
        assert again.to_json() == book.to_json()
        assert again.drain_events() == book.drain_events()


@settings(max_examples=50)
@given(st.lists(calls(), max_size=12))
def test_what_a_shadow_was_told_is_retold_as_a_case_that_the_reference_passes(
    told: list[Told],
) -> None:
    shadow = ShadowBook(UnifiedOrderBook(CONFIG), UnifiedOrderBook(CONFIG))
    for one in told:
        method, args, kwargs = one
        if method == "process_fill":  # a case has the venue time of every fill
            one = method, args, {"time": of(0)[0]} | kwargs
        if method != "drain_events":
            outcome(getattr(shadow, method), one)
    kept = tuple(shadow._calls)
    divergence = Divergence(shadow.reference.now, (), kept, CONFIG, True)
    found = attrs.evolve(divergence, differences=(_Found("position"),))  # type: ignore[arg-type]
    case = parse(found.as_case("x"), "x")
    driver = Driver.of(case)
    for step in case.steps:
        shown = driver.take(step)
        for name, expected in step.expect.items():
            assert (sorted(shown[name]) if name == "open" else shown[name]) == expected


@attrs.frozen
class _Found:
    what: str


def test_a_listing_that_broke_off_is_not_taken_for_what_came_of_it(tmp_path: Path) -> None:
    """The rest of what can be gone through once is not gone through as if it were all."""
    with JournaledBook(tmp_path / "book.journal", CONFIG) as book:
        for oid in (1, 2):
            book.register_pending("buy", 1, 1, cloid=f"c{oid}", now=0)
            book.finalize_order(f"c{oid}", oid, 1, "buy", 1)
        shadow = ShadowBook(book)
        shadow.reference = book.copy()
        with pytest.raises(ConnectionError):
            shadow.reconcile(breaks(), request=ListingRequest(9), now=9)
        assert book.get_active_oids() == shadow.reference.get_active_oids() == {1, 2}
        assert book.now == shadow.reference.now == 9
    assert load(tmp_path / "book.journal")[0].get_active_oids() == {1, 2}
