"""Measure how fast the messages of Hyperliquid are read, beside a decoder that knows no types."""

import time
from collections.abc import Callable
from typing import Any

import msgspec

from truebook.impl.venues.hyperliquid import FILLS, FRAMES, facts, hear, write

FILL = (
    b'{"coin":"BTC","px":"78751.0","sz":"0.00535","side":"B","time":1700000000000,'
    b'"startPosition":"4.22618","dir":"Open Long","closedPnl":"0.0","hash":"0x%s",'
    b'"oid":544900123760,"crossed":false,"fee":"-0.012639","tid":1109765720343214,"cloid":"0x%s","feeToken":"USDC",'
    b'"twapId":null}' % (b"ab" * 32, b"cd" * 16)
)
FRAME = b'{"channel":"userFills","data":{"user":"0x%s","fills":[%s]}}' % (b"ef" * 20, FILL)
NEW = FILL[:-1] + b',"tomorrow":1}'
ROUNDS = 5


def rate(do: Callable[[Any], object], what: Any, times: int = 100_000) -> float:
    """Return how often a second something is done, by the time of the process; the best of some."""
    best = 0.0
    for _ in range(ROUNDS):
        started = time.process_time()
        for _ in range(times):
            do(what)
        best = max(best, times / (time.process_time() - started))
    return best


def main() -> None:
    """Print lines a second, and beside them the ratio to `msgspec.json.decode` of the same line."""
    fill, frame = rate(msgspec.json.decode, FILL), rate(msgspec.json.decode, FRAME)
    message = FRAMES.read(FRAME)
    rows = (
        ("a fill: msgspec.json.decode", fill, fill),
        ("a fill: FILLS.read", rate(FILLS.read, FILL), fill),
        ("a fill with a field that is not declared", rate(FILLS.read, NEW, 20_000), fill),
        ("a frame: msgspec.json.decode", frame, frame),
        ("a frame: FRAMES.read", rate(FRAMES.read, FRAME), frame),
        ("a frame: hear", rate(hear, FRAME), frame),
        ("a frame: write", rate(write, message), frame),
        ("a frame: facts_of", rate(lambda one: [*facts.facts_of(one)], message, 20_000), frame),
    )
    for what, found, beside in rows:
        print(f"{what:<42} {found:>9,.0f} a second, {found / beside:.2f} times")


if __name__ == "__main__":
    main()
