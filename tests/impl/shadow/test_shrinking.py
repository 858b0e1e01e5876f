"""Shrinking keeps of a difference the calls that it needs, and nothing else."""

from decimal import Decimal
from typing import Any

from shadowed import broken_by, run
from truebook.impl import UnifiedOrderBook
from truebook.impl.shadow.shadow_book import ShadowBook, shrink
from truebook.oracle.cases.case import parse


def test_shrinking_keeps_what_is_needed_and_nothing_else() -> None:
    class NoFills(UnifiedOrderBook):
        __slots__ = ()

        def process_fill(self, oid: Any, *args: Any, **kwargs: Any) -> Any:
            return None if oid == 40 else super().process_fill(oid, *args, **kwargs)

    shadow = ShadowBook(NoFills())
    run(shadow, 60)
    assert shadow.divergence is not None
    small = shrink(shadow.divergence, NoFills)
    assert [call.method for call in small.calls] == ["register_pending", "process_fill"]
    assert small.calls[1].arguments["oid"] == 40
    assert broken_by(parse(small.as_case(), "shadow-divergence")) == []
    assert shrink(shadow.divergence, UnifiedOrderBook) is shadow.divergence


def test_what_is_not_compared_need_not_be_shown() -> None:
    class Bare:
        position = Decimal(7)

    shadow = ShadowBook(Bare(), what=("position",))  # type: ignore[arg-type]
    shadow.process_fill(1, 1, 4, 100, True, time=1, now=1)
    shadow.compare(2)
    assert shadow.divergence is not None
    small = shrink(shadow.divergence, Bare)  # type: ignore[arg-type]
    assert (small.calls, small.complete) == ((), True)
    assert shadow.failures == 0
