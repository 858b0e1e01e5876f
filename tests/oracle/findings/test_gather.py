"""What is wrong in many runs for one cause is one finding: how often, for how long, shown how."""

from typing import Any

import pytest

from judged import CASE, judged, onset, wrong
from truebook.oracle.findings import DIFFERENCE, SEVERITY_OF, Gatherer, gathered, names_in
from truebook.oracle.findings.after import after
from truebook.oracle.findings.gather import EXAMPLES, merged
from truebook.oracle.judge import Told
from truebook.oracle.judge.deviation import ABOVE, EARLY, EXTRA, LESS, MISSING, MORE, OTHER
from truebook.specs.properties import PROPERTY_NAMES

TWICE = wrong("position", "no-fill-twice", ABOVE)
TIGHT = wrong("open", "exposure-is-tight", EXTRA, "101")
LEAKS = wrong("exposure", "nothing-leaks", MORE, "buy")
MORE_EXPOSED = wrong("exposure", "", MORE, "buy")
FIRST, SECOND = (step.event["type"] for step in CASE.steps[:2])


def test_runs_of_one_kind_are_counted_by_stage() -> None:
    runs = [
        judged("a", onset(2, TWICE)),
        judged("b", onset(2, TWICE), lasts_not := onset(3, MORE_EXPOSED, lasts=False)),
        judged("edge", onset(2, TWICE, lasts=False), stage="edges"),
        judged("random", onset(2, TWICE), stage="random", count=7),
        judged("short", onset(2, TWICE), stage="random", count=0),
        judged("right"),
    ]
    assert not lasts_not.lasts
    twice, more = gathered(runs)
    assert twice.runs == {"vectors": 2, "edges": 1, "random": 7}
    assert (twice.count, twice.lasting) == (10, 9)
    assert (more.runs, more.lasting, more.count) == ({"vectors": 1}, 0, 1)
    assert gathered([judged("right")]) == []


def test_a_run_counts_once_however_often_it_begins_and_lasts_if_any_of_it_does() -> None:
    result = judged("a", onset(1, TWICE, lasts=False), onset(1, TWICE, follows=True))
    (twice,) = gathered([result])
    assert (twice.runs, twice.lasting) == ({"vectors": 1}, 1)


def test_what_is_wrong_in_another_way_or_after_another_event_is_another_finding() -> None:
    apart = [
        onset(1, TWICE),
        onset(2, TWICE),
        onset(2, wrong("position", "position-is-unique-fills", EARLY)),
        onset(2, wrong("position", "", MORE)),
        onset(2, wrong("position", "", LESS)),
        onset(2, wrong("exposure", "", MORE)),
    ]
    found = gathered(judged(f"run-{n}", one) for n, one in enumerate(apart))
    assert len(found) == len(apart)
    assert len({one.name for one in found}) == len(apart)
    alike = [onset(2, wrong("exposure", "", MORE, side)) for side in ("buy", "sell")]
    (one,) = gathered(judged(f"run-{n}", one) for n, one in enumerate(alike))
    assert one.count == 2


def test_the_examples_are_the_shortest() -> None:
    lengths = {"far": (5, 6), "long": (2, 9), "short": (2, 3), "alike": (2, 3), "near": (1, 9)}
    assert EXAMPLES > 1
    runs = [judged(slug, onset(step, TWICE), length=n) for slug, (step, n) in lengths.items()]
    same = [run for run in runs if CASE.steps[run.onsets[0].step - 1].event["type"] == SECOND]
    (twice,) = (one for one in gathered(runs) if one.after == (SECOND,))
    assert twice.shortest.slug == "alike"
    assert [result.slug for result, _ in twice.examples] == ["alike"], "of the same events, one"
    assert twice.count == len(same)
    assert twice.onset.step == 2


def test_what_is_seen_only_behind_what_is_as_bad_is_told_with_it() -> None:
    behind = [onset(3, one, follows=True) for one in (LEAKS, MORE_EXPOSED, wrong("unsettled"))]
    runs = [judged(slug, onset(2, TIGHT), *behind) for slug in ("a", "b")]
    (found,) = gathered(runs)
    assert found.deviation == TIGHT
    assert found.then == {"nothing-leaks": 2, "exposure": 2, "unsettled": 2}
    assert found.promises == ("exposure-is-tight", "nothing-leaks")
    alone = gathered([*runs, judged("c", onset(3, LEAKS))])
    assert [(one.promise, one.count) for one in alone] == [
        ("exposure-is-tight", 2),
        ("nothing-leaks", 3),
    ]
    assert "nothing-leaks" not in alone[0].then


def test_what_is_worse_than_all_before_it_is_a_finding() -> None:
    first = onset(2, MORE_EXPOSED)
    behind = [onset(3, one, follows=True) for one in (TIGHT, TWICE, wrong("unsettled"))]
    found = {one.promise: one for one in gathered([judged("a", first, *behind)])}
    assert found.keys() == {"", "no-fill-twice", "exposure-is-tight"}
    assert found[""].deviation == MORE_EXPOSED
    assert found[""].then == {"unsettled": 1}, "what is unsettled is taken for a consequence"


