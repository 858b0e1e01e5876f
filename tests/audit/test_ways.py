"""The fast ways say what the slow way says: the same findings, the same summary, to the byte."""

from collections.abc import Callable, Iterator
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import attrs
import pytest
from hypothesis import event, given
from hypothesis import strategies as st

from audited import said, slowly
from fills_told import Step, frame, line, steps, told
from lives_told import lines_of, ordinary, streams, together
from truebook.audit.auditor import Auditor
from truebook.audit.ledger import BooksNeededError, Lives, identities, remembered
from truebook.audit.ledger import fills as ledger
from truebook.audit.reading import read
from truebook.audit.seen import FillLines, Frames, Seen

Fill = dict[str, Any]

changes = st.one_of(
    st.tuples(st.just("sz"), st.sampled_from(("0", "-1", "NaN", "x", "1e400", "7", None, 7))),
    st.tuples(st.just("sz"), st.sampled_from(("1.000000000000000000", "1e-20", " 1", "1_0"))),
    st.tuples(st.just("px"), st.sampled_from(("inf", "", "0", "-5.0", "0x1", "100", 3))),
    st.tuples(st.just("startPosition"), st.sampled_from(("NaN", "x", "5", "-0", "0E+3", None))),
    st.tuples(st.just("fee"), st.sampled_from(("x", "NaN", None))),
    st.tuples(st.just("side"), st.sampled_from(("A", "B", "C"))),
    st.tuples(st.just("time"), st.sampled_from((1_700_000_000_000, 1.5, "soon", -1))),
    st.tuples(st.just("tid"), st.sampled_from((None, 0, 7_000_001, -1, 1 << 70))),
    st.tuples(st.just("coin"), st.sampled_from(("ETH", "xyz:GOLD", "@1", 5))),
    st.tuples(st.just("hash"), st.just("0x0")),
)
odd_lines = st.sampled_from(
    (b"nonsense\n", b"\n", b"\0 \n", b"{}\n", b'{"coin":1}\n', b'{"coin":"BTC"\n', b"[]\n")
)


@st.composite
def files(draw: st.DrawFn) -> bytes:
    """Draw lines that are a fill each: some twice, out of order, otherwise, missing, damaged."""
    fills = told(draw(steps), start=draw(st.integers(-2, 2)))
    fills += told(draw(steps), coin="ETH") if draw(st.booleans()) else []
    lines: list[bytes] = []
    for fill in _moved(draw, fills):
        odd = draw(st.none() | st.none() | st.none() | changes)
        lines.append(line(fill if odd is None else fill | dict((odd,))))
        if draw(st.integers(0, 15)) == 0:
            lines.append(draw(odd_lines))
    end = draw(st.sampled_from((b"\n", b"\r\n")))
    return b"".join(lines).replace(b"\n", end)


def _moved(draw: st.DrawFn, fills: list[Fill]) -> list[Fill]:
    for _ in range(draw(st.integers(0, 3))):
        first = draw(st.integers(0, len(fills) - 1))
        some = fills[first : first + draw(st.integers(1, 6))]
        how = draw(st.sampled_from(("twice", "away", "late")))
        left = fills if how == "twice" else fills[:first] + fills[first + len(some) :]
        at = draw(st.integers(0, len(left)))
        fills = left if how == "away" else left[:at] + some + left[at:]
        fills = fills or some
    return fills


def both(*contents: bytes) -> tuple[str, str]:
    """Return what an audit of files says, in the fast way and in the slow one."""
    fast, slow = Auditor(books=False), Auditor()
    with TemporaryDirectory() as folder:
        for number, content in enumerate(contents):
            path = Path(folder) / f"{number}.jsonl"
            path.write_bytes(content)
            for seen in read(path, name=path.name):
                fast.take(seen)
            for seen in read(path, name=path.name):
                for one in slowly(seen):
                    slow.take(one)
    fast.finish()
    slow.finish()
    return said(fast), said(slow)


@given(files(), files())
def test_lines_of_fills_come_to_the_same(one: bytes, other: bytes) -> None:
    fast, slow = both(one, other)
    assert fast == slow


@given(files(), files())
def test_so_they_do_where_few_are_kept(one: bytes, other: bytes) -> None:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(identities, "RECENT", 5)
        patch.setattr(ledger, "LONG", 4)
        fast, slow = both(one, other)
    assert fast == slow


