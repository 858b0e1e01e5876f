"""How far a run has come, how fast its subject is, and what is said of a slow one."""

import re
import sys
import time
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest

from truebook.cli import run
from truebook.oracle.cases.case import FEATURES
from truebook.oracle.conform import Gathering, run_edges, run_plans, run_vectors
from truebook.oracle.driver.client import Client, Direct
from truebook.oracle.driver.pace import Pace
from truebook.oracle.judge.results import Kind
from truebook.oracle.mutants import MUTANTS, session_of
from truebook.oracle.protocol.messages import as_json
from truebook.oracle.reference.subject import ReferenceBook, reference
from truebook.oracle.serve import Session
from truebook.oracle.vectors.edges import scenarios_for
from truebook.oracle.vectors.shipped import all_vectors

FAR = re.compile(r"(.*): ([\d,]+) of ([\d,]+)(, one fails; [\d,]+ shorter ones? tried)?")
EVENTS = re.compile(r", ([\d,]+) events?$")


def number(text: str) -> int:
    return int(text.replace(",", ""))


def check_told(told: list[str], *, to_the_end: bool = True) -> dict[str, list[int]]:
    """Check what progress says: it goes on, never exceeds what there is, and comes to it."""
    counts: dict[str, list[int]] = {}
    totals: dict[str, int] = {}
    events: dict[str, int] = {}
    for words in told:
        far, of_events = FAR.match(words), EVENTS.search(words)
        assert far is not None
        assert of_events is not None
        stage, done, of = far[1], number(far[2]), number(far[3])
        assert totals.setdefault(stage, of) == of, "how much there is has changed"
        assert done <= of
        assert counts.get(stage, [0])[-1] <= done
        assert events.get(stage, 0) <= number(of_events[1])
        counts.setdefault(stage, []).append(done)
        events[stage] = number(of_events[1])
    if to_the_end:
        assert {stage: done[-1] for stage, done in counts.items()} == totals
    return counts


def opener() -> Direct:
    return Direct(reference())


@pytest.mark.parametrize("jobs", [1, 3])
def test_vectors_are_counted_with_their_events(jobs: int) -> None:
    told: list[str] = []
    chosen = [(case, ()) for case in all_vectors()[:40]]
    run_vectors(Gathering(), opener, chosen, jobs=jobs, told=told.append)
    assert check_told(told) == {"vectors": list(range(1, 41))}
    events = sum(len(list(step.events())) for case, _ in chosen for step in case.steps)
    assert told[-1].endswith(f" {events:,} events")


def test_edges_are_counted_kind_by_kind(monkeypatch: pytest.MonkeyPatch) -> None:
    small = [scenario for scenario in scenarios_for(FEATURES) if scenario.name == "fills"]
    monkeypatch.setattr("truebook.oracle.vectors.edges.scenarios_for", lambda features: small)
    told: list[str] = []
    run_edges(Gathering(), opener, told=told.append)
    assert set(check_told(told)) == {"edges of 'fills'", "pairs of 'fills'"}


