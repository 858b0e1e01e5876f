"""Which fault something is due to: what it was done to, or the wire that was cut."""

from collections.abc import Callable, Sequence
from typing import Any, Final

from truebook.audit.measure.record import Record

NO_FAULT: Final = "no fault"
_STREAMS: Final = {"userFills": "userFills", "user": "userEvents", "orderUpdates": "orderUpdates"}


def cause_of(
    record: Record, channels: Sequence[str], time: int, has: Callable[[Any], bool]
) -> tuple[int, str]:
    """Return the line and the name of what has kept a message of these channels from being told.

    It is a fault done to that message, or the cut after which nobody has listened; line 0: none.
    """
    for one in record.wrong:
        if one.message in channels and has(one.of):
            return one.line, one.name
    return cut_before(record, [_STREAMS[one] for one in channels], time)


def cut_before(record: Record, streams: Sequence[str], time: int) -> tuple[int, str]:
    """Return the cut at or before a time behind which nobody has subscribed anew; line 0: none."""
    cuts = [(one.line, one.name) for one in record.wrong if "cut" in one.do and one.at <= time]
    if not cuts:
        return 0, NO_FAULT
    heard = [line for line, at, kind in record.hears if kind in streams and at <= time]
    line, name = cuts[-1]
    return (line, name) if not heard or heard[-1] < line else (0, NO_FAULT)
