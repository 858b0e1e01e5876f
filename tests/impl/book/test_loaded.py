"""A saved book is read as strictly as the book takes what it is told, and says what is wrong."""

import copy
import json
from collections.abc import Callable, Iterator
from contextlib import suppress
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from truebook.impl import BookConfig, UnifiedOrderBook

ONE = Decimal(1)
CONFIG = BookConfig(
    fill_window_duration=10,
    tombstone_duration=10,
    listing_timeout=5,
    finalized_protection=2,
    expected_cloid_ttl=3,
    orphan_grace_period=4,
    cancel_timeout=2,
    max_tracked_tids=3,
    scope="BTC",
)


def eventful() -> UnifiedOrderBook:
    """Return a book that has something of everything, at 20."""
    book = UnifiedOrderBook(CONFIG, randbits=lambda bits: 0xAB)
    book.rebase(0, 1)
    book.register_pending("buy", ONE, 10, cloid="long gone", now=0)
    book.order_rejected("long gone", oid="30")
    for cloid in ("a", "b", "c", "d"):
        book.register_pending("buy", ONE, 10, cloid=cloid, now=1)
    book.register_pending("sell", ONE, 5)
    book.finalize_order("a", "1", 8, "buy", ONE, filled_size=2, now=2)
    book.finalize_order("b", "2", 10, "buy", ONE)
    book.order_rejected("c", "too small \N{CROCODILE}", oid="3")
    book.request_modify("1", 2, 7)
    book.request_cancel("2", now=3)
    book.process_fill("2", "x", 4, ONE, True, time=3, crossed=False)
    book.process_fill("2", "x2", 7, ONE, True, time=4, crossed=False)
    book.process_fill("9", "y", 3, ONE, False, time=5, cloid="zz")
    book.finalize_order("e", "5", 1, "buy", ONE)
    book.process_fill("5", "z", 1, ONE, True, time=6, fee_in_base=Decimal("0.25"))
    book.fill_corrected("5", "z", 3, time=6, at=7, fee_in_base=1)
    book.fill_reversed("5", "yet to come", time=8)
    book.position_reported(99, as_of=6)
    book.reconcile(["1", "2", "5", "7", "8"], now=15)
    book.listing_failed(now=19)
    book.reconcile(["1", "5", "7", "8"], now=20)
    book.cancel_confirmed(7)
    book.cancel_rejected("8")
    book.process_fill("9", "y", 2, ONE, False, time=5, cloid="zz")
    book.register_pending("buy", ONE, 10, cloid="long gone")
    book.register_pending("sell", ONE, 0, cloid="stop", trigger=2, time_in_force="ioc")
    book.register_pending("sell", ONE, 2, cloid="child", parent="a", reduce_only=True)
    book.order_waits("stop", oid="20")
    book.order_waits("child")
    book.tick(19)
    return book


SAVED = eventful().to_json()


def paths(value: Any, at: tuple[Any, ...] = ()) -> Iterator[tuple[Any, ...]]:
    """Yield where every value stands, of objects and lists too."""
    if at:
        yield at
    if isinstance(value, (dict, list)):
        for key, one in value.items() if isinstance(value, dict) else enumerate(value):
            yield from paths(one, (*at, key))


PATHS = list(paths(SAVED))
OTHERS: list[Any] = [None, True, False, 0, 1, -1, -5, 1.0, 0.5, float("nan"), 10**400, 1 << 97]
OTHERS += ["", "0", "1", "2", "-1", "NaN", "sNaN", "Infinity", "1_0", " 1", "1e5", "\ud800"]
OTHERS += ["int", "str", "OVER", "ABSENT", "PENDING", "a", "x", [], {}, [[]], ["1"], {"a": 1}]


def changed(path: tuple[Any, ...], change: Callable[[Any, Any], None]) -> Any:
    data = copy.deepcopy(SAVED)
    inner = data
    for key in path[:-1]:
        inner = inner[key]
    change(inner, path[-1])
    return data


def set_to(value: Any) -> Callable[[Any, Any], None]:
    return lambda inner, key: inner.__setitem__(key, value)


