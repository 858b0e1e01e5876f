"""What a bot does wrong, as the truth has it: sent twice, cancelled in a loop."""

from collections import Counter
from collections.abc import Iterator
from typing import Any, Final

from truebook.audit.finding import Kind
from truebook.audit.measure.defect import Defect, Expected
from truebook.audit.measure.record import Record, Word

TWICE: Final = "bot: an order sent twice"
LOOP: Final = "bot: a cancel in a loop"
OFTEN: Final = 5
"""A cancel of what is over, sent so often, is a loop."""


def of_the_bot(record: Record) -> Iterator[Defect]:
    """Yield what the bot does wrong."""
    yield from _sent_twice(record)
    yield from _in_a_loop(record)


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
    asked: Counter[int] = Counter()
    for request in record.requests:
        for one in request.action["cancels"] if "cancel" in request.kind else ():
            order = _over(record, one, request.line)
            if order is None:
                continue
            asked[order.oid] += 1
            if asked[order.oid] != OFTEN:
                continue
            yield Defect(
                cause=LOOP,
                what=f"{order.oid} at line {request.line}",
                expected=(
                    Expected(kind=Kind.LOOP, names=frozenset({str(order.oid), str(order.cloid)})),
                ),
            )


def _over(record: Record, asked: Any, line: int) -> Word | None:
    """Return how an order ended whose cancel is asked for; None: it had not."""
    name = asked.get("o", asked.get("cloid"))
    ends = [one for one in record.words if one.line < line and name in (one.oid, one.cloid)]
    return ends[-1] if ends and ends[-1].ends else None
