"""Whatever is broken of a journal: it is the book of all its calls, or it is refused as damaged.

`Judge.look` holds `load`, `verify`, `repair` and opening to that; here each kind is drawn from,
and bench/journal_damage.py tries every one.
"""

import shutil
from collections.abc import Callable
from pathlib import Path
from subprocess import CompletedProcess
from types import ModuleType
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from truebook.impl.journal.head import read_head
from truebook.impl.journal.journaled_book import (
    DamagedError,
    JournaledBook,
    JournalError,
    calls_of,
    load,
    repair,
    verify,
)

CALLS = 40
sampled = settings(max_examples=60)


@pytest.fixture(scope="module")
def judge(breaking: ModuleType, tmp_path_factory: pytest.TempPathFactory) -> Any:
    return breaking.Judge(CALLS, tmp_path_factory.mktemp("judged"), snapshots=True)


@pytest.fixture(scope="module")
def states(breaking: ModuleType) -> list[Any]:
    """Return the files of a journal that was killed, and of two that were closed."""
    return [
        breaking.made(CALLS),
        breaking.made(CALLS, closed=True),
        breaking.made(CALLS, closed=True, snapshot_every=25),
    ]


def test_what_is_not_broken_is_read(judge: Any, states: list[Any]) -> None:
    for files in states:
        assert judge.look(files) == f"{CALLS} calls read"


@sampled
@given(data=st.data())
def test_a_bit_changed_anywhere(
    breaking: ModuleType, judge: Any, states: list[Any], data: st.DataObject
) -> None:
    files = data.draw(st.sampled_from(states))
    end = data.draw(st.sampled_from(sorted(files)))
    at = data.draw(st.integers(0, len(files[end]) - 1))
    judge.look(breaking.flipped(files, end, at, data.draw(st.integers(0, 7))))


def test_a_bit_changed_of_the_header(breaking: ModuleType, judge: Any, states: list[Any]) -> None:
    seen = {
        judge.look(breaking.flipped(states[1], "", at, bit))
        for at in range(100)
        for bit in (0, at % 8)
    }
    assert f"{CALLS} calls read" in seen
    assert f"refused with {CALLS} calls to save" in seen


@sampled
@given(data=st.data())
def test_a_file_cut_anywhere(
    breaking: ModuleType, judge: Any, states: list[Any], data: st.DataObject
) -> None:
    files = data.draw(st.sampled_from(states))
    end = data.draw(st.sampled_from(sorted(files)))
    what = judge.look(breaking.cut(files, end, data.draw(st.integers(0, len(files[end]) - 1))))
    if end != "-head":  # of that, one of two slots is enough
        assert what.startswith("refused")


def test_a_log_that_ends_with_any_frame(
    breaking: ModuleType, judge: Any, states: list[Any]
) -> None:
    """Each of these is a right log for SQLite, of fewer calls."""
    for count in range(0, len(breaking.frames_of(states[0])), 7):
        log = breaking.LOG_HEADER + count * breaking.FRAME
        what = judge.look(breaking.cut(states[0], "-wal", log))
        assert what.startswith("refused"), count


