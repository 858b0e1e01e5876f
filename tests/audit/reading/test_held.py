"""Any bytes: nothing is raised, nothing around them is lost; those by which a fuzzer found more."""

from pathlib import Path

import pytest

from reading_held import held

TABLE = b"time,coin,dir,px,sz\n"
ROW = b"13/12/2025 - 10:00:00,BTC,Buy,1,2\n"
FOUND = {
    "a carriage return in a row": TABLE + ROW.replace(b"Buy", b"B\ruy") + ROW,
    "a quote that is not closed": TABLE + ROW.replace(b"Buy", b'"Buy') + ROW,
    "a quote in the names of the columns": b'"time,coin,dir,px,sz\n' + ROW,
    "a cell of 10 MB": TABLE + ROW.replace(b"Buy", b"B" * (10 << 20)) + ROW,
}


@pytest.mark.parametrize("data", FOUND.values(), ids=FOUND)
def test_whatever_bytes_are_the_others_count(data: bytes, tmp_path: Path) -> None:
    held(data, tmp_path / "f")
