"""What a bot does wrong, as the truth has it: sent twice, cancelled in a loop."""

from collections import Counter
from collections.abc import Iterator
from decimal import Decimal
from typing import Any, Final

from truebook.audit.finding import Kind
from truebook.audit.measure.defect import Defect, Expected
from truebook.audit.measure.record import LAG, ZERO, Moment, Record, Request, Word
from truebook.audit.measure.requests import told_over

LEFT: Final = "bot: an order left behind"
LIMIT: Final = "bot: beyond its limit"
UNKNOWN: Final = "bot: its own cancelled as unknown"
TWICE: Final = "bot: an order sent twice"
LOOP: Final = "bot: a cancel in a loop"
NO_WORD: Final = "no word of it was told"
OFTEN: Final = 5
"""A cancel of what is over, sent so often, is a loop."""


def of_the_bot(record: Record, limit: Decimal | None, *, ended: bool) -> Iterator[Defect]:
    """Yield what the bot does wrong."""
    yield from _sent_twice(record)
    yield from _in_a_loop(record)
    yield from _cancelled_as_unknown(record)
    if ended:
        yield from _left_behind(record)
    if limit is not None:
        yield from _beyond(record, limit)


def _sent_twice(record: Record) -> Iterator[Defect]:
    """Yield each order that was sent under the cloid of one that was live, or may have been."""
    sent: dict[str, int] = {}
    for request in record.requests:
        for order in request.action["orders"] if request.kind == "order" else ():
            cloid = order.get("c")
            if not cloid:
                continue
            if cloid in sent and _may_live(record, cloid, request.line):
                yield Defect(
                    cause=TWICE,
                    what=f"{cloid} at line {request.line}",
                    expected=(Expected(kind=Kind.TWICE, lines=frozenset({request.line})),),
                )
            sent[cloid] = request.line


def _may_live(record: Record, cloid: str, line: int) -> bool:
    """Return whether an order of a cloid was live or has filled, or nobody had told of it."""
    ends = [one for one in record.words if one.cloid == cloid and one.ends and one.line < line]
    if any(one.status == "filled" for one in ends):
        return True
    made = [one for one in record.words if one.cloid == cloid and one.line < line]
    if made:
        return len({one.oid for one in made}) > len({one.oid for one in ends})
    refused = (
        request
        for request in record.requests
        if request.answered < line and request.items is not None and request.kind == "order"
        for order, item in zip(request.action["orders"], request.items, strict=False)
        if order.get("c") == cloid and isinstance(item, dict) and "error" in item
    )
    return not any(True for _ in refused)


def _in_a_loop(record: Record) -> Iterator[Defect]:
    """Yield each order that was cancelled so often though it was over."""
    asked: Counter[Word] = Counter()
    told: Counter[Word] = Counter()
    for request in record.requests:
        for one in request.action["cancels"] if "cancel" in request.kind else ():
            end = _over(record, one, request.line)
            if end is not None:
                asked[end] += 1
                told[end] += told_over(record, end, before=request.line)
    for end in (one for one, times in asked.items() if times >= OFTEN):
        shown = told[end] >= OFTEN
        names = frozenset({str(end.oid), str(end.cloid)})
        yield Defect(
            cause=LOOP,
            what=f"{end.oid}",
            expected=(Expected(kind=Kind.LOOP, names=names),) if shown else (),
            why="" if shown else "nothing told that the order was over",
        )


def _over(record: Record, asked: Any, line: int) -> Word | None:
    """Return how an order ended whose cancel is asked for; None: it had not."""
    name = asked.get("o", asked.get("cloid"))
    ends = [one for one in record.words if one.line < line and name in (one.oid, one.cloid)]
    return ends[-1] if ends and ends[-1].ends else None


def _cancelled_as_unknown(record: Record) -> Iterator[Defect]:
    """Yield each cancel of an order of its own that a listing alone had named before its answer."""
    for request in record.requests:
        for one in request.action["cancels"] if request.kind == "cancel" else ():
            cloid = next((w.cloid for w in record.of(one["o"]) if w.cloid), None)
            made = _request_of(record, cloid, request.line)
            if made is None or not _awaited(made, request.line):
                continue
            heard = any(w.oid == one["o"] and w.line < request.line for w in record.told)
            fills = (f for f in record.fills if f.oid == one["o"])
            filled = any(min(record.heard.get(f.key, [request.line])) < request.line for f in fills)
            listed = any(
                one["o"] in listing.oids and made.line < listing.line < request.line
                for listing in record.listings
            )
            if listed and not heard and not filled:
                yield Defect(
                    cause=UNKNOWN,
                    what=f"{one['o']} at line {request.line}",
                    expected=(Expected(kind=Kind.STRANGER, names=frozenset({str(one["o"])})),),
                )


