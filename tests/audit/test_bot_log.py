"""A bot's own log: its events told to a reference book, and what it showed held against that."""

import json
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from audited import found
from truebook.audit.auditor import Auditor
from truebook.audit.finding import Finding, Held, Kind
from truebook.audit.jobs import Task, fold
from truebook.audit.reading import NotApartError, read
from truebook.audit.report import summary_of
from truebook.audit.share import Share

REGISTER = {"type": "register", "cloid": "c1", "side": "buy", "price": "100", "size": "10"}
FILL = {"type": "fill", "oid": "101", "tid": "t1", "side": "buy", "size": "4", "price": "100"}
FILL |= {"time": "1", "cloid": "c1", "crossed": "false"}
OPEN = {"type": "answer", "cloid": "c1", "oid": "101", "side": "buy", "price": "100"}
OVER = {"type": "status", "oid": "101", "status": "cancelled"}
RESET = {"type": "reset", "seq": 1, "case": "mine", "config": {"fill_window_duration": "60"}}
ROOT = Path(__file__).parents[2]


def step(event: object, at: int = 1) -> dict[str, Any]:
    return {"type": "step", "seq": 1, "at": str(at), "event": event}


def state(position: str) -> dict[str, Any]:
    return {"type": "state", "seq": 1, "position": position}


def audit_of(tmp_path: Path, *lines: object) -> Auditor:
    path = tmp_path / "bot.jsonl"
    path.write_text("".join(json.dumps(one) + "\n" for one in lines))
    auditor = Auditor()
    for seen in read(path):
        auditor.take(seen)
    auditor.finish()
    return auditor


def verdict(auditor: Auditor, kind: Kind) -> Held:
    return next(one.held for one in auditor.verdicts() if one.promise == kind)


def only(auditor: Auditor) -> Finding:
    (finding,) = auditor.findings()
    return finding


def test_a_log_that_is_right_breaks_nothing(tmp_path: Path) -> None:
    lines = (RESET, state("0"), step(REGISTER), state("0"), step(FILL), state("4"))
    auditor = audit_of(tmp_path, *lines, step(FILL), state("4"), step(OPEN), state("4"))
    assert not auditor.findings()
    held = {one.promise: one.held for one in auditor.verdicts()}
    assert held.pop(Kind.MISSING) is Held.INCONCLUSIVE
    assert set(held.values()) == {Held.HELD}
    summary = summary_of(auditor, ["bot.jsonl"])
    (market,) = summary.markets
    assert (market.market, market.fills, market.told_again) == ("bot.jsonl", 1, 1)
    assert market.net == market.end == Decimal(4)
    (order,) = summary.open
    assert (order.id, str(order.filled), order.state) == ("101", "4", "partially filled")
    assert (summary.orders, summary.requests) == (1, 1)


def test_a_position_that_is_not_that_of_the_fills_is_said_once_with_its_line(
    tmp_path: Path,
) -> None:
    wrong = (step(REGISTER), step(FILL), step(FILL), state("8"), state("8"))
    finding = only(audit_of(tmp_path, *wrong))
    assert (finding.kind, finding.place.line) == (Kind.POSITION, 4)
    assert finding.words == "the bot shows a position of 8, its fills come to 4"


def test_a_fill_that_is_told_otherwise_is_said(tmp_path: Path) -> None:
    finding = only(audit_of(tmp_path, step(REGISTER), step(FILL), step({**FILL, "size": "5"})))
    assert (finding.kind, finding.place.line) == (Kind.OTHERWISE, 3)


def test_more_than_the_size_is_said(tmp_path: Path) -> None:
    finding = only(audit_of(tmp_path, step(REGISTER), step({**FILL, "size": "11"})))
    assert (finding.kind, finding.words) == (Kind.ORDERS, "order 101 has filled 1 beyond its size")


def test_an_order_that_is_sent_twice_is_said(tmp_path: Path) -> None:
    finding = only(audit_of(tmp_path, step(REGISTER), step(REGISTER)))
    assert (finding.kind, finding.place.line) == (Kind.TWICE, 2)


@pytest.mark.parametrize(("times", "held"), [(4, Held.HELD), (5, Held.BROKEN), (7, Held.BROKEN)])
def test_a_cancel_of_what_is_over_again_and_again_is_said(
    tmp_path: Path, times: int, held: Held
) -> None:
    cancels = [step({"type": "cancel", "id": "101"}, at) for at in range(2, 2 + times)]
    auditor = audit_of(tmp_path, step(REGISTER), step(OPEN), step(OVER), *cancels)
    assert verdict(auditor, Kind.LOOP) is held
    assert len(found(auditor, Kind.LOOP)) == (held is Held.BROKEN)


def test_the_venues_position_is_held_against_the_fills(tmp_path: Path) -> None:
    told = {"type": "position", "position": "7"}
    finding = only(audit_of(tmp_path, step(REGISTER), step(FILL), step(told)))
    assert finding.words == "the venue's position is 7, the fills come to 4"


def test_a_reset_begins_anew(tmp_path: Path) -> None:
    run = (RESET, step(REGISTER), step(FILL), state("4"))
    assert not audit_of(tmp_path, *run, *run).findings()


@pytest.mark.parametrize(
    ("odd", "why"),
    [
        (step({"type": "fil"}), "'fil' is no type of event"),
        (step({**FILL, "size": "x"}), "size"),
        (step(7), "it is no object"),
        (step({**FILL, "answers": "1"}), "answers"),
        ({"at": 1, "event": FILL}, "no time as a text"),
        (step({"type": "answer", **OPEN, "answers": "nobody"}), "nobody"),
        (state("x"), "a position of 'x'"),
        ({"type": "state", "position": 4}, "a position of 4"),
    ],
)
def test_what_is_no_event_is_said_and_the_others_count(
    tmp_path: Path, odd: object, why: str
) -> None:
    auditor = audit_of(tmp_path, step(REGISTER), odd, step(FILL), state("4"))
    finding = only(auditor)
    assert (finding.kind, finding.place.line) == (Kind.UNREADABLE, 2)
    assert why in finding.words
    assert auditor.logs[finding.place.file].fills == 1


def test_a_case_is_read_whole() -> None:
    auditor = Auditor()
    for seen in read(ROOT / "specs/truebook/oracle/cases/races/duplicate-tid.json"):
        auditor.take(seen)
    auditor.finish()
    assert not auditor.findings()
    (log,) = auditor.logs.values()
    assert log.fills > 0
    assert log.again > 0


def test_every_case_that_is_shipped_can_be_read() -> None:
    for path in sorted((ROOT / "specs/truebook/oracle/cases/races").glob("*.json")):
        auditor = Auditor()
        for seen in read(path):
            auditor.take(seen)
        auditor.finish()
        assert auditor.logs, path
        assert not found(auditor, Kind.UNREADABLE), path


def test_one_process_reads_it(tmp_path: Path) -> None:
    audit_of(tmp_path, step(REGISTER))
    with pytest.raises(NotApartError):
        fold(Task([tmp_path / "bot.jsonl"], None, Share(0, 2)), lambda *words: None)
