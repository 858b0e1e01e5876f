"""A fuzzer of the readers that is led by what code its bytes reach.

`python tests/audit/reading/fuzzed.py FOLDER` (docs/audit.md), with atheris installed; options are
libFuzzer's own, as `-max_total_time=3600`. FOLDER is where it keeps what reached something new.
"""

import sys
import tempfile
from pathlib import Path

import atheris

sys.path.insert(0, str(Path(__file__).parents[2] / "support"))
with atheris.instrument_imports(include=["truebook.audit", "truebook.impl.venues"]):
    from reading_held import held

from lives_told import lines_of, ordinary

WORDS = (
    *("channel", "data", "fills", "body", "way", "over", "id", "path", "truth", "recording"),
    *("coin", "order", "request", "response", "time", "fill", "user", "isSnapshot", "ws", "http"),
    *("userFills", "user", "orderUpdates", "userTwapSliceFills", "webData2", "post", "in", "out"),
    *("lost", "px", "sz", "side", "startPosition", "oid", "hash", "tid", "cloid", "crossed", "dir"),
    *("fee", "feeToken", "twapId", "limitPx", "origSz", "status", "statusTimestamp", "timestamp"),
    *("open", "filled", "canceled", "rejected", "triggered", "action", "nonce", "signature"),
    *("type", "orders", "cancels", "modifies", "grouping", "limit", "tif", "Gtc", "trigger"),
    *("/exchange", "/info", "meta", "universe", "name", "szDecimals", "openOrders", "payload"),
    *("clearinghouseState", "assetPositions", "position", "szi", "nonUserCancel", "method"),
    *("subscription", "statuses", "resting", "error", "success", "positions", "userFillsByTime"),
    *("event", "events", "at", "step", "state", "reset", "config", "steps", "repeat", "register"),
    *("answer", "cancel", "modify", "listing", "reject", "unknown", "tick", "restart", "rebase"),
    *("historicalOrders", "orderStatus", "frontendOpenOrders", "spotMeta", "tokens", "isTrigger"),
)


def main() -> None:
    """Fuzz for as long as libFuzzer's options say."""
    with tempfile.TemporaryDirectory() as folder:
        words = Path(folder) / "words"
        words.write_text("".join(f'"\\"{word}\\""\n' for word in WORDS))
        first = Path(folder) / "first"
        first.mkdir()
        for number, line in enumerate(lines_of(ordinary(2)).splitlines()):
            (first / str(number)).write_bytes(line)
        for file in (Path(__file__).parents[3] / "examples/recordings").iterdir():
            for number, line in enumerate(file.read_bytes().splitlines()):
                (first / f"{file.stem}{number}").write_bytes(line)
        path = Path(folder) / "file"
        atheris.Setup([*sys.argv, str(first), f"-dict={words}"], lambda data: held(data, path))
        atheris.Fuzz()


if __name__ == "__main__":
    main()
