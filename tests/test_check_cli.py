"""`truebook check`: what it prints for people and for machines, and how it ends."""

import json
import re
import subprocess

import pytest

from command_line import PROGRAM, SMALL, Command, environment, said, timeless, verdicts
from truebook.specs.properties.assumptions import ASSUMPTIONS, Assumption
from truebook.specs.properties.sentences import PROPERTIES, PROPERTY_NAMES


def test_the_reference_holds(truebook: Command) -> None:
    ran = truebook("check", "--design", "reference", *SMALL)
    assert ran.returncode == 0
    assert verdicts(ran) == dict.fromkeys(PROPERTY_NAMES, "holds")
    assert said(ran.stderr) == []


def test_without_a_design_all_three_are_checked_and_two_must_break(truebook: Command) -> None:
    ran = truebook("check", *SMALL, "--json")
    assert ran.returncode == 0
    words = {
        design: {verdict["verdict"] for verdict in found["properties"].values()}
        for design, found in json.loads(ran.stdout)["designs"].items()
    }
    assert words == {
        "reference": {"holds"},
        "plan": {"holds", "violated"},
        "legacy": {"holds", "violated"},
    }


def test_the_plan_by_name_is_violated(truebook: Command) -> None:
    ran = truebook("check", "--design", "plan", "--property", "no-fill-twice", *SMALL)
    assert ran.returncode == 1
    assert verdicts(ran) == {"no-fill-twice": "violated"}
    assert "  of 1 property: 1 violated\n" in ran.stdout


def test_too_large_is_incomplete(truebook: Command) -> None:
    ran = truebook("check", "--design", "reference", *SMALL, "--limit", "10")
    assert ran.returncode == 4
    assert verdicts(ran) == dict.fromkeys(PROPERTY_NAMES, "incomplete")
    assert "one order: more than 10 states" in ran.stdout


def test_a_violation_outweighs_what_is_too_large(truebook: Command) -> None:
    bounds = ("--fault", "reconnect", "--fault", "duplicates", "--limit", "1000", *SMALL)
    ran = truebook("check", "--design", "plan", *bounds)
    assert ran.returncode == 1
    assert {"incomplete", "violated"} <= set(verdicts(ran).values())


def test_what_no_world_has_is_unreached(truebook: Command) -> None:
    asked = ("--property", "orphan-cancelled-once", "--snapshots", "0")
    ran = truebook("check", "--design", "reference", *asked, *SMALL)
    assert ran.returncode == 4
    assert verdicts(ran) == {"orphan-cancelled-once": "unreached"}


@pytest.mark.parametrize("rules", [("fill-binds",), ("tombstones", "reject-clears")])
def test_without_a_rule_something_breaks(rules: tuple[str, ...], truebook: Command) -> None:
    switched_off = [option for rule in rules for option in ("--without", rule)]
    ran = truebook("check", *switched_off, "--fault", "cancel", "--fault", "late", *SMALL)
    assert ran.returncode == 1
    assert ran.stdout.startswith(f"reference without {', '.join(rules)}\n")
    broken = [name for name, word in verdicts(ran).items() if word == "violated"]
    assert broken
    for name in broken:
        (sentence,) = (known.sentence for known in PROPERTIES if known.name == name)
        assert f"\n      {sentence}\n      Broken: " in ran.stdout


@pytest.mark.parametrize("known", ASSUMPTIONS, ids=lambda known: known.name)
def test_one_tick_beyond_an_assumption_the_reference_breaks(
    known: Assumption, truebook: Command
) -> None:
    ran = truebook("check", "--without-assumption", known.name, "--jobs", "1")
    assert ran.returncode == 1
    assert "violated" in verdicts(ran).values()
    assert f"scenario '{known.beyond.name}'" in ran.stdout
    assert "\n        1. " in ran.stdout
    said_of_it = f"Beyond the assumption '{known.name}', {known.inequality}: {known.sentence}"
    assert " ".join(ran.stdout.split()).endswith(said_of_it)


def test_a_bound_beyond_an_assumption_is_marked(truebook: Command) -> None:
    asked = ("--venue-lag", "1", "--property", "no-fill-twice")
    ran = truebook("check", "--design", "reference", *asked, *SMALL)
    (lag,) = (line for line in ran.stdout.splitlines() if line.startswith("  lag "))
    assert lag.endswith("(not within these bounds)")
    assert ran.stdout.count("(not within these bounds)") == 1


def test_properties_are_chosen_and_kept_in_their_order(truebook: Command) -> None:
    asked = ("convergence", "identity", "identity")
    options = [option for name in asked for option in ("--property", name)]
    ran = truebook("check", "--design", "reference", *options, *SMALL)
    assert list(verdicts(ran)) == ["identity", "convergence"]


def test_every_design_has_the_same_bounds(truebook: Command) -> None:
    bounds = ("--fault", "lose", "--venue-lag", "1", "--lag", "1", *SMALL, "--json")
    both = truebook("check", "--design", "plan", "--design", "legacy", *bounds)
    alone = truebook("check", "--design", "legacy", *bounds)
    of_both, of_one = (json.loads(ran.stdout)["designs"] for ran in (both, alone))
    assert list(of_both) == ["plan", "legacy"]
    assert timeless(of_both["legacy"]) == timeless(of_one["legacy"])


# For machines


def test_json_is_one_object_with_a_trace_where_violated(truebook: Command) -> None:
    both = ("--design", "reference", "--design", "plan", *SMALL)
    found = json.loads(truebook("check", *both, "--json").stdout)
    text = truebook("check", *both).stdout
    assert list(found["designs"]) == ["reference", "plan"]
    for design in found["designs"].values():
        assert list(design["properties"]) == list(PROPERTY_NAMES)
        assert design["stats"].keys() == {"states", "transitions", "depth", "seconds"}
        stats = design["stats"]
        counts = f"{stats['states']:,} states and {stats['transitions']:,} transitions in 5 "
        start = "  " if design["complete"] else "  at least "
        assert f"\n{start}{counts}scenarios, to depth {stats['depth']}\n" in text
        for name, verdict in design["properties"].items():
            violated = verdict["verdict"] == "violated"
            assert violated == bool(verdict["trace"])
            if violated:
                steps = len(verdict["trace"])
                assert re.search(rf"  violated +{name} +in {steps} steps?, scenario", text)
    stats = found["stats"]
    assert stats.keys() == {"states", "transitions", "depth", "seconds"}
    both_stats = [design["stats"] for design in found["designs"].values()]
    for key in ("states", "transitions"):
        assert stats[key] == sum(of_design[key] for of_design in both_stats) > 0
    assert stats["depth"] == max(of_design["depth"] for of_design in both_stats) > 0
    assert stats["seconds"] > 0
    first = found["designs"]["plan"]["properties"]["no-fill-twice"]["trace"][0]
    assert first["action"] == "send"
    assert first["words"] == "we send the order"
    sent = {"what": "at the venue", "before": "unsent", "after": "sent"}
    assert {**sent, "lane": "venue", "detail": False} in first["changes"]
    assert first["lane"] == "client"


def test_json_is_the_same_from_run_to_run_but_for_seconds(truebook: Command) -> None:
    arguments = ("check", "--design", "plan", *SMALL, "--json")
    here = truebook(*arguments)
    there = subprocess.run(
        [*PROGRAM, *arguments],
        env=environment(PYTHONHASHSEED="1"),
        capture_output=True,
        encoding="utf-8",
    )
    assert there.returncode == here.returncode == 1
    assert said(there.stderr) == []
    assert timeless(json.loads(there.stdout)) == timeless(json.loads(here.stdout))
