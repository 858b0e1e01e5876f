"""The command `truebook prove`: what it prints where, and how it ends."""

import json
import re
import sys
from collections.abc import Callable, Sequence
from pathlib import Path
from subprocess import CompletedProcess
from typing import Any

import attrs
import pytest
import z3

from truebook.screen.progress import StepLine
from truebook.specs import proofs
from truebook.specs.proofs import cvc5_solver, jobs
from truebook.specs.proofs.induction import Prover
from truebook.specs.proofs.jobs import Job, Shown
from truebook.specs.proofs.solving import OutOfTimeError, Solver

Command = Callable[..., CompletedProcess[str]]

FOREIGN = ("prove", "--property", "orphan-cancelled-once", "--jobs", "1")
"""A property that only a foreign order has, so that this is quick."""


def verdicts(ran: CompletedProcess[str]) -> dict[str, str]:
    found = re.findall(r"^  (\w+(?: proved)?) +([a-z]+-[a-z-]+)  ", ran.stdout, re.MULTILINE)
    return {name: word for word, name in found}


def without_seconds(ran: CompletedProcess[str]) -> str:
    return re.sub(r"\b[\d.]+ s\b", "N s", ran.stdout)


def test_what_is_proved_is_shown(truebook: Command) -> None:
    ran = truebook(*FOREIGN)
    assert ran.returncode == 0
    assert verdicts(ran) == {"orphan-cancelled-once": "proved"}
    assert ran.stdout.endswith("  1 of 1 property proved\n")


def test_seconds_go_to_stderr(truebook: Command) -> None:
    ran = truebook(*FOREIGN)
    assert re.fullmatch(r"[\d.]+ s", ran.stderr.splitlines()[-1])
    assert not re.search(r"^[\d.]+ s$", ran.stdout, re.MULTILINE)


def test_without_a_rule_it_is_not_proved(truebook: Command) -> None:
    ran = truebook(*FOREIGN, "--without", "orphan-cancel-marked", "--search-effort", "0")
    assert ran.returncode == 4
    assert verdicts(ran) == {"orphan-cancelled-once": "not proved"}
    assert re.search(r"Such a state is reachable in \d+ steps: real\.", ran.stdout)


def test_a_violation_that_is_found_outweighs_it(truebook: Command) -> None:
    searched = ("--depth", "11", "--search-effort", "4000000000")
    ran = truebook(*FOREIGN, "--without", "orphan-cancel-marked", *searched)
    assert ran.returncode == 1
    assert "  violated      orphan-cancelled-once     in 11 steps, found by bounded search" in (
        ran.stdout
    )


def test_a_design_of_which_nothing_is_proved_is_searched(truebook: Command) -> None:
    searched = ("--design", "plan", "--depth", "1", "--search-effort", "4000000000")
    ran = truebook(*FOREIGN, *searched)
    assert ran.returncode == 4
    assert ran.stdout == (
        "plan\n"
        "  unknown       orphan-cancelled-once     no run into a violation found\n"
        "  0 of 1 safety property violated\n"
    )


# Unknown, by force


class Unsure:
    """A solver that can never tell."""

    def add(self, *formulas: object) -> None: ...
    def push(self) -> None: ...
    def pop(self) -> None: ...

    def check(self) -> z3.CheckSatResult:
        return z3.unknown

    def decide(self, about: str) -> z3.CheckSatResult:
        return z3.unknown

    def possible(self) -> bool:
        return True

    def reason_unknown(self) -> str:
        return "it is hard"


