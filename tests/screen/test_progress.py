"""What progress says while commands work: it goes on, never too far, and comes to its end."""

import re
from collections.abc import Callable
from pathlib import Path
from subprocess import CompletedProcess

import pytest

from truebook.oracle import vector_commands
from truebook.oracle.mutants import MUTANTS
from truebook.oracle.vectors.shipped import all_vectors
from truebook.screen.progress import StatusLine, StepLine, TaskLine
from truebook.specs.refine.replay import replay
from truebook.specs.refine.scenarios import subject
from truebook.specs.scenarios import Scenario, with_faults

Run = Callable[..., CompletedProcess[str]]

TASKS = re.compile(r"\[(\d+)/(\d+)\] (.*)")
STEPS = re.compile(r"(.*): ([\d,]+) of ([\d,]+)")


def check_said(lines: list[str]) -> None:
    """Check the lines of one task line after another, each from its first to its last."""
    done, tasks, ended = 0, 0, True
    steps: dict[str, tuple[int, int]] = {}
    for words in lines:
        match = TASKS.fullmatch(words)
        assert match is not None, words
        now, of = int(match[1]), int(match[2])
        if ended and now <= done:  # the next task line begins
            done, tasks, steps = 0, of, {}
        assert of == tasks, "how many tasks there are has changed"
        assert done <= now <= of
        done, ended = now, now == of
        counted = STEPS.fullmatch(match[3])
        if counted is not None:
            step, total = (int(counted[n].replace(",", "")) for n in (2, 3))
            before, was = steps.get(counted[1], (0, total))
            assert was == total, "how much of a task there is has changed"
            assert before <= step <= total
            steps[counted[1]] = step, total
        elif match[3].endswith(": done"):
            step, total = steps.get(match[3].removesuffix(": done"), (0, 0))
            assert step == total, f"{words}, at {step} of {total}"
    assert ended


SOME_VECTORS = all_vectors()[:5]
COMMANDS = [
    "check --design reference --size 1 --jobs 1",
    "refine --scenario fills --scenario foreign --jobs 1",
    "refine --lockstep 30 --jobs 1",
    "prove --property orphan-cancelled-once --design plan --depth 1 --jobs 1",
    "export promela --scenario fills",
    "export smt2 --scenario fills",
    "export itf --scenario fills --design plan --property no-fill-twice",
    "mutants --jobs 1",
]


@pytest.mark.parametrize("arguments", COMMANDS)
def test_progress_keeps_its_law(
    arguments: str, truebook: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("truebook.screen.progress.LINE_EVERY", -1.0)
    monkeypatch.setattr(vector_commands, "MUTANTS", MUTANTS[:2])
    monkeypatch.setattr("truebook.oracle.vectors.shipped.all_vectors", lambda: SOME_VECTORS)
    ran = truebook(*arguments.split())
    said = [line for line in ran.stderr.splitlines() if line.startswith("[")]
    assert len(said) >= 2
    check_said(said)


def test_edges_that_are_passed_over_are_counted_too() -> None:
    held = subject(Scenario("tiny", with_faults()))
    told: list[tuple[int, int]] = []
    replay(
        held.edges,
        held.player,
        held.expected,
        beyond=lambda edge, before: edge.action == "tick",
        progress=lambda done, of: told.append((done, of)),
    )
    check_said([f"[0/1] tiny: {done} of {of}" for done, of in told] + ["[1/1] tiny: done"])
    assert told[-1] == (len(held.edges.edges),) * 2


def test_a_law_that_is_broken_is_noticed() -> None:
    right = ["[0/2] a: 1 of 2", "[0/2] a: 2 of 2", "[1/2] a: done", "[2/2] b: done"]
    check_said(right)
    for wrong in (
        ["[0/1] a: 486 of 200"],
        ["[0/1] a: 2 of 3", "[0/1] a: 1 of 3"],
        ["[0/1] a: 2 of 3", "[0/1] a: 2 of 4"],
        ["[0/1] a: 2 of 3", "[1/1] a: done"],
        right[:3],
        ["[0/2] a", "[1/3] a: done"],
    ):
        with pytest.raises(AssertionError):
            check_said(wrong)


class Task:
    title = "a task"


def test_lines_come_now_and_then(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    with StepLine(1) as line:
        line.count(Task(), 1, 2)
    assert capsys.readouterr().err == ""
    monkeypatch.setattr("truebook.screen.progress.LINE_EVERY", -1.0)
    with StepLine(1) as line:
        line.count(Task(), 1, 2)
        line.done(Task())
    assert capsys.readouterr().err == "[0/1] a task: 1 of 2\n[1/1] a task: done\n"


def test_words_are_shown_as_they_are(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setattr("truebook.screen.progress.LINE_EVERY", -1.0)
    with StatusLine() as status:
        status.show("[bold]a[/bold] :smile: " + "long " * 60)
    assert capsys.readouterr().err == "[bold]a[/bold] :smile: " + "long " * 60 + "\n"
    with TaskLine(1) as tasks:
        tasks.tell("x")
        tasks.ended("x")
    assert capsys.readouterr().err == "[0/1] x\n[1/1] x: done\n"
