"""A file that grows: each line once it is whole, and what became of the file with its line."""

from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from fills_told import Step, line, told
from truebook.audit.reading import Growing, kind_of, opened
from truebook.audit.seen import Damaged, FillLines, Remark, Seen

GOOD = [line(fill) for fill in told([Step(1, 1, False)] * 9)]


@pytest.fixture
def path(tmp_path: Path) -> Path:
    path = tmp_path / "run.jsonl"
    path.write_bytes(GOOD[0])
    return path


@pytest.fixture
def growing(path: Path) -> Iterator[Growing]:
    with closing(Growing.of(path)) as growing:
        yield growing


def append(path: Path, content: bytes) -> None:
    with path.open("ab") as file:
        file.write(content)


def lines(seen: list[Seen]) -> list[int]:
    """Return the lines of the fills."""
    found: list[int] = []
    for one in seen:
        if isinstance(one, FillLines):
            found += range(one.place.line, one.place.line + len(one.fills))
    return found


def test_what_comes_is_read_once(growing: Growing, path: Path) -> None:
    assert lines(list(growing.more())) == [1]
    assert list(growing.more()) == []
    append(path, GOOD[1] + GOOD[2])
    assert lines(list(growing.more())) == [2, 3]
    assert (growing.line, growing.gone) == (3, False)


@pytest.mark.parametrize("at", [1, 30, len(GOOD[1]) - 1])
def test_a_line_that_is_not_finished_waits_for_its_rest(
    growing: Growing, path: Path, at: int
) -> None:
    append(path, GOOD[1][:at])
    assert lines(list(growing.more())) == [1]
    append(path, GOOD[1][at:])
    assert lines(list(growing.more())) == [2]
    append(path, GOOD[2][:-1])
    assert list(growing.more()) == []
    assert lines(list(growing.end())) == [3]


def test_a_file_that_becomes_shorter_is_said_and_read_from_its_beginning(
    growing: Growing, path: Path
) -> None:
    append(path, GOOD[1] + GOOD[2][:30])
    list(growing.more())
    path.write_bytes(GOOD[3])
    seen = list(growing.more())
    torn, said, *rest = seen
    assert isinstance(torn, Damaged)
    assert isinstance(said, Damaged)
    assert (torn.place.line, said.place.line) == (3, 3)
    assert said.what == "what may have come behind this line"
    assert lines(rest) == [1]
    append(path, GOOD[4])
    assert lines(list(growing.more())) == [2]


def test_one_that_was_written_over_and_is_longer_now_is_found(growing: Growing, path: Path) -> None:
    list(growing.more())
    path.write_bytes(GOOD[1] + GOOD[2])
    said, *rest = growing.more()
    assert isinstance(said, Damaged)
    assert "it is read from its beginning" in said.why
    assert lines(rest) == [1, 2]


def test_of_one_that_is_replaced_nothing_is_lost(growing: Growing, path: Path) -> None:
    list(growing.more())
    append(path, GOOD[1] + GOOD[2][:-1])  # the last has no end, and gets none
    path.rename(path.with_suffix(".1"))
    assert lines(list(growing.more())) == [2]
    assert growing.gone
    path.write_bytes(GOOD[3] + GOOD[4])
    seen = list(growing.more())
    assert lines(seen) == [3, 1, 2]
    (said,) = (one for one in seen if isinstance(one, Remark))
    assert said.words == "behind line 3 another file took its place, with lines from 1 on"
    assert not growing.gone


def test_a_line_without_end_is_said_once_it_ends(
    growing: Growing, path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(opened, "LONGEST", 1 << 18)
    append(path, b"x" * (1 << 19))
    assert lines(list(growing.more())) == [1]
    append(path, b"\n" + GOOD[1])
    damaged, *rest = growing.more()
    assert isinstance(damaged, Damaged)
    assert damaged.place.line == 2
    assert lines(rest) == [3]


@pytest.mark.parametrize(
    ("content", "kind"),
    [
        (b"", ""),
        (GOOD[0], ""),
        (b'{"channel":', ""),
        (b"time,coin,dir,px,sz\n", "a table of trades"),
        (b"13/12/2025 - 10:00:00\tLimit\n", "a table of orders"),
        (b'[\n{"a":1}\n]', "one value over several lines"),
        (b"\x1f\x8b\x08", "packed"),
        (b"\x28\xb5\x2f\xfd", "packed"),
    ],
)
def test_what_does_not_grow_line_by_line_is_told(tmp_path: Path, content: bytes, kind: str) -> None:
    path = tmp_path / "f"
    path.write_bytes(content)
    assert kind_of(path) == kind
