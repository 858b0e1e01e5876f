"""Orders of a recording, as the reference has them: contradictions, and what is sent again."""

import json
from pathlib import Path
from typing import Any

from audited import audited, found
from fills_told import USER, Step, frame, told
from orders_told import CLOID, MARKETS, action, asks, order, place
from truebook.audit.auditor import Auditor
from truebook.audit.finding import Kind
from truebook.audit.report import summary_of

SECOND = 1_000


def audit_of(tmp_path: Path, *lines: bytes) -> Auditor:
    return audited(tmp_path, {"run.jsonl": b"".join(lines)})


def test_an_order_that_goes_its_way_breaks_nothing(tmp_path: Path) -> None:
    (fill,) = told([Step(3, 1, False)])
    auditor = audit_of(
        tmp_path,
        order(10, "open", left="3"),
        frame([fill]),
        order(10, "filled", at=10),
    )
    assert not auditor.findings()
    assert not summary_of(auditor, ["run.jsonl"]).open


def test_an_order_that_is_open_at_the_end_is_shown(tmp_path: Path) -> None:
    auditor = audit_of(tmp_path, order(10, "open", left="3"))
    (left,) = summary_of(auditor, ["run.jsonl"]).open
    assert (left.id, left.market, left.side, left.state) == ("10", "BTC", "buy", "resting")


def test_an_order_that_is_rejected_after_it_has_filled_is_contradictory(tmp_path: Path) -> None:
    fills = told([Step(1, 1, False)])
    auditor = audit_of(
        tmp_path,
        order(10, "open", left="3"),
        frame(fills),
        order(10, "canceled", left="2", at=SECOND),
        order(10, "filled", at=2 * SECOND),
    )
    assert [one.place.line for one in found(auditor, Kind.ORDERS)]


def test_more_than_the_size_is_said_at_the_fill(tmp_path: Path) -> None:
    (fill,) = told([Step(4, 1, False)])
    auditor = audit_of(tmp_path, order(10, "open", left="3"), frame([fill]))
    (finding,) = found(auditor, Kind.ORDERS)
    assert (finding.place.line, finding.market) == (2, "BTC")
    assert "has filled 1 beyond its size" in finding.words


def test_a_word_that_no_book_takes_is_said_and_the_others_count(tmp_path: Path) -> None:
    odd = order(10, "open", left="3").replace(b'"100.0"', b'"1e3"')
    auditor = audit_of(tmp_path, odd, order(11, "open", left="3"))
    (finding,) = found(auditor, Kind.UNREADABLE)
    assert (finding.place.line, "'1e3' is no number" in finding.words) == (1, True)
    assert [one.id for one in summary_of(auditor, ["run.jsonl"]).open] == ["11"]


def test_an_order_that_is_sent_twice_is_said(tmp_path: Path) -> None:
    rests = {"resting": {"oid": 10, "cloid": CLOID}}
    auditor = audit_of(
        tmp_path,
        MARKETS,
        action(2, place(CLOID), rests),
        action(3, place(CLOID), rests, at=SECOND),
    )
    (finding,) = found(auditor, Kind.TWICE)
    assert finding.place.line == 5


def nameless(price: str = "100") -> dict[str, Any]:
    what = place(CLOID)
    del what["orders"][0]["c"]
    what["orders"][0]["p"] = price
    return what


def test_a_word_that_comes_before_the_answer_is_of_the_order_that_was_sent(tmp_path: Path) -> None:
    request, answer = action(2, nameless(), {"resting": {"oid": 10}}, at=10).splitlines(True)
    lines = (request, order(10, "open", left="3"), answer, order(10, "canceled", left="3", at=20))
    auditor = audit_of(tmp_path, MARKETS, *lines)
    assert not auditor.findings()
    summary = summary_of(auditor, ["run.jsonl"])
    assert (summary.orders, summary.open) == (1, [])


def test_of_two_that_are_alike_the_answers_say_which_is_which(tmp_path: Path) -> None:
    first, answer = action(2, nameless(), {"resting": {"oid": 10}}, at=10).splitlines(True)
    second, other = action(3, nameless(), {"resting": {"oid": 11}}, at=10).splitlines(True)
    words = order(10, "open", left="3"), order(11, "open", left="3")
    auditor = audit_of(tmp_path, MARKETS, first, second, *words, answer, other)
    assert not auditor.findings()
    assert [one.id for one in summary_of(auditor, ["run.jsonl"]).open] == ["10", "11"]


def test_what_is_over_and_cancelled_again_and_again_is_said(tmp_path: Path) -> None:
    cancel = {"type": "cancel", "cancels": [{"a": 0, "o": 10}]}
    cancels = [action(10 + n, cancel, "success", at=n * 100) for n in range(6)]
    auditor = audit_of(
        tmp_path, MARKETS, action(2, place(CLOID), {"resting": {"oid": 10}}), *cancels
    )
    assert len(found(auditor, Kind.LOOP)) == 1


def test_a_position_that_is_not_that_of_the_fills_is_said(tmp_path: Path) -> None:
    fills = told([Step(3, 1, False), Step(2, 1, False)])
    position = {"coin": "BTC", "szi": "9.0", "leverage": {"type": "cross", "value": 1}}
    state = {
        "assetPositions": [{"type": "oneWay", "position": position}],
        "time": 1_700_000_100_000,
    }
    recorded = json.loads((Path(__file__).parent / "state.json").read_text("utf-8"))
    answer = recorded | {"time": state["time"]}
    answer["assetPositions"][0]["position"] |= {"coin": "BTC", "szi": "9.0"}
    question = {"type": "clearinghouseState", "user": USER}
    auditor = audit_of(tmp_path, frame(fills), asks(1, "/info", question, answer))
    (finding,) = found(auditor, Kind.POSITION)
    assert finding.words == "the venue's position is 9.0, behind the last fill it was 5"
    answer["assetPositions"][0]["position"] |= {"szi": "5.0"}
    assert not audit_of(tmp_path, frame(fills), asks(1, "/info", question, answer)).findings()
