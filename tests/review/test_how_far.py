"""How far `truebook check` explores: as far as what is asked takes, or to the end with --counts."""

import json
from collections.abc import Callable
from subprocess import CompletedProcess
from typing import Any

import pytest

Command = Callable[..., CompletedProcess[str]]


def explored(truebook: Command, *arguments: str) -> dict[str, Any]:
    """Return what is printed of the one design that is checked."""
    bounds = () if "--without-assumption" in arguments else ("--size", "1")
    ran = truebook("check", *arguments, *bounds, "--jobs", "1", "--json")
    (found,) = json.loads(ran.stdout)["designs"].values()
    of_design: dict[str, Any] = found
    return of_design


@pytest.mark.parametrize(
    "arguments",
    [
        ("--design", "plan"),
        ("--design", "legacy", "--property", "convergence", "--property", "replay-harmless"),
        ("--without", "tombstones", "--property", "transitions-in-table"),
        ("--without-assumption", "expiry"),
    ],
    ids=" ".join,
)
def test_what_is_found_is_the_same_with_all_counts(
    arguments: tuple[str, ...], truebook: Command
) -> None:
    few, whole = (explored(truebook, *arguments, *more) for more in ((), ("--counts",)))
    assert few["properties"] == whole["properties"]
    assert whole["complete"]
    assert all(scenario["complete"] for scenario in whole["scenarios"].values())
    assert few["complete"] == all(scenario["complete"] for scenario in few["scenarios"].values())
    assert few["stats"]["states"] <= whole["stats"]["states"]


def test_a_violation_ends_a_scenario(truebook: Command) -> None:
    asked = ("--design", "plan", "--property", "no-fill-twice")
    few, whole = (explored(truebook, *asked, *more) for more in ((), ("--counts",)))
    steps = len(few["properties"]["no-fill-twice"]["trace"])
    scenario = few["scenarios"]["one order"]
    assert (scenario["depth"], scenario["complete"]) == (steps, False)
    assert 10 * scenario["states"] < whole["scenarios"]["one order"]["states"]


def test_what_a_property_does_not_speak_of_is_not_explored(truebook: Command) -> None:
    found = explored(truebook, "--design", "plan", "--property", "orphan-cancelled-once")
    assert list(found["scenarios"]) == ["foreign"]
    found = explored(truebook, "--design", "reference", "--property", "identity", "--counts")
    assert list(found["scenarios"]) == ["one order"]
    found = explored(truebook, "--design", "plan")
    assert list(found["scenarios"]) == ["one order", "foreign", "stranger left", "waiting", "fills"]


@pytest.mark.parametrize("more", [(), ("--property", "no-fill-twice"), ("--counts",)])
def test_where_nothing_breaks_all_is_explored(more: tuple[str, ...], truebook: Command) -> None:
    found = explored(truebook, "--design", "reference", *more)
    assert found["complete"]
    assert {verdict["verdict"] for verdict in found["properties"].values()} == {"holds"}


def test_of_a_rule_that_is_off_what_holds_is_shown_to_the_end(truebook: Command) -> None:
    found = explored(truebook, "--without", "ages-out")
    held = {
        scenario
        for verdict in found["properties"].values()
        if verdict["verdict"] == "holds"
        for scenario in verdict["scenarios"]
    }
    assert {verdict["verdict"] for verdict in found["properties"].values()} == {
        "holds",
        "violated",
    }
    assert held
    assert all(found["scenarios"][scenario]["complete"] for scenario in held)
