"""A whole run: smoke, vectors, edges, random runs; side by side where the subject lets it."""

import json
import threading
from collections.abc import Mapping, Sequence
from contextlib import closing
from pathlib import Path
from typing import TYPE_CHECKING

import attrs

from truebook.oracle.cases import Case
from truebook.oracle.driver import Client, Opener, Pace
from truebook.oracle.findings import Finding, Gatherer, Tally
from truebook.oracle.judge import (
    BROKE,
    Kind,
    Result,
    run_case,
    smoke,
    with_expected,
)
from truebook.oracle.protocol import About
from truebook.oracle.reports import Stage, Told
from truebook.oracle.together import so_many, together
from truebook.oracle.vectors import as_json

if TYPE_CHECKING:
    from truebook.oracle.vectors.edges import Graph, Run
    from truebook.specs.scenarios import Scenario

Chosen = tuple[Case, tuple[str, ...]]
"""A vector, and the words by which `truebook conform` is told to run it again."""

MOST_HANGS = 3
"""After so many hangs in a stage, the rest of it is not tried."""

PAIRED = ("one lot", "foreign", "fills")
"""The scenarios of which every two edges in a row are told; the others' take minutes: `deep`."""


@attrs.define
class Gathering:
    """The results of a run as they come; what is here when it is interrupted is kept.

    `declares` is declared of the subject beside what it says itself. `findings` gathers what is
    wrong in the results, `pace` is how fast the subject answered.
    """

    declares: tuple[str, ...] = ()
    results: list[Result] = attrs.field(factory=list)
    about: About | None = None
    pace: Pace = attrs.field(factory=Pace)
    findings: Gatherer = attrs.field(factory=Gatherer)

    def client(self, opener: Opener) -> Client:
        """Return a conversation with a fresh subject."""
        return Client(opener, self.declares)

    def add(self, result: Result) -> None:
        """Take a result, and gather what is wrong in it that is not expected of its vector."""
        self.results.append(result)
        if result.kind is not Kind.EXPECTED:
            self.findings.add(result)


def check_smoke(gathering: Gathering, opener: Opener) -> bool:
    """Run the smoke test; return whether to go on."""
    with closing(gathering.client(opener)) as client:
        result = smoke(client)
        gathering.results.append(result)
        if result.kind in BROKE:
            return False
        gathering.about = client.about
    return result.kind is Kind.PASS


def run_vectors(
    gathering: Gathering,
    opener: Opener,
    vectors: Sequence[Chosen],
    *,
    jobs: int = 1,
    expected: Mapping[str, str] | None = None,
    told: Told = lambda words: None,
) -> None:
    """Hold a subject to vectors, with so many of it side by side."""
    found: dict[int, Result] = {}
    stage = Stage("vectors", len(vectors), told)
    clients = [gathering.client(opener) for _ in range(so_many(jobs, len(vectors)))]
    hangs = _Hangs()

    def work(client: Client, vector: Chosen) -> Result:
        return _run_vector(client, vector, hangs)

    try:
        with closing(together(clients, work, vectors, gathering.pace)) as results:
            for number, result in results:
                found[number] = with_expected(result, expected or {})
                stage.add(result)
    finally:
        for number in sorted(found):
            gathering.add(found[number])


def run_edges(
    gathering: Gathering,
    opener: Opener,
    *,
    deep: bool = False,
    jobs: int = 1,
    told: Told = lambda words: None,
) -> None:
    """Tell a subject every edge of the bounded model, without what it cannot take.

    So many scenarios are told side by side; one ends where the subject breaks.
    """
    from truebook.oracle.vectors.edges import scenarios_for

    first = gathering.client(opener)
    scenarios = list(scenarios_for(first.about.features))
    more = (gathering.client(opener) for _ in range(so_many(jobs, len(scenarios)) - 1))
    parts = {scenario.name: Gathering() for scenario in scenarios}

    def work(client: Client, scenario: "Scenario") -> None:
        _run_scenario(parts[scenario.name], client, scenario, deep, told)

    try:
        with closing(together([first, *more], work, scenarios, gathering.pace)) as ended:
            for _ in ended:
                pass
    finally:
        for part in parts.values():
            gathering.results += part.results
            gathering.findings.join(part.findings)


