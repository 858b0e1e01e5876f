"""Real recordings, audited: what is in them, what is missing, and what they cannot show."""

from decimal import Decimal
from pathlib import Path

from recorded import FOLDER, needed
from truebook.audit.auditor import Auditor
from truebook.audit.finding import Kind
from truebook.audit.reading import read

pytestmark = needed


def audit_of(*names: str) -> Auditor:
    auditor = Auditor()
    for name in names:
        for seen in read(FOLDER / name, name=name):
            auditor.take(seen)
    auditor.finish()
    return auditor


def test_fills_of_two_answers_that_overlap_count_once_and_one_is_missing() -> None:
    auditor = audit_of("hl_sdk_get_user_fills.json", "hl_sdk_get_user_fills_by_time.json")
    (account,) = auditor.accounts.values()
    assert sum(ledger.count for ledger in account.fills.values()) == 500
    assert sum(ledger.again for ledger in account.fills.values()) == 500
    (gap,) = auditor.findings()
    assert (gap.kind, gap.market) == (Kind.MISSING, "SUI")
    assert "(-104.4)" in gap.words
    assert (gap.place.item, gap.until and gap.until.item) == (500, 499)


def test_both_legs_of_trades_with_oneself_are_kept() -> None:
    auditor = audit_of("hl_sdk_get_user_fills.json")
    (account,) = auditor.accounts.values()
    sui = account.fills["SUI"]
    assert sui.count == 242
    assert sui.chain.stretches[-1].end == 0


def test_the_exported_table_gives_the_chain_of_positions() -> None:
    auditor = audit_of("hyper_make_trade_history_2025-12-22_31_BTC.csv")
    (account,) = auditor.accounts.values()
    table = account.tables["BTC"]
    (run,) = table.runs()
    assert (run.rows, table.identical) == (2_037, 1)
    assert run.start == 0
    assert run.moved == 0
    assert len(list(table.through_zero(run))) == 11
    assert not auditor.findings()
    assert "its dates are D/M/Y: a part above 12 is a day" in auditor.remarks[0]


def test_what_a_table_cannot_tell_is_bounded_and_said() -> None:
    auditor = audit_of("hyper_make_trade_history_2026-01-05_HYPE-hyna.csv")
    (account,) = auditor.accounts.values()
    (run,) = account.tables["hyna:HYPE"].runs()
    assert run.rows == 127
    assert run.start is None
    assert run.least is not None
    assert run.most is not None
    assert (run.least.at, run.most.at) == (Decimal("2.96"), Decimal("3.23"))
    assert "say which by --dates" in auditor.remarks[0]


def test_the_copied_table_of_orders_is_read_row_by_row() -> None:
    auditor = audit_of("hyper_make_limit_order_2026-01-05_HYPE-hyna.tsv")
    (account,) = auditor.accounts.values()
    rows = account.rows["hyna:HYPE"]
    assert dict(rows.statuses) == {"Open": 54, "Canceled": 29, "Filled": 15}
    assert len(rows.open()) == 17
    assert auditor.damaged == 0


def test_odd_fills_count_as_they_are() -> None:
    auditor = audit_of("nautilus_http_user_fills_dust_conversion.json")
    (account,) = auditor.accounts.values()
    nets = {coin: ledger.net for coin, ledger in account.fills.items()}
    assert nets["@142"] == Decimal("-0.0000086141")
    assert not auditor.findings()


def test_every_file_is_read_and_what_is_no_message_is_said() -> None:
    names = sorted(path.name for path in Path(FOLDER).iterdir() if path.suffix != ".md")
    auditor = audit_of(*names)
    unreadable = [one for one in auditor.findings() if one.kind is Kind.UNREADABLE]
    assert {one.place.file for one in unreadable} == {"observed_exchange_answers.jsonl"}
    assert [one.place.line for one in unreadable] == [3, 4, 5, 6, 7, 8, 10, 11]
