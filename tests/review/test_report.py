"""The report of a check, for people and for machines."""

import json
from collections.abc import Callable, Sequence
from subprocess import CompletedProcess

import attrs
import pytest

from truebook.model.config import Bounds
from truebook.model.memory import MemoryBounds
from truebook.review.report import as_json, assumption_blocks, blocks, trace_blocks, word_of
from truebook.screen.layout import Styled, laid_out
from truebook.screen.terminal import STYLES
from truebook.specs.assumptions import ASSUMPTIONS, Assumption
from truebook.specs.check import Outcome, Report, Task, run
from truebook.specs.scenarios import Scenario
from truebook.specs.trace import Change, Step, Trace
from truebook.specs.verdict import Holds, Incomplete, Unreached, Verdict, Violated

Command = Callable[..., CompletedProcess[str]]
Golden = Callable[[str, str], None]
Narrow = Callable[[], str]

TRACE = Trace(
    (
        Step("send", "we send it", (Change("status", "unsent", "sent"), Change("size", "0", "1"))),
        Step("tick", "a tick passes", (Change("age", "0", "1", detail=True),)),
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
  of 5 properties: 2 holds, 1 incomplete, 1 unreached, 1 violated
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


def test_a_trace_without_steps_has_no_lines() -> None:
    assert trace_lines(Trace(())) == []


def test_numbers_of_long_traces_stay_aligned() -> None:
    long = trace_lines(Trace((TRACE.steps[0],) * 100))
    assert len({line.index("we send it") for line in long}) == 1


def outcome(bounds: Bounds | MemoryBounds, properties: tuple[str, ...] | None = None) -> Outcome:
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
                "changes": [
                    {"what": "status", "before": "unsent", "after": "sent"},
                    {"what": "size", "before": "0", "after": "1"},
                ],
            },
            {
                "action": "tick",
                "words": "a tick passes",
                "changes": [{"what": "age", "before": "0", "after": "1"}],
            },
            {
                "action": "fill",
                "words": "the order fills",
                "changes": [{"what": "position", "before": "0", "after": "1"}],
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
    assert found["stats"] == {"states": 0, "transitions": 0, "depth": 0, "seconds": 1.25}
    assert found["assumptions"] == {
        known.name: {"inequality": known.inequality, "sentence": known.sentence}
        for known in ASSUMPTIONS
    }


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
