"""Orders and requests of a bot as a recording has them."""

from typing import Any

from fills_told import line

META = {"universe": [{"name": "BTC", "szDecimals": 5}]}


def order(oid: int, status: str, *, left: str = "0", at: int = 0, size: str = "3") -> bytes:
    """Return a line of the stream that says what became of an order of 3."""
    shown = {
        "coin": "BTC",
        "side": "B",
        "limitPx": "100.0",
        "sz": left,
        "oid": oid,
        "timestamp": 1_700_000_000_000,
        "origSz": size,
    }
    update = {"order": shown, "status": status, "statusTimestamp": 1_700_000_000_000 + at}
    body = {"channel": "orderUpdates", "data": [update]}
    return line({"time": 1_700_000_000_000 + at, "way": "out", "over": "ws", "body": body})


def asks(number: int, path: str, body: object, answer: object, *, at: int = 0) -> bytes:
    """Return a request and its answer, as a recording has them."""
    common = {"time": 1_700_000_000_000 + at, "over": "http", "path": path, "id": number}
    out = line({**common, "way": "out", "status": 200, "body": answer})
    return line({**common, "way": "in", "body": body}) + out


def action(number: int, what: dict[str, Any], answer: object, *, at: int = 0) -> bytes:
    signature = {"r": "0x1", "s": "0x2", "v": 27}
    body = {"action": what, "nonce": number, "signature": signature}
    done = {"status": "ok", "response": {"type": what["type"], "data": {"statuses": [answer]}}}
    return asks(number, "/exchange", body, done, at=at)


def place(cloid: str) -> dict[str, Any]:
    limit = {"limit": {"tif": "Gtc"}}
    one = {"a": 0, "b": True, "p": "100", "s": "3", "r": False, "t": limit, "c": cloid}
    return {"type": "order", "orders": [one], "grouping": "na"}


MARKETS = asks(1, "/info", {"type": "meta"}, META)
CLOID = "0x" + "00" * 15 + "01"
