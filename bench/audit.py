"""How fast an audit is, beside bare decoding of the same file: `python bench/audit.py [LINES …]`.

Three kinds of files: a line for each fill, a mixed stream (frames of orders and fills as the venue
sends them), and a recording (requests and their answers, words and fills, now and then a listing).
Bare decoding reads each line into the whole type of the venue's message, as this package has it,
and keeps nothing; of a recording the line first, then what was said, each by its own type. Both
ways of reading are taken in turn, in one run, and the best of each counts: process time, on one
core. Memory is the largest of a process of its own. The load of the machine is printed beside them.

`python bench/audit.py --jobs [LINES …]` takes files of eight markets, and of one, and the whole
command with one job and with two, in turn, by the clock on the wall: on an idle machine alone.
"""

import json
import os
import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from functools import partial
from itertools import islice
from pathlib import Path
from typing import Any

import msgspec
from msgspec import Raw, Struct

from truebook.audit.auditor import Auditor
from truebook.audit.ledger import BooksNeededError
from truebook.audit.reading import read
from truebook.impl.venues.hyperliquid.actions import Signed
from truebook.impl.venues.hyperliquid.answers import Answer
from truebook.impl.venues.hyperliquid.fills import Fill
from truebook.impl.venues.hyperliquid.streams import Frame

Decode = Callable[[bytes], object]
ROUNDS = 3
USER = "0x" + "ab" * 20
BEGAN = 1_700_000_000_000
MARKETS = '{"universe":[{"name":"BTC","szDecimals":5,"maxLeverage":50}]}'
COINS = ("BTC", "ETH", "SOL", "HYPE", "DOGE", "kPEPE", "XRP", "xyz:GOLD")


def fill_of(number: int, position: int) -> tuple[str, int]:
    """Return a fill in the venue's own form, and the position behind it."""
    buys = (number * 7919) % 5 < 3 if position < 500 else False
    after = position + (1 if buys else -1)
    side = "B" if buys else "A"
    return (
        f'{{"coin":"BTC","px":"{60_000 + number % 977}.0","sz":"0.00001","side":"{side}",'
        f'"time":{1_700_000_000_000 + 37 * number},"startPosition":"{position / 100_000:.5f}",'
        f'"dir":"Open Long","closedPnl":"0.0","hash":"0x{number:064x}","oid":{1_000 + number // 3},'
        f'"crossed":false,"fee":"0.000829","tid":{350_000_000_000_000 + number},'
        '"cloid":"0x8f2b6c6cbf2f4ad3a1c6b6a9d6f3b6aa","feeToken":"USDC","twapId":null}'
    ), after


def fills(lines: int) -> Iterator[str]:
    """Yield a line for each fill."""
    position = 0
    for number in range(lines):
        text, position = fill_of(number, position)
        yield text


def mixed(lines: int) -> Iterator[str]:
    """Yield frames: an order that opens, three fills of it, and its end."""
    position, number, oid = 0, 0, 1_000
    for line in range(lines):
        step = line % 5
        if step in (0, 4):
            status, left = ("open", "0.00003") if step == 0 else ("filled", "0.0")
            stamp = 1_700_000_000_000 + 37 * number
            yield (
                f'{{"channel":"orderUpdates","data":[{{"order":{{"coin":"BTC","side":"B",'
                f'"limitPx":"60000.0","sz":"{left}","oid":{oid},"timestamp":{stamp},'
                f'"origSz":"0.00003"}},"status":"{status}","statusTimestamp":{stamp}}}]}}'
            )
            oid += step == 4
            continue
        text = (
            f'{{"coin":"BTC","px":"60000.0","sz":"0.00001","side":"B",'
            f'"time":{1_700_000_000_000 + 37 * number},"startPosition":"{position / 100_000:.5f}",'
            f'"dir":"Open Long","closedPnl":"0.0","hash":"0x{number:064x}","oid":{oid},'
            f'"crossed":false,"fee":"0.000829","tid":{350_000_000_000_000 + number},'
            '"feeToken":"USDC","twapId":null}'
        )
        position += 1
        number += 1
        yield f'{{"channel":"userFills","data":{{"user":"{USER}","fills":[{text}]}}}}'


def recorded(lines: int) -> Iterator[str]:
    """Yield a recording: orders that are sent, rest, and fill or are cancelled."""
    yield json.dumps({"time": BEGAN, "recording": 1})
    yield from _asks(BEGAN, 0, "/info", '{"type":"meta"}', MARKETS)
    told, order = 3, 0
    while told < lines:
        for line in islice(_order(order), lines - told):
            yield line
            told += 1
        order += 1