def _request_of(record: Record, cloid: str | None, before: int) -> Request | None:
    for request in record.requests:
        names = {order.get("c") for order in request.action.get("orders", ())}
        if request.line < before and cloid is not None and cloid in names:
            return request
    return None


def _awaited(request: Request, line: int) -> bool:
    """Return whether a request was neither answered nor lost at a line."""
    return not request.answered or request.answered > line


def _left_behind(record: Record) -> Iterator[Defect]:
    """Yield each order that is open at the end."""
    for oid in record.moments[-1].open if record.moments else ():
        told = any(one.oid == oid and not one.ends for one in record.told)
        told = told or any(oid in one.oids for one in record.listings)
        denied = any(
            oid not in listing.oids and not listing.unknown and _is_long(record, oid, listing.asked)
            for listing in record.listings
        )
        name = frozenset({str(oid)})
        some = tuple(Expected(kind=kind, names=name) for kind in (Kind.LEFT, Kind.FATE))
        yield Defect(
            cause=LEFT,
            what=f"{oid}",
            expected=some if told and not denied else (),
            why="a listing says that it is over" if denied else "" if told else NO_WORD,
        )


def _is_long(record: Record, oid: int, time: int) -> bool:
    """Return whether an order was open for longer than a listing may be old."""
    first = next((one.time for one in record.of(oid)), time)
    return first < time - LAG


def _beyond(record: Record, limit: Decimal) -> Iterator[Defect]:
    """Yield each market in which more than the limit could come to be held."""
    for coin in record.coins:
        broken = [one for one in record.moments if _worst(record, one, coin, known=False) > limit]
        if not broken:
            continue
        shown = any(_worst(record, one, coin, known=True) > limit for one in broken)
        yield Defect(
            cause=LIMIT,
            what=f"{coin} at line {broken[0].line}",
            expected=(Expected(kind=Kind.LIMIT, market=coin),) if shown else (),
            why="" if shown else "not all of that was told",
        )


def _worst(record: Record, moment: Moment, coin: str, *, known: bool) -> Decimal:
    """Return the most that could come to be held, on either side; `known`: of what was told.

    It is looked at where an order was opened, as nothing else makes it more.
    """
    opened = [one for one in record.words if one.line == moment.line and one.status == "open"]
    opened = [one for one in opened if one.coin == coin and one.oid in moment.open]
    if known:
        opened = [one for one in opened if any(w.said == one.said for w in record.told)]
    if not opened or (known and not _agreed(record, opened[0].time, coin)):
        return ZERO
    held, worst = moment.positions.get(coin, ZERO), ZERO
    for buys in {one.is_buy for one in opened}:
        left = ZERO
        for oid, order in moment.open.items():
            of_side = order["coin"] == coin and (order["side"] == "B") is buys
            if of_side and (not known or _told_around(record, oid, opened[0].time)):
                left += Decimal(order["sz"])
        worst = max(worst, abs(held + left if buys else held - left))
    return worst


def _told_around(record: Record, oid: int, time: int) -> bool:
    """Return whether an order was told to be open at a time, and to be there after it."""
    words = [one for one in record.told if one.oid == oid]
    before = any(not one.ends and one.time <= time for one in words)
    after = any(one.time > time or (one.time == time and not one.ends) for one in words)
    fills = (one for one in record.fills if one.oid == oid and one.key in record.heard)
    return before and (after or any(one.time > time for one in fills))


def _agreed(record: Record, time: int, coin: str) -> bool:
    """Return whether the fills around a time were told, and none was of that very time."""
    fills = [one for one in record.fills if one.coin == coin]
    if any(one.time == time for one in fills):
        return False
    before = [one for one in fills if one.time < time][-1:]
    after = [one for one in fills if one.time > time][:1]
    return bool(before or after) and all(one.key in record.heard for one in (*before, *after))
