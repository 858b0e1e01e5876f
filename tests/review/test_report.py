"""The report of a check, for people and for machines."""

import json
from collections.abc import Callable, Sequence
from subprocess import CompletedProcess

import attrs
import pytest

from truebook.model.config import Bounds
from truebook.model.memory import MemoryBounds
from truebook.review.check_report import as_json, assumption_blocks, blocks, trace_blocks, word_of
from truebook.screen.layout import Styled, laid_out
from truebook.screen.terminal import STYLES
from truebook.specs.explore.designs import Aim, Outcome, Report, Task, run
from truebook.specs.properties.assumptions import ASSUMPTIONS, Assumption
from truebook.specs.properties.lanes import Lane
from truebook.specs.properties.trace import Change, Difference, Fork, Step, Trace
from truebook.specs.properties.verdict import Holds, Incomplete, Unreached, Verdict, Violated
from truebook.specs.scenarios import AnyBounds, Scenario

Command = Callable[..., CompletedProcess[str]]
Golden = Callable[[str, str], None]
Narrow = Callable[[], str]

TRACE = Trace(
    (
        Step(
            "send",
            "we send it",
            (Change("status", "unsent", "sent"), Change("size", "0", "1")),
            lane=Lane.CLIENT,
        ),
        Step("tick", "a tick passes", (Change("age", "0", "1", detail=True),), lane=Lane.TIME),
        Step("fill", "the order fills", (Change("position", "0", "1"),)),
    )
)
SETTLED = Trace(TRACE.steps[:1], (Change("position", "0", "1"), Change("age", "0", "2", True)))
VERDICTS: dict[str, Verdict] = {
    "no-fill-twice": Violated("the position is more than has executed", TRACE),
    "identity": Holds(("order", "two orders")),
    "confluence": Holds(("order",)),
    "nothing-leaks": Incomplete("order: more than 10 states"),
    "convergence": Unreached("nothing speaks of it"),
}
SCENARIOS = dict.fromkeys(VERDICTS, "") | {"no-fill-twice": "order"}
REPORT = Report("plan", VERDICTS, SCENARIOS, (), ("never happened: rain",), 1.25)


def changed(what: str, before: str, after: str, *, detail: bool = False) -> dict[str, object]:
    return {"what": what, "before": before, "after": after, "lane": "venue", "detail": detail}


def lines_of(report: Report) -> list[Styled]:
    return list(laid_out(blocks(report)))


def trace_lines(trace: Trace) -> list[str]:
    return [line for _, line in laid_out(trace_blocks(trace))]


def assumption_lines(reports: Sequence[Report]) -> list[str]:
    return [line for _, line in laid_out(assumption_blocks(reports))]


TEXT = """\
plan
  0 states and 0 transitions in 0 scenarios, to depth 0
  violated    no-fill-twice             in 3 steps, scenario 'order'
      No fill is counted more than once.
      Broken: the position is more than has executed.
        1. we send it       status: unsent → sent; size: 0 → 1
        2. a tick passes
        3. the order fills  position: 0 → 1
  holds       identity                  exhaustively, in 2 scenarios
  holds       confluence                exhaustively, in 1 scenario
  incomplete  nothing-leaks             order: more than 10 states
  unreached   convergence               nothing speaks of it
  unreached   never happened: rain
  of 5 properties: 2 hold, 1 incomplete, 1 unreached, 1 violated
"""


@pytest.mark.parametrize(
    ("arguments", "code", "name"),
    [
        ("--design reference --size 1", 0, "reference.txt"),
        ("--design plan --property no-fill-twice", 1, "plan-no-fill-twice.txt"),
        (
            "--without fills-move-position --property convergence --size 1",
            1,
            "settled.txt",
        ),
        ("--design plan --property confluence --size 2", 1, "confluence.txt"),
        ("--design legacy --property confluence --size 1 --counts", 1, "told-twice.txt"),
    ],
)
def test_the_text(
    arguments: str, code: int, name: str, truebook: Command, golden: Golden, narrow: Narrow
) -> None:
    ran = truebook("check", *arguments.split(), "--jobs", "1")
    assert ran.returncode == code
    if name == "settled.txt":
        assert "and once quiet: " in ran.stdout
    golden(name, ran.stdout)
    golden(f"narrow/{name}", narrow())


def test_a_line_for_every_verdict() -> None:
    assert [line for _, line in lines_of(REPORT)] == TEXT.splitlines()


def test_the_words_of_verdicts_have_styles() -> None:
    words = {word_of(verdict) for verdict in VERDICTS.values()}
    assert words == {"holds", "violated", "unreached", "incomplete"}
    assert words | {style for style, _ in lines_of(REPORT)} <= STYLES.keys()
    styled = {line.split()[0]: style for style, line in lines_of(REPORT)}
    assert {word: styled[word] for word in words} == {word: word for word in words}