def test_what_the_solver_cannot_tell_is_unknown(
    truebook: Command, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(Prover, "solver", lambda *_: Unsure())
    ran = truebook(*FOREIGN, "--search-effort", "0")
    assert ran.returncode == 4
    assert verdicts(ran) == {"orphan-cancelled-once": "unknown"}
    assert "  every field keeps to its domain: it is hard\n" in ran.stdout


def test_lemmas_that_the_solver_cannot_tell_make_what_leans_on_them_unknown(
    truebook: Command, monkeypatch: pytest.MonkeyPatch
) -> None:
    real = Prover.prove_lemmas

    def unsure(prover: Prover) -> Any:
        for lemma, answer in real(prover):
            yield lemma, attrs.evolve(answer, proved=False, unknown="it is hard")

    monkeypatch.setattr(Prover, "prove_lemmas", unsure)
    ran = truebook(*FOREIGN, "--search-effort", "0")
    assert ran.returncode == 4
    assert verdicts(ran) == {"orphan-cancelled-once": "unknown"}
    assert "the lemma 'it is away, open, or cancelled by us': it is hard" in ran.stdout
    assert "      the solver says: it is hard" in ran.stdout


@pytest.mark.parametrize("jobs", ["1", "2"])
def test_what_takes_more_than_its_effort_is_unknown(truebook: Command, jobs: str) -> None:
    """The same text each time, however busy the machine, and whichever process does which job."""
    asked = (*FOREIGN[:-1], jobs, "--effort", "40", "--search-effort", "0")
    ran, again = truebook(*asked), truebook(*asked)
    assert ran.returncode == again.returncode == 4
    assert verdicts(ran) == {"orphan-cancelled-once": "unknown"}
    assert "it takes more than 40 units of the solver's work" in ran.stdout
    assert without_seconds(ran) == without_seconds(again)


def test_a_query_that_the_clock_stopped_is_no_answer(
    truebook: Command, monkeypatch: pytest.MonkeyPatch
) -> None:
    def hang(solver: Solver, effort: int | None = None) -> z3.CheckSatResult:
        raise OutOfTimeError.after(600)

    monkeypatch.setattr(Solver, "check", hang)
    ran = truebook(*FOREIGN)
    assert (ran.returncode, ran.stdout) == (4, "")
    assert "the clock stopped a query after 600 s" in ran.stderr
    assert "nothing was concluded" in ran.stderr


# Two solvers, and what was proved before


def test_both_solvers_are_asked(truebook: Command) -> None:
    ran = truebook(*FOREIGN, "--solver", "both")
    assert (ran.returncode, verdicts(ran)) == (0, {"orphan-cancelled-once": "proved"})
    assert re.search(r"^  cvc5 says     what Z3 says, of 1\d\d queries$", ran.stdout, re.MULTILINE)
    assert json.loads(truebook(*FOREIGN, "--json").stdout)["solver"] == "z3"


def test_solvers_that_disagree_are_an_error_that_names_what_they_were_asked(
    truebook: Command, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(cvc5_solver, "ask", lambda text, effort: cvc5_solver.Said("sat"))
    ran = truebook(*FOREIGN, "--solver", "both")
    assert (ran.returncode, ran.stdout) == (4, "")
    assert "Z3 says unsat and cvc5 sat of one query (foreign: " in ran.stderr
    kept = sorted(path.relative_to(tmp_path) for path in tmp_path.rglob("*.smt2"))
    assert len(kept) == 2
    assert all(str(path) in " ".join(ran.stderr.split()) for path in kept)


def test_what_was_proved_before_is_said_to_be_and_shown_as_it_was(
    truebook: Command, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked = (*FOREIGN, "--lemmas", "--cache", str(tmp_path))
    once = truebook(*asked)
    with monkeypatch.context() as patched:
        patched.setattr(jobs, "show", lambda *_: pytest.fail("it was proved again"))
        again = truebook(*asked)
    said = "  1 of 1 job done before, of the same code: --no-cache does all again\n"
    assert said in again.stdout
    assert again.stdout.replace(said, "").replace(" s before\n", " s\n") == once.stdout
    assert json.loads(truebook(*asked, "--json").stdout)["worlds"][0]["before"] is True
    for path in tmp_path.iterdir():
        path.unlink()
    assert said not in truebook(*asked).stdout


def test_in_ci_and_with_no_cache_nothing_is_kept(
    truebook: Command, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))
    monkeypatch.setattr(sys, "platform", "linux")
    for ci, *options in (("true",), ("", "--no-cache")):
        monkeypatch.setenv("CI", ci)
        truebook(*FOREIGN, *options)
        assert list(tmp_path.iterdir()) == []
    truebook(*FOREIGN)
    assert [path.suffix for path in tmp_path.glob("truebook/proofs/*")] == [".json"]


# What else must agree


def test_orders_that_are_entangled_are_inconclusive(
    truebook: Command, monkeypatch: pytest.MonkeyPatch
) -> None:
    several = Job("several orders")
    real_jobs, real_show = jobs.jobs_for, jobs.show_all

    def with_several(*asked: Any, **options: Any) -> tuple[Job, ...]:
        return (*real_jobs(*asked, **options), several)

    def show_all(asked: Sequence[Job], **options: Any) -> Any:
        yield from real_show([job for job in asked if job != several], **options)
        yield Shown(several, said="'steal' touches o0 and o1", actions=1)

    monkeypatch.setattr(proofs, "jobs_for", with_several)
    monkeypatch.setattr(proofs, "show_all", show_all)
    ran = truebook(*FOREIGN)
    assert ran.returncode == 4
    assert verdicts(ran) == {"orphan-cancelled-once": "proved"}
    assert "1 action of several orders together: 'steal' touches o0 and o1" in ran.stdout


# Usage


def test_help_says_what_it_does_and_how_it_ends(truebook: Command) -> None:
    ran = truebook("prove", "--help")
    assert ran.returncode == 0
    assert "Prove the properties for any size, any timing" in ran.stdout
    assert "Exit codes: 0 all proved, 1 a violation was found, 2 usage, 4 not proved" in ran.stdout


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["--design", "nobody"], "nobody"),
        (["--without", "luck"], "luck"),
        (["--property", "convergence", "--design", "legacy"], "what comes once quiet"),
        (["--without-assumption", "luck"], "luck"),
        (["--effort", "0"], "--effort"),
        (["--effort", "soon"], "--effort"),
        (["--timeout", "20"], "--timeout"),
        (["--depth", "0"], "--depth"),
        (["--jobs", "0"], "--jobs"),
        (["--search-effort", "-1"], "--search-effort"),
        (["--design", "plan", "--without", "tombstones"], "rules are switched off in the ref"),
        (
            ["--design", "plan", "--without-assumption", "lag"],
            "assumptions are of the reference",
        ),
        (["--solver", "cvc4"], "cvc4"),
        (["--solver", "both", "--design", "plan"], "--solver is of the reference"),
        (["--no-cache", "--cache", "kept"], "--cache and --no-cache contradict each other"),
        (["tombstones"], "tombstones"),
    ],
    ids=lambda value: "" if isinstance(value, str) else " ".join(value),
)
def test_nonsense_is_refused_in_one_line(
    truebook: Command, arguments: list[str], said: str
) -> None:
    ran = truebook("prove", *arguments)
    assert ran.returncode == 2
    assert ran.stdout == ""
    assert said in ran.stderr
    assert ran.stderr.count("\n") == 1


