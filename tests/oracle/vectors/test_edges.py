"""Edges: what they cover, and that they go on behind what is found."""

from itertools import pairwise

import pytest

from truebook.oracle.cases.case import FEATURES
from truebook.oracle.conform import Gathering, run_edges
from truebook.oracle.driver.client import Client, Direct
from truebook.oracle.judge import Kind, run_case
from truebook.oracle.mutants import MUTANTS, session_of
from truebook.oracle.reference.subject import ReferenceBook, reference
from truebook.oracle.serve import Effects, Event, Session
from truebook.oracle.vectors.edges import Graph, case_of, edge_runs, pair_runs, scenarios_for

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
    ("name", "world", "kinds"),
    [
        ("grace-one-long", "foreign", {Kind.PASS, Kind.DIFFERS}),
        ("fill-does-not-bind", "foreign", {Kind.PASS}),
        ("no-dedup", "fills", {Kind.PASS, Kind.FAIL}),
    ],
)
def test_a_scenario_goes_on_behind_what_it_finds(
    monkeypatch: pytest.MonkeyPatch, name: str, world: str, kinds: set[Kind]
) -> None:
    graph = GRAPHS[world]
    monkeypatch.setattr(
        "truebook.oracle.vectors.edges.scenarios_for", lambda features: [graph.scenario]
    )
    (mutant,) = (m for m in MUTANTS if m.name == name)
    gathering = Gathering()
    run_edges(gathering, lambda: Direct(session_of(mutant)))
    assert {result.kind for result in gathering.results} == kinds
    assert {result.slug for result in gathering.results} == {f"edges-{world}", f"pairs-{world}"}
    told = sum(result.count for result in gathering.results)
    assert told == len(edge_runs(graph)) + len(pair_runs(graph))
    assert bool(gathering.findings.findings()) == (kinds != {Kind.PASS})


def test_a_scenario_ends_where_the_subject_breaks(monkeypatch: pytest.MonkeyPatch) -> None:
    class Dying(ReferenceBook):
        def step(self, event: Event, at: int) -> Effects:
            if event["type"] == "cancel_answer":
                raise KeyError("mine")
            return super().step(event, at)

    scenario = GRAPHS["foreign"].scenario
    monkeypatch.setattr("truebook.oracle.vectors.edges.scenarios_for", lambda features: [scenario])
    gathering = Gathering()
    run_edges(gathering, lambda: Direct(Session(Dying, features=FEATURES)))
    assert [(r.kind, r.slug) for r in gathering.results] == [
        (Kind.PASS, "edges-foreign"),
        (Kind.CRASH, "edges-foreign"),
    ]
    last = gathering.results[-1]
    assert last.count == 1
    assert last.told[-1].events[0]["type"] == "cancel_answer"