def test_one_step_is_singular() -> None:
    found = Report("plan", {"identity": Violated("x", SETTLED)}, {"identity": "order"}, (), (), 0.0)
    assert "  violated    identity                  in 1 step, scenario 'order'" in [
        line for _, line in lines_of(found)
    ]


def test_a_settled_trace_says_what_it_comes_to() -> None:
    assert trace_lines(SETTLED) == [
        "        1. we send it  status: unsent → sent; size: 0 → 1",
        "           and once quiet: position: 0 → 1",
    ]


def test_details_are_not_printed() -> None:
    only_details = Trace(TRACE.steps[1:2], (Change("age", "0", "2", detail=True),))
    assert trace_lines(only_details) == [
        "        1. a tick passes",
        "           and once quiet: nothing else changes",
    ]


FORK = Fork(
    TRACE.steps[::2],
    (TRACE.steps[2], attrs.evolve(TRACE.steps[0], words="we send it again")),
    (Difference("size", "1", "0"), Difference("age", "0", "2")),
)


def test_two_ways_are_numbered_from_where_they_part() -> None:
    assert list(trace_lines(Trace(TRACE.steps[1:2], fork=FORK))) == [
        "        1. a tick passes",
        "           and then, in one order:",
        "        2. we send it        status: unsent → sent; size: 0 → 1",
        "        3. the order fills   position: 0 → 1",
        "           or, in the other:",
        "        2. the order fills   position: 0 → 1",
        "        3. we send it again  status: unsent → sent; size: 0 → 1",
        "           they differ: size: 1 ≠ 0; age: 0 ≠ 2",
    ]


def test_a_message_told_twice_is_shown_once_and_twice() -> None:
    once = TRACE.steps[:1]
    twice = Fork(once, once * 2, FORK.differs[:1], repeated=True)
    assert list(trace_lines(Trace((), fork=twice))) == [
        "           and then, told once:",
        "        1. we send it  status: unsent → sent; size: 0 → 1",
        "           or, told twice:",
        "        1. we send it  status: unsent → sent; size: 0 → 1",
        "        2. we send it  status: unsent → sent; size: 0 → 1",
        "           the book differs: size: 1 ≠ 0",
    ]
    never = list(trace_lines(Trace((), fork=attrs.evolve(twice, other=once, differs=()))))
    assert never[-2:] == [
        "        1. we send it  status: unsent → sent; size: 0 → 1",
        "           it cannot be told again",
    ]


def test_two_ways_for_machines() -> None:
    broken = attrs.evolve(TRACE, fork=FORK)
    report = attrs.evolve(REPORT, properties={"confluence": Violated("x", broken)})
    found = as_json([attrs.evolve(report, scenario={"confluence": "order"})])
    verdict = found["designs"]["plan"]["properties"]["confluence"]
    assert [step["action"] for step in verdict["trace"]] == ["send", "tick", "fill"]
    fork = verdict["fork"]
    assert [step["action"] for step in fork["one"]] == ["send", "fill"]
    assert fork["other"][1]["words"] == "we send it again"
    assert fork["other"][1]["changes"] == verdict["trace"][0]["changes"]
    assert fork["differs"] == [
        {"what": "size", "one": "1", "other": "0"},
        {"what": "age", "one": "0", "other": "2"},
    ]


def test_a_trace_without_steps_has_no_lines() -> None:
    assert trace_lines(Trace(())) == []


def test_numbers_of_long_traces_stay_aligned() -> None:
    long = trace_lines(Trace((TRACE.steps[0],) * 100))
    assert len({line.index("we send it") for line in long}) == 1


def outcome(bounds: AnyBounds, properties: tuple[str, ...] | None = None) -> Outcome:
    return Outcome(Task("reference", Scenario("x", bounds, properties=properties)), None, ())


def test_the_assumptions_are_named_with_their_inequalities() -> None:
    held = assumption_lines([attrs.evolve(REPORT, outcomes=(outcome(Bounds()),))])
    assert [tuple(line.split(maxsplit=1)) for line in held] == [
        (known.name, known.inequality) for known in ASSUMPTIONS
    ]
    assert [line for line in held if line != line.rstrip()] == []


@pytest.mark.parametrize("known", ASSUMPTIONS, ids=lambda known: known.name)
def test_an_assumption_that_fails_is_marked(known: Assumption) -> None:
    beyond = (outcome(Bounds()), outcome(known.beyond.bounds))
    lines = assumption_lines([attrs.evolve(REPORT, outcomes=beyond)])
    marked = [line.split()[0] for line in lines if line.endswith("(not within these bounds)")]
    assert marked == [known.name]
    on_purpose = (outcome(Bounds()), outcome(known.beyond.bounds, ("no-fill-twice",)))
    lines = assumption_lines([attrs.evolve(REPORT, outcomes=on_purpose)])
    assert [line for line in lines if "(" in line] == []


