"""What became of requests, where no answer says it: told by other words, or by nothing."""

from collections.abc import Iterator
from decimal import Decimal
from typing import Any, Final

from truebook.audit.finding import Kind
from truebook.audit.measure.causes import cause_of, cut_before
from truebook.audit.measure.defect import Defect, Expected
from truebook.audit.measure.record import LAG, Record, Request, Word

SOON: Final = 100
"""The venue does what it is asked within so many milliseconds."""
LIVES_ON: Final = "the order could as well be open: nothing tells that it is over"


def untold_outcomes(record: Record) -> Iterator[Defect]:
    """Yield each order of a request without an answer of which nothing else tells, either."""
    claimed: set[int] = set()
    for request in record.requests:
        if request.items is not None:
            claimed |= {o for o in map(_oid, request.items) if o is not None}
    for request in record.requests:
        if "cancel" in request.kind or request.items not in (None, ["default"]):
            continue
        for order, old in _orders(request):
            made = _made(record, request, order, claimed)
            line, cause = _cause(record, request, made)
            if made is not None:
                claimed.add(made)
            if made is not None and _is_told(record, made, by_fills=bool(order.get("c"))):
                continue
            if made is None and old is not None and _is_told_over(record, old, request):
                continue
            if made is None and _sent_again(record, request, order):
                continue  # what is told is of either
            lines = frozenset(_like(record, request, order))
            names = frozenset(str(one) for one in (order.get("c"), old, made) if one)
            yield Defect(
                cause=cause,
                line=line,
                what=f"{request.kind} of line {request.line}, of which nothing tells",
                expected=(Expected(kind=Kind.FATE, lines=lines, names=names),),
            )


def untold_ends(record: Record) -> Iterator[Defect]:
    """Yield each order that is over, and of which nothing tells that."""
    for end in (one for one in record.words if one.ends):
        if not _is_told(record, end.oid) or told_over(record, end):
            continue
        line, cause = cause_of(
            record,
            ("orderUpdates",),
            end.time,
            lambda of, end=end: _says(of, end),  # type: ignore[misc]
        )
        yield Defect(cause=cause, line=line, what=f"order {end.oid} is {end.status}", why=LIVES_ON)


def _cause(record: Record, request: Request, made: int | None) -> tuple[int, str]:
    if request.items is not None:  # it is done, and no word tells the oid of what it has made
        (first, *_) = (one for one in record.words if one.oid == made)
        return cause_of(record, ("orderUpdates",), first.time, lambda of: _says(of, first))
    for one in record.wrong:
        if one.of == request.nonce and one.message == request.kind:
            return one.line, one.name
    return cut_before(record, (), request.at)


def _orders(request: Request) -> Iterator[tuple[Any, int | str | None]]:
    """Yield the orders of a request, and which each replaces."""
    action = request.action
    match request.kind:
        case "order":
            yield from ((one, None) for one in action["orders"])
        case "modify":
            yield action["order"], action["oid"]
        case "batchModify":
            yield from ((one["order"], one["oid"]) for one in action["modifies"])


def _made(record: Record, request: Request, order: Any, claimed: set[int]) -> int | None:
    """Return the oid of what the venue has made of an order that was sent; None: nothing."""
    for word in record.words:
        near = -SOON <= word.time - request.at <= SOON and word.oid not in claimed
        if near and word.status == "open" and _is_like(record, word, order):
            return word.oid
    return None


def _is_like(record: Record, word: Word, order: Any) -> bool:
    coin = record.coins[order["a"]] if order["a"] < len(record.coins) else ""
    size, price = Decimal(order["s"]), Decimal(order["p"])
    of_it = (coin, order["b"], size, price) == (word.coin, word.is_buy, word.size, word.price)
    return of_it and (not order.get("c") or order["c"] == word.cloid)


def _is_told(record: Record, oid: int, *, by_fills: bool = True) -> bool:
    """Return whether anything that was told names an order.

    `by_fills`: a fill does so, too; one that names no cloid does not say of which request it is.
    """
    heard = any(one.oid == oid for one in record.told)
    fills = (one for one in record.fills if one.oid == oid and one.key in record.heard)
    filled = by_fills and any(True for _ in fills)
    listed = any(oid in one.oids for one in record.listings)
    answered = any(_oid(item) == oid for one in record.requests for item in one.items or ())
    return heard or filled or listed or answered


