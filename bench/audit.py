"""How fast an audit is, beside bare decoding of the same file: `python bench/audit.py [LINES …]`.

Two kinds of files: a line for each fill, and a mixed stream (frames of orders and fills as the
venue sends them). Both ways of reading are taken in turn, in one run, and the best of each counts;
memory is the largest of a process of its own.

`python bench/audit.py --jobs [LINES …]` takes files of eight markets, and of one, and the whole
command with one job and with two, in turn, by the clock on the wall: on an idle machine alone.
"""

import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from functools import partial
from pathlib import Path

import msgspec

from truebook.audit.auditor import Auditor
from truebook.audit.reading import read
from truebook.impl.venues.hyperliquid.fills import Fill
from truebook.impl.venues.hyperliquid.streams import Frame

ROUNDS = 3
USER = "0x" + "ab" * 20
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


def decoded(path: Path, of: object) -> float:
    """Return how long bare decoding takes, in seconds of this process."""
    decode = msgspec.json.Decoder(of).decode
    began = time.process_time()
    with path.open("rb") as file:
        for line in file:
            decode(line)
    return time.process_time() - began


def audited(path: Path) -> float:
    """Return how long an audit takes."""
    began = time.process_time()
    auditor = Auditor(books=False)
    for seen in read(path):
        auditor.take(seen)
    auditor.finish()
    assert not auditor.findings()
    return time.process_time() - began


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
    print("kind     lines       decoded     audited     ratio   MB")
    for kind, make, of in (("fills", fills, Fill), ("mixed", mixed, Frame)):
        for lines in counts:
            with written(make(lines)) as path:
                rounds = ROUNDS if lines <= 1_000_000 else 1
                both = [(decoded(path, of), audited(path)) for _ in range(rounds)]
                bare, whole = (min(column) for column in zip(*both, strict=True))
                print(
                    f"{kind:8} {lines:<11,} {lines / bare:<8,.0f}/s  {lines / whole:<8,.0f}/s  "
                    f"{whole / bare:<7.2f} {memory(path)}"
                )


if __name__ == "__main__":
    main()
