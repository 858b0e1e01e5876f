"""Runs in four lanes: what is read of a report, and what is drawn of it."""

import json
from collections.abc import Callable
from pathlib import Path
from subprocess import CompletedProcess
from typing import Any

import attrs
import pytest
from hypothesis import given
from hypothesis import strategies as st

from truebook.review.check_report import as_json
from truebook.review.runs import LANES, NoRunError, Run, blocks, mermaid, runs_of
from truebook.screen.layout import laid_out
from truebook.specs.explore.designs import Report
from truebook.specs.properties import (
    Change,
    Difference,
    Fork,
    Holds,
    Lane,
    Step,
    Trace,
    Verdict,
    Violated,
)

Command = Callable[..., CompletedProcess[str]]
Golden = Callable[[str, str], None]

SEND = Step(
    "send",
    "we send the order",
    (
        Change("at the venue", "unsent", "sent", lane=Lane.VENUE),
        Change("in the book", "absent", "pending", lane=Lane.BOOK),
        Change("age", "0", "1", detail=True, lane=Lane.BOOK),
    ),
    lane=Lane.CLIENT,
)
TICK = Step("tick", "a tick passes", (Change("age", "1", "2", True),), lane=Lane.TIME)
FILL = Step(
    "fill",
    "the message of a fill arrives",
    (Change("position", "0", "1", lane=Lane.BOOK),),
    lane=Lane.WIRE,
)
FORK = Fork((FILL, TICK), (TICK, FILL), (Difference("position", "1", "0"),))
VERDICTS: dict[str, Verdict] = {
    "no-fill-twice": Violated("the position is more", Trace((SEND, TICK, FILL))),
    "identity": Holds(("order",)),
    "confluence": Violated("they do not commute", Trace((SEND,), fork=FORK)),
    "convergence": Violated("it is shown otherwise", Trace((SEND,), SEND.changes)),
}
REPORT = Report("plan", VERDICTS, dict.fromkeys(VERDICTS, "order"), (), (), 0.0)
JSON = as_json([REPORT])


def drawn(run: Run, width: int = 100) -> str:
    return "\n".join(line for _, line in laid_out(blocks(run), width))


def runs() -> dict[str, Run]:
    return {one.property: one for one in runs_of(json.loads(json.dumps(JSON)))}


def test_each_property_that_is_broken_has_a_run_and_no_other() -> None:
    assert list(runs()) == ["no-fill-twice", "confluence", "convergence"]


def test_a_run_is_what_was_found() -> None:
    run = runs()["no-fill-twice"]
    assert [row.words for row in run.rows] == [SEND.words, TICK.words, FILL.words]
    assert [row.lane for row in run.rows] == [Lane.CLIENT, Lane.TIME, Lane.WIRE]
    assert [one.what for one in run.rows[0].in_lane(Lane.BOOK)] == ["in the book"]
    assert run.sentence == "No fill is counted more than once."


def test_what_happens_is_in_the_lane_of_who_does_it() -> None:
    text = drawn(runs()["no-fill-twice"])
    (head,) = (line for line in text.splitlines() if "client" in line)
    starts = {lane: head.index(lane) for lane in LANES}
    (sent,) = (line for line in text.splitlines() if "we send the order" in line)
    assert sent.index("we send the order") == starts[Lane.CLIENT]
    assert sent.index("in the book: absent") == starts[Lane.BOOK]
    assert sent.index("at the venue: unsent") == starts[Lane.VENUE]
    (told,) = (line for line in text.splitlines() if "the message of a fill" in line)
    assert told.index("the message of a fill") == starts[Lane.WIRE]
    assert "age: " not in text


def test_both_ways_are_drawn_and_in_what_they_differ() -> None:
    text = drawn(runs()["confluence"])
    assert "and then, in one order:" in text
    assert "and then, in the other:" in text
    assert "they differ: position: 1 ≠ 0" in text
    assert text.count("  2  ") == 2  # both go on from the same row


def test_what_it_comes_to_once_quiet_is_said() -> None:
    assert "and once quiet: at the venue: unsent → sent; in the book" in drawn(
        runs()["convergence"], 200
    )


def test_a_diagram_says_the_same() -> None:
    text = "\n".join(mermaid(runs()["confluence"]))
    assert text.startswith("sequenceDiagram\n    participant client\n    participant book\n")
    assert "client->>venue: we send the order" in text
    assert "alt in one order" in text
    assert "Note over client,venue: BROKEN confluence: they do not commute" in text


@given(
    st.recursive(
        st.none() | st.integers() | st.text(),
        lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner),
    )
)
def test_what_is_no_report_is_refused_in_words(found: Any) -> None:
    with pytest.raises(NoRunError, match="not what `truebook check --json` prints"):
        list(runs_of({"designs": {"plan": {"properties": {"identity": found}}}}))


def test_a_run_of_the_plan_is_read_aloud(truebook: Command, golden: Golden, tmp_path: Path) -> None:
    report = tmp_path / "plan.json"
    found = truebook("check", "--design", "plan", "--property", "no-fill-twice", "--json")
    report.write_text(found.stdout)
    ran = truebook("explain", str(report))
    assert ran.returncode == 0
    golden("explain.txt", ran.stdout)
    golden("explain.mermaid", truebook("explain", str(report), "--mermaid").stdout)


def test_what_has_no_run_is_refused(truebook: Command, tmp_path: Path) -> None:
    report = tmp_path / "report.json"
    report.write_text(json.dumps(JSON))
    ran = truebook("explain", str(report), "--property", "identity")
    assert (ran.returncode, ran.stdout) == (2, "")
    assert f"{report} has no run of identity" in ran.stderr
    report.write_text("no JSON")
    ran = truebook("explain", str(report))
    assert ran.returncode == 2
    assert "cannot read" in ran.stderr


def test_of_several_runs_a_diagram_is_of_the_first_and_says_so(
    truebook: Command, tmp_path: Path
) -> None:
    report = tmp_path / "report.json"
    report.write_text(json.dumps(JSON))
    ran = truebook("explain", str(report), "--mermaid")
    assert "3 runs; a diagram is of one" in ran.stderr
    assert ran.stdout.count("sequenceDiagram") == 1


def test_what_would_end_a_line_of_the_diagram_is_an_entity() -> None:
    odd = attrs.evolve(runs()["convergence"], broken="more; or #1 less")
    assert list(mermaid(odd))[-1].endswith("BROKEN convergence: more#59; or #35;1 less")