@sampled
@given(data=st.data())
def test_pages_anywhere_else(
    breaking: ModuleType, judge: Any, states: list[Any], data: st.DataObject
) -> None:
    files = data.draw(st.sampled_from(states[1:]))
    alone = {"": files[""]}
    pages = range(len(files[""]) // breaking.PAGE)
    one = data.draw(st.sampled_from(pages))
    other = data.draw(st.none() | st.sampled_from([page for page in pages if page != one]))
    chosen, both = data.draw(st.sampled_from([files, alone])), data.draw(st.booleans())
    what = judge.look(breaking.paged(chosen, one, other, both=both))
    assert what.startswith("refused")


@settings(max_examples=25)
@given(data=st.data())
def test_frames_anywhere_else(
    breaking: ModuleType, judge: Any, states: list[Any], data: st.DataObject
) -> None:
    files = states[0]
    frames = range(len(breaking.frames_of(files)))
    one = data.draw(st.sampled_from(frames))
    other = data.draw(st.none() | st.sampled_from([frame for frame in frames if frame != one]))
    judge.look(breaking.framed(files, one, other, both=data.draw(st.booleans())))
    assert judge.look(breaking.unframed(files, one)).startswith("refused")


def test_files_missing_older_or_of_another_journal(breaking: ModuleType, judge: Any) -> None:
    for name, broken in breaking.strangers(CALLS):
        seen = {judge.look(files) for files in broken}
        assert f"{CALLS} calls read" in seen, name  # an older head record says less, not else
        assert "refused with 0 calls to save" in seen, name
        assert any(what.startswith("refused with 20") for what in seen), name


def test_a_loss_of_power(breaking: ModuleType) -> None:
    """`power` raises where a durable call is lost, or what is left makes a wrong book."""
    assert "durable: 12 tried; every book right, and none refused" in breaking.power(12)


# What is said of it


def filled(path: Path, calls: int) -> None:
    """Leave a journal as a kill does: every call in its log."""
    source = path.with_name(f"{path.name}.source")
    with JournaledBook(source, snapshot_every=0) as book:
        for n in range(1, calls + 1):
            book.process_fill(n, n, 1, 100, True, time=n, now=n)
        for end in ("", "-wal", "-head"):
            shutil.copy(f"{source}{end}", f"{path}{end}")


def test_a_frame_changed_in_the_log_loses_no_later_call_unseen(
    tmp_path: Path, truebook: Callable[..., CompletedProcess[str]]
) -> None:
    path, new = tmp_path / "j", tmp_path / "new"
    filled(path, 90)
    log = Path(f"{path}-wal")
    data = bytearray(log.read_bytes())
    data[32 + 4120 * 67 + 24 + 200] ^= 1
    log.write_bytes(data)
    with pytest.raises(DamagedError, match="is not as written after event 65") as refused:
        load(path)
    health = verify(path)
    assert (health.events, health.beyond) == (refused.value.savable, refused.value.beyond)
    assert repair(path, new) == health.events
    Path(f"{path}-head").unlink()  # what follows in the log shows it by itself
    with pytest.raises(DamagedError, match="is not as written after event 65"):
        load(path)


def test_a_log_without_its_end_is_said_to_be(tmp_path: Path) -> None:
    path = tmp_path / "j"
    filled(path, 90)
    log = Path(f"{path}-wal")
    log.write_bytes(log.read_bytes()[: 32 + 4120 * 50])
    for read in (load, JournaledBook, lambda path: list(calls_of(path))):
        with pytest.raises(DamagedError, match="91 events were written, and it ends with event 4"):
            read(path)


def test_events_beyond_one_that_is_lost_are_counted(
    tmp_path: Path, truebook: Callable[..., CompletedProcess[str]]
) -> None:
    path, new = tmp_path / "j", tmp_path / "new"
    filled(path, 40)
    data = Path(f"{path}-wal").read_bytes()
    Path(f"{path}-wal").write_bytes(data.replace(b'"tid":30,', b'"tid":31,'))
    with pytest.raises(DamagedError, match="first 30 events can be saved, and 10 beyond the first"):
        load(path)
    done = truebook("journal", "verify", str(path))
    assert done.returncode == 1
    assert "10 stand beyond the first that is lost: only by a snapshot" in done.stdout
    done = truebook("journal", "repair", str(path), "--into", str(new))
    assert done.stdout.splitlines()[0] == f"{new}: 30 events saved"
    assert "10 stand beyond the first" in done.stdout
    assert load(new)[1] == 29
    assert "stand" not in truebook("journal", "repair", str(new), "--into", f"{new}2").stdout


def test_the_head_record_is_missed_where_the_file_cannot_speak_for_itself(tmp_path: Path) -> None:
    path = tmp_path / "j"
    filled(path, 20)
    Path(f"{path}-head").unlink()
    with pytest.raises(DamagedError, match=r"j-head is not beside it.*first 21 events"):
        load(path)
    Path(f"{path}-head").write_bytes(bytes(56))
    with pytest.raises(DamagedError, match="j-head is not as written"):
        JournaledBook(path)
    alone = tmp_path / "alone"
    shutil.copy(tmp_path / "j.source", alone)  # it was closed, and marked how far it goes
    with JournaledBook(alone) as book:
        assert book.calls_written == 20
        noted = read_head(alone)
        assert noted is not None
        assert noted.seq == 21


def test_a_file_alone_that_was_not_closed_cannot_speak_for_itself(tmp_path: Path) -> None:
    path, alone = tmp_path / "j", tmp_path / "alone"
    with JournaledBook(path) as book:
        book.tick(1)
        assert book._journal is not None
        book._journal.connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        shutil.copy(path, alone)
    with pytest.raises(DamagedError, match="alone-head is not beside it"):
        load(alone)


def test_a_last_frame_that_was_cut_gives_what_it_has(tmp_path: Path) -> None:
    path, new = tmp_path / "j", tmp_path / "new"
    filled(path, 40)
    log = Path(f"{path}-wal")
    log.write_bytes(log.read_bytes()[:-10])
    with pytest.raises(DamagedError, match="41 events were written, and it ends with event 40"):
        load(path)
    assert repair(path, new) == 41


def test_a_page_lost_before_a_snapshot_is_seen_and_costs_nothing(
    breaking: ModuleType, tmp_path: Path
) -> None:
    path, new = tmp_path / "j", tmp_path / "new"
    files = breaking.made(120, closed=True, snapshot_every=100)
    places = [at for at in range(0, len(files[""]), breaking.PAGE) if files[""][at] == 0x0D]
    lost = next(at for at in places if b'["begin"' in files[""][at : at + breaking.PAGE])
    breaking.put(path, breaking.paged(files, lost // breaking.PAGE, None))
    with pytest.raises(DamagedError, match="first 0 events can be saved, and 90 beyond"):
        load(path)
    assert repair(path, new) == 121
    with JournaledBook(new) as book:
        assert book.to_json() == breaking.told(120)[-1]
        book.tick(book.now + 1)
    assert verify(new, replay=True).damage == ""


@pytest.mark.parametrize("at", [16, 18, 19, 21])
def test_a_header_that_would_change_how_it_is_written_is_refused(
    breaking: ModuleType, states: list[Any], tmp_path: Path, at: int
) -> None:
    path = tmp_path / "j"
    for bit in range(8):
        breaking.put(path, breaking.flipped(states[1], "", at, bit))
        with pytest.raises(DamagedError):
            JournaledBook(path)


def test_an_older_file_in_the_place_of_a_newer_is_noticed(tmp_path: Path) -> None:
    path = tmp_path / "j"
    for n in (1, 2):
        with JournaledBook(path) as book:
            book.tick(n)
        shutil.copy(path, tmp_path / f"old{n}")
    shutil.copy(tmp_path / "old1", path)
    with pytest.raises(DamagedError, match="3 events were written, and it ends with event 2"):
        JournaledBook(path)
    shutil.copy(tmp_path / "old2", path)
    assert load(path)[1] == 2


def test_another_journal_is_told_by_the_head_record(tmp_path: Path) -> None:
    """Of the same calls, so that nothing but its name is another."""
    for name in ("one", "two"):
        with JournaledBook(tmp_path / name) as book:
            book.tick(1)
    shutil.copy(tmp_path / "two", tmp_path / "one")
    with pytest.raises(DamagedError, match="event 2 is another one than one-head tells of"):
        load(tmp_path / "one")


def test_the_log_of_another_journal_is_not_saved_as_this_one(tmp_path: Path) -> None:
    mine, others = tmp_path / "mine", tmp_path / "others"
    filled(mine, 5)
    filled(others, 9)
    shutil.copy(f"{others}-wal", f"{mine}-wal")
    with pytest.raises(DamagedError) as refused:
        load(mine)
    assert refused.value.savable == 1


def test_a_table_of_another_name_is_damage(tmp_path: Path) -> None:
    path = tmp_path / "j"
    JournaledBook(path).close()
    path.write_bytes(path.read_bytes().replace(b"tableevent", b"tableeven5"))
    for read in (load, JournaledBook, lambda path: list(calls_of(path))):
        with pytest.raises(DamagedError):
            read(path)


def test_a_journal_is_not_begun_where_another_one_s_head_record_lies(tmp_path: Path) -> None:
    path = tmp_path / "j"
    JournaledBook(path).close()
    path.unlink()
    with pytest.raises(JournalError, match="j-head is the head record of a journal that is not"):
        JournaledBook(path)
    Path(f"{path}-head").unlink()
    JournaledBook(path).close()
