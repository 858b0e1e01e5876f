"""Words of Hyperliquid, in its own form, for tests: each with what it needs, and anything else."""

from typing import Any

from truebook.impl.venues.hyperliquid import hear, write
from truebook.impl.venues.hyperliquid.facts import Fact, facts_of
from truebook.impl.venues.hyperliquid.markets import Markets


def fill(**more: Any) -> dict[str, Any]:
    return {
        "coin": "BTC",
        "px": "100.0",
        "sz": "1.0",
        "side": "B",
        "time": 5,
        "startPosition": "0.0",
        "dir": "Open Long",
        "closedPnl": "0.0",
        "hash": "0x01",
        "oid": 7,
        "crossed": True,
        "fee": "0.1",
        "tid": 9,
        "feeToken": "USDC",
    } | more


def order(**more: Any) -> dict[str, Any]:
    return {
        "coin": "BTC",
        "side": "B",
        "limitPx": "100.0",
        "sz": "10.0",
        "oid": 7,
        "timestamp": 4,
        "origSz": "10.0",
    } | more


def update(status: str = "open", **more: Any) -> dict[str, Any]:
    return {"order": order(**more), "status": status, "statusTimestamp": 6}


def fills(*told: dict[str, Any], snapshot: bool = False) -> dict[str, Any]:
    first = {"isSnapshot": True} if snapshot else {}
    return {"channel": "userFills", "data": {**first, "user": "0x1", "fills": list(told)}}


def updates(*told: dict[str, Any]) -> dict[str, Any]:
    return {"channel": "orderUpdates", "data": list(told)}


def facts(frame: dict[str, Any], markets: Markets | None = None) -> list[Fact]:
    """Return what a frame says, heard as JSON."""
    known = Markets() if markets is None else markets
    return [one for heard in hear(write(frame)) for one in facts_of(heard, markets=known)]
