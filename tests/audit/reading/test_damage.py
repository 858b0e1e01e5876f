"""What files have that they should not: each is said with its line, and the lines around count."""

import gzip
import json
import tracemalloc
from pathlib import Path
from typing import Any

import pytest
import zstandard

from audited import found
from fills_told import Step, frame, line, told
from truebook.audit.auditor import Auditor
from truebook.audit.finding import Kind
from truebook.audit.reading import Growing, read

FILLS = told([Step(1, 1, False)] * 5)
BEFORE, AFTER = FILLS[:2], FILLS[2:]


def changed(**fields: Any) -> bytes:
    """Return a fill that is like the third, but of an order and a number of its own."""
    return line(FILLS[2] | {"tid": 1, "oid": 1, "coin": "ETH"} | fields)


DAMAGE = {
    "truncated": line(FILLS[2])[:90] + b"\n",
    "truncated frame": frame(FILLS[2:3])[:90] + b"\n",
    "NULs in it": line(FILLS[2]).replace(b'"px"', b'"p\0x"', 1).replace(b"BTC", b"B\0C"),
    "10 MB that are nothing": b"x" * (10 << 20) + b"\n",
    "10 MB in a field": changed(sz="1" * (10 << 20)),
    "a text for a number": changed(time="soon"),
    "a number for a text": changed(side=7),
    "null for a text": changed(coin=None),
    "NaN as a text": changed(sz="NaN"),
    "NaN as such": changed(px="1").replace(b'"1"', b"NaN"),
    "infinite": changed(px="inf"),
    "below zero": changed(sz="-1"),
    "no UTF-8": changed(hash="x").replace(b'"x"', b'"\xff\xfe"'),
}


def audit_of(path: Path) -> Auditor:
    auditor = Auditor()
    for seen in read(path, name=path.name):
        auditor.take(seen)
    auditor.finish()
    return auditor


def count(auditor: Auditor, coin: str = "BTC") -> int:
    return sum(one.fills[coin].count for one in auditor.accounts.values() if coin in one.fills)


@pytest.mark.parametrize("form", ["lines", "frames"])
@pytest.mark.parametrize("damage", DAMAGE.values(), ids=DAMAGE)
def test_it_is_said_with_its_line_and_nothing_around_it_is_lost(
    tmp_path: Path, damage: bytes, form: str
) -> None:
    path = tmp_path / "f"
    write = line if form == "lines" else lambda fill: frame([fill])
    path.write_bytes(b"".join(map(write, BEFORE)) + damage + b"".join(map(write, AFTER)))
    auditor = audit_of(path)
    (finding,) = auditor.findings()
    assert (finding.kind, finding.place.line) == (Kind.UNREADABLE, 3)
    assert len(finding.words) < 300
    assert count(auditor) == len(FILLS)


def test_a_key_that_comes_twice_counts_as_it_comes_last(tmp_path: Path) -> None:
    path = tmp_path / "f"
    twice = line(FILLS[2]).replace(b'"px"', b'"sz": "7", "px"', 1)
    path.write_bytes(b"".join(map(line, BEFORE)) + twice + b"".join(map(line, AFTER)))
    auditor = audit_of(path)
    assert (auditor.findings(), count(auditor)) == ([], len(FILLS))


@pytest.mark.parametrize("jump", [-3_600_000, 3_600_000, 10**12, -(10**12)])
def test_a_clock_that_jumps_loses_nothing(tmp_path: Path, jump: int) -> None:
    """Received at times that go back and forth: what was told is what counts."""
    path = tmp_path / "f"
    lines = []
    for number, fill in enumerate(FILLS):
        at = 1_700_000_000_000 + (jump if number == 2 else number)
        body = json.loads(frame([fill]))
        lines.append(line({"time": at, "way": "out", "over": "ws", "body": body}))
    path.write_bytes(b"".join(lines))
    auditor = audit_of(path)
    assert not found(auditor, Kind.MISSING)
    assert not found(auditor, Kind.UNREADABLE)
    assert count(auditor) == len(FILLS)


@pytest.mark.parametrize("pack", [gzip.compress, zstandard.ZstdCompressor().compress])
def test_a_bomb_is_said_with_its_line_and_takes_no_memory(tmp_path: Path, pack: Any) -> None:
    path = tmp_path / "f"
    bomb = b"\0" * (200 << 20) + b"\n"
    path.write_bytes(pack(b"".join(map(line, BEFORE)) + bomb + b"".join(map(line, AFTER))))
    del bomb
    tracemalloc.start()
    auditor = audit_of(path)
    _, most = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    (finding,) = auditor.findings()
    assert (finding.place.line, finding.words) == (
        3,
        "a line cannot be read: it is longer than 64 MB",
    )
    assert count(auditor) == len(FILLS)
    assert most < 200 << 20


def test_a_file_that_shrinks_while_it_is_followed_is_said_with_its_line(tmp_path: Path) -> None:
    path = tmp_path / "f"
    path.write_bytes(b"".join(map(line, FILLS[:3])))
    growing, auditor = Growing.of(path), Auditor()
    for content in (b"".join(map(line, FILLS[3:4])), b"".join(map(line, FILLS[3:]))):
        for seen in growing.more():
            auditor.take(seen)
        path.write_bytes(content)
    for seen in growing.more():
        auditor.take(seen)
    growing.close()
    auditor.finish()
    (finding,) = auditor.findings()
    assert (finding.kind, finding.place.line) == (Kind.UNREADABLE, 3)
    assert count(auditor) == len(FILLS)
