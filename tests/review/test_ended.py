"""Commands of several processes that are ended from outside: their exit code, and one line."""

import signal
import subprocess
import time
from pathlib import Path

import click
import pytest

from command_line import PROGRAM
from fills_told import Step, line, told
from truebook.commands import commands

if not Path("/proc").is_dir():
    pytest.skip("only /proc shows the children", allow_module_level=True)

LONG = {"vectors": ["--remake"]}
"""What makes a command work in several processes; none of them comes to its end meanwhile."""
STEPS = [Step(1, 1, False)] * 20
OTHER = ("conform",)
"""Commands whose --jobs begins no processes of ours."""


def commands_of_processes() -> list[str]:
    context = click.Context(commands)
    found = []
    for name in commands.list_commands(context):
        command = commands.get_command(context, name)
        assert command is not None
        if name not in OTHER and any("--jobs" in one.opts for one in command.params):
            found.append(name)
    return found


def children(pid: int) -> int:
    """Count the processes that a process has begun."""
    found = 0
    for path in Path("/proc").glob("[0-9]*/stat"):
        try:
            found += path.read_text().rpartition(")")[2].split()[1] == str(pid)
        except OSError:
            continue
    return found


def test_there_are_commands_to_end() -> None:
    assert {"check", "prove", "refine", "vectors"} <= set(commands_of_processes())


@pytest.mark.parametrize(
    ("number", "code", "word"),
    [(signal.SIGINT, 130, "interrupted"), (signal.SIGTERM, 143, "terminated")],
)
@pytest.mark.parametrize("name", commands_of_processes())
def test_a_command_that_is_ended_says_so_and_no_more(
    name: str, number: signal.Signals, code: int, word: str, tmp_path: Path
) -> None:
    words = LONG.get(name, [])
    if name == "audit":
        fills = tmp_path / "fills.jsonl"
        some = (line(fill) for coin in ("BTC", "ETH") for fill in told(STEPS, coin=coin))
        fills.write_bytes(b"".join(some) * 2_000)
        words = [str(fills)]
    process = subprocess.Popen(
        [*PROGRAM, name, *words, "--jobs", "2"],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    with process:
        try:
            while children(process.pid) < 3:  # two workers, and what tracks their resources
                assert process.poll() is None
                time.sleep(0.01)
            process.send_signal(number)
            out, err = process.communicate(timeout=60)
        finally:
            process.kill()
    said = [line for line in err.splitlines() if line and not line.startswith("[")]  # progress
    assert (process.returncode, out) == (code, "")
    assert said == [f"truebook: {word}; nothing was concluded"]
