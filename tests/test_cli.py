"""The command line: what it prints where, and how it ends."""

import json
import os
import pty
import re
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from importlib.metadata import entry_points
from pathlib import Path
from subprocess import CompletedProcess
from typing import Any

import pytest

from truebook import cli
from truebook.review import commands
from truebook.review.progress import ProgressLine
from truebook.specs.explore import deepening
from truebook.specs.explore.designs import Report, Task
from truebook.specs.properties.assumptions import ASSUMPTIONS, Assumption
from truebook.specs.properties.sentences import PROPERTIES, PROPERTY_NAMES
from truebook.specs.properties.trace import Step, Trace
from truebook.specs.properties.verdict import Holds, Incomplete, Verdict, Violated
from truebook.specs.scenarios import RULE_SCENARIOS

Command = Callable[..., CompletedProcess[str]]

SMALL = ("--size", "1", "--jobs", "1")
PROGRAM = [sys.executable, "-c", "from truebook.cli import main; main()"]
PROGRESS = re.compile(
    r"\[\d+/\d+\] \w.*, \w.*: "
    r"(done|[\d,]+ states?, [\d,]+ states/s, depth \d+, frontier [\d,]+)"
)


def said(stderr: str) -> list[str]:
    """Return what was said on stderr besides progress, which a slow machine prints, too."""
    return [line for line in stderr.splitlines() if line and not PROGRESS.fullmatch(line)]


def verdicts(ran: CompletedProcess[str]) -> dict[str, str]:
    """Return the word of each property's verdict, as printed for one design."""
    found = re.findall(r"^  (\w+) +([\w-]+)  ", ran.stdout, re.MULTILINE)
    return {name: word for word, name in found if name in PROPERTY_NAMES}


# What is shown, and how it ends


def test_the_reference_holds(truebook: Command) -> None:
    ran = truebook("check", "--design", "reference", *SMALL)
    assert ran.returncode == 0
    assert verdicts(ran) == dict.fromkeys(PROPERTY_NAMES, "holds")
    assert said(ran.stderr) == []


def test_without_a_design_all_three_are_checked_and_two_must_break(truebook: Command) -> None:
    ran = truebook("check", *SMALL, "--json")
    assert ran.returncode == 0
    words = {
        design: {verdict["verdict"] for verdict in found["properties"].values()}
        for design, found in json.loads(ran.stdout)["designs"].items()
    }
    assert words == {
        "reference": {"holds"},
        "plan": {"holds", "violated"},
        "legacy": {"holds", "violated"},
    }


def test_the_plan_by_name_is_violated(truebook: Command) -> None:
    ran = truebook("check", "--design", "plan", "--property", "no-fill-twice", *SMALL)
    assert ran.returncode == 1
    assert verdicts(ran) == {"no-fill-twice": "violated"}
    assert "  of 1 property: 1 violated\n" in ran.stdout


def test_too_large_is_incomplete(truebook: Command) -> None:
    ran = truebook("check", "--design", "reference", *SMALL, "--limit", "10")
    assert ran.returncode == 4
    assert verdicts(ran) == dict.fromkeys(PROPERTY_NAMES, "incomplete")
    assert "one order: more than 10 states" in ran.stdout


def test_a_violation_outweighs_what_is_too_large(truebook: Command) -> None:
    bounds = ("--fault", "reconnect", "--fault", "duplicates", "--limit", "1000", *SMALL)
    ran = truebook("check", "--design", "plan", *bounds)
    assert ran.returncode == 1
    assert {"incomplete", "violated"} <= set(verdicts(ran).values())


def test_what_no_world_has_is_unreached(truebook: Command) -> None:
    asked = ("--property", "orphan-cancelled-once", "--snapshots", "0")
    ran = truebook("check", "--design", "reference", *asked, *SMALL)
    assert ran.returncode == 4
    assert verdicts(ran) == {"orphan-cancelled-once": "unreached"}


@pytest.mark.parametrize("rules", [("fill-binds",), ("tombstones", "reject-clears")])
def test_without_a_rule_something_breaks(rules: tuple[str, ...], truebook: Command) -> None:
    switched_off = [option for rule in rules for option in ("--without", rule)]
    ran = truebook("check", *switched_off, "--fault", "cancel", "--fault", "late", *SMALL)
    assert ran.returncode == 1
    assert ran.stdout.startswith(f"reference without {', '.join(rules)}\n")
    broken = [name for name, word in verdicts(ran).items() if word == "violated"]
    assert broken
    for name in broken:
        (sentence,) = (known.sentence for known in PROPERTIES if known.name == name)
        assert f"\n      {sentence}\n      Broken: " in ran.stdout


