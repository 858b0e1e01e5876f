"""Each promise of an audit is broken by a recording that breaks it, and by none that does not."""

import json
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from fills_told import Step, frame, line, told
from orders_told import CLOID, MARKETS, action, asks, order, place
from truebook.audit.auditor import Auditor
from truebook.audit.finding import Finding, Held, Kind
from truebook.audit.reading import read

FIRST = 1_700_000_000_000
LATE = 20_000
"""Milliseconds after which no answer is as old."""
FILLS = told([Step(3, 1, False), Step(2, 2, False)])


def findings(folder: Path, *lines: bytes, **options: Any) -> list[Finding]:
    path = folder / "run.jsonl"
    path.write_bytes(b"".join(lines))
    auditor = Auditor(**options)
    for seen in read(path, name=path.name):
        auditor.take(seen)
    auditor.finish()
    verdicts = {one.promise: one.held for one in auditor.verdicts()}
    for one in auditor.findings():
        assert verdicts.get(one.kind, Held.BROKEN) is Held.BROKEN
    return auditor.findings()


def kinds(found: list[Finding]) -> list[Kind]:
    return [one.kind for one in found]


def lost(number: int, what: dict[str, Any], *, at: int = 0) -> bytes:
    """Return a request of which nobody was told the answer."""
    asked, _ = action(number, what, "never", at=at).splitlines(keepends=True)
    end = {"time": FIRST + at, "way": "lost", "over": "http", "path": "/exchange", "id": number}
    return asked + line({**end, "body": None})


def listing(number: int, *oids: int, at: int, cloid: str | None = None) -> bytes:
    rows = [
        {
            "coin": "BTC",
            "side": "B",
            "limitPx": "100.0",
            "sz": "3",
            "oid": oid,
            "timestamp": FIRST,
            "origSz": "3",
            "cloid": cloid,
        }
        for oid in oids
    ]
    return asks(number, "/info", {"type": "openOrders", "user": "0x1"}, rows, at=at)


def unknown(number: int, name: int | str, *, at: int) -> bytes:
    asked = {"type": "orderStatus", "user": "0x1", "oid": name}
    return asks(number, "/info", asked, {"status": "unknownOid"}, at=at)


def test_a_request_of_which_nothing_tells_is_of_unknown_fate(tmp_path: Path) -> None:
    (found,) = findings(tmp_path, MARKETS, lost(2, place(CLOID)))
    assert (found.kind, found.place.line, found.breaks) == (Kind.FATE, 3, False)
    assert f"order {CLOID}: nothing tells" in found.words
    told_of = order(10, "open", left="3").replace(b'"oid"', f'"cloid":"{CLOID}","oid"'.encode())
    assert not findings(tmp_path, MARKETS, lost(2, place(CLOID)), told_of)


def test_what_words_say_has_filled_is_held_to_fills(tmp_path: Path) -> None:
    whole = (order(10, "open", left="3"), frame(FILLS[:1]), order(10, "filled", at=1))
    assert not findings(tmp_path, *whole)
    (found,) = findings(tmp_path, whole[0], frame([]), whole[2])
    assert (found.kind, found.place.line) == (Kind.MISSING, 3)
    assert "order 10 has filled 3" in found.words
    assert not findings(tmp_path, whole[0], whole[2]), "fills were not listened to"


@pytest.mark.parametrize("answer", ["a listing", "a status"])
def test_an_answer_that_lacks_what_is_open_before_and_after(tmp_path: Path, answer: str) -> None:
    def told_at(at: int) -> list[Kind]:
        lacks = listing(2, at=at) if answer == "a listing" else unknown(2, 10, at=at)
        return kinds(
            findings(
                tmp_path,
                order(10, "open", left="3"),
                lacks,
                order(10, "canceled", left="3", at=LATE + 1),
            )
        )

    assert Kind.ORDERS in told_at(LATE)
    assert not told_at(5_000), "it may be as old"
    assert Kind.ORDERS not in told_at(LATE + 2), "it was over by then"


def test_an_order_that_is_over_at_two_times(tmp_path: Path) -> None:
    told_of = [order(10, "open", left="3")] + 2 * [order(10, "canceled", left="3", at=5)]
    assert not findings(tmp_path, *told_of)
    found = findings(tmp_path, *told_of, order(10, "canceled", left="3", at=7))
    assert Kind.ORDERS in kinds(found)
    assert any("over at another" in one.words for one in found)


def slow(answered: int) -> tuple[bytes, bytes]:
    """Return a request, and its answer that comes later."""
    resting = {"resting": {"oid": 10, "cloid": CLOID}}
    asked, answer = action(2, place(CLOID), resting).splitlines(keepends=True)
    late = json.loads(answer) | {"time": FIRST + answered}
    return asked, line(late)


def test_an_order_of_its_own_that_it_cancels_as_unknown(tmp_path: Path) -> None:
    asked, answer = slow(900)
    cancel = {"type": "cancel", "cancels": [{"a": 0, "o": 10}]}
    cancelled = action(4, cancel, "success", at=500)
    listed = listing(3, 10, at=300, cloid=CLOID)
    found = findings(tmp_path, MARKETS, asked, listed, cancelled, answer)
    assert kinds(found) == [Kind.STRANGER]
    assert found[0].place.line == 6
    known = findings(tmp_path, MARKETS, asked, answer, listed, cancelled)
    assert not known, "its answer named it"
    unlisted = findings(tmp_path, MARKETS, asked, cancelled, answer)
    assert Kind.STRANGER not in kinds(unlisted)


def test_what_is_left_open_by_who_has_ended(tmp_path: Path) -> None:
    rests = (MARKETS, order(10, "open", left="3"))
    assert not findings(tmp_path, *rests)
    assert kinds(findings(tmp_path, *rests, ended=True)) == [Kind.FATE], "nobody tells that it is"
    shown = findings(tmp_path, *rests, listing(2, 10, at=100), ended=True)
    assert kinds(shown) == [Kind.LEFT]
    over = findings(tmp_path, *rests, order(10, "canceled", left="3", at=5), ended=True)
    assert not over


def test_what_it_may_come_to_hold_is_held_to_its_limit(tmp_path: Path) -> None:
    opened = [order(oid, "open", left="3", at=oid) for oid in (10, 11)]
    over = [order(oid, "canceled", left="3", at=oid + 20) for oid in (10, 11)]
    (last,) = told([Step(1, 3, False)])
    fills = frame([last | {"oid": 12, "time": FIRST + 90}])
    lines = (*opened, *over, fills)
    assert not findings(tmp_path, *lines)
    (found,) = findings(tmp_path, *lines, limit=Decimal(5))
    assert (found.kind, found.place.line) == (Kind.LIMIT, 2)
    assert "hold 6 " in found.words
    assert not findings(tmp_path, *lines, limit=Decimal(6))
    apart = (opened[0], over[0], order(11, "open", left="3", at=40), over[1], fills)
    assert not findings(tmp_path, *apart, limit=Decimal(5)), "never both at once"


def test_fills_that_are_asked_for_end_an_order_too(tmp_path: Path) -> None:
    sent = action(2, place(CLOID), {"resting": {"oid": 10, "cloid": CLOID}})
    told_of = asks(3, "/info", {"type": "userFills", "user": "0x1"}, FILLS[:1], at=5)
    heard = (MARKETS, sent, order(10, "open", left="3"))
    assert kinds(findings(tmp_path, *heard, ended=True)) == [Kind.FATE]
    assert not findings(tmp_path, *heard, told_of, ended=True)