@pytest.mark.parametrize("cores", [1, 2, None])
@pytest.mark.parametrize("jobs", [1, 3, 100, 1_000])
def test_no_more_subjects_run_at_once_than_the_cores_can_serve(
    jobs: int, cores: int | None, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("os.cpu_count", lambda: cores)
    opened: list[Direct] = []

    def counted() -> Direct:
        opened.append(opener())
        return opened[-1]

    gathering = Gathering()
    run_vectors(gathering, counted, [(case, ()) for case in all_vectors()[:60]], jobs=jobs)
    assert {result.kind for result in gathering.results} == {Kind.PASS}
    assert 0 < len(opened) <= min(jobs, 4 * (cores or 1))


@pytest.mark.parametrize("examples", [1, 2, 3, 25])
@pytest.mark.parametrize("features", [FEATURES, ("core",)])
def test_random_runs_come_to_as_many_as_were_asked_for(
    examples: int, features: tuple[str, ...]
) -> None:
    told: list[str] = []
    gathering = Gathering()
    subject = Session(ReferenceBook, features=features)
    run_plans(gathering, lambda: Direct(subject), examples=examples, told=told.append)
    assert check_told(told) == {"random": list(range(1, examples + 1))}
    assert [(one.kind, one.count) for one in gathering.results] == [(Kind.PASS, examples)]


def test_shrinking_is_not_counted_as_runs() -> None:
    (mutant,) = (m for m in MUTANTS if m.name == "fill-lost-in-cancel")
    told: list[str] = []
    gathering = Gathering()
    run_plans(gathering, lambda: Direct(session_of(mutant)), examples=200, told=told.append)
    assert any(result.kind is Kind.FAIL for result in gathering.results)
    (counts,) = check_told(told).values()
    assert sorted(set(counts)) == list(range(1, 201))
    assert sum(result.count for result in gathering.results) == 200
    tried = [words for words in told if "one fails; " in words]
    assert "one fails; 1 shorter one tried" in tried[0]
    assert len(tried) > 10


# How fast


class Many(ReferenceBook):
    """A book that is told each event by itself."""


def messages(features: tuple[str, ...], slug: str) -> Pace:
    session = Session(Many, features=features)
    plain = as_json(Client(lambda: Direct(session)).about) | {"features": list(features)}

    class Plain(Direct):
        def ask(self, message: dict[str, Any]) -> Any:
            return plain if message["type"] == "hello" else super().ask(message)

    gathering = Gathering()
    chosen = [(case, ()) for case in all_vectors() if case.slug == slug]
    run_vectors(gathering, lambda: Plain(session), chosen)
    assert [result.kind for result in gathering.results] == [Kind.PASS]
    return gathering.pace


def test_what_batch_would_spare_is_counted() -> None:
    (case,) = (case for case in all_vectors() if case.slug == "sum-of-many-fills-exact")
    events = sum(len(list(step.events())) for step in case.steps)
    alone = messages(("core", "fill-times"), case.slug)
    together = messages(("core", "fill-times", "batch"), case.slug)
    assert (alone.messages, alone.spared) == (1 + events, events - len(case.steps))
    assert (together.messages, together.spared) == (1 + len(case.steps), 0)


def test_hello_is_not_waited_for() -> None:
    client = Client(opener)
    assert client.about.name == "reference"
    assert client.pace == Pace()


SLOW = Pace(messages=1_000, seconds=20.0, spared=400)


@pytest.mark.parametrize(
    ("pace", "more", "words"),
    [
        (
            SLOW,
            {"batch": False},
            ["20 ms a message", "1,000 messages", "400 fewer", "about 8 s less"],
        ),
        (SLOW, {"batch": False}, ["`batch`", "docs/protocol.md", "--jobs"]),
        (Pace(1, 2.0), {"batch": False}, ["1 message;", "asked as many"]),
        (SLOW, {"batch": True}, ["20 ms a message", "--jobs"]),
    ],
)
def test_a_slow_subject_is_told_what_would_help(
    pace: Pace, more: Mapping[str, bool], words: list[str]
) -> None:
    said = pace.advice(jobs=1, **more)
    assert [word for word in words if word not in said] == []
    assert ("`batch`" in said) != more["batch"]
    assert "--jobs" not in pace.advice(jobs=2, **more)


@pytest.mark.parametrize("pace", [Pace(), Pace(100_000, 20.0, 400), Pace(10, 0.5, 400)])
def test_of_a_subject_that_is_quick_or_soon_done_nothing_is_said(pace: Pace) -> None:
    assert pace.advice(batch=False, jobs=1) == ""


def test_advice_goes_to_stderr_and_changes_no_verdict(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    command = ("conform", "--only", "duplicate-tid", "--", sys.executable)
    asked = (*command, "-m", "truebook.oracle.reference")
    assert run(asked) == 0
    quick = capsys.readouterr()
    clock = iter(range(10_000))
    monkeypatch.setattr(time, "perf_counter", lambda: float(next(clock)))  # a second a look
    assert run(asked) == 0
    slow = capsys.readouterr()
    assert slow.out == quick.out
    assert "truebook: the adapter takes" not in quick.err
    (line,) = (line for line in slow.err.splitlines() if line.startswith("truebook: "))
    assert line.startswith("truebook: the adapter takes 1,000 ms a message: ")