def _run_scenario(
    gathering: Gathering, client: Client, scenario: "Scenario", deep: bool, told: Told
) -> None:
    from truebook.oracle.vectors.edges import Graph, edge_runs, pair_runs

    graph = Graph(scenario, client.about.cannot)
    runs = {"edges": edge_runs(graph)}
    if deep or scenario.name in PAIRED:
        runs["pairs"] = pair_runs(graph)
    for kind, some in runs.items():
        if not _run_graph(gathering, client, graph, some, kind, told):
            return


def _run_graph(
    gathering: Gathering,
    client: Client,
    graph: "Graph",
    runs: "Sequence[Run]",
    kind: str,
    told: Told,
) -> bool:
    """Tell the runs of a graph, shortest first; return whether the subject took them all.

    There are many: those that came to the same are kept as one result.
    """
    from truebook.oracle.vectors.edges import case_of

    name = f"{kind}-{graph.scenario.name}".replace(" ", "-")
    stage = Stage(f"{kind} of '{graph.scenario.name}'", len(runs), told)
    tally = Tally()
    try:
        for run in runs:
            case = case_of(graph, run, name)
            result = None if case is None else run_case(client, case, stage="edges")
            stage.add(result)
            if result is None:
                continue
            gathering.findings.add(result)
            tally.add(result)
            if result.kind in BROKE:
                return False
        return True
    finally:
        gathering.results += tally.results()


def run_plans(
    gathering: Gathering, opener: Opener, *, examples: int, told: Told = lambda words: None
) -> None:
    """Tell a subject random runs, and make the first of each new finding short."""
    from truebook.oracle.vectors.random_runs import random_runs

    tally = Tally()
    with closing(gathering.client(opener)) as client:
        known = gathering.findings.names()
        for result in random_runs(client, examples=examples, known=known, told=told):
            gathering.findings.add(result)
            tally.add(result)
        gathering.results += tally.results()
        gathering.pace.add(client.pace)


def saved(finding: Finding, folder: Path) -> Finding:
    """Write the shortest run of a finding as a file that `truebook conform --replay` takes.

    Returns the finding with the words that replay it. Its steps end where it begins, and the file
    is called by the finding. Raises OSError where it cannot be written.
    """
    rule = finding.rules[0] if finding.rules else None
    shortest = _saved(finding.shortest, finding.name, folder, finding.onset.step, rule=rule)
    return attrs.evolve(finding, shortest=shortest)


def saved_fault(result: Result, folder: Path) -> Result:
    """Write the run of a fault that no finding tells of, as `saved` does, up to where it ended."""
    return _saved(result, result.slug, folder, len(result.told))


def _saved(
    result: Result, name: str, folder: Path, length: int, *, rule: str | None = None
) -> Result:
    from truebook.oracle.vectors.build import rule_of

    slug = name.replace("/", "--").replace("_", "-").replace(".", "-")
    steps = result.case.steps[: max(1, length)]
    case = attrs.evolve(
        result.case, slug=slug, steps=steps, rule=rule or rule_of(steps[-1].event["type"])
    )
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / f"{slug}.json"
    path.write_text(json.dumps(as_json(case), indent=1, ensure_ascii=False) + "\n", "utf-8")
    return attrs.evolve(result, case=case, replay=("--replay", str(path)))


def _run_vector(client: Client, vector: Chosen, hangs: "_Hangs") -> Result:
    case, replay = vector
    if hangs.too_many:
        what = f"not tried: the subject hung {MOST_HANGS} times before"
        return Result(stage="vectors", case=case, kind=Kind.INCONCLUSIVE, what=what)
    result = run_case(client, case, replay=replay)
    hangs.note(result)
    return result


class _Hangs:
    """Counts how often a subject has hung, so that a run of one that hangs ends in time."""

    def __init__(self) -> None:
        self._count, self._lock = 0, threading.Lock()

    def note(self, result: Result) -> None:
        with self._lock:
            self._count += result.kind is Kind.HANG

    @property
    def too_many(self) -> bool:
        return self._count >= MOST_HANGS