def believed(data: Any) -> bool:
    """Return whether a saved book is read; it is then what was saved, whatever that says."""
    given_data = json.dumps(data)
    try:
        book = UnifiedOrderBook.from_json(data)
    except ValueError as error:
        words = str(error)
    else:
        words = ""
    if words:
        assert words.startswith(("the saved book is damaged: ", "not a saved book of version 3"))
        return False
    assert json.dumps(book.to_json()) == given_data
    strictly(book)
    return True


def strictly(book: UnifiedOrderBook) -> None:
    """Save a book as strict JSON in UTF-8, which reads back as the same."""
    saved = book.to_json()
    text = json.dumps(saved, allow_nan=False, ensure_ascii=False).encode()
    again = UnifiedOrderBook.from_json(json.loads(text))
    assert again == book
    assert again.to_json() == saved


def test_the_book_has_something_of_everything() -> None:
    assert believed(SAVED)
    for name, value in SAVED.items():
        assert value not in ([], None) or name in ("greatest", "missing"), name


@settings(max_examples=600)
@given(st.sampled_from(PATHS), st.sampled_from(OTHERS))
def test_another_value_anywhere_is_refused_or_meant(path: tuple[Any, ...], value: Any) -> None:
    believed(changed(path, set_to(value)))


@settings(max_examples=300)
@given(st.lists(st.tuples(st.sampled_from(PATHS), st.sampled_from(PATHS)), min_size=1, max_size=3))
def test_values_in_the_places_of_others_are_refused_or_meant(
    swaps: list[tuple[tuple[Any, ...], tuple[Any, ...]]],
) -> None:
    data = SAVED
    for path, other in swaps:
        value = SAVED
        for key in other:
            value = value[key]
        try:
            data = changed(path, set_to(copy.deepcopy(value)))
        except (KeyError, IndexError, TypeError):
            continue
    believed(data)


@pytest.mark.parametrize("path", [path for path in PATHS if isinstance(path[-1], str)])
def test_a_field_that_is_missing_or_unknown_is_named(path: tuple[Any, ...]) -> None:
    without = changed(path, lambda inner, key: inner.pop(key))
    added = changed((*path[:-1], "more"), set_to(1))
    for data, name in ((without, path[-1]), (added, "more")):
        with pytest.raises(ValueError, match=rf"saved book.*({name}|None)"):
            UnifiedOrderBook.from_json(data)


def of_order(cloid: str) -> tuple[str, int]:
    return "orders", [legs[0]["cloid"] for legs in SAVED["orders"]].index(cloid)


