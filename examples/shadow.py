"""The race of the plan, with the legacy tracker in charge and the book as its shadow.

    python examples/shadow.py [CASE.json]

A fill overtakes the answer to its order; the legacy tracker drops the request, and the rest of the
order is live at the venue and in no local map. The divergence is shrunk, and printed, or written,
as a case for `truebook conform --replay CASE.json -- ADAPTER`.
"""

import json
import sys
from decimal import Decimal
from pathlib import Path

from legacy_tracker import LegacyTracker

from truebook.impl import SECOND, Side
from truebook.impl.shadow import Divergence, ShadowBook, shrink


def race() -> Divergence:
    """Run a quiet hour, then the race; return the divergence."""
    shadow = ShadowBook(LegacyTracker(), what=("position", "open"))
    for n in range(1, 101):
        now = n * 30 * SECOND
        cloid = shadow.register_pending(Side.BUY, Decimal(100), Decimal(10), now=now)
        shadow.finalize_order(cloid, n, Decimal(10), Side.BUY, Decimal(100), now=now)
        shadow.process_fill(
            n, n, Decimal(10), Decimal(100), True, cloid=cloid, time=now, crossed=False, now=now
        )
        shadow.compare(now)
    now += SECOND
    cloid = shadow.register_pending(Side.SELL, Decimal(101), Decimal(10), now=now)
    shadow.process_fill(
        999, 999, Decimal(4), Decimal(101), False, cloid=cloid, time=now, crossed=True, now=now
    )
    shadow.finalize_order(
        cloid, 999, Decimal(6), Side.SELL, Decimal(101), filled_size=Decimal(4), now=now
    )
    shadow.compare(now)
    assert shadow.divergence is not None
    return shadow.divergence


def main() -> None:
    """Print the divergence, and the calls that are enough for it."""
    divergence = race()
    print(f"diverged {divergence}")
    small = shrink(divergence, LegacyTracker)
    print(f"of its {len(divergence.calls)} calls {len(small.calls)} are enough:")
    for call in small.calls:
        print(f"  {call.method}({', '.join(f'{k}={v}' for k, v in call.arguments.items())})")
    if len(sys.argv) > 1:
        path = Path(sys.argv[1])
        path.write_text(json.dumps(small.as_case(path.stem), indent=2) + "\n")
    else:
        print(json.dumps(small.as_case(), indent=2))


if __name__ == "__main__":
    main()