def _is_told_over(record: Record, name: int | str, request: Request) -> bool:
    """Return whether an order is told to be over as it was, so that no modify can replace it."""
    ends = [one for one in record.words if one.ends and name in (one.oid, one.cloid)]
    for end in ends:
        if any(one.said == end.said and one.line < request.line for one in record.told):
            return True
        filled = (one for one in record.told if one.oid == end.oid and one.status == "filled")
        if any(True for _ in filled) or _is_filled(record, end):
            return True
        later = [other for other in record.requests if other.line > request.line]
        if any(_cancelled_by(other, end) or _replaced_by(other, end) for other in later):
            return True
    return False


def _is_filled(record: Record, end: Word, before: int | None = None) -> bool:
    """Return whether all fills of an order are told; `before`: at earlier lines than that."""
    last = record.last_line + 1 if before is None else before
    heard = record.heard
    fills = [
        one
        for one in record.fills
        if one.oid == end.oid and one.key in heard and heard[one.key][0] < last
    ]
    return sum(abs(one.moved) for one in fills) == end.size


def _cancelled_by(request: Request, end: Word) -> bool:
    """Return whether a cancel was answered: the order was cancelled by it, or over before."""
    if request.items is None or "cancel" not in request.kind:
        return False
    names = [one.get("o", one.get("cloid")) for one in request.action["cancels"]]
    return end.oid in names or end.cloid in names


def _replaced_by(request: Request, end: Word) -> bool:
    """Return whether a modify of an order was answered, that it is done."""
    olds = [old for _, old in _orders(request)]
    for old, item in zip(olds, request.items or (), strict=False):
        if old in (end.oid, end.cloid) and old and not (isinstance(item, dict) and "error" in item):
            return True
    return False


def _sent_again(record: Record, request: Request, order: Any) -> bool:
    """Return whether the same was sent again, and something was told of that."""
    name = order.get("c")
    again = any(
        one.get("c") == name
        for other in record.requests
        if other.line != request.line and other.kind == request.kind == "order"
        for one, _ in _orders(other)
    )
    return bool(name) and again and any(one.cloid == name for one in record.told)


def _like(record: Record, request: Request, order: Any) -> Iterator[int]:
    """Yield the lines at which such an order was sent: without a cloid one is as another."""
    yield request.line
    if not order.get("c"):
        for other in record.requests:
            if any(one == order for one, _ in _orders(other)):
                yield other.line


def told_over(record: Record, end: Word, *, before: int | None = None) -> bool:
    """Return whether it is told that an order is over; `before`: at an earlier line than that."""
    told = [one for one in record.told if one.oid == end.oid and one.ends]
    if before is not None:
        answers = (one for one in record.requests if one.answered < before)
        filled = _is_filled(record, end, before)
        answered = any(_ended_by(one, end) for one in answers)
        return filled or answered or any(one.line < before for one in told)
    if told:
        return True
    if _is_filled(record, end):
        return True
    if any(end.oid not in one.oids and one.asked > end.time + LAG for one in record.listings):
        return True
    return any(_ended_by(request, end) for request in record.requests)


def _ended_by(request: Request, end: Word) -> bool:
    """Return whether the answer to a request tells that an order is over."""
    if request.items is None or "cancel" in request.kind:
        return _cancelled_by(request, end)
    olds = [old for _, old in _orders(request)]
    filled = (item.get("filled") for item in request.items if isinstance(item, dict))
    whole = any(
        one and one["oid"] == end.oid and Decimal(one["totalSz"]) == end.size for one in filled
    )
    return whole or end.oid in olds or (end.cloid is not None and end.cloid in olds)


def _says(of: Any, end: Word) -> bool:
    told = of.get("data") if isinstance(of, dict) else None
    return isinstance(told, list) and any(Word.of(0, one).said == end.said for one in told)


def _oid(item: Any) -> int | None:
    told = (item.get("resting") or item.get("filled")) if isinstance(item, dict) else None
    return told["oid"] if told else None
