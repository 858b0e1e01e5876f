"""How a command ends: an exit code, at most one line on stderr, and never a traceback."""

import errno
import io
import os
import subprocess
import sys
from pathlib import Path

import click
import pytest

from command_line import PROGRAM
from truebook.screen import running
from truebook.specs.processes import LostWorkerError


def ending(error: BaseException) -> click.Group:
    """Return a group of one command, which ends in an error."""

    @click.group(cls=running.Commands)
    def group() -> None: ...

    @group.command()
    def work() -> None:
        raise error

    return group


@pytest.mark.parametrize(
    ("error", "code", "said"),
    [
        (OSError(errno.ENOSPC, "No space left on device"), 2, "cannot go on: No space"),
        (PermissionError(errno.EACCES, "Permission denied", "a\nb"), 2, "a b: Permission denied"),
        (FileNotFoundError(errno.ENOENT, "No such file", b"x\xff"), 2, r"x\udcff: No such file"),
        (OSError("odd"), 2, "cannot go on: odd"),
        (click.UsageError("choose\none"), 2, "choose one"),
        (KeyboardInterrupt(), 130, "interrupted; nothing was concluded"),
        (running.TerminatedError(), 143, "terminated; nothing was concluded"),
        (LostWorkerError(), 4, "a process of it was killed, for lack of memory perhaps; "),
        (BrokenPipeError(), 141, ""),
    ],
    ids=lambda value: type(value).__name__ if isinstance(value, BaseException) else "",
)
def test_an_error_is_a_line_and_an_exit_code(
    error: BaseException, code: int, said: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert running.run(ending(error), ["work"]) == code
    out, err = capsys.readouterr()
    assert out == ""
    if said:
        (line,) = err.split("\n")[-2:-1] if code == 130 else err.splitlines()
        assert line.startswith(f"truebook: {said}")
    else:
        assert err == ""


def test_a_fault_of_our_own_is_not_hidden() -> None:
    with pytest.raises(ZeroDivisionError):
        running.run(ending(ZeroDivisionError()), ["work"])


@pytest.mark.parametrize("arguments", [["wok"], ["zzz"]])
def test_a_wrong_command_is_one_line(
    arguments: list[str], capsys: pytest.CaptureFixture[str]
) -> None:
    assert running.run(ending(OSError()), arguments) == 2
    (line,) = capsys.readouterr().err.splitlines()
    assert f"there is no command '{arguments[0]}'." in line
    assert ("Did you mean 'work'?" in line) == (arguments == ["wok"])


# The program itself


@pytest.mark.parametrize("arguments", ["lifecycle", "journal --help"])
def test_nobody_reads_what_is_printed(arguments: str) -> None:
    process = subprocess.Popen(
        [*PROGRAM, *arguments.split()], stdout=subprocess.PIPE, stderr=subprocess.PIPE
    )
    assert process.stdout is not None
    process.stdout.close()
    _, err = process.communicate(timeout=60)
    assert (process.returncode, err) == (141, b"")


def test_nobody_reads_any_of_it() -> None:
    read, write = os.pipe()
    os.close(read)
    process = subprocess.Popen([*PROGRAM, "check", "--nope"], stdout=write, stderr=write)
    os.close(write)
    assert process.wait(timeout=60) in (2, 141)


@pytest.mark.parametrize(
    "arguments",
    ["lifecycle", "lifecycle --json", "vectors", "journal --help", "--version", "check"],
)
def test_a_closed_stdout_is_one_line(arguments: str) -> None:
    closed = ["sh", "-c", 'exec "$@" >&-', "sh", *PROGRAM, *arguments.split()]
    ran = subprocess.run(closed, stderr=subprocess.PIPE, timeout=60)
    assert (ran.returncode, ran.stderr) == (2, b"truebook: cannot go on: stdout is closed\n")


def test_a_closed_stderr_changes_no_exit_code() -> None:
    for redirected, code in (("2>&-", 0), (">&- 2>&-", 2)):
        closed = ["sh", "-c", f'exec "$@" {redirected}', "sh", *PROGRAM, "lifecycle"]
        assert subprocess.run(closed, stdout=subprocess.PIPE, timeout=60).returncode == code


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="there is no full disk")
def test_what_is_printed_does_not_fit() -> None:
    with Path("/dev/full").open("w") as full:
        ran = subprocess.run([*PROGRAM, "lifecycle"], stdout=full, stderr=subprocess.PIPE)
    assert ran.returncode == 2
    assert ran.stderr == b"truebook: cannot go on: No space left on device\n"


def test_signs_that_an_encoding_lacks_are_shown_otherwise(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    printed = io.BytesIO()
    monkeypatch.setattr(sys, "stdout", io.TextIOWrapper(printed, encoding="iso8859-5"))

    @click.group(cls=running.Commands)
    def group() -> None: ...

    @group.command()
    def work() -> None:
        click.echo("0 → 1 · 2")

    assert running.run(group, ["work"]) == 0
    assert printed.getvalue() == rb"0 \u2192 1 \xb7 2" + b"\n"


@pytest.mark.parametrize(
    "text",
    ['["x"]', '{"duplicate-tid": 1}', '{"duplicate-tod": "why"}', "\ud800", "[" * 100_000],
    ids=["a list", "a number", "a name", "no text", "too deep"],
)
def test_expectations_of_the_wrong_shape_are_one_line(
    text: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    from truebook.cli import run

    path = tmp_path / "known.json"
    path.write_text(text, "utf-8", "surrogatepass")
    assert run(["conform", "--expected", str(path), "--", "true"]) == 2
    (line,) = capsys.readouterr().err.splitlines()
    assert str(path) in line
    assert ("Did you mean 'duplicate-tid'" in line) == ("tod" in text)
