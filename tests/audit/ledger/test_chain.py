"""Each fill begins where the one before it ended: gaps are found, and nothing else."""

from decimal import Decimal
from pathlib import Path
from tempfile import TemporaryDirectory

from hypothesis import assume, given
from hypothesis import strategies as st

from audited import audited, found
from fills_told import Step, frame, line, net, steps, told
from truebook.audit.auditor import Auditor
from truebook.audit.finding import Kind
from truebook.audit.ledger import FillLedger


def audit_of(*lines: bytes) -> Auditor:
    with TemporaryDirectory() as folder:
        return audited(Path(folder), {"fills.jsonl": b"".join(lines)})


def ledger_of(auditor: Auditor) -> FillLedger:
    (account,) = auditor.accounts.values()
    return account.fills["BTC"]


@given(steps, st.integers(-5, 5))
def test_nothing_is_missing_where_every_fill_is_there(walk: list[Step], start: int) -> None:
    fills = told(walk, start=start)
    for lines in (
        [frame([fill]) for fill in fills],
        [frame(fills)],
        [frame(fills[::-1], snapshot=True)],
        [line(fill) for fill in fills],
        [line(fill) for fill in fills[::-1]],
        [line(fills[::-1])],
    ):
        auditor = audit_of(*lines)
        ledger = ledger_of(auditor)
        assert not found(auditor, Kind.MISSING)
        assert ledger.count == len(fills)
        assert ledger.net == net(fills)
        (stretch,) = ledger.chain.stretches
        assert stretch.end - stretch.start == net(fills)


@given(steps, st.integers(-5, 5))
def test_it_says_where_the_position_began_and_ended(walk: list[Step], start: int) -> None:
    apart = [Step(step.moved, max(1, step.later), step.with_oneself) for step in walk]
    fills = told(apart, start=start)
    for order in (fills, fills[::-1]):
        (stretch,) = ledger_of(audit_of(*(frame([fill]) for fill in order))).chain.stretches
        assert stretch.start == start
        assert stretch.end == start + net(fills)


@given(steps, st.data())
def test_what_is_told_again_counts_once(walk: list[Step], data: st.DataObject) -> None:
    fills = told(walk)
    first = data.draw(st.integers(0, len(fills) - 1))
    last = data.draw(st.integers(first + 1, len(fills)))
    auditor = audit_of(*(frame([fill]) for fill in fills), frame(fills[first:last], snapshot=True))
    ledger = ledger_of(auditor)
    assert ledger.count == len(fills)
    assert ledger.again == last - first
    assert ledger.net == net(fills)
    assert not found(auditor, Kind.MISSING)
    assert not found(auditor, Kind.OTHERWISE)


@given(steps, st.data())
def test_a_fill_that_is_missing_is_said_with_its_amount(
    walk: list[Step], data: st.DataObject
) -> None:
    apart = [Step(step.moved, max(1, step.later), False) for step in walk]
    assume(len(apart) > 2)
    fills = told(apart)
    lost = data.draw(st.integers(1, len(fills) - 2))
    left = fills[:lost] + fills[lost + 1 :]
    auditor = audit_of(*(frame([fill]) for fill in left))
    (gap,) = ledger_of(auditor).chain.gaps()
    assert gap.amount == net([fills[lost]])
    assert (gap.before.line, gap.after.line) == (lost, lost + 1)
    (finding,) = found(auditor, Kind.MISSING)
    assert finding.place == gap.before
    assert finding.until == gap.after


@given(steps, st.data())
def test_a_fill_that_comes_late_closes_its_gap(walk: list[Step], data: st.DataObject) -> None:
    fills = told(walk)
    late = data.draw(st.integers(0, len(fills) - 1))
    where = data.draw(st.integers(late, len(fills) - 1))
    order = [*fills[:late], *fills[late + 1 : where + 1], fills[late], *fills[where + 1 :]]
    auditor = audit_of(*(frame([fill]) for fill in order))
    assert ledger_of(auditor).net == net(fills)
    times = [fill["time"] for fill in order]
    pairs = {fill["hash"] for fill in fills if sum(f["hash"] == fill["hash"] for f in fills) > 1}
    assume(fills[late]["hash"] not in pairs or sorted(times) == times)
    assert not found(auditor, Kind.MISSING)


def test_both_legs_of_a_trade_with_oneself_count() -> None:
    fills = told([Step(3, 1, False), Step(5, 1, True), Step(-1, 1, False)])
    ledger = ledger_of(audit_of(frame(fills)))
    assert (ledger.count, ledger.net) == (4, Decimal(2))


def test_half_of_a_trade_with_oneself_is_a_gap() -> None:
    fills = told([Step(3, 1, False), Step(5, 1, True), Step(-1, 1, False)])
    (gap,) = ledger_of(audit_of(frame([fills[0], fills[1], fills[3]]))).chain.gaps()
    assert gap.amount == -5


def test_what_is_told_again_otherwise_is_said() -> None:
    (fill,) = told([Step(3, 1, False)])
    auditor = audit_of(frame([fill]), frame([fill | {"sz": "4"}]))
    (finding,) = found(auditor, Kind.OTHERWISE)
    assert finding.place.line == 2
    assert ledger_of(auditor).net == 3
