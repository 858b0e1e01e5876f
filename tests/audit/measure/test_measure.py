"""What an audit finds of what went wrong, pinned; and that the measure can come out otherwise."""

from pathlib import Path

import pytest

from truebook.audit.auditor import Auditor
from truebook.audit.finding import Finding, Kind
from truebook.audit.measure.drive import LIMIT, plan_of, recorded
from truebook.audit.measure.measured import Measured, measured
from truebook.audit.measure.tally import KINDS, Tally
from truebook.audit.measure.text import blocks
from truebook.audit.seen import Place
from truebook.screen.layout import laid_out

HERE = Path(__file__).parent
PAGE = Path(__file__).parents[3] / "docs" / "audit.md"
FEW, MANY = range(1, 9), range(1, 201)


def of(folder: Path, seeds: range) -> Tally:
    """Return the measure of bots of a script, as `truebook audit --measure` makes it."""
    found = []
    for seed in seeds:
        path = folder / f"plan-{seed}.jsonl"
        recorded(path, seed)
        found.append(measured(path, limit=LIMIT, ended=True))
        path.unlink()
    return Tally.of(found)


def shown(tally: Tally) -> str:
    return "".join(f"{line}\n" for _, line in laid_out(blocks(tally)))


@pytest.fixture(scope="module")
def recording(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("recorded") / "one.jsonl"
    recorded(path, 2)
    return path


def test_a_few_recordings_come_to_what_is_pinned(tmp_path: Path) -> None:
    tally = of(tmp_path, FEW)
    assert shown(tally) == (HERE / "few.txt").read_text("utf-8")
    assert tally.is_right


def test_two_hundred_recordings_come_to_what_is_pinned(tmp_path: Path) -> None:
    tally = of(tmp_path, MANY)
    assert shown(tally) == (HERE / "many.txt").read_text("utf-8")
    assert len(tally.missed) + len(tally.false) <= 2, "the two that the page names, and is to lose"


def test_the_page_has_the_table_that_is_pinned() -> None:
    pinned = (HERE / "many.txt").read_text("utf-8")
    assert pinned in PAGE.read_text("utf-8")
    told = pinned.splitlines()
    for kind in KINDS:
        assert any(line.startswith(kind) for line in told), f"{kind} never happened"


def test_every_kind_of_fault_has_its_turn() -> None:
    turns = {f"{fault.message} {fault.do}" for seed in MANY for fault in plan_of(seed).faults[:1]}
    assert turns == set(KINDS)


def test_a_recording_is_the_same_each_time(recording: Path, tmp_path: Path) -> None:
    again = tmp_path / "again.jsonl"
    recorded(again, 2)
    assert again.read_bytes() == recording.read_bytes()


def test_an_audit_that_finds_nothing_misses_all(
    recording: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(Auditor, "findings", lambda auditor: [])
    tally = Tally.of([measured(recording, limit=LIMIT, ended=True)])
    assert not tally.is_right
    assert (tally.all.found, tally.all.missed) == (0, tally.all.visible)
    assert tally.all.missed > 0
    assert "missed" in shown(tally).splitlines()


@pytest.mark.parametrize("kind", Kind)
def test_what_is_not_so_is_a_false_alarm(
    recording: Path, monkeypatch: pytest.MonkeyPatch, kind: Kind
) -> None:
    place = Place("one.jsonl", 1)
    wrong = Finding(kind=kind, words="order 99999: it is not so", place=place, market="SOL")
    monkeypatch.setattr(Auditor, "findings", lambda auditor: [wrong])
    one: Measured = measured(recording, limit=LIMIT, ended=True)
    assert one.false == (wrong,)
    assert "1 false alarm" in shown(Tally.of([one]))