def test_the_object() -> None:
    found = as_json([REPORT])
    json.dumps(found)
    design = found["designs"]["plan"]
    assert list(design["properties"]) == list(VERDICTS)
    assert design["properties"]["no-fill-twice"] == {
        "verdict": "violated",
        "part": "the position is more than has executed",
        "scenario": "order",
        "trace": [
            {
                "action": "send",
                "words": "we send it",
                "lane": "client",
                "changes": [
                    changed("status", "unsent", "sent"),
                    changed("size", "0", "1"),
                ],
            },
            {
                "action": "tick",
                "words": "a tick passes",
                "lane": "time",
                "changes": [changed("age", "0", "1", detail=True)],
            },
            {
                "action": "fill",
                "words": "the order fills",
                "lane": "venue",
                "changes": [changed("position", "0", "1")],
            },
        ],
        "settles": [],
    }
    assert design["properties"]["identity"] == {
        "verdict": "holds",
        "trace": [],
        "scenario": None,
        "scenarios": ["order", "two orders"],
    }
    assert design["properties"]["nothing-leaks"] == {
        "verdict": "incomplete",
        "trace": [],
        "scenario": None,
        "reason": "order: more than 10 states",
    }
    assert design["properties"]["convergence"] == {
        "verdict": "unreached",
        "trace": [],
        "scenario": None,
        "reason": "nothing speaks of it",
    }
    assert design["unreached"] == ["never happened: rain"]
    assert design["complete"] is True
    assert found["stats"] == {"states": 0, "transitions": 0, "depth": 0, "seconds": 1.25}
    assert found["assumptions"] == {
        known.name: {"inequality": known.inequality, "sentence": known.sentence}
        for known in ASSUMPTIONS
    }


def test_what_was_not_explored_to_the_end_is_said() -> None:
    task = Task("reference", Scenario("few", MemoryBounds(fills=2), ("fills",)), aim=Aim(budget=9))
    stopped, whole = run(task), run(attrs.evolve(task, aim=None))
    assert stopped.found is not None
    report = attrs.evolve(REPORT, outcomes=(stopped, whole, stopped))
    lines = [line for _, line in lines_of(report)]
    assert lines[1].startswith("  at least ")
    assert lines[2] == (
        "  2 of 3 scenarios stopped once all that was asked was settled; "
        "--counts explores to the end"
    )
    found = as_json([report])["designs"]["plan"]
    assert not found["complete"]
    assert found["scenarios"]["few"]["complete"] is False

    too_large = attrs.evolve(stopped, reason="few: more than 9 states")
    lines = [line for _, line in lines_of(attrs.evolve(report, outcomes=(too_large, whole)))]
    assert lines[1].startswith("  at least ")
    assert not any("stopped once" in line for line in lines)
    assert not as_json([attrs.evolve(report, outcomes=(outcome(Bounds()),))])["designs"]["plan"][
        "complete"
    ]

    lines = [line for _, line in lines_of(attrs.evolve(report, outcomes=(whole, whole)))]
    assert "at least" not in lines[1]
    assert not any("stopped once" in line for line in lines)


def test_what_is_counted_is_summed_over_scenarios_and_designs() -> None:
    tasks = [
        Task("reference", Scenario(name, MemoryBounds(fills=fills), ("fills",)))
        for name, fills in (("two", 2), ("three", 3))
    ]
    outcomes = tuple(run(task) for task in tasks)
    one = Report("reference", {}, {}, outcomes, (), 1.0)
    other = Report("plan", {}, {}, outcomes[:1], (), 2.0)
    two, three = (outcome.found for outcome in outcomes)
    assert two is not None
    assert three is not None
    found = as_json([one, other])
    assert list(found["designs"]["reference"]["scenarios"]) == ["two", "three"]
    assert found["designs"]["reference"]["stats"] == {
        "states": two.states + three.states,
        "transitions": two.transitions + three.transitions,
        "depth": max(two.depth, three.depth),
        "seconds": 1.0,
    }
    assert found["stats"] == {
        "states": 2 * two.states + three.states,
        "transitions": 2 * two.transitions + three.transitions,
        "depth": max(two.depth, three.depth),
        "seconds": 3.0,
    }
    counts = f"  {two.states:,} states and {two.transitions:,} transitions in 1 scenario, to depth "
    assert ("plain", f"{counts}{two.depth}") in lines_of(other)