def _order(count: int) -> Iterator[str]:
    """Yield what is said of an order: three fills, or, of every second, one and a cancel."""
    at, oid, cloid, cancelled = BEGAN + 150 * count, 1_000 + count, f"0x{count:032x}", count % 2
    price, number = 60_000 + count % 977, 10 * count
    placed = (
        f'{{"type":"order","orders":[{{"a":0,"b":true,"p":"{price}","s":"0.00003","r":false,'
        f'"t":{{"limit":{{"tif":"Alo"}}}},"c":"{cloid}"}}],"grouping":"na"}}'
    )
    rests = f'{{"resting":{{"oid":{oid},"cloid":"{cloid}"}}}}'
    asked, answer = _asks(at, number + 1, "/exchange", _signed(placed), _done("order", rests))
    yield asked
    yield _word(oid, cloid, price, "open", "0.00003", at + 1)
    yield answer
    begins = 4 * (count // 2) + 3 * cancelled  # of two orders four fills
    for part in range(1 if cancelled else 3):
        fill = (
            f'{{"coin":"BTC","px":"{price}.0","sz":"0.00001","side":"B","time":{at + 10 + part},'
            f'"startPosition":"{(begins + part) / 100_000:.5f}","dir":"Open Long",'
            f'"closedPnl":"0.0","hash":"0x{begins + part:064x}","oid":{oid},"crossed":false,'
            f'"fee":"0.000829","tid":{350_000_000_000_000 + begins + part},"cloid":"{cloid}",'
            '"feeToken":"USDC","twapId":null}'
        )
        body = f'{{"channel":"userFills","data":{{"user":"{USER}","fills":[{fill}]}}}}'
        yield _line(at + 11 + part, "out", "ws", body)
    if cancelled:
        cancel = f'{{"type":"cancelByCloid","cancels":[{{"asset":0,"cloid":"{cloid}"}}]}}'
        done = _done("cancel", '"success"')
        asked, answer = _asks(at + 100, number + 2, "/exchange", _signed(cancel), done)
        yield asked
        yield _word(oid, cloid, price, "canceled", "0.00002", at + 101)
        yield answer
    else:
        yield _word(oid, cloid, price, "filled", "0.0", at + 101)
    if count % 20 == 0:
        question = f'{{"type":"frontendOpenOrders","user":"{USER}","dex":""}}'
        yield from _asks(at + 120, number + 3, "/info", question, "[]")


def _asks(at: int, number: int, path: str, body: str, answer: str) -> Iterator[str]:
    yield _line(at, "in", "http", body, path=path, id=number)
    yield _line(at + 2, "out", "http", answer, path=path, id=number, status=200)


def _line(at: int, way: str, over: str, body: str, **more: object) -> str:
    common = json.dumps({"time": at, "way": way, "over": over, **more})
    return f'{common[:-1]}, "body": {body}}}'


def _word(oid: int, cloid: str, price: int, status: str, left: str, at: int) -> str:
    body = (
        f'{{"channel":"orderUpdates","data":[{{"order":{{"coin":"BTC","side":"B",'
        f'"limitPx":"{price}.0","sz":"{left}","oid":{oid},"timestamp":{at},"origSz":"0.00003",'
        f'"cloid":"{cloid}"}},"status":"{status}","statusTimestamp":{at}}}]}}'
    )
    return _line(at, "out", "ws", body)


def _signed(action: str) -> str:
    signature = f'{{"r":"0x{1:064x}","s":"0x{2:064x}","v":27}}'
    return f'{{"action":{action},"nonce":{BEGAN},"signature":{signature}}}'


def _done(kind: str, item: str) -> str:
    return f'{{"status":"ok","response":{{"type":"{kind}","data":{{"statuses":[{item}]}}}}}}'


class Line(Struct, gc=False):
    """A line of a recording, and what was said in it as it came."""

    time: int
    way: str = ""
    over: str = ""
    path: str = ""
    id: int | None = None
    status: int | None = None
    recording: int | None = None
    body: Raw = Raw(b"null")


def line_by_line(of: Any) -> Decode:
    """Return what decodes a line that is a message by itself."""
    return msgspec.json.Decoder(of).decode


def of_recording() -> Decode:
    """Return what decodes a line of a recording, and what was said in it."""
    line = msgspec.json.Decoder(Line).decode
    kinds = {("ws", "", "out"): Frame, ("http", "/exchange", "in"): Signed}
    kinds |= {("http", "/exchange", "out"): Answer}
    bodies = {said: msgspec.json.Decoder(kind).decode for said, kind in kinds.items()}
    plain = msgspec.json.Decoder().decode

    def decode(raw: bytes) -> object:
        told = line(raw)
        return told, bodies.get((told.over, told.path, told.way), plain)(told.body)

    return decode


def decoded(path: Path, decode: Decode) -> float:
    """Return how long bare decoding takes, in seconds of this process."""
    began = time.process_time()
    with path.open("rb") as file:
        for line in file:
            decode(line)
    return time.process_time() - began


def audited(path: Path) -> float:
    """Return how long an audit takes."""
    began = time.process_time()
    try:
        auditor = _audit(Auditor(books=False), path)
    except BooksNeededError:  # as the command does
        auditor = _audit(Auditor(), path)
    assert not auditor.findings()
    return time.process_time() - began


def _audit(auditor: Auditor, path: Path) -> Auditor:
    for seen in read(path):
        auditor.take(seen)
    auditor.finish()
    return auditor


def many(make: Callable[[int], Iterator[str]], lines: int) -> Iterator[str]:
    """Yield lines of several markets in turn."""
    each = [make(lines // len(COINS)) for _ in COINS]
    for told in zip(*each, strict=True):
        for coin, line in zip(COINS, told, strict=True):
            yield line.replace('"coin":"BTC"', f'"coin":"{coin}"')


def by_the_clock(path: Path, jobs: int) -> float:
    """Return how long the command takes with so many jobs, in seconds on the wall."""
    program = "from truebook.cli import main; main()"
    began = time.monotonic()
    command = [sys.executable, "-c", program, "audit", "--jobs", str(jobs), str(path)]
    subprocess.run(command, capture_output=True, check=True)
    return time.monotonic() - began


def side_by_side(counts: Sequence[int]) -> None:
    """Print what two jobs gain."""
    print("kind     markets lines       1 job     2 jobs    gain")
    for kind, make in (("fills", fills), ("mixed", mixed)):
        for markets, made in ((len(COINS), partial(many, make)), (1, make)):
            for lines in counts:
                with written(made(lines)) as path:
                    both = [(by_the_clock(path, 1), by_the_clock(path, 2)) for _ in range(ROUNDS)]
                one, two = (min(column) for column in zip(*both, strict=True))
                times = f"{one:<7.2f} s {two:<7.2f} s {one / two:.2f}"
                print(f"{kind:8} {markets:<7} {lines:<11,} {times}")


@contextmanager
def written(lines: Iterable[str]) -> Iterator[Path]:
    """Lend a file of these lines."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "file.jsonl"
        with path.open("w") as file:
            file.writelines(f"{line}\n" for line in lines)
        yield path


def memory(path: Path) -> int:
    """Return the largest memory of an audit in a process of its own, in MB."""
    command = [sys.executable, __file__, "--alone", str(path)]
    return int(subprocess.run(command, capture_output=True, text=True, check=True).stdout)


def main() -> None:
    """Print a line for each kind and number of lines."""
    if sys.argv[1:2] == ["--alone"]:
        audited(Path(sys.argv[2]))
        print(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024)
        return
    counts = [int(word) for word in sys.argv[1:] if word != "--jobs"] or [100_000, 1_000_000]
    if "--jobs" in sys.argv:
        side_by_side(counts)
        return
    print("kind     lines       decoded     audited     ratio   MB   load")
    kinds = (
        ("fills", fills, line_by_line(Fill)),
        ("mixed", mixed, line_by_line(Frame)),
        ("recorded", recorded, of_recording()),
    )
    for kind, make, decode in kinds:
        for lines in counts:
            with written(make(lines)) as path:
                rounds = ROUNDS if lines <= 1_000_000 else 1
                both = [(decoded(path, decode), audited(path)) for _ in range(rounds)]
                bare, whole = (min(column) for column in zip(*both, strict=True))
                print(
                    f"{kind:8} {lines:<11,} {lines / bare:<8,.0f}/s  {lines / whole:<8,.0f}/s  "
                    f"{whole / bare:<7.2f} {memory(path):<4} {os.getloadavg()[0]:.1f}"
                )


if __name__ == "__main__":
    main()
