"""Tables as the venue exports and shows them: their dates, and what of them is no row."""

from pathlib import Path

import pytest

from truebook.audit.reading import Dates, read
from truebook.audit.reading.trades import dates_of
from truebook.audit.seen import Damaged, OrderRow, Trade

HEAD = "time,coin,dir,px,sz,ntl,fee,closedPnl\n"
ROW = "22/12/2025 - 13:32:11,BTC,Open Short,100,1,100,0,0\n"
ORDER = (
    "1/5/2026 - 16:45:28\tLimit\tHYPE \nhyna\nLong\t0.72\t--\t19 USDE\t26.6\tNo\tN/A\t--\t{}\t{}\n"
)


@pytest.mark.parametrize(
    ("texts", "dates"),
    [
        (("22/12/2025 - 13:32:11",), Dates.DAY_FIRST),
        (("12/22/2025 - 13:32:11",), Dates.MONTH_FIRST),
        (("1/5/2026 - 13:32:11", "13/5/2026 - 13:32:11"), Dates.DAY_FIRST),
        (("5/1/2026 - 01:00:00", "6/1/2026 - 01:00:00", "1/2/2026 - 01:00:00"), Dates.DAY_FIRST),
        (("1/5/2026 - 01:00:00", "1/6/2026 - 01:00:00", "2/1/2026 - 01:00:00"), Dates.MONTH_FIRST),
        (("1/5/2026 - 13:32:11", "1/5/2026 - 13:32:12"), Dates.EITHER),
        (("2026-01-05 13:32:11",), Dates.ISO),
    ],
)
def test_how_dates_are_written_is_told_by_all_of_them(texts: tuple[str, ...], dates: Dates) -> None:
    assert dates_of(texts).dates is dates


def test_rows_of_trades_and_what_is_none(tmp_path: Path) -> None:
    path = tmp_path / "t.csv"
    path.write_text(
        HEAD + ROW + "nonsense\n" + HEAD + "\n" + ROW.replace(",1,", ",x,") + ROW, "utf-8"
    )
    seen = list(read(path))
    assert [one.place.line for one in seen if isinstance(one, Trade)] == [2, 7]
    damaged = [one for one in seen if isinstance(one, Damaged)]
    assert [(one.place.line, one.why) for one in damaged] == [
        (3, "it has 1 fields, the header 8"),
        (6, "a size or price is no number"),
    ]


def test_a_row_that_is_torn_is_said_and_those_around_it_count(tmp_path: Path) -> None:
    path = tmp_path / "t.csv"
    torn = (
        ROW.replace("BTC", 'B"\rTC'),
        ROW.replace("BTC", '"BTC'),
        ROW.replace("BTC", "B" * 200_000),
    )
    path.write_text(HEAD + "".join((ROW, torn[0], ROW, torn[1], ROW, torn[2], ROW)), "utf-8")
    seen = list(read(path))
    assert [one.place.line for one in seen if isinstance(one, Trade)] == [2, 4, 6, 8]
    assert [one.place.line for one in seen if isinstance(one, Damaged)] == [3, 5, 7]


def test_a_coin_of_a_dex_has_the_name_that_it_has_everywhere(tmp_path: Path) -> None:
    path = tmp_path / "t.csv"
    path.write_text(
        HEAD + ROW.replace("BTC", "HYPE (hyna)") + ROW.replace("BTC", "HYPE/USDC"), "utf-8"
    )
    coins = [one.coin for one in read(path) if isinstance(one, Trade)]
    assert coins == ["hyna:HYPE", "HYPE/USDC"]


def test_rows_of_orders_over_several_lines_and_what_is_none(tmp_path: Path) -> None:
    path = tmp_path / "o.tsv"
    head = "Reduce Only\nTrigger Conditions\nTP/SL\n"
    text = head + ORDER.format("Open", 7) + head + "stray\n" + ORDER.format("Canceled", 7)
    path.write_text(text + ORDER.format("Open", "x") + ORDER.format("Filled", 8)[:60], "utf-8")
    seen = list(read(path))
    rows = [one for one in seen if isinstance(one, OrderRow)]
    assert [(row.oid, row.status, row.coin, row.place.line) for row in rows] == [
        (7, "Open", "hyna:HYPE", 4),
        (7, "Canceled", "hyna:HYPE", 11),
    ]
    damaged = [one for one in seen if isinstance(one, Damaged)]
    assert [one.place.line for one in damaged] == [10, 14, 17]
