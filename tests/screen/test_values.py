"""Every option of every command: what it refuses, in which words, whatever is added later."""

import json
import os
import sys
from collections.abc import Callable, Iterator, Sequence
from itertools import combinations
from pathlib import Path
from subprocess import CompletedProcess

import click
import pytest

from truebook.commands import commands
from truebook.screen.values import (
    Name,
    ReadFile,
    Seconds,
    Share,
    Size,
    Whole,
    WrittenFile,
    WrittenFolder,
)

Run = Callable[..., CompletedProcess[str]]

REFERENCE = ("--", sys.executable, "-m", "truebook.oracle.reference")
FILL = json.dumps(
    {"coin": "BTC", "px": "1", "sz": "1", "side": "B", "time": 1, "startPosition": "0", "oid": 1}
)
NEEDED: dict[str, tuple[str, ...]] = {
    "audit": ("folder/frames.jsonl",),
    "conform": ("--only", "duplicate-tid", "--findings", "found", *REFERENCE),
    "export itf": ("--run", "send"),
    "export promela": ("--scenario", "fills"),
    "export smt2": ("--scenario", "fills"),
    "export tla": ("--scenario", "fills"),
    "journal repair": ("book.journal", "--into", "new"),
    "journal show": ("book.journal",),
    "journal verify": ("book.journal",),
    "venue": ("--runs", "1", "--quiet", "0", "--shrink", "1", "--", sys.executable, "-c", "pass"),
}
"""What a command cannot do without, so that it comes to the option in question."""


def all_commands(group: click.Group, path: tuple[str, ...] = ()) -> Iterator[tuple[str, ...]]:
    """Yield the words of every command."""
    context = click.Context(group)
    for name in group.list_commands(context):
        command = group.get_command(context, name)
        if isinstance(command, click.Group):
            yield from all_commands(command, (*path, name))
        else:
            yield (*path, name)


PARAMETERS: list[tuple[tuple[str, ...], click.Parameter]] = []
for _path in all_commands(commands):
    _found: click.Command | None = commands
    for _word in _path:
        assert isinstance(_found, click.Group)
        _found = _found.get_command(click.Context(_found), _word)
    assert _found is not None
    PARAMETERS += [(_path, parameter) for parameter in _found.params]


def of(*kinds: type[object]) -> list[tuple[tuple[str, ...], click.Parameter]]:
    return [(path, one) for path, one in PARAMETERS if isinstance(one.type, kinds)]


def named(value: object) -> str:
    if isinstance(value, click.Parameter):
        return option_of(value)
    return " ".join(value) if isinstance(value, tuple) else str(value)


def option_of(parameter: click.Parameter) -> str:
    return parameter.opts[0] if isinstance(parameter, click.Option) else parameter.name or ""


def with_value(path: Sequence[str], parameter: click.Parameter, value: str) -> list[str]:
    """Return the words of a command in which a parameter has a value, the rest as it must be."""
    needed = list(NEEDED.get(" ".join(path), ()))
    if isinstance(parameter, click.Option):
        option = parameter.opts[0]
        if option in needed:
            at = needed.index(option)
            needed[at : at + 2] = []
        return [*path, option, value, *needed]
    return [*path, value, *needed[1:]]


def refusal(ran: CompletedProcess[str], parameter: click.Parameter) -> str:
    """Return the one line that refuses a value: it names the option."""
    assert (ran.returncode, ran.stdout) == (2, "")
    (line,) = ran.stderr.splitlines()
    assert line.startswith("truebook: Invalid value for ")
    assert option_of(parameter).lower() in line.lower()
    return line


def test_there_are_commands_to_look_at() -> None:
    paths = {" ".join(path) for path, _ in PARAMETERS}
    assert set(NEEDED) < paths
    assert {"check", "prove", "refine", "rules", "lifecycle", "vectors", "mutants"} <= paths


def test_every_value_is_of_a_kind_that_refuses_in_words() -> None:
    kinds = (Name, Whole, Seconds, Share, Size, ReadFile, WrittenFile, WrittenFolder)
    free = (click.types.StringParamType, click.types.BoolParamType)
    odd = [
        (path, option_of(one))
        for path, one in PARAMETERS
        if not isinstance(one.type, (*kinds, *free))
    ]
    assert odd == []


# Numbers


@pytest.mark.parametrize(("path", "parameter"), of(click.IntRange, click.FloatRange), ids=named)
def test_a_number_out_of_its_bounds_is_refused(
    path: tuple[str, ...], parameter: click.Parameter, truebook: Run
) -> None:
    kind = parameter.type
    assert isinstance(kind, (click.IntRange, click.FloatRange))
    assert kind.min is not None
    assert kind.max is not None
    below = kind.min if kind.min_open else kind.min - 1
    for value in (str(below), str(kind.max + 1), "nan", "inf", "many", "", "9" * 5_000, "-1e999"):
        line = refusal(truebook(*with_value(path, parameter, value)), parameter)
        assert f"to {kind.max:,}" in line
        assert f"{'above' if kind.min_open else 'from'} {kind.min:,}" in line
        assert line.endswith(f", not {value[:40] or repr(value)}" + "…" * (len(value) > 40))


@pytest.mark.parametrize(("path", "parameter"), of(Size), ids=named)
def test_what_is_no_size_is_refused(
    path: tuple[str, ...], parameter: click.Parameter, truebook: Run
) -> None:
    for value in ("0", "-1", "nan", "inf", "many", "", "-1e999"):
        line = refusal(truebook(*with_value(path, parameter, value)), parameter)
        assert line.endswith(f"it must be a size above 0, not {value or repr(value)}")


