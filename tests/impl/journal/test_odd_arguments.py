"""Arguments that misbehave when they are looked at: both books refuse them, and show the same."""

from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from truebook.impl import UnifiedOrderBook
from truebook.impl.journal import PARAMETERS, JournaledBook

TIMED = [name for name, parameters in PARAMETERS.items() if "now" in parameters]
GIVEN: dict[str, Any] = {
    **dict.fromkeys(("oid", "tid", "id", "new_oid"), 1),
    **dict.fromkeys(("size", "price", "resting_size", "fill_price", "new_price", "new_size"), 1),
    "is_buy": True,
    "side": "buy",
    "status": "open",
    "snapshot": [1],
    "position": 1,
    "cloid": "c",
    "as_of": 0,
}


class Shy:
    """A value of which nobody can say what it is."""

    def __repr__(self) -> str:
        raise ZeroDivisionError


@pytest.mark.parametrize("name", TIMED)
@pytest.mark.parametrize("now", [Decimal("sNaN"), Decimal("NaN"), Decimal(1), 1.0, "1", True])
def test_a_time_that_is_none_is_a_type_error(tmp_path: Path, name: str, now: Any) -> None:
    told = {one: GIVEN[one] for one in PARAMETERS[name] if one in GIVEN}
    with JournaledBook(tmp_path / "j") as journaled:
        for book in (UnifiedOrderBook(), journaled):
            with pytest.raises(TypeError):
                getattr(book, name)(**told, now=now)


@pytest.mark.parametrize("snapshot", [Shy(), [Shy()], [1, Shy()]])
def test_a_listing_that_cannot_be_shown_is_refused_alike(tmp_path: Path, snapshot: Any) -> None:
    plain = UnifiedOrderBook()
    with JournaledBook(tmp_path / "j") as journaled:
        for book in (plain, journaled):
            with pytest.raises(ZeroDivisionError):
                book.reconcile(snapshot, now=5)
        assert journaled.now == plain.now
    with JournaledBook(tmp_path / "j") as again:
        assert again.now == plain.now
