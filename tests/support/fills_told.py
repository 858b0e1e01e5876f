"""Fills of an account as the venue tells them, made from a walk of its position."""

import json
from collections.abc import Sequence
from decimal import Decimal
from typing import Any

import attrs
from hypothesis import strategies as st

USER = "0x" + "ab" * 20


@attrs.frozen
class Step:
    """A fill to be made: what it moves, how much later it is, and whether it is with oneself."""

    moved: int
    later: int
    with_oneself: bool


steps = st.lists(
    st.builds(
        Step,
        st.integers(-9, 9).filter(bool),
        st.sampled_from((0, 0, 1, 5)),
        st.sampled_from((False, False, False, True)),
    ),
    min_size=1,
    max_size=30,
)


def told(walk: Sequence[Step], *, start: int = 0, coin: str = "BTC") -> list[dict[str, Any]]:
    """Return the fills of a walk, oldest first."""
    found = []
    position, time = start, 1_700_000_000_000
    for number, step in enumerate(walk, 1):
        time += step.later
        sides = (step.moved, -step.moved) if step.with_oneself else (step.moved,)
        for leg, moved in enumerate(sides):
            found.append(
                {
                    "coin": coin,
                    "px": f"{100 + number}.0",
                    "sz": str(abs(moved)),
                    "side": "B" if moved > 0 else "A",
                    "time": time,
                    "startPosition": str(position),
                    "dir": "Open Long",
                    "closedPnl": "0.0",
                    "hash": f"0x{number:064x}",
                    "oid": 10 * number + leg,
                    "crossed": bool(leg),
                    "fee": "0.0",
                    "tid": 7_000_000 + number,
                    "feeToken": "USDC",
                }
            )
        position += 0 if step.with_oneself else step.moved
    return found


def net(fills: Sequence[dict[str, Any]]) -> Decimal:
    """Return what fills come to."""
    signs = {"B": 1, "A": -1}
    return sum((signs[fill["side"]] * Decimal(fill["sz"]) for fill in fills), Decimal(0))


def line(told: object) -> bytes:
    """Return a line of a file."""
    return json.dumps(told).encode() + b"\n"


def frame(fills: Sequence[dict[str, Any]], *, snapshot: bool = False) -> bytes:
    """Return fills as a line of the venue's stream."""
    data = {"user": USER, "fills": list(fills)} | ({"isSnapshot": True} if snapshot else {})
    return line({"channel": "userFills", "data": data})
