"""`--engine ray`: on a local cluster of two processes it says what one process says."""

import json
import os
import subprocess
from pathlib import Path

import pytest

from command_line import PROGRAM
from fills_told import Step, frame, told
from lives_told import lines_of, ordinary

pytest.importorskip("ray", reason="the extra `ray` is not installed")


def said(*words: str) -> tuple[int, str]:
    env = {**os.environ, "RAY_ADDRESS": ""}
    ran = subprocess.run([*PROGRAM, "audit", *words], capture_output=True, text=True, env=env)
    return ran.returncode, ran.stdout


def test_it_says_what_one_process_says(tmp_path: Path) -> None:
    path = tmp_path / "many.jsonl"
    some = [told([Step(1, 1, False)] * 9, coin=coin) for coin in ("BTC", "ETH", "xyz:GOLD")]
    del some[1][4]
    path.write_bytes(b"nonsense\n" + b"".join(frame([fill]) for coin in some for fill in coin))
    one = said("--json", str(path))
    assert said("--json", "--engine", "ray", "--jobs", "2", str(path)) == one
    assert (one[0], len(json.loads(one[1])["findings"])) == (1, 2)


def test_what_only_books_can_tell_is_told_to_them_here(tmp_path: Path) -> None:
    path = tmp_path / "stream.jsonl"
    stream = lines_of(ordinary(20))
    path.write_bytes((stream + stream.replace(b"BTC", b"ETH")) * 2)
    assert said("--engine", "ray", "--jobs", "2", str(path)) == said(str(path))
