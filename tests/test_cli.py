"""The command line: wrong usage, help, and what is installed."""

import sys
from importlib.metadata import entry_points

import pytest

from command_line import Command
from truebook import cli
from truebook.specs.explore import deepening

WRONG = [
    "nope",
    "check --design nope",
    "check --property nope",
    "check --without nope",
    "check --fault nope",
    "check --without-assumption nope",
    "check --nope",
    "check nope",
    "check --size x",
    "check --size 0",
    "check --new-size 0",
    "check --orders 0",
    "check --snapshots 3",
    "check --snapshots -1",
    "check --duplicates -1",
    "check --grace 0",
    "check --expiry -1",
    "check --fill-delay -2",
    "check --jobs 0",
    "check --jobs -1",
    "check --limit 0",
    "check --limit -1",
    "check --pairs --deep",
    "check --pairs --size 1",
    "check --deep --fault cancel",
    "check --deep --without-assumption lag",
    "check --size 1 --without-assumption lag",
    "check --design plan --without tombstones",
    "check --design reference --design legacy --without tombstones",
    "rules --rule nope",
    "rules --jobs 0",
    "lifecycle --nope",
    "lifecycle --mermaid --json",
    "vectors --jobs 2",
    "vectors folder --jobs 2",
]


TOO_LARGE = (
    "check --size 500",
    "check --listing 500",
    "check --fault modify --size 40 --design reference",
    "check --orders 9 --size 1 --design reference",
)
"""What only exploring finds to be too large."""


@pytest.mark.parametrize("arguments", [*WRONG, *TOO_LARGE])
def test_wrong_usage_is_one_line(
    arguments: str, truebook: Command, monkeypatch: pytest.MonkeyPatch
) -> None:
    def explored(*tasks: object, **options: object) -> None:
        raise AssertionError("this should have been refused")

    if arguments not in TOO_LARGE:
        monkeypatch.setattr(deepening, "run_all", explored)
    jobs = () if "--jobs" in arguments or not arguments.startswith("check") else ("--jobs", "1")
    ran = truebook(*arguments.split(), *jobs)
    assert ran.returncode == 2
    assert ran.stdout == ""
    (line,) = ran.stderr.splitlines()
    assert line.startswith("truebook: ")
    assert len(line) > len("truebook: ") + 5


def test_wrong_names_are_answered_with_the_right_ones(truebook: Command) -> None:
    ran = truebook("check", "--design", "nope")
    for name in ("nope", "reference", "plan", "legacy"):
        assert f"'{name}'" in ran.stderr


@pytest.mark.parametrize(
    ("command", "shown"),
    [
        ("", "  truebook check --design reference   the reference alone"),
        ("check", "  Exit codes: 0 all shown (with no --design: the reference holds, the others"),
        ("rules", "  Switch each rule of the reference off"),
        ("lifecycle", "  --mermaid"),
    ],
)
def test_help(command: str, shown: str, truebook: Command) -> None:
    ran = truebook(*command.split(), "--help")
    assert (ran.returncode, ran.stderr) == (0, "")
    assert ran.stdout.startswith("Usage: truebook")
    assert "\\b" not in ran.stdout, "a sign for the formatter is printed"
    assert any(line.startswith(shown) for line in ran.stdout.splitlines())


def test_version(truebook: Command) -> None:
    ran = truebook("--version")
    assert (ran.returncode, ran.stdout, ran.stderr) == (0, "truebook, version 0.1.0\n", "")


def test_no_command_is_a_usage_error(truebook: Command) -> None:
    ran = truebook()
    assert ran.returncode == 2
    assert ran.stdout == ""


# What is installed


def test_the_command_is_installed() -> None:
    (script,) = entry_points(group="console_scripts", name="truebook")
    assert script.load() is cli.main


def test_main_ends_with_the_exit_code(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    for arguments, code in ((["lifecycle"], 0), (["nope"], 2)):
        monkeypatch.setattr(sys, "argv", ["truebook", *arguments])
        with pytest.raises(SystemExit) as ended:
            cli.main()
        assert ended.value.code == code
    assert capsys.readouterr().out.startswith("event ")


def test_a_missing_part_of_our_own_is_no_missing_extra(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "truebook.commands", None)
    with pytest.raises(ModuleNotFoundError, match=r"truebook\.commands"):
        cli.main()