A, B, C, D = (of_order(cloid) for cloid in "abcd")
STOP = of_order("stop")
WRONG: list[tuple[tuple[Any, ...], Any, str]] = [
    (("position",), "NaN", "position must be a finite number in its plain form, not 'NaN'"),
    (("position",), 5, "position must be a number as text, not 5"),
    (("position",), "5.", "position must be a finite number in its plain form"),
    (("position",), "lots", "position must be a number as text"),
    (("now",), -5, "now must be an int that is not negative, not -5"),
    (("now",), "20", "now must be an int that is not negative, not '20'"),
    (("now",), 1, r"early\[0\].at is 3, after now \(1\)"),
    (("version",), True, "not a saved book of version 3: found True"),
    (("timed",), 1, "timed must be true or false, not 1"),
    (("timed",), False, r"fills\[0\] has a venue time where others have none"),
    (("oid_kind",), "int", r"fills\[0\], its oid, is '2', and the kind of such ids is int"),
    (("tid_kind",), None, r"fills\[0\], its tid, is 'x2', and the kind of such ids is none"),
    (("tid_kind",), "float", "tid_kind must be int, str or null, not 'float'"),
    (("floor",), -7, "floor must be a venue time"),
    (("dropped",), -1, "dropped must be an int that is not negative"),
    (("config", "max_tracked_tids"), 0, "max_tracked_tids must be at least 1"),
    (("config", "max_tracked_tids"), 1, "fills are above 1"),
    (("config", "max_events"), 1, "events are above 1"),
    (("config", "scope"), 5, "scope must be a text"),
    (("fills", 0), ["2", "x"], r"fills\[0\] must be a list of 4, not \['2', 'x'\]"),
    (("fills", 0, 0), "4", r"fills\[0\], its venue time, must be an int"),
    (("fills", 0, 3), "Infinity", r"fills\[0\] must be a finite number"),
    (("fills", 1), SAVED["fills"][0], r"fills\[1\] was there before"),
    (("early", 0, 1, "size"), "-3", r"early\[0\].size must be above zero, not -3"),
    (("early", 0, 1, "at"), 21, r"early\[0\].at is 21, after now \(20\)"),
    (("early", 0, 1, "is_buy"), "no", r"early\[0\].is_buy must be true or false, not 'no'"),
    ((*A, 0, "oid"), 1, r"orders\[0\]\[0\].oid is 1, and the kind of such ids is str"),
    ((*A, 0, "oid"), True, r"orders\[0\]\[0\].oid must be an int or a text, not True"),
    ((*A, 0, "oid"), "2", "an oid is there twice|as open and is not"),
    ((*A, 0, "oid"), None, r"orders\[0\]\[0\].oid is none, but PARTIALLY_FILLED"),
    ((*A, 0, "cloid"), "z", r"orders\[0\]\[1\].cloid is another"),
    ((*B, 0, "cloid"), "a", "must be the legs of a cloid that no other order has"),
    ((*B, 0, "cloid"), "", "cloid is empty"),
    ((*B, 0, "buy"), "yes", r"\[0\].buy must be true or false, not 'yes'"),
    ((*B, 0, "size"), "-10", r"\[0\].size must be above zero, not -10"),
    ((*B, 0, "size"), "0", r"\[0\].size must be above zero"),
    ((*B, 0, "maker"), "-1", r"\[0\].maker must not be negative, not -1"),
    ((*B, 0, "state"), "OPEN", r"\[0\].state must be among ABSENT, PENDING, .*, not 'OPEN'"),
    ((*B, 0, "state"), "RESTING", r"\[0\].closed_at is not that of RESTING"),
    ((*B, 0, "closed_at"), 21, r"\[0\].closed_at is 21, after now \(20\)"),
    ((*B, 0, "cancel_at"), None, r"\[0\].cancel_at is none"),
    ((*B, 0, "request_at"), "1", r"\[0\].request_at must be an int"),
    ((*B, 0, "reason"), 5, r"\[0\].reason must be a text, not 5"),
    ((*B, 0, "reason"), "\ud800", "half a character"),
    ((*B, 0, "number"), 99, r"\[0\].number must be from 1 to 2, not 99"),
    ((*B, 0, "number"), 0, r"\[0\].number must be from 1 to 2, not 0"),
    ((*B, 0, "above"), 3, r"\[0\].above is told of ascending oids alone"),
    (("past", 0, 0), 5, r"past\[0\] is 5, and the kind of such ids is str"),
    (("past", 0, 0), "1", r"past\[0\] is that of an order"),
    (("past",), [["8", "c"], ["8", "c"]], r"past\[1\] is there twice"),
    (("config", "max_forgotten_oids"), 0, "max_forgotten_oids must be at least 1"),
    (("cloids", 0, 1), "SOME", r"cloids\[0\] must say NOTHING, REFUSAL, BEGUN, ORDER, not 'SOME'"),
    (("follows", 0, 0), "nobody", r"follows\[0\] is of no order"),
    (("follows",), [["long gone", "ORDER"]] * 2, "follows must have each cloid once"),
    (("numbered",), 0, r"early\[0\].number is above 0"),
    (("greatest",), 5, "greatest is told of ascending oids alone"),
    (("seed",), 1 << 64, r"seed must be less than 2\*\*64"),
    (("made",), 1, "made counts what is made by chance"),
    (("config", "cloid_seed"), 5, "seed is drawn, and another is configured"),
    (("config", "fill_identity"), "tid", r"fill_identity must be one of time\+tid\+oid"),
    (("as_told",), [], "as_told must be a list of 3"),
    (("as_told", 0, 1), "yes", r"fills\[0\] must be true or false"),
    (("as_told", 2, 4), ["size", "size"], "the fill 'z' must be told otherwise in cloid"),
    (("fills", 0, 3), "0", r"fills\[0\] moved nothing"),
    ((*C, 0, "refused_oid"), "", "oid is '': no venue has"),
    ((*A, 0, "state"), "FILLED", r"\[0\].(state|closed_at) is"),
    ((*B, 0, "maker"), "1", r"\[0\].state is FILLED_DURING_CANCEL, and what has filled makes it"),
    ((*B, 0, "cancel"), "NEVER", r"\[0\].state is .*, and what has filled makes it FILLED"),
    ((*D, 0, "oid"), "99", r"\[0\].oid is that of a PENDING order"),
    (B, [], "must be the legs of a cloid"),
    (("live",), [], "live has not every order that is open"),
    (("live",), ["1", "1"], "live has an order twice"),
    (("live",), ["1", "2"], "order '2' is listed as open and is not"),
    (("live",), [["1"]], "live must be an int or a text"),
    (("pending",), ["c"], "order 'c' is listed as pending and is not"),
    (("pending",), [], "pending has not every order that is pending"),
    (("waiting",), ["stop"], "waiting has not every order that is waiting"),
    (("waiting",), ["stop", "a"], "order 'a' is listed as waiting and is not"),
    ((*STOP, 0, "wait"), "NEVER", r"\[0\].wait never, but WAITING"),
    ((*STOP, 0, "wait"), "no", r"\[0\].wait must be among NEVER, MAY, OVER, not 'no'"),
    ((*STOP, 0, "open_since"), None, r"\[0\].open_since none, but WAITING"),
    ((*STOP, 0, "time_in_force"), "ioc", r"\[0\].time_in_force must be among GTC, IOC, ALO"),
    ((*STOP, 0, "trigger"), "-2", r"\[0\].trigger must not be negative, not -2"),
    ((*STOP, 0, "follows"), False, r"\[0\].size must be above zero, not 0"),
    ((*STOP, 0, "maker"), "1", r"\[0\].state is WAITING, and what has filled makes it"),
    (("orphans", 0, "oid"), "1", r"orphans\[0\].oid is that of an order"),
    (("orphans", 1, "oid"), "7", r"orphans\[1\].oid is there twice"),
    (("orphans", 1, "oid"), 8, r"orphans\[1\].oid is 8, and the kind"),
    (("orphans", 1, "size"), "-1", r"orphans\[1\].size must not be negative"),
    (("orphans", 1, "since"), 30, r"orphans\[1\] is after now"),
    (("events", 0), ["Nothing", {}], r"events\[0\] must be among DirectCreation"),
    (("events", 0), ["Conflict", {"reason": 5, "cloid": None, "oid": None}], "reason must be a te"),
]