@pytest.mark.parametrize("known", ASSUMPTIONS, ids=lambda known: known.name)
def test_one_tick_beyond_an_assumption_the_reference_breaks(
    known: Assumption, truebook: Command
) -> None:
    ran = truebook("check", "--without-assumption", known.name, "--jobs", "1")
    assert ran.returncode == 1
    assert "violated" in verdicts(ran).values()
    assert f"scenario '{known.beyond.name}'" in ran.stdout
    assert "\n        1. " in ran.stdout
    said_of_it = f"Beyond the assumption '{known.name}', {known.inequality}: {known.sentence}"
    assert " ".join(ran.stdout.split()).endswith(said_of_it)


def test_a_bound_beyond_an_assumption_is_marked(truebook: Command) -> None:
    asked = ("--venue-lag", "1", "--property", "no-fill-twice")
    ran = truebook("check", "--design", "reference", *asked, *SMALL)
    (lag,) = (line for line in ran.stdout.splitlines() if line.startswith("  lag "))
    assert lag.endswith("(not within these bounds)")
    assert ran.stdout.count("(not within these bounds)") == 1


def test_properties_are_chosen_and_kept_in_their_order(truebook: Command) -> None:
    asked = ("convergence", "identity", "identity")
    options = [option for name in asked for option in ("--property", name)]
    ran = truebook("check", "--design", "reference", *options, *SMALL)
    assert list(verdicts(ran)) == ["identity", "convergence"]


def test_every_design_has_the_same_bounds(truebook: Command) -> None:
    bounds = ("--fault", "lose", "--venue-lag", "1", "--lag", "1", *SMALL, "--json")
    both = truebook("check", "--design", "plan", "--design", "legacy", *bounds)
    alone = truebook("check", "--design", "legacy", *bounds)
    of_both, of_one = (json.loads(ran.stdout)["designs"] for ran in (both, alone))
    assert list(of_both) == ["plan", "legacy"]
    assert timeless(of_both["legacy"]) == timeless(of_one["legacy"])


# For machines


def timeless(found: Any) -> Any:
    """Return an object without what differs from run to run."""
    if isinstance(found, dict):
        return {key: timeless(value) for key, value in found.items() if key != "seconds"}
    return [timeless(value) for value in found] if isinstance(found, list) else found


def test_json_is_one_object_with_a_trace_where_violated(truebook: Command) -> None:
    both = ("--design", "reference", "--design", "plan", *SMALL)
    found = json.loads(truebook("check", *both, "--json").stdout)
    text = truebook("check", *both).stdout
    assert list(found["designs"]) == ["reference", "plan"]
    for design in found["designs"].values():
        assert list(design["properties"]) == list(PROPERTY_NAMES)
        assert design["stats"].keys() == {"states", "transitions", "depth", "seconds"}
        stats = design["stats"]
        counts = f"{stats['states']:,} states and {stats['transitions']:,} transitions in 3 "
        start = "  " if design["complete"] else "  at least "
        assert f"\n{start}{counts}scenarios, to depth {stats['depth']}\n" in text
        for name, verdict in design["properties"].items():
            violated = verdict["verdict"] == "violated"
            assert violated == bool(verdict["trace"])
            if violated:
                steps = len(verdict["trace"])
                assert re.search(rf"  violated +{name} +in {steps} steps?, scenario", text)
    stats = found["stats"]
    assert stats.keys() == {"states", "transitions", "depth", "seconds"}
    both_stats = [design["stats"] for design in found["designs"].values()]
    for key in ("states", "transitions"):
        assert stats[key] == sum(of_design[key] for of_design in both_stats) > 0
    assert stats["depth"] == max(of_design["depth"] for of_design in both_stats) > 0
    assert stats["seconds"] > 0
    first = found["designs"]["plan"]["properties"]["no-fill-twice"]["trace"][0]
    assert first["action"] == "send"
    assert first["words"] == "we send the order"
    assert {"what": "at the venue", "before": "unsent", "after": "sent"} in first["changes"]


