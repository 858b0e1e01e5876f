"""Of thousands of runs what came to the same is one result, and what is known of all is known."""

import attrs
import pytest

from judged import judged, onset, wrong
from truebook.oracle.findings import Tally, as_known, gathered, with_known
from truebook.oracle.judge import Kind, Result, exit_code, faults_of

POSITION, EXPOSURE = wrong("position", "no-fill-twice"), wrong("exposure", "exposure-is-tight")
RUNS = [
    judged("run", onset(1, POSITION)),
    judged("run"),
    judged("run", onset(1, POSITION), length=2),
    judged("run", onset(1, POSITION), onset(2, EXPOSURE)),
    judged("run"),
]


def tallied() -> list[Result]:
    tally = Tally()
    for one in RUNS:
        tally.add(attrs.evolve(one, stage="edges"))
    return list(tally.results())


def test_runs_that_come_to_the_same_are_one_result() -> None:
    assert [(one.kind, one.count) for one in tallied()] == [
        (Kind.FAIL, 2),
        (Kind.PASS, 2),
        (Kind.FAIL, 1),
    ]
    assert not faults_of(tallied()), "findings tell of them"


def test_the_shortest_run_stands_for_the_others() -> None:
    first, _, short, _, _ = RUNS
    assert len(first.told) > len(short.told)
    assert tallied()[0].told == short.told


@pytest.mark.parametrize(
    ("known", "code"),
    [((), 1), (("no-fill-twice",), 1), (("no-fill-twice", "exposure-is-tight"), 0)],
)
def test_edges_are_expected_to_fail_where_all_of_them_is_known(
    known: tuple[str, ...], code: int
) -> None:
    findings = gathered(RUNS)
    reasons = {one.name: "so it is" for one in findings if one.name.startswith(known)}
    told, _ = with_known(findings, reasons if known else {})
    assert exit_code([as_known(one, told) for one in tallied()]) == code
