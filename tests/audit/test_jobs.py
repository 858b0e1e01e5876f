"""An audit that is shared out among processes says what one process says, to the byte."""

import json
from collections import Counter
from collections.abc import Sequence
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import pytest
from hypothesis import event, given
from hypothesis import strategies as st

from audited import said
from fills_told import USER, frame, line, steps, told
from lives_told import streams
from recorded import FOLDER, needed
from truebook.audit.auditor import Auditor
from truebook.audit.jobs import Task, fold, joined, shares
from truebook.audit.ledger import BooksNeededError
from truebook.audit.reading import NotApartError, read
from truebook.audit.share import Share

COINS = ("BTC", "ETH", "xyz:GOLD", "kPEPE", "PURR/USDC", "LONGNAMED", "EVENLONGER")
OTHER = "0x" + "cd" * 20
TABLE = (
    b"time,coin,dir,px,sz\n"
    b"13/12/2025 - 10:00:00,BTC,Buy,1,2\n"
    b"13/12/2025 - 10:00:01,HYPE (hyna),Open Long,1,2\n"
    b"nonsense\n"
)
ODD = (
    b"nonsense",
    b"",
    b"\0\0",
    b"{}",
    b"[]",
    b'{"coin":"BTC"}',
    b'{"coin":"BTC","px":"1","coin":"ETH"}',
    b'{"coin":"ETH","channel":"post","data":{}}',
    b'{"coin":"\\u0042TC","px":"1"}',
    b'{"coin":"\xff"}',
    b'{"channel":"userFills","data":{"fills":[],"user":"' + OTHER.encode() + b'"}}',
    b'{"channel":"userFills","data":{"user":"' + USER.upper().encode() + b'","fills":[]}}',
    b'{"channel":"subscriptionResponse","data":{"subscription":{"user":"0x1"}}}',
    b'{"channel":"userFills","data":{"fills":[{"coin":"ETH"}],"user":"' + OTHER.encode() + b'"}}',
    b'{"channel":"orderUpdates","data":[{"order":{"coin":"ETH"},"status":"open"}]}',
    b'{"channel":"trades","data":[{"coin":"ETH"}]}',
    b'{"way":"in","over":"http","path":"/info","id":1,"body":{"type":"l2Book","coin":"BTC"}}',
)


def of_coin(one: dict[str, Any], coin: str) -> dict[str, Any]:
    """Return a frame of another market."""
    return json.loads(json.dumps(one).replace('"BTC"', json.dumps(coin)))  # type: ignore[no-any-return]


@st.composite
def files(draw: st.DrawFn) -> bytes:
    """Draw lines of several markets, mixed: fills, frames, snapshots, and what is odd."""
    queues: list[list[bytes]] = []
    for coin in draw(st.lists(st.sampled_from(COINS), min_size=1, max_size=4, unique=True)):
        kind = draw(st.sampled_from(("fills", "frames", "recorded", "stream", "stream")))
        fills = told(draw(steps), coin=coin)
        separators = draw(st.sampled_from(((",", ":"), (", ", ": "))))

        def written(one: object, separators: tuple[str, str] = separators) -> bytes:
            return json.dumps(one, separators=separators).encode() + b"\n"

        if kind == "fills":
            queues.append([written(fill) for fill in fills])
        elif kind == "stream":
            queues.append([written(of_coin(one, coin)) for one in draw(streams())])
        else:
            frames = [json.loads(frame([fill])) for fill in fills]
            if kind == "recorded":
                common = {"time": 1_700_000_000_000, "way": "out", "over": "ws"}
                frames = [{**common, "body": one} for one in frames]
            queues.append([written(one) for one in frames])
    lines: list[bytes] = []
    while queues:
        queue = draw(st.sampled_from(queues))
        lines += queue[: draw(st.integers(1, 8))]
        del queue[: draw(st.integers(1, 8))]
        queues = [one for one in queues if one]
        if draw(st.integers(0, 7)) == 0:
            lines.append(draw(st.sampled_from(ODD)) + b"\n")
        if draw(st.integers(0, 7)) == 0:
            several = [fill for coin in COINS[:3] for fill in told(draw(steps), coin=coin)[:2]]
            lines.append(frame(several, snapshot=True))
    return b"".join(lines)


def whole(paths: Sequence[Path]) -> str:
    auditor = Auditor(books=False)
    for path in paths:
        for seen in read(path):
            auditor.take(seen)
    auditor.finish()
    return said(auditor)


def shared(paths: Sequence[Path], some: Sequence[Share]) -> str:
    parts = [fold(Task(paths, None, share), lambda *words: None) for share in some]
    auditor = joined(parts[::-1])
    auditor.finish()
    return said(auditor)