def test_json_is_the_same_from_run_to_run_but_for_seconds(truebook: Command) -> None:
    arguments = ("check", "--design", "plan", *SMALL, "--json")
    here = truebook(*arguments)
    there = subprocess.run(
        [*PROGRAM, *arguments],
        env=environment(PYTHONHASHSEED="1"),
        capture_output=True,
        encoding="utf-8",
    )
    assert there.returncode == here.returncode == 1
    assert said(there.stderr) == []
    assert timeless(json.loads(there.stdout)) == timeless(json.loads(here.stdout))


# Usage

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


# The exit code of several reports

TRACE = Trace((Step("tick", "a tick passes", ()),))
HOLDS = Holds(("order",))
VIOLATED = Violated("a part", TRACE)
INCOMPLETE = Incomplete("order: more than 10 states")


def made(design: str, *found: Verdict, unreached: tuple[str, ...] = ()) -> Report:
    """Return a report with some verdicts."""
    properties = dict(zip(PROPERTY_NAMES, found, strict=False))
    return Report(design, properties, dict.fromkeys(properties, ""), (), unreached, 0.0)


REFERENCE = made("reference", HOLDS, HOLDS)
PLAN = made("plan", HOLDS, VIOLATED)
LEGACY = made("legacy", VIOLATED, VIOLATED)


@pytest.mark.parametrize(
    ("reports", "expected_to_break", "code"),
    [
        ([REFERENCE, PLAN, LEGACY], True, 0),
        ([REFERENCE, PLAN, LEGACY], False, 1),
        ([REFERENCE, made("plan", HOLDS, HOLDS), LEGACY], True, 4),
        ([REFERENCE, PLAN, made("legacy", HOLDS)], True, 4),
        ([REFERENCE, PLAN, made("legacy", HOLDS, INCOMPLETE)], True, 4),
        ([REFERENCE, PLAN, made("legacy", INCOMPLETE, VIOLATED)], True, 0),
        ([REFERENCE, made("plan", VIOLATED, unreached=("never happened: x",)), LEGACY], True, 0),
        ([made("reference", HOLDS, VIOLATED), PLAN, LEGACY], True, 1),
        ([made("reference", VIOLATED), made("plan", HOLDS), LEGACY], True, 1),
        ([made("reference", HOLDS, INCOMPLETE), PLAN, LEGACY], True, 4),
        ([made("reference", HOLDS, unreached=("row never taken: x",)), PLAN, LEGACY], True, 4),
        ([REFERENCE], False, 0),
        ([made("reference", HOLDS, unreached=("never happened: x",))], False, 4),
        ([made("reference", VIOLATED, unreached=("never happened: x",))], False, 1),
        ([made("reference without tombstones", HOLDS, VIOLATED)], False, 1),
        ([PLAN], False, 1),
        ([made("plan", HOLDS)], False, 0),
        ([], False, 2),
        ([made("reference")], False, 2),
    ],
)
def test_exit_code(reports: list[Report], expected_to_break: bool, code: int) -> None:
    assert commands._code(reports, expected_to_break) == code


def test_what_was_not_caught_is_named(truebook: Command) -> None:
    ran = truebook("check", "--property", "state-agrees-with-fills", *SMALL)
    assert ran.returncode == 4
    assert said(ran.stderr) == [
        f"truebook: {design} is known to break, and was not caught here"
        for design in ("plan", "legacy")
    ]


# Progress, colours, and the terminal


def test_progress_goes_to_stderr_alone(truebook: Command, monkeypatch: pytest.MonkeyPatch) -> None:
    arguments = ("check", "--design", "reference", *SMALL)
    quiet = truebook(*arguments)
    monkeypatch.setattr("truebook.screen.progress.LINE_EVERY", -1.0)
    loud = truebook(*arguments)
    assert loud.stdout == quiet.stdout
    lines = loud.stderr.splitlines()
    assert [line for line in lines if not PROGRESS.fullmatch(line)] == []
    assert lines[-1] == "[3/3] reference, fills: done"
    assert sum(": done" in line for line in lines) == 3
    assert len(lines) > 3


def test_progress_is_told_now_and_then(capsys: pytest.CaptureFixture[str]) -> None:
    task = Task("reference", RULE_SCENARIOS[0])
    with ProgressLine(1) as progress:
        for states in range(100):
            progress.update(task, states, 1, 1)
    assert capsys.readouterr().err == ""