# For machines


def test_json_says_the_same(truebook: Command) -> None:
    ran = truebook(*FOREIGN, "--json")
    assert ran.returncode == 0
    found = json.loads(ran.stdout)
    assert found["design"] == "reference"
    of = found["properties"]["orphan-cancelled-once"]
    assert (of["verdict"], of["method"], of["assumptions"]) == (
        "proved",
        "inductive",
        ["expiry", "lag"],
    )
    assert found["violations"] == {}
    (world,) = found["worlds"]
    assert world["world"] == "foreign"
    assert {lemma["proved"] for lemma in world["lemmas"]} == {True}


def test_json_of_what_is_not_proved_and_of_a_violation(truebook: Command) -> None:
    rule = ("--without", "orphan-cancel-marked", "--search-effort", "0", "--json")
    of = json.loads(truebook(*FOREIGN, *rule).stdout)["properties"]["orphan-cancelled-once"]
    assert of["verdict"] == "not proved"
    assert of["meaning"].startswith("reachable in ")
    plan = ("--design", "plan", "--depth", "11", "--search-effort", "4000000000", "--json")
    ran = truebook(*FOREIGN, *plan)
    assert ran.returncode == 1
    violation = json.loads(ran.stdout)["violations"]["orphan-cancelled-once"]
    assert violation["by"] == "bounded search"
    assert violation["trace"][-1]["action"].startswith("process-snapshot:")


def test_progress_is_in_words(capsys: pytest.CaptureFixture[str]) -> None:
    with StepLine(2) as line:
        line._last = 0.0
        line.update(Job("order"), "proving identity")
        line._last = 0.0
        line.done(Job("order"))
    assert capsys.readouterr().err.splitlines() == [
        "[0/2] order: proving identity",
        "[1/2] order: done",
    ]