@pytest.mark.parametrize(("path", "value", "words"), WRONG)
def test_what_is_wrong_is_named(path: tuple[Any, ...], value: Any, words: str) -> None:
    with pytest.raises(ValueError, match=words) as raised:
        UnifiedOrderBook.from_json(changed(path, set_to(value)))
    if path != ("version",):
        assert str(raised.value).startswith("the saved book is damaged: ")


SUMS = ("position", "size", "price", "maker", "answered", "stated", "ended", "trigger")
NUMBERS = [path for path in PATHS if path[-1] in SUMS]


@pytest.mark.parametrize("path", NUMBERS)
@pytest.mark.parametrize("value", ["1E+999999", "1E-999999", "1E+151", "1." + "0" * 150 + "1"])
def test_a_number_that_no_sum_comes_to_is_refused(path: tuple[Any, ...], value: str) -> None:
    with pytest.raises(ValueError, match=rf"{path[-1]} must lie within 1E-150 and 1E\+150"):
        UnifiedOrderBook.from_json(changed(path, set_to(value)))


def test_sums_of_the_largest_numbers_are_read_back() -> None:
    book = UnifiedOrderBook()
    most, least = Decimal(10) ** 50, Decimal("1." + "0" * 98 + "1E-50")
    for number, size in enumerate((most, most, least), 1):
        book.process_fill(number, number, size, 1, True, time=number, now=number)
    strictly(book)