def environment(**more: str) -> dict[str, str]:
    """Return this environment without what decides on colours, and with more."""
    colours = ("NO_COLOR", "FORCE_COLOR", "CLICOLOR", "CLICOLOR_FORCE", "TTY_COMPATIBLE")
    kept = {name: value for name, value in os.environ.items() if name not in colours}
    return kept | {"TERM": "xterm", "PYTHONIOENCODING": "utf-8"} | more


def on_terminal(stream: str, other: int, *arguments: str) -> str:
    """Run the program with stdout or stderr on a terminal, and return what was shown on it."""
    ours, theirs = pty.openpty()
    streams: dict[str, int] = {"stdout": other, "stderr": other} | {stream: theirs}
    process = subprocess.Popen([*PROGRAM, *arguments], env=environment(), **streams)  # type: ignore[call-overload]
    os.close(theirs)
    shown = b""
    with suppress(OSError):  # how Linux says that the other side is closed
        while some := os.read(ours, 4096):
            shown += some
    os.close(ours)
    assert process.wait(timeout=10) == 1
    return shown.decode()


def test_colours_are_for_terminals_only() -> None:
    arguments = ("check", "--design", "plan", "--property", "identity", *SMALL)
    shown = on_terminal("stdout", subprocess.DEVNULL, *arguments)
    red = r"\x1b\[31m  violated    identity +in \d+ steps, scenario 'one order'\x1b\[0m"
    assert re.search(red, shown)
    assert "\x1b[1mplan\x1b[0m" in shown
    piped = subprocess.run([*PROGRAM, *arguments], env=environment(), capture_output=True)
    assert piped.returncode == 1
    assert b"\x1b" not in piped.stdout + piped.stderr
    plain = re.sub(r"\x1b\[[\d;]*m", "", shown).replace("\r\n", "\n")
    assert plain == piped.stdout.decode()


def test_a_live_line_is_on_stderr_alone(tmp_path: Path) -> None:
    with (tmp_path / "stdout").open("w+b") as stdout:
        arguments = ("check", "--design", "plan", *SMALL, "--json")
        shown = on_terminal("stderr", stdout.fileno(), *arguments)
        stdout.seek(0)
        assert list(json.load(stdout)) == ["designs", "assumptions", "stats"]
    assert "exploring" in shown or "states/s" in shown
    assert shown.rstrip().endswith(("\x1b[?25h", "\x1b[2K", "\x1b[1A")), "the cursor is back"


# An interrupt


@contextmanager
def started(*arguments: str) -> Iterator[subprocess.Popen[str]]:
    """Start the program in a process group of its own, and see that nothing is left of that."""
    process = subprocess.Popen(
        [*PROGRAM, *arguments],
        env=environment(),
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        encoding="utf-8",
        start_new_session=True,
    )
    too_long = threading.Timer(30, os.killpg, (process.pid, signal.SIGKILL))
    too_long.start()
    with process:
        try:
            yield process
        finally:
            too_long.cancel()
            if process.poll() is None or group(process.pid):
                os.killpg(process.pid, signal.SIGKILL)


def group(number: int) -> list[int]:
    """Return the processes of a group that run; there are none to be seen without /proc."""
    found = []
    for stat in Path("/proc").glob("[0-9]*/stat"):
        with suppress(OSError):
            _, _, rest = stat.read_text("utf-8", "replace").rpartition(")")
            state, _, of_group, *_ = rest.split()
            if int(of_group) == number and state not in "ZX":
                found.append(int(stat.parent.name))
    return found


@pytest.mark.parametrize("arguments", ["check --deep --jobs 1", "check --deep --jobs 2"])
def test_an_interrupt_ends_everything(arguments: str) -> None:
    with started(*arguments.split()) as process:
        assert process.stderr is not None
        first = process.stderr.readline()  # it comes when all processes are at work
        assert PROGRESS.fullmatch(first.strip())
        at = time.monotonic()
        os.killpg(process.pid, signal.SIGINT)
        out, err = process.communicate(timeout=10)
        assert time.monotonic() - at < 5
        assert process.returncode == 130
        assert out == ""
        assert said(err) == ["truebook: interrupted; nothing was concluded"]
        while group(process.pid) and time.monotonic() - at < 10:
            time.sleep(0.05)  # what looks after the children's semaphores goes last
        assert group(process.pid) == []


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
