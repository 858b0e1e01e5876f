"""Edges and random runs: what they cover, and that they find what is wrong in few steps."""

import json
import sys
from collections.abc import Mapping
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest

from truebook.cli import run
from truebook.oracle.cases.case import FEATURES, load
from truebook.oracle.conform import Gathering, run_edges, saved
from truebook.oracle.driver.client import Client, Direct, Fault
from truebook.oracle.driver.client import Kind as Broken
from truebook.oracle.judge.case_run import run_case
from truebook.oracle.judge.results import Kind, Result, Told
from truebook.oracle.mutants import MUTANTS, session_of
from truebook.oracle.reference.subject import ReferenceBook, reference
from truebook.oracle.serve import Effects, Event, Session
from truebook.oracle.vectors.build import rule_of
from truebook.oracle.vectors.edges import Graph, case_of, edge_runs, pair_runs, scenarios_for
from truebook.oracle.vectors.random_runs import Plan, Worlds, random_runs
from truebook.oracle.vectors.shipped import all_vectors

GRAPHS = {s.name: Graph(s) for s in scenarios_for(FEATURES) if s.name in ("foreign", "fills")}


@pytest.mark.parametrize("name", GRAPHS)
def test_every_run_is_one_that_the_model_takes(name: str) -> None:
    graph = GRAPHS[name]
    for runs in (edge_runs(graph), pair_runs(graph)):
        for run_ in runs:
            assert run_[0][1] == graph.runner.first
            for (number, before), (_, after) in pairwise(run_):
                assert (number, after) in graph.out[before]


@pytest.mark.parametrize("name", GRAPHS)
def test_runs_begin_short_and_none_begins_another(name: str) -> None:
    runs = edge_runs(GRAPHS[name])
    assert [len(run_) for run_ in runs] == sorted(len(run_) for run_ in runs)
    assert not {run_[:-1] for run_ in runs} & set(runs)


@pytest.mark.parametrize("name", GRAPHS)
def test_the_reference_takes_every_edge_and_pair(name: str) -> None:
    graph, client = GRAPHS[name], Client(lambda: Direct(reference()))
    for number, run_ in enumerate([*edge_runs(graph), *pair_runs(graph)]):
        case = case_of(graph, run_, f"run-{number}")
        assert case is not None
        result = run_case(client, case)
        assert result.kind is Kind.PASS, result


def test_what_a_book_cannot_do_is_not_in_its_models() -> None:
    names = [scenario.name for scenario in scenarios_for(("core",))]
    assert names == ["one lot", "two lots"]
    told: set[str] = set()
    for scenario in scenarios_for(("core",)):
        graph = Graph(scenario)
        for run_ in edge_runs(graph)[-200:]:
            case = case_of(graph, run_, "x")
            assert case is not None
            told |= {step.event["type"] for step in case.steps}
    assert {"register", "answer", "fill", "status", "unknown", "tick"} <= told
    assert not told & {"cancel", "cancel_answer", "modify", "modify_answer", "listing", "position"}


@pytest.mark.parametrize(
    ("name", "world", "kind"),
    [("grace-one-long", "foreign", Kind.FAIL), ("fill-does-not-bind", "foreign", Kind.PASS)],
)
def test_a_scenario_ends_at_its_first_finding(
    monkeypatch: pytest.MonkeyPatch, name: str, world: str, kind: Kind
) -> None:
    scenario = GRAPHS[world].scenario
    monkeypatch.setattr("truebook.oracle.vectors.edges.scenarios_for", lambda features: [scenario])
    (mutant,) = (m for m in MUTANTS if m.name == name)
    gathering = Gathering()
    run_edges(gathering, lambda: Direct(session_of(mutant)))
    *passed, last = gathering.results
    assert {result.kind for result in passed} == {Kind.PASS}
    assert last.kind is kind
    assert last.slug in ("edges-foreign", "pairs-foreign")


def test_random_runs_of_the_reference_pass_and_tell_everything() -> None:
    client = Client(lambda: Direct(reference()))
    results = random_runs(client, examples=60)
    assert {result.kind for result in results} == {Kind.PASS}
    told = {e["type"] for r in results for step in r.told for e in step.events}
    assert {"register", "answer", "reject", "unknown", "fill", "status", "cancel"} <= told
    assert {"modify", "modify_answer", "listing", "listing_failed", "tick"} <= told
    sizes = {e["size"] for r in results for s in r.told for e in s.events if e["type"] == "fill"}
    assert len(sizes) >= 3  # which ones depends on what Hypothesis takes from loaded modules