def compared(paths: Sequence[Path], some: Sequence[Share]) -> str:
    """Hold shares to one process; return what came of it."""
    try:
        one = whole(paths)
    except BooksNeededError:
        with pytest.raises((BooksNeededError, NotApartError)):
            shared(paths, some)
        return "books are needed"
    try:
        assert shared(paths, some) == one
    except NotApartError as error:
        return str(error)
    return "shared"


@given(st.lists(files(), min_size=1, max_size=3), st.integers(2, 4), st.data())
def test_shares_come_to_the_same(contents: list[bytes], of: int, data: st.DataObject) -> None:
    known = {coin: data.draw(st.integers(0, of - 1)) for coin in COINS[:5]}
    with TemporaryDirectory() as folder:
        paths = []
        for number, content in enumerate((*contents, TABLE)):
            paths.append(Path(folder) / f"{number}")
            paths[-1].write_bytes(content)
        event(compared(paths, [Share(number, of, known) for number in range(of)]))


def test_most_of_what_is_drawn_is_shared() -> None:
    """So that the test above compares something."""
    came: Counter[str] = Counter()

    @given(files(), st.integers(2, 3))
    def run(content: bytes, of: int) -> None:
        with TemporaryDirectory() as folder:
            path = Path(folder) / "f"
            path.write_bytes(content)
            came[compared([path], [Share(number, of) for number in range(of)])] += 1

    run()
    assert came["shared"] > sum(came.values()) / 4, came


@needed
@pytest.mark.parametrize("of", [2, 3])
def test_of_real_recordings_too(of: int) -> None:
    paths = sorted(path for path in Path(FOLDER).iterdir() if path.suffix != ".md")
    for path in paths:
        compared([path], [Share(number, of) for number in range(of)])
    compared(paths, [Share(number, of) for number in range(of)])


def test_each_share_has_about_as_much_to_read(tmp_path: Path) -> None:
    path = tmp_path / "f"
    fills = [fill for coin, n in (("A", 9), ("B", 5), ("C", 4)) for fill in told_of(coin, n)]
    path.write_bytes(b"".join(map(line, fills)))
    some = shares([path], 8)
    assert [share.of for share in some] == [3, 3, 3]
    first, second = shares([path], 2)
    assert [first.has(coin) for coin in "ABC"] == [True, False, False]
    assert [second.has(coin) for coin in "ABC"] == [False, True, True]
    assert first.has("unheard of") is not second.has("unheard of")


def told_of(coin: str, count: int) -> list[dict[str, Any]]:
    from fills_told import Step

    return told([Step(1, 1, False)] * count, coin=coin)


def test_what_no_other_process_reads_is_held_to_what_it_looks_like(tmp_path: Path) -> None:
    path = tmp_path / "f"
    fills = [json.dumps(fill, separators=(",", ":")).encode() + b"\n" for fill in told_of("A", 3)]
    fills[2] = fills[2].replace(b'"px"', b'"c\\u006fin":"B","px"')
    path.write_bytes(b"".join(fills))
    with pytest.raises(NotApartError):
        shared([path], [Share(number, 2, {"A": 0, "B": 1}) for number in range(2)])


def filled_unseen(coin: str) -> bytes:
    """Return the words of an order that fills, and none of its fills."""
    order = {"coin": coin, "side": "B", "limitPx": "100.0", "oid": 7, "origSz": "1.0"}
    times = {"timestamp": 1_700_000_000_000}
    words = [
        {"order": {**order, **times, "sz": left}, "status": status, "statusTimestamp": time}
        for left, status, time in (
            ("1.0", "open", 1_700_000_000_000),
            ("0.0", "filled", 1_700_000_000_001),
        )
    ]
    frames = ({"channel": "orderUpdates", "data": [one]} for one in words)
    return b"".join(json.dumps(one).encode() + b"\n" for one in frames)


@pytest.mark.parametrize("beside", ["a line a fill", "frames"])
def test_what_one_share_is_told_counts_for_what_all_of_them_say(
    tmp_path: Path, beside: str
) -> None:
    path, fills = tmp_path / "f", told_of("ETH", 2)
    more = b"".join(line(fill) for fill in fills) if beside == "a line a fill" else frame(fills)
    path.write_bytes(filled_unseen("BTC") + more)
    some = [Share(number, 2, {"BTC": 0, "ETH": 1}) for number in (0, 1)]
    assert compared([path], some) == "shared"
    assert ("order 7 has filled 1" in whole([path])) == (beside == "frames")
