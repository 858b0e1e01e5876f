"""What an adapter cannot take is never told it; what is left of the model is told all the same."""

from collections.abc import Collection, Mapping
from typing import Any

import attrs
import pytest

from truebook.oracle.cases import EVENTS, FEATURES, kinds_of
from truebook.oracle.conform import Gathering, run_edges, run_plans, run_vectors
from truebook.oracle.driver import Client, Direct
from truebook.oracle.judge import Kind, smoke
from truebook.oracle.reference import ReferenceBook
from truebook.oracle.reports import Run, lines_of
from truebook.oracle.reports.formats import json_of
from truebook.oracle.serve import Effects, NotSupported, Session
from truebook.oracle.vectors.edges import Graph, case_of, edge_runs, scenarios_for
from truebook.oracle.vectors.random_runs import Worlds
from truebook.oracle.vectors.shipped import all_vectors
from truebook.oracle.vectors.shortened import Plan
from truebook.oracle.vectors.without import NEEDS

TOLD_BY_MODEL = sorted({kind for kinds in NEEDS.values() for kind in kinds})
PICKS = tuple(7919 * n % 9973 for n in range(160))
BOTH = ("unknown", "status")


def subject(cannot: Collection[str], **about: Any) -> Session:
    """Return the reference, as one that refuses some types of events and, if not told, says so."""

    class Refusing(ReferenceBook):
        def step(self, event: Mapping[str, Any], at: int) -> Effects:
            if event["type"] in cannot:
                raise NotSupported(f"{event['type']} was told")
            return super().step(event, at)

    said = {"features": FEATURES, "cannot": tuple(cannot), **about}
    return Session(Refusing, name="refusing", **said)


def told_by_edges(cannot: Collection[str]) -> set[str]:
    """Return the types of the events of edges, in the scenarios that have few states."""
    told: set[str] = set()
    for features in (("core", "cancel"), ("core", "listing", "orphans", "fill-times")):
        for scenario in scenarios_for(features):
            if scenario.name in ("one lot", "foreign", "fills"):
                graph = Graph(scenario, cannot)
                cases = [case_of(graph, run, "edge") for run in edge_runs(graph)[-60:]]
                told |= {kind for case in cases if case is not None for kind in kinds_of(case)}
    return told


@pytest.mark.parametrize("cannot", [*EVENTS, BOTH], ids=str)
def test_no_random_run_tells_what_cannot_be_taken(cannot: str | tuple[str, ...]) -> None:
    words = (cannot,) if isinstance(cannot, str) else cannot
    worlds = Worlds(FEATURES, words)
    told: set[str] = set()
    for k in range(12):
        picks = tuple((pick + 613 * k) % 10_000 for pick in PICKS)
        case = worlds.case(Plan(("1",) * 3, (False, True, False), picks))
        told |= kinds_of(case) if case is not None else set()
    assert not told & set(words)
    wanted = {"fill", "tick", "register"} if not {"register"} & set(words) else {"tick"}
    assert wanted - set(words) <= told


@pytest.mark.parametrize("cannot", TOLD_BY_MODEL)
def test_no_edge_tells_what_cannot_be_taken(cannot: str) -> None:
    told = told_by_edges((cannot,))
    assert cannot not in told
    assert told


def test_what_is_told_without_anything_left_out_is_what_can_be_left_out() -> None:
    assert told_by_edges(()) <= set(TOLD_BY_MODEL)


def test_the_smoke_test_tells_nothing_that_cannot_be_taken() -> None:
    for cannot in ((), ("register",), ("answer", "tick"), ("register", "answer", "tick")):
        result = smoke(Client(lambda cannot=cannot: Direct(subject(cannot))))
        assert result.kind is Kind.PASS, cannot


def test_one_that_does_not_say_so_fails_and_is_told_how_to() -> None:
    quiet = attrs.evolve(subject(("answer",)), cannot=())
    client = Client(lambda: Direct(quiet))
    result = smoke(client)
    assert result.kind is Kind.FAIL
    assert "it cannot take 'answer'" in result.what
    assert "names in `cannot`" in result.hint


def test_a_run_tries_all_that_can_be_taken_and_says_what_was_not() -> None:
    gathering = Gathering()

    def opener() -> Direct:
        return Direct(subject(BOTH))

    vectors = [(case, ()) for case in all_vectors()]
    run_vectors(gathering, opener, vectors)
    tried = {result.slug: result for result in gathering.results}
    for case in all_vectors():
        cannot = [name for name in BOTH if name in kinds_of(case)]
        assert (tried[case.slug].kind is Kind.UNSUPPORTED) == bool(cannot)
        if cannot:
            assert tried[case.slug].what == f"it cannot take {', '.join(cannot)}"
    run_plans(gathering, opener, examples=25)
    (made,) = [result for result in gathering.results if result.stage == "random"]
    assert (made.kind, made.count) == (Kind.PASS, 25)
    client = Client(opener)
    run = Run(client.about, ("…",), tuple(gathering.results))
    untold = {name: sum(name in kinds_of(case) for case in all_vectors()) for name in BOTH}
    assert run.untold == untold
    assert json_of(run)["cannot"] == untold
    lines = [line for _, line in lines_of(run)]
    said = f"unknown ({untold['unknown']:,}), status ({untold['status']:,})"
    assert f"cannot be told, so not tried, with how many vectors tell it: {said}" in lines


def test_edges_are_told_to_one_that_cannot_take_all() -> None:
    gathering = Gathering()
    about = {"features": ("core",), "shows": ("position",)}
    run_edges(gathering, lambda: Direct(subject(BOTH, **about)))
    assert {result.kind for result in gathering.results} == {Kind.PASS}
    assert sum(result.count for result in gathering.results) > 100


def test_a_features_events_need_no_claim_to_be_left_out() -> None:
    run = Run(Client(lambda: Direct(subject(("restart",), features=("core",)))).about, (), ())
    assert run.untold == {"restart": 0}