def test_what_is_of_another_order_is_no_consequence() -> None:
    other = judged("a", onset(2, TWICE), onset(3, TIGHT, follows=False))
    assert [one.promise for one in gathered([other])] == ["no-fill-twice", "exposure-is-tight"]


def test_examples_in_which_it_is_first_come_before_shorter_ones_in_which_it_follows() -> None:
    follows = judged("short", onset(1, TWICE), onset(2, TIGHT, follows=True), length=2)
    first = judged("long", onset(2, TIGHT), length=9)
    (tight,) = (one for one in gathered([follows, first]) if one.promise == "exposure-is-tight")
    assert (tight.shortest.slug, tight.count) == ("long", 2)


def test_the_worst_of_an_onset_names_it_and_the_rest_is_told_beside() -> None:
    (found,) = gathered([judged("a", onset(2, MORE_EXPOSED, TIGHT, TWICE))])
    assert found.deviation == TWICE
    assert set(found.also) == {"exposure", "exposure-is-tight"}


def test_the_worst_come_first_and_then_the_most_frequent() -> None:
    runs = [judged("d", onset(2, MORE_EXPOSED)), judged("t", onset(2, TIGHT))]
    runs += [judged(f"u-{n}", onset(2, wrong("unsettled"))) for n in range(3)]
    runs += [judged("x", onset(2, TWICE))]
    assert [one.deviation.part for one in gathered(runs)] == [
        "position",
        "open",
        "unsettled",
        "exposure",
    ]


# Names


@pytest.mark.parametrize(
    ("one", "name"),
    [
        (TWICE, f"no-fill-twice/position/above-what-has-executed/{SECOND}"),
        (MORE_EXPOSED, f"difference/exposure/too-much/{SECOND}"),
        (wrong("orders.state", "", OTHER, "c1"), f"difference/orders.state/another-word/{SECOND}"),
        (wrong("pending", "", MISSING, "c1"), f"difference/pending/missing/{SECOND}"),
        (
            wrong("effects.cancels", "no-false-orphan", EXTRA, "101"),
            f"no-false-orphan/effects.cancels/not-expected/{SECOND}",
        ),
    ],
)
def test_names_are_for_ever(one: Any, name: str) -> None:
    result = judged("a", onset(2, one))
    (found,) = gathered([result])
    assert found.name == name
    assert names_in(result) == {name}


def test_a_gatherer_knows_the_names_of_all_that_it_was_told() -> None:
    gatherer = Gatherer()
    result = judged("a", onset(2, MORE_EXPOSED), onset(3, wrong("unsettled"), follows=True))
    gatherer.add(result)
    assert gatherer.names() == names_in(result)
    assert len(gatherer.names()) == 2 == len(gatherer.findings()) + 1


@pytest.mark.parametrize(
    ("event", "words"),
    [
        ({"type": "status", "oid": "101", "status": "filled"}, "status filled"),
        ({"type": "cancel_answer", "id": "101", "outcome": "not_open"}, "cancel_answer not_open"),
        ({"type": "modify_answer", "cloid": "c1", "outcome": "failed"}, "modify_answer failed"),
        ({"type": "answer", "oid": None}, "answer without oid"),
        ({"type": "answer", "oid": "101", "filled": "4"}, "answer with fills"),
        ({"type": "answer", "oid": "101", "filled": "0"}, "answer"),
        ({"type": "answer", "oid": "101"}, "answer"),
        ({"type": "fill", "oid": "101", "tid": "t2"}, "fill"),
        ({"type": "fill", "oid": "102", "tid": "t1"}, "fill"),
        ({"type": "fill", "oid": "101", "tid": "t1"}, "fill again"),
        ({"type": "tick"}, "tick"),
    ],
)
def test_it_is_said_after_what_it_began(event: dict[str, Any], words: str) -> None:
    fill = Told(0, ({"type": "fill", "oid": "101", "tid": "t1"},))
    later = Told(2, ({"type": "fill", "oid": "101", "tid": "t2"},))
    told = (fill, Told(1, ({"type": "tick"}, event)), later)
    assert after(told, 2) == words


# Of one cause


def test_findings_of_one_cause_are_called_as_the_worst_and_have_all_that_is_in_each() -> None:
    runs = [
        judged("d", onset(2, MORE_EXPOSED, lasts=False), length=4),
        judged("t", onset(3, TWICE), length=8),
        judged("e", onset(2, MORE_EXPOSED), stage="edges", length=3),
    ]
    twice, more = gathered(runs)
    one = merged([more, twice])
    assert one.names == (twice.name, more.name)
    assert (one.name, one.severity) == (twice.name, "critical")
    assert one.runs == {"vectors": 2, "edges": 1}
    assert one.lasting == 2
    assert one.after == (*twice.after, *more.after)
    assert one.also == ("exposure",)
    assert one.shortest.slug == "t", "the run that is shown is one of what it is called by"
    assert [result.slug for result, _ in one.examples] == ["e", "t"]


def test_every_property_has_a_severity() -> None:
    assert set(SEVERITY_OF) == set(PROPERTY_NAMES)
    assert set(SEVERITY_OF.values()) == {"critical", "high", "medium"}
    (found,) = gathered([judged("d", onset(2, MORE_EXPOSED))])
    assert found.severity == DIFFERENCE
