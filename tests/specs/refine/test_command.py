"""`truebook refine`: what it prints, and how it ends."""

import json
from collections.abc import Callable
from subprocess import CompletedProcess

import attrs
import pytest

from truebook.specs import refine
from truebook.specs.refine.defects import detection
from truebook.specs.refine.defects.known import DEFECTS, defect_named, planted

Command = Callable[..., CompletedProcess[str]]

DIVERGES = """\
  diverges  self-trade         40 of       122 edges, as     27 between     9 states of the book
        1. fill 1 happens at the venue
        2. the message of fill 1 arrives
        3. fill 2 happens at the venue
        4. the message of fill 2 arrives
      position: the model has 2, the book shows 1
      floor: the model has 1, the book shows 0
  40 edges replayed in 1 scenario: 1 divergence
"""


def test_a_scenario_that_holds(truebook: Command) -> None:
    ran = truebook("refine", "--scenario", "self-trade", "--scenario", "fills", "--jobs", "1")
    assert ran.returncode == 0
    assert ran.stdout == (
        "  holds     fills             122 of       122 edges, as     82 between    29 states of "
        "the book\n"
        "  holds     self-trade        122 of       122 edges, as     82 between    29 states of "
        "the book\n"
        "  244 edges replayed in 2 scenarios: no divergences\n"
    )


def test_a_scenario_that_diverges(truebook: Command) -> None:
    with planted(defect_named("known by tid alone")):
        ran = truebook("refine", "--scenario", "self-trade", "--jobs", "1")
    assert ran.returncode == 1
    assert ran.stdout == DIVERGES


def test_a_divergence_for_machines(truebook: Command) -> None:
    with planted(defect_named("known by tid alone")):
        ran = truebook("refine", "--scenario", "self-trade", "--jobs", "1", "--json")
    assert ran.returncode == 1
    held = json.loads(ran.stdout)["scenarios"]["self-trade"]
    assert held["transitions"] == 122
    assert held["divergence"]["error"] == ""
    assert [step["action"] for step in held["divergence"]["steps"]] == [
        "execute:0",
        "tell:0",
        "execute:1",
        "tell:1",
    ]
    assert held["divergence"]["differences"] == [
        {"what": "position", "model": 2, "book": 1},
        {"what": "floor", "model": 1, "book": 0},
    ]


def test_a_book_that_raises(truebook: Command) -> None:
    raises = attrs.evolve(defect_named("known by tid alone"), wrong="if 1 / 0:")
    with planted(raises):
        ran = truebook("refine", "--scenario", "fills", "--jobs", "1")
    assert ran.returncode == 1
    assert "      the book raises ZeroDivisionError: division by zero\n" in ran.stdout


def test_plans_in_lockstep(truebook: Command) -> None:
    ran = truebook("refine", "--lockstep", "30", "--seed", "4", "--jobs", "1", "--json")
    assert ran.returncode == 0
    found = json.loads(ran.stdout)
    assert found["plans"] == 30
    assert found["steps"] > 1_000
    assert found["divergences"] == []
    again = truebook("refine", "--lockstep", "30", "--seed", "4", "--jobs", "1")
    assert f"  holds     30 plans, {found['steps']:,} steps in lockstep, " in again.stdout


def test_plans_that_diverge(truebook: Command) -> None:
    with planted(defect_named("pending not counted")):
        ran = truebook("refine", "--lockstep", "30", "--jobs", "1")
        found = json.loads(truebook("refine", "--lockstep", "30", "--jobs", "1", "--json").stdout)
    assert ran.returncode == 1
    assert ran.stdout.startswith("  diverges  ")
    assert "        1. order " in ran.stdout
    (divergence,) = found["divergences"]
    (step,) = divergence["steps"]
    assert step.endswith(": we send the order")
    (difference,) = divergence["differences"]
    assert difference["what"].startswith("exposure")
    assert difference["book"] == "0"


def test_the_table_of_defects(truebook: Command, monkeypatch: pytest.MonkeyPatch) -> None:
    few = [defect_named("pending not counted"), defect_named("known by tid alone")]
    monkeypatch.setattr(refine, "DEFECTS", few)
    monkeypatch.setattr(detection, "MOST_EXAMPLES", 1)
    found = detection.Finding(1_234, 5)
    monkeypatch.setattr(detection, "by_machine", lambda defect: found)
    monkeypatch.setattr(detection, "by_edges", lambda defect: attrs.evolve(found, where="fills"))
    ran = truebook("refine", "--defects", "--jobs", "1")
    assert ran.returncode == 0
    head, names, one, other, last = ran.stdout.splitlines()
    assert head == "  steps until found (of the shortest run)"
    assert names.split() == ["edges", "plans", "machine"]
    assert one.split("  ")[1] == "pending not counted"
    assert one.endswith("       1,234 (5)  fills")
    assert other.split("  ")[1] == "known by tid alone"
    assert last == "  2 defects: none not found"


def test_a_defect_that_is_not_found_fails(
    truebook: Command, monkeypatch: pytest.MonkeyPatch
) -> None:
    nothing = detection.Finding(None)
    for way in ("by_edges", "by_plans", "by_machine"):
        monkeypatch.setattr(detection, way, lambda defect: nothing)
    ran = truebook("refine", "--defects", "--jobs", "1")
    assert ran.returncode == 1
    assert ran.stdout.endswith(f"  {len(DEFECTS)} defects: {3 * len(DEFECTS)} not found\n")


@pytest.mark.parametrize(
    "asked",
    [
        ("--lockstep", "0"),
        ("--lockstep", "5", "--defects"),
        ("--scenario", "fills", "--defects"),
        ("--scenario", "no such"),
    ],
)
def test_what_cannot_be_asked(asked: tuple[str, ...], truebook: Command) -> None:
    ran = truebook("refine", *asked)
    assert ran.returncode == 2
    assert ran.stdout == ""
    assert ran.stderr.startswith("truebook: ")
