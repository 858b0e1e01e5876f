"""How fast an audit is, beside bare decoding of the same file: `python bench/audit.py [LINES …]`.

Two kinds of files: a line for each fill, and a mixed stream (frames of orders and fills as the
venue sends them). Both ways of reading are taken in turn, in one run, and the best of each counts;
memory is the largest of a process of its own.
"""

import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

import msgspec

from truebook.audit.auditor import Auditor
from truebook.audit.reading import read
from truebook.impl.venues.hyperliquid.fills import Fill
from truebook.impl.venues.hyperliquid.streams import Frame

ROUNDS = 3
USER = "0x" + "ab" * 20


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
    counts = [int(word) for word in sys.argv[1:]] or [100_000, 1_000_000]
    print("kind     lines       decoded     audited     ratio   MB")
    with tempfile.TemporaryDirectory() as folder:
        for kind, make, of in (("fills", fills, Fill), ("mixed", mixed, Frame)):
            for lines in counts:
                path = Path(folder) / f"{kind}.jsonl"
                with path.open("w") as file:
                    file.writelines(f"{line}\n" for line in make(lines))
                rounds = ROUNDS if lines <= 1_000_000 else 1
                both = [(decoded(path, of), audited(path)) for _ in range(rounds)]
                bare, whole = (min(column) for column in zip(*both, strict=True))
                print(
                    f"{kind:8} {lines:<11,} {lines / bare:<8,.0f}/s  {lines / whole:<8,.0f}/s  "
                    f"{whole / bare:<7.2f} {memory(path)}"
                )


if __name__ == "__main__":
    main()