def test_random_runs_are_the_same_every_time() -> None:
    first, again = (random_runs(Client(lambda: Direct(reference())), examples=15) for _ in range(2))
    assert [r.told for r in first] == [r.told for r in again]


def test_a_random_finding_is_shrunk() -> None:
    (mutant,) = (m for m in MUTANTS if m.name == "fill-lost-in-cancel")
    *passed, last = random_runs(Client(lambda: Direct(session_of(mutant))), examples=200)
    assert {result.kind for result in passed} <= {Kind.PASS}
    assert len(passed) < 200
    assert last.kind is Kind.FAIL
    told = [event["type"] for step in last.told for event in step.events]
    # Which of the short ones it comes to depends on what Hypothesis takes from loaded modules.
    assert told[0] == "register"
    assert told[-1] == "fill"
    assert "cancel" in told
    assert len(told) <= 6


class Moody(ReferenceBook):
    steps = 0

    def step(self, event: Event, at: int) -> Effects:
        Moody.steps += 1
        return super().step(event, at)

    def state(self) -> Mapping[str, Any]:
        return {**super().state(), **({"position": "77"} if Moody.steps == 100 else {})}


def test_a_subject_that_does_not_do_the_same_twice_is_inconclusive() -> None:
    client = Client(lambda: Direct(Session(Moody, features=FEATURES)))
    last = random_runs(client, examples=60)[-1]
    assert last.kind is Kind.INCONCLUSIVE
    assert "passed the same run" in last.what


def test_a_random_run_that_hangs_is_not_shrunk() -> None:
    asked: list[str] = []

    class Hanging(Direct):
        def ask(self, message: dict[str, Any]) -> Any:
            if message.get("event", {}).get("type") == "cancel":
                asked.append(message["event"]["id"])
                raise Fault(Broken.HANG, "no answer within 5 s")
            return super().ask(message)

    results = random_runs(Client(lambda: Hanging(reference())), examples=200)
    assert results[-1].kind is Kind.HANG
    assert len(asked) == 1


def test_a_plan_that_picks_nothing_is_no_run() -> None:
    assert Worlds(("core",)).case(Plan(("1",) * 3, (False,) * 3, ())) is None


def test_a_finding_is_saved_up_to_where_it_was_wrong(tmp_path: Path) -> None:
    case = next(case for case in all_vectors() if case.slug == "fill-before-ack")
    told = tuple(Told(step.at, tuple(step.events())) for step in case.steps)
    for count, last in ((0, "register"), (1, "register"), (2, "fill"), (3, "answer")):
        found = Result(stage="edges", case=case, kind=Kind.CRASH, told=told[:count])
        after = saved(found, tmp_path)
        assert load(tmp_path / "fill-before-ack.json") == after.case
        assert after.case.steps[-1].event["type"] == last
        assert after.case.rule == rule_of(last)
        assert len(after.case.steps) == max(1, count)


def test_a_finding_is_saved_and_can_be_replayed(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = tmp_path / "adapter.py"
    path.write_text(
        "from truebook.oracle.mutants import MUTANTS, session_of\n"
        "from truebook.oracle.serve import serve\n"
        "made = session_of(next(m for m in MUTANTS if m.name == 'fill-lost-in-cancel'))\n"
        "serve(made.factory, name='lossy', features=made.features)\n"
    )
    command = ("--", sys.executable, str(path))
    save = ("--save", str(tmp_path / "found"))
    assert run(("conform", "--stage", "random", *save, *command)) == 1
    assert f"--replay {tmp_path / 'found' / 'random.json'} -- " in capsys.readouterr().out
    data = json.loads((tmp_path / "found" / "random.json").read_text())
    assert data["rule"] == "fill-binds"  # that of its last event, a fill
    assert [step["event"]["type"] for step in data["steps"]][-1] == "fill"
    replay = ("--replay", str(tmp_path / "found" / "random.json"))
    assert run(("conform", *replay, *command)) == 1
    right = ("--", sys.executable, "-m", "truebook.oracle.reference")
    assert run(("conform", *replay, *right)) == 0
