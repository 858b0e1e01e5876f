"""Whatever a line is, it is read or said to be unreadable, and the others are not lost."""

import gzip
import json
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
import zstandard
from hypothesis import given
from hypothesis import strategies as st

from audited import audited, found, slowly
from fills_told import USER, Step, frame, line, told
from truebook.audit.finding import Kind
from truebook.audit.reading import opened, read
from truebook.audit.seen import Damaged, Fills, Seen

FILLS = told([Step(1, 1, False), Step(2, 1, False), Step(-1, 1, False)])
GOOD = [frame([fill]) for fill in FILLS]

json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=8),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(
            st.sampled_from(
                (
                    *("channel", "data", "fills", "body", "way", "over", "id", "path", "truth"),
                    *("recording", "coin", "order", "request", "response", "time", "fill", "x"),
                )
            ),
            inner,
            max_size=4,
        )
    ),
    max_leaves=12,
)
odd_lines = st.one_of(
    st.binary(max_size=60).map(lambda raw: raw.replace(b"\n", b"").replace(b"\r", b"")),
    json_values.map(lambda value: json.dumps(value).encode()),
    st.sampled_from(
        (
            b"[" * 5_000,
            b'{"channel":"userFills","data":{"fills":[{}]}}',
            b'{"channel":"userFills","data":null}',
            b'{"channel":"orderUpdates","data":[{"order":1}]}',
            b'{"way":"out","over":"ws","body":{"channel":"post","data":{}}}',
            b'{"way":"in","over":"ws","body":{"method":"post","id":1,"request":{}}}',
            b'{"way":"in","over":"http","path":"/exchange","body":"x"}',
            GOOD[0][:40],
            b'{"recording": 2}',
            b'{"truth": {}}',
            b"\0\0\0",
        )
    ),
)


def read_of(content: bytes, name: str = "file.jsonl") -> list[Seen]:
    with TemporaryDirectory() as folder:
        path = Path(folder) / name
        path.write_bytes(content)
        return [one for seen in read(path, name=name) for one in slowly(seen)]


@given(st.lists(odd_lines, max_size=4), st.integers(0, 3))
def test_good_lines_are_read_whatever_is_between_them(odd: list[bytes], at: int) -> None:
    content = b"".join([*GOOD[:at], *(one + b"\n" for one in odd), *GOOD[at:]])
    tids = [fill.tid for seen in read_of(content) if isinstance(seen, Fills) for fill in seen.fills]
    assert set(tids) >= {fill["tid"] for fill in FILLS}


@pytest.mark.parametrize(
    ("field", "value"),
    [
        *(("sz", "NaN"), ("sz", "0"), ("sz", "-1"), ("sz", "x"), ("sz", None), ("px", "inf")),
        *(("startPosition", "NaN"), ("time", "soon"), ("time", 1.5), ("oid", None)),
    ],
)
def test_a_fill_that_cannot_be_is_said_with_its_place(field: str, value: object) -> None:
    odd = FILLS[1] | {field: value, "tid": 99}
    with TemporaryDirectory() as folder:
        auditor = audited(Path(folder), {"a.jsonl": GOOD[0] + frame([FILLS[0], odd, FILLS[1]])})
    (finding,) = found(auditor, Kind.UNREADABLE)
    assert str(finding.place) == "a.jsonl:2#2"
    assert auditor.accounts[USER].fills["BTC"].count == 2


@pytest.mark.parametrize(
    "before",
    [
        "1700000000.5 ",
        "1700000000500\t",
        "2023-11-14T22:13:20.500+00:00 ",
        "2023-11-14 22:13:20,500 ",
        "[2023-11-14T22:13:20.500Z] ",
        '{"ts": 1700000000.5, "msg": ',
        '{"received": 1700000000500, "raw": ',
    ],
)
def test_a_time_before_or_around_a_frame_is_read(
    before: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("TZ", "UTC")
    text = before + GOOD[0].decode().rstrip() + ("}" if before.startswith("{") else "")
    (seen,) = read_of(text.encode())
    assert isinstance(seen, Fills)
    assert seen.at == 1_700_000_000_500


def test_packed_files_are_read_and_one_that_is_cut_off_up_to_there() -> None:
    plain = b"".join(frame([fill]) for fill in FILLS * 400)
    for packed in (gzip.compress(plain), zstandard.compress(plain)):
        assert sum(isinstance(seen, Fills) for seen in read_of(packed)) == 1_200
        *_, last = read_of(packed[: len(packed) // 2])
        assert isinstance(last, Damaged)
        assert "it cannot be unpacked" in last.why
        assert sum(isinstance(seen, Fills) for seen in read_of(packed + packed)) == 2_400


def test_what_unpacks_to_very_much_is_read_line_by_line() -> None:
    bomb = gzip.compress(b" " * (1 << 20) + b"\n" + GOOD[0])
    assert [type(seen).__name__ for seen in read_of(bomb)] == ["Fills"]


def test_a_line_without_end_is_said_and_passed_over(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(opened, "LONGEST", 1_000)
    seen = read_of(GOOD[0] + b"[" + b" " * 5_000 + b"\n" + GOOD[1])
    assert [type(one).__name__ for one in seen] == ["Fills", "Damaged", "Fills"]
    assert [one.place.line for one in seen] == [1, 2, 3]


def test_a_document_over_many_lines_is_read_whole_and_a_damaged_one_line_by_line() -> None:
    pretty = json.dumps(FILLS, indent=1).encode()
    (seen,) = read_of(pretty)
    assert isinstance(seen, Fills)
    assert len(seen.fills) == 3
    rows = b"[" + b",\n".join(json.dumps(fill).encode() for fill in FILLS) + b"]"
    (whole,) = read_of(rows)
    assert isinstance(whole, Fills)
    broken = rows.replace(b'"sz"', b'"sz', 1)
    kinds = [type(one).__name__ for one in read_of(broken)]
    assert sorted(kinds) == ["Damaged", "Fills", "Fills"]


def test_a_key_that_comes_twice_is_taken_as_it_comes_last() -> None:
    text = line(FILLS[0]).replace(b'"sz": "1"', b'"sz": "7", "sz": "1"')
    (seen,) = read_of(text)
    assert isinstance(seen, Fills)
    assert seen.fills[0].sz == 1