# Files and folders


@pytest.fixture(autouse=True)
def place(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Work in a folder with a file and a folder in it."""
    monkeypatch.chdir(tmp_path)
    (tmp_path / "file").write_text("some text")
    (tmp_path / "folder").mkdir()
    (tmp_path / "folder" / "frames.jsonl").write_text(FILL)
    return tmp_path


DEVICES = tuple(d for d in ("/dev/zero", "/dev/full", "/dev/null") if Path(d).exists())
"""What can be opened and read, some of it without end."""

BAD: dict[type[object], tuple[str, ...]] = {
    ReadFile: ("nowhere", "no/where", "folder", "file/below", "x" * 300, *DEVICES),
    WrittenFile: ("no/where", "folder", "file/below", "x" * 300),
    WrittenFolder: ("file", "file/below", "/dev/null/below", "x" * 300),
}


@pytest.mark.parametrize(("path", "parameter"), of(*BAD), ids=named)
def test_a_path_that_cannot_be_is_refused(
    path: tuple[str, ...], parameter: click.Parameter, truebook: Run
) -> None:
    for value in BAD[type(parameter.type)]:
        line = refusal(truebook(*with_value(path, parameter, value)), parameter)
        assert value in line
        assert "cannot read" in line or "cannot write" in line
    assert sorted(os.listdir()) == ["file", "folder"]


@pytest.mark.parametrize(("path", "parameter"), of(*BAD), ids=named)
def test_a_path_without_a_name_is_refused(
    path: tuple[str, ...], parameter: click.Parameter, truebook: Run
) -> None:
    assert "is empty" in refusal(truebook(*with_value(path, parameter, "")), parameter)
    assert sorted(os.listdir()) == ["file", "folder"]


@pytest.mark.parametrize(("path", "parameter"), of(*BAD), ids=named)
def test_a_dash_is_no_name(
    path: tuple[str, ...], parameter: click.Parameter, truebook: Run
) -> None:
    options = ("--", "--junit") if isinstance(parameter, click.Option) else ()
    for value in ("-", *options):
        line = refusal(truebook(*with_value(path, parameter, value)), parameter)
        assert f"{value} is no name: a file called so is ./{value}" in line
    assert sorted(os.listdir()) == ["file", "folder"]


ENDING = [one for one in of(WrittenFile) if one[0] != ("record",)]
"""What is written before a command ends; `record` goes on passing, and says it at its end."""


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="there is no full disk")
@pytest.mark.parametrize(("path", "parameter"), ENDING, ids=named)
def test_a_full_disk_is_one_line(
    path: tuple[str, ...], parameter: click.Parameter, truebook: Run
) -> None:
    target = "/dev/full"
    if path == ("export", "tla"):  # its file must be named as a module
        target = "Full.tla"
        os.symlink("/dev/full", target)
    if path == ("journal", "repair"):
        make_journal()
    ran = truebook(*with_value(path, parameter, target))
    assert ran.returncode == 2
    (line,) = [line for line in ran.stderr.splitlines() if not line.startswith("[")]  # progress
    assert line.startswith("truebook: ")
    assert target in line


def make_journal() -> None:
    from truebook.impl.journal.journaled_book import JournaledBook

    with JournaledBook(Path("book.journal")) as book:
        book.tick(1)


@pytest.mark.parametrize(("path", "parameter"), of(ReadFile), ids=named)
@pytest.mark.parametrize("text", ["", "{", "[]", "1", '{"steps": 1}', "\x00\x01", "[" * 100_000])
def test_a_file_of_the_wrong_shape_is_one_line(
    path: tuple[str, ...], parameter: click.Parameter, text: str, truebook: Run
) -> None:
    Path("file").write_bytes(text.encode() + b"\xff" * (text == "\x00\x01"))
    ran = truebook(*with_value(path, parameter, "file"))
    if path == ("journal", "verify"):
        assert (ran.returncode, ran.stderr) in ((1, ""), (2, ran.stderr))
    else:
        assert ran.returncode in (1, 2)
    is_right = path == ("venue",) and text == "[]"  # the plan in which nothing goes wrong
    assert is_right or len((ran.stdout + ran.stderr).splitlines()) <= 2
    assert "Traceback" not in ran.stderr


REPORTS = [one for path, one in of(WrittenFile) if path == ("conform",)]


@pytest.mark.parametrize(("one", "other"), [*combinations(REPORTS, 2)], ids=named)
def test_two_reports_into_one_file_are_refused(
    one: click.Parameter, other: click.Parameter, truebook: Run
) -> None:
    options = (option_of(one), "same.json", option_of(other), "folder/../same.json")
    ran = truebook("conform", *options, *NEEDED["conform"])
    assert (ran.returncode, ran.stdout) == (2, "")
    (line,) = ran.stderr.splitlines()
    assert f"{option_of(one)} and {option_of(other)} would both write" in line
    assert not Path("same.json").exists()


# Names


@pytest.mark.parametrize(("path", "parameter"), of(click.Choice), ids=named)
def test_a_name_that_is_nearly_right_is_answered_with_the_right_one(
    path: tuple[str, ...], parameter: click.Parameter, truebook: Run
) -> None:
    assert isinstance(parameter.type, click.Choice)
    name = max(parameter.type.choices, key=len)
    line = refusal(truebook(*with_value(path, parameter, name[:-1] + "x")), parameter)
    assert f"Did you mean '{name}'" in line or f"or '{name}'" in line
    assert "Did you mean" not in truebook(*with_value(path, parameter, "zzzzzz")).stderr
