"""Words and fills of orders as the venue streams them: ordinary lives, and what may go wrong."""

import json
from typing import Any

import attrs
from hypothesis import strategies as st

from fills_told import USER

Frame = dict[str, Any]
BEGAN = 1_700_000_000_000


@attrs.frozen
class Event:
    """Something that is told of an order: its status and what is left, or a fill of so much."""

    oid: int
    status: str
    amount: int
    cloid: str | None


@st.composite
def lives(draw: st.DrawFn) -> list[Event]:
    """Draw what is told of one order of 3: mostly in its order, and mostly all of it."""
    oid = draw(st.integers(10, 14))
    cloid = draw(st.sampled_from((None, f"0x{oid:032x}", f"0x{oid:032x}", "0x" + "07" * 16)))
    fills = draw(st.sampled_from(((1, 1, 1), (3,), (2, 1), (1,), (), (2,), (1, 3))))
    events = [Event(oid, "fill", amount, cloid) for amount in fills]
    if draw(st.integers(0, 5)):
        events.insert(draw(st.sampled_from((0, 0, 0, 1))), Event(oid, "open", 3, cloid))
    left = 3 - sum(fills)
    end = "filled" if left <= 0 else draw(st.sampled_from(("canceled", "canceled", "filled", "")))
    if end:
        last = Event(oid, end, max(left, 0) if end != "filled" else 0, cloid)
        events.insert(draw(st.sampled_from((len(events), len(events), 1, 0))), last)
    for _ in range(draw(st.sampled_from((0, 0, 0, 1, 2)))):
        events = _changed(draw, events)
    return events


def _changed(draw: st.DrawFn, events: list[Event]) -> list[Event]:
    at = draw(st.integers(0, max(0, len(events) - 1)))
    if not events:
        return events
    one = events[at]
    match draw(st.sampled_from(("twice", "away", "status", "amount", "cloid", "late"))):
        case "twice":
            return [*events, one]
        case "away":
            return events[:at] + events[at + 1 :]
        case "late":
            return [*events[:at], *events[at + 1 :], one]
        case "status":
            words = ("open", "filled", "canceled", "badAloPxRejected", "triggered", "odd", "fill")
            one = attrs.evolve(one, status=draw(st.sampled_from(words)))
        case "amount":
            one = attrs.evolve(one, amount=draw(st.integers(0, 4)))
        case "cloid":
            one = attrs.evolve(one, cloid=draw(st.sampled_from((None, "0x" + "08" * 16))))
    return [*events[:at], one, *events[at + 1 :]]


@st.composite
def streams(draw: st.DrawFn) -> list[Frame]:
    """Draw frames of several orders, mixed, at times that are near or far from each other."""
    queues = draw(st.lists(lives(), min_size=1, max_size=5))
    time, position = BEGAN, 0
    frames: list[Frame] = []
    while any(queues):
        queue = draw(st.sampled_from([one for one in queues if one]))
        event = queue.pop(0)
        time += draw(st.sampled_from((0, 1, 1, 1, 10, 30_000, 60_000, 61_000, 121_000)))
        number = len(frames) + 1
        if event.status == "fill":
            side = draw(st.sampled_from("BBBBBBBBA"))
            fill = _fill(event, number, time, position, side)
            fill |= draw(st.sampled_from(({}, {}, {}, {}, {"tid": 0}, {"px": "x"}, {"coin": "E"})))
            position += (1 if side == "B" else -1) * max(event.amount, 1)
            frames.append(
                draw(st.sampled_from((_of_user, _of_user, _of_user, _event, _other)))(fill)
            )
        else:
            update = _update(event, time)
            update["order"] |= draw(st.sampled_from(({}, {}, {}, {}, {}, *_ODD)))
            frames.append({"channel": "orderUpdates", "data": [update]})
        if draw(st.integers(0, 9)) == 0:
            frames.append(frames[-1])
        if len(frames) > 1 and draw(st.integers(0, 9)) == 0:
            one, other = frames[-2:]
            if one["channel"] == other["channel"]:
                frames[-2:] = [together(one, other)]
    return frames


def together(one: Frame, other: Frame) -> Frame:
    """Return one frame of what two of a channel tell."""
    if one["channel"] == "orderUpdates":
        return one | {"data": one["data"] + other["data"]}
    return one | {"data": one["data"] | {"fills": one["data"]["fills"] + other["data"]["fills"]}}


def _of_user(fill: Frame) -> Frame:
    return {"channel": "userFills", "data": {"user": USER, "fills": [fill]}}


def _event(fill: Frame) -> Frame:
    return {"channel": "user", "data": {"fills": [fill]}}


def _other(fill: Frame) -> Frame:
    return {"channel": "userFills", "data": {"user": "0x" + "CD" * 20, "fills": [fill]}}


_ODD = (
    {"reduceOnly": True},
    {"isTrigger": True},
    {"origSz": "5"},
    {"side": "A"},
    {"sz": "x"},
    {"new": 1},
    {"limitPx": "1e3"},
)


def _fill(event: Event, number: int, time: int, position: int, side: str) -> Frame:
    fill: Frame = {
        "coin": "BTC",
        "px": "100.0",
        "sz": str(max(event.amount, 1)),
        "side": side,
        "time": time,
        "startPosition": str(position),
        "dir": "Open Long",
        "closedPnl": "0.0",
        "hash": f"0x{number:064x}",
        "oid": event.oid,
        "crossed": bool(number % 2),
        "fee": "0.0",
        "tid": 7_000_000 + number,
        "feeToken": "USDC",
    }
    return fill if event.cloid is None else fill | {"cloid": event.cloid}


def _update(event: Event, time: int) -> Frame:
    order: Frame = {
        "coin": "BTC",
        "side": "B",
        "limitPx": "100.0",
        "sz": str(event.amount),
        "oid": event.oid,
        "timestamp": time,
        "origSz": "3",
    }
    order |= {} if event.cloid is None else {"cloid": event.cloid}
    return {"order": order, "status": event.status, "statusTimestamp": time}


def lines_of(frames: list[Frame]) -> bytes:
    """Return frames as lines of a file."""
    return b"".join(json.dumps(frame).encode() + b"\n" for frame in frames)


def ordinary(count: int) -> list[Frame]:
    """Return frames of orders that go the ordinary way, one after the other."""
    frames: list[Frame] = []
    for number in range(count):
        oid, time = 10 + number, BEGAN + 1_000 * number
        opened = Event(oid, "open", 3, f"0x{oid:032x}")
        frames.append({"channel": "orderUpdates", "data": [_update(opened, time)]})
        for part in range(3):
            fill = _fill(
                Event(oid, "fill", 1, None), len(frames), time + part, 3 * number + part, "B"
            )
            frames.append({"channel": "userFills", "data": {"user": USER, "fills": [fill]}})
        over = attrs.evolve(opened, status="filled", amount=0)
        frames.append({"channel": "orderUpdates", "data": [_update(over, time + 5)]})
    return frames
