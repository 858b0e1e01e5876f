"""`truebook export`: what it writes where, and what it says when it cannot."""

import json
from collections.abc import Callable
from pathlib import Path
from subprocess import CompletedProcess

import pytest
import z3

from command_line import said
from truebook.model.designs import PLAN
from truebook.specs.explore.engine import Runner
from truebook.specs.scenarios import default_scenarios

Command = Callable[..., CompletedProcess[str]]


def test_promela_is_printed_or_written(truebook: Command, tmp_path: Path) -> None:
    printed = truebook("export", "promela", "--size", "1")
    assert printed.returncode == 0
    assert printed.stdout.startswith("/* Truebook: design 'reference', scenario 'one order' */")
    file = tmp_path / "order.pml"
    written = truebook("export", "promela", "--size", "1", "-o", str(file))
    assert (written.returncode, written.stdout, said(written.stderr)) == (0, "", [])
    assert file.read_text() == printed.stdout


def test_a_module_is_called_as_its_file(truebook: Command, tmp_path: Path) -> None:
    file = tmp_path / "Alien.tla"
    options = ("--scenario", "foreign", "--property", "orphan-cancelled-once")
    assert truebook("export", "tla", *options, "-o", str(file)).returncode == 0
    assert file.read_text().startswith("---- MODULE Alien ----\n")
    named = [line for line in file.read_text().splitlines() if line.startswith("OrphanCancelled")]
    (invariant,) = (line.removesuffix(" ==") for line in named)
    assert f"INVARIANT {invariant}\n" in (tmp_path / "Alien.cfg").read_text()
    printed = truebook("export", "tla", "--scenario", "foreign")
    assert printed.stdout.startswith("---- MODULE Truebook ----\n")


def test_the_counterexample_is_the_explorers(truebook: Command, tmp_path: Path) -> None:
    file = tmp_path / "twice.itf.json"
    options = ("--design", "plan", "--property", "no-fill-twice")
    assert truebook("export", "itf", *options, "-o", str(file)).returncode == 0
    trace = json.loads(file.read_text())
    checked = truebook("check", *options, "--json", "--jobs", "1")
    found = json.loads(checked.stdout)["designs"]["plan"]["properties"]["no-fill-twice"]
    names = [step["action"] for step in found["trace"]]
    assert [state["#meta"].get("action") for state in trace["states"]] == [None, *names]
    system = default_scenarios(PLAN)[0].build(PLAN)
    runner, state = Runner(system), None
    actions = {action.name: action for action in system.actions}
    for name, shown in zip(names, trace["states"][1:], strict=True):
        state = runner.run(state or runner.first, actions[name])
        assert state is not None
        values = [int(shown[variable]["#bigint"]) for variable in trace["vars"]]
        assert values == [int(value) for value in state]


@pytest.mark.parametrize("scenario", ["foreign", "fills"])
def test_smt_lib_is_written(truebook: Command, tmp_path: Path, scenario: str) -> None:
    name = tmp_path / "world.smt2"
    done = truebook("export", "smt2", "--scenario", scenario, "-o", str(name))
    assert (done.returncode, done.stdout) == (0, "")
    text = name.read_text()
    assert text.startswith(f"; Truebook: design 'reference', scenario '{scenario}'\n")
    assert len(z3.parse_smt2_string(text + "(assert first)")) == 1


def test_a_run_by_names(truebook: Command) -> None:
    done = truebook("export", "itf", "--run", "send arrive-1:a answer:a taker-fill:a")
    assert len(json.loads(done.stdout)["states"]) == 5
    words = [state["#meta"].get("words") for state in json.loads(done.stdout)["states"]]
    assert words[:2] == [None, "we send the order"]


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["promela", "--scenario", "nowhere"], "no scenario is named 'nowhere'; the shipped"),
        (["promela", "--scenario", "order", "--size", "1"], "choose either --scenario or bounds"),
        (["promela", "--snapshots", "3"], "it must be a whole number from 0 to 2, not 3"),
        (["promela", "--design", "plan", "--without", "tombstones"], "rules are switched off in"),
        (["promela", "--size", "1", "--property", "convergence"], "convergence says nothing of"),
        (["tla", "-o", "order.txt"], "-o must be a name such as Order.tla, not order.txt"),
        (["tla", "-o", "my-order.tla"], "-o must be a name such as Order.tla"),
        (
            ["tla", "--size", "1", "-o", "/no/such/Order.tla"],
            "cannot write /no/such/Order.tla: there",
        ),
        (["smt2", "--property", "convergence"], "convergence says nothing of single states"),
        (["smt2", "--scenario", "self-trade"], "'self-trade' has no world of unknown times"),
        (["smt2", "--scenario", "two orders"], "'two orders' is of several orders: choose a"),
        (["smt2", "--scenario", "foreign", "-o", "/no/such/x"], "cannot write /no/such/x: there"),
        (["itf"], "say which run: --property PROPERTY, or --run"),
        (["itf", "--run", "send", "--property", "identity"], "say which run"),
        (["itf", "--run", "jump"], "no action is named 'jump'; the actions are: send"),
        (["itf", "--run", "tick answer:a"], "step 2, 'answer:a', is not possible there"),
        (
            ["itf", "--scenario", "foreign", "--property", "orphan-cancelled-once"],
            "no run to write",
        ),
    ],
    ids=lambda value: "" if isinstance(value, str) else " ".join(value),
)
def test_what_cannot_be_is_said_in_one_line(
    truebook: Command, arguments: list[str], said: str
) -> None:
    done = truebook("export", *arguments)
    assert done.returncode == 2
    assert done.stdout == ""
    assert said in done.stderr
    assert done.stderr.count("\n") == 1