def test_an_order_that_is_filled_by_less_than_its_size_is_refused() -> None:
    book = UnifiedOrderBook()
    book.register_pending("buy", ONE, 4, cloid="c", now=1)
    book.finalize_order("c", 7, 0, "buy", ONE, filled_size=4, now=2)
    data = book.to_json()
    data["orders"][0][0]["answered"] = "1"
    with pytest.raises(ValueError, match="state is FILLED, and what has filled makes it PARTIALL"):
        UnifiedOrderBook.from_json(data)


def nested(depth: int) -> list[Any]:
    deep: list[Any] = []
    for _ in range(depth):
        deep = [deep]
    return deep


@pytest.mark.parametrize("path", [("version",), ("position",), ("orders", 0), ("events", 0)])
def test_what_is_nested_too_deep_is_refused(path: tuple[Any, ...]) -> None:
    with pytest.raises(ValueError, match="saved book"):
        UnifiedOrderBook.from_json(changed(path, set_to(nested(100_000))))


@pytest.mark.parametrize("data", [None, [], "", "{}", 5, b"{}", [SAVED], json.dumps(SAVED)])
def test_what_is_no_object_is_no_book(data: Any) -> None:
    with pytest.raises(ValueError, match="not a saved book of version 3: found"):
        UnifiedOrderBook.from_json(data)


texts = st.text(
    st.characters(codec=None, categories=("L", "N", "P", "S", "Z", "C", "Cs")), max_size=9
)


@settings(max_examples=150)
@given(texts, texts, texts, st.integers(), st.decimals())
def test_whatever_was_told_is_saved_as_strict_json(
    cloid: str, oid: str, reason: str, tid: int, size: Decimal
) -> None:
    """What cannot be written down was refused, but for the words of a reason."""
    book = UnifiedOrderBook(BookConfig())
    tells: list[Callable[[], Any]] = [
        lambda: book.register_pending("buy", size, size, cloid=cloid, now=1),
        lambda: book.finalize_order(cloid, oid, size, "buy", size),
        lambda: book.process_fill(oid, tid, size, size, True, cloid=cloid, time=1),
        lambda: book.process_fill("o", reason, size, size, True, cloid=reason, time=1),
        lambda: book.order_rejected(cloid, reason),
        lambda: book.order_status(oid, "cancelled", cloid=cloid, reason=reason, filled=size),
        lambda: book.reconcile([oid, reason]),
        lambda: book.position_reported(size),
    ]
    for tell in tells:
        with suppress(TypeError, ValueError):
            tell()
        strictly(book)


class Mute:
    """What cannot say what it is."""

    def __str__(self) -> str:
        raise OSError


def test_a_reason_is_a_text_everywhere() -> None:
    """No refusal, answer or status is lost to the form of what is said beside it."""
    tells: list[Callable[[UnifiedOrderBook, Any], Any]] = [
        lambda b, reason: b.order_rejected("c", reason),
        lambda b, reason: b.order_unknown("c", reason),
        lambda b, reason: b.modify_failed("c", reason),
        lambda b, reason: b.modify_unknown("c", reason),
        lambda b, reason: b.cancel_not_open("c", reason),
        lambda b, reason: b.cancel_rejected("c", reason),
        lambda b, reason: b.order_status(1, "cancelled", reason=reason),
    ]
    for number, tell in enumerate(tells):
        book = UnifiedOrderBook()
        book.register_pending("buy", 1, 1, cloid="c", now=1)
        before = book.to_json()
        for odd in (5, None, b"no", ["no"], OSError("no"), float("nan"), Mute()):
            twin = UnifiedOrderBook.from_json(before)
            with suppress(ValueError):  # a status before the order is known
                tell(twin, odd)
            strictly(twin)
        tell(book, "half \ud83d of a crocodile \U0001f40a")
        strictly(book)
        order = book.get_order("c")
        assert order is not None
        if number < 4:
            assert order.reason == "half \ufffd of a crocodile \U0001f40a"
