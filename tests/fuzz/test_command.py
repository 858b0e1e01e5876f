"""The command line: what it prints, its exit codes, and Ctrl-C."""

import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from fuzz.__main__ import as_test, main
from fuzz.running import Finding

ROOT = Path(__file__).resolve().parents[2]
CLEAN = '{"setup": {}, "steps": [["place", "o1", "buy", "100", "5"], ["reach", "o1"]]}'


def test_nothing_found_is_0(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["--seeds", "0-3", "--profile", "truthful", "--only", "lag", "--workers", "1"]) == 0
    printed = capsys.readouterr()
    assert printed.out.startswith("4 seeds, ")
    assert printed.out.endswith("every promise holds\n")
    assert "seeds" in printed.err


def test_seeds_are_told_until_the_minutes_are_over(capsys: pytest.CaptureFixture[str]) -> None:
    """So that an hour's run need not begin with the seeds of the hour before."""
    many = ["--seeds", "1000-999999", "--minutes", "0.01", "--workers", "1", "--only", "lag"]
    assert main([*many, "--profile", "truthful"]) == 0
    told = int(capsys.readouterr().out.split()[0])
    assert 0 < told < 10_000


def test_what_is_found_is_shown_and_is_1(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    finding = Finding(7, "no-fill-twice", 1, "    1.000 s  wait 1", CLEAN)
    monkeypatch.setattr("fuzz.__main__.examine", lambda plan, seed: finding)
    assert main(["--seed", "7"]) == 1
    printed = capsys.readouterr().out
    assert "no-fill-twice, in 1 steps (seed 7)" in printed
    assert finding.timeline in printed
    assert as_test(finding) in printed


def test_the_test_that_is_printed_runs() -> None:
    names: dict[str, object] = {}
    exec(as_test(Finding(7, "no-fill-twice", 2, "", CLEAN)), names)
    test = names["test_no_fill_twice"]
    assert callable(test)
    test()


def test_a_story_is_told(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = tmp_path / "story.json"
    path.write_text(CLEAN)
    assert main(["--story", str(path)]) == 0
    assert "2 steps, and every promise holds" in capsys.readouterr().out


@pytest.mark.parametrize("text", ["", "{}", '{"setup": {"no": 1}, "steps": []}'])
def test_what_is_no_story_is_2(
    text: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = tmp_path / "story.json"
    path.write_text(text)
    assert main(["--story", str(path)]) == 2
    assert f"{path} has no story" in capsys.readouterr().err


@pytest.mark.parametrize(
    "arguments",
    [
        ["--seeds", "9-3"],
        ["--seeds", "x"],
        ["--seed", "-1"],
        ["--minutes", "0"],
        ["--only", "rain"],
        ["--profile", "rainy"],
        ["--seed", "1", "--seeds", "1-2"],
        ["--workers", "0"],
    ],
)
def test_wrong_usage_is_2(arguments: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as raised:
        main(arguments)
    assert raised.value.code == 2
    assert "error" in capsys.readouterr().err


def test_help_teaches(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as raised:
        main(["--help"])
    assert raised.value.code == 0
    printed = capsys.readouterr().out
    for word in ("examples:", "exit codes:", "--profile", "chains", "the venue takes trades back"):
        assert word in printed


def test_ctrl_c_ends_it_cleanly() -> None:
    running = subprocess.Popen(
        [sys.executable, "-m", "fuzz", "--minutes", "5", "--only", "lag"],
        cwd=ROOT,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    assert running.stderr is not None
    while "seeds" not in running.stderr.readline():
        time.sleep(0.01)
    running.send_signal(signal.SIGINT)
    _, errors = running.communicate(timeout=60)
    assert running.returncode == 130
    assert "interrupted" in errors
    assert "Traceback" not in errors
