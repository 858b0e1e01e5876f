"""Tables without positions: what their directions say of where the position was."""

from decimal import Decimal

import attrs
from hypothesis import given
from hypothesis import strategies as st

from truebook.audit.ledger import TableLedger
from truebook.audit.seen import Place, Trade


def trade(direction: str, size: int, number: int, *, row: str = "") -> Trade:
    return Trade(
        place=Place("a.csv", number),
        coin="BTC",
        direction=direction,
        size=Decimal(size),
        price=Decimal(100),
        when=str(number),
        time=number,
        row=(row or str(number),),
    )


def direction_of(position: int, moved: int) -> str:
    after = position + moved
    if moved > 0:
        closes = "Short > Long" if after > 0 else "Close Short"
        return closes if position < 0 else "Open Long"
    closes = "Long > Short" if after < 0 else "Close Long"
    return closes if position > 0 else "Open Short"


@given(st.integers(-20, 20), st.lists(st.integers(-9, 9).filter(bool), min_size=1, max_size=40))
def test_rows_of_one_walk_fit_together_and_bound_its_start(start: int, walk: list[int]) -> None:
    table, position = TableLedger(), start
    for number, moved in enumerate(walk, 1):
        table.take(trade(direction_of(position, moved), abs(moved), number))
        position += moved
    (run,) = table.runs()
    assert run.rows == len(walk)
    assert run.moved == sum(walk)
    if run.least is not None:
        assert run.least.at < start or (run.least.at == start and not run.least.open)
    if run.most is not None:
        assert run.most.at > start or (run.most.at == start and not run.most.open)
    if run.start is not None:
        assert run.start == start


def test_rows_that_are_missing_are_noticed() -> None:
    table = TableLedger()
    for number, (direction, size) in enumerate(
        [("Open Long", 5), ("Close Long", 5), ("Open Short", 1), ("Open Long", 2)], 1
    ):
        table.take(trade(direction, size, number))
    first, second = table.runs()
    assert (first.last.place.line, second.first.place.line) == (3, 4)


def test_a_row_that_closes_more_than_there_was_went_through_zero() -> None:
    table = TableLedger()
    for number, (direction, size) in enumerate(
        [
            ("Open Short", 2),
            ("Close Short", 2),
            ("Open Long", 3),
            ("Close Long", 5),
            ("Close Short", 2),
        ],
        1,
    ):
        table.take(trade(direction, size, number))
    (run,) = table.runs()
    assert run.start == 0
    assert run.moved == 0
    assert [row.place.line for row in table.through_zero(run)] == [4]


def test_identical_rows_are_as_many_fills_and_of_two_files_the_most() -> None:
    table = TableLedger()
    for file, count in (("a.csv", 2), ("b.csv", 3), ("c.csv", 1)):
        for number in range(1, count + 1):
            row = trade("Open Long", 1, number, row="same")
            table.take(attrs.evolve(row, place=Place(file, number)))
    (run,) = table.runs()
    assert run.moved == 3
    assert (run.rows, table.again) == (3, 3)