@given(streams(), st.booleans())
def test_orders_that_no_book_is_told_of_come_to_the_same(
    frames: list[dict[str, Any]], again: bool
) -> None:
    content = lines_of(frames)
    try:
        fast, slow = both(content, *([content] if again else []))
    except BooksNeededError:
        event("books are needed")
        return
    assert fast == slow


def test_what_goes_on_is_taken_at_once() -> None:
    fills = told([Step(1, 1, False)] * 50)
    auditor = Auditor()
    with TemporaryDirectory() as folder:
        path = Path(folder) / "fills.jsonl"
        path.write_bytes(b"".join(map(line, fills)))
        (seen,) = read(path)
    assert isinstance(seen, FillLines)
    auditor.take(seen)
    (account,) = auditor.accounts.values()
    assert len(account.fills["BTC"].chain.tail) == 49


def test_orders_that_go_their_ordinary_way_make_no_book() -> None:
    auditor = Auditor(books=False)
    with TemporaryDirectory() as folder:
        path = Path(folder) / "stream.jsonl"
        path.write_bytes(lines_of(ordinary(40)))
        for seen in read(path):
            auditor.take(seen)
    auditor.finish()
    (account,) = auditor.accounts.values()
    assert isinstance(account.orders, Lives)
    assert account.orders.ordinary == account.orders.seen == 40
    assert not auditor.findings()


def test_frames_of_several_and_fills_told_again_are_not_read_again() -> None:
    told = ordinary(40)
    frames: list[Fill] = []
    for one, other in zip(told[::2], told[1::2], strict=True):
        frames += [together(one, other)] if one["channel"] == other["channel"] else [one, other]
    frames = [twin for frame in frames for twin in _twins(frame)]
    auditor = Auditor(books=False)
    with TemporaryDirectory() as folder:
        path = Path(folder) / "stream.jsonl"
        path.write_bytes(lines_of(frames))
        (seen,) = read(path)
    assert isinstance(seen, Frames)
    auditor.take(attrs.evolve(seen, again=_only_the_first(seen)))
    auditor.finish()
    (account,) = auditor.accounts.values()
    assert (account.fills["BTC"].count, account.fills["BTC"].again) == (120, 120)
    assert isinstance(account.orders, Lives)
    assert account.orders.ordinary == account.orders.seen == 40
    assert not auditor.findings()


def _twins(frame: Fill) -> list[Fill]:
    """Return a frame, of fills also as the other stream tells them."""
    if frame["channel"] != "userFills":
        return [frame]
    return [frame, {"channel": "user", "data": {"fills": frame["data"]["fills"]}}]


def _only_the_first(seen: Frames) -> Callable[[int], Iterator[Seen]]:
    """Return what reads a frame again; the first of each kind alone, as nothing is before it."""

    def again(at: int) -> Iterator[Seen]:
        assert at < 5
        return seen.again(at)

    return again


@given(streams(), st.sampled_from((0, 1, 1 << 60)))
def test_when_what_is_over_is_let_go_of_changes_nothing(
    frames: list[dict[str, Any]], often: int
) -> None:
    content = lines_of(frames)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(remembered, "OFTEN", often)
        try:
            fast, slow = both(content)
        except BooksNeededError:
            event("books are needed")
            return
    assert fast == slow


@given(streams())
def test_what_is_recorded_both_ways_comes_to_the_same(frames: list[dict[str, Any]]) -> None:
    bare = [{"time": 1_700_000_000_000, **frame} for frame in frames]
    wrapped = [
        {"time": 1_700_000_000_000, "way": "out", "over": "ws", "body": frame} for frame in frames
    ]
    one, other = Auditor(), Auditor()
    with TemporaryDirectory() as folder:
        for auditor, told in ((one, bare), (other, wrapped)):
            path = Path(folder) / "stream.jsonl"
            path.write_bytes(lines_of(told))
            for seen in read(path, name=path.name):
                auditor.take(seen)
            auditor.finish()
    assert said(one) == said(other)


@pytest.mark.parametrize("of", [line, lambda fill: frame([fill])], ids=["lines", "frames"])
def test_two_in_one_line_and_a_line_of_none_are_damaged_in_both_ways(
    of: Callable[[Fill], bytes],
) -> None:
    *before, one, other, last = (of(fill) for fill in told([Step(1, 1, False)] * 12))
    fast, slow = both(b"".join(before) + one.rstrip(b"\n") + other + b"\n" + last)
    assert fast == slow
    assert '"unreadable"' in fast
