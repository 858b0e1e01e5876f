"""Files that are audited as they grow: what is said on the way, and that the end is the same."""

import threading
from collections.abc import Sequence
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import attrs
import pytest
from hypothesis import given
from hypothesis import strategies as st

from audited import said
from fills_told import Step, line, told
from lives_told import lines_of, streams
from truebook.audit.auditor import Auditor
from truebook.audit.finding import Finding
from truebook.audit.following import Following
from truebook.audit.reading import read

FILLS = [line(fill) for fill in told([Step(1, 1, False)] * 12)]


@attrs.define
class Run:
    """An audit that follows some files, and what it said."""

    following: Following
    found: list[str] = attrs.field(factory=list)
    gone: list[str] = attrs.field(factory=list)
    remarks: list[str] = attrs.field(factory=list)

    @classmethod
    def of(cls, *paths: Path) -> "Run":
        run = cls(Following(lambda found, gone: None, lambda words: None, threading.Event()))
        run.following.say = run._say
        run.following.remark = run.remarks.append
        list(run.following.catch_up(paths, None))
        run.following.ended.set()  # `go_on` looks once more, and ends
        return run

    def _say(self, found: Sequence[Finding], gone: Sequence[Finding]) -> None:
        self.found += [one.words for one in found]
        self.gone += [one.words for one in gone]

    def look(self) -> None:
        self.following._look()

    def end(self) -> Auditor:
        self.following.go_on()
        self.following.close()
        self.following.auditor.finish()
        return self.following.auditor


def append(path: Path, content: bytes) -> None:
    with path.open("ab") as file:
        file.write(content)


@pytest.fixture
def path(tmp_path: Path) -> Path:
    path = tmp_path / "run.jsonl"
    path.write_bytes(FILLS[0] + FILLS[1])
    return path


def test_what_is_missing_is_said_when_it_is_and_unsaid_when_it_was_late(path: Path) -> None:
    run = Run.of(path)
    append(path, FILLS[3])
    run.look()
    (gap,) = run.found
    assert gap == "the position went from 2 to 3 (+1) by no fill here"
    run.look()
    assert (len(run.found), run.gone) == (1, [])
    append(path, FILLS[2])
    run.look()
    assert run.gone == [gap]
    assert not run.end().findings()


def test_what_is_there_already_is_said_at_once(path: Path) -> None:
    append(path, b"nonsense\n" + FILLS[3])
    run = Run.of(path)
    assert len(run.found) == len(run.end().findings()) == 2


def test_several_grow_and_what_cannot_is_read_once(path: Path) -> None:
    other, table = path.with_name("other.jsonl"), path.with_name("trades.csv")
    other.write_bytes(FILLS[2])
    table.write_bytes(b"time,coin,dir,px,sz\n13/12/2025 - 10:00:00,ETH,Buy,1,2\n")
    run = Run.of(path, table, other)
    append(other, FILLS[3])
    append(path, FILLS[4])
    run.look()
    assert len(run.following.growing) == 2
    (account,) = run.end().accounts.values()
    assert (account.fills["BTC"].count, len(account.tables["ETH"].trades)) == (5, 1)


def test_that_another_took_its_place_is_said(path: Path) -> None:
    run = Run.of(path)
    path.rename(path.with_suffix(".1"))
    path.write_bytes(FILLS[2])
    run.look()
    assert run.remarks == [
        f"{path}: behind line 2 another file took its place, with lines from 1 on"
    ]
    assert not run.end().findings()


def test_that_it_was_ended_before_all_was_read_is_said(path: Path) -> None:
    append(path, b"nonsense\n" + FILLS[2])
    following = Following(lambda found, gone: None, lambda words: None, threading.Event())
    following.ended.set()
    assert len(list(following.catch_up((path, path), None))) == 1
    following.go_on()
    auditor = following.auditor
    assert auditor.remarks == [f"{path}: it is not read behind line 1: you ended the audit"]


@given(streams(), st.lists(st.integers(0, 4_000), max_size=4))
def test_at_the_end_it_says_what_is_said_of_the_whole(
    frames: list[dict[str, Any]], cuts: list[int]
) -> None:
    content = lines_of(frames)
    with TemporaryDirectory() as folder:
        path = Path(folder) / "run.jsonl"
        path.touch()
        run, at = Run.of(path), 0
        for cut in sorted((*cuts, len(content))):
            append(path, content[at : max(at, cut)])
            at = max(at, cut)
            run.look()
        run.end()
        whole = Auditor()
        for seen in read(path):
            whole.take(seen)
        whole.finish()
    assert said(run.following.auditor) == said(whole)
    assert {one.words for one in whole.findings()} == set(run.found) - (
        set(run.gone) - {one.words for one in whole.findings()}
    )
